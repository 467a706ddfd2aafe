// Numbers as people read them.
#pragma once

#include <string>

namespace convlens {

// At most `digits` significant digits, minus is U+2212, "nan", "∞", "−∞"; no trailing zeros. 12345 -> "1.234e4".
std::string short_number(double value, int digits = 4);
// All digits that tell the value from its neighbours (shortest round trip).
std::string full_number(double value);

}  // namespace convlens
