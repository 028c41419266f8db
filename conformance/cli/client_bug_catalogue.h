// What the proof for client programs is made of: the programs with one bug of client_bugs.xml, the
// correct ones in their styles, and how each is told to vdi-conform. The files are read as plain
// XML, so that the proof does not lean on the loader it proves.
#ifndef CONFORMANCE_CLI_CLIENT_BUG_CATALOGUE_H_
#define CONFORMANCE_CLI_CLIENT_BUG_CATALOGUE_H_

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace conform {

struct ClientBug {
  std::string name;                    // of vdi-buggy-client --bug=NAME
  std::string title;                   // what is wrong with it
  std::string check;                   // must fail, or warn where it can only warn
  std::vector<std::string> scenarios;  // in each of which it must
  std::vector<std::string> also;       // further ones, in each of which some check must fail
  std::string options;                 // of the program, besides those that every one gets
};
void PrintTo(const ClientBug& bug, std::ostream* out);

// A way of writing a client that is right.
struct ClientStyle {
  std::string name;     // fit for the name of a test
  std::string options;  // of the program
};
void PrintTo(const ClientStyle& style, std::ostream* out);
const std::vector<ClientStyle>& ClientStyles();

// Throws std::runtime_error if the file cannot be read or an entry lacks something.
std::vector<ClientBug> ReadClientBugs(const std::string& file);

// Every scenario of a folder by its id, without rows, with its no-bug reason or nothing.
std::map<std::string, std::string> ReadClientScenarios(const std::string& folder);

// The scenario that a case or selector belongs to: the longest id that it begins with. Empty if
// there is none.
std::string ClientScenarioOf(const std::map<std::string, std::string>& scenarios,
                             const std::string& id);

// The ids of the checks in conformance/watch/checks.xml.
std::set<std::string> ReadClientChecks(const std::string& file);

// The options of `vdi-conform run` for the correct client with these options of its own, and for
// one with a bug: its command, and what it can do, which its own options show.
std::string RunOptionsOfStyle(const std::string& options);
std::string RunOptionsOfBug(const ClientBug& bug);

}  // namespace conform

#endif  // CONFORMANCE_CLI_CLIENT_BUG_CATALOGUE_H_
