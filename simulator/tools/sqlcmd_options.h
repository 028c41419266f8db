// The command line of sqlcmd and osql, as far as backup programs use it. Values; any thread.
#ifndef SIMULATOR_TOOLS_SQLCMD_OPTIONS_H_
#define SIMULATOR_TOOLS_SQLCMD_OPTIONS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vdisim {

struct SqlcmdOptions {
  std::string server;                // -S as given
  std::string instance;              // what -S says of the instance; empty: the default one
  std::string database;              // -d
  std::optional<std::string> query;  // -Q or -q
  bool stay = false;                 // -q: reads on after the query
  std::vector<std::string> inputs;   // -i
  std::string output;                // -o
  bool exit_on_error = false;        // -b
  std::optional<int> error_level;    // -V
  int least_severity = -1;           // -m
  int query_timeout_s = 0;           // -t; 0 = none
  bool headers = true;               // -h -1
  bool trim = false;                 // -W
  std::string separator = " ";       // -s
  int redirect = -1;                 // -r: 0 errors, 1 all messages
  bool echo = false;                 // -e
  bool substitute = true;            // -x turns it off
  std::map<std::string, std::string> values;  // -v
  std::string batch_word = "GO";              // -c
  bool help = false;                          // -?
  bool version = false;                       // --version
};

// arguments: without the program's name; "-Ux", "-U x" and "/U x" are the same. What -U, -P and
// SQLCMDPASSWORD say goes nowhere: there are no logins here.
// Nothing, and sqlcmd's own sentence in *error, for a command line that it would refuse.
std::optional<SqlcmdOptions> ParseSqlcmdOptions(const std::vector<std::string>& arguments,
                                                std::string* error);

// Overwrites the password in a process's own arguments, so that ps does not show it.
void WipePassword(int argc, char** argv);

// The instance in ".", "(local)", "HOST", "HOST\INST", "tcp:HOST\INST,1433".
std::string InstanceOfServer(std::string_view server);

// The text with every $(name) replaced. Nothing, and the name in *missing, if one has no value:
// names are looked up in `values` first, then in the environment.
std::optional<std::string> SubstituteVariables(std::string_view text,
                                               const std::map<std::string, std::string>& values,
                                               std::string* missing);

}  // namespace vdisim

#endif  // SIMULATOR_TOOLS_SQLCMD_OPTIONS_H_
