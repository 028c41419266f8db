// Stands for the vdi.h of another supplier: its guard, its seven completion codes, and the types
// that vdi_codes.h needs. For the tests that vdi_codes.h goes with headers other than ours.
#ifndef __vdi_h__  // NOLINT(bugprone-reserved-identifier): the supplier's guard
#define __vdi_h__  // NOLINT(bugprone-reserved-identifier)
#include <stdint.h>
#include <time.h>

#define ERROR_SUCCESS 0L
#define ERROR_ARENA_TRASHED 7L
#define ERROR_HANDLE_EOF 38L
#define ERROR_HANDLE_DISK_FULL 39L
#define ERROR_NOT_SUPPORTED 50L
#define ERROR_DISK_FULL 112L
#define ERROR_OPERATION_ABORTED 995L

#endif  // __vdi_h__
