// How the parts of the model look in JSON, in the event log and in the results alike.
#ifndef REPORTS_JSON_VALUES_H_
#define REPORTS_JSON_VALUES_H_

#include <nlohmann/json.hpp>

#include "reports/report_model.h"

namespace reports::json_values {

// Keys keep the order in which they are written.
using Json = nlohmann::ordered_json;

Json ToJson(const Properties& properties);  // an array of {"name", "value"}
Json ToJson(const Check& check);
Json ToJson(const Finding& finding);
Json ToJson(const Shard& shard);

// Each throws Json::exception, or std::invalid_argument for an unknown name.
Properties PropertiesFrom(const Json& value);
Check CheckFrom(const Json& value);
Finding FindingFrom(const Json& value);
Shard ShardFrom(const Json& value);

}  // namespace reports::json_values

#endif  // REPORTS_JSON_VALUES_H_
