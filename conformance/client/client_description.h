// What a vendor tells of a backup program: how it is started, who gives the statement, how it is
// cancelled, what it can do. It comes from a file, client.xml, from options of the command line, or
// from both; options win. The list of items in client_items.h is the one source of the file's
// elements, of the options and of the commented file that `vdi-conform init` writes. Plain data.
#ifndef CONFORMANCE_CLIENT_CLIENT_DESCRIPTION_H_
#define CONFORMANCE_CLIENT_CLIENT_DESCRIPTION_H_

#include <map>
#include <set>
#include <string>
#include <vector>

namespace conform {

struct ClientDescription {
  enum class Cancel {
    kNone,
    kStdin,   // standard input ends
    kSignal,  // cancel_signal comes
  };
  enum class Statement {
    kClient,  // the program runs sqlcmd or osql, which it finds on its PATH
    kJudge,   // the program waits for somebody else: the judge gives the statement
  };

  std::string name;     // as reports call it; empty: the first word of the command
  std::string command;  // split as a shell splits it, before the placeholders are put in
  std::string backup_word = "backup";
  std::string restore_word = "restore";  // empty: it cannot restore
  std::map<std::string, std::string> environment;
  std::string directory;        // where it is started; empty: a fresh one for each case
  std::set<int> success = {0};  // exit statuses that mean: the backup or restore is good
  std::set<int> failure;        // and that it is not; empty: all others
  std::string ready;  // a glob that a line of its output matches when it is ready; empty: none

  Cancel cancel = Cancel::kNone;
  int cancel_signal = 0;
  double cancel_limit_s = 10;  // within which it must have ended

  Statement statement = Statement::kClient;
  std::string set = "*";             // the set's name: fixed, or a glob of it
  std::string printed;               // a line with {set} or {statement} that the program prints
  std::string device = "{set}_{n}";  // the names of the devices from the second on

  bool preload = false;       // LD_PRELOAD in the place of LD_LIBRARY_PATH
  bool raw_artefact = false;  // the artefact holds what was written to a device, byte for byte
  std::string artefact_file = "{artefact}";  // where that is, for device {n}
  double idle_limit_s = 0;  // it gives up after so long without a sign of the server; 0: never

  std::string instance;
  // Nobody checks them. That the program shows the password to others is judged, so it is one that
  // stands in no output by chance.
  std::string user = "sa";
  std::string password = "Pa55-w0rd.of-the-judge";
  std::set<std::string> capabilities;  // those that are declared; All() knows those that follow

  // Declared ones, and those that follow from the rest: restore, cancel, judge-statement or
  // own-statement, raw-artefact.
  std::set<std::string> All() const;
  // `name`, or what stands for it.
  std::string Title() const;
};

// The capabilities that nothing else tells, which therefore are declared.
const std::vector<std::string>& DeclaredCapabilities();

// Throws std::invalid_argument, a sentence, for what only the whole can show: no command,
// unbalanced quotes or braces, unknown placeholders, an exit status that means both, a printed line
// without {set} and {statement}, several devices declared without any placeholder for them, what
// only a statement by the judge needs without one.
void CheckDescription(const ClientDescription& client);

// "SIGINT", "INT" or "2"; throws std::invalid_argument for anything else.
int ParseSignal(const std::string& text);
std::string SignalName(int signal);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CLIENT_DESCRIPTION_H_
