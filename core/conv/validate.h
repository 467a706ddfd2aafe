// Is a layer possible? Every problem at once, each with fixes.
#pragma once

#include <vector>

#include "core/conv/problem.h"

namespace convlens {

// The most cells any tensor of a layer may have before it is refused (too_large), with its size in memory named.
inline constexpr std::int64_t kMaxCells = std::int64_t{1} << 28;

// Empty when the layer can be computed. Otherwise all problems, in the order of Field; every Problem has at least one
// Fix and every Fix, applied, validates clean: where several problems stand together, a fix mends the others too in
// the smallest way. No number in a fix could be nearer to what it was. spec.dialect decides what is refused: torch
// refuses reflect pads >= the input's size, negative pads, ...; convlens refuses only what is not defined.
// What an operation does not have is not looked at: output padding and output_size of a conv, say.
std::vector<Problem> validate(const LayerShape& layer);

}  // namespace convlens
