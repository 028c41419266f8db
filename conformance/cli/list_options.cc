#include "conformance/cli/list_options.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "conformance/cli/commands.h"

namespace conform {
namespace {

constexpr const char* kFooter =
    R"(Exit codes:
  0    the cases are listed
  2    wrong usage, a scenario file that cannot be used, a selector that matches nothing
  4    there are no cases

Examples:
  vdi-conform list                                   every case and its title
  vdi-conform list method:MapBufferHandle tag:abort  the cases of either
  vdi-conform list --client tag:flush                the cases for a backup program
  vdi-conform list --format json clause:C-MAP-03
  vdi-conform list --format ctest > cases.cmake      for TEST_INCLUDE_FILES)";

void AddOptions(CLI::App* app, ListArguments* list) {
  app->add_option("selectors", list->selectors, kSelectorsHelp);
  app->add_option("--exclude", list->excludes, kExcludeHelp)
      ->type_name("SELECTOR")
      ->allow_extra_args(false);
  app->add_option("--scenarios", list->scenarios, kScenariosHelp)->type_name("DIR");
  CLI::Option* client = app->add_flag(
      "--client", list->client, "The scenarios for client programs, of `vdi-conform run --client`");
  app->add_flag("--sweep", list->sweep, "With --client: also those of `run --client ... --sweep`")
      ->needs(client);
  app->add_option("--format", list->format,
                  "text; json; ctest: a script that adds a test for each case")
      ->check(CLI::IsMember({"text", "json", "ctest"}))
      ->capture_default_str();
  app->add_option("--junit-folder", list->junit_folder,
                  "With --format=ctest: where each test writes its own JUnit file")
      ->type_name("DIR");
}

}  // namespace

Subcommand AddListCommand(CLI::App* app) {
  CLI::App* list = app->add_subcommand("list", "List the cases");
  list->footer(kFooter);
  const auto arguments = std::make_shared<ListArguments>();
  AddOptions(list, arguments.get());
  return {list, [arguments](const Invocation& invocation) {
            return ListCommand(*arguments, invocation.program);
          }};
}

}  // namespace conform
