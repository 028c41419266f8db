#include "conformance/cli/run_options.h"

#include <memory>

#include "conformance/cli/commands.h"

namespace conform {
namespace {

constexpr const char* kFooter =
    R"(Exit codes, the first that applies of 130, 3, 1, 4, 77, 0:
  0    the library conforms, and at least one check was executed
  1    a check failed, or the library crashed, hung or could not be loaded
  2    wrong usage, no such library or adapter, a file of scenarios or capabilities that cannot be
       used, a selector that matches nothing
  3    trouble of our own: no verdict on at least one case
  4    nothing was executed
  77   everything was skipped: each case needs a capability that the subject does not declare
  130  interrupted (SIGINT, SIGTERM): running cases end, and the reports are written; a second
       signal does not wait

Examples:
  vdi-conform run                                    the bundled library, every scenario
  vdi-conform run --provider ./libsqlvdi.so --jobs 2
  vdi-conform run --adapter 'python3 my_adapter.py'
  vdi-conform run --engine ./server.so               another server interface on the other side
  vdi-conform run handles.map.foreign-set            one scenario, with all its parameters
  vdi-conform run handles.map.invalid-number.primary.zero    one case
  vdi-conform run 'handles.get.*' tag:prefix         a glob, and a tag
  vdi-conform run clause:C-MAP-03 --junit map03.xml --json map03.json)";

void AddOptions(CLI::App* app, RunArguments* run) {
  app->add_option("selectors", run->selectors, kSelectorsHelp);
  AddSubjectOptions(app, &run->subject);
  app->add_option("--scenarios", run->scenarios, kScenariosHelp)->type_name("DIR");
  app->add_option("--junit", run->junit,
                  "JUnit XML, there and red from the first second; '' writes none")
      ->type_name("FILE")
      ->capture_default_str();
  app->add_option("--events", run->events, "The event log, one JSON object a line")
      ->type_name("FILE");
  app->add_option("--json", run->json, "The results as one JSON document, when the run ends")
      ->type_name("FILE");
  app->add_option("--jobs", run->jobs, "Cases at once")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app->add_option("--seed", run->seed, "Draw the order of the cases from this number; 0 keeps it")
      ->capture_default_str();
  app->add_flag("--strict", run->strict,
                "Requirements that are only inferred or recommended fail too; otherwise they warn");
  app->add_flag(
      "--fail-fast", run->fail_fast,
      "Run no more cases after the first that is not green; they are reported as skipped");
  app->add_option("--timeout-scale", run->timeout_scale,
                  "Multiplies the 10 s that a step may take before it counts as hanging")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
}

}  // namespace

Subcommand AddRunCommand(CLI::App* app) {
  CLI::App* run = app->add_subcommand("run", "Run scenarios and write reports");
  run->footer(kFooter);
  const auto arguments = std::make_shared<RunArguments>();
  AddOptions(run, arguments.get());
  return {run, [arguments](const Invocation& invocation) {
            return RunCommand(*arguments, invocation.program, invocation.command);
          }};
}

}  // namespace conform
