#include "reports/schema_check.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace reports {
namespace {

std::vector<std::filesystem::path> Schemas(const char* ours, const char* of_a_reader) {
  const std::filesystem::path folder = std::filesystem::path(REPORTS_SOURCE_DIR) / "schemas";
  return {folder / ours, folder / "readers" / of_a_reader};
}

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "reports-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot create " + pattern);
  path_ = pattern;
}

ScratchFolder::~ScratchFolder() { std::filesystem::remove_all(path_); }

std::string SchemaErrors(const std::filesystem::path& schema,
                         const std::vector<std::filesystem::path>& files) {
  std::string command = "xmllint --noout --schema '" + schema.string() + "'";
  for (const std::filesystem::path& file : files) command += " '" + file.string() + "'";
  command += " 2>&1";
  // NOLINTNEXTLINE(cert-env33-c): a test's own command, with paths of its own making
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "cannot run xmllint";
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), count);
  }
  const int status = pclose(pipe);
  if (status == 0) return {};
  return output.empty() ? "xmllint failed and said nothing" : output;
}

std::vector<std::filesystem::path> StrictSchemas() {
  return Schemas("junit-strict.xsd", "junit-10.xsd");
}

std::vector<std::filesystem::path> SurefireSchemas() {
  return Schemas("junit-surefire.xsd", "surefire-test-report.xsd");
}

}  // namespace reports
