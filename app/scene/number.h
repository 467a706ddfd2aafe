// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace convlens {

// At most `digits` significant digits, minus is U+2212, "nan", "∞", "−∞"; no trailing zeros. 12345 -> "1.234e4".
std::string short_number(double value, int digits = 4);
// All digits that tell the value from its neighbours (shortest round trip).
std::string full_number(double value);
// "1 row", "0 rows", "12 345 rows": the number in groups of three and the word that goes with it.
std::string counted(std::int64_t count, std::string_view one, std::string_view many);

}  // namespace convlens
