#include "simulator/itest/actor.h"

#include <sys/resource.h>

namespace vdisim::itest {
namespace {

constexpr uint64_t kDismissal = UINT64_MAX;

// A message: the order in 8 bits, the device in 8, 16 empty ones, the argument in 32.
uint64_t Pack(Order order, uint32_t device, uint32_t argument) {
  return static_cast<uint64_t>(order) | static_cast<uint64_t>(device) << 8 |
         static_cast<uint64_t>(argument) << 32;
}

Answer CpuMilliseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) { return time.tv_sec * 1000 + time.tv_usec / 1000; };
  return {.code = kOk,
          .value = static_cast<uint32_t>(of(usage.ru_utime) + of(usage.ru_stime)),
          .came = true};
}

}  // namespace

Actor::Actor(const std::function<Obey()>& part)
    : process_([&part](TestLine& parent) {
        const Obey obey = part();
        while (const std::optional<uint64_t> message = parent.Hear()) {
          if (*message == kDismissal) break;
          const auto order = static_cast<Order>(*message & 0xFF);
          const Answer answer = order == Order::kCpuMilliseconds
                                    ? CpuMilliseconds()
                                    : obey(order, static_cast<uint32_t>(*message >> 8 & 0xFF),
                                           static_cast<uint32_t>(*message >> 32));
          parent.Tell(static_cast<uint32_t>(answer.code.value()) |
                      static_cast<uint64_t>(answer.value) << 32);
        }
        return 0;
      }) {}

std::unique_ptr<Actor> Actor::Client(const Cast& cast) {
  return std::unique_ptr<Actor>(new Actor([cast] { return PlayClient(cast); }));
}

std::unique_ptr<Actor> Actor::Server(const Cast& cast) {
  return std::unique_ptr<Actor>(new Actor([cast] { return PlayServer(cast); }));
}

void Actor::Begin(Order order, uint32_t device, uint32_t argument) {
  process_.Tell(Pack(order, device, argument));
}

Answer Actor::End() {
  const std::optional<uint64_t> message = process_.Hear();
  if (!message.has_value()) return {.code = kUnexpected, .value = 0, .came = false};
  return {.code = HResult(static_cast<int32_t>(*message & 0xFFFFFFFF)),
          .value = static_cast<uint32_t>(*message >> 32),
          .came = true};
}

Answer Actor::Do(Order order, uint32_t device, uint32_t argument) {
  Begin(order, device, argument);
  return End();
}

int Actor::Dismiss() {
  process_.Tell(kDismissal);
  return process_.Wait();
}

}  // namespace vdisim::itest
