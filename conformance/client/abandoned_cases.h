// Clears away what runs left behind when they were killed: folders of cases, and the sets that
// their clients had in shared memory.
#ifndef CONFORMANCE_CLIENT_ABANDONED_CASES_H_
#define CONFORMANCE_CLIENT_ABANDONED_CASES_H_

#include "conformance/client/client_tools.h"

namespace conform {

// Looks in the directory for temporary files. What a run still needs stays; so does a folder whose
// client has not died yet, or that cannot be looked at, for the next call.
void ClearAbandonedCases(const ClientTools& tools);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_ABANDONED_CASES_H_
