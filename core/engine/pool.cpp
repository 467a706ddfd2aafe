#include "core/engine/pool.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/parallel.h"

namespace convlens {

namespace {

// Rows and columns from `low` up to and without `high`, in coordinates of the input.
struct Area {
    Size2 low;
    Size2 high;
};

// A pooling layer with what all its windows share.
struct Pooling {
    const ConvSpec& spec;
    Pads pads;
    Area read;     // the input, without what negative pads cut away
    Area counted;  // what an average counts

    Pooling(const ConvSpec& layer, Size2 plane) : spec(layer), pads(resolve_pads(layer, plane)) {
        const auto cut = [](std::int64_t pad) { return std::min<std::int64_t>(pad, 0); };
        read = {{-cut(pads.top), -cut(pads.left)}, {plane.h + cut(pads.bottom), plane.w + cut(pads.right)}};
        const Area padded{{-pads.top, -pads.left}, {plane.h + pads.bottom, plane.w + pads.right}};
        counted = spec.count_include_pad ? padded : read;
    }

    Size2 first(Size2 output) const {
        return {output.h * spec.stride.h - pads.top, output.w * spec.stride.w - pads.left};
    }
    std::int64_t divisor(Size2 first) const;
};

// How many of a window's cells along one axis, first, first + dilation, ..., lie in [low, high).
std::int64_t cells_within(std::int64_t first, std::int64_t dilation, std::int64_t kernel, std::int64_t low,
                          std::int64_t high) {
    std::int64_t count = 0;
    for (std::int64_t k = 0; k < kernel; ++k) {
        const std::int64_t at = first + k * dilation;
        if (at >= low && at < high) ++count;
    }
    return count;
}

std::int64_t Pooling::divisor(Size2 first) const {
    if (spec.divisor_override) return *spec.divisor_override;
    return cells_within(first.h, spec.dilation.h, spec.kernel.h, counted.low.h, counted.high.h) *
           cells_within(first.w, spec.dilation.w, spec.kernel.w, counted.low.w, counted.high.w);
}

// Calls each(value) for the window's cells on the input, in the order of the window.
template <typename Each>
void for_cells(const Pooling& pooling, View<double> input, std::int64_t n, std::int64_t c, Size2 first,
               const Each& each) {
    const ConvSpec& spec = pooling.spec;
    const Area& area = pooling.read;
    for (std::int64_t kh = 0; kh < spec.kernel.h; ++kh) {
        const std::int64_t y = first.h + kh * spec.dilation.h;
        if (y < area.low.h || y >= area.high.h) continue;
        for (std::int64_t kw = 0; kw < spec.kernel.w; ++kw) {
            const std::int64_t x = first.w + kw * spec.dilation.w;
            if (x >= area.low.w && x < area.high.w) each(input.at(n, c, y, x));
        }
    }
}

double largest(const Pooling& pooling, View<double> input, std::int64_t n, std::int64_t c, Size2 first) {
    double most = -std::numeric_limits<double>::infinity();
    for_cells(pooling, input, n, c, first, [&most](double value) {
        if (value > most || std::isnan(value)) most = value;
    });
    return most;
}

double average(const Pooling& pooling, View<double> input, std::int64_t n, std::int64_t c, Size2 first) {
    double sum = 0;
    bool any = false;
    for_cells(pooling, input, n, c, first, [&](double value) {
        sum += value;
        any = true;
    });
    return any ? sum / static_cast<double>(pooling.divisor(first)) : 0;
}

}  // namespace

PoolWindow pool_window(const ConvSpec& spec, Size2 input_plane, Size2 output) {
    const Pooling pooling(spec, input_plane);
    const Size2 first = pooling.first(output);
    return {first, pooling.divisor(first)};
}

Tensor<double> pool(const ConvSpec& spec, View<double> input, int threads) {
    constexpr std::int64_t kBand = 16;  // rows
    const Pooling pooling(spec, input.shape.plane());
    const auto of_window = spec.op == Op::max_pool ? largest : average;
    Tensor<double> out(output_shape(spec, input.shape));
    const Shape4 shape = out.shape();
    double* values = out.span().data();
    for_bands(shape.n * shape.c * shape.h, kBand, thread_count(threads), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
            const std::int64_t plane = row / shape.h;
            for (std::int64_t x = 0; x < shape.w; ++x) {
                const Size2 first = pooling.first({row % shape.h, x});
                values[row * shape.w + x] = of_window(pooling, input, plane / shape.c, plane % shape.c, first);
            }
        }
    });
    return out;
}

}  // namespace convlens
