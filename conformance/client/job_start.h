// How the client of a job is started: what its database and its files are called, the words of its
// command, and what its keeper is told. Pure.
#ifndef CONFORMANCE_CLIENT_JOB_START_H_
#define CONFORMANCE_CLIENT_JOB_START_H_

#include <filesystem>
#include <string>
#include <vector>

#include "conformance/client/client_job.h"
#include "conformance/client/client_template.h"
#include "conformance/client/kept_process.h"

namespace conform {

// The database of a copy: the scenario's, with the number behind it from the second copy on.
std::string DatabaseOf(const ClientScenario& scenario, int copy);

// The files of the devices, as the description tells them.
std::vector<std::filesystem::path> ArtefactFiles(const ClientDescription& client,
                                                 const CopyPlaces& places,
                                                 const std::string& database, int devices);

// What each placeholder of the command stands for. A name of a set that {set} gives is of this
// process, this case and this copy alone.
TemplateValues ValuesOf(const JobPlan& plan);

// The words of the command. A program with a path is absolute, for it is started in another
// directory than the one that the command was written in. Throws what ExpandCommand throws.
std::vector<std::string> CommandOf(const JobPlan& plan, const TemplateValues& values);

// With our library, the witness and what the description adds, where the description wants it; of
// the surroundings nothing yet.
KeptSettings StartSettings(const JobPlan& plan, const std::vector<std::string>& words,
                           const TemplateValues& values);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_JOB_START_H_
