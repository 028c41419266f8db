// Evidence made by hand: what a correct client of each style leaves behind, for tests to change in
// one place.
#ifndef CONFORMANCE_WATCH_TESTING_STORY_H_
#define CONFORMANCE_WATCH_TESTING_STORY_H_

#include <cstdint>
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

}  // namespace conform

#endif  // CONFORMANCE_WATCH_TESTING_STORY_H_
