// How often each cell is covered: against the outputs that a cell feeds, one by one, and the pattern in words.
#include "core/trace/coverage.h"

#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/trace/trace.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

std::string pattern(const ConvSpec& spec, Size2 input_plane) { return english(pattern_in_words(spec, input_plane)); }

using Counts = std::vector<std::int64_t>;

ConvSpec spec_of(Op op, Size2 kernel, Size2 stride, Size2 dilation = {1, 1}) {
    ConvSpec spec;
    spec.op = op;
    spec.kernel = kernel;
    spec.stride = stride;
    spec.dilation = dilation;
    return spec;
}

TEST(Coverage, IsTheNumberOfOutputsThatACellFeeds) {
    Random random(5);
    for (int i = 0; i < 300 && !HasFailure(); ++i) {
        const RandomLayer layer = random_layer(random, random.coin() ? Op::conv : Op::max_pool);
        const Size2 plane = layer.input.shape().plane();
        const Counts h = coverage(layer.spec, plane, Axis::h), w = coverage(layer.spec, plane, Axis::w);
        const Pads pads = resolve_pads(layer.spec, plane);
        const std::int64_t outputs = output_channels(layer.spec, layer.input.shape().c) /
                                     group_count(layer.spec, layer.input.shape().c);  // each reads the cell alike
        for (std::int64_t row = 0; row < std::ssize(h); ++row)
            for (std::int64_t col = 0; col < std::ssize(w); ++col) {
                const auto fed = fan_out(layer.spec, layer.input.shape(), {0, 0, row - pads.top, col - pads.left});
                EXPECT_EQ(h[static_cast<std::size_t>(row)] * w[static_cast<std::size_t>(col)] * outputs,
                          std::ssize(fed))
                    << layer.describe() << ", " << row << ", " << col;
            }
    }
}

TEST(Coverage, OfATransposedLayerIsTheNumberOfStamps) {
    Random random(6);
    for (int i = 0; i < 300 && !HasFailure(); ++i) {
        const RandomLayer layer = random_layer(random, Op::conv_transpose);
        const Size2 plane = layer.input.shape().plane();
        const Counts h = coverage(layer.spec, plane, Axis::h), w = coverage(layer.spec, plane, Axis::w);
        const Tensor<double> counted = overlap_count(layer.spec, plane);
        ASSERT_EQ(counted.shape().plane(), (Size2{std::ssize(h), std::ssize(w)}));
        for (std::int64_t row = 0; row < std::ssize(h); ++row)
            for (std::int64_t col = 0; col < std::ssize(w); ++col)
                EXPECT_EQ(h[static_cast<std::size_t>(row)] * w[static_cast<std::size_t>(col)],
                          static_cast<std::int64_t>(counted.at(0, 0, row, col)))
                    << layer.describe();
    }
}

TEST(Coverage, CountsTheDrawnExample) {
    const ConvSpec spec = spec_of(Op::conv, {3, 3}, {2, 2});
    EXPECT_EQ(coverage(spec, {7, 7}, Axis::h), (Counts{1, 1, 2, 1, 2, 1, 1}));
    EXPECT_EQ(evenness(spec, {7, 7}, Axis::h).counts, (Counts{1, 2}));
    EXPECT_EQ(evenness(spec, {7, 7}, Axis::h).even_kernel, 4);
}

// What is said of the inner cells holds for a large plane as a whole, but for its borders; the kernel that is proposed is
// even, and no smaller one is.
TEST(Evenness, IsThatOfALargePlaneFarFromItsBorders) {
    Random random(7);
    for (int i = 0; i < 400 && !HasFailure(); ++i) {
        ConvSpec spec = spec_of(random.coin() ? Op::conv : Op::conv_transpose, random.size(1, 9), random.size(1, 5),
                                random.size(1, 4));
        const Size2 plane{200, 200};
        const auto middle = [&](const ConvSpec& of) {
            const Counts all = coverage(of, plane, Axis::h);
            const auto from = all.begin() + std::ssize(all) / 2;
            Counts found(from, from + of.stride.h);
            std::ranges::sort(found);
            const auto repeated = std::ranges::unique(found);
            found.erase(repeated.begin(), repeated.end());
            return found;
        };
        const Evenness found = evenness(spec, plane, Axis::h);
        EXPECT_EQ(found.counts, middle(spec)) << spec.kernel.h << " " << spec.stride.h << " " << spec.dilation.h;
        if (found.counts.size() == 1) {
            EXPECT_FALSE(found.even_kernel);
            continue;
        }
        const std::int64_t most = found.even_kernel.value_or(spec.kernel.h + 2 * spec.stride.h);
        for (++spec.kernel.h; spec.kernel.h <= most; ++spec.kernel.h)
            EXPECT_EQ(middle(spec).size() == 1, found.even_kernel == spec.kernel.h) << spec.kernel.h;
    }
}

TEST(Evenness, SaysNothingWhereNoCellIsFarFromTheBorders) {
    EXPECT_TRUE(evenness(spec_of(Op::conv_transpose, {3, 3}, {2, 2}), {2, 2}, Axis::h).counts.empty());
    EXPECT_EQ(pattern(spec_of(Op::conv_transpose, {3, 3}, {2, 2}), {2, 2}), "");
}

