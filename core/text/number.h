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
// A number that stands in a printed sum: whole ones in full up to 1e15, others with six significant digits.
std::string sum_number(double value);
// The value that sum_number() shows.
double shown_number(double value);
// The sign between the two sides of a printed sum, each the value of what is shown: "=", or "≈" where rounding shows.
// `size`: of the numbers that were added, Σ|x|; what is below a billionth of it is no difference.
std::string_view equals_sign(double left, double right, double size);
// "1 row", "0 rows", "12 345 rows": the number in groups of three and the word that goes with it.
std::string counted(std::int64_t count, std::string_view one, std::string_view many);

}  // namespace convlens
