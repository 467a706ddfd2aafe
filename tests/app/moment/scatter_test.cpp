#include "app/moment/scatter.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/random_layer.h"

namespace convlens {
namespace {

Document stamped(const ConvSpec& spec, Tensor<double> input, Tensor<double> weight, const Tensor<double>& bias = {}) {
    Document document;
    Layer layer;
    layer.spec = spec;
    layer.input = TensorRef(std::move(input));
    layer.weight = TensorRef(std::move(weight));
    if (bias.size() > 0) layer.bias = TensorRef(Tensor<double>(bias));
    document.layers = {layer};
    Pane pane;
    pane.reading = Reading::stamp;
    document.panes = {pane};
    settle(document);
    return document;
}

// Two channels of 40×30, kernel 3×3, stride 2: 2400 stamps onto 81×61 cells.
Document many_stamps() {
    Random random(5);
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {3, 3};
    spec.stride = {2, 2};
    return stamped(spec, random.tensor({1, 2, 40, 30}), random.tensor({2, 1, 3, 3}));
}

// The plane as it is when every stamp is laid anew.
StampedPlane from_nothing(const Moment& m, std::int64_t count) {
    Scatter fresh(m.layer, m.pane.slice.n, m.pane.slice.c_out, 1);
    return fresh.after(count);
}

TEST(Scatter, ThePlaneIsTheSameFromWhereverItIsReached) {
    Random random(17);
    for (int i = 0; i < 30 && !testing::Test::HasFailure(); ++i) {
        const RandomLayer made = random_layer(random, Op::conv_transpose);
        SCOPED_TRACE(made.describe());
        Document document = stamped(made.spec, made.input, made.weight, made.has_bias ? made.bias : Tensor<double>{});
        document.panes[0].slice = {made.input.shape().n - 1, made.spec.out_channels - 1, 0};
        const Derived derived = derive_all(document);
        const Moment m = moment_of(derived, 0, {0, 0}, {});
        Scatter scatter(m.layer, m.pane.slice.n, m.pane.slice.c_out, 1 << 20);
        for (int j = 0; j < 12; ++j) {
            const std::int64_t count = random.from(0, m.timeline.count());
            const StampedPlane plane = scatter.after(count), anew = from_nothing(m, count);
            EXPECT_EQ(plane.values, anew.values) << count;  // to the last bit
            EXPECT_EQ(plane.covered, anew.covered) << count;
        }
        // When all is stamped that is the uncropped output.
        const StampedPlane all = scatter.after(m.timeline.count());
        const Tensor<double>& canvas = m.layer->canvas;
        for (std::int64_t y = 0; y < all.size.h; ++y)
            for (std::int64_t x = 0; x < all.size.w; ++x)
                EXPECT_NEAR(
                    all.values[all.index(y, x)],
                    canvas.at(m.pane.slice.n, m.pane.slice.c_out, y, x) + bias_of(m.layer->layer, m.pane.slice.c_out),
                    1e-9);
    }
}

TEST(Scatter, AnEarlyAndALateStepTakeEquallyManyStamps) {
    const Derived derived = derive_all(many_stamps());
    Scatters scatters;
    const auto stamps_of = [&](std::int64_t step) {
        const std::int64_t before = scatters.stamps_made();
        scatters.at(moment_of(derived, 0, {step, 0}, {}));
        return scatters.stamps_made() - before;
    };
    const std::int64_t last = step_count(derived), interval = 81 * 61 / 9;
    EXPECT_EQ(last, 2400);
    EXPECT_EQ(stamps_of(last), last - 1) << "the way there is made once";
    std::int64_t early = 0, late = 0;
    for (std::int64_t step = 1; step <= interval; ++step) {
        early = std::max(early, stamps_of(step));
        late = std::max(late, stamps_of(last - interval + step));
    }
    EXPECT_EQ(early, interval - 1);
    EXPECT_EQ(late, interval - 1);
}

TEST(Scatter, PlayingOnTakesNoMoreStampsHoweverFarItIs) {
    const Derived derived = derive_all(many_stamps());
    Scatters scatters;
    std::int64_t before = 0, most = 0;
    for (std::int64_t step = 0; step <= step_count(derived); ++step) {
        scatters.at(moment_of(derived, 0, {step, 0}, {}));
        most = std::max(most, scatters.stamps_made() - before);
        before = scatters.stamps_made();
    }
    EXPECT_LE(most, 81 * 61 / 9);
}

TEST(Scatter, KeepsNoMoreThanItMay) {
    const Moment m = moment_of(derive_all(many_stamps()), 0, {0, 0}, {});
    constexpr std::int64_t kPlane = 81 * 61 * 9;  // bytes
    EXPECT_EQ(Scatter(m.layer, 0, 0, 100 * kPlane).interval(), 81 * 61 / 9);
    EXPECT_EQ(Scatter(m.layer, 0, 0, 3 * kPlane).interval(), 601) << "after 601, 1202 and 1803 of 2400 stamps";
    EXPECT_EQ(Scatter(m.layer, 0, 0, 1).interval(), 2401) << "none";
}

TEST(Scatters, NumbersThatAreEditedAreStampedAnew) {
    Document document = many_stamps();
    Scatters scatters;
    const std::int64_t step = 1500;
    scatters.at(moment_of(derive_all(document), 0, {step, 0}, {}));
    Tensor<double> input = *own_input(document.layers[0]);
    input.at(0, 0, 0, 0) += 1;
    document.layers[0].input = TensorRef(std::move(input));
    const Derived edited = derive_all(document);
    const Moment m = moment_of(edited, 0, {step, 0}, {});
    EXPECT_EQ(scatters.at(m).plane.values, from_nothing(m, step).values);
}

TEST(Scatters, ThePresentStampLiesOverTheOnesBefore) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {1, 2};
    Document document = stamped(spec, Tensor<double>({1, 1, 1, 2}, {2, 3}), Tensor<double>({1, 1, 1, 2}, {10, 1}));
    document.step_by = StepBy::product;
    const Derived derived = derive_all(document);
    Scatters scatters;
    const Stamping first = scatters.at(moment_of(derived, 0, {3, 0}, {}));  // one product of the second stamp
    EXPECT_EQ(first.plane.values, (std::vector<double>{20, 32, 0}));
    EXPECT_EQ(first.touched, (std::vector<char>{0, 2, 0}));
    EXPECT_EQ(first.before[1], 2);
    const Stamping both = scatters.at(moment_of(derived, 0, {4, 0}, {}));
    EXPECT_EQ(both.plane.values, (std::vector<double>{20, 32, 3}));
    EXPECT_EQ(both.touched, (std::vector<char>{0, 2, 1}));
}

}  // namespace
}  // namespace convlens
