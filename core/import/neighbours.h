// The modules beside a layer: those of the sequence that holds it, nn.Sequential(nn.ReLU(), nn.Conv2d(...)), of a
// printed one, or of a model that they are added to. Internal to core/import.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

// Modules as the tokens of their names, in the order in which an input goes through them.
struct Neighbours {
    std::vector<std::size_t> before, after;
    bool added = false;    // one by one, by model.add(...)
    std::string variable;  // that the sequence is set to: net; "" for none
};

// Where a layer stands in a sequence: itself, or the first use of its name there, conv = nn.Conv2d(1, 1, 3) and then
// nn.Sequential(nn.ReflectionPad2d(1), conv).
std::size_t place_in_sequence(const PastedText& text, std::size_t layer);

Neighbours neighbours_of(const PastedText& text, std::size_t layer);

}  // namespace convlens::pasted
