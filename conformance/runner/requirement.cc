#include "conformance/runner/requirement.h"

#include <fmt/format.h>

namespace conform {
namespace {

std::string DescribeSource(const std::vector<std::string>& tags, Provenance provenance) {
  return fmt::format("{}{}({})", fmt::join(tags, "; "), tags.empty() ? "" : " ", Name(provenance));
}

}  // namespace

Requirement FindRequirement(const Rules& rules, std::string_view id) {
  if (const ReturnCode* row = rules.FindReturnCode(id)) {
    return {.clause = row->clause,
            .text = fmt::format("{}: {}", row->code, row->condition),
            .source = DescribeSource(row->sources, row->provenance),
            .provenance = row->provenance};
  }
  if (const Clause* clause = rules.FindClause(id)) {
    return {.clause = clause->id,
            .text = clause->text,
            .source = DescribeSource(clause->sources, clause->provenance),
            .provenance = clause->provenance};
  }
  if (const Reading* reading = rules.FindReading(id)) {
    return {.clause = reading->id,
            .text = fmt::format("{}: {}", reading->subject, reading->reading),
            .source = DescribeSource({}, reading->provenance),
            .provenance = reading->provenance};
  }
  return {
      .clause = std::string(id), .text = {}, .source = {}, .provenance = Provenance::kRecommended};
}

}  // namespace conform
