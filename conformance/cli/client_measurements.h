// What running the programs of the proof has shown: by whom each was caught, kept in a file, so
// that a measurement that was interrupted goes on where it stopped.
#ifndef CONFORMANCE_CLI_CLIENT_MEASUREMENTS_H_
#define CONFORMANCE_CLI_CLIENT_MEASUREMENTS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/cli/mutant_run.h"

namespace conform {

// A file with a JSON object a line, one for each run of a program. Lines of another build count for
// nothing, and so does a line that was cut off. Any thread may use it.
class Measurements {
 public:
  // Reads what is there; a file that is not there is empty. build: of what runs, see BuildStamp().
  Measurements(std::string file, std::string build);

  // What the command gave when it was run for that program; nullptr: it was not, or otherwise. The
  // pointer stays.
  const MutantVerdict* Find(const std::string& program, const std::string& command) const;
  // Throws std::runtime_error if the file cannot be written.
  void Add(const std::string& program, const std::string& command, const MutantVerdict& verdict);

 private:
  struct Kept {
    std::string command;
    MutantVerdict verdict;
  };

  const std::string file_;
  const std::string build_;
  mutable std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

// Sizes and times of the files: another build has others.
std::string BuildStamp(const std::vector<std::string>& files);

// Calls run(0) to run(count - 1), `at_once` of them at a time. It ends early when a run returns
// false; what has begun is finished. What a run throws is thrown here.
void RunAtOnce(std::size_t count, int at_once, const std::function<bool(std::size_t)>& run);

// "12 s", "7 min", of what is left when `done` of `all` took so long.
std::string TimeLeft(double seconds, std::size_t done, std::size_t all);

}  // namespace conform

#endif  // CONFORMANCE_CLI_CLIENT_MEASUREMENTS_H_
