#include "reports/merge.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "reports/event.h"
#include "reports/junit_reader.h"
#include "reports/text.h"

namespace reports {
namespace {

// From good to bad; of two results for one case the worse one counts.
int Badness(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSkip:
      return 0;
    case Outcome::kPass:
      return 1;
    case Outcome::kWaived:
      return 2;
    case Outcome::kUnexpectedPass:
      return 3;
    case Outcome::kFail:
      return 4;
    case Outcome::kNotModelled:
      return 5;
    case Outcome::kNotFinished:
      return 6;
    case Outcome::kError:
      return 7;
  }
  return 8;
}

void AppendUnique(std::string* list, const std::string& text) {
  if (text.empty() || ("; " + *list + "; ").find("; " + text + "; ") != std::string::npos) return;
  *list += (list->empty() ? "" : "; ") + text;
}

class Merger {
 public:
  explicit Merger(const std::vector<MergeInput>& inputs) : inputs_(inputs) {}

  Run Merge() {
    Head();
    Cases();
    Shards();
    Subjects();
    for (const MergeInput* input : Sorted()) {
      if (input->run.finished && !input->run.interrupted) continue;
      Trouble("merge.unfinished", input->name,
              input->run.interrupted ? "the run was interrupted" : "the run did not finish");
    }
    return run_;
  }

 private:
  // By the number of the shard; otherwise as they were given.
  std::vector<const MergeInput*> Sorted() const {
    std::vector<const MergeInput*> sorted;
    for (const MergeInput& input : inputs_) sorted.push_back(&input);
    std::stable_sort(sorted.begin(), sorted.end(), [](const MergeInput* a, const MergeInput* b) {
      return a->run.shard.index < b->run.shard.index;
    });
    return sorted;
  }

  void Head() {
    run_.finished = true;
    for (const MergeInput* input : Sorted()) {
      const Run& one = input->run;
      if (run_.name.empty()) run_.name = one.name;
      if (!one.started.empty() && (run_.started.empty() || one.started < run_.started)) {
        run_.started = one.started;
      }
      AppendUnique(&run_.seed, one.seed);
      AppendUnique(&run_.hostname, one.hostname);
      run_.seconds = std::max(run_.seconds, one.seconds);
      for (const auto& [name, value] : one.properties) {
        const auto same =
            std::find_if(run_.properties.begin(), run_.properties.end(),
                         [&key = name](const auto& other) { return other.first == key; });
        if (same == run_.properties.end()) {
          run_.properties.emplace_back(name, value);
        } else {
          AppendUnique(&same->second, value);
        }
      }
    }
  }

  // Shards take every n-th case, so the first of each, the second of each and so on give the order
  // of the whole.
  void Cases() {
    const std::vector<const MergeInput*> sorted = Sorted();
    for (std::size_t i = 0, left = sorted.size(); left > 0; ++i) {
      left = 0;
      for (const MergeInput* input : sorted) {
        if (i >= input->run.cases.size()) continue;
        ++left;
        Add(input->run.cases[i], input->name);
      }
    }
  }

  void Add(const Case& one, const std::string& file) {
    const auto [at, added] = index_.try_emplace(one.id, run_.cases.size());
    if (added) {
      run_.cases.push_back(one);
      files_[one.id] = file;
      return;
    }
    Trouble("merge.duplicate", one.id,
            "stands in " + files_[one.id] + " and in " + file + "; its worse result counts");
    if (Badness(one.outcome) > Badness(run_.cases[at->second].outcome)) {
      run_.cases[at->second] = one;
    }
  }

  void Shards() {
    int count = 0;
    for (const MergeInput& input : inputs_) count = std::max(count, input.run.shard.count);
    if (count <= 1) return;
    std::map<int, int> seen;
    int selected = 0;
    for (const MergeInput& input : inputs_) {
      const Shard& shard = input.run.shard;
      if (shard.count != count) {
        Trouble("merge.shard", input.name,
                "is shard " + std::to_string(shard.index) + " of " + std::to_string(shard.count) +
                    ", and another file is of " + std::to_string(count));
        continue;
      }
      if (selected != 0 && shard.selected != selected) {
        Trouble("merge.shard", input.name,
                "is of a selection of " + std::to_string(shard.selected) +
                    " cases, and another file of one of " + std::to_string(selected));
      }
      selected = std::max(selected, shard.selected);
      ++seen[shard.index];
    }
    for (int index = 1; index <= count; ++index) {
      const std::string name = std::to_string(index) + "/" + std::to_string(count);
      if (seen[index] == 0) Trouble("merge.shard-missing", name, "no file holds this shard");
      if (seen[index] > 1) Trouble("merge.shard-twice", name, "several files hold this shard");
    }
  }

  void Subjects() {
    std::string subjects;
    for (const MergeInput& input : inputs_) {
      for (const auto& [name, value] : input.run.properties) {
        if (name == "subject") AppendUnique(&subjects, value);
      }
    }
    if (subjects.find("; ") != std::string::npos) {
      Trouble("merge.subjects", "subject", "the files judge several subjects: " + subjects);
    }
  }

  void Trouble(const std::string& kind, const std::string& what, const std::string& why) {
    Case one;
    std::string plain = OneLine(what);
    std::replace_if(
        plain.begin(), plain.end(), [](char c) { return c <= ' ' || c >= 127; }, '_');
    one.id = kind + ":" + plain;
    one.title = "the results that were joined are whole";
    one.group = "merge";
    one.outcome = Outcome::kError;
    one.problem = Problem::kHarnessError;
    one.reason = what + ": " + why;
    if (index_.try_emplace(one.id, run_.cases.size()).second) run_.cases.push_back(one);
  }

  const std::vector<MergeInput>& inputs_;
  Run run_;
  std::map<std::string, std::size_t> index_;  // of the cases of run_, by id
  std::map<std::string, std::string> files_;  // where each was found first
};

}  // namespace

Run ReadResults(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos) {
    throw std::invalid_argument("empty; expected an event log or a JUnit file");
  }
  if (text[first] == '<') return ReadJUnit(text);
  if (text[first] != '{') {
    throw std::invalid_argument("neither an event log (JSON lines) nor a JUnit file (XML)");
  }
  return BuildRun(ParseEvents(text));
}

Run Merge(const std::vector<MergeInput>& inputs) { return Merger(inputs).Merge(); }

}  // namespace reports
