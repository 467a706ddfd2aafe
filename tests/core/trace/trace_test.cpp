// What the window lights up and prints must be what was computed.
#include "core/trace/trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "tests/core/random_layer.h"

namespace convlens {

namespace {

RandomLayer any_layer(Random& random) { return random_layer(random, random.coin() ? Op::conv : Op::conv_transpose); }

std::array<std::int64_t, 12> link(const Cell4& in, const Cell4& out, const Cell4& weight) {
    return {in.n, in.c, in.y, in.x, out.n, out.c, out.y, out.x, weight.n, weight.c, weight.y, weight.x};
}

template <typename Visit>
void for_cells(const Shape4& shape, const Visit& visit) {
    for (std::int64_t n = 0; n < shape.n; ++n)
        for (std::int64_t c = 0; c < shape.c; ++c)
            for (std::int64_t y = 0; y < shape.h; ++y)
                for (std::int64_t x = 0; x < shape.w; ++x) visit(Cell4{n, c, y, x});
}

Shape4 out_shape(const RandomLayer& layer) { return output_shape(layer.spec, layer.input.shape()); }

// A layer of one channel, all of whose taps may be asked for.
RandomLayer one_channel(const ConvSpec& spec, Size2 plane) {
    RandomLayer layer;
    layer.spec = spec;
    layer.spec.groups = layer.spec.out_channels = 1;
    layer.input = Tensor<double>({1, 1, plane.h, plane.w}, 1.0);
    layer.weight = Tensor<double>({1, 1, spec.kernel.h, spec.kernel.w}, 1.0);
    return layer;
}

std::vector<double> numbers(const Tensor<double>& t) { return {t.span().begin(), t.span().end()}; }

ConvSpec transposed(std::int64_t kernel, std::int64_t stride) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {kernel, kernel};
    spec.stride = {stride, stride};
    return spec;
}

}  // namespace

TEST(Taps, ProductsAddUpToTheOutputExactly) {
    Random random(21);
    for (int i = 0; i < 300; ++i) {
        const RandomLayer layer = any_layer(random);
        const Tensor<double> out = reference_forward(layer.spec, layer.data());
        for_cells(out.shape(), [&](const Cell4& cell) {
            double sum = 0;
            for (const Tap& tap : taps(layer.spec, layer.data(), cell)) {
                EXPECT_EQ(tap.product, tap.value * tap.factor);
                sum += tap.product;
            }
            if (layer.has_bias) sum += layer.bias.at(0, cell.c, 0, 0);
            EXPECT_EQ(sum, out.at(cell.n, cell.c, cell.y, cell.x)) << layer.describe();
        });
        if (HasFailure()) return;
    }
}

TEST(Taps, NameTheCellsTheirValuesComeFrom) {
    Random random(22);
    for (int i = 0; i < 300; ++i) {
        const RandomLayer layer = any_layer(random);
        const Pads pads = resolve_pads(layer.spec, layer.input.shape().plane());
        const Tensor<double> padded =
            layer.spec.op == Op::conv ? padded_input(layer.spec, layer.input) : Tensor<double>();
        for_cells(out_shape(layer), [&](const Cell4& cell) {
            for (const Tap& tap : taps(layer.spec, layer.data(), cell)) {
                const auto at = [](const Tensor<double>& t, const Cell4& c) { return t.at(c.n, c.c, c.y, c.x); };
                EXPECT_EQ(tap.factor, at(layer.weight, tap.weight));
                if (tap.has_source) {
                    EXPECT_EQ(tap.value, at(layer.input, tap.source));
                }
                EXPECT_EQ(tap.in_padding, tap.source != tap.input || !tap.has_source);
                if (layer.spec.op == Op::conv) {
                    EXPECT_EQ(tap.value,
                              padded.at(tap.input.n, tap.input.c, tap.input.y + pads.top, tap.input.x + pads.left));
                }
            }
        });
        if (HasFailure()) return;
    }
}

TEST(Taps, WithAFlippedKernelTheLastWeightMeetsTheFirstCell) {
    Tensor<double> input({1, 1, 1, 3}, std::vector<double>{1, 2, 3});
    Tensor<double> weight({1, 1, 1, 3}, std::vector<double>{10, 20, 30});
    ConvSpec spec;
    spec.kernel = {1, 3};
    spec.flip_kernel = true;
    const std::vector<Tap> found = taps(spec, {input, weight, {}}, {0, 0, 0, 0});
    ASSERT_EQ(found.size(), 3u);
    EXPECT_EQ(found[0].window, (Size2{0, 0}));
    EXPECT_EQ(found[0].weight, (Cell4{0, 0, 0, 2}));
    EXPECT_EQ(found[0].product, 30);
}

