// A convolution and the transposed convolution that comes back: the lengths that a stride does not tell apart, and which
// output padding chooses each of them (torch.nn.ConvTranspose2d: output_padding "resolves the ambiguity").
#pragma once

#include <optional>

#include "core/conv/shape.h"

namespace convlens {

// One axis. Lengths in cells.
struct SizeAmbiguity {
    std::int64_t short_length = 0;  // what all of `alike` shrink to: conv's output, conv_transpose's input
    LengthSpan alike;               // the longer side
    std::int64_t present = 0;       // the layer's own length there
    // Output padding 0 comes back to this length, 1 to the next. Nothing for pooling, which has no transpose, and where
    // a rule pads each of the lengths differently.
    std::optional<std::int64_t> first_back;
    // What the present length shrinks to where that is not short_length: output padding >= stride.
    std::optional<std::int64_t> shrinks_to;

    std::int64_t count() const { return alike.most - alike.least + 1; }
    bool contains(std::int64_t length) const { return length >= alike.least && length <= alike.most; }
};

// Nothing where every length is told from every other (stride 1), and for a conv_transpose whose pads follow from its
// size. Precondition: a valid layer.
std::optional<SizeAmbiguity> size_ambiguity(const ConvSpec& spec, Size2 input_plane, Axis axis);

}  // namespace convlens
