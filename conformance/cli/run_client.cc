#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include "conformance/cli/client_summary.h"
#include "conformance/cli/commands.h"
#include "conformance/cli/progress.h"
#include "conformance/cli/run_support.h"
#include "conformance/cli/run_waivers.h"
#include "conformance/client/abandoned_cases.h"
#include "conformance/client/client_case.h"
#include "conformance/client_suite/budget.h"
#include "conformance/drivers/command_words.h"
#include "reports/console.h"

namespace conform {
namespace {

// What has no meaning here; says so.
bool Refuses(const RunArguments& arguments) {
  const bool coverage = !arguments.coverage.empty() || arguments.require_coverage;
  if (coverage) {
    std::cerr << "vdi-conform: --coverage and --require-coverage are of the rules that a library "
                 "is held to; a client program is judged by `vdi-conform run --client` without "
                 "them\n";
  }
  const SubjectArguments& library = arguments.subject;
  const bool two_subjects = !library.provider.empty() || !library.provider_com.empty() ||
                            !library.adapter.empty() || !library.engine.empty() ||
                            !library.capabilities.empty();
  if (two_subjects) {
    std::cerr << "vdi-conform: a client program runs with our library: --provider, --provider-com, "
                 "--adapter, --engine and --capabilities are of runs without --client and "
                 "--client-file\n";
  }
  return coverage || two_subjects;
}

// "cd /here && ", for a description that means something else in another place.
std::string PlaceText(const ClientDescription& client) {
  const std::string program = CommandWords(client.command).front();
  const bool own_program = program.find('/') != std::string::npos && program.front() != '/';
  const std::string& directory = client.directory;
  const bool own_directory =
      !directory.empty() && directory.front() != '/' && directory.front() != '{';
  if (!own_program && !own_directory) return {};
  return fmt::format("cd {} && ", ShellQuote(std::filesystem::current_path().string()));
}

std::vector<ClientScenario> ChosenScenarios(const RunArguments& arguments, const Rules& rules) {
  std::vector<ClientScenario> scenarios =
      LoadClientSuiteFrom(arguments.scenarios, arguments.sweep, rules);
  if (arguments.guard.empty()) return scenarios;
  for (ClientScenario& scenario : scenarios) {
    for (ClientJob& job : scenario.jobs) job.guard = arguments.guard;
  }
  return scenarios;
}

// Makes the folder of --trace, if it was given; says why it cannot be made.
bool MakeTraces(const std::string& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::create_directories(folder, error) || !error) return true;
  std::cerr << fmt::format("vdi-conform: --trace: the folder {} cannot be made: {}\n", folder,
                           error.message());
  return false;
}

// "30s", "2m", "45": seconds.
std::optional<double> SecondsOf(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  const std::string_view unit(stopped, static_cast<size_t>(end - stopped));
  if (error != std::errc() || !(number > 0)) return std::nullopt;
  if (unit.empty() || unit == "s") return number;
  return unit == "m" ? std::optional(number * 60) : std::nullopt;
}

// Leaves of the cases what catches most bugs in that many seconds of work, and says how much that
// is. Cases that the client cannot run cost nothing and are left out.
void KeepWithin(double seconds, const ClientCases& client, std::vector<const Case*>* cases,
                RunOptions* options) {
  std::vector<std::string> ids;
  std::map<std::string, const Case*> by_id;
  for (const Case* one : *cases) {
    if (!client.Lacks(*one).empty()) continue;
    ids.push_back(one->id);
    by_id[one->id] = one;
  }
  const Yields yields = EmbeddedYields();
  std::set<std::string> all;
  std::set<std::string> caught;
  const auto add = [&](const std::string& id, std::set<std::string>* bugs) {
    const auto found = yields.find(id);
    if (found != yields.end()) bugs->insert(found->second.bugs.begin(), found->second.bugs.end());
  };
  for (const std::string& id : ids) add(id, &all);
  cases->clear();
  for (const std::string& id : ChooseForBudget(ids, yields, seconds)) {
    cases->push_back(by_id.at(id));
    add(id, &caught);
  }
  options->whole = false;
  options->shard.selected = static_cast<int>(cases->size());
  std::cout << fmt::format(
      "--budget: {} of {} cases; of {} programs with a bug that all of them catch, they catch {}\n",
      cases->size(), ids.size(), all.size(), caught.size());
}

// How many cases each capability cost that is not declared.
std::map<std::string, int> Lacking(const std::vector<const Case*>& cases,
                                   const ClientCases& client) {
  std::map<std::string, int> skipped;
  for (const Case* one : cases) {
    const std::string lacking = client.Lacks(*one);
    if (!lacking.empty()) ++skipped[lacking];
  }
  return skipped;
}

}  // namespace

