#include "conformance/cli/init_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "conformance/client/client_file.h"

namespace conform {
namespace {

constexpr const char* kFooter =
    R"(Exit codes:
  0  the file is written
  2  wrong usage, the file exists already, or it cannot be written

Examples:
  vdi-conform init                    writes client.xml
  vdi-conform init mybackup.xml
  vdi-conform run --client-file mybackup.xml)";

int Init(const std::string& file) {
  try {
    WriteStarterFile(file);
  } catch (const std::runtime_error& error) {
    std::cerr << fmt::format("vdi-conform: {}\n", error.what());
    return kExitUsage;
  }
  std::cout << fmt::format(
      "{0} is written: fill in the command of your backup program, then\n"
      "  vdi-conform run --client-file {0}\n",
      file);
  return 0;
}

}  // namespace

Subcommand AddInitCommand(CLI::App* app) {
  CLI::App* init =
      app->add_subcommand("init", "Write a commented file that describes a backup program");
  init->footer(kFooter);
  const auto file = std::make_shared<std::string>("client.xml");
  init->add_option("file", *file, "The file; it must not exist")
      ->type_name("FILE")
      ->capture_default_str();
  return {init, [file](const Invocation&) { return Init(*file); }};
}

}  // namespace conform
