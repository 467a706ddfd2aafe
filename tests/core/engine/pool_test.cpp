#include "core/engine/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/engine/forward.h"
#include "core/trace/trace.h"
#include "core/trace/unread.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

ConvSpec pooling(Op op, std::int64_t kernel, std::int64_t stride, std::int64_t padding = 0) {
    ConvSpec spec;
    spec.op = op;
    spec.kernel = {kernel, kernel};
    spec.stride = {stride, stride};
    spec.pads = Pads::all(padding);
    return spec;
}

std::vector<double> pooled(const ConvSpec& spec, const Tensor<double>& input) {
    EXPECT_TRUE(validate({spec, input.shape(), {}, {}}).empty());
    const Tensor<double> out = pool(spec, input);
    return {out.span().begin(), out.span().end()};
}

Tensor<double> row(const std::vector<double>& values) {
    const auto count = static_cast<std::int64_t>(values.size());
    return {{1, 1, 1, count}, values};
}

// A window of one row over a row of numbers.
ConvSpec over_row(Op op, std::int64_t kernel, std::int64_t stride, std::int64_t padding = 0) {
    ConvSpec spec = pooling(op, kernel, stride, padding);
    spec.kernel.h = spec.stride.h = 1;
    spec.pads.top = spec.pads.bottom = 0;
    return spec;
}

using Values = std::vector<double>;

TEST(MaxPool, TakesTheLargestOfEveryWindow) {
    EXPECT_EQ(pooled(over_row(Op::max_pool, 2, 2), row({1, 5, 3, 2, 9})), (Values{5, 3}));
}

// Padding is -infinity, not 0.
TEST(MaxPool, NeverTakesThePadding) {
    EXPECT_EQ(pooled(over_row(Op::max_pool, 3, 1, 1), row({-4, -2, -7})), (Values{-2, -2, -2}));
}

TEST(MaxPool, HandsNaNOn) {
    const Values out = pooled(over_row(Op::max_pool, 2, 1), row({1, kNaN, 3, 4}));
    EXPECT_TRUE(std::isnan(out[0]) && std::isnan(out[1]));
    EXPECT_EQ(out[2], 4);
    EXPECT_EQ(pooled(over_row(Op::max_pool, 2, 1), row({-kInfinity, -kInfinity})), Values{-kInfinity});
}

TEST(MaxPool, LooksAtTheCellsOfADilatedWindow) {
    ConvSpec spec = over_row(Op::max_pool, 2, 1);
    spec.dilation = {1, 2};
    EXPECT_EQ(pooled(spec, row({1, 9, 2, 8})), (Values{2, 9}));
}

TEST(AveragePool, DividesByTheWindow) {
    EXPECT_EQ(pooled(over_row(Op::avg_pool, 2, 2), row({1, 5, 3, 2})), (Values{3, 2.5}));
}

TEST(AveragePool, CountsPaddingOrNot) {
    ConvSpec spec = over_row(Op::avg_pool, 3, 1, 1);
    EXPECT_EQ(pooled(spec, row({3, 6, 9})), (Values{3, 6, 5}));
    spec.count_include_pad = false;
    EXPECT_EQ(pooled(spec, row({3, 6, 9})), (Values{4.5, 6, 7.5}));
}

TEST(AveragePool, TakesADivisorOfItsOwn) {
    ConvSpec spec = over_row(Op::avg_pool, 3, 1, 1);
    spec.divisor_override = 1;
    EXPECT_EQ(pooled(spec, row({3, 6, 9})), (Values{9, 18, 15}));
    spec.divisor_override = -2;
    spec.count_include_pad = false;
    EXPECT_EQ(pooled(spec, row({3, 6, 9})), (Values{-4.5, -9, -7.5}));
}

TEST(CeilMode, CountsAPartialWindow) {
    ConvSpec spec = over_row(Op::max_pool, 2, 2);
    EXPECT_EQ(pooled(spec, row({1, 2, 3})), Values{2});
    spec.ceil_mode = true;
    EXPECT_EQ(pooled(spec, row({1, 2, 3})), (Values{2, 3}));
}

