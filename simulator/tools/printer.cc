#include "simulator/tools/printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "simulator/sql/text.h"

namespace vdisim {
namespace {

constexpr size_t kBarCells = 30;
// Statements that are over sooner show no bar.
constexpr std::chrono::milliseconds kBarAfter{700};

// Binary units with one decimal: "1.5 MiB".
std::string Size(uint64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string Padded(const std::string& text, size_t width) {
  const size_t length = CountCharacters(text);
  return text + std::string(width > length ? width - length : 0, ' ');
}

}  // namespace

std::string ProgressText(const TransferProgress& progress) {
  if (progress.bytes_total == 0) return fmt::format("{} done", Size(progress.bytes_done));
  const auto percent = static_cast<size_t>(std::clamp(progress.percent, 0, 100));
  const size_t filled = kBarCells * percent / 100;
  return fmt::format("[{}{}] {:3} %  {} of {}", std::string(filled, '#'),
                     std::string(kBarCells - filled, '.'), percent, Size(progress.bytes_done),
                     Size(progress.bytes_total));
}

void Printer::ClearBar() {
  if (!bar_shown_) return;
  std::fputs("\r\033[K", options_.bar);
  std::fflush(options_.bar);
  bar_shown_ = false;
}

void Printer::OnMessage(const Message& message) {
  severity_ = std::max(severity_, message.severity);
  if (message.severity > 0 && message.severity < options_.least_severity) return;
  ClearBar();
  const bool redirected =
      options_.errors != nullptr && (message.IsError() || options_.all_to_errors);
  FILE* to = redirected ? options_.errors : options_.out;
  std::fputs((SqlcmdForm(message, options_.server) + "\n").c_str(), to);
  // Whoever reads a pipe waits for percent lines as they come.
  std::fflush(to);
}

void Printer::OnProgress(const TransferProgress& progress) {
  if (options_.bar == nullptr) return;
  const auto now = std::chrono::steady_clock::now();
  if (first_progress_ == std::chrono::steady_clock::time_point{}) first_progress_ = now;
  if (now - first_progress_ < kBarAfter) return;
  std::fputs(fmt::format("\r{}\033[K", ProgressText(progress)).c_str(), options_.bar);
  std::fflush(options_.bar);
  bar_shown_ = true;
}

void Printer::OnResultSet(const ResultSet& set) {
  ClearBar();
  std::vector<size_t> widths;
  for (const std::string& column : set.columns) {
    widths.push_back(std::max<size_t>(1, CountCharacters(column)));
  }
  for (const auto& row : set.rows) {
    for (size_t i = 0; i < row.size() && i < widths.size() && !options_.trim; ++i) {
      widths[i] = std::max(widths[i], CountCharacters(row[i]));
    }
  }
  const auto print = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line += options_.separator;
      line += options_.trim || i >= widths.size() ? cells[i] : Padded(cells[i], widths[i]);
    }
    std::fputs((line + "\n").c_str(), options_.out);
  };
  if (options_.headers) {
    print(set.columns);
    std::vector<std::string> dashes;
    for (size_t i = 0; i < widths.size(); ++i) {
      const bool none = options_.trim && set.columns[i].empty();
      dashes.emplace_back(none ? 0 : widths[i], '-');
    }
    print(dashes);
  }
  for (const auto& row : set.rows) print(row);
  if (options_.count_rows) {
    std::fputs(fmt::format("\n({} rows affected)\n", set.rows.size()).c_str(), options_.out);
  }
  std::fflush(options_.out);
}

}  // namespace vdisim
