#include "conformance/cli/subject_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "conformance/cli/commands.h"
#include "conformance/drivers/command_words.h"
#include "conformance/scenario/capability_file.h"

namespace conform {
namespace {

bool LibraryExists(const std::filesystem::path& library) {
  std::error_code error;
  if (std::filesystem::exists(library, error)) return true;
  std::cerr << fmt::format("vdi-conform: there is no library {}\n", library.string());
  return false;
}

// Whether a program of this name would be found: by its path, or on our PATH.
bool ProgramExists(const std::string& word) {
  if (word.find('/') != std::string::npos) return access(word.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access(fmt::format("{}/{}", folder, word).c_str(), X_OK) == 0) return true;
  }
  return false;
}

bool OpenAdapter(const std::string& command, OpenedSubject* opened) {
  try {
    opened->paths.adapter = CommandWords(command);
  } catch (const CommandError& error) {
    std::cerr << fmt::format("vdi-conform: --adapter {}\n", error.what());
    return false;
  }
  if (!ProgramExists(opened->paths.adapter.front())) {
    std::cerr << fmt::format("vdi-conform: --adapter: there is no program {}\n",
                             opened->paths.adapter.front());
    return false;
  }
  opened->doors.adapter = true;
  opened->name = command;
  return true;
}

// With a COM library alone there is no Linux face; with a provider alone its COM face is looked for
// in the same file; with neither, the bundled libraries have both.
bool OpenLibraries(const SubjectArguments& subject, OpenedSubject* opened) {
  if (!subject.provider.empty()) {
    opened->paths.provider = std::filesystem::absolute(subject.provider);
    opened->paths.provider_com = opened->paths.provider;
    opened->doors.com = SubjectDoors::Com::kIfFound;
  }
  if (!subject.provider_com.empty()) {
    if (subject.provider.empty()) {
      opened->paths.provider.clear();
      opened->doors.linux_face = false;
    }
    opened->paths.provider_com = std::filesystem::absolute(subject.provider_com);
    opened->doors.com = SubjectDoors::Com::kClaimed;
  }
  const bool linux_face = opened->doors.linux_face;
  if (linux_face && !LibraryExists(opened->paths.provider)) return false;
  // Of the bundled ones, the engine's trouble with it is told as ours.
  if (!subject.provider_com.empty() && !LibraryExists(opened->paths.provider_com)) return false;
  opened->name = (linux_face ? opened->paths.provider : opened->paths.provider_com).string();
  return true;
}

}  // namespace

void AddSubjectOptions(CLI::App* app, SubjectArguments* subject) {
  CLI::Option* provider =
      app->add_option("--provider", subject->provider,
                      "The client library to judge; the bundled libsqlvdi.so, and libvdisim-com.so "
                      "for the COM face, if none is given")
          ->type_name("LIB");
  CLI::Option* com =
      app->add_option("--provider-com", subject->provider_com,
                      "The library whose VdiCreateInstance gives IClientVirtualDeviceSet2, for the "
                      "COM face (@com); without it, the provider's own VdiCreateInstance if it has "
                      "one. Alone, only the COM face is judged")
          ->type_name("LIB");
  app->add_option("--adapter", subject->adapter,
                  "A program that plays the clients instead, by the driver protocol "
                  "(conformance/DESIGN.md). CMD is split into words as a shell does, with quotes "
                  "and backslashes; for more of a shell write sh -c '...'")
      ->type_name("CMD")
      ->excludes(provider)
      ->excludes(com);
  app->add_option("--engine", subject->engine,
                  "The library whose server interface plays SQL Server's half, and is judged with "
                  "the clients; the bundled libvdisim-com.so if none is given")
      ->type_name("LIB");
  app->add_option("--capabilities", subject->capabilities,
                  "What the subject declares to have; cases that need more are skipped. Without "
                  "it, a library has what its symbols show, and an adapter what it says")
      ->type_name("FILE");
}

std::string SubjectOptionsText(const SubjectArguments& subject) {
  std::string text;
  const auto add = [&](const char* option, const std::string& file) {
    if (file.empty()) return;
    text += fmt::format(" {} {}", option, ShellQuote(std::filesystem::absolute(file).string()));
  };
  add("--provider", subject.provider);
  add("--provider-com", subject.provider_com);
  if (!subject.adapter.empty()) text += " --adapter " + ShellQuote(subject.adapter);
  add("--engine", subject.engine);
  add("--capabilities", subject.capabilities);
  return text;
}

std::optional<OpenedSubject> OpenSubject(const SubjectArguments& subject,
                                         const std::filesystem::path& program) {
  OpenedSubject opened;
  opened.paths = FindBeside(program);
  const bool found = subject.adapter.empty() ? OpenLibraries(subject, &opened)
                                             : OpenAdapter(subject.adapter, &opened);
  if (!found) return std::nullopt;
  if (!subject.engine.empty()) {
    opened.paths.engine = std::filesystem::absolute(subject.engine);
    opened.doors.bundled_engine = false;
    if (!LibraryExists(opened.paths.engine)) return std::nullopt;
  }
  if (!subject.capabilities.empty()) {
    opened.doors.declared = ReadCapabilityFile(subject.capabilities);
  }
  return opened;
}

}  // namespace conform
