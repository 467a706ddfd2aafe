#include "app/moment/related.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "app/moment/cell.h"
#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

using Cells = std::vector<std::pair<std::int64_t, std::int64_t>>;

// Lit cells from (low, low) to (high, high).
Cells lit(const LitPlane& plane, std::int64_t low = -5, std::int64_t high = 20) {
    Cells cells;
    for (std::int64_t y = low; y <= high; ++y)
        for (std::int64_t x = low; x <= high; ++x)
            if (plane.at(y, x)) cells.emplace_back(y, x);
    return cells;
}

Document one_layer(const ConvSpec& spec, Tensor<double> input, Tensor<double> weight) {
    Document document;
    Layer layer;
    layer.spec = spec;
    layer.input = TensorRef(std::move(input));
    layer.weight = TensorRef(std::move(weight));
    document.layers = {layer};
    document.panes = {Pane{}};
    settle(document);
    return document;
}

CellId cell(TensorKind tensor, std::int64_t y, std::int64_t x) { return {0, tensor, {0, 0, y, x}}; }

// The cells that have the number of a cell of the input: itself and its copies in a convolution's padding. A cell of the
// padding is by itself.
Cells copies(const Moment& m, std::int64_t y, std::int64_t x, std::int64_t around) {
    const Shape4 in = m.input_shape();
    Cells cells{{y, x}};
    if (m.spec().op != Op::conv || y < 0 || x < 0 || y >= in.h || x >= in.w) return cells;
    for (std::int64_t i = -around; i < in.h + around; ++i)
        for (std::int64_t j = -around; j < in.w + around; ++j)
            if ((i != y || j != x) && source_index(i, in.h, m.spec().pad_mode) == y &&
                source_index(j, in.w, m.spec().pad_mode) == x)
                cells.emplace_back(i, j);
    return cells;
}

// An output is lit by a cell of the input or its padding exactly when it lights that cell or a copy, whatever the layer.
void expect_both_ways(const Document& document) {
    const Moment m = moment_of(derive_all(document), 0, {0, 0}, {});
    const Shape4 in = m.input_shape(), out = m.layer->output.shape();
    constexpr std::int64_t kAround = 7;  // further than any padding, and than what partial windows reach
    std::vector<Related> of_output;
    for (std::int64_t y = 0; y < out.h; ++y)
        for (std::int64_t x = 0; x < out.w; ++x) of_output.push_back(related(m, cell(TensorKind::output, y, x)));
    for (std::int64_t y = -kAround; y < in.h + kAround; ++y)
        for (std::int64_t x = -kAround; x < in.w + kAround; ++x) {
            const Related of_input = related(m, cell(TensorKind::input, y, x));
            const Cells same = copies(m, y, x, kAround);
            for (std::int64_t i = 0; i < out.h * out.w; ++i) {
                const LitPlane& read = of_output[static_cast<std::size_t>(i)].input;
                ASSERT_EQ(of_input.output.at(i / out.w, i % out.w),
                          std::ranges::any_of(same, [&](const auto& at) { return read.at(at.first, at.second); }))
                    << "input " << y << ", " << x << ", output " << i / out.w << ", " << i % out.w;
            }
        }
}

TEST(Related, InputAndOutputLightOneAnother) {
    Random random(71);
    for (int i = 0; i < 60 && !testing::Test::HasFailure(); ++i) {
        const RandomLayer made = random_layer(random, i % 2 == 0 ? Op::conv : Op::conv_transpose);
        SCOPED_TRACE(made.describe());
        Document document = one_layer(made.spec, made.input, made.weight);
        for (const Reading reading : {Reading::stamp, Reading::gather, Reading::zero_inserted}) {
            document.panes[0].reading = made.spec.op == Op::conv ? Reading::slide : reading;
            expect_both_ways(document);
        }
    }
}

