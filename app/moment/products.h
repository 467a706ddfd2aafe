// The products of the output that a moment looks at: in which order they are added, which of them have been, and what they
// come to. The picture's planes, the line below it and the explanation show these.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "app/moment/moment.h"

namespace convlens {

// Window positions that there are: of a kernel that reaches beyond the padded input only those on it.
Size2 window_positions(const Moment& moment);

// Products of one output, all channels of its group (of conv_transpose at most so many).
std::int64_t product_count(const Moment& moment);
// The most products of one output that are listed: more than anybody reads, and each costs time in every picture.
inline constexpr std::int64_t kMostListed = 1 << 13;
bool is_listed(const Moment& moment);

// The products of the output that is looked at.
struct Products {
    std::vector<Tap> taps;     // channel by channel, then as they stand in their plane: a sliding play adds them so
    std::int64_t reached = 0;  // so many of them have been added

    std::span<const Tap> added() const { return std::span(taps).first(static_cast<std::size_t>(reached)); }
};
// Precondition: moment.out. Takes time in proportion to product_count().
Products products_of(const Moment& moment);
// The same, or none where no output is looked at or its products are not listed.
Products listed_products(const Moment& moment);

// One product of the channel that is looked at (of pooling the value), by its place, where they are too many to list them.
// Nothing while the sum is not complete, beyond the padded input, and for conv_transpose.
std::optional<double> product_at(const Moment& moment, Size2 place);

// What the added products come to, without the bias.
double so_far(const Moment& moment, const Products& products);

// max_pool: where in the window the largest of the added values stands; nothing where all of them are padding.
std::optional<Size2> largest_place(const Moment& moment, const Products& products);

// Row and column of the plane of products where a product stands, of a stamp without the gaps between its cells.
Size2 product_place(const Moment& moment, const Tap& tap);

// The sum behind an output, as it is told term by term.
struct Sum {
    struct Term {
        Tap tap;
        bool reached = true;  // the play has added it already
    };
    std::vector<Term> terms;    // of the channel that is looked at, in the order of Products
    std::vector<double> parts;  // of each input channel of the group, whole
    double so_far = 0;          // of all channels, without the bias
    double bias = 0;
    double size = 0;  // Σ|x| of all products
};
// Precondition: moment.out.
Sum sum_of(const Moment& moment);

}  // namespace convlens
