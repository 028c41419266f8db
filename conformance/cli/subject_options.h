// The options that say what is judged: libraries or an adapter, the other side, and what the
// subject declares. Shared by the commands that start actors.
#ifndef CONFORMANCE_CLI_SUBJECT_OPTIONS_H_
#define CONFORMANCE_CLI_SUBJECT_OPTIONS_H_

#include <filesystem>
#include <optional>
#include <string>

#include "conformance/drivers/driver_fleet.h"
#include "conformance/runner/subject.h"

namespace CLI {
class App;
}

namespace conform {

struct SubjectArguments {
  std::string provider;      // empty: the bundled library, unless one of the next two is given
  std::string provider_com;  // empty: the provider itself, if it has a COM face
  std::string adapter;       // a command
  std::string engine;        // empty: the bundled one
  std::string capabilities;  // a file
};

void AddSubjectOptions(CLI::App* app, SubjectArguments* subject);

// The subject's part of a command that repeats a run, with absolute paths: " --provider /x.so".
std::string SubjectOptionsText(const SubjectArguments& subject);

struct OpenedSubject {
  FleetPaths paths;
  SubjectDoors doors;
  std::string name;  // for the report
};

// Looks for the files; says on standard error what is not there, and gives nothing then. program:
// the path of this program, beside which the bundled libraries lie. Throws ScenarioError for a
// file of capabilities that cannot be used.
std::optional<OpenedSubject> OpenSubject(const SubjectArguments& subject,
                                         const std::filesystem::path& program);

}  // namespace conform

#endif  // CONFORMANCE_CLI_SUBJECT_OPTIONS_H_
