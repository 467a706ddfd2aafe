// A transposed layer read as stamps: each input cell adds its value times the kernel to the uncropped output, one cell after
// the other. The plane after any number of stamps is found from a kept one that is not far before it.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "app/moment/moment.h"

namespace convlens {

// The uncropped output of one output channel, [padded height, padded width] of the layer, row-major.
struct StampedPlane {
    Size2 size;
    std::vector<double> values;  // the bias included
    std::vector<char> covered;   // 1 where a stamp has been

    std::size_t index(std::int64_t row, std::int64_t col) const { return static_cast<std::size_t>(row * size.w + col); }
};

class Scatter {
public:
    // `most_kept`: bytes that kept planes may take, all together.
    Scatter(std::shared_ptr<const DerivedLayer> layer, std::int64_t n, std::int64_t c_out, std::int64_t most_kept);

    bool is_of(const Moment& moment) const;

    // The plane after the whole stamps of the first `count` input cells of the group, in the order channel, row, column.
    // Going on from a kept plane takes at most interval() - 1 stamps; those that lead to a later one than ever before are
    // made once.
    StampedPlane after(std::int64_t count);

    // Stamps from one kept plane to the next: about as many as take as long as writing the plane once.
    std::int64_t interval() const { return interval_; }
    // Stamps made so far, by all calls.
    std::int64_t stamps_made() const { return made_; }

private:
    std::shared_ptr<const DerivedLayer> layer_;
    std::int64_t n_, c_out_;
    std::int64_t interval_ = 1;
    std::int64_t made_ = 0;
    std::vector<StampedPlane> kept_;  // after interval, 2 · interval, ... stamps
};

// Weight at (r, c) of the stamp as it lies on the output, of the input channel `channel` of the slice's group.
double stamp_weight(const Moment& moment, std::int64_t channel, std::int64_t r, std::int64_t c);

// The plane at a moment that reads stamps, and what its present stamp has changed of it.
struct Stamping {
    StampedPlane plane;
    std::vector<double> before;  // the plane's values without the present stamp
    std::vector<char> touched;   // by the present stamp: 1, or 2 where an earlier stamp has been
};

// What pictures of one after the other moment have in common. Each thread that draws has its own.
class Scatters {
public:
    // Precondition: moment.stamps().
    Stamping at(const Moment& moment);
    std::int64_t stamps_made() const;

private:
    std::vector<Scatter> kept_;  // used last first; as many as panes stand side by side
};

}  // namespace convlens
