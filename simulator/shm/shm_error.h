// The one place where errno and the exceptions of Boost.Interprocess become status codes.
#ifndef SIMULATOR_SHM_SHM_ERROR_H_
#define SIMULATOR_SHM_SHM_ERROR_H_

#include "simulator/base/hresult.h"

namespace vdisim::shm {

// ENOENT -> 0x80070002, EEXIST -> 0x800700B7, EACCES and EPERM -> 0x80070005, ENOMEM, ENOSPC,
// EMFILE, ENFILE, EDQUOT and EFBIG -> VD_E_MEMORY, ENAMETOOLONG and EINVAL -> VD_E_INVALID,
// anything else -> VD_E_UNEXPECTED.
HResult FromErrno(int error);

// The same for the exception being handled; call it inside a catch block only. std::bad_alloc ->
// VD_E_MEMORY; an exception that carries no errno -> VD_E_UNEXPECTED.
HResult FromCurrentException() noexcept;

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_SHM_ERROR_H_
