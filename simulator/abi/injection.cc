#include "simulator/abi/injection.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <utility>

namespace vdisim {
namespace {

constexpr std::array<std::string_view, 12> kMethods = {"Create",
                                                       "CreateEx",
                                                       "OpenInSecondary",
                                                       "OpenInSecondaryEx",
                                                       "GetConfiguration",
                                                       "OpenDevice",
                                                       "GetCommand",
                                                       "CompleteCommand",
                                                       "Close",
                                                       "SignalAbort",
                                                       "GetBufferHandle",
                                                       "MapBufferHandle"};

struct Counted {
  explicit Counted(Injection one) : injection(std::move(one)) {}
  const Injection injection;
  std::atomic<uint64_t> calls{0};
};
using Plan = std::vector<std::unique_ptr<Counted>>;

// A plan that was in force is kept: a call of another thread may be reading it.
std::atomic<Plan*> current_plan{nullptr};

Plan* Keep(std::unique_ptr<Plan> plan) {
  static std::mutex* const mutex = new std::mutex;
  static auto* const kept = new std::vector<std::unique_ptr<Plan>>;
  const std::lock_guard lock(*mutex);
  kept->push_back(std::move(plan));
  return kept->back().get();
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

template <typename Number>
bool ParseWhole(std::string_view text, int base, Number* number) {
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, *number, base);
  return error == std::errc() && stopped == end;
}

bool ParseCode(std::string_view text, HResult* code) {
  if (ParseHResultName(text, code)) return true;
  uint32_t number = 0;
  if (!text.starts_with("0x") || !ParseWhole(text.substr(2), 16, &number)) return false;
  *code = HResult(static_cast<int32_t>(number));
  return true;
}

// One item; the mistake in it, or "".
std::string ParseOne(std::string_view item, Injection* injection) {
  const size_t hash = item.find('#');
  const size_t equals = item.find('=');
  if (hash == std::string_view::npos || equals == std::string_view::npos || equals < hash) {
    return "\"" + std::string(item) + "\" is not of the form METHOD#N=CODE";
  }
  const std::string_view method = Trim(item.substr(0, hash));
  const std::string_view nth = Trim(item.substr(hash + 1, equals - hash - 1));
  const std::string_view code = Trim(item.substr(equals + 1));
  injection->method = std::string(method);
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) {
    return "\"" + injection->method + "\" is no method of a client that answers with a code";
  }
  if (!ParseWhole(nth, 10, &injection->nth) || injection->nth == 0) {
    return "\"" + std::string(nth) + "\" is no number of a call, which counts from 1";
  }
  if (!ParseCode(code, &injection->code)) {
    return "\"" + std::string(code) + "\" is neither the name of a code nor 0x and its number";
  }
  if (injection->code.ok())
    return std::string(code) + " says that a call succeeded that was not made";
  if (injection->code == kClose)
    return "VD_E_CLOSE cannot be injected; only the engine closes a device";
  return {};
}

}  // namespace

std::optional<std::vector<Injection>> ParseInjections(std::string_view text, std::string* error) {
  std::vector<Injection> injections;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t end = rest.find(';');
    const std::string_view item = Trim(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (item.empty()) continue;
    Injection injection;
    *error = ParseOne(item, &injection);
    if (!error->empty()) return std::nullopt;
    for (const Injection& other : injections) {
      if (other.method != injection.method || other.nth != injection.nth) continue;
      *error = "\"" + std::string(item) + "\" gives a call a second answer";
      return std::nullopt;
    }
    injections.push_back(std::move(injection));
  }
  return injections;
}

std::atomic<Injector::Switch> Injector::switch_{Switch::kUnread};

void Injector::Start(std::vector<Injection> injections) {
  auto plan = std::make_unique<Plan>();
  for (Injection& injection : injections) {
    plan->push_back(std::make_unique<Counted>(std::move(injection)));
  }
  const bool on = !plan->empty();
  current_plan.store(Keep(std::move(plan)), std::memory_order_release);
  switch_.store(on ? Switch::kOn : Switch::kOff, std::memory_order_relaxed);
}

bool Injector::StartFromEnvironment() noexcept {
  try {
    static std::once_flag once;
    std::call_once(once, [] {
      // Start may have been called before; it wins.
      if (switch_.load(std::memory_order_relaxed) != Switch::kUnread) return;
      const char* const text = getenv("VDISIM_INJECT");
      std::string error;
      std::optional<std::vector<Injection>> injections =
          ParseInjections(text == nullptr ? "" : text, &error);
      if (!injections) {
        fprintf(stderr, "vdisim: VDISIM_INJECT is ignored: %s\n", error.c_str());
        injections.emplace();
      }
      Start(std::move(*injections));
    });
    return switch_.load(std::memory_order_relaxed) == Switch::kOn;
  } catch (...) {
    return false;
  }
}

std::optional<HResult> Injector::Answer(const char* method, const CallSubject& subject) noexcept {
  const Plan* const plan = current_plan.load(std::memory_order_acquire);
  if (plan == nullptr || subject.face() == kServerFace) return std::nullopt;
  std::optional<HResult> answer;
  for (const std::unique_ptr<Counted>& one : *plan) {
    if (one->injection.method != method) continue;
    if (one->calls.fetch_add(1, std::memory_order_relaxed) + 1 == one->injection.nth) {
      answer = one->injection.code;
    }
  }
  if (answer == kAbort) subject.Abort();
  return answer;
}

}  // namespace vdisim
