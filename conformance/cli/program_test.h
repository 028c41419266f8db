// The program from outside, for tests: it is run in a folder of its own.
#ifndef CONFORMANCE_CLI_PROGRAM_TEST_H_
#define CONFORMANCE_CLI_PROGRAM_TEST_H_

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace conform {

class VdiConform : public testing::Test {
 public:
  ~VdiConform() override { std::filesystem::remove_all(folder_); }

 protected:
  VdiConform() : folder_(testing::TempDir() + "/vdi-conform-cli-" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
    // Who runs the tests in shards does not mean the program.
    for (const char* name :
         {"GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE"}) {
      unsetenv(name);
    }
  }

  // Runs it with these arguments; returns its exit code, and keeps what it printed.
  int Run(const std::string& arguments) {
    const std::string command =
        "cd '" + folder_ + "' && '" VDI_CONFORM "' " + arguments + " > output 2>&1";
    const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): our own words
    output_ = Read("output");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string Read(const std::string& name) const {
    std::ifstream stream(folder_ + "/" + name);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
  }

  std::string folder_;
  std::string output_;
};

}  // namespace conform

#endif  // CONFORMANCE_CLI_PROGRAM_TEST_H_
