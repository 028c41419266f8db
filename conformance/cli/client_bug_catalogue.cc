#include "conformance/cli/client_bug_catalogue.h"

#include <filesystem>
#include <pugixml.hpp>
#include <stdexcept>

#include "conformance/cli/catalogue_file.h"

namespace conform {
namespace {

// The options without those that say how many devices there are: that is the scenario's to say.
std::string WithoutDevices(const std::string& options) {
  std::string text;
  bool is_value = false;
  for (const std::string& word : Words(options)) {
    const bool is_skipped = is_value || word == "--devices" || word.rfind("--devices=", 0) == 0;
    is_value = word == "--devices";
    if (!is_skipped) text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

bool Has(const std::string& options, const std::string& option) {
  for (const std::string& word : Words(options)) {
    if (word == option || word.rfind(option + "=", 0) == 0) return true;
  }
  return false;
}

// What a client with these options of its own can do, as options of vdi-conform.
std::string Description(const std::string& options) {
  std::string text =
      " --client-capability stripes --client-cancel SIGINT --client-cancel-limit 5"
      " --client-user sa --client-password 'Pa55-w0rd.of-the-judge'"
      " --client-env 'SQLCMDPASSWORD={password}' --client-artefact raw"
      " --client-artefact-file '{artefact_dir}/{database}.{n}of{devices}.vdi'";
  if (Has(options, "--processes")) text += " --client-capability secondary-processes";
  if (Has(options, "--request-complete")) text += " --client-capability complete";
  if (Has(options, "--hold")) text += " --client-capability queue";
  if (Has(options, "--no-statement") || Has(options, "--no-sql")) {
    text += " --client-statement judge --client-printed 'ready {set}'";
  }
  return text;
}

std::string RunOptions(const std::string& program, const std::string& options) {
  const std::string own = WithoutDevices(options);
  const bool gives_statement = !Has(options, "--no-statement") && !Has(options, "--no-sql");
  return "--client '" + program +
         " {operation} --database {database} --directory {artefact_dir} --devices {devices}" +
         (gives_statement && !Has(own, "--user") ? " --user {user}" : "") +
         (own.empty() ? "" : " " + own) + "'" + Description(options);
}

}  // namespace

void PrintTo(const ClientBug& bug, std::ostream* out) { *out << bug.name; }
void PrintTo(const ClientStyle& style, std::ostream* out) { *out << style.name; }

const std::vector<ClientStyle>& ClientStyles() {
  static const std::vector<ClientStyle> kStyles = {
      {"threads", ""},
      {"single_thread", "--single-thread"},
      {"processes", "--processes"},
      {"held_and_reversed", "--hold 4 --reverse"},
      {"request_complete", "--request-complete"},
      {"polling", "--poll-ms 10 --server-timeout 1000"},
      {"statement_by_somebody_else", "--no-statement"},
  };
  return kStyles;
}

std::vector<ClientBug> ReadClientBugs(const std::string& file) {
  pugi::xml_document document;
  Load(file, &document);
  std::vector<ClientBug> bugs;
  for (const pugi::xml_node node : document.document_element().children("bug")) {
    ClientBug bug{.name = node.attribute("name").value(),
                  .title = node.attribute("title").value(),
                  .check = node.attribute("check").value(),
                  .scenarios = Words(node.attribute("scenario").value()),
                  .also = Words(node.attribute("also").value()),
                  .options = node.attribute("options").value()};
    if (bug.name.empty() || bug.title.empty() || bug.check.empty() || bug.scenarios.empty()) {
      throw std::runtime_error(file + ": bug \"" + bug.name +
                               "\" needs name, title, check and scenario");
    }
    bugs.push_back(std::move(bug));
  }
  if (bugs.empty()) throw std::runtime_error(file + ": no <bug> in it");
  return bugs;
}

std::map<std::string, std::string> ReadClientScenarios(const std::string& folder) {
  std::map<std::string, std::string> scenarios;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".xml") continue;
    pugi::xml_document document;
    Load(entry.path().string(), &document);
    for (const pugi::xml_node node : document.document_element().children("scenario")) {
      scenarios[node.attribute("id").value()] = node.attribute("no-bug").value();
    }
  }
  return scenarios;
}

std::string ClientScenarioOf(const std::map<std::string, std::string>& scenarios,
                             const std::string& id) {
  std::string best;
  for (const auto& [scenario, no_bug] : scenarios) {
    const bool begins = id == scenario || id.rfind(scenario + ".", 0) == 0;
    if (begins && scenario.size() > best.size()) best = scenario;
  }
  return best;
}

std::set<std::string> ReadClientChecks(const std::string& file) {
  pugi::xml_document document;
  Load(file, &document);
  std::set<std::string> ids;
  for (const pugi::xpath_node& check : document.select_nodes("//check")) {
    ids.insert(check.node().attribute("id").value());
  }
  return ids;
}

std::string RunOptionsOfStyle(const std::string& options) {
  return RunOptions(REFERENCE_CLIENT, options);
}

std::string RunOptionsOfBug(const ClientBug& bug) {
  return RunOptions(BUGGY_CLIENT " --bug=" + bug.name, bug.options);
}

}  // namespace conform
