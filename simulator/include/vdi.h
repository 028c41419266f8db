// The client interface of the Virtual Device Interface on Linux: the structures, enumerators and
// two classes a backup program compiles against. Names, values, layout and mangled symbols are
// those of the Linux SDK (reference sections 5, 6 and 17); the text is our own, so that a program
// built with either header runs with either library.
//
// Link with -lsqlvdi. Completion codes and VDI_INFINITE, which the SDK does not define, stand in
// vdi_codes.h; that header goes with the SDK's vdi.h as well as with this one.
#ifndef __vdi_h__  // NOLINT(bugprone-reserved-identifier): the SDK's guard, so that one of the two
                   // wins
#define __vdi_h__  // NOLINT(bugprone-reserved-identifier)

#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma pack(push, 8)

// Completion codes that the SDK's header defines (W-01 to W-08). The others: vdi_codes.h.
#define ERROR_SUCCESS 0L
#define ERROR_ARENA_TRASHED 7L
#define ERROR_HANDLE_EOF 38L
#define ERROR_HANDLE_DISK_FULL 39L
#define ERROR_NOT_SUPPORTED 50L
#define ERROR_DISK_FULL 112L
#define ERROR_OPERATION_ABORTED 995L

// What the client asks for and what the server chose. Every size is in bytes (CFG-01 to CFG-11).
struct VDConfig {
  uint32_t deviceCount;            // in: devices of the set, 1 to 64                       CFG-01
  uint32_t features;               // in: VDF_ bits; out: with the server's bits added      CFG-02
  uint32_t prefixZoneSize;         // in: bytes before each data zone, 0 = none             CFG-03
  uint32_t alignment;              // in: least alignment; out: the final one               CFG-04
  uint32_t softFileMarkBlockSize;  // in: with VDF_FileMarks; 0 = hard filemarks            CFG-05
  uint32_t EOMWarningSize;         // in: end-of-media warning zone, 0 = none               CFG-06
  uint32_t serverTimeOut;          // in: milliseconds, 0 = infinite                        CFG-07
  uint32_t blockSize;              // out: power of 2, 512 to 65536                         CFG-08
  uint32_t maxIODepth;             // out: always 4, deprecated                             CFG-09
  uint32_t maxTransferSize;        // out: multiple of 65536, to 4194304                    CFG-10
  uint32_t bufferAreaSize;         // out: maxTransferSize * 4 * deviceCount, deprecated    CFG-11
};

// Feature bits of VDConfig::features (F-01 to F-16). The last group is set by the server.
enum VDFeatures {
  VDF_Removable = 0x1,
  VDF_Rewind = 0x2,
  VDF_Position = 0x10,
  VDF_SkipBlocks = 0x20,
  VDF_ReversePosition = 0x40,
  VDF_Discard = 0x80,
  VDF_FileMarks = 0x100,
  VDF_RandomAccess = 0x200,
  VDF_SnapshotPrepare = 0x400,
  VDF_EnumFrozenFiles = 0x800,
  VDF_VSSWriter = 0x1000,
  VDF_RequestComplete = 0x2000,
  VDF_WriteMedia = 0x10000,       // a BACKUP runs                          F-13
  VDF_ReadMedia = 0x20000,        // a RESTORE runs                         F-14
  VDF_CompleteEnabled = 0x40000,  // VDC_Complete will be sent              F-15
  VDF_LatchStats = 0x80000000,
  VDF_LikePipe = 0,  // F-20
  VDF_LikeTape = VDF_FileMarks | VDF_Removable | VDF_Rewind | VDF_Position | VDF_SkipBlocks |
                 VDF_ReversePosition,  // F-21
  VDF_LikeDisk = VDF_RandomAccess      // F-22
};

// Command codes (CMD-C01 to CMD-C19).
enum VDCommands {
  VDC_Read = 1,
  VDC_Write = 2,
  VDC_ClearError = 3,
  VDC_Rewind = 4,
  VDC_WriteMark = 5,
  VDC_SkipMarks = 6,
  VDC_SkipBlocks = 7,
  VDC_Load = 8,
  VDC_GetPosition = 9,
  VDC_SetPosition = 10,
  VDC_Discard = 11,
  VDC_Flush = 12,
  VDC_Snapshot = 13,
  VDC_MountSnapshot = 14,
  VDC_PrepareToFreeze = 15,
  VDC_FileInfoBegin = 16,
  VDC_FileInfoEnd = 17,
  VDC_GetError = 18,
  VDC_Complete = 19
};

