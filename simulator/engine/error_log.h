// The instance's error log, <home>/log/errorlog: a line for every message that a real server would
// write to its own. Lines are appended whole. Any thread.
#ifndef SIMULATOR_ENGINE_ERROR_LOG_H_
#define SIMULATOR_ENGINE_ERROR_LOG_H_

#include <filesystem>
#include <mutex>
#include <string_view>

#include "simulator/sql/messages.h"

namespace vdisim {

class ErrorLog {
 public:
  explicit ErrorLog(std::filesystem::path file);
  // "2026-11-23 06:50:02.12 Backup      Error: 18210, Severity: 16, State: 1. ...". A log that
  // cannot be written is not a reason to fail a statement.
  void Write(const Message& message);
  const std::filesystem::path& file() const { return file_; }

 private:
  const std::filesystem::path file_;
  std::mutex mutex_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_ERROR_LOG_H_
