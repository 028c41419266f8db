// vdi_codes.h before another supplier's header: compiles without a warning, and means the same.
// clang-format off: the order is what this file is about.
#include <vdi_codes.h>

#include "simulator/abi/testing/sdk_like_header.h"
// clang-format on

static_assert(ERROR_SUCCESS == 0 && ERROR_HANDLE_EOF == 38 && ERROR_NOT_SUPPORTED == 50, "theirs");
static_assert(ERROR_END_OF_MEDIA == 1100 && ERROR_EOM_OVERFLOW == 1129 && NOERROR == 0, "ours");
static_assert(VDI_INFINITE < 0, "waits for ever");
