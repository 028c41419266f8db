#include "conformance/cli/run_options.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "conformance/cli/commands.h"

namespace conform {
namespace {

constexpr const char* kFooter =
    R"(Exit codes, the first that applies of 130, 3, 1, 4, 77, 0:
  0    the subject conforms, and at least one check was executed; or a shard has no case
  1    a check failed, or the subject crashed, hung or could not be loaded; a case passed although
       a waiver foresees its failure; a waiver is over, or nothing needs it
  2    wrong usage, no such library, adapter or program, a file of scenarios, capabilities or
       waivers that cannot be used, a selector or a waiver that matches nothing
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
  vdi-conform run --client './mybackup {operation} {database} {artefact}'    a backup program
  vdi-conform run --client-file client.xml           the same, described in a file
  vdi-conform run --client-file client.xml --budget 30s    what catches most in that time
  vdi-conform run --client-file client.xml --guard fault   stop it where it touches foreign memory
  vdi-conform run handles.map.foreign-set            one scenario, all its parameters and faces
  vdi-conform run face:com                           the clients' COM interfaces alone
  vdi-conform run handles.map.invalid-number.primary.zero    one case
  vdi-conform run 'handles.get.*' tag:prefix         a glob, and a tag
  vdi-conform run --exclude tag:abort --shard 2/3    part of the rest, for the second machine
  vdi-conform run --trace traces handles.map.two-buffers     every call, for `vdi-conform trace`
  vdi-conform run --waivers known.xml                known failures do not fail the run
  vdi-conform run clause:C-MAP-03 --junit map03.xml --json map03.json)";

void AddOptions(CLI::App* app, RunArguments* run) {
  app->add_option("selectors", run->selectors, kSelectorsHelp);
  AddSubjectOptions(app, &run->subject);
  AddClientOptions(app, &run->client);
  app->add_option("--guard", run->guard,
                  "With a client program: its buffers and commands are watched (detect), or it is "
                  "stopped at the instruction that touches what is not its own, and its stack is "
                  "shown (fault), or neither (off) [as each case says, most of them detect]")
      ->type_name("HOW")
      ->check(CLI::IsMember({"detect", "fault", "off"}))
      ->group(kClientGroup);
  app->add_flag("--sweep", run->sweep,
                "With a client program: also the cases that let every call give every code which "
                "the documents allow there")
      ->group(kClientGroup);
  app->add_option("--budget", run->budget,
                  "With a client program: of the selection, what catches most bugs within this "
                  "time, such as 30s or 2m")
      ->type_name("TIME")
      ->group(kClientGroup);
  app->add_option("--scenarios", run->scenarios, kScenariosHelp)->type_name("DIR");
  app->add_option("--exclude", run->excludes, kExcludeHelp)
      ->type_name("SELECTOR")
      ->allow_extra_args(false);
  app->add_option("--junit", run->junit,
                  "JUnit XML, there and red from the first second; '' writes none. "
                  "[reports/out/junit.xml; for surefire the folder reports/out/surefire]")
      ->type_name("FILE");
  AddJUnitFlavour(app, &run->junit_flavour);
  app->add_option("--events", run->events, "The event log, one JSON object a line")
      ->type_name("FILE");
  app->add_option("--json", run->json, "The results as one JSON document, when the run ends")
      ->type_name("FILE");
  app->add_option("--coverage", run->coverage,
                  "What the run covered of the rules, as tables in Markdown: each code of each "
                  "method, each cell of the state tables, each statement; '-' prints them")
      ->type_name("FILE");
  app->add_flag(
      "--require-coverage", run->require_coverage,
      "Exit 1, and name it, when the run left out a cell that can be reached, or a code or "
      "statement for which a check is possible; of a part of the suite that is certain");
  app->add_option(
         "--trace", run->trace,
         "Write what happened in each case to DIR/CASE.vdt, for `vdi-conform trace` and "
         "`replay`; the folder is made. Findings and reports name the file. Of a client program: "
         "its calls, the server's journal and the witness, in DIR/CASE/COPY/JOB")
      ->type_name("DIR");
  CLI::Option* waivers =
      app->add_option("--waivers", run->waivers,
                      "Known failures: pattern, check, actual, reason, link and day of expiry of "
                      "each; see README. An entry that is over or not needed fails the run")
          ->type_name("FILE");
  app->add_flag("--fix-waivers", run->fix_waivers,
                "Rewrite the file of waivers after the run: without what no longer fails, and with "
                "an entry for each new failure, whose reason, link and day are to be filled in")
      ->needs(waivers);
  app->add_option("--jobs", run->jobs, "Cases at once [as many as there are processors]")
      ->check(CLI::Range(1, 1024));
  app->add_option("--shard", run->shard,
                  "Run part I of N of the selection, I from 1 to N: every N-th case. Without it, "
                  "by GTEST_TOTAL_SHARDS and GTEST_SHARD_INDEX")
      ->type_name("I/N");
  app->add_option("--repeat", run->repeat,
                  "Run each case this many times; with --fail-fast, until it is not green. The "
                  "worst time counts, and a case that does not always end alike fails")
      ->check(CLI::Range(1, 1000000))
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