int RunClientCommand(const RunArguments& arguments, const std::filesystem::path& program,
                     const std::string& command) {
  const std::optional<ClientDescription> description = DescribeClient(arguments.client);
  if (!description || Refuses(arguments)) return kExitUsage;
  std::optional<double> budget;
  if (!arguments.budget.empty() && !(budget = SecondsOf(arguments.budget))) {
    std::cerr << fmt::format("vdi-conform: --budget: \"{}\", expected a time such as 30s or 2m\n",
                             arguments.budget);
    return kExitUsage;
  }
  const ClientTools tools = FindClientTools(program);
  if (const std::string missing = MissingTool(tools); !missing.empty()) {
    std::cerr << fmt::format("vdi-conform: {}\n", missing);
    return kExitHarness;
  }
  const std::atomic<bool>& interrupted = WatchSignals();
  const Rules rules = Rules::Embedded();
  const reports::ReportPaths files = ReportFiles(arguments);
  ClientCases client(*description, tools, ChosenScenarios(arguments, rules), rules,
                     {.strict = arguments.strict,
                      .timeout_scale = arguments.timeout_scale,
                      .keep = arguments.trace,
                      .report = ReportFolder(files),
                      .interrupted = &interrupted});
  const Suite suite = client.AsSuite();
  RunOptions options;
  auto cases = ChooseCases(arguments, suite, &options);
  if (!cases || !MakeTraces(arguments.trace)) return kExitUsage;
  if (budget && options.shard.count > 1) {
    std::cerr << "vdi-conform: --budget chooses among all cases, and --shard takes a part of them; "
                 "give one of the two\n";
    return kExitUsage;
  }
  RunWaivers waivers(arguments.waivers, arguments.fix_waivers, suite, "vdi-conform list --client");
  SetCommonOptions(arguments, command, &options);
  options.reproduce = PlaceText(*description);
  options.reproduce += ReproduceCommand(arguments, program, ClientOptionsText(arguments.client));
  if (arguments.sweep) options.reproduce += " --sweep";
  if (!arguments.guard.empty()) options.reproduce += " --guard " + arguments.guard;
  options.properties = {{"harness.version", VDISIM_VERSION},
                        {"subject", description->Title()},
                        {"command", description->command},
                        {"strict", arguments.strict ? "yes" : "no"}};
  options.waivers = waivers.book();
  if (budget) KeepWithin(*budget * options.jobs, client, &*cases, &options);
  ClearAbandonedCases(tools);
  reports::LiveReport report(files);
  ConsoleProgress progress = ConsoleProgress::ForStandardOutput();
  const CaseExecutor executor = {.prepare = [] { return true; },
                                 .run = [&](const Case& one) { return client.Run(one); }};
  RunCasesBy(*cases, executor, options, interrupted, &report,
             [&](const reports::Case& one, size_t ended, size_t all) {
               std::cout << progress.Text(one, ended, all) << std::flush;
             });
  ClearAbandonedCases(tools);  // those whose clients were still dying before
  const reports::Run run = report.Snapshot();
  std::cout << reports::ConsoleSummary(run, progress.options());
  std::cout << LacksText(Lacking(*cases, client));
  if (client.same_names()) {
    std::cout << "It gives every device set the same name, so its cases ran one after the other.\n";
  }
  std::cout << waivers.Finish(run, options.whole);
  PrintFiles(*cases, options, files);
  std::cout << UseText(client.scores().jobs(), client.scores().Sum())
            << VerdictText(run, description->Title(), WatchChecks::Embedded(rules)) << std::flush;
  return reports::ExitCode(run);
}

}  // namespace conform
