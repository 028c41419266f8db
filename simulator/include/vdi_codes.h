// What Linux clients need and the SDK's headers lack: an infinite time-out, success, and the
// completion codes of reference section 16.2 that only Windows headers define. Include it before or
// after vdi.h, ours or the SDK's: nothing that either of them defines is defined here.
#ifndef VDISIM_VDI_CODES_H_
#define VDISIM_VDI_CODES_H_

// A time-out that never elapses, for GetConfiguration and GetCommand (C-GET-10, G-23).
#define VDI_INFINITE ((time_t)-1)

#ifndef NOERROR
#define NOERROR 0
#endif

#ifndef ERROR_FILE_NOT_FOUND
#define ERROR_FILE_NOT_FOUND 2L  // W-15
#endif
#ifndef ERROR_ACCESS_DENIED
#define ERROR_ACCESS_DENIED 5L  // W-16
#endif
#ifndef ERROR_INVALID_HANDLE
#define ERROR_INVALID_HANDLE 6L  // callback code when a device is not active          W-02
#endif
#ifndef ERROR_WRITE_FAULT
#define ERROR_WRITE_FAULT 29L  // a VDC_Write failed for a reason that has no better code
#endif
#ifndef ERROR_READ_FAULT
#define ERROR_READ_FAULT 30L  // a VDC_Read failed for a reason that has no better code
#endif
#ifndef ERROR_END_OF_MEDIA
#define ERROR_END_OF_MEDIA 1100L  // write: the warning zone was reached               W-09
#endif
#ifndef ERROR_FILEMARK_DETECTED
#define ERROR_FILEMARK_DETECTED 1101L  // read: ran into a filemark                    W-10
#endif
#ifndef ERROR_NO_DATA_DETECTED
#define ERROR_NO_DATA_DETECTED 1104L  // read: no more data                            W-11
#endif
#ifndef ERROR_IO_DEVICE
#define ERROR_IO_DEVICE 1117L  // refused or flushed while the device is in error      W-12
#endif
#ifndef ERROR_EOM_OVERFLOW
#define ERROR_EOM_OVERFLOW 1129L  // write: no room                                    W-13
#endif
#ifndef ERROR_NO_SYSTEM_RESOURCES
#define ERROR_NO_SYSTEM_RESOURCES 1450L  // callback code when the queue is full       W-14
#endif

#endif  // VDISIM_VDI_CODES_H_
