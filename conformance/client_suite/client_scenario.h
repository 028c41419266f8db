// A case for a client program, ready to run: how often the program is started, what the server and
// the machine do to it meanwhile, and what is looked at. Plain data, immutable once loaded; any
// thread may read it. The language of the files is described in conformance/DESIGN.md.
#ifndef CONFORMANCE_CLIENT_SUITE_CLIENT_SCENARIO_H_
#define CONFORMANCE_CLIENT_SUITE_CLIENT_SCENARIO_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace conform {

// One start of the client, or several at once. All jobs of a scenario share one directory of
// artefacts and one home of the server, and copy n always has the same artefact.
struct ClientJob {
  enum class Operation { kBackup, kRestore };
  // What the program's own word, its exit status, has to be.
  enum class Expect {
    kSuccess,
    kFailure,
    kAgrees,  // whatever the statement said
    kAny,     // either is right
  };

  Operation operation = Operation::kBackup;
  // What the statement says, where the judge gives it: "backup", "restore", "none" (nobody ever
  // comes); empty: the operation. Anything but empty needs the capability judge-statement.
  std::string statement;
  int devices = 1;  // 1 to 64
  // How many devices the statement names, where the judge gives it; 0: as many. Anything but 0
  // needs the capability judge-statement.
  int statement_devices = 0;
  int copies = 1;                // at the same time, each with its own set, database and artefact
  std::string faults;            // the text of <faults>...</faults>, for vdisim serve; empty: none
  std::string inject;            // for VDISIM_INJECT; empty: nothing
  std::string guard = "detect";  // for VDISIM_GUARD: detect, fault or off
  // What is wrong with the place of the artefact: "", "read-only", "full:BYTES" (no more than that
  // fits into a file), "vanish:POINT" (the directory disappears; POINT as below), "failing:CALLS"
  // (they fail with EIO). CALLS is "write#3" (the third write to a file of that directory and all
  // behind it; "write#3x2": two of them), "read#3" alike, "sync#1" (the first fsync, and no other);
  // "short:CALLS" (they move half of what they are asked to; CALLS as before, without sync).
  std::string environment_trouble;
  // What happens to the artefact before this job: "", "truncate-block", "truncate-inside", "flip",
  // "empty", "swap" (two of its files change places), "duplicate" (the second of them becomes
  // a copy of the first), "remove", "directory" (a directory of that
  // name takes its place, so that reading fails).
  std::string damage;
  // The point at which the program is told to stop, or something is killed; empty: never. A POINT
  // is "Write#3" (the third command of that kind that the library handed out, over all devices:
  // Read, Write, Flush, Complete, any) or "idle" (the first call of GetConfiguration began).
  std::string cancel_at;
  std::string kill_at;
  // What happens at kill_at: "client" (SIGKILL to its process group), "secondary" (SIGKILL to a
  // process of the group that opened a device and did not create the set), or "pause:MS" (the group
  // is stopped for so long and goes on), or "pause:1.5T" (for one and a half of the serverTimeOut
  // that it gave at Create).
  std::string kill_target = "client";
  // Behind WITH of the statement: "MAXTRANSFERSIZE = 4194304". Needs the capability
  // judge-statement, for nobody else can write it.
  std::string statement_options;
  Expect expect = Expect::kAgrees;
  // It is done only if the program called the job before it a success, in all its copies. A RESTORE
  // of this kind does not require the capability "restore": without it, it is left out. It tells
  // whether an artefact is good that nobody else can read.
  bool after_success = false;
  int line = 0;  // of the <job>
};

// "backup", "restore"; "success", "failure", "agrees": as they stand in files and reports.
std::string_view Name(ClientJob::Operation operation);
std::string_view Name(ClientJob::Expect expect);

struct ClientScenario {
  std::string id;        // "program.flush.mid-stream", behind it the rows: ".before-write"; stable
  std::string scenario;  // the id without rows
  std::string title;     // one sentence, with the rows' values
  std::string goal;      // why it matters
  std::string group;     // "program.flush"
  std::string file;
  int line = 0;
  std::set<std::string> tags;
  std::set<std::string> requirements;  // capabilities of client.xml, see ClientCapabilities()
  std::vector<std::string> clauses;    // what the scenario is about; the checks have their own
  std::string database = "d";          // its name; copy n > 1 has the number behind it
  std::string source = "seed:1,size:2M";
  std::vector<ClientJob> jobs;    // one at least; a later one runs whatever the ones before gave,
                                  // unless it says after_success
  std::vector<std::string> aims;  // ids of the watch checks that this scenario is there for
  std::string no_bug;             // why no client with one bug can be caught; empty: one can
};

// Every capability that a scenario can require and client.xml can declare: "stripes", "restore",
// "complete", "secondary-processes", "cancel", "judge-statement",
// "own-statement" (the program gives the statement and sees its end), "raw-artefact", "queue".
const std::vector<std::string>& ClientCapabilities();

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_SUITE_CLIENT_SCENARIO_H_
