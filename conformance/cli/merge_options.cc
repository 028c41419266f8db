#include "conformance/cli/merge_options.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "conformance/cli/commands.h"

namespace conform {
namespace {

constexpr const char* kFooter =
    R"(Each file is an event log (run --events) or a JUnit file of any flavour.
A shard that is missing or stands there twice, a case that stands in two files, and a run that did
not finish are reported, and are errors in the joined report: it is never greener than its parts.

Exit codes, as of one run of all the cases:
  0    the library conforms, and at least one check was executed
  1    a check failed, or the library crashed or hung
  2    wrong usage, a file that cannot be read
  3    no verdict on at least one case, or the files are not whole
  4    nothing was executed
  77   everything was skipped

Examples:
  vdi-conform merge shard1.xml shard2.xml --junit all.xml
  vdi-conform merge shard*.jsonl --junit all.xml --json all.json)";

}  // namespace

Subcommand AddMergeCommand(CLI::App* app) {
  CLI::App* merge = app->add_subcommand("merge", "Join the results of shards");
  merge->footer(kFooter);
  const auto arguments = std::make_shared<MergeArguments>();
  merge->add_option("files", arguments->files, "Event logs or JUnit files")
      ->type_name("FILE")
      ->required();
  merge->add_option("--junit", arguments->junit, "Where to write JUnit XML; for surefire, a folder")
      ->type_name("FILE");
  AddJUnitFlavour(merge, &arguments->junit_flavour);
  merge->add_option("--json", arguments->json, "Where to write the results as one JSON document")
      ->type_name("FILE");
  return {merge, [arguments](const Invocation& invocation) {
            return MergeCommand(*arguments, invocation.command);
          }};
}

}  // namespace conform
