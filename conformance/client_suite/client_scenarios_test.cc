// The bundled scenarios for client programs: that they load, and that nothing which a server or a
// machine may do to a program is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <pugixml.hpp>

#include "conformance/client_suite/client_loader.h"

namespace conform {
namespace {

const std::vector<ClientScenario>& Suite() {
  static const std::vector<ClientScenario> kSuite =
      LoadClientScenarios(EmbeddedClientScenarios(), Rules::Embedded());
  return kSuite;
}

bool AnyJob(const std::function<bool(const ClientJob&)>& is_it) {
  return std::any_of(Suite().begin(), Suite().end(), [&](const ClientScenario& scenario) {
    return std::any_of(scenario.jobs.begin(), scenario.jobs.end(), is_it);
  });
}

bool AnyFault(const std::string& element, const std::string& attribute = "",
              const std::string& value = "") {
  return AnyJob([&](const ClientJob& job) {
    pugi::xml_document plan;
    plan.load_string(job.faults.c_str());
    for (const pugi::xml_node fault : plan.child("faults").children(element.c_str())) {
      if (attribute.empty() || fault.attribute(attribute.c_str()).value() == value) return true;
    }
    return false;
  });
}

TEST(ClientScenarios, Load) { EXPECT_GE(Suite().size(), 100U); }

// The watch's checks and the suite's aims are one list.
TEST(ClientScenarios, AimAtEveryCheckOfTheWatchAndAtNothingElse) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_file(WATCH_CHECKS_XML));
  std::set<std::string> checks;
  for (const pugi::xpath_node& check : document.select_nodes("//check")) {
    checks.insert(check.node().attribute("id").value());
  }
  std::set<std::string> aims;
  for (const ClientScenario& scenario : Suite()) {
    aims.insert(scenario.aims.begin(), scenario.aims.end());
  }
  EXPECT_THAT(aims, testing::ContainerEq(checks));
}

TEST(ClientScenarios, PlansAreXml) {
  for (const ClientScenario& scenario : Suite()) {
    for (const ClientJob& job : scenario.jobs) {
      pugi::xml_document plan;
      if (!job.faults.empty()) {
        EXPECT_TRUE(plan.load_string(job.faults.c_str())) << scenario.id;
      }
    }
  }
}

TEST(ClientScenarios, DoWhatAServerMayDo) {
  for (const std::string fault :
       {"stall", "abort", "close-early", "fail", "flush", "no-flush", "complete", "command",
        "clear-error", "depth", "first", "starve", "sizes", "read-past-end", "kill", "chatter",
        "delay-close", "delay-configure", "delay-open"}) {
    EXPECT_TRUE(AnyFault(fault)) << fault;
  }
  for (const std::string when : {"before-open", "after-open", "after-last-write", "after-transfer"})
    EXPECT_TRUE(AnyFault("fail", "when", when)) << when;
  for (const std::string then : {"retry", "abort", "close"})
    EXPECT_TRUE(AnyFault("clear-error", "then", then)) << then;
  for (const std::string depth : {"1", "16"})
    EXPECT_TRUE(AnyFault("depth", "commands", depth)) << depth;
  EXPECT_TRUE(AnyFault("complete", "grant", "no"));
  EXPECT_TRUE(AnyFault("complete", "send", "no"));
  EXPECT_TRUE(AnyFault("sizes", "write", "512"));
  EXPECT_TRUE(AnyFault("stall", "ms", "forever"));
}

TEST(ClientScenarios, DoWhatAMachineMayDo) {
  for (const std::string damage : {"truncate-block", "truncate-inside", "flip", "empty", "swap",
                                   "duplicate", "remove", "directory"}) {
    EXPECT_TRUE(AnyJob([&](const ClientJob& job) { return job.damage == damage; })) << damage;
  }
  for (const std::string trouble :
       {"read-only", "full:", "vanish:", "failing:write#", "failing:sync#", "failing:read#",
        "short:write#", "short:read#"}) {
    EXPECT_TRUE(AnyJob([&](const ClientJob& job) {
      return job.environment_trouble.rfind(trouble, 0) == 0;
    })) << trouble;
  }
  EXPECT_TRUE(AnyJob([](const ClientJob& job) { return job.copies > 1; }));
  EXPECT_TRUE(AnyJob([](const ClientJob& job) { return job.kill_target == "secondary"; }));
  EXPECT_TRUE(AnyJob([](const ClientJob& job) { return job.cancel_at == "idle"; }));
  EXPECT_TRUE(AnyJob([](const ClientJob& job) { return job.statement == "none"; }));
  EXPECT_TRUE(AnyJob([](const ClientJob& job) {
    return job.operation == ClientJob::Operation::kRestore && job.statement == "backup";
  }));
  for (const std::string part : {"]", "'", "\"", " ", "$"}) {
    EXPECT_TRUE(std::any_of(Suite().begin(), Suite().end(), [&](const ClientScenario& scenario) {
      return scenario.database.find(part) != std::string::npos;
    })) << part;
  }
}

TEST(ClientScenarios, GoOnAfterAKilledRun) {
  EXPECT_TRUE(std::any_of(Suite().begin(), Suite().end(), [](const ClientScenario& scenario) {
    return scenario.jobs.size() > 1 && !scenario.jobs.front().kill_at.empty() &&
           scenario.jobs.front().kill_target == "client";
  }));
}

}  // namespace
}  // namespace conform