TEST(CeilMode, DividesAPartialWindowByWhatIsThere) {
    ConvSpec spec = over_row(Op::avg_pool, 3, 2, 1);
    spec.ceil_mode = true;
    // 6 cells, padded to 8: the last of four windows has the padding's last cell and two cells that are nowhere.
    EXPECT_EQ(pooled(spec, row({3, 3, 3, 3, 3, 6})), (Values{2, 3, 4, 3}));
    spec.count_include_pad = false;
    EXPECT_EQ(pooled(spec, row({3, 3, 3, 3, 3, 6})), (Values{3, 3, 4, 6}));
}

// pytorch/pytorch: the last window must start inside the input or the padding at the start.
TEST(CeilMode, DropsAWindowThatWouldStartInThePaddingAtTheEnd) {
    ConvSpec spec = over_row(Op::max_pool, 2, 3, 1);
    spec.ceil_mode = true;
    const AxisShape axis = solve_axis(spec, {1, 5}, Axis::w);
    EXPECT_EQ(axis.output, 2);
    EXPECT_TRUE(axis.dropped_window);
    EXPECT_EQ(pooled(spec, row({1, 2, 3, 4, 5})), (Values{1, 4}));
    const AxisShape kept = solve_axis(spec, {1, 6}, Axis::w);
    EXPECT_EQ(kept.output, 3);
    EXPECT_FALSE(kept.dropped_window);
}

TEST(CeilMode, TakesAWindowLargerThanThePaddedInputByLessThanAStride) {
    ConvSpec spec = over_row(Op::max_pool, 5, 3);
    EXPECT_FALSE(validate({spec, {1, 1, 1, 4}, {}, {}}).empty());
    spec.ceil_mode = true;
    EXPECT_EQ(pooled(spec, row({4, 7, 1, 2})), Values{7});
}

