// Numbers as people type them. What is no number keeps its reason, so that the field can say it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/message.h"

namespace convlens {

template <typename Number>
struct Typed {
    Number value{};
    Message reason;            // empty when `value` holds; one sentence for people
    std::vector<Number> near;  // numbers that may have been meant, nearest first
    bool ok() const { return reason.empty(); }
};

// A whole number; "−" (U+2212) is a minus, too. Of "2.5" 2 and 3 are near.
Typed<std::int64_t> parse_whole(std::string_view text);

// A finite number for a cell: also "1/9", and a decimal comma.
Typed<double> parse_real(std::string_view text);

// All digits, as a field is filled with them: short, and parse_real() gives the same number again.
std::string field_text(double value);

}  // namespace convlens
