// What the simulator adds to the server interface. SQL Server's half of VDI lives in the library
// itself and can wait for the client's devices and see why a set ended; the documents give it no
// call for either. Query it from the object that implements IServerVirtualDeviceSet2.
#ifndef VDISIM_VDI_SIM_H_
#define VDISIM_VDI_SIM_H_

#include "vdi_com.h"

// Who ended a set, and how. The first cause stays; later ones do not change it.
enum VdiSimAbortReason {
  VdiSimNotAborted = 0,
  VdiSimClientAborted = 1,  // SignalAbort by a client process                          AB-01
  VdiSimServerAborted = 2,  // SignalAbort by the server
  VdiSimClientClosed = 3,   // Close by a client before normal termination              AB-15
  VdiSimServerClosed = 4,   // Close by the server before normal termination
  VdiSimPrimaryDied = 5,    // the primary client ended without Close                   AB-14
  VdiSimServerDied = 6,     // the server ended without Close
  VdiSimServerTimeOut = 7,  // two serverTimeOut intervals without a completion         T-05
  VdiSimDamaged = 8         // the shared memory held values no correct client writes
};

inline constexpr IID IID_IVdiSimServerControl = {
    0x6b1d9a52, 0x3c1e, 0x4e0b, {0x9d, 0x57, 0x21, 0x0c, 0x8e, 0x44, 0x7a, 0x10}};

// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): Release ends objects.
struct IVdiSimServerControl : public IUnknown {
  // Waits until every device is open on both sides and the agent runs (L-14).
  // timeout_ms: milliseconds, 0xFFFFFFFF waits for ever.
  // Returns NOERROR (Active, or beyond it normally), VD_E_TIMEOUT, VD_E_ABORT, VD_E_PROTOCOL (not
  // Initializing yet).
  virtual HRESULT STDMETHODCALLTYPE WaitForActive(DWORD timeout_ms) = 0;
  // Why the set is in the Abort state. reason receives a VdiSimAbortReason.
  // Returns NOERROR, VD_E_PROTOCOL (no set was ever open), VD_E_INVALID (NULL).
  virtual HRESULT STDMETHODCALLTYPE GetAbortReason(DWORD* reason) = 0;
  // On a set with a virtual clock, moves time forward and wakes every wait that is over. Returns
  // when all of them know that they are, except that a process that was killed or stopped in such
  // a call is waited for no longer than a second.
  // Returns NOERROR, VD_E_PROTOCOL (no set is open), VD_E_NOTSUPPORTED (the set runs on real time).
  virtual HRESULT STDMETHODCALLTYPE AdvanceClock(DWORD milliseconds) = 0;
  // On a set with a virtual clock, waits until at least `count` calls wait, with a time-out or
  // for ever: GetCommand, GetConfiguration, OpenDevice, WaitForActive. Their deadlines are known by
  // then, so that the next step of the clock counts for them. A process that was
  // killed in such a call stays counted. timeout_ms: real milliseconds, 0xFFFFFFFF waits for ever.
  // Returns NOERROR, VD_E_TIMEOUT, VD_E_PROTOCOL (no set is open), VD_E_NOTSUPPORTED (real time).
  virtual HRESULT STDMETHODCALLTYPE WaitForWaiters(DWORD count, DWORD timeout_ms) = 0;
  // Waits until ExecuteCompletionAgent, called on another thread, is at work: from then on Close
  // and SignalAbort end it, and do not come before it (S-EXE-22).
  // timeout_ms: milliseconds, 0xFFFFFFFF waits for ever.
  // Returns NOERROR, VD_E_TIMEOUT, VD_E_ABORT, VD_E_PROTOCOL (not Initializing yet, or closed).
  virtual HRESULT STDMETHODCALLTYPE WaitForAgent(DWORD timeout_ms) = 0;
};

#endif  // VDISIM_VDI_SIM_H_
