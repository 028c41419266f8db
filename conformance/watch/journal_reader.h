// Reads the engine's journal. A damaged line, as a server that was killed leaves it, costs that
// line alone; events of a kind that is not known are left out.
#ifndef CONFORMANCE_WATCH_JOURNAL_READER_H_
#define CONFORMANCE_WATCH_JOURNAL_READER_H_

#include <iosfwd>
#include <set>
#include <string>
#include <vector>

#include "conformance/watch/journal_event.h"
#include "conformance/watch/json_lines.h"

namespace conform {

struct Journal {
  std::vector<JournalEvent> events;  // in the order of the file
  std::vector<LineDamage> damages;
};

// file: the name that damages are reported with.
Journal ReadJournal(std::istream& text, const std::string& file);

// A file that cannot be opened is a damage of line 0.
Journal ReadJournalFile(const std::string& path);

// Of a journal that several clients share: the events of the statements that name one of these
// device sets in their text.
std::vector<JournalEvent> EventsOfSets(const std::vector<JournalEvent>& events,
                                       const std::set<std::string>& sets);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_JOURNAL_READER_H_
