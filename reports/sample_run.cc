#include "reports/sample_run.h"

#include <algorithm>

namespace reports {
namespace {

const std::string kHandles = "vdi.map_buffer_handle";
const std::string kLife = "vdi.life_cycle";

Finding WrongCode() {
  Finding finding;
  finding.check_id = "map.foreign.code";
  finding.clause = "C-MAP-03";
  finding.requirement = "MapBufferHandle returns VD_E_INVALID: The handle is invalid.";
  finding.source = "HB-1sdh; MSL-C-MapBufferHandle; LNX-2026; documented";
  finding.expected = "VD_E_INVALID (0x80770006)";
  finding.actual = "NOERROR (0x00000000)";
  finding.detail =
      "step 7, secondary 2, call 23: MapBufferHandle(17, &buffer)\nthe handle is of set <B> & "
      "\"C\"";
  finding.problem = Problem::kReturnCodeMismatch;
  return finding;
}

Finding Undocumented() {
  Finding finding;
  finding.check_id = "map.null.code";
  finding.clause = "G-62";
  finding.expected = "VD_E_INVALID (0x80770006)";
  finding.actual = "VD_E_PROTOCOL (0x8077000C)";
  finding.problem = Problem::kReturnCodeMismatch;
  finding.warning = true;
  return finding;
}

CaseEnded End(const std::string& id, Outcome outcome, const std::string& reason = "",
              Problem problem = Problem::kNone) {
  CaseEnded end;
  end.case_id = id;
  end.outcome = outcome;
  end.problem = problem;
  end.reason = reason;
  end.seconds = 0.0125;
  end.reproduce = "vdi-conform run --only " + id + " --seed 0x5eed";
  return end;
}

}  // namespace

std::vector<Event> SampleEvents() {
  std::vector<Event> events = {
      RunStarted{"vdi-conform",
                 {{"version", "0.1.0"}, {"subject", "libsqlvdi.so"}},
                 "0x5eed",
                 "vdi-conform run --library \"lib/libsqlvdi.so\"",
                 "2026-09-01T10:11:12",
                 "build-07"},
      CaseSelected{"map.01", "maps a handle in a secondary", kHandles, "map_buffer_handle.xml", 12},
      CaseSelected{"map.02", "refuses a handle of another set", kHandles, "map_buffer_handle.xml",
                   40},
      CaseSelected{"map.03", "refuses a handle after Close", kHandles, "map_buffer_handle.xml", 71},
      CaseSelected{"map.04", "maps a handle before configuration", kHandles, "", 0},
      CaseSelected{"life.01", "aborts when the primary dies", kLife, "life_cycle.xml", 5},
      CaseSelected{"life.02", "survives \xE2\x80\x9Cquotes\xE2\x80\x9D & <tags in names", kLife,
                   "life_cycle.xml", 25},
      CaseSelected{"life.03", "answers after serverTimeOut", kLife, "life_cycle.xml", 44},
      CaseSelected{"life.04", "was running when the run ended", kLife, "life_cycle.xml", 61},
      CheckMade{"map.01", {"map.01.code", "C-MAP-01", CheckResult::kHeld}},
      CheckMade{"map.01", {"map.null.code", "G-62", CheckResult::kWarned}},
      FindingMade{"map.01", Undocumented()},
      OutputSeen{"map.01", false, "mapped at 0x7f00\r\n<![CDATA[ ]]> & more\n"},
      FileAttached{"map.01", "traces/map.01.vdt"},
  };
  CaseEnded passed = End("map.01", Outcome::kPass);
  passed.properties = {{"requirement", "C-MAP-01"}, {"path", "a[[b]]c"}};
  events.emplace_back(passed);
  events.emplace_back(CheckMade{"map.02", {"map.foreign.code", "C-MAP-03", CheckResult::kFailed}});
  events.emplace_back(FindingMade{"map.02", WrongCode()});
  Finding second = WrongCode();
  second.check_id = "map.foreign.bytes";
  second.problem = Problem::kDataCorruption;
  events.emplace_back(FindingMade{"map.02", second});
  events.emplace_back(
      OutputSeen{"map.02", true, std::string("bell \x07, NUL \0, broken \xC3 end", 25)});
  events.emplace_back(FileAttached{"map.02", "traces/map.02.vdt"});
  events.emplace_back(End("map.02", Outcome::kFail));
  events.emplace_back(End("map.03", Outcome::kSkip, "capability \"secondary\" is not declared"));
  events.emplace_back(CheckMade{"map.04", {"map.04.code", "C-MAP-02", CheckResult::kFailed}});
  events.emplace_back(End("map.04", Outcome::kWaived, "https://example.org/bugs/17"));
  events.emplace_back(OutputSeen{"life.01", true, "Segmentation fault"});
  events.emplace_back(End("life.01", Outcome::kError, "primary ended by signal 11 in Close",
                          Problem::kClientCrash));
  events.emplace_back(End("life.02", Outcome::kUnexpectedPass, "waived until 2026-12-31"));
  events.emplace_back(End("life.03", Outcome::kNotModelled, "VDC_GetError was asked for"));
  events.emplace_back(RunEnded{true, 1.5});
  return events;
}

Run SampleRunOf(Outcome outcome) {
  Run run = BuildRun(SampleEvents());
  std::erase_if(run.cases, [&](const Case& one) { return one.outcome != outcome; });
  return run;
}

}  // namespace reports
