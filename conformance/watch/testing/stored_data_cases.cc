#include "conformance/watch/testing/cases.h"

namespace conform {

std::vector<BreakCase> StoredDataCases() {
  return {
      {.name = "AByteIsStoredWrong",
       .check = "artefact-equal",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             e.stored[0].equal = false;
             e.stored[0].first_bad = 70000;
           },
       .kept =
           [](Evidence& e) {  // of a statement before, whose artefact was overwritten
             StoredStream old = e.stored[0];
             old.statement = 0;
             old.equal = false;
             e.stored.push_back(old);
           }},
      {.name = "TheEndOfTheDataIsNotStored",
       .check = "artefact-equal",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.job.expect = JobExpectation::kAgrees;
             e.job.trouble = true;
             e.stored[0].equal = false;
             e.stored[0].stored = e.stored[0].first_bad = 512;
             return e;
           },
       .broken = [](Evidence&) {},
       .kept = [](Evidence& e) { e.end.status = 1; }},  // and the program says so
      {.name = "ARestoreGivesOtherBytes",
       .check = "restore-equal",
       .base = Restore,
       .broken =
           [](Evidence& e) {
             EventOf(e, JournalKind::kEnded).comparison = "different";
             EventOf(e, JournalKind::kEnded).difference = RestoreDifference{512, 1, 2, 66048};
           },
       .kept =
           [](Evidence& e) {  // the artefact was damaged, which a client cannot know
             EventOf(e, JournalKind::kEnded).comparison = "different";
             e.job.damaged = true;
           }},
      {.name = "APartialArtefactIsLeft",
       .check = "partial-artefact",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             e.after = {{"d.1", 4096, "x", 1}};
           },
       .kept =
           [](Evidence& e) {
             e.after = {{"d.1.partial", 4096, "x", 1}, {"d.2", 0, "empty", 1}};
           }},
      {.name = "AGoodArtefactIsOverwrittenByAPartialOne",
       .check = "partial-artefact",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             e.before = {{"d.1", 8192, "good", 1}};
             e.after = {{"d.1", 4096, "x", 2}};
           },
       .kept =
           [](Evidence& e) {
             e.before = {{"d.1", 8192, "good", 1}};
             e.after = e.before;
           }},
  };
}

}  // namespace conform
