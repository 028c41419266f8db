// The table of return codes against the documented list, row by row: a slip of the pen in one of
// them is a difference.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>

#include "conformance/rules/rules.h"

namespace conform {
namespace {

// The fields of a line of comma-separated values, with quotes.
std::vector<std::string> Fields(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

std::string Joined(const std::vector<std::string>& words, const char* between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

std::vector<std::string> AsFields(const Method& method, const ReturnCode& code) {
  std::string number = "(no published value)";
  if (code.value) {
    char text[16];
    std::snprintf(text, sizeof(text), "0x%08X", *code.value);
    number = text;
  }
  if (code.code == "HRESULT_FROM_WIN32(x)") number = "0x8007xxxx";
  const std::string name =
      method.note.empty() ? method.name : method.name + " (" + method.note + ")";
  return {method.interfaces.empty() ? "any" : Joined(method.interfaces, " / "),
          name,
          code.code,
          number,
          code.condition,
          code.clause,
          Joined(code.sources, "; "),
          std::string(Name(code.platform))};
}

TEST(ReturnCodes, AreThoseOfTheList) {
  std::ifstream in(RETURN_CODES_CSV);
  ASSERT_TRUE(in) << RETURN_CODES_CSV;
  std::map<std::string, std::vector<std::string>> wanted;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    const std::vector<std::string> fields = Fields(line);
    ASSERT_EQ(fields.size(), 8U) << line;
    wanted[fields[5]] = fields;
  }
  std::map<std::string, std::vector<std::string>> actual;
  const Rules rules = Rules::Embedded();
  for (const Method& method : rules.methods()) {
    for (const ReturnCode& code : method.codes) actual[code.clause] = AsFields(method, code);
  }
  EXPECT_EQ(actual, wanted);
}

}  // namespace
}  // namespace conform
