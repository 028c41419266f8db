#include "conformance/witness/line.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conformance/witness/kernel.h"
#include "conformance/witness/sink.h"

namespace witness {

int64_t Now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

Line::Line(const char* call, int64_t began, bool lasted) {
  Put("{\"t\":");
  PutNumber(began);
  if (lasted) Number("d", Now() - began);
  Number("pid", getpid());
  Number("tid", Kernel(SYS_gettid));
  Text("call", call);
}

Line& Line::Text(const char* key, const char* value) {
  const size_t used = used_;
  if (!PutKey(key) || !Put("\"") || !PutEscaped(value) || !Put("\"")) Cut(used);
  return *this;
}

Line& Line::Number(const char* key, int64_t value) {
  const size_t used = used_;
  if (!PutKey(key) || !PutNumber(value)) Cut(used);
  return *this;
}

Line& Line::True(const char* key) {
  const size_t used = used_;
  if (!PutKey(key) || !Put("true")) Cut(used);
  return *this;
}

Line& Line::Answer(int64_t result, bool failed, int error) {
  return Number("result", result).Number("errno", failed ? error : 0);
}

void Line::Append() {
  const char* const end = cut_ ? ",\"cut\":true}\n" : "}\n";
  const size_t length = strlen(end);
  memcpy(bytes_ + used_, end, length);
  AppendToSink(bytes_, used_ + length);
}

void Line::Cut(size_t used) {
  used_ = used;
  cut_ = true;
}

bool Line::Put(const char* text) {
  const size_t length = strlen(text);
  if (length > kRoom - kEnd - used_) return false;
  memcpy(bytes_ + used_, text, length);
  used_ += length;
  return true;
}

// Names of files are bytes. What is no ASCII is passed on as it is: nearly always it is UTF-8, and
// a reader that finds it is not replaces it.
bool Line::PutEscaped(const char* text) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (; *text != '\0'; ++text) {
    const auto byte = static_cast<unsigned char>(*text);
    char piece[7] = {*text, '\0'};
    if (byte == '"' || byte == '\\') {
      piece[0] = '\\';
      piece[1] = *text;
      piece[2] = '\0';
    } else if (byte < 0x20) {
      memcpy(piece, "\\u00", 4);
      piece[4] = kHex[byte >> 4];
      piece[5] = kHex[byte & 15];
      piece[6] = '\0';
    }
    if (!Put(piece)) return false;
  }
  return true;
}

bool Line::PutKey(const char* key) { return Put(",\"") && Put(key) && Put("\":"); }

bool Line::PutNumber(int64_t value) {
  char digits[24];
  char* at = digits + sizeof digits;
  *--at = '\0';
  const bool negative = value < 0;
  uint64_t rest = negative ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  do {
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (negative) *--at = '-';
  return Put(at);
}

}  // namespace witness