// Origins for VDC_SetPosition with VDF_RandomAccess (CMD-SetPosition-2).
enum VDWhence { VDC_Beginning = 0, VDC_Current = 1, VDC_End = 2 };

// A command as the client sees it (CMD-S01). The memory belongs to the library and is read-only
// for the client, from GetCommand to the CompleteCommand of the same address (CMD-S06, B-07).
struct VDC_Command {
  int32_t commandCode;  // a VDC_ value
  int32_t size;         // bytes to move; another meaning with some commands                CMD-S05
  int64_t position;     // with VDF_RandomAccess and VDC_SetPosition
  uint8_t* buffer;      // start of the data zone in this process
};

// A command as the server sends it (CMD-S02). completionRoutine is a `void (*)(VDS_Command*)`.
struct VDS_Command {
  int32_t commandCode;
  int32_t size;
  int64_t inPosition;
  int64_t outPosition;
  uint8_t* buffer;
  uint8_t* completionRoutine;
  uint8_t* completionContext;
  int32_t completionCode;    // out: a Win32 status, section 16.2
  int32_t bytesTransferred;  // out: bytes moved by VDC_Read and VDC_Write
};

class CVDS;
class CVD;
class ClientVirtualDeviceSet;

// One virtual device: one independent stream. Obtained from ClientVirtualDeviceSet::OpenDevice;
// the library keeps what is behind it, so deleting the object is optional. Meant for one thread
// at a time (MP-02); any thread of the process may complete what another one fetched (G-60).
class ClientVirtualDevice {
 public:
  // An object made by the client itself belongs to no set: every call answers VD_E_PROTOCOL.
  ClientVirtualDevice();
  ~ClientVirtualDevice();

  // Fetches the next command of this device; several may be held uncompleted (C-GET-20).
  // timeOut: milliseconds; 0 polls; negative or 0xFFFFFFFF waits for ever (C-GET-10, G-22, G-23).
  // ppCmd: receives the address of the command; untouched on failure.
  // Returns  0              *ppCmd points at a command                                   C-GET-01
  //          VD_E_CLOSE     the server closed this device: the normal end                C-GET-02
  //          VD_E_TIMEOUT   no command came in time; nothing changed                     C-GET-03
  //          VD_E_ABORT     either side aborted, or the server or the primary died       C-GET-04
  //          VD_E_PROTOCOL  the set is not open, or has terminated normally              C-GET-05
  //          VD_E_INVALID   ppCmd is NULL                                                G-62
  int GetCommand(time_t timeOut, VDC_Command** ppCmd);

  // Reports the end of a command and gives its buffer back (C-CMP-20, C-CMP-21). Any order.
  // pCmd: an address from GetCommand, not completed yet. completionCode: section 16.2.
  // bytesTransferred: for VDC_Read and VDC_Write. position: for VDC_Get- and VDC_SetPosition.
  // Returns  0              the completion was recorded                                  C-CMP-01
  //          VD_E_INVALID   pCmd is not a delivered, uncompleted command of this device  C-CMP-02
  //          VD_E_ABORT     the set is aborted; the completion is ignored                C-CMP-03
  //          VD_E_PROTOCOL  the device is not open                                       C-CMP-04
  int CompleteCommand(VDC_Command* pCmd, int completionCode, unsigned long bytesTransferred,
                      int64_t position);

 private:
  CVD* cvd;
  friend class ClientVirtualDeviceSet;
};

// A virtual device set, seen by a client: by the primary, which creates it, or by a secondary,
// which opens it in a process of its own. Any thread may call any method (C-ODV-22). Names are
// read, never written.
class ClientVirtualDeviceSet {
 public:
  // Creates the set. name: unique on the machine, any character but backslash (C-CRE-11).
  // cfg: the client's inputs, section 4; read only.
  // Returns  0                  the set was created; server and secondaries can see it   C-CRL-01
  //          VD_E_NOTSUPPORTED  deviceCount is not 1 to 64; alignment is not a power of 2 C-CRL-02
  //          VD_E_PROTOCOL      this object has a set already, or the name is taken      C-CRL-03
  //          VD_E_INVALID       name or cfg is NULL, or the name is empty or has a backslash G-62
  int Create(char* name, VDConfig* cfg);

