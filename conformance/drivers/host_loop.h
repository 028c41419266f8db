// The host's end of the driver protocol: one JSON object a line on standard input, an answer for
// each on the channel that was standard output. What the subject itself prints goes to standard
// error, so that it cannot be mistaken for an answer. The protocol is described in
// conformance/DESIGN.md.
//
// Requests run in order on one thread; those marked "concurrent" run on a thread each, and are
// answered when they are done. A host ends with its runner: when standard input ends or the runner
// dies, it finishes what it can and is killed after kGraceSeconds if something still hangs.
#ifndef CONFORMANCE_DRIVERS_HOST_LOOP_H_
#define CONFORMANCE_DRIVERS_HOST_LOOP_H_

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "conformance/drivers/driver.h"

namespace conform {

inline constexpr unsigned kGraceSeconds = 2;

// A request that cannot be carried out: an unknown method or name. Trouble of ours, not a verdict.
class RequestError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Carries out one request and gives the members of its answer. May be called from several threads
// at once. Throws RequestError.
using RequestHandler = std::function<Json(const Json& request)>;

// Serves requests until {"op":"end"} or the end of input. A line that is no request (no object, an
// "id" that is no integer, an "op" that is no text) is answered with "error". `let_go` runs on the
// calling thread before the last concurrent requests are waited for: it makes them return. Call it
// once, from main.
void ServeRequests(const RequestHandler& handle, const std::function<void()>& let_go);

// Members of a request, with the checks that every handler needs. Throw RequestError.
const Json& Arguments(const Json& request);
int64_t Integer(const Json& object, const char* key);
int64_t IntegerOr(const Json& object, const char* key, int64_t otherwise);
std::string Text(const Json& object, const char* key);
std::string TextOr(const Json& object, const char* key, const std::string& otherwise);
// A text, or none: for null and for a member that is not there.
std::optional<std::string> TextOrNull(const Json& object, const char* key);
// Whether a pointer that the call takes is to be NULL: the member is there and "null".
bool IsNull(const Json& object, const char* key);

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_HOST_LOOP_H_
