#include "conformance/client/job_start.h"

#include <fmt/format.h>
#include <unistd.h>

namespace conform {
namespace {

namespace fs = std::filesystem;

// What {artefact} is.
fs::path ArtefactIn(const CopyPlaces& places) { return places.media / "artefact.bak"; }

}  // namespace

std::string DatabaseOf(const ClientScenario& scenario, int copy) {
  return copy <= 1 ? scenario.database : scenario.database + std::to_string(copy);
}

std::vector<fs::path> ArtefactFiles(const ClientDescription& client, const CopyPlaces& places,
                                    const std::string& database, int devices) {
  std::vector<fs::path> files;
  for (int n = 1; n <= devices; ++n) {
    files.emplace_back(PutInto(client.artefact_file, {{"artefact", ArtefactIn(places).string()},
                                                      {"artefact_dir", places.media.string()},
                                                      {"database", database},
                                                      {"n", std::to_string(n)},
                                                      {"n0", std::to_string(n - 1)},
                                                      {"devices", std::to_string(devices)}}));
  }
  return files;
}

TemplateValues ValuesOf(const JobPlan& plan) {
  const ClientDescription& client = plan.client;
  const bool backup = plan.job.operation == ClientJob::Operation::kBackup;
  const std::string case_folder = plan.places.media.parent_path().parent_path().filename().string();
  return {{"operation", backup ? client.backup_word : client.restore_word},
          {"database", DatabaseOf(plan.scenario, plan.copy)},
          {"set", fmt::format("vdi-{}-{}{}", getpid(), case_folder, plan.copy)},
          {"devices", std::to_string(plan.job.devices)},
          {"artefact", ArtefactIn(plan.places).string()},
          {"artefact_dir", plan.places.media.string()},
          {"instance", client.instance},
          {"user", client.user},
          {"password", client.password}};
}

std::vector<std::string> CommandOf(const JobPlan& plan, const TemplateValues& values) {
  std::vector<std::string> words = ExpandCommand(plan.client.command, values);
  std::string& program = words.front();
  if (program.find('/') != std::string::npos) program = fs::absolute(program).string();
  return words;
}

KeptSettings StartSettings(const JobPlan& plan, const std::vector<std::string>& words,
                           const TemplateValues& values) {
  const std::string& directory = plan.client.directory;
  return {.words = words,
          .environment = Texts(
              ClientEnvironment(plan.client, plan.tools, plan.places, plan.files,
                                {.guard = plan.job.guard, .inject = plan.job.inject}, values)),
          .directory = directory.empty() ? plan.places.work : fs::path(PutInto(directory, values)),
          .file_bytes_max = {},
          .read_only = {},
          .tmpfs = {},
          .failing = {}};
}

}  // namespace conform
