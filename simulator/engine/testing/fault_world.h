// A fixture for tests of fault plans: an EngineWorld whose engine has a plan, a journal and kept
// streams.
#ifndef SIMULATOR_ENGINE_TESTING_FAULT_WORLD_H_
#define SIMULATOR_ENGINE_TESTING_FAULT_WORLD_H_

#include <algorithm>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "simulator/engine/testing/engine_world.h"

namespace vdisim::testing_support {

class FaultWorld : public EngineWorld {
 protected:
  using Json = nlohmann::json;
  static constexpr const char* kBackup = "BACKUP DATABASE pubs TO%";
  static constexpr const char* kRestore = "RESTORE DATABASE pubs FROM%";

  void SetUp() override {
    EngineWorld::SetUp();
    std::filesystem::create_directories(home_);
    options_.journal = home_ / "journal.jsonl";
    options_.streams = home_ / "streams";
  }

  // Statements from here on run under this plan; "" = none.
  void Plan(const std::string& inside) {
    engine_.reset();
    options_.faults = home_ / "plan.xml";
    std::ofstream(options_.faults, std::ios::trunc) << "<faults>" << inside << "</faults>\n";
  }

  // The lines of the journal, of that kind, in the order of their times.
  std::vector<Json> Journal(const std::string& event = "") const {
    std::vector<Json> lines;
    std::ifstream file(options_.journal);
    for (std::string line; std::getline(file, line);) {
      Json json = Json::parse(line);
      if (event.empty() || json["e"] == event) lines.push_back(std::move(json));
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Json& a, const Json& b) { return a["t"] < b["t"]; });
    return lines;
  }
  void ForgetJournal() const { std::ofstream(options_.journal, std::ios::trunc).flush(); }

  // "stall 2 3": what, device and command of every fault that fired, in order.
  std::vector<std::string> Fired() const {
    std::vector<std::string> fired;
    for (const Json& line : Journal("fault")) {
      fired.push_back(line["what"].get<std::string>() + " " + line["device"].dump() + " " +
                      line["n"].dump());
    }
    return fired;
  }

  // The codes that were sent on a device, in order.
  std::vector<int32_t> Sent(int device = 1) const {
    std::vector<int32_t> codes;
    for (const Json& line : Journal("sent")) {
      if (line["device"] == device) codes.push_back(line["code"].get<int32_t>());
    }
    return codes;
  }

  std::string KeptStream(int statement, int device) const {
    std::ifstream file(
        options_.streams / (std::to_string(statement) + "." + std::to_string(device) + ".stream"),
        std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string Stored(size_t device) const { return {media_[device].begin(), media_[device].end()}; }

  // A script that changes the answers to one command of a device; both from 1, "number" of the
  // command as the client counts.
  static ClientScript Answering(uint32_t device, int number,
                                const std::function<void(const VDC_Command&, Answer*)>& change) {
    ClientScript script;
    script.change = [=](uint32_t index, int n, const VDC_Command& command, Answer* answer) {
      if (index + 1 == device && n == number) change(command, answer);
    };
    return script;
  }
};

}  // namespace vdisim::testing_support

#endif  // SIMULATOR_ENGINE_TESTING_FAULT_WORLD_H_
