#include "conformance/cli/client_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "conformance/cli/commands.h"
#include "conformance/client/client_file.h"
#include "conformance/client/client_items.h"
#include "conformance/client/client_program.h"

namespace conform {

void AddClientOptions(CLI::App* app, ClientArguments* client) {
  for (const ClientItem& item : ClientItems()) {
    const std::string name = item.option;
    CLI::Option* option = app->add_option_function<std::vector<std::string>>(
        name,
        [client, name](const std::vector<std::string>& values) { client->values[name] = values; },
        item.help);
    if (!item.many) option->default_str(item.get(ClientDescription()).front());
    option->type_name(item.type)
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
  const bool of_file = !client.file.empty() && !client.values.contains("--client");
  const std::string source = of_file ? client.file : "--client";
  try {
    CheckDescription(description);
  } catch (const std::invalid_argument& error) {
    std::cerr << fmt::format("vdi-conform: {}: {}\n", source, error.what());
    return std::nullopt;
  }
  const std::string obstacle = StartObstacle(description);
  if (obstacle.empty()) return description;
  std::cerr << fmt::format("vdi-conform: {}: {}\n", source, obstacle);
  return std::nullopt;
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
