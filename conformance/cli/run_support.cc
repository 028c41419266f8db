#include "conformance/cli/run_support.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "conformance/cli/commands.h"
#include "conformance/runner/selector.h"
#include "conformance/runner/shard.h"

namespace conform {
namespace {

int Processors() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

}  // namespace

reports::ReportPaths ReportFiles(const RunArguments& arguments) {
  reports::ReportPaths paths;
  paths.events = arguments.events;
  paths.json = arguments.json;
  paths.junit_flavour = reports::ParseJUnitFlavour(arguments.junit_flavour);
  const bool folder = paths.junit_flavour == reports::JUnitFlavour::kSurefire;
  paths.junit = arguments.junit.value_or(folder ? "reports/out/surefire" : "reports/out/junit.xml");
  return paths;
}

std::filesystem::path ReportFolder(const reports::ReportPaths& files) {
  const bool is_folder = files.junit_flavour == reports::JUnitFlavour::kSurefire;
  return is_folder ? files.junit : files.junit.parent_path();
}

std::optional<std::vector<const Case*>> ChooseCases(const RunArguments& arguments,
                                                    const Suite& suite, RunOptions* options) {
  const Selection selection = Select(suite, WithExcludes(arguments.selectors, arguments.excludes));
  const char* list = arguments.client.Given() ? "vdi-conform list --client" : "vdi-conform list";
  if (!AllMatch(suite, selection, list)) return std::nullopt;
  try {
    options->shard = ShardOfRun(arguments.shard);
  } catch (const std::invalid_argument& error) {
    std::cerr << fmt::format("vdi-conform: --shard: {}\n", error.what());
    return std::nullopt;
  }
  options->shard.selected = static_cast<int>(selection.cases.size());
  std::vector<const Case*> cases = TakeShard(selection.cases, options->shard);
  options->whole = cases.size() == suite.cases.size() && !arguments.fail_fast;
  return cases;
}

void SetCommonOptions(const RunArguments& arguments, const std::string& command,
                      RunOptions* options) {
  options->each.strict = arguments.strict;
  options->each.timeout_scale = arguments.timeout_scale;
  options->jobs = arguments.jobs > 0 ? arguments.jobs : Processors();
  options->repeat = arguments.repeat;
  options->fail_fast = arguments.fail_fast;
  options->seed = arguments.seed;
  options->command = command;
}

std::string ReproduceCommand(const RunArguments& arguments, const std::filesystem::path& program,
                             const std::string& subject) {
  std::string command = ShellQuote(program.string()) + " run" + subject;
  if (!arguments.scenarios.empty()) {
    command +=
        " --scenarios " + ShellQuote(std::filesystem::absolute(arguments.scenarios).string());
  }
  if (arguments.strict) command += " --strict";
  if (arguments.timeout_scale != 1.0) {
    command += fmt::format(" --timeout-scale {}", arguments.timeout_scale);
  }
  return command;
}

void PrintFiles(const std::vector<const Case*>& cases, const RunOptions& options,
                const reports::ReportPaths& files) {
  if (cases.empty() && options.shard.selected > 0) {
    std::cout << fmt::format("Shard {} of {} has no case: {} are selected.\n", options.shard.index,
                             options.shard.count, options.shard.selected);
  }
  if (!files.junit.empty()) std::cout << "JUnit: " << files.junit.string() << "\n";
}

}  // namespace conform
