#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "conformance/cli/commands.h"
#include "conformance/client/client_case.h"

namespace conform {
namespace {

// A CMake script for TEST_INCLUDE_FILES. Bracket arguments take any text literally.
std::string CtestScript(const std::vector<const Case*>& cases, const ListArguments& arguments,
                        const std::filesystem::path& program) {
  std::string script;
  for (const Case* one : cases) {
    const std::string junit =
        arguments.junit_folder.empty()
            ? std::string()
            : fmt::format(" [==[--junit]==] [==[{}/{}.xml]==]", arguments.junit_folder, one->id);
    script += fmt::format("add_test([==[scenario.{}]==] [==[{}]==] [==[run]==] [==[{}]==]{})\n",
                          one->id, program.string(), SelectorOf(*one), junit);
    script += fmt::format(
        "set_tests_properties([==[scenario.{}]==] PROPERTIES LABELS scenario SKIP_RETURN_CODE 77 "
        "TIMEOUT 120)\n",
        one->id);
  }
  return script;
}

std::string JsonList(const std::vector<const Case*>& cases) {
  nlohmann::json list = nlohmann::json::array();
  for (const Case* one : cases) {
    nlohmann::json item = nlohmann::json::object();
    item["id"] = one->id;
    item["scenario"] = one->scenario;
    item["title"] = one->title;
    item["goal"] = one->goal;
    item["group"] = one->group;
    item["tags"] = one->tags;
    item["face"] = Name(one->face);
    item["requires"] = nlohmann::json::array();
    for (const Capability need : one->required) item["requires"].push_back(Name(need));
    item["no-mutant"] = one->no_mutant;
    item["clauses"] = one->Clauses();
    item["methods"] = one->Methods();
    item["file"] = one->place.file;
    item["line"] = one->place.line;
    list.push_back(std::move(item));
  }
  return list.dump(2) + "\n";
}

Suite ClientSuite(const ListArguments& arguments, const Rules& rules) {
  Suite suite;
  for (const ClientScenario& scenario :
       LoadClientSuiteFrom(arguments.scenarios, arguments.sweep, rules)) {
    suite.cases.push_back(AsCase(scenario));
  }
  return suite;
}

}  // namespace

int ListCommand(const ListArguments& arguments, const std::filesystem::path& program) {
  const Rules rules = Rules::Embedded();
  const Suite suite =
      arguments.client ? ClientSuite(arguments, rules) : LoadSuiteFrom(arguments.scenarios, rules);
  const Selection selection = Select(suite, WithExcludes(arguments.selectors, arguments.excludes));
  const char* list = arguments.client ? "vdi-conform list --client" : "vdi-conform list";
  if (!AllMatch(suite, selection, list)) return kExitUsage;
  if (selection.cases.empty()) {
    std::cerr << "vdi-conform: there are no cases\n";
    return kExitNothing;
  }
  if (arguments.format == "ctest") {
    std::cout << CtestScript(selection.cases, arguments, program);
  } else if (arguments.format == "json") {
    std::cout << JsonList(selection.cases);
  } else {
    for (const Case* one : selection.cases) {
      std::cout << fmt::format("{:<56} {}\n", one->id, one->title);
    }
    std::cout << fmt::format("{} cases\n", selection.cases.size());
  }
  return 0;
}

}  // namespace conform
