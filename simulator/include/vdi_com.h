// The COM-style interfaces of the Virtual Device Interface: the client's and the server's, with the
// documented method order, so that a table pointer is a table pointer (ABI-03, ABI-04). On Linux
// the few COM types they need are defined here and objects come from VdiCreateInstance in
// libvdisim-com.so; on Windows the same declarations stand on the real <unknwn.h>.
//
// Objects are counted: QueryInterface and VdiCreateInstance hand out a reference, Release gives it
// back. Set interfaces may be called from any thread, device interfaces from one thread at a time
// (MP-02). Strings are UTF-16 and are only read. Every method returns an HRESULT of vdierror.h.
#ifndef VDISIM_VDI_COM_H_
#define VDISIM_VDI_COM_H_

#include "vdi.h"
#include "vdierror.h"

#ifdef _WIN32
#include <unknwn.h>
#else
#include <string.h>

using HRESULT = int32_t;
using ULONG = uint32_t;
using BOOL = int32_t;
using BYTE = uint8_t;
using DWORD = uint32_t;
using DWORDLONG = uint64_t;
using LPCWSTR = const char16_t*;

struct GUID {
  uint32_t Data1;
  uint16_t Data2;
  uint16_t Data3;
  uint8_t Data4[8];
  friend bool operator==(const GUID& a, const GUID& b) { return memcmp(&a, &b, sizeof a) == 0; }
};
using IID = GUID;
using CLSID = GUID;
using REFIID = const IID&;
using REFCLSID = const CLSID&;

#define STDMETHODCALLTYPE

inline constexpr HRESULT S_OK = 0;
inline constexpr HRESULT E_NOINTERFACE = static_cast<HRESULT>(0x80004002U);
inline constexpr HRESULT E_POINTER = static_cast<HRESULT>(0x80004003U);
inline constexpr HRESULT CLASS_E_NOAGGREGATION = static_cast<HRESULT>(0x80040110U);
inline constexpr HRESULT REGDB_E_CLASSNOTREG = static_cast<HRESULT>(0x80040154U);

inline constexpr IID IID_IUnknown = {0x00000000, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};

// The root of every interface. Destroying an object is Release's business, never the caller's.
struct IUnknown {
  // Gives another interface of the same object and counts it. *object is NULL on failure.
  // Returns S_OK, E_NOINTERFACE (not implemented), E_POINTER (object is NULL).
  virtual HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) = 0;
  // Adds a reference; returns the new count, for diagnosis only.
  virtual ULONG STDMETHODCALLTYPE AddRef() = 0;
  // Drops a reference; the object ends with the last one. Returns the new count.
  virtual ULONG STDMETHODCALLTYPE Release() = 0;

 protected:
  ~IUnknown() = default;
};
#endif

// ABI-01.
inline constexpr IID IID_IClientVirtualDevice = {
    0x40700424, 0x0080, 0x11d2, {0x85, 0x1f, 0x00, 0xc0, 0x4f, 0xc2, 0x17, 0x59}};
inline constexpr IID IID_IClientVirtualDeviceSet = {
    0x40700425, 0x0080, 0x11d2, {0x85, 0x1f, 0x00, 0xc0, 0x4f, 0xc2, 0x17, 0x59}};
inline constexpr IID IID_IClientVirtualDeviceSet2 = {
    0xd0e6eb07, 0x7a62, 0x11d2, {0x85, 0x73, 0x00, 0xc0, 0x4f, 0xc2, 0x17, 0x59}};
inline constexpr IID IID_IServerVirtualDevice = {
    0xb5e7a131, 0xa7bd, 0x11d1, {0x84, 0xc2, 0x00, 0xc0, 0x4f, 0xc2, 0x17, 0x59}};
inline constexpr IID IID_IServerVirtualDeviceSet = {
    0xb5e7a132, 0xa7bd, 0x11d1, {0x84, 0xc2, 0x00, 0xc0, 0x4f, 0xc2, 0x17, 0x59}};
inline constexpr IID IID_IServerVirtualDeviceSet2 = {
    0xaecbd0d6, 0x24c6, 0x11d3, {0x85, 0xb7, 0x00, 0xc0, 0x4f, 0xc2, 0x17, 0x59}};
// ABI-02: the class ids are the ids of the old set interfaces.
inline constexpr CLSID CLSID_MSSQL_ClientVirtualDeviceSet = IID_IClientVirtualDeviceSet;
inline constexpr CLSID CLSID_MSSQL_ServerVirtualDeviceSet = IID_IServerVirtualDeviceSet;

