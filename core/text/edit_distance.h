// How far a word is from another: for "did you mean ...?".
#pragma once

#include <cstddef>
#include <string_view>

namespace convlens {

// The least number of bytes to insert, delete or replace that turns `a` into `b` (V. Levenshtein, 1966).
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace convlens
