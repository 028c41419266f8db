#include <utility>

#include "simulator/sql/lexer.h"
#include "simulator/sql/parser.h"
#include "simulator/sql/text.h"

namespace vdisim {
namespace {

constexpr unsigned long long kRepeatMax = 1'000'000;

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\f\v";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Whether a line separates batches; then *repeat says how often the one before it runs.
bool IsSeparator(std::string_view line, int* repeat) {
  std::string_view rest = Trimmed(line);
  if (!EqualsIgnoringCase(rest.substr(0, 2), "GO")) return false;
  rest.remove_prefix(2);
  if (rest.starts_with(';')) rest.remove_prefix(1);
  // GO followed by a comment is common in generated scripts.
  if (const size_t comment = rest.find("--"); comment != std::string_view::npos) {
    rest = rest.substr(0, comment);
  }
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t' && rest.front() != '\r') {
    return false;
  }
  rest = Trimmed(rest);
  *repeat = 1;
  if (rest.empty()) return true;
  unsigned long long count = 0;
  if (!ParseUnsigned(rest, kRepeatMax, &count)) return false;
  *repeat = static_cast<int>(count);
  return true;
}

bool HasWords(const std::string& text) {
  const TokenList list = Tokenize(RepairUtf8(text));
  return list.error.has_value() || list.tokens.size() > 1;
}

}  // namespace

void BatchSplitter::Scan(std::string_view line) {
  for (size_t i = 0; i < line.size(); ++i) {
    const std::string_view two = line.substr(i, 2);
    if (comments_ > 0) {
      if (two == "*/" || two == "/*") {
        comments_ += two == "/*" ? 1 : -1;
        ++i;
      }
    } else if (closing_ != '\0') {
      // A doubled mark closes and opens again at once, which comes to the same.
      if (line[i] == closing_) closing_ = '\0';
    } else if (two == "--") {
      return;
    } else if (two == "/*") {
      ++comments_;
      ++i;
    } else if (line[i] == '\'' || line[i] == '"') {
      closing_ = line[i];
    } else if (line[i] == '[') {
      closing_ = ']';
    }
  }
}

std::optional<BatchText> BatchSplitter::Cut(int repeat, int next_line) {
  BatchText batch = std::move(current_);
  batch.repeat = repeat;
  current_ = {.text = {}, .first_line = next_line, .repeat = 1};
  closing_ = '\0';
  comments_ = 0;
  if (repeat < 1 || !HasWords(batch.text)) return std::nullopt;
  return batch;
}

std::optional<BatchText> BatchSplitter::AddLine(std::string_view line) {
  ++line_number_;
  int repeat = 1;
  if (!InsideText() && IsSeparator(line, &repeat)) return Cut(repeat, line_number_);
  Scan(line);
  current_.text += line;
  current_.text += '\n';
  return std::nullopt;
}

std::optional<BatchText> BatchSplitter::Finish() { return Cut(1, line_number_); }

void BatchSplitter::Reset() { (void)Cut(0, line_number_); }

std::vector<BatchText> SplitBatches(std::string_view script) {
  std::vector<BatchText> batches;
  BatchSplitter splitter;
  const auto keep = [&batches](std::optional<BatchText> batch) {
    if (batch.has_value()) batches.push_back(*std::move(batch));
  };
  while (!script.empty()) {
    const size_t end = script.find('\n');
    keep(splitter.AddLine(script.substr(0, end)));
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
  }
  keep(splitter.Finish());
  return batches;
}

}  // namespace vdisim
