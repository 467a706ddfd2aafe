// Which cells belong together: the numbers that a cell is made of, and those that it feeds. Every highlight is this answer,
// whether somebody points at a cell, has pinned it, or the play is at it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/moment/products.h"

namespace convlens {

// Lit cells of one plane, in coordinates of its tensor.
class LitPlane {
public:
    LitPlane() = default;
    // None of the cells from (y, x) on is lit yet.
    LitPlane(std::int64_t y, std::int64_t x, Size2 size);

    // Cells outside the plane are never lit.
    void light(std::int64_t y, std::int64_t x);
    bool at(std::int64_t y, std::int64_t x) const;

private:
    std::optional<std::size_t> index(std::int64_t y, std::int64_t x) const;
    std::int64_t y_ = 0, x_ = 0;
    Size2 size_;
    std::vector<char> lit_;
};

// The lit cells of the planes that a moment's pane shows.
struct Related {
    LitPlane input;   // of the channel that is looked at, with its padding and what a negative pad cuts away
    LitPlane weight;  // of that channel and the slice's output channel, as stored
    LitPlane output;  // of the slice
    // There are too many products to list them: of the input the window of Moment::out is lit as a whole.
    bool whole_window = false;
};

// What belongs to a cell of the pane. A cell of the input or its padding: the outputs whose windows (or where it is
// stamped) have it, and unless it is stamped the weights in between; of an input cell that padding copies, also the copies
// on the padded input and what they feed. A weight of a convolution: the input cells that it meets while the kernel slides. An output: the
// input cells and weights of its sum. A product of Moment::out that has been added: its two factors. A zero between or
// around the spread-out input: nothing. The cell itself is lit, but for products and outputs.
Related related(const Moment& moment, const CellId& cell);

// What is lit at the moment: what belongs to the cell that is pointed at, else to the products that the play has added.
// `products`: listed_products() of the moment.
Related lit_at(const Moment& moment, const Products& products);

}  // namespace convlens