// NOLINTBEGIN(cppcoreguidelines-virtual-class-destructor): Release ends objects, and a COM table
// has no entry for a destructor.

// One device, client side. Section 7.4 and 7.5; see ClientVirtualDevice in vdi.h for the codes.
struct IClientVirtualDevice : public IUnknown {
  // dwTimeOut: milliseconds, 0 polls, 0xFFFFFFFF waits for ever. C-GET-01 to C-GET-05.
  virtual HRESULT STDMETHODCALLTYPE GetCommand(DWORD dwTimeOut, VDC_Command** ppCmd) = 0;
  // C-CMP-01 to C-CMP-04.
  virtual HRESULT STDMETHODCALLTYPE CompleteCommand(VDC_Command* pCmd, DWORD dwCompletionCode,
                                                    DWORD dwBytesTransferred,
                                                    DWORDLONG dwlPosition) = 0;
};

// The set, client side, as of SQL Server 7.0. Implemented by the same object and the same table as
// IClientVirtualDeviceSet2 (G-51).
struct IClientVirtualDeviceSet : public IUnknown {
  // As CreateEx with the instance of the variable _VIRTUAL_SERVER_NAME_, or the default one.
  // C-CRO-01, C-CRO-02, C-CRE-22.
  virtual HRESULT STDMETHODCALLTYPE Create(LPCWSTR lpName, VDConfig* pCfg) = 0;
  // C-GCF-01 to C-GCF-04.
  virtual HRESULT STDMETHODCALLTYPE GetConfiguration(DWORD dwTimeOut, VDConfig* pCfg) = 0;
  // C-ODV-01 to C-ODV-05. The caller owns a reference to *ppVirtualDevice.
  virtual HRESULT STDMETHODCALLTYPE OpenDevice(LPCWSTR lpName,
                                               IClientVirtualDevice** ppVirtualDevice) = 0;
  // C-CLO-01 to C-CLO-03. Devices may still be released afterwards (C-CLO-21).
  virtual HRESULT STDMETHODCALLTYPE Close() = 0;
  // C-ABT-01, C-ABT-02.
  virtual HRESULT STDMETHODCALLTYPE SignalAbort() = 0;
  // As OpenInSecondaryEx with the instance that Create would take. C-OIS-01 to C-OIS-03.
  virtual HRESULT STDMETHODCALLTYPE OpenInSecondary(LPCWSTR lpSetName) = 0;
  // C-GBH-01 to C-GBH-03.
  virtual HRESULT STDMETHODCALLTYPE GetBufferHandle(BYTE* pBuffer, DWORD* pBufferHandle) = 0;
  // C-MAP-01 to C-MAP-03.
  virtual HRESULT STDMETHODCALLTYPE MapBufferHandle(DWORD dwBuffer, BYTE** ppBuffer) = 0;
};

// The set, client side, with named instances.
struct IClientVirtualDeviceSet2 : public IClientVirtualDeviceSet {
  // lpInstanceName: NULL, empty or MSSQLSERVER = the default instance; no machine name (C-CRE-10).
  // Returns  NOERROR             created                                                 C-CRE-01
  //          VD_E_NOTSUPPORTED   a field of pCfg is invalid or unsupported               C-CRE-02
  //          VD_E_PROTOCOL       this interface has a set, or the name is taken (G-40)   C-CRE-03
  //          VD_E_INSTANCE_NAME  not an instance name, or with a machine name            C-CRE-04
  //          VD_E_INVALID        a NULL pointer, or not a set name                       G-62
  virtual HRESULT STDMETHODCALLTYPE CreateEx(LPCWSTR lpInstanceName, LPCWSTR lpName,
                                             VDConfig* pCfg) = 0;
  // C-OIS-01 to C-OIS-03.
  virtual HRESULT STDMETHODCALLTYPE OpenInSecondaryEx(LPCWSTR lpInstanceName,
                                                      LPCWSTR lpSetName) = 0;
};

// One device, server side.
struct IServerVirtualDevice : public IUnknown {
  // Queues a command. pCmd stays the caller's and must live until its completionRoutine has run, on
  // the completion agent's thread; on failure it runs at once on this thread (S-SND-20).
  // Returns  NOERROR          queued                                                     S-SND-01
  //          VD_E_QUEUE_FULL  too many outstanding; routine runs with 1450               S-SND-02
  //          VD_E_UNEXPECTED  device in IO-ERROR (VD_E_IO_ERROR has no number, G-02);
  //                           routine runs with 1117                                     S-SND-03
  //          VD_E_PROTOCOL    the device is not active; routine runs with 6              S-SND-04
  //          VD_E_ABORT       aborted; routine runs with 995                             S-SND-05
  //          VD_E_INVALID     pCmd or its routine is NULL, or its buffer is not shared   G-62
  virtual HRESULT STDMETHODCALLTYPE SendCommand(VDS_Command* pCmd) = 0;
  // S-CDV-01 to S-CDV-04. The client's GetCommand then returns VD_E_CLOSE (S-CDV-20).
  virtual HRESULT STDMETHODCALLTYPE CloseDevice() = 0;
};

