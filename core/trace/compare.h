// Two layers side by side: where their outputs differ, and why a cell does.
//
// Cells are compared at the same indices, from [0, 0, 0, 0] on, and count as equal when
// |a - b| <= 1e-6 * max(1, sum |w x|): relative error alone fails near cancellation. In all words what is said of the
// first layer stands before "vs", what is said of the second behind it.
#pragma once

#include <optional>
#include <vector>

#include "core/text/message.h"
#include "core/trace/trace.h"

namespace convlens {

struct ComparedLayer {
    const ConvSpec& spec;
    LayerData data;
    View<double> output;  // what the layer gives
};

struct OutputDifference {
    Shape4 first, second;    // of the outputs
    Shape4 shared;           // the cells that both have
    Tensor<double> by;       // [shared]: first - second; 0 where they count as equal
    std::int64_t cells = 0;  // that both have
    std::int64_t differing = 0;
    double largest = 0;       // |first - second|; infinite where one of them is not a number that the other is
    std::optional<Cell4> at;  // the first that differs, in the order n, c, y, x

    bool same_shape() const { return first == second; }
};
OutputDifference compare_outputs(const ComparedLayer& a, const ComparedLayer& b);

// "5×5 vs 4×4; compared where both have cells, 4×4: 3 of 16 cells differ, by at most 7."
Message in_words(const OutputDifference& difference);

// What two layers have that is not alike and bears on one cell.
enum class CauseKind { op, input, kernel, window, stride, dilation, groups, border, pooling, bias };
struct Cause {
    CauseKind kind{};
    Message text;        // "the kernel is rotated by 180°"
    bool alone = false;  // were only this alike, as the first layer has it or as the second, the cell would be equal
};

struct CellDifference {
    Cell4 cell;
    double first = 0, second = 0;  // the outputs
    std::vector<Tap> common;       // products of both sums: the same cell of the input, or the same constant of the
                                   // padding, times an equal weight. As the first layer has them
    std::vector<Tap> only_first;   // first - second = sum(only_first) - sum(only_second) + biases, but for pooling
    std::vector<Tap> only_second;
    std::vector<Cause> causes;  // those that are enough alone come first
    Message why;                // the main cause in a sentence or two; says when no single one accounts for it
};
// Precondition: both outputs have the cell.
CellDifference explain_cell(const ComparedLayer& a, const ComparedLayer& b, const Cell4& cell);

}  // namespace convlens
