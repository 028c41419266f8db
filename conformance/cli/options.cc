#include "conformance/cli/options.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <vector>

#include "conformance/cli/explain_options.h"
#include "conformance/cli/init_options.h"
#include "conformance/cli/list_options.h"
#include "conformance/cli/merge_options.h"
#include "conformance/cli/run_options.h"
#include "conformance/cli/trace_options.h"
#include "conformance/cli/walk_options.h"
#include "conformance/rules/wrap_text.h"

namespace conform {
namespace {

constexpr const char* kFooter =
    R"(See `vdi-conform COMMAND --help` for each command's options and exit codes.

Exit codes:
  0    done; for run: the library conforms, and at least one check was executed
  1    run, walk: a check failed, or the library crashed or hung
  2    wrong usage, a scenario file that cannot be used, a selector that matches nothing
  3    trouble of our own: no verdict
  4    there was nothing to execute, or to list
  77   run: everything was skipped for want of declared capabilities
  130  run, walk: interrupted; the reports are written

Examples:
  vdi-conform run                                    the bundled library, every scenario
  vdi-conform run --provider ./libsqlvdi.so --jobs 2
  vdi-conform run --client 'mybackup {operation} {database} {artefact}'   a backup program
  vdi-conform init                                   its description, to be filled in
  vdi-conform walk --seed 7                          random calls, judged by the rules
  vdi-conform list method:MapBufferHandle
  vdi-conform explain C-MAP-03)";

// Lines of descriptions that a terminal of kColumns need not break.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_desc(const CLI::Option* option) const override {
    std::string text = WrapText(option->get_description(), "", "", kColumns - get_column_width());
    text.pop_back();
    return text;
  }
};

}  // namespace

void AddJUnitFlavour(CLI::App* app, std::string* flavour) {
  app->add_option(
         "--junit-flavor,--junit-flavour", *flavour,
         "strict: every reader accepts it; surefire: a file for each group in a folder, as "
         "Maven writes them; rich: strict with file, line and properties of each case")
      ->check(CLI::IsMember({"strict", "surefire", "rich"}))
      ->capture_default_str();
}

int RunCommandLine(int argc, const char* const* argv, const Invocation& invocation) {
  CLI::App app("Judges implementations of the Virtual Device Interface by the documents.",
               "vdi-conform");
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());  // before the commands, which take it over
  app.set_version_flag("--version", std::string("vdi-conform ") + VDISIM_VERSION);
  app.footer(kFooter);
  const std::vector<Subcommand> commands = {
      AddRunCommand(&app),   AddListCommand(&app),   AddExplainCommand(&app), AddMergeCommand(&app),
      AddTraceCommand(&app), AddReplayCommand(&app), AddWalkCommand(&app),    AddInitCommand(&app)};
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitUsage;
  }
  for (const Subcommand& command : commands) {
    if (command.app->parsed()) return command.run(invocation);
  }
  return kExitUsage;
}

}  // namespace conform