// The set, server side.
struct IServerVirtualDeviceSet2 : public IUnknown {
  // S-OPN-01 to S-OPN-03.
  virtual HRESULT STDMETHODCALLTYPE Open(LPCWSTR lpInstanceName, LPCWSTR lpSetName) = 0;
  // What the client asked for. S-GCF-01 to S-GCF-03.
  virtual HRESULT STDMETHODCALLTYPE GetConfiguration(VDConfig* pCfg) = 0;
  // Order of the header (G-14). dwBlockSize: CFG-26. dwAlignment: CFG-25. dwMaxTransferSize:
  // CFG-27. dwTimeout is ignored (G-15). VD_E_INVALID for values outside those ranges.
  // S-BEG-01 to S-BEG-03.
  virtual HRESULT STDMETHODCALLTYPE BeginConfiguration(DWORD dwFeatures, DWORD dwBlockSize,
                                                       DWORD dwAlignment, DWORD dwMaxTransferSize,
                                                       DWORD dwTimeout) = 0;
  // S-END-01 to S-END-04.
  virtual HRESULT STDMETHODCALLTYPE EndConfiguration() = 0;
  // dwSize in bytes, without the prefix zone; dwAlignment 0 = the basic one. S-REQ-01 to S-REQ-04.
  virtual HRESULT STDMETHODCALLTYPE RequestBuffers(DWORD dwSize, DWORD dwAlignment,
                                                   DWORD dwCount) = 0;
  // How many buffers of that kind AllocateBuffer could still give. S-QAB-01, S-QAB-02, S-QAB-20.
  virtual HRESULT STDMETHODCALLTYPE QueryAvailableBuffers(DWORD dwSize, DWORD dwAlignment,
                                                          DWORD* pCount) = 0;
  // The completion agent: blocks, and runs the completion routines on the calling thread, until
  // Close or SignalAbort of either side. S-EXE-01 to S-EXE-03.
  virtual HRESULT STDMETHODCALLTYPE ExecuteCompletionAgent() = 0;
  // Opens the next device under the name of its VIRTUAL_DEVICE clause (G-25). S-ODV-01 to S-ODV-04.
  virtual HRESULT STDMETHODCALLTYPE OpenDevice(LPCWSTR lpName,
                                               IServerVirtualDevice** ppVirtualDevice) = 0;
  // S-ALC-01 to S-ALC-05. The buffer stays valid until FreeBuffer or Close.
  virtual HRESULT STDMETHODCALLTYPE AllocateBuffer(BYTE** ppBuffer, DWORD dwSize,
                                                   DWORD dwAlignment) = 0;
  // S-FRE-01 to S-FRE-04. VD_E_INVALID too while a command holds the buffer (B-14).
  virtual HRESULT STDMETHODCALLTYPE FreeBuffer(BYTE* pBuffer, DWORD dwSize) = 0;
  // TRUE (1) or FALSE (0), not a status. S-ISB-01, S-ISB-02, S-ISB-20.
  virtual HRESULT STDMETHODCALLTYPE IsSharedBuffer(BYTE* pBuffer) = 0;
  // S-ABT-01, S-ABT-02.
  virtual HRESULT STDMETHODCALLTYPE SignalAbort() = 0;
  // S-CLO-01, S-CLO-02.
  virtual HRESULT STDMETHODCALLTYPE Close() = 0;
};

// NOLINTEND(cppcoreguidelines-virtual-class-destructor)

// Makes an object, as CoCreateInstance does on Windows.
// clsid: CLSID_MSSQL_ClientVirtualDeviceSet or CLSID_MSSQL_ServerVirtualDeviceSet.
// iid: an interface of that class, or IID_IUnknown. object: receives a reference the caller owns.
// Returns S_OK, REGDB_E_CLASSNOTREG (clsid), E_NOINTERFACE (iid), E_POINTER (object is NULL).
// Any thread may call it.
extern "C" HRESULT VdiCreateInstance(REFCLSID clsid, REFIID iid, void** object);

#endif  // VDISIM_VDI_COM_H_
