#include "conformance/cli/walk_options.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "conformance/cli/commands.h"

namespace conform {
namespace {

constexpr const char* kFooter = R"(
Several processes, a primary, a secondary, the server and sometimes a second set with its own, make
random calls on both faces, towards cells of the state tables that the walk has seen little of.
Every return is judged by the rules alone. At the first that they do not allow the walk ends: the
calls are repeated without some of them, until the shortest sequence is left that still shows it,
and that becomes a scenario file. The same seed makes the same calls.

Exit codes, the first that applies of 130, 3, 1, 4, 77, 0:
  0    every call did what the rules allow
  1    a disagreement, or a process of the subject crashed or hung
  2    wrong usage, no such library or adapter, a file that cannot be written
  3    trouble of our own: no verdict
  4    no call was made
  77   the subject declares no face to call it on
  130  interrupted (SIGINT, SIGTERM)

Examples:
  vdi-conform walk                                   10 000 calls on the bundled library
  vdi-conform walk --seed 7 --calls 100000           another, longer walk
  vdi-conform walk --provider ./libsqlvdi.so --out found
  vdi-conform run --scenarios found/walk-seed-1-client-close.xml --provider ./libsqlvdi.so)";

}  // namespace

Subcommand AddWalkCommand(CLI::App* app) {
  CLI::App* walk = app->add_subcommand("walk", "Make random calls and judge them by the rules");
  walk->footer(kFooter);
  const auto arguments = std::make_shared<WalkArguments>();
  walk->add_option("--seed", arguments->seed, "Where chance begins: the same seed, the same calls")
      ->capture_default_str();
  walk->add_option("--calls", arguments->calls,
                   "How many calls to make; the last episode goes on to its end")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))
      ->capture_default_str();
  AddSubjectOptions(walk, &arguments->subject);
  walk->add_option("--out", arguments->out,
                   "The folder for the scenario file that a disagreement becomes; it is made")
      ->type_name("DIR")
      ->capture_default_str();
  walk->add_option("--log", arguments->log,
                   "Every move and its code, a line each, without times: equal for equal seeds")
      ->type_name("FILE");
  walk->add_option("--junit", arguments->junit,
                   "JUnit XML with a test case for each method: red if a call of it disagreed")
      ->type_name("FILE");
  walk->add_flag("--verbose", arguments->verbose, "List the cells that the walk did not reach");
  walk->add_flag("--strict", arguments->strict,
                 "Disagreements with what is only inferred or recommended count too; otherwise "
                 "they are listed as warnings");
  walk->add_option("--timeout-scale", arguments->timeout_scale,
                   "Multiplies the 10 s that a call may take before it counts as hanging")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
  return {walk, [arguments](const Invocation& invocation) {
            return WalkCommand(*arguments, invocation.program, invocation.command);
          }};
}

}  // namespace conform