  // Waits until the server has completed its configuration and copies it to cfg.
  // timeout: milliseconds; 0 polls; negative or 0xFFFFFFFF waits for ever (C-GCF-10, G-75).
  // cfg: written on success only.
  // Returns  0              cfg holds the configuration; again later, at once            C-GCF-01
  //          VD_E_ABORT     either side aborted, or the server or the primary died       C-GCF-02
  //          VD_E_TIMEOUT   not configured in time; call again                           C-GCF-03
  //          VD_E_PROTOCOL  no set is open on this object                                C-GCF-04
  //          VD_E_INVALID   cfg is NULL                                                  G-62
  int GetConfiguration(time_t timeout, VDConfig* cfg);

  // Opens a device by name: the set's name for the first, the further VIRTUAL_DEVICE names for the
  // others (C-ODV-10). Waits while the server has not named its devices yet.
  // ppVirtualDevice: receives the device, NULL on failure. It stays valid until Close; after that
  // every call on it answers VD_E_PROTOCOL.
  // Returns  0              the device is open                                           C-ODV-01
  //          VD_E_ABORT     the set is aborted                                           C-ODV-02
  //          VD_E_OPEN      every device of the set is open already                      C-ODV-03
  //          VD_E_PROTOCOL  the set is not Initializing, or this device is open already  C-ODV-04
  //          VD_E_INVALID   no device of the set has this name; a NULL pointer           C-ODV-05
  int OpenDevice(char* name, ClientVirtualDevice** ppVirtualDevice);

  // Releases the set. The name can be used again afterwards, by this object too (C-CLO-22).
  // Returns  0              closed                                                       C-CLO-01
  //          VD_E_PROTOCOL  no set is open on this object; nothing was done              C-CLO-02
  //          VD_E_OPEN      devices were open: the set was aborted and released anyway   C-CLO-03
  int Close();

  // Ends the operation at once for every process of the set (section 11).
  // Returns  0              the abort was posted                                         C-ABT-01
  //          VD_E_PROTOCOL  no set is open on this object                                C-ABT-02
  int SignalAbort();

  // Opens in this process a set that a primary has created and configured. setName: the primary's
  // name, case-sensitive (C-OIS-11).
  // Returns  0              this object is a secondary client of the set                 C-OIL-01
  //          VD_E_PROTOCOL  no such set, not configured yet, or this object has a set    C-OIL-02
  //          VD_E_ABORT     the operation is being aborted                               C-OIL-03
  //          VD_E_INVALID   setName is NULL                                              G-62
  int OpenInSecondary(char* setName);

  // Gives a number under which another process of the set can reach a buffer.
  // pBuffer: the buffer of a VDC_Read or VDC_Write, exactly as in the command (G-20).
  // pBufferHandle: receives the handle, 1 to 2^31-1; the same buffer gives the same handle.
  // Returns  0              *pBufferHandle holds the handle                              C-GBH-01
  //          VD_E_PROTOCOL  no set is open on this object                                C-GBH-02
  //          VD_E_INVALID   pBuffer is not the start of a buffer of this set; a NULL pointer
  //          C-GBH-03
  int GetBufferHandle(uint8_t* pBuffer, unsigned int* pBufferHandle);

  // Gives the address, in this process, of the buffer behind a handle. The prefix zone lies before
  // it (B-15). The address ends with Close (B-09).
  // Returns  0              *ppBuffer holds the address                                  C-MAP-01
  //          VD_E_PROTOCOL  no set is open on this object                                C-MAP-02
  //          VD_E_INVALID   the handle is not one of this set (C-MAP-20); a NULL pointer C-MAP-03
  int MapBufferHandle(int dwBuffer, uint8_t** ppBuffer);

  // Exported for binary compatibility; has no effect (C-RDC-01, G-70).
  void RegisterDeviceClosed();

  ClientVirtualDeviceSet();
  // Closes a set that is still open, as the end of the process would.
  ~ClientVirtualDeviceSet();

 private:
  CVDS* cvds;
};

#pragma pack(pop)

#ifdef __cplusplus
}
#endif

#endif  // __vdi_h__