TEST(Evenness, IsToldInWords) {
    EXPECT_EQ(pattern(spec_of(Op::conv_transpose, {3, 3}, {2, 2}), {5, 5}),
              "Checkerboard: kernel 3 is not a multiple of stride 2, so inner output cells are written 1, 2 or "
              "4 times. Kernel 4 writes all inner cells equally often.");
    EXPECT_EQ(pattern(spec_of(Op::conv_transpose, {4, 4}, {2, 2}), {5, 5}), "");
    EXPECT_EQ(pattern(spec_of(Op::conv, {3, 3}, {1, 1}), {9, 9}), "");
    EXPECT_EQ(pattern(spec_of(Op::conv, {3, 4}, {2, 2}), {12, 12}),
              "Stripes: kernel height 3 is not a multiple of stride 2, so inner input cells are read 2 or 4 "
              "times. Kernel 4×4 reads all inner cells equally often.");
    EXPECT_EQ(pattern(spec_of(Op::conv_transpose, {2, 3}, {3, 2}), {6, 6}),
              "Checkerboard: kernel height 2 is not a multiple of stride 3 and kernel width 3 is not a multiple of "
              "stride 2, so "
              "inner output cells are written 0, 1 or 2 times. Kernel 3×4 writes all inner cells "
              "equally often.");
    EXPECT_EQ(pattern(spec_of(Op::conv, {1, 3}, {1, 2}), {1, 16}),
              "Stripes: kernel width 3 is not a multiple of stride 2, so inner input cells are read 1 or 2 "
              "times. Kernel 1×4 reads all inner cells equally often.");
    EXPECT_EQ(pattern(spec_of(Op::conv, {2, 2}, {2, 2}, {2, 2}), {16, 16}),
              "Checkerboard: stride 2 and dilation 2 have a common factor, so inner input cells are read 0 or 4 "
              "times.");
}

// The cells of the input (of a transposed layer: of the output) by how often they are covered, one product at a time.
std::vector<std::int64_t> counted(const ConvSpec& spec, Size2 plane, Axis axis) {
    const AxisShape a = solve_axis(spec, plane, axis);
    const bool transposed = spec.op == Op::conv_transpose;
    Counts count(static_cast<std::size_t>(transposed ? a.output : a.input));
    for (std::int64_t i = 0; i < (transposed ? a.input : a.output); ++i) {
        for (std::int64_t u = 0; u < a.kernel; ++u) {
            const std::int64_t at = i * a.stride + u * a.dilation - a.pad_before;
            const bool inside = at >= 0 && at < std::ssize(count);
            const auto cell = transposed && !inside ? std::nullopt : source_index(at, std::ssize(count), spec.pad_mode);
            if (cell && at < a.padded - a.pad_before) ++count[static_cast<std::size_t>(*cell)];
        }
    }
    return count;
}

bool all_alike(const Counts& counts) { return std::ranges::adjacent_find(counts, std::not_equal_to{}) == counts.end(); }

// The longest row of equal counts takes all cells that are further than the kernel and the padding from either end.
bool alike_inside(const Counts& counts, std::int64_t border) {
    if (std::ssize(counts) <= 2 * border) return true;
    return all_alike(Counts(counts.begin() + border, counts.end() - border));
}

TEST(Evenness, TheKernelThatIsNamedCoversWhatIsSaidOfIt) {
    Random random(8);
    int all = 0, inner = 0, none = 0;
    for (int i = 0; i < 4000 && !HasFailure(); ++i) {
        constexpr std::array kOps{Op::conv, Op::conv_transpose, Op::avg_pool};
        constexpr std::array kModes{PadMode::zeros, PadMode::replicate, PadMode::reflect, PadMode::circular};
        const Op op = kOps[static_cast<std::size_t>(random.from(0, 2))];
        const std::int64_t k = random.from(1, 4), s = random.from(1, 4), padding = random.from(0, 2);
        ConvSpec spec = spec_of(op, {k, k}, {s, s});
        spec.pads = Pads::all(padding);
        if (op == Op::conv) spec.pad_mode = kModes[static_cast<std::size_t>(random.from(0, 3))];
        const std::int64_t side = random.from(2, 16);
        if (!validate({spec, {1, 1, side, side}, {}, {}}).empty()) continue;
        const std::string text = pattern(spec, {side, side});
        const std::size_t at = text.find(" Kernel ");
        if (at == std::string::npos) {
            none += text.empty() ? 0 : 1;
            continue;
        }
        const std::int64_t named = std::stoll(text.substr(at + 8));
        spec.kernel = {named, named};
        ASSERT_TRUE(validate({spec, {1, 1, side, side}, {}, {}}).empty()) << text;
        const Counts counts = counted(spec, {side, side}, Axis::h);
        EXPECT_EQ(std::ranges::find(counts, 0), counts.end()) << text << " of " << side << ", padding " << padding;
        const bool says_all = text.find("all cells") != std::string::npos;
        EXPECT_EQ(all_alike(counts), says_all) << text << " of " << side << ", padding " << padding;
        EXPECT_TRUE(alike_inside(counts, named + padding)) << text << " of " << side << ", padding " << padding;
        ++(says_all ? all : inner);
    }
    EXPECT_GT(all, 20);
    EXPECT_GT(inner, 20);
    EXPECT_GT(none, 20);
}

TEST(Evenness, NamesNoKernelThatLosesData) {
    ConvSpec spec = spec_of(Op::conv, {2, 2}, {3, 3});
    spec.pads = Pads::all(1);
    EXPECT_EQ(pattern(spec, {9, 9}),
              "Checkerboard: kernel 2 is not a multiple of stride 3, so inner input cells are read 0 or 1 times.")
        << "kernel 3 never reads row 8";
    spec.pads = {};
    EXPECT_EQ(pattern(spec, {9, 9}),
              "Checkerboard: kernel 2 is not a multiple of stride 3, so inner input cells are read 0 or 1 times. "
              "Kernel 3 reads all cells equally often.");
}

}  // namespace
}  // namespace convlens
