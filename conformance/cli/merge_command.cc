#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <stdexcept>
#include <system_error>

#include "conformance/cli/commands.h"
#include "reports/console.h"
#include "reports/file.h"
#include "reports/json_report.h"
#include "reports/junit.h"
#include "reports/merge.h"

namespace conform {
namespace {

void WriteReports(const reports::Run& run, const MergeArguments& arguments) {
  const reports::JUnitFlavour flavour = reports::ParseJUnitFlavour(arguments.junit_flavour);
  if (!arguments.json.empty()) reports::ReplaceFile(arguments.json, reports::JsonReport(run));
  if (arguments.junit.empty()) return;
  if (flavour != reports::JUnitFlavour::kSurefire) {
    return reports::ReplaceFile(arguments.junit, reports::JUnitXml(run, flavour));
  }
  for (const reports::NamedText& file : reports::SurefireXml(run)) {
    reports::ReplaceFile(std::filesystem::path(arguments.junit) / file.file_name, file.text);
  }
}

}  // namespace

int MergeCommand(const MergeArguments& arguments, const std::string& command) {
  std::vector<reports::MergeInput> inputs;
  for (const std::string& file : arguments.files) {
    try {
      inputs.push_back({.name = file, .run = reports::ReadResults(reports::ReadFile(file))});
    } catch (const std::invalid_argument& error) {
      std::cerr << fmt::format("vdi-conform: {}: {}\n", file, error.what());
      return kExitUsage;
    } catch (const std::system_error& error) {
      std::cerr << fmt::format("vdi-conform: {}\n", error.what());
      return kExitUsage;
    }
  }
  reports::Run run = reports::Merge(inputs);
  run.command = command;
  WriteReports(run, arguments);
  reports::ConsoleOptions options;
  options.colour = reports::WantsColour(STDOUT_FILENO);
  std::cout << reports::ConsoleSummary(run, options) << std::flush;
  return reports::ExitCode(run);
}

}  // namespace conform
