#include "conformance/client/client_program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "conformance/client/client_template.h"
#include "conformance/drivers/command_words.h"

namespace conform {
namespace {

namespace fs = std::filesystem;

bool IsDirectory(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

bool IsThere(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// Of a script; empty if it is none, or leaves the choice to the system.
std::string InterpreterOf(const fs::path& program) {
  std::ifstream stream(program, std::ios::binary);
  std::string line;
  if (stream.get() != '#' || stream.get() != '!' || !std::getline(stream, line)) return {};
  const size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return line.substr(begin, line.find_first_of(" \t", begin) - begin);
}

// Of a file that is there.
std::string WhyNotExecutable(const fs::path& program) {
  const std::string name = program.string();
  if (IsDirectory(program)) return fmt::format("{} is a directory, expected a program", name);
  if (access(program.c_str(), X_OK) != 0) {
    return fmt::format(
        "{0} is no program that may be executed; make it one (chmod +x {0}), or begin the command "
        "with the program that runs it, such as 'python3 {0} ...'",
        name);
  }
  const std::string interpreter = InterpreterOf(program);
  if (interpreter.empty() || access(interpreter.c_str(), X_OK) == 0) return {};
  if (interpreter.back() == '\r') {
    return fmt::format(
        "the first line of {} ends with a carriage return, which the system takes for a part of "
        "the interpreter's name; write the file with the line ends of Linux",
        name);
  }
  return fmt::format("the first line of {} names the interpreter {}, and there is no such program",
                     name, interpreter);
}

std::string WhyNotOnPath(const std::string& word, const std::string& path) {
  std::string why;
  std::istringstream folders(path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path program = fs::path(folder.empty() ? "." : folder) / word;
    if (!IsThere(program) || IsDirectory(program)) continue;
    const std::string one = WhyNotExecutable(program);
    if (one.empty()) return {};
    if (why.empty()) why = one;
  }
  if (!why.empty()) return why;
  const char* here = IsThere(word) ? "; there is one here: write ./" : "";
  return fmt::format("there is no program {} on the PATH, {}{}{}", word, path, here,
                     *here == '\0' ? "; give its path" : word);
}

std::string ProgramObstacle(const ClientDescription& client) {
  const std::string word = CommandWords(client.command).front();
  if (!PlaceholdersIn(word).empty()) return {};
  if (word.empty()) return "the command begins with an empty word, expected a program";
  if (word.find('/') == std::string::npos) {
    const char* ours = std::getenv("PATH");
    std::string path = ours == nullptr ? "/usr/bin:/bin" : ours;
    if (const auto own = client.environment.find("PATH"); own != client.environment.end()) {
      if (!PlaceholdersIn(own->second).empty()) return {};
      path = own->second;
    }
    return WhyNotOnPath(word, path);
  }
  const fs::path program = fs::absolute(word);
  return IsThere(program) ? WhyNotExecutable(program)
                          : fmt::format("there is no program {}", program.string());
}

std::string DirectoryObstacle(const std::string& directory) {
  if (directory.empty() || !PlaceholdersIn(directory).empty()) return {};
  const std::string name = fs::absolute(directory).string();
  if (!IsDirectory(directory)) {
    return fmt::format(
        "there is no directory {} to start the client in; make it, or leave it out for an empty "
        "one of each case",
        name);
  }
  if (access(directory.c_str(), X_OK) == 0) return {};
  return fmt::format("the directory {} to start the client in may not be entered by this user",
                     name);
}

}  // namespace

std::string StartObstacle(const ClientDescription& client) {
  std::string why = ProgramObstacle(client);
  return why.empty() ? DirectoryObstacle(client.directory) : why;
}

}  // namespace conform
