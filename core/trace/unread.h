// Which rows and columns of a layer's input no output depends on, and why.
#pragma once

#include <cstdint>
#include <vector>

#include "core/conv/spec.h"
#include "core/text/message.h"

namespace convlens {

// Why a row or column of the input is never read.
enum class UnreadCause {
    no_window,        // it lies behind the last window, or a stride longer than the kernel skips it
    between_weights,  // windows cover it, but dilation spreads their weights so that none meets it
    cropped,          // a negative pad removes it
    stamp_cropped,    // conv_transpose: all that it stamps is removed by the crop
    between_cells,    // as between_weights, of pooling, whose windows have no weights
};

// Rows (or columns) along one axis that no output depends on. A row of the input is read, too, where a window reads its
// copy in the padding (replicate, reflect, symmetric, circular).
struct Unread {
    std::vector<std::int64_t> input;    // indices into the input, ascending: data that is lost
    std::vector<UnreadCause> causes;    // of each of `input`
    std::vector<std::int64_t> padding;  // indices into the padded axis that lie in the padding; none for conv_transpose
};
// O(output * kernel + padded). Precondition: a valid layer.
Unread unread(const ConvSpec& spec, Size2 input_plane, Axis axis);

// What the panels say of both axes: a sentence for each cause and axis, and one about the padding.
struct UnreadWords {
    std::vector<Message> input;  // "Input row 3 is never read: no window covers it. Its data is lost."
    Message padding;             // "2 columns of padding are never read; no input is lost."; or empty
};
UnreadWords in_words(const Unread& rows, const Unread& columns);

}  // namespace convlens
