// The programs and libraries that a client is judged with, found beside the running program, in a
// build tree as in an installation; and what of them a client finds in its environment.
#ifndef CONFORMANCE_CLIENT_CLIENT_TOOLS_H_
#define CONFORMANCE_CLIENT_CLIENT_TOOLS_H_

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "conformance/client/case_folder.h"
#include "conformance/client/client_description.h"
#include "conformance/client/client_template.h"

namespace conform {

struct ClientTools {
  std::filesystem::path keeper;   // libexec/vdisim/vdi-client-keeper
  std::filesystem::path vdisim;   // bin/vdisim
  std::filesystem::path libexec;  // with sqlcmd and osql
  std::filesystem::path library;  // libsqlvdi.so
  std::filesystem::path witness;  // libvdi-witness.so; empty: there is none
};

// program: the path of the running one. What is not there is still named, but for the witness.
ClientTools FindClientTools(const std::filesystem::path& program);

// Why a client cannot be judged here, such as a program of ours that is missing; or nothing.
std::string MissingTool(const ClientTools& tools);

// Where a job keeps what it leaves behind, all in one folder.
struct JobFiles {
  std::filesystem::path folder;
  std::filesystem::path trace() const { return folder / "trace.jsonl"; }
  std::filesystem::path journal() const { return folder / "journal.jsonl"; }
  std::filesystem::path witness() const { return folder / "witness.jsonl"; }
  std::filesystem::path faults() const { return folder / "faults.xml"; }
  std::filesystem::path streams() const { return folder / "streams"; }
};

// Variables by name. What ours say to the library, to tests or to a loader is left out.
using Variables = std::map<std::string, std::string>;
Variables CleanEnvironment();

struct JobSettings {
  std::string guard;
  std::string inject;
};

// The environment of a client: homes, PATH, the library, trace, witness, and what its description
// adds, which comes last.
Variables ClientEnvironment(const ClientDescription& client, const ClientTools& tools,
                            const CopyPlaces& places, const JobFiles& files,
                            const JobSettings& settings, const TemplateValues& values);

// "NAME=value" of each.
std::vector<std::string> Texts(const Variables& variables);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CLIENT_TOOLS_H_
