#include "core/engine/pool.h"

#include <algorithm>
#include <cmath>

#include "core/base/parallel.h"
#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/conv/window.h"

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
    WindowCells rows(Size2 first, const Area& area) const {
        return cells_within(first.h, spec.dilation.h, spec.kernel.h, area.low.h, area.high.h);
    }
    WindowCells columns(Size2 first, const Area& area) const {
        return cells_within(first.w, spec.dilation.w, spec.kernel.w, area.low.w, area.high.w);
    }
    std::int64_t divisor(Size2 first) const {
        return spec.divisor_override.value_or(rows(first, counted).count() * columns(first, counted).count());
    }
};

double pooled(const Pooling& pooling, View<double> input, std::int64_t n, std::int64_t c, Size2 first) {
    const ConvSpec& spec = pooling.spec;
    const WindowCells rows = pooling.rows(first, pooling.read);
    const WindowCells columns = pooling.columns(first, pooling.read);
    PooledValue value(spec.op);
    for (std::int64_t kh = rows.begin; kh < rows.end; ++kh)
        for (std::int64_t kw = columns.begin; kw < columns.end; ++kw)
            value.add(input.at(n, c, first.h + kh * spec.dilation.h, first.w + kw * spec.dilation.w));
    return value.result(spec.op == Op::avg_pool ? pooling.divisor(first) : 1);
}

}  // namespace

void PooledValue::add(double value) {
    any_ = true;
    sum_ += value;
    if (value > largest_ || std::isnan(value)) largest_ = value;
}

double PooledValue::result(std::int64_t divisor) const {
    if (op_ == Op::max_pool) return largest_;
    return any_ ? sum_ / static_cast<double>(divisor) : 0;
}

PoolWindow pool_window(const ConvSpec& spec, Size2 input_plane, Size2 output) {
    const Pooling pooling(spec, input_plane);
    const Size2 first = pooling.first(output);
    return {first, pooling.divisor(first)};
}

Tensor<double> pool(const ConvSpec& spec, View<double> input, int threads) {
    constexpr std::int64_t kBand = 16;  // rows
    const Pooling pooling(spec, input.shape.plane());
    Tensor<double> out(output_shape(spec, input.shape));
    const Shape4 shape = out.shape();
    double* values = out.span().data();
    for_bands(shape.n * shape.c * shape.h, kBand, thread_count(threads), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
            const std::int64_t plane = row / shape.h;
            for (std::int64_t x = 0; x < shape.w; ++x) {
                const Size2 first = pooling.first({row % shape.h, x});
                values[row * shape.w + x] = pooled(pooling, input, plane / shape.c, plane % shape.c, first);
            }
        }
    });
    return out;
}

}  // namespace convlens
