// vdi-table-mutation: runs the suite once, records it, and judges the recordings again with each
// code of the tables flipped in turn.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

#include "conformance/table_mutation/flips.h"
#include "conformance/table_mutation/recorded_suite.h"

namespace {

constexpr int kUsage = 2;
constexpr int kTrouble = 3;

int Run(const std::string& file, const std::string& traces) {
  const conform::Rules rules = conform::Rules::Embedded();
  const conform::Survivors survivors = conform::ReadSurvivors(rules, SURVIVORS_XML);
  const std::vector<conform::Recording> recordings =
      traces.empty() ? conform::RecordSuite() : conform::ReadRecordings(traces);
  const auto began = std::chrono::steady_clock::now();
  const std::vector<conform::Flip> flips =
      conform::Judge(rules, recordings, conform::AllFlips(rules),
                     std::max(1U, std::thread::hardware_concurrency()));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;

  std::filesystem::create_directories(std::filesystem::absolute(file).parent_path());
  std::ofstream out(file);
  out << conform::FlipTable(flips, survivors);
  if (!out.flush()) {
    std::cerr << "vdi-table-mutation: cannot write " << file << "\n";
    return kTrouble;
  }
  const std::vector<std::string> complaints = conform::Complaints(flips, survivors);
  for (const std::string& one : complaints) std::cout << one << "\n";
  std::cout << fmt::format("{}: {}, by {} recorded cases, in {:.1f} s\n", file,
                           conform::FlipSummary(flips), recordings.size(), took.count());
  return complaints.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::cerr << "usage: vdi-table-mutation FILE [TRACES]\n"
                 "Flips each code of the rules' tables in turn and writes to FILE, as Markdown, "
                 "which cases\nnotice it. The cases are run once, or read from TRACES, a folder of "
                 "`vdi-conform run\n--trace`. Exit status: 0 enough flips are noticed and each "
                 "other has its reason, 1 not so,\n2 usage, 3 trouble of ours.\n";
    return kUsage;
  }
  try {
    return Run(argv[1], argc == 3 ? argv[2] : "");
  } catch (const std::exception& error) {
    std::cerr << "vdi-table-mutation: " << error.what() << "\n";
    return kTrouble;
  }
}
