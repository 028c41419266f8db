#include "conformance/cli/client_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "conformance/cli/commands.h"
#include "conformance/cli/subject_options.h"
#include "conformance/client/client_file.h"
#include "conformance/client/client_items.h"
#include "conformance/client/client_template.h"
#include "conformance/drivers/command_words.h"

namespace conform {
namespace {

// Whether the program of the command can be started: a shell's message would come too late.
bool ProgramIsThere(const ClientDescription& client) {
  const std::string program = CommandWords(client.command).front();
  if (!PlaceholdersIn(program).empty()) return true;
  const bool own_path = client.environment.contains("PATH");
  if (own_path || ProgramExists(program)) return true;
  std::cerr << fmt::format("vdi-conform: --client: there is no program {}\n", program);
  return false;
}

}  // namespace

void AddClientOptions(CLI::App* app, ClientArguments* client) {
  for (const ClientItem& item : ClientItems()) {
    const std::string name = item.option;
    app->add_option_function<std::vector<std::string>>(
           name,
           [client, name](const std::vector<std::string>& values) {
             client->values[name] = values;
           },
           item.help)
        ->type_name(item.type)
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(item.many ? CLI::MultiOptionPolicy::TakeAll
                                        : CLI::MultiOptionPolicy::Throw)
        ->group(kClientGroup);
  }
  app->add_option("--client-file", client->file,
                  "All of it in a file, client.xml; `vdi-conform init` writes one. Options win")
      ->type_name("FILE")
      ->group(kClientGroup);
}

std::optional<ClientDescription> DescribeClient(const ClientArguments& client) {
  ClientDescription description;
  if (!client.file.empty()) description = ReadClientFile(client.file);
  for (const ClientItem& item : ClientItems()) {
    const auto given = client.values.find(item.option);
    if (given == client.values.end()) continue;
    for (const std::string& value : given->second) {
      try {
        item.set(&description, value);
      } catch (const std::invalid_argument& error) {
        std::cerr << fmt::format("vdi-conform: {}: {}\n", item.option, error.what());
        return std::nullopt;
      }
    }
  }
  try {
    CheckDescription(description);
  } catch (const std::invalid_argument& error) {
    std::cerr << fmt::format("vdi-conform: {}: {}\n",
                             client.file.empty() ? "--client" : client.file, error.what());
    return std::nullopt;
  }
  if (!ProgramIsThere(description)) return std::nullopt;
  return description;
}

std::string ClientOptionsText(const ClientArguments& client) {
  std::string text;
  if (!client.file.empty()) {
    text += " --client-file " + ShellQuote(std::filesystem::absolute(client.file).string());
  }
  for (const ClientItem& item : ClientItems()) {
    const auto given = client.values.find(item.option);
    if (given == client.values.end()) continue;
    for (const std::string& value : given->second) {
      // A value that begins with a hyphen would be taken for an option.
      text += fmt::format(" {}={}", item.option, ShellQuote(value));
    }
  }
  return text;
}

}  // namespace conform
