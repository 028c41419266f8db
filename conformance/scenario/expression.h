// Whole numbers as scenarios write them: "65536", "0x7fffffff", "VDC_Write", "2*64*1024", "-512",
// "42+1". Values of parameters and of earlier steps are already put in. Pure functions.
#ifndef CONFORMANCE_SCENARIO_EXPRESSION_H_
#define CONFORMANCE_SCENARIO_EXPRESSION_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conform {

// The value of an expression of numbers, names of vdi.h (VDC_..., VDF_..., INFINITE), + - * and
// parentheses; none if it is not one, or a value leaves 64 bits.
std::optional<int64_t> Evaluate(std::string_view expression);

// The names inside ${...}, in order.
std::vector<std::string> References(std::string_view text);

// `text` with each ${name} replaced by what `value_of` gives; where that gives none, it stays.
// Inner references come first: ${h${i}} becomes ${h7}.
std::string Replace(std::string_view text,
                    const std::function<std::optional<std::string>(std::string_view)>& value_of);

// Of a reference such as "text:x*200": 200 times x. None if it is not of that form, or too long.
std::optional<std::string> RepeatedText(std::string_view reference);

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_EXPRESSION_H_
