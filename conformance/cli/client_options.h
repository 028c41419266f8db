// The options that describe a client program: one for each item of client.xml, and the file itself.
#ifndef CONFORMANCE_CLI_CLIENT_OPTIONS_H_
#define CONFORMANCE_CLI_CLIENT_OPTIONS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/client/client_description.h"

namespace CLI {
class App;
}

namespace conform {

// Under which the help lists them.
inline constexpr const char* kClientGroup = "A client program";

struct ClientArguments {
  std::string file;                                        // --client-file; empty: none
  std::map<std::string, std::vector<std::string>> values;  // by option: what was given

  // Whether a client program is to be judged.
  bool Given() const { return !file.empty() || !values.empty(); }
};

void AddClientOptions(CLI::App* app, ClientArguments* client);

// The description: the file's, with the options over it. Nothing when an option is a mistake, or
// there is no such program, which is said on standard error. Throws ScenarioError for the file.
std::optional<ClientDescription> DescribeClient(const ClientArguments& client);

// " --client ...", as it was given, with the file's absolute path.
std::string ClientOptionsText(const ClientArguments& client);

}  // namespace conform

#endif  // CONFORMANCE_CLI_CLIENT_OPTIONS_H_
