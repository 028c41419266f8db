// The tables of RESTORE HEADERONLY, FILELISTONLY and LABELONLY, from what a stripe's header says.
// Column names and order are SQL Server's; columns that a simulated backup has no value for are
// empty or zero. Pure; any thread.
#ifndef SIMULATOR_ENGINE_RESULT_SETS_H_
#define SIMULATOR_ENGINE_RESULT_SETS_H_

#include <string>

#include "simulator/engine/media_format.h"
#include "simulator/engine/message_sink.h"

namespace vdisim {

ResultSet HeaderOnlyTable(const MediaDescriptor& media);
ResultSet FileListOnlyTable(const MediaDescriptor& media);
ResultSet LabelOnlyTable(const MediaDescriptor& media);

// A log sequence number as the tables write it (a decimal number) and as the log does ("34:16:1").
std::string LsnNumber(uint64_t lsn);
std::string LsnText(uint64_t lsn);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_RESULT_SETS_H_