TEST(Pooling, TakesEveryChannelByItself) {
    Tensor<double> input({2, 2, 1, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
    const Tensor<double> out = pool(over_row(Op::max_pool, 2, 1), input);
    EXPECT_EQ(out.shape(), (Shape4{2, 2, 1, 1}));
    EXPECT_EQ(Values(out.span().begin(), out.span().end()), (Values{2, 4, 6, 8}));
}

TEST(Pooling, ExplainsItsSize) {
    ConvSpec spec = pooling(Op::max_pool, 3, 2);
    spec.ceil_mode = true;
    const Derivation d = derive(spec, {6, 6}, Axis::h);
    EXPECT_EQ(to_text(d.lines[0]), "⌈(H_i + 2·H_p \u2212 H_d·(H_k \u2212 1) \u2212 1)/H_s⌉ + 1");
    EXPECT_EQ(to_text(d.lines[3]), "⌈1.5⌉ + 1");
    EXPECT_EQ(d.result, 3);
    spec = pooling(Op::max_pool, 2, 3, 1);
    spec.ceil_mode = true;
    const Derivation dropped = derive(spec, {5, 5}, Axis::h);
    EXPECT_EQ(to_text(dropped.lines[4]), "2 + 1 \u2212 1");
    EXPECT_EQ(dropped.result, 2);
}

std::optional<ErrorKind> refusal(const ConvSpec& spec, const Shape4& input) {
    const std::vector<Problem> problems = validate({spec, input, {}, {}});
    if (problems.empty()) return {};
    for (const Fix& fix : problems.front().fixes) EXPECT_TRUE(validate(fix.after).empty()) << english(fix.text);
    EXPECT_FALSE(problems.front().fixes.empty());
    return problems.front().kind;
}

TEST(Pooling, LimitsItsPaddingAsEachProgramDoes) {
    ConvSpec spec = pooling(Op::max_pool, 3, 2, 2);
    const Shape4 input{1, 1, 5, 5};
    EXPECT_EQ(refusal(spec, input), std::nullopt);
    spec.dialect = Dialect::torch;  // at most half of the kernel, dilated or not
    EXPECT_EQ(refusal(spec, input), ErrorKind::pool_pad_too_big);
    spec.dilation = {2, 2};
    EXPECT_EQ(refusal(spec, input), ErrorKind::pool_pad_too_big);
    spec.dialect = Dialect::onnx;  // less than the kernel
    EXPECT_EQ(refusal(spec, input), std::nullopt);
    spec.pads = Pads::all(3);
    EXPECT_EQ(refusal(spec, input), ErrorKind::pool_pad_too_big);
    spec.dialect = Dialect::convlens;  // as long as every window meets a cell of the input
    EXPECT_EQ(refusal(spec, input), std::nullopt);
    spec.pads = Pads::all(5);
    EXPECT_EQ(refusal(spec, input), ErrorKind::pool_pad_too_big);
}

// What a window of padding comes to: nothing where padding is no data, 0 where it is counted.
TEST(Pooling, RefusesAWindowOfPaddingOnlyWhereItHasNoValue) {
    ConvSpec spec = pooling(Op::avg_pool, 2, 1, 3);
    const Shape4 input{1, 1, 1, 4};
    EXPECT_EQ(refusal(spec, input), std::nullopt);
    EXPECT_EQ(pool(spec, Tensor<double>(input, {4, 8, 12, 16})).at(0, 0, 0, 0), 0);
    EXPECT_EQ(pool(spec, Tensor<double>(input, {4, 8, 12, 16})).at(0, 0, 3, 4), 5) << "(8 + 12) / 4";
    spec.count_include_pad = false;
    EXPECT_EQ(refusal(spec, input), ErrorKind::pool_pad_too_big);
    spec.divisor_override = 3;
    EXPECT_EQ(refusal(spec, input), std::nullopt) << "0 / 3";
    spec.op = Op::max_pool;
    EXPECT_EQ(refusal(spec, input), ErrorKind::pool_pad_too_big);
    spec.pads = {1, 1, 1, 1};
    EXPECT_EQ(refusal(spec, input), std::nullopt);
}

// Found by looking at every window, on small layers of every kind.
TEST(Pooling, KnowsEveryLayerThatHasAWindowOfPadding) {
    int with = 0;
    Random random(18);
    for (int i = 0; i < 3000; ++i) {
        ConvSpec spec = pooling(Op::max_pool, random.from(1, 4), random.from(1, 5));
        spec.dilation = {random.from(1, 5), 1};
        spec.pads = {random.from(-2, 7), random.from(-2, 7), 0, 0};
        spec.ceil_mode = random.coin();
        const Shape4 input{1, 1, random.from(1, 6), 4};
        const AxisShape axis = solve_axis(spec, input.plane(), Axis::h);
        if (axis.output < 1 || axis.padded < 1 || solve_axis(spec, input.plane(), Axis::w).output < 1) continue;
        if (input.h + std::min<std::int64_t>(spec.pads.top, 0) + std::min<std::int64_t>(spec.pads.bottom, 0) < 1)
            continue;
        bool empty = false;
        for (std::int64_t o = 0; o < axis.output; ++o) {
            bool meets = false;
            for (std::int64_t k = 0; k < spec.kernel.h; ++k) {
                const std::int64_t row = o * spec.stride.h + k * spec.dilation.h - spec.pads.top;
                meets |= row >= std::max<std::int64_t>(-spec.pads.top, 0) &&
                         row < input.h + std::min<std::int64_t>(spec.pads.bottom, 0);
            }
            empty |= !meets;
        }
        EXPECT_EQ(refusal(spec, input), empty ? std::optional(ErrorKind::pool_pad_too_big) : std::nullopt)
            << "input " << input.h << " kernel " << spec.kernel.h << " stride " << spec.stride.h << " dilation "
            << spec.dilation.h << " pads " << spec.pads.top << ' ' << spec.pads.bottom << " ceil " << spec.ceil_mode;
        with += empty ? 1 : 0;
    }
    EXPECT_GT(with, 100);
}

TEST(Pooling, RefusesWhatHasNoMeaning) {
    ConvSpec spec = pooling(Op::avg_pool, 2, 2);
    spec.divisor_override = 0;
    EXPECT_EQ(refusal(spec, {1, 1, 4, 4}), ErrorKind::bad_divisor);
    spec.op = Op::max_pool;  // does not divide
    EXPECT_EQ(refusal(spec, {1, 1, 4, 4}), std::nullopt);
    spec.pad_mode = PadMode::reflect;
    EXPECT_EQ(refusal(spec, {1, 1, 4, 4}), ErrorKind::pad_mode_unsupported);
    spec = pooling(Op::avg_pool, 2, 2);
    spec.dilation = {2, 1};
    EXPECT_EQ(refusal(spec, {1, 1, 4, 4}), std::nullopt);
    spec.dialect = Dialect::torch;
    EXPECT_EQ(refusal(spec, {1, 1, 4, 4}), ErrorKind::not_supported);
    EXPECT_EQ(refusal(pooling(Op::max_pool, 7, 1), {1, 1, 4, 4}), ErrorKind::output_too_small);
}

// Rounded up, a window of any size has one output: nobody waits for its cells to be looked at.
TEST(Pooling, RefusesAWindowThatIsTooLargeToBeLookedAt) {
    ConvSpec spec = pooling(Op::max_pool, std::int64_t{1} << 60, std::int64_t{1} << 60);
    EXPECT_EQ(refusal(spec, {1, 1, 5, 5}), ErrorKind::output_too_small);
    spec.ceil_mode = true;
    EXPECT_EQ(refusal(spec, {1, 1, 5, 5}), ErrorKind::too_large);
}

// torch.nn.MaxPool2d has padding in numbers only.
TEST(Pooling, HasNoSameInPyTorch) {
    ConvSpec spec = pooling(Op::max_pool, 3, 1);
    spec.pad_rule = PadRule::torch_same;
    EXPECT_EQ(refusal(spec, {1, 1, 5, 5}), std::nullopt);
    spec.dialect = Dialect::torch;
    EXPECT_EQ(refusal(spec, {1, 1, 5, 5}), ErrorKind::not_supported);
}

TEST(Pooling, DoesNotLookAtGroupsAndOutputChannels) {
    ConvSpec spec = pooling(Op::max_pool, 2, 2);
    spec.groups = 7;
    spec.out_channels = 0;
    EXPECT_EQ(refusal(spec, {1, 3, 4, 4}), std::nullopt);
    EXPECT_EQ(output_shape(spec, {1, 3, 4, 4}), (Shape4{1, 3, 2, 2}));
}

// Reports from other programs, each a sentence about the right outcome.

// BVLC/caffe#3656, #4773, #4781; ethereon/netscope#25
TEST(PoolReports, RoundedUpTheRowThatAConvLeavesUnreadGetsAWindow) {
    struct Row {
        std::int64_t input, padding, output;
    };
    for (const Row& row : {Row{28, 1, 15}, Row{64, 1, 33}, Row{112, 0, 56}, Row{10, 0, 5}}) {
        ConvSpec spec = pooling(Op::max_pool, 3, 2, row.padding);
        spec.ceil_mode = true;
        EXPECT_EQ(output_shape(spec, {1, 1, row.input, row.input}).h, row.output) << row.input;
        EXPECT_TRUE(unread(spec, {row.input, row.input}, Axis::h).input.empty()) << row.input;
    }
}

// pytorch/pytorch#116420
TEST(PoolReports, AFourthWindowThatWouldStartAt12Of11IsDropped) {
    ConvSpec spec = pooling(Op::avg_pool, 4, 4, 2);
    spec.ceil_mode = true;
    spec.dialect = Dialect::torch;
    EXPECT_EQ(output_shape(spec, {1, 1, 9, 9}).h, 3);
    EXPECT_TRUE(solve_axis(spec, {9, 9}, Axis::h).dropped_window);
    EXPECT_TRUE(validate({spec, {1, 1, 9, 9}, {}, {}}).empty());
}

// onnx/onnx#5276
TEST(PoolReports, APartialWindowIsDividedByTheCellsOfThePaddedInputOnly) {
    ConvSpec spec = over_row(Op::avg_pool, 7, 3, 3);
    spec.ceil_mode = true;
    spec.dialect = Dialect::onnx;
    const Values out = pooled(spec, row({2.0903, 4.6493, 1.6320, -3.2051, 4.6975, 4.7296, 3.3653, -1.5815, -2.3832}));
    ASSERT_EQ(out.size(), 4U);
    EXPECT_NEAR(out[0], 0.7381, 5e-5);
    EXPECT_NEAR(out[3], -0.0999, 5e-5) << "divided by 6; by 7 it would be -0.0856";
}

// microsoft/onnxruntime#1224; pytorch/pytorch#21935, #22337
TEST(PoolReports, AWindowThatReaches5RowsDoesNotFitInto4ThoughTheDivisionRoundsToAnOutput) {
    ConvSpec spec = pooling(Op::max_pool, 3, 2);
    spec.dilation = {2, 2};
    EXPECT_EQ(refusal(spec, {1, 1, 4, 4}), ErrorKind::output_too_small);
    EXPECT_EQ(refusal(pooling(Op::max_pool, 2, 2), {1, 1, 16, 1}), ErrorKind::output_too_small);
}

// Random settings that can be computed.
struct RandomPool {
    ConvSpec spec;
    Tensor<double> input;
};

RandomPool random_pool(Random& random) {
    RandomPool layer;
    ConvSpec& spec = layer.spec;
    Shape4 shape;
    do {
        spec = ConvSpec{};
        spec.op = random.coin() ? Op::max_pool : Op::avg_pool;
        spec.kernel = random.size(1, 4);
        spec.stride = random.size(1, 4);
        spec.dilation = random.size(1, 3);
        spec.pads = {random.from(-1, 3), random.from(-1, 3), random.from(-1, 3), random.from(-1, 3)};
        spec.ceil_mode = random.coin();
        spec.count_include_pad = random.coin();
        if (random.from(0, 3) == 0) spec.divisor_override = random.from(1, 5);
        const Size2 plane = random.size(1, 8);
        shape = {random.from(1, 2), random.from(1, 3), plane.h, plane.w};
    } while (!validate({spec, shape, {}, {}}).empty());
    layer.input = random.tensor(shape);
    return layer;
}

// Another way to say it: pad with a number first, then look at whole windows of what is there.
double naive(const RandomPool& layer, const Cell4& out) {
    const ConvSpec& spec = layer.spec;
    const Shape4 in = layer.input.shape();
    const bool largest = spec.op == Op::max_pool;
    double value = largest ? -kInfinity : 0;
    std::int64_t counted = 0, seen = 0;
    for (std::int64_t k = 0; k < spec.kernel.h * spec.kernel.w; ++k) {
        const std::int64_t py = out.y * spec.stride.h + k / spec.kernel.w * spec.dilation.h;  // on the padded input
        const std::int64_t px = out.x * spec.stride.w + k % spec.kernel.w * spec.dilation.w;
        const bool there = py < in.h + spec.pads.top + spec.pads.bottom && px < in.w + spec.pads.left + spec.pads.right;
        const std::int64_t y = py - spec.pads.top, x = px - spec.pads.left;
        const bool data = there && y >= 0 && x >= 0 && y < in.h && x < in.w;
        if (data) {
            const double cell = layer.input.at(out.n, out.c, y, x);
            value = largest ? std::max(value, cell) : value + cell;
            ++seen;
        }
        if (spec.count_include_pad ? there : data) ++counted;
    }
    if (largest) return value;
    if (seen == 0) return 0;
    return value / static_cast<double>(spec.divisor_override.value_or(counted));
}

TEST(Pooling, AgreesWithANaiveFormulation) {
    Random random(11);
    for (int i = 0; i < 3000; ++i) {
        const RandomPool layer = random_pool(random);
        const Tensor<double> out = pool(layer.spec, layer.input, 1 + i % 3);
        ASSERT_EQ(out.shape(), output_shape(layer.spec, layer.input.shape()));
        const Shape4 s = out.shape();
        for (std::int64_t at = 0; at < out.size(); ++at) {
            const Cell4 cell{at / (s.c * s.h * s.w), at / (s.h * s.w) % s.c, at / s.w % s.h, at % s.w};
            const double expected = naive(layer, cell);
            const double found = out.span()[static_cast<std::size_t>(at)];
            const bool same =
                found == expected || std::abs(found - expected) <= 1e-12 * std::max(1.0, std::abs(expected));
            ASSERT_TRUE(same) << name(layer.spec.op) << " setting " << i << ": " << found << ", not " << expected;
        }
    }
}

TEST(Pooling, IsWhatItsTapsComeTo) {
    Random random(12);
    for (int i = 0; i < 500; ++i) {
        const RandomPool layer = random_pool(random);
        const LayerData data{layer.input, {}, {}};
        const Tensor<double> out = forward(layer.spec, data, 0);
        const Shape4 s = out.shape();
        const Cell4 cell{s.n - 1, s.c - 1, random.from(0, s.h - 1), random.from(0, s.w - 1)};
        const std::vector<Tap> all = taps(layer.spec, data, cell);
        for (const Tap& tap : all) EXPECT_EQ(tap.input.c, cell.c);
        const double total = combined(layer.spec, layer.input.shape().plane(), cell, all);
        const double expected = out.at(cell.n, cell.c, cell.y, cell.x);
        ASSERT_TRUE(total == expected || std::abs(total - expected) < 1e-12) << i << ": " << total << ' ' << expected;
    }
}

TEST(Pooling, TellsWhichCellsAreReadAndWhatTheyFeed) {
    ConvSpec spec = over_row(Op::max_pool, 2, 3);
    EXPECT_EQ(unread(spec, {1, 6}, Axis::w).input, (std::vector<std::int64_t>{2, 5}));
    spec.ceil_mode = true;  // a last window starts at 6 and goes beyond the end
    EXPECT_EQ(unread(spec, {1, 7}, Axis::w).input, (std::vector<std::int64_t>{2, 5}));
    const std::vector<Feed> fed = fan_out(spec, {1, 3, 1, 7}, {0, 2, 0, 6});
    ASSERT_EQ(fed.size(), 1U);
    EXPECT_EQ(fed[0].output, (Cell4{0, 2, 0, 2}));
}

TEST(Pooling, HasNoWeightsAndMultipliesNothing) {
    const Cost pooled = cost(pooling(Op::max_pool, 2, 2), {1, 3, 4, 4}, true);
    EXPECT_EQ(pooled.weights, 0);
    EXPECT_EQ(pooled.biases, 0);
    EXPECT_EQ(pooled.multiply_adds, 0);
    EXPECT_EQ(pooled.window_cells, 3 * 4 * 4);
}

// Five rows in windows of two, two apart: the third window has one row left.
TEST(Pooling, CellsBeyondThePaddedInputAreNotLookedAt) {
    ConvSpec spec = pooling(Op::avg_pool, 2, 2);
    spec.ceil_mode = true;
    EXPECT_EQ(cost(spec, {1, 1, 5, 4}, false).window_cells, 5 * 4);
    spec.kernel = {3, 3};
    EXPECT_EQ(cost(spec, {1, 1, 6, 6}, false).window_cells, 8 * 8) << "3 + 3 + 2 rows";
    EXPECT_EQ(cost(spec, {2, 3, 5, 5}, false).window_cells, 2 * 3 * 6 * 6);
}

}  // namespace
}  // namespace convlens
