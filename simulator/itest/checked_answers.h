// CheckedAnswers compares the codes of several calls with what is expected, inside an actor, and
// says on standard error which one was wrong. For one thread.
#ifndef SIMULATOR_ITEST_CHECKED_ANSWERS_H_
#define SIMULATOR_ITEST_CHECKED_ANSWERS_H_

#include <cstdint>
#include <cstdio>

#include "simulator/itest/actor.h"

namespace vdisim::itest {

class CheckedAnswers {
 public:
  void Expect(const char* call, HResult got, HResult wanted) {
    ++count_;
    if (got == wanted) return;
    std::fprintf(stderr, "%s answered %s instead of %s\n", call, got.ToString().c_str(),
                 wanted.ToString().c_str());
    if (wrong_.value == 0) wrong_ = {.code = got, .value = count_, .came = true};
  }
  // The first wrong code with the number of its call, counted from 1; else NOERROR and 0.
  Answer Sum() const { return wrong_; }

 private:
  uint32_t count_ = 0;
  Answer wrong_{.code = kOk, .value = 0, .came = true};
};

}  // namespace vdisim::itest

#endif  // SIMULATOR_ITEST_CHECKED_ANSWERS_H_
