#include "simulator/shm/object_name.h"

#include <algorithm>
#include <array>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include "simulator/shm/object_file.h"
#include "simulator/shm/unfinished_object.h"

namespace vdisim::shm {
namespace {

constexpr std::string_view kControlPrefix = "vdisim.set.";
constexpr std::string_view kAreaPrefix = "vdisim.area.";
constexpr int kIncarnationDigits = 16;

// The system takes names of 255 bytes.
constexpr size_t kMostNameBytes = 200;
// Stands between the head and the hash of a shortened name. No escaped name holds it, so a
// shortened one equals no whole one.
constexpr char kShortened = '~';

constexpr std::string_view kHexDigits = "0123456789abcdef";

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

void AppendByte(std::string* text, uint8_t byte) {
  text->push_back(kHexDigits[byte >> 4]);
  text->push_back(kHexDigits[byte & 0xF]);
}

void AppendEscaped(std::string* text, std::string_view raw) {
  for (const char c : raw) {
    if (IsPlain(c)) {
      text->push_back(c);
    } else {
      text->push_back('%');
      AppendByte(text, static_cast<uint8_t>(c));
    }
  }
}

// 122 bits of the SHA-1 of the whole. Nobody gains by a collision: the full name lies in the
// segment, and a set that bears another one is refused.
std::string HashOf(const std::string& whole) {
  // The name space of our names, drawn once by chance.
  constexpr boost::uuids::uuid kNames = {{0x5e, 0x1b, 0x5d, 0x0c, 0x3a, 0x5e, 0x4f, 0x0b, 0x9d,
                                          0x6b, 0x5c, 0x37, 0x1e, 0x94, 0x0c, 0x21}};
  const boost::uuids::uuid hash = boost::uuids::name_generator_sha1(kNames)(whole);
  std::string text;
  for (const uint8_t byte : hash) AppendByte(&text, byte);
  return text;
}

// Tells whether a file is one of our objects, by its name.
std::optional<ObjectInfo> Recognise(std::string name) {
  ObjectInfo info{.name = std::move(name), .kind = {}, .size_bytes = 0, .incarnation = 0};
  const std::string_view text = info.name;
  if (text.starts_with(kControlPrefix)) {
    info.kind = ObjectKind::kControl;
    return info;
  }
  if (text.starts_with(kUnfinishedPrefix)) {
    info.kind = ObjectKind::kUnfinished;
    return info;
  }
  if (!text.starts_with(kAreaPrefix)) return std::nullopt;
  info.kind = ObjectKind::kArea;
  const char* const digits = text.data() + kAreaPrefix.size();
  const char* const end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(digits, end, info.incarnation, 16);
  if (error != std::errc() || dot == end) return std::nullopt;
  uint32_t index = 0;
  if (*dot != '.' || std::from_chars(dot + 1, end, index).ec != std::errc()) return std::nullopt;
  // Only names that we would write ourselves: what else looks like one is not ours to remove.
  if (text != AreaObjectName(info.incarnation, index)) return std::nullopt;
  return info;
}

}  // namespace

std::string ControlObjectName(std::string_view instance, std::string_view set_name) {
  std::string name(kControlPrefix);
  AppendEscaped(&name, instance);
  name += '.';  // escaped names hold none
  AppendEscaped(&name, set_name);
  if (name.size() <= kMostNameBytes) return name;

  const std::string hash = HashOf(name);
  name.resize(kMostNameBytes - 1 - hash.size());
  return name + kShortened + hash;
}

std::string AreaObjectPrefix(uint64_t incarnation) {
  std::string name(kAreaPrefix);
  for (int digit = kIncarnationDigits - 1; digit >= 0; --digit) {
    name.push_back(kHexDigits[(incarnation >> (4 * digit)) & 0xF]);
  }
  return name + '.';
}

std::string AreaObjectName(uint64_t incarnation, uint32_t index) {
  return AreaObjectPrefix(incarnation) + std::to_string(index);
}

std::vector<ObjectInfo> ListObjects() {
  std::vector<ObjectInfo> objects;
  std::error_code error;
  std::filesystem::directory_iterator entry(kObjectFolder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    std::optional<ObjectInfo> info = Recognise(entry->path().filename().string());
    if (!info) continue;
    // It may be gone by now.
    const std::optional<FileStatus> status = StatusOf(info->name);
    if (!status || !status->is_object) continue;
    info->size_bytes = status->size_bytes;
    objects.push_back(*std::move(info));
  }
  std::ranges::sort(objects, {}, &ObjectInfo::name);
  return objects;
}

}  // namespace vdisim::shm
