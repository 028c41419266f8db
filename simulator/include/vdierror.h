// The status codes of the Virtual Device Interface (E-01 to E-14). On Linux they are negative
// ints; success is 0. Numbers 1 and 8 are not assigned (E-16).
#ifndef __vdierror_h__  // NOLINT(bugprone-reserved-identifier): named like the SDK's guard
#define __vdierror_h__  // NOLINT(bugprone-reserved-identifier)

#define VD_ERROR(code) ((int)(0x80770000U + (code)))

#define VD_E_NOTOPEN VD_ERROR(2)        // 0x80770002 reserved; no method returns it        G-03
#define VD_E_TIMEOUT VD_ERROR(3)        // 0x80770003 the time-out elapsed first
#define VD_E_ABORT VD_ERROR(4)          // 0x80770004 aborted; only Close is of use
#define VD_E_SECURITY VD_ERROR(5)       // 0x80770005 the security environment failed
#define VD_E_INVALID VD_ERROR(6)        // 0x80770006 an invalid parameter
#define VD_E_INSTANCE_NAME VD_ERROR(7)  // 0x80770007 not a usable instance name
#define VD_E_NOTSUPPORTED VD_ERROR(9)   // 0x80770009 the configuration is not supported
#define VD_E_MEMORY VD_ERROR(10)        // 0x8077000A out of memory
#define VD_E_UNEXPECTED VD_ERROR(11)    // 0x8077000B internal error
#define VD_E_PROTOCOL VD_ERROR(12)      // 0x8077000C not possible in this state
#define VD_E_OPEN VD_ERROR(13)          // 0x8077000D devices are open
#define VD_E_CLOSE VD_ERROR(14)         // 0x8077000E the device is closed
#define VD_E_BUSY VD_ERROR(15)          // 0x8077000F the resource is busy
#ifndef VD_E_QUEUE_FULL
#define VD_E_QUEUE_FULL VD_ERROR(15)  // the documents' name for VD_E_BUSY                G-01
#endif

#endif  // __vdierror_h__
