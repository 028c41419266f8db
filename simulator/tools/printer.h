// Prints what a server says as sqlcmd prints it, and a bar for what takes long. One thread at a
// time.
#ifndef SIMULATOR_TOOLS_PRINTER_H_
#define SIMULATOR_TOOLS_PRINTER_H_

#include <chrono>
#include <cstdio>
#include <string>

#include "simulator/engine/message_sink.h"

namespace vdisim {

struct PrinterOptions {
  std::string server;           // for "Msg 3013, Level 16, State 1, Server ..."
  FILE* out = stdout;           // not owned
  FILE* errors = nullptr;       // where messages go instead; NULL: to out
  bool all_to_errors = false;   // -r1: those of no severity, too
  FILE* bar = nullptr;          // a terminal that shows progress; NULL: none
  bool headers = true;          // -h -1 turns them off
  bool trim = false;            // -W
  std::string separator = " ";  // -s
  bool count_rows = true;       // "(1 rows affected)"
  int least_severity = -1;      // -m: milder messages are left out; those of severity 0 never are
};

class Printer final : public MessageSink {
 public:
  explicit Printer(PrinterOptions options) : options_(std::move(options)) {}
  ~Printer() override { ClearBar(); }

  void OnMessage(const Message& message) override;
  void OnProgress(const TransferProgress& progress) override;
  void OnResultSet(const ResultSet& set) override;

  // The highest severity so far.
  int severity() const { return severity_; }
  void CountRows(bool count) { options_.count_rows = count; }
  void ClearBar();

 private:
  PrinterOptions options_;
  int severity_ = 0;
  bool bar_shown_ = false;
  std::chrono::steady_clock::time_point first_progress_{};
};

// The bar's text: "[#####.....]  50 %  1.0 of 2.0 GiB". Without a total: what is done.
std::string ProgressText(const TransferProgress& progress);

}  // namespace vdisim

#endif  // SIMULATOR_TOOLS_PRINTER_H_
