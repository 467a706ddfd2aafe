// What is wrong with a layer, without words: cheap enough to ask thousands of times while a fix is looked for.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/conv/problem.h"
#include "core/conv/wide_axis.h"
#include "core/text/message.h"

namespace convlens {

struct Fault {
    ErrorKind kind{};
    Field field{};
    bool rows = false;  // which axes are at fault; neither where it is not about an axis
    bool columns = false;
    friend bool operator==(const Fault&, const Fault&) = default;
};

// The pads as far as the dialect allows them: negative ones that it refuses count as 0, so that what else is wrong with
// a layer can still be said.
Pads allowed_pads(const ConvSpec& spec);

// One axis of a layer with the allowed pads.
WideAxis solve_allowed(const LayerShape& layer, Axis axis);

// Every fault, in the order of Field. Defined for any numbers in any field.
std::vector<Fault> find_faults(const LayerShape& layer);

// The tensors of a layer that have to be held, the padded or stamped ones included. Operations that have fewer have empty
// ones at the end.
struct HeldTensor {
    Key name;                     // "The output", as a sentence begins
    Field field;                  // the setting that is most to blame for its size
    std::array<Wide, 4> lengths;  // [N, C, H, W]
};
std::array<HeldTensor, 5> held_tensors(const LayerShape& layer);

// More cells than `layer` may have: kMaxCells, or what can be counted where only sizes are asked for.
bool too_large(const LayerShape& layer, const HeldTensor& tensor);

}  // namespace convlens
