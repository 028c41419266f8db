#include "conformance/cli/options.h"

#include <CLI/CLI.hpp>

namespace conform {
namespace {

constexpr const char* kFooter = R"(Exit codes:
  0    the library conforms, and at least one check was executed
  1    a check failed, or the library crashed or hung
  2    wrong usage, a scenario file that cannot be used, a selector that matches nothing
  3    trouble of our own
  4    nothing was executed
  77   everything was skipped
  130  interrupted; the reports are written

Examples:
  vdi-conform run                                    the bundled library, every scenario
  vdi-conform run --provider ./libsqlvdi.so --jobs 2
  vdi-conform run handles.map.foreign-set            one scenario, with all its parameters
  vdi-conform run 'handles.get.*' tag:prefix         a glob, and a tag
  vdi-conform run clause:C-MAP-03 --junit map03.xml
  vdi-conform list method:MapBufferHandle
  vdi-conform explain C-MAP-03
  vdi-conform explain handles.map.foreign-set)";

constexpr const char* kSelectors =
    "Cases to take: an id, a glob, tag:TAG, clause:ID, method:NAME; all if none is given";

void AddRun(CLI::App* app, RunArguments* run) {
  app->add_option("selectors", run->selectors, kSelectors);
  app->add_option("--provider", run->provider,
                  "The client library to judge; the bundled libsqlvdi.so if none is given")
      ->type_name("LIB");
  app->add_option("--scenarios", run->scenarios,
                  "Take the scenario files of this folder instead of the built-in ones")
      ->type_name("DIR");
  app->add_option("--junit", run->junit, "JUnit XML, there from the first second")
      ->type_name("FILE")
      ->capture_default_str();
  app->add_option("--events", run->events, "The event log, one JSON object a line")
      ->type_name("FILE");
  app->add_option("--json", run->json, "The results as one JSON document")->type_name("FILE");
  app->add_option("--jobs", run->jobs, "Cases at once")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app->add_option("--seed", run->seed, "Draw the order of the cases from this number; 0 keeps it")
      ->capture_default_str();
  app->add_flag("--strict", run->strict, "Undocumented requirements fail too");
  app->add_flag("--fail-fast", run->fail_fast,
                "Run no more cases after the first that is not green");
  app->add_option("--timeout-scale", run->timeout_scale,
                  "Multiplies the 10 s that a call may take before it counts as hanging")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
}

void AddList(CLI::App* app, ListArguments* list) {
  app->add_option("selectors", list->selectors, kSelectors);
  app->add_option("--scenarios", list->scenarios, "Take the scenario files of this folder")
      ->type_name("DIR");
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
      "explain", "Explain a clause, a method, a code, a reading, a scenario or a check");
  for (CLI::App* command : {run, list, explain}) command->footer(kFooter);
  AddRun(run, &options.run);
  AddList(list, &options.list);
  explain->add_option("query", options.explain.query, "Such as C-MAP-03, MapBufferHandle, G-16")
      ->required();
  explain
      ->add_option("--scenarios", options.explain.scenarios,
                   "Take the scenario files of this folder")
      ->type_name("DIR");
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
