#include "conformance/cli/client_measurements.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <utility>

namespace conform {
namespace {

using Json = nlohmann::json;

Json AsJson(const MutantVerdict& verdict) {
  return {{"status", verdict.status},
          {"failed", verdict.failed},
          {"warned", verdict.warned},
          {"seconds", verdict.seconds},
          {"skipped", verdict.skipped}};
}

MutantVerdict AsVerdict(const Json& json) {
  MutantVerdict verdict;
  json.at("status").get_to(verdict.status);
  json.at("failed").get_to(verdict.failed);
  json.at("warned").get_to(verdict.warned);
  json.at("seconds").get_to(verdict.seconds);
  json.at("skipped").get_to(verdict.skipped);
  return verdict;
}

}  // namespace

Measurements::Measurements(std::string file, std::string build)
    : file_(std::move(file)), build_(std::move(build)) {
  std::ifstream stream(file_);
  for (std::string line; std::getline(stream, line);) {
    if (line.empty()) continue;
    try {
      const Json json = Json::parse(line);
      if (json.at("build") != build_) continue;
      kept_[json.at("program")] = {json.at("command"), AsVerdict(json)};
    } catch (const Json::exception&) {
      continue;  // the line on which somebody was interrupted
    }
  }
}

const MutantVerdict* Measurements::Find(const std::string& program,
                                        const std::string& command) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(program);
  if (found == kept_.end() || found->second.command != command) return nullptr;
  return &found->second.verdict;
}

void Measurements::Add(const std::string& program, const std::string& command,
                       const MutantVerdict& verdict) {
  Json json = AsJson(verdict);
  json["build"] = build_;
  json["program"] = program;
  json["command"] = command;
  const std::lock_guard lock(mutex_);
  kept_[program] = {command, verdict};
  std::ofstream stream(file_, std::ios::app);
  stream << "\n" << json.dump() << "\n";  // the last line may have been cut off
  if (!stream.flush()) throw std::runtime_error("cannot write " + file_);
}

std::string BuildStamp(const std::vector<std::string>& files) {
  std::string stamp;
  for (const std::string& file : files) {
    std::error_code none;
    const auto size = std::filesystem::file_size(file, none);
    const auto time = std::filesystem::last_write_time(file, none).time_since_epoch().count();
    stamp += (stamp.empty() ? "" : " ") + std::to_string(size) + "@" + std::to_string(time);
  }
  return stamp;
}

void RunAtOnce(std::size_t count, int at_once, const std::function<bool(std::size_t)>& run) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(at_once));
  for (int i = 0; i < at_once; ++i) {
    threads.emplace_back([&] {
      try {
        for (std::size_t n = next++; n < count; n = next++) {
          if (!run(n)) next = count;
        }
      } catch (...) {
        next = count;
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
}

std::string TimeLeft(double seconds, std::size_t done, std::size_t all) {
  if (done == 0) return "?";
  const double left = seconds / static_cast<double>(done) * static_cast<double>(all - done);
  constexpr double kMinute = 60;
  if (left < 2 * kMinute) return std::to_string(std::lround(left)) + " s";
  return std::to_string(std::lround(left / kMinute)) + " min";
}

}  // namespace conform
