// What sqlcmd does once it is connected: reads batches, runs them, and knows what to exit with.
// Main thread only.
#ifndef SIMULATOR_TOOLS_SQLCMD_SESSION_H_
#define SIMULATOR_TOOLS_SQLCMD_SESSION_H_

#include <istream>
#include <map>
#include <stop_token>
#include <string>

#include "simulator/engine/statement_executor.h"
#include "simulator/sql/parser.h"
#include "simulator/tools/printer.h"
#include "simulator/tools/sqlcmd_options.h"

namespace vdisim {

class SqlcmdSession {
 public:
  // All must outlive the session. program: "Sqlcmd" or "osql", for its own error messages.
  SqlcmdSession(const SqlcmdOptions& options, const PrinterOptions& printing,
                StatementExecutor& executor, std::stop_token stop, std::string program);

  // Makes -d the current database. False after printing why not.
  bool UseDatabase();

  // Runs a script until its end, or until an error with -b, an exit line or a stop request ends
  // the session. name: for messages. prompt: print "1> " before each line.
  void Run(std::istream& script, bool prompt);
  // Prints the file's problem if it cannot be read.
  void RunFile(const std::string& path);

  bool ended() const { return ended_; }
  int ExitStatus() const;

 private:
  void ReadLines(std::istream& script, bool prompt);
  void ReadFile(const std::string& path);
  void TakeLine(std::string line);
  bool TakeCommand(std::string_view line);
  void RunBatch(const BatchText& batch);
  void Problem(const std::string& sentence);

  const SqlcmdOptions& options_;
  PrinterOptions printing_;
  StatementExecutor& executor_;
  std::stop_token stop_;
  const std::string program_;
  Printer printer_;
  BatchSplitter splitter_;
  StatementOptions statement_options_;
  std::map<std::string, std::string> values_;
  bool exit_on_error_;
  int depth_ = 0;  // of :r within :r
  bool ended_ = false;
  bool failed_ = false;  // something that -b or the tool itself exits 1 for
  int severity_ = 0;
};

}  // namespace vdisim

#endif  // SIMULATOR_TOOLS_SQLCMD_SESSION_H_
