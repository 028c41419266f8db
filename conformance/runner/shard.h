// Which part of a selection a run takes, when several machines share it. The N-th shard takes the
// N-th case and every COUNT-th one behind it: each case is in exactly one shard, the cases of a
// scenario are spread evenly, and no seed changes what a shard holds. Pure but for ShardOfRun.
#ifndef CONFORMANCE_RUNNER_SHARD_H_
#define CONFORMANCE_RUNNER_SHARD_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/scenario/scenario.h"
#include "reports/report_model.h"

namespace conform {

// "2/3": the second of three. Throws std::invalid_argument that says what was expected.
reports::Shard ParseShard(std::string_view text);

// The shard that was asked for by `option` ("" if it was not), or else by GTEST_TOTAL_SHARDS and
// GTEST_SHARD_INDEX, which counts from 0. Touches the file of GTEST_SHARD_STATUS_FILE, by which the
// caller learns that shards are understood. Throws std::invalid_argument.
reports::Shard ShardOfRun(const std::string& option);

// The cases of this shard, in their order.
std::vector<const Case*> TakeShard(const std::vector<const Case*>& cases,
                                   const reports::Shard& shard);

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_SHARD_H_
