#include "conformance/table_mutation/recorded_suite.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace conform {
namespace {

// A folder of this process, gone when it is done.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("vdi-conform-traces-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  const std::filesystem::path path_;
};

}  // namespace

std::vector<Recording> RecordSuite() {
  const Folder folder;
  const std::string command = std::string("'" VDI_CONFORM "' run --junit '' --trace '") +
                              folder.path().string() + "' > /dev/null 2>&1";
  const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): our own words
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error("vdi-conform run is not green; look there first: " + command);
  }
  return ReadRecordings(folder.path());
}

}  // namespace conform
