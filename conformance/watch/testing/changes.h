// Changes of evidence, and the stories that most cases begin with.
#ifndef CONFORMANCE_WATCH_TESTING_CHANGES_H_
#define CONFORMANCE_WATCH_TESTING_CHANGES_H_

#include <cstdint>
#include <string>

#include "conformance/watch/testing/story.h"

namespace conform {

Evidence Backup();
Evidence Restore();
Evidence TwoDevices();  // a backup
Evidence Failed();      // a backup whose statement failed

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
// The code that a GetCommand brings.
void SetCommand(vdisim::CallRecord& get, int code);
// The Win32 code that a CompleteCommand gives.
void SetCompletion(vdisim::CallRecord& complete, int64_t code);

// The call of the system failed with that errno.
void FailSystem(WitnessEvent& event, int error);

// When the nth GetCommand, or CompleteCommand, had returned.
int64_t Fetched(Evidence& evidence, int nth);
int64_t Answered(Evidence& evidence, int nth);

// SignalAbort at that time, and Close soon after.
void AbortAndClose(Evidence& evidence, int64_t t);
// The client stands still from then on, and is killed; what had happened by then is left.
void Hang(Evidence& evidence, int64_t t);
// The client goes no further; the statement ends behind it, with a failure.
void StopAt(Evidence& evidence, int64_t t);
// The same in good order: it says so by SignalAbort, and closes the set.
void GiveUpAt(Evidence& evidence, int64_t t);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_TESTING_CHANGES_H_
