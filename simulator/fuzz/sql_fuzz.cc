// Feeds the parser with whatever libFuzzer thinks of. Build with clang and -DVDISIM_FUZZ=ON, run as
//   sql_fuzz -max_total_time=60 CORPUS_DIR
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "simulator/sql/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)vdisim::ParseBatch(text);
  (void)vdisim::SplitBatches(text);
  return 0;
}
