#include "conformance/client/client_description.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

#include "conformance/client/client_template.h"
#include "conformance/drivers/command_words.h"

namespace conform {
namespace {

constexpr std::array<std::pair<const char*, int>, 6> kSignals = {{{"INT", SIGINT},
                                                                  {"TERM", SIGTERM},
                                                                  {"HUP", SIGHUP},
                                                                  {"QUIT", SIGQUIT},
                                                                  {"USR1", SIGUSR1},
                                                                  {"USR2", SIGUSR2}}};

void AllowPlaceholders(const char* item, std::string_view text,
                       const std::vector<std::string>& allowed) {
  std::vector<std::string> names;
  try {
    names = PlaceholdersIn(text);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", item, error.what()));
  }
  for (const std::string& name : names) {
    if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
    std::string known;
    for (const std::string& one : allowed) known += " {" + one + "}";
    throw std::invalid_argument(fmt::format(
        "{}: unknown placeholder {{{}}} in \"{}\", expected one of:{}", item, name, text, known));
  }
}

bool Has(std::string_view text, std::string_view name) {
  const std::vector<std::string> names = PlaceholdersIn(text);
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What is told of a statement by the judge means nothing elsewhere.
void CheckStatement(const ClientDescription& client) {
  static const ClientDescription kDefaults;
  if (client.statement == ClientDescription::Statement::kJudge) return;
  const bool of_judge = !client.ready.empty() || !client.printed.empty() ||
                        client.set != kDefaults.set || client.device != kDefaults.device;
  if (!of_judge) return;
  throw std::invalid_argument(
      "a ready line, a printed line, a name of a set or of a device is told, but the client gives "
      "the statement by itself and nobody looks at them; leave them out, or say statement "
      "by=\"judge\" (option --client-statement judge)");
}

}  // namespace

std::set<std::string> ClientDescription::All() const {
  std::set<std::string> all = capabilities;
  if (!restore_word.empty()) all.insert("restore");
  if (cancel != Cancel::kNone) all.insert("cancel");
  all.insert(statement == Statement::kJudge ? "judge-statement" : "own-statement");
  if (raw_artefact) all.insert("raw-artefact");
  // Who is told how many devices there are can serve several.
  if (Has(command, "devices")) all.insert("stripes");
  return all;
}

std::string ClientDescription::Title() const {
  if (!name.empty()) return name;
  try {
    return CommandWords(command).front();
  } catch (const CommandError&) {
    return command;
  }
}

const std::vector<std::string>& DeclaredCapabilities() {
  static const std::vector<std::string> kNames = {"stripes", "complete", "secondary-processes",
                                                  "queue"};
  return kNames;
}

void CheckDescription(const ClientDescription& client) {
  if (client.command.empty()) {
    throw std::invalid_argument(
        "there is no command, expected the client's command line, such as 'myclient {operation} "
        "{database} {artefact}'");
  }
  try {
    (void)CommandWords(client.command);
  } catch (const CommandError& error) {
    throw std::invalid_argument(fmt::format("the command {}", error.what()));
  }
  AllowPlaceholders("the command", client.command, CommandPlaceholders());
  AllowPlaceholders("the directory", client.directory, CommandPlaceholders());
  for (const auto& [name, value] : client.environment) {
    AllowPlaceholders("the environment", value, CommandPlaceholders());
  }
  if (!Has(client.command, "operation") && !client.restore_word.empty()) {
    throw std::invalid_argument(
        "the command has no {operation}, so backup and restore would be the same; put it in, or "
        "say that the client cannot restore (the word of restore is empty)");
  }
  if (client.capabilities.contains("stripes") && !Has(client.command, "devices")) {
    throw std::invalid_argument(
        "the capability stripes is declared, but the command has no {devices}");
  }
  for (const int status : client.success) {
    if (client.failure.contains(status)) {
      throw std::invalid_argument(
          fmt::format("the exit status {} means both success and failure", status));
    }
  }
  if (client.success.empty()) {
    throw std::invalid_argument("no exit status means success, expected one at least");
  }
  AllowPlaceholders("the printed line", client.printed, {"set", "statement"});
  if (!client.printed.empty() && !Has(client.printed, "set") && !Has(client.printed, "statement")) {
    throw std::invalid_argument(fmt::format(
        "the printed line \"{}\" has neither {{set}} nor {{statement}}", client.printed));
  }
  CheckStatement(client);
  AllowPlaceholders("the name of a device", client.device, {"set", "n", "n0", "devices"});
  AllowPlaceholders("the file of an artefact", client.artefact_file,
                    {"artefact", "artefact_dir", "database", "n", "n0", "devices"});
}

int ParseSignal(const std::string& text) {
  const std::string name = text.starts_with("SIG") ? text.substr(3) : text;
  for (const auto& [one, number] : kSignals) {
    if (name == one || text == std::to_string(number)) return number;
  }
  throw std::invalid_argument(fmt::format(
      "\"{}\" is no signal that can ask a program to stop, expected SIGINT, SIGTERM, SIGHUP, "
      "SIGQUIT, SIGUSR1 or SIGUSR2",
      text));
}

std::string SignalName(int signal) {
  for (const auto& [one, number] : kSignals) {
    if (signal == number) return fmt::format("SIG{}", one);
  }
  return fmt::format("signal {}", signal);
}

}  // namespace conform