// A cell whose number is another makes those outputs others that it lights, and no more: in every pad mode.
TEST(Related, AnInputCellLightsTheOutputsThatChangeWithIt) {
    Random random(72);
    for (const PadMode mode : {PadMode::zeros, PadMode::constant, PadMode::reflect, PadMode::replicate,
                               PadMode::circular, PadMode::symmetric}) {
        for (int i = 0; i < 12 && !testing::Test::HasFailure(); ++i) {
            ConvSpec spec;
            spec.kernel = random.size(1, 3);
            spec.stride = random.size(1, 2);
            spec.dilation = random.size(1, 2);
            spec.pads = {random.from(0, 2), random.from(0, 2), random.from(0, 2), random.from(0, 2)};
            spec.pad_mode = mode;
            spec.flip_kernel = random.coin();
            const Shape4 shape{1, 1, random.from(5, 7), random.from(5, 7)};
            // Powers of three: no two weights that meet the same cell cancel one another.
            Tensor<double> weight({1, 1, spec.kernel.h, spec.kernel.w});
            double power = 1;
            for (double& w : weight.span()) w = power *= 3;
            Document document = one_layer(spec, Tensor<double>(shape, 1.0), std::move(weight));
            const Derived before = derive_all(document);
            const Moment m = moment_of(before, 0, {0, 0}, {});
            for (std::int64_t y = 0; y < shape.h; ++y) {
                for (std::int64_t x = 0; x < shape.w; ++x) {
                    set_target(document, {0, false, {0, 0, y, x}}, 2);
                    const Tensor<double> changed = derive_all(document).layers[0]->output;
                    set_target(document, {0, false, {0, 0, y, x}}, 1);
                    const Related of_cell = related(m, cell(TensorKind::input, y, x));
                    for (std::int64_t r = 0; r < changed.shape().h; ++r)
                        for (std::int64_t c = 0; c < changed.shape().w; ++c)
                            ASSERT_EQ(of_cell.output.at(r, c), changed.at(0, 0, r, c) != m.layer->output.at(0, 0, r, c))
                                << name(mode) << ": input " << y << ", " << x << ", output " << r << ", " << c;
                }
            }
        }
    }
}

TEST(Related, CopiesInThePaddingAreLitWithTheirCell) {
    ConvSpec spec;
    spec.kernel = {3, 3};
    spec.pads = Pads::all(1);
    spec.pad_mode = PadMode::circular;
    const Document document = one_layer(spec, Tensor<double>({1, 1, 5, 5}, 1.0), Tensor<double>({1, 1, 3, 3}, 1.0));
    const Moment m = moment_of(derive_all(document), 0, {0, 0}, {});
    const Related edge = related(m, cell(TensorKind::input, 2, 4));
    EXPECT_EQ(lit(edge.input), (Cells{{2, -1}, {2, 4}}));
    EXPECT_EQ(lit(edge.output), (Cells{{1, 0}, {1, 3}, {1, 4}, {2, 0}, {2, 3}, {2, 4}, {3, 0}, {3, 3}, {3, 4}}));
    const Related copy = related(m, cell(TensorKind::input, 2, -1));
    EXPECT_EQ(lit(copy.input), (Cells{{2, -1}}));
    EXPECT_EQ(lit(copy.output), (Cells{{1, 0}, {2, 0}, {3, 0}}));
}

TEST(Related, OfPartialPoolingWindowsTheCellsOnThePaddedInputAlone) {
    for (const Op op : {Op::max_pool, Op::avg_pool}) {
        ConvSpec spec;
        spec.op = op;
        spec.kernel = {3, 2};
        spec.stride = {2, 3};
        spec.pads = Pads::all(1);
        spec.ceil_mode = true;
        Document document = one_layer(spec, Tensor<double>({1, 1, 4, 6}, 1.0), Tensor<double>({1, 1, 3, 2}, 1.0));
        expect_both_ways(document);
        const Moment m = moment_of(derive_all(document), 0, {0, 0}, {});
        EXPECT_EQ(lit(related(m, cell(TensorKind::input, 4, 0)).output), (Cells{{2, 0}})) << "padding below the input";
        EXPECT_EQ(lit(related(m, cell(TensorKind::input, 5, 0)).output), Cells{}) << "beyond the padding";
    }
}

// 4×4 input, kernel 2×2, padding 1.
Document padded() {
    ConvSpec spec;
    spec.kernel = {2, 2};
    spec.pads = Pads::all(1);
    return one_layer(spec, Tensor<double>({1, 1, 4, 4}, 1.0), Tensor<double>({1, 1, 2, 2}, {1, 2, 3, 4}));
}

