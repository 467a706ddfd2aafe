// A layer that is possible here may be refused by the program that it is meant for.
#pragma once

#include <string>
#include <vector>

#include "core/conv/problem.h"

namespace convlens {

struct RefusedBy {
    Dialect dialect{};
    std::string reason;  // the first of what is wrong there
};

// The programs, in the order of Dialect, whose rules this layer breaks though those that it was made for accept it. A
// program that is not named may still have no such layer at all: SciPy has no stride. Empty where validate(layer) is not.
std::vector<RefusedBy> refused_elsewhere(const LayerShape& layer);

}  // namespace convlens
