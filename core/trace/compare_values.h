// What the parts of the comparison share. Internal to core/trace.
#pragma once

#include <span>

#include "core/trace/compare.h"

namespace convlens {

inline constexpr double kEqualTolerance = 1e-6;

// Two layers and the cell that they are asked about.
struct ComparedPair {
    const ComparedLayer& a;
    const ComparedLayer& b;
    const Cell4& cell;

    const ConvSpec& first() const { return a.spec; }
    const ConvSpec& second() const { return b.spec; }
    bool same_input_plane() const { return a.data.input.shape.plane() == b.data.input.shape.plane(); }
};

inline double read(View<double> values, const Cell4& at) { return values.at(at.n, at.c, at.y, at.x); }

// Causes in the order in which a reader would look for them; none is tried yet. `first`, `second`: the taps of each
// layer's cell. What no product of either sum depends on is no cause.
std::vector<Cause> find_causes(const ComparedPair& p, const std::vector<Tap>& first, const std::vector<Tap>& second);

// The rule of equality; equal infinities and two that are not numbers count as equal.
bool count_as_equal(double a, double b, double magnitude);

// sum |w x| + |bias| of an output cell; for pooling sum |x| of its window, which is no less than it needs.
double magnitude_of(std::span<const Tap> taps, double bias);
double magnitude_at(const ComparedLayer& layer, const Cell4& cell);

double bias_at(const LayerData& data, const Cell4& cell);

}  // namespace convlens
