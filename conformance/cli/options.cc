#include "conformance/cli/options.h"

#include <CLI/CLI.hpp>

namespace conform {
namespace {

constexpr const char* kFooter =
    R"(See `vdi-conform COMMAND --help` for each command's options and exit codes.

Exit codes:
  0    done; for run: the library conforms, and at least one check was executed
  1    run: a check failed, or the library crashed or hung
  2    wrong usage, a scenario file that cannot be used, a selector that matches nothing
  3    trouble of our own: no verdict
  4    there was nothing to execute, or to list
  77   run: everything was skipped; no built-in case ever is
  130  run: interrupted; the reports are written

Examples:
  vdi-conform run                                    the bundled library, every scenario
  vdi-conform run --provider ./libsqlvdi.so --jobs 2
  vdi-conform list method:MapBufferHandle
  vdi-conform explain C-MAP-03)";

constexpr const char* kRunFooter = R"(Exit codes, the first that applies of 130, 3, 1, 4, 77, 0:
  0    the library conforms, and at least one check was executed
  1    a check failed, or the library crashed, hung or could not be loaded
  2    wrong usage, no such library, a scenario file that cannot be used, a selector that matches
       nothing
  3    trouble of our own: no verdict on at least one case
  4    nothing was executed
  77   everything was skipped; no built-in case ever is
  130  interrupted (SIGINT, SIGTERM): running cases end, and the reports are written; a second
       signal does not wait

Examples:
  vdi-conform run                                    the bundled library, every scenario
  vdi-conform run --provider ./libsqlvdi.so --jobs 2
  vdi-conform run handles.map.foreign-set            one scenario, with all its parameters
  vdi-conform run handles.map.invalid-number.primary.zero    one case
  vdi-conform run 'handles.get.*' tag:prefix         a glob, and a tag
  vdi-conform run clause:C-MAP-03 --junit map03.xml --json map03.json)";

constexpr const char* kListFooter = R"(Exit codes:
  0    the cases are listed
  2    wrong usage, a scenario file that cannot be used, a selector that matches nothing
  4    there are no cases

Examples:
  vdi-conform list                                   every case and its title
  vdi-conform list method:MapBufferHandle tag:abort  the cases of either
  vdi-conform list --format json clause:C-MAP-03
  vdi-conform list --format ctest > cases.cmake      for TEST_INCLUDE_FILES)";

constexpr const char* kExplainFooter = R"(Exit codes:
  0    explained
  2    wrong usage, a scenario file that cannot be used, nothing is known about it

Examples:
  vdi-conform explain C-MAP-03                       a clause, and the checks that stand for it
  vdi-conform explain MapBufferHandle                a method
  vdi-conform explain VD_E_PROTOCOL                  a code
  vdi-conform explain G-16                           a reading
  vdi-conform explain handles.map.foreign-set        a scenario: goal, actors, steps, cases
  vdi-conform explain handles.map.foreign-set/refused    a check, by its scenario)";

constexpr const char* kSelectors =
    "Cases to take: the id of a case or of a scenario, a glob of ids (* and ?), tag:TAG, "
    "clause:ID, method:NAME. Several take what any of them matches; none takes all";
constexpr const char* kScenarios =
    "Take the scenario files (*.xml) of this folder instead of the built-in ones";

void AddRun(CLI::App* app, RunArguments* run) {
  app->add_option("selectors", run->selectors, kSelectors);
  app->add_option("--provider", run->provider,
                  "The client library to judge; the bundled libsqlvdi.so if none is given")
      ->type_name("LIB");
  app->add_option("--scenarios", run->scenarios, kScenarios)->type_name("DIR");
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

void AddList(CLI::App* app, ListArguments* list) {
  app->add_option("selectors", list->selectors, kSelectors);
  app->add_option("--scenarios", list->scenarios, kScenarios)->type_name("DIR");
  app->add_option("--format", list->format,
                  "text; json; ctest: a script that adds a test for each case")
      ->check(CLI::IsMember({"text", "json", "ctest"}))
      ->capture_default_str();
  app->add_option("--junit-folder", list->junit_folder,
                  "With --format=ctest: where each test writes its own JUnit file")
      ->type_name("DIR");
}

}  // namespace

Options ParseCommandLine(int argc, const char* const* argv) {
  Options options;
  CLI::App app("Judges implementations of the Virtual Device Interface by the documents.",
               "vdi-conform");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("vdi-conform ") + VDISIM_VERSION);
  app.footer(kFooter);
  CLI::App* run = app.add_subcommand("run", "Run scenarios and write reports");
  CLI::App* list = app.add_subcommand("list", "List the cases");
  CLI::App* explain = app.add_subcommand(
      "explain", "Explain a clause, a method, a code, a reading, a scenario, a case or a check");
  run->footer(kRunFooter);
  list->footer(kListFooter);
  explain->footer(kExplainFooter);
  AddRun(run, &options.run);
  AddList(list, &options.list);
  explain
      ->add_option("query", options.explain.query,
                   "What to explain, such as C-MAP-03, MapBufferHandle, G-16")
      ->required();
  explain->add_option("--scenarios", options.explain.scenarios, kScenarios)->type_name("DIR");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    options.status = app.exit(error) == 0 ? 0 : kExitUsage;
    return options;
  }
  options.command = run->parsed()    ? Command::kRun
                    : list->parsed() ? Command::kList
                                     : Command::kExplain;
  return options;
}

}  // namespace conform