TEST(FanOut, IsTheInverseOfTaps) {
    Random random(23);
    for (int i = 0; i < 300; ++i) {
        const RandomLayer layer = any_layer(random);
        std::vector<std::array<std::int64_t, 12>> by_output, by_input;
        for_cells(out_shape(layer), [&](const Cell4& cell) {
            for (const Tap& tap : taps(layer.spec, layer.data(), cell))
                if (!tap.in_padding) by_output.push_back(link(tap.input, cell, tap.weight));
        });
        for_cells(layer.input.shape(), [&](const Cell4& cell) {
            for (const Feed& feed : fan_out(layer.spec, layer.input.shape(), cell))
                by_input.push_back(link(cell, feed.output, feed.weight));
        });
        std::sort(by_output.begin(), by_output.end());
        std::sort(by_input.begin(), by_input.end());
        ASSERT_EQ(by_output, by_input) << layer.describe();
    }
}

TEST(Reach, IsWhereTheTapsOfAWeightLie) {
    Random random(24);
    for (int i = 0; i < 200; ++i) {
        const RandomLayer random_one = any_layer(random);
        const ConvSpec& spec = random_one.spec;
        const RandomLayer layer = one_channel(spec, random_one.input.shape().plane());
        const Pads pads = resolve_pads(spec, layer.input.shape().plane());
        const bool stamps = spec.op == Op::conv_transpose;
        using Place = std::pair<std::int64_t, std::int64_t>;
        std::map<Place, std::set<Place>> met;  // by weight
        for_cells(out_shape(layer), [&](const Cell4& cell) {
            for (const Tap& tap : taps(layer.spec, layer.data(), cell)) {
                const Cell4& at = stamps ? cell : tap.input;  // on the canvas, or on the padded input
                met[{tap.weight.y, tap.weight.x}].insert({at.y + pads.top, at.x + pads.left});
            }
        });
        const Shape4 size = out_shape(layer);
        for (std::int64_t k = 0; k < spec.kernel.h * spec.kernel.w; ++k) {
            const Size2 weight{k / spec.kernel.w, k % spec.kernel.w};
            const Lattice lattice = reach(spec, layer.input.shape().plane(), weight);
            std::set<Place> cells;
            for (std::int64_t y = 0; y < lattice.count.h; ++y) {
                for (std::int64_t x = 0; x < lattice.count.w; ++x) {
                    const Place at{lattice.first.h + y * lattice.step.h, lattice.first.w + x * lattice.step.w};
                    const Size2 out{at.first - pads.top,
                                    at.second - pads.left};  // of a stamp; what is cropped has no tap
                    if (!stamps || (out.h >= 0 && out.h < size.h && out.w >= 0 && out.w < size.w)) cells.insert(at);
                }
            }
            ASSERT_EQ(cells, (met[{weight.h, weight.w}])) << layer.describe();
        }
    }
}

TEST(OverlapCount, AgreesWithCountingTaps) {
    Random random(26);
    for (int i = 0; i < 500; ++i) {
        const RandomLayer random_one = any_layer(random);
        const RandomLayer layer = one_channel(random_one.spec, random_one.input.shape().plane());
        const bool stamps = layer.spec.op == Op::conv_transpose;
        Tensor<double> counted(stamps ? out_shape(layer) : layer.input.shape());
        for_cells(out_shape(layer), [&](const Cell4& cell) {
            for (const Tap& tap : taps(layer.spec, layer.data(), cell)) {
                const Cell4& at = stamps ? cell : tap.input;
                if (!tap.in_padding) counted.at(0, 0, at.y, at.x) += 1;
            }
        });
        ASSERT_EQ(overlap_count(layer.spec, layer.input.shape().plane()), counted) << layer.describe();
    }
}

// Checkerboards come from a kernel that the stride does not divide: never from kernel 2 with stride 2.
TEST(OverlapCount, OfTransposedKernelsIsEvenOnlyWhereTheStrideDividesThem) {
    EXPECT_EQ(numbers(overlap_count(transposed(2, 2), {3, 3})), std::vector<double>(36, 1));
    const Tensor<double> three = overlap_count(transposed(3, 2), {3, 3});
    ASSERT_EQ(three.shape(), (Shape4{1, 1, 7, 7}));
    const double line[] = {1, 1, 2, 1, 2, 1, 1};
    for (std::int64_t y = 0; y < 7; ++y)
        for (std::int64_t x = 0; x < 7; ++x) EXPECT_EQ(three.at(0, 0, y, x), line[y] * line[x]);
    const Tensor<double> four = overlap_count(transposed(4, 2), {4, 4});
    for (std::int64_t y = 2; y < 8; ++y)
        for (std::int64_t x = 2; x < 8; ++x) EXPECT_EQ(four.at(0, 0, y, x), 4);  // 2 along each axis
}

}  // namespace convlens
