#include "conformance/scenario/expression.h"

#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include "simulator/include/vdi.h"
#include "simulator/include/vdi_codes.h"

namespace conform {
namespace {

constexpr std::pair<std::string_view, int64_t> kConstants[] = {
    {"VDC_Read", VDC_Read},
    {"VDC_Write", VDC_Write},
    {"VDC_ClearError", VDC_ClearError},
    {"VDC_Rewind", VDC_Rewind},
    {"VDC_WriteMark", VDC_WriteMark},
    {"VDC_SkipMarks", VDC_SkipMarks},
    {"VDC_SkipBlocks", VDC_SkipBlocks},
    {"VDC_Load", VDC_Load},
    {"VDC_GetPosition", VDC_GetPosition},
    {"VDC_SetPosition", VDC_SetPosition},
    {"VDC_Discard", VDC_Discard},
    {"VDC_Flush", VDC_Flush},
    {"VDC_Snapshot", VDC_Snapshot},
    {"VDC_MountSnapshot", VDC_MountSnapshot},
    {"VDC_PrepareToFreeze", VDC_PrepareToFreeze},
    {"VDC_FileInfoBegin", VDC_FileInfoBegin},
    {"VDC_FileInfoEnd", VDC_FileInfoEnd},
    {"VDC_GetError", VDC_GetError},
    {"VDC_Complete", VDC_Complete},
    {"VDC_Beginning", VDC_Beginning},
    {"VDC_Current", VDC_Current},
    {"VDC_End", VDC_End},
    {"VDF_LikePipe", VDF_LikePipe},
    {"VDF_LikeTape", VDF_LikeTape},
    {"VDF_LikeDisk", VDF_LikeDisk},
    {"VDF_Removable", VDF_Removable},
    {"VDF_Rewind", VDF_Rewind},
    {"VDF_Position", VDF_Position},
    {"VDF_SkipBlocks", VDF_SkipBlocks},
    {"VDF_ReversePosition", VDF_ReversePosition},
    {"VDF_Discard", VDF_Discard},
    {"VDF_FileMarks", VDF_FileMarks},
    {"VDF_RandomAccess", VDF_RandomAccess},
    {"VDF_SnapshotPrepare", VDF_SnapshotPrepare},
    {"VDF_RequestComplete", VDF_RequestComplete},
    {"VDF_WriteMedia", VDF_WriteMedia},
    {"VDF_ReadMedia", VDF_ReadMedia},
    {"VDF_CompleteEnabled", VDF_CompleteEnabled},
    {"VDF_EnumFrozenFiles", VDF_EnumFrozenFiles},
    {"VDF_VSSWriter", VDF_VSSWriter},
    {"VDF_LatchStats", VDF_LatchStats},
    {"ERROR_SUCCESS", ERROR_SUCCESS},
    {"ERROR_ARENA_TRASHED", ERROR_ARENA_TRASHED},
    {"ERROR_HANDLE_EOF", ERROR_HANDLE_EOF},
    {"ERROR_HANDLE_DISK_FULL", ERROR_HANDLE_DISK_FULL},
    {"ERROR_NOT_SUPPORTED", ERROR_NOT_SUPPORTED},
    {"ERROR_DISK_FULL", ERROR_DISK_FULL},
    {"ERROR_OPERATION_ABORTED", ERROR_OPERATION_ABORTED},
    {"ERROR_FILE_NOT_FOUND", ERROR_FILE_NOT_FOUND},
    {"ERROR_ACCESS_DENIED", ERROR_ACCESS_DENIED},
    {"ERROR_INVALID_HANDLE", ERROR_INVALID_HANDLE},
    {"ERROR_WRITE_FAULT", ERROR_WRITE_FAULT},
    {"ERROR_READ_FAULT", ERROR_READ_FAULT},
    {"ERROR_END_OF_MEDIA", ERROR_END_OF_MEDIA},
    {"ERROR_FILEMARK_DETECTED", ERROR_FILEMARK_DETECTED},
    {"ERROR_NO_DATA_DETECTED", ERROR_NO_DATA_DETECTED},
    {"ERROR_IO_DEVICE", ERROR_IO_DEVICE},
    {"ERROR_EOM_OVERFLOW", ERROR_EOM_OVERFLOW},
    {"ERROR_NO_SYSTEM_RESOURCES", ERROR_NO_SYSTEM_RESOURCES},
    {"INFINITE", -1},
};

// A recursive descent over the text; any failure sticks.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<int64_t> Parse() {
    const int64_t value = Sum();
    SkipBlanks();
    if (failed_ || at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  void SkipBlanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool Take(char wanted) {
    SkipBlanks();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  int64_t Sum() {
    int64_t value = Product();
    while (!failed_) {
      if (Take('+')) {
        failed_ |= __builtin_add_overflow(value, Product(), &value);
      } else if (Take('-')) {
        failed_ |= __builtin_sub_overflow(value, Product(), &value);
      } else {
        break;
      }
    }
    return value;
  }

  int64_t Product() {
    int64_t value = Factor();
    while (!failed_ && Take('*')) failed_ |= __builtin_mul_overflow(value, Factor(), &value);
    return value;
  }

  int64_t Factor() {
    if (++depth_ > kDepthMax) failed_ = true;
    int64_t value = 0;
    if (failed_) return value;
    if (Take('-')) {
      failed_ |= __builtin_sub_overflow(int64_t{0}, Factor(), &value);
    } else if (Take('(')) {
      value = Sum();
      if (!Take(')')) failed_ = true;
    } else {
      value = Word();
    }
    --depth_;
    return value;
  }

  int64_t Word() {
    SkipBlanks();
    const size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
      ++at_;
    }
    const std::string_view word = text_.substr(begin, at_ - begin);
    for (const auto& [name, value] : kConstants) {
      if (name == word) return value;
    }
    const bool hex = word.starts_with("0x");
    const std::string_view digits = hex ? word.substr(2) : word;
    int64_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    if (error != std::errc() || end != digits.data() + digits.size()) failed_ = true;
    return value;
  }

  static constexpr int kDepthMax = 100;
  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<int64_t> Evaluate(std::string_view expression) { return Parser(expression).Parse(); }

std::optional<std::string> RepeatedText(std::string_view reference) {
  constexpr std::string_view kPrefix = "text:";
  constexpr int64_t kTimesMax = 100'000;
  const size_t star = reference.rfind('*');
  if (!reference.starts_with(kPrefix) || star == std::string_view::npos) return std::nullopt;
  const std::optional<int64_t> times = Evaluate(reference.substr(star + 1));
  if (!times || *times < 0 || *times > kTimesMax) return std::nullopt;
  std::string text;
  for (int64_t i = 0; i < *times; ++i) {
    text += reference.substr(kPrefix.size(), star - kPrefix.size());
  }
  return text;
}

std::vector<std::string> References(std::string_view text) {
  std::vector<std::string> names;
  (void)Replace(text, [&](std::string_view name) {
    names.emplace_back(name);
    return std::nullopt;
  });
  return names;
}

std::string Replace(std::string_view text,
                    const std::function<std::optional<std::string>(std::string_view)>& value_of) {
  std::string result;
  while (true) {
    const size_t outer = text.find("${");
    const size_t end = outer == std::string_view::npos ? outer : text.find('}', outer);
    if (end == std::string_view::npos) return result.append(text);
    const size_t begin = text.rfind("${", end);
    result.append(text.substr(0, begin));
    const std::string_view reference = text.substr(begin, end + 1 - begin);
    const std::optional<std::string> value = value_of(reference.substr(2, reference.size() - 3));
    result.append(value ? *value : std::string(reference));
    text.remove_prefix(end + 1);
  }
}

}  // namespace conform
