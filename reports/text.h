// Text hygiene, in one place: what a process printed becomes text that XML 1.0, JSON and a terminal
// can carry.
#ifndef REPORTS_TEXT_H_
#define REPORTS_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace reports {

// The most that a report keeps of one output, in bytes; the event log keeps all.
inline constexpr std::size_t kOutputBytesMax = std::size_t{64} * 1024;
// The most of a one-line message.
inline constexpr std::size_t kLineBytesMax = 400;
// The most of a value in one line: a command, a path.
inline constexpr std::size_t kValueBytesMax = 4096;

// Valid UTF-8 of code points that XML 1.0 allows. Control characters become their pictures
// (U+2400 and following); everything else that is not allowed, also each maximal part of a broken
// sequence, becomes U+FFFD. CR LF and a lone CR become LF, as any XML reader would make them.
std::string CleanText(std::string_view raw);

// CleanText in one line: each run of white space is one blank, none at either end, and shortened to
// `bytes_max` with an ellipsis.
std::string OneLine(std::string_view raw, std::size_t bytes_max = kLineBytesMax);

// CleanText whose middle is left out when it is longer than `bytes_max`; a line says how much.
std::string Shorten(std::string_view raw, std::size_t bytes_max = kOutputBytesMax);

// `text` with `prefix` before each of its lines.
std::string Indent(std::string_view text, std::string_view prefix);

// Seconds with three decimals and a point, whatever the locale; never negative.
std::string FormatSeconds(double seconds);

}  // namespace reports

#endif  // REPORTS_TEXT_H_
