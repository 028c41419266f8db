// Validates documents with xmllint, for tests. A missing xmllint is a failure like any other.
#ifndef REPORTS_SCHEMA_CHECK_H_
#define REPORTS_SCHEMA_CHECK_H_

#include <filesystem>
#include <string>
#include <vector>

namespace reports {

// A folder that is removed with everything in it.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// What is wrong with the files by this schema; empty when nothing is.
std::string SchemaErrors(const std::filesystem::path& schema,
                         const std::vector<std::filesystem::path>& files);

// The schemas by which files of a flavour are judged: ours, and that of a reader.
std::vector<std::filesystem::path> StrictSchemas();
std::vector<std::filesystem::path> SurefireSchemas();

}  // namespace reports

#endif  // REPORTS_SCHEMA_CHECK_H_
