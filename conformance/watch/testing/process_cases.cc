#include <csignal>

#include "conformance/watch/testing/cases.h"

namespace conform {
namespace {

using vdisim::TraceNumber;

}  // namespace

std::vector<BreakCase> ProcessCases() {
  return {
      {.name = "TheProgramNeverEnds",
       .check = "hang",
       .base = Backup,
       .broken = [](Evidence& e) { Hang(e, e.end.t); },
       .kept = [](Evidence& e) { e.hang.silent_seconds = 9; }},
      {.name = "TheProgramCrashes",
       .check = "crash",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             StopAt(e, Answered(e, 3));
             e.end.exited = false;
             e.end.signalled = true;
             e.end.signal = SIGSEGV;
           },
       .kept =
           [](Evidence& e) {  // that was us
             StopAt(e, Answered(e, 3));
             e.end.exited = false;
             e.end.signalled = e.end.killed_by_us = true;
             e.end.signal = SIGKILL;
             e.job.killed = "client";
           }},
      {.name = "SharedMemoryIsLeft",
       .check = "left-objects",
       .base = Backup,
       .broken = [](Evidence& e) { e.left_objects = {"vdisim.set"}; },
       .kept =
           [](Evidence& e) {
             MakeFailed(e, 3202);
             e.end.exited = false;
             e.end.signalled = e.end.killed_by_us = true;
             e.job.killed = "client";
             e.left_objects = {"vdisim.set"};
           }},
      {.name = "AProcessIsLeft",
       .check = "left-processes",
       .base = Backup,
       .broken = [](Evidence& e) { e.left_processes = {"4711 sleep"}; },
       .kept = [](Evidence&) {}},
      {.name = "AThreadIsLeft",
       .check = "left-resources",
       .base = Backup,
       .broken = [](Evidence& e) { SystemOf(e, "exit").threads = 2; },
       .kept =
           [](Evidence& e) {  // of a helper that has no set
             WitnessEvent event = SystemOf(e, "exit");
             event.pid = 7;
             event.threads = 2;
             e.system.push_back(event);
           }},
      {.name = "DescriptorsAreLeft",
       .check = "left-resources",
       .base = Backup,
       .broken = [](Evidence& e) { SystemOf(e, "exit").left = 17; },
       .kept = [](Evidence& e) { SystemOf(e, "exit").left = 8; }},
      {.name = "AWaitBurnsAProcessor",
       .check = "busy-wait",
       .base = Backup,
       .broken = [](Evidence& e) { e.idle_cpu_share = 0.98; },
       .kept =
           [](Evidence& e) {  // it reads what the server tells
             e.idle_cpu_share = 0.98;
             JournalEvent fault;
             fault.kind = JournalKind::kFault;
             fault.statement = 1;
             fault.text = "chatter";
             e.engine.push_back(fault);
           }},
      {.name = "CommandsAreAskedForWithoutAWait",
       .check = "busy-wait",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             for (int i = 0; i < 150; ++i) {
               AddDeviceCall(e, t + 1 + int64_t{2000} * i, "GetCommand", vdisim::kTimeout);
             }
           },
       .kept =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             for (int i = 0; i < 150; ++i) {
               SetInput(AddDeviceCall(e, t + 1 + int64_t{2000} * i, "GetCommand", vdisim::kTimeout),
                        "timeOut", TraceNumber(int64_t{2}));
             }
           }},
      {.name = "ThePasswordStandsOnACommandLine",
       .check = "secret-shown",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.client.password = "s3cret";
             e.command_lines = {"sqlcmd -U sa -Q BACKUP"};
             return e;
           },
       .broken = [](Evidence& e) { e.command_lines.emplace_back("sqlcmd -U sa -P s3cret"); },
       .kept = [](Evidence&) {}},
      {.name = "ThePasswordIsPrinted",
       .check = "secret-shown",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.client.password = "s3cret";
             return e;
           },
       .broken = [](Evidence& e) { e.end.error = "login failed: sa/s3cret"; },
       .kept = [](Evidence& e) { e.end.error = "login failed: sa"; }},
  };
}

}  // namespace conform
