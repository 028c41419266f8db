#include "simulator/engine/error_log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace vdisim {

ErrorLog::ErrorLog(std::filesystem::path file) : file_(std::move(file)) {
  std::error_code ignored;
  std::filesystem::create_directories(file_.parent_path(), ignored);
}

void ErrorLog::Write(const Message& message) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto centis = std::chrono::duration_cast<std::chrono::milliseconds>(now).count() / 10;
  std::string text = message.text;
  // A name may hold line ends; the log has one line for each message.
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  const std::string number = message.IsError()
                                 ? fmt::format("Error: {}, Severity: {}, State: {}. ",
                                               message.number, message.severity, message.state)
                                 : std::string();
  const std::string line =
      fmt::format("{:%Y-%m-%d %H:%M:%S}.{:02} Backup      {}{}\n",
                  fmt::gmtime(static_cast<std::time_t>(centis / 100)), centis % 100, number, text);
  const std::scoped_lock lock(mutex_);
  std::ofstream(file_, std::ios::app | std::ios::binary) << line << std::flush;
}

}  // namespace vdisim
