#include "conformance/cli/explain_options.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "conformance/cli/commands.h"

namespace conform {
namespace {

constexpr const char* kFooter =
    R"(Exit codes:
  0    explained
  2    wrong usage, a scenario file that cannot be used, nothing is known about it

Examples:
  vdi-conform explain C-MAP-03                       a clause, and the checks that stand for it
  vdi-conform explain MapBufferHandle                a method
  vdi-conform explain VD_E_PROTOCOL                  a code
  vdi-conform explain G-16                           a reading
  vdi-conform explain handles.map.foreign-set        a scenario: goal, actors, steps, cases
  vdi-conform explain handles.map.foreign-set/refused    a check, by its scenario)";

}  // namespace

Subcommand AddExplainCommand(CLI::App* app) {
  CLI::App* explain = app->add_subcommand(
      "explain", "Explain a clause, a method, a code, a reading, a case or a check");
  explain->footer(kFooter);
  const auto arguments = std::make_shared<ExplainArguments>();
  explain
      ->add_option("query", arguments->query,
                   "What to explain, such as C-MAP-03, MapBufferHandle, G-16")
      ->required();
  explain->add_option("--scenarios", arguments->scenarios, kScenariosHelp)->type_name("DIR");
  return {explain, [arguments](const Invocation&) { return ExplainCommand(*arguments); }};
}

}  // namespace conform