TEST(Related, PaddingFeedsOutputsByItsWeights) {
    const Moment m = moment_of(derive_all(padded()), 0, {0, 0}, {});
    const Related corner = related(m, cell(TensorKind::input, -1, -1));
    EXPECT_EQ(lit(corner.input), (Cells{{-1, -1}}));
    EXPECT_EQ(lit(corner.output), (Cells{{0, 0}}));
    EXPECT_EQ(lit(corner.weight), (Cells{{0, 0}}));
    EXPECT_EQ(lit(related(m, cell(TensorKind::input, 4, 1)).output), (Cells{{4, 1}, {4, 2}}));
}

TEST(Related, AWeightLightsWhatItMeetsPaddingToo) {
    Document document = padded();
    document.layers[0].spec.stride = {4, 2};
    const Moment m = moment_of(derive_all(document), 0, {0, 0}, {});
    EXPECT_EQ(lit(related(m, cell(TensorKind::weight, 1, 0)).input),
              (Cells{{0, -1}, {0, 1}, {0, 3}, {4, -1}, {4, 1}, {4, 3}}));
}

TEST(Related, AProductLightsItsTwoFactors) {
    Document document = padded();
    document.layers[0].spec.flip_kernel = true;
    document.step_by = StepBy::product;
    const Derived derived = derive_all(document);
    const Moment m = moment_of(derived, 0, {3, 0}, {});  // the third product of output (0, 0)
    const Related added = related(m, cell(TensorKind::product, 0, 1));
    EXPECT_EQ(lit(added.input), (Cells{{-1, 0}}));
    EXPECT_EQ(lit(added.weight), (Cells{{1, 0}}));
    EXPECT_EQ(lit(related(m, cell(TensorKind::product, 1, 1)).input), Cells{}) << "not added yet";
}

TEST(LitAt, ThePlaysOwnStepIsTheProductThatItHasJustAdded) {
    Document document = padded();
    document.step_by = StepBy::product;
    const Derived derived = derive_all(document);
    const Moment m = moment_of(derived, 0, {3, 0}, {});
    const Related play = lit_at(m, products_of(m));
    EXPECT_EQ(lit(play.input), (Cells{{0, -1}}));
    EXPECT_EQ(lit(play.weight), (Cells{{1, 0}}));
    const Moment pointed = moment_of(derived, 0, {3, 0}, PaneCell{0, cell(TensorKind::output, 0, 0)});
    EXPECT_EQ(lit(lit_at(pointed, products_of(pointed)).input), (Cells{{-1, -1}, {-1, 0}, {0, -1}, {0, 0}}));
}

TEST(Related, ZerosBetweenFeedNothing) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {2, 2};
    spec.stride = {2, 2};
    Document document = one_layer(spec, Tensor<double>({1, 1, 2, 2}, 1.0), Tensor<double>({1, 1, 2, 2}, {1, 2, 3, 4}));
    document.panes[0].reading = Reading::zero_inserted;
    const Moment m = moment_of(derive_all(document), 0, {0, 0}, {});
    const Related zero = related(m, cell(TensorKind::zero_inserted_input, 1, 2));
    EXPECT_TRUE(lit(zero.input).empty() && lit(zero.output).empty() && lit(zero.weight).empty());
    const Related one = related(m, cell(TensorKind::zero_inserted_input, 2, 0));
    EXPECT_EQ(lit(one.input), (Cells{{1, 0}}));
    EXPECT_EQ(lit(one.output), (Cells{{2, 0}, {2, 1}, {3, 0}, {3, 1}}));
}

// Every input cell stamps the whole kernel: none of the weights is worth pointing out.
TEST(Related, AStampedInputCellLightsNoWeight) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {2, 2};
    Document document = one_layer(spec, Tensor<double>({1, 1, 2, 2}, 1.0), Tensor<double>({1, 1, 2, 2}, {1, 2, 3, 4}));
    const auto weights = [&](Reading reading) {
        document.panes[0].reading = reading;
        return lit(related(moment_of(derive_all(document), 0, {0, 0}, {}), cell(TensorKind::input, 1, 0)).weight);
    };
    EXPECT_EQ(weights(Reading::stamp), Cells{});
    EXPECT_EQ(weights(Reading::gather), (Cells{{0, 0}, {0, 1}, {1, 0}, {1, 1}}));
}

}  // namespace
}  // namespace convlens
