#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "simulator/device_set/set_directory.h"
#include "simulator/sql/text.h"
#include "simulator/tools/commands.h"

namespace vdisim {
namespace {

using Json = nlohmann::json;

void Print(const Json& json) {
  std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

Json ToJson(const SetDescription& set) {
  return {{"instance", set.instance},  {"name", set.name},
          {"object", set.object_name}, {"areas", set.area_objects},
          {"state", set.state},        {"abort_reason", set.abort_reason},
          {"owner", set.owner},        {"owner_alive", set.owner_alive},
          {"server", set.server},      {"server_alive", set.server_alive},
          {"devices", set.devices},    {"devices_open", set.devices_open},
          {"calls", set.calls},        {"bytes", set.bytes},
          {"age_s", set.age.count()}};
}

// "3 s", "5 min", "2 h", "9 d".
std::string Age(std::chrono::seconds age) {
  const auto s = age.count();
  if (s < 120) return fmt::format("{} s", s);
  if (s < 7200) return fmt::format("{} min", s / 60);
  if (s < 172'800) return fmt::format("{} h", s / 3600);
  return fmt::format("{} d", s / 86'400);
}

std::string Padded(std::string text, size_t width) {
  const size_t length = CountCharacters(text);
  if (length < width) text.append(width - length, ' ');
  return text;
}

void PrintTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], CountCharacters(row[i]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i + 1 < row.size(); ++i) line += Padded(row[i], widths[i] + 2);
    std::puts((line + row.back()).c_str());
  }
}

int RunPs(bool json) {
  const std::vector<SetDescription> sets = ListSets();
  if (json) {
    Json all = Json::array();
    for (const SetDescription& set : sets) all.push_back(ToJson(set));
    Print(all);
    return kExitOk;
  }
  if (sets.empty()) {
    std::puts("No device sets on this machine.");
    return kExitOk;
  }
  std::vector<std::vector<std::string>> rows = {
      {"INSTANCE", "STATE", "DEVICES", "AGE", "OWNER", "SERVER", "NAME"}};
  for (const SetDescription& set : sets) {
    const std::string state =
        set.abort_reason.empty() ? set.state : fmt::format("{} ({})", set.state, set.abort_reason);
    const auto party = [](const std::string& who, bool alive) {
      return who.empty() ? std::string("-") : alive ? who : who + " dead";
    };
    rows.push_back({set.instance.empty() ? "MSSQLSERVER" : set.instance, state,
                    fmt::format("{}/{}", set.devices_open, set.devices), Age(set.age),
                    party(set.owner, set.owner_alive), party(set.server, set.server_alive),
                    set.name});
  }
  PrintTable(rows);
  return kExitOk;
}

int RunPurge(bool json) {
  const PurgeResult result = PurgeDeadSets();
  if (json) {
    Print({{"sets", result.sets}, {"areas", result.areas}, {"others", result.others}});
  } else if (result.sets + result.areas + result.others == 0) {
    std::puts("Nothing to remove: no dead owner left anything.");
  } else {
    std::puts(fmt::format("Removed {} device sets, {} buffer areas and {} unfinished objects of "
                          "dead owners.",
                          result.sets, result.areas, result.others)
                  .c_str());
  }
  return kExitOk;
}

}  // namespace

void AddPsCommand(CLI::App& app, int* status) {
  CLI::App* command = app.add_subcommand("ps", "List the device sets on this machine");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "As a JSON array");
  command->footer(
      "DEVICES is open/all. An owner is the client's primary process; a dead one's set is\n"
      "removed by vdisim purge, or replaced by the next Create of its name.");
  command->callback([json, status] { *status = RunPs(*json); });
}

void AddPurgeCommand(CLI::App& app, int* status) {
  CLI::App* command = app.add_subcommand(
      "purge", "Remove what dead owners left; never what a living process needs");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Say what was removed as a JSON object");
  command->callback([json, status] { *status = RunPurge(*json); });
}

}  // namespace vdisim
