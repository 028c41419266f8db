#include "conformance/cli/trace_options.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "conformance/cli/commands.h"

namespace conform {
namespace {

constexpr const char* kFileHelp =
    "A trace: a file DIR/CASE.vdt that `vdi-conform run --trace DIR` wrote, or one that any "
    "program "
    "wrote with VDISIM_TRACE=FILE";

constexpr const char* kTraceFooter = R"(Exit codes:
  0    printed, or the scenario is written
  2    wrong usage, a file that is no trace or cannot be read or written

Examples:
  vdi-conform run --trace traces handles.map.foreign-set
  vdi-conform trace traces/handles.map.foreign-set.primary.vdt
  VDISIM_TRACE=backup.trace my-backup-program
  vdi-conform trace backup.trace --to-scenario scenarios/backup.xml
  vdi-conform run --scenarios scenarios)";

constexpr const char* kReplayFooter = R"(Exit codes:
  0    every call returned what it returned when the trace was made
  1    a call returned something else, or the subject crashed or hung
  2    wrong usage, a file that is no trace, no such library or adapter
  3    trouble of our own: no verdict
  77   the subject does not declare what the trace needs

Examples:
  vdi-conform replay traces/handles.map.foreign-set.primary.vdt
  vdi-conform replay backup.trace --provider ./libsqlvdi.so)";

}  // namespace

Subcommand AddTraceCommand(CLI::App* app) {
  CLI::App* trace =
      app->add_subcommand("trace", "Print a trace of calls, or turn it into a scenario");
  trace->footer(kTraceFooter);
  const auto arguments = std::make_shared<TraceArguments>();
  trace->add_option("file", arguments->file, kFileHelp)->required();
  trace
      ->add_option("--to-scenario", arguments->to_scenario,
                   "Write a scenario file that repeats the calls and expects the same codes, "
                   "instead of printing; - writes it to standard output")
      ->type_name("XML");
  return {trace,
          [arguments](const Invocation& /*invocation*/) { return TraceCommand(*arguments); }};
}

Subcommand AddReplayCommand(CLI::App* app) {
  CLI::App* replay =
      app->add_subcommand("replay", "Repeat the calls of a trace, and compare their codes");
  replay->footer(kReplayFooter);
  const auto arguments = std::make_shared<ReplayArguments>();
  replay->add_option("file", arguments->file, kFileHelp)->required();
  AddSubjectOptions(replay, &arguments->subject);
  replay
      ->add_option("--timeout-scale", arguments->timeout_scale,
                   "Multiplies the 10 s that a call may take before it counts as hanging")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
  return {replay, [arguments](const Invocation& invocation) {
            return ReplayCommand(*arguments, invocation.program);
          }};
}

}  // namespace conform
