// Evidence made by hand: what a correct client of each style leaves behind, for tests to change in
// one place.
#ifndef CONFORMANCE_WATCH_TESTING_STORY_H_
#define CONFORMANCE_WATCH_TESTING_STORY_H_

#include <cstdint>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "conformance/watch/evidence.h"
#include "simulator/base/hresult.h"

namespace conform {

struct Style {
  int devices = 1;
  bool processes = false;      // a secondary process for each device
  bool single_thread = false;  // one thread serves all devices in turn
  int hold = 1;                // commands held at once
  bool reverse = false;        // and completed last one first
  bool polls = false;          // GetCommand says VD_E_TIMEOUT before each command
  bool request_complete = false;
  bool extra_flush = false;  // a Flush in mid-stream
  bool judge_statement = false;
};

inline constexpr int64_t kStoryStart = 1000000000;     // the first call
inline constexpr int64_t kStoryStep = 1000000;         // between two events
inline constexpr int64_t kStoryTransfer = 65536;       // bytes of each transfer
inline constexpr int kStoryTransfers = 4;              // of each device
inline constexpr uint32_t kStoryPid = 100;             // of the primary
inline constexpr const char* kStoryFolder = "/media";  // of the artefacts

// Adds events in the order of their time.
class Story {
 public:
  Story(JobOperation operation, Style style);

  // Each part of a job, in order.
  void Create();
  void GiveStatement();
  void Configure();
  void OpenDevices();
  void Transfer();
  void Flush();     // of all devices; nothing at a restore
  void Complete();  // if it was asked for
  void CloseDevices();
  void CloseSet();
  void EndStatement(bool succeeded, int first_error = 0);
  void Exit(int status);

  // Finer ones. device counts from 1.
  vdisim::CallRecord& Call(int device, const std::string& method, vdisim::HResult code);
  vdisim::CallRecord& SetCall(const std::string& method, vdisim::HResult code);
  // A GetCommand that gives a command; returns its address.
  std::string Get(int device, int code, int64_t size);
  void Answer(int device, const std::string& address, int code, int64_t completion, int64_t bytes);
  WitnessEvent& System(int device, const std::string& call);
  JournalEvent& Engine(JournalKind kind);
  // A transfer with all that belongs to it.
  void Write(int device);
  void Read(int device);
  // A Flush or VDC_Complete with its sync.
  void Sync(int device, int code);

  int64_t Now() { return now_ += kStoryStep; }
  std::string DeviceName(int device) const;
  std::string FileName(int device) const;  // relative to the folder
  uint32_t Pid(int device) const;
  uint32_t Tid(int device) const;
  const Style& style() const { return style_; }

  Evidence evidence;

 private:
  void Begin(int device, int code, int64_t size);
  void Finish(int device, int64_t completion, int64_t bytes);

  struct Held {
    std::string address;
    int code = 0;
    int64_t size = 0;
    int n = 0;
  };

  const Style style_;
  int64_t now_ = kStoryStart - kStoryStep;
  uint64_t number_ = 0;
  int addresses_ = 0;
  std::vector<std::vector<Held>> held_;  // by device
  std::vector<int> sent_;                // commands by device
  std::vector<int64_t> offset_;          // of the stream, by device
};

Evidence CorrectBackup(Style style = {});
Evidence CorrectRestore(Style style = {});

// Of all calls of the method, the nth from 1; fails the test when there is none.
vdisim::CallRecord& CallOf(Evidence& evidence, const std::string& method, int nth = 1);
// Of all events of the kind, the nth from 1.
JournalEvent& EventOf(Evidence& evidence, JournalKind kind, int nth = 1);
// Of all calls of the witness, the nth from 1.
WitnessEvent& SystemOf(Evidence& evidence, const std::string& call, int nth = 1);

// Takes out the nth of them.
void DropCall(Evidence& evidence, const std::string& method, int nth = 1);
void DropSystem(Evidence& evidence, const std::string& call, int nth = 1);
// Leaves what had happened by then, calls that return later with it.
void CutAfter(Evidence& evidence, int64_t t);
// A value of a call.
void SetInput(vdisim::CallRecord& call, const std::string& name, vdisim::TraceValue value);
void SetOutput(vdisim::CallRecord& call, const std::string& name, vdisim::TraceValue value);
// Adds a call at a time, among those of the primary's set object, where it belongs.
vdisim::CallRecord& AddSetCall(Evidence& evidence, int64_t t, const std::string& method,
                               vdisim::HResult code);
// The same of device 1.
vdisim::CallRecord& AddDeviceCall(Evidence& evidence, int64_t t, const std::string& method,
                                  vdisim::HResult code);

// The statement failed with that message, the client says so and leaves nothing.
void MakeFailed(Evidence& evidence, int message);

// A change that makes evidence break one check, and the nearest one that keeps it.
struct BreakCase {
  std::string name;   // as a test's: "FlushIsAnsweredBeforeItsSync"
  std::string check;  // without "program/"
  std::function<Evidence()> base;
  std::function<void(Evidence&)> broken;
  std::function<void(Evidence&)> kept;
  std::set<std::string> also = {};  // other checks that break, behind it
};
// For GoogleTest's messages.
void PrintTo(const BreakCase& one, std::ostream* out);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_TESTING_STORY_H_
