// Gradients against PyTorch's, against differences of the forward pass, and against what they are known to be.
#include "core/engine/gradients.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>

#include <nlohmann/json.hpp>

#include "core/cases/cases.h"
#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/engine/unfold.h"
#include "core/io/json_value.h"
#include "core/trace/trace.h"
#include "core/trace/unread.h"
#include "tests/core/random_layer.h"

namespace convlens {

namespace {

using Numbers = std::vector<double>;

Numbers numbers(const Tensor<double>& t) { return {t.span().begin(), t.span().end()}; }

double dot(const Tensor<double>& a, const Tensor<double>& b) {
    return std::inner_product(a.span().begin(), a.span().end(), b.span().begin(), 0.0);
}

Tensor<double> minus(Tensor<double> a, const Tensor<double>& b) {
    for (std::size_t i = 0; i < a.span().size(); ++i) a.span()[i] -= b.span()[i];
    return a;
}

Tensor<double> plus(Tensor<double> a, const Tensor<double>& b) {
    for (std::size_t i = 0; i < a.span().size(); ++i) a.span()[i] += b.span()[i];
    return a;
}

Tensor<double> row(const Numbers& data) {
    const auto length = static_cast<std::int64_t>(data.size());
    return {{1, 1, 1, length}, data};
}

Shape4 forward_shape(const RandomLayer& layer) { return output_shape(layer.spec, layer.input.shape()); }

Tensor<double> forward(const RandomLayer& layer) { return reference_forward(layer.spec, layer.data()); }

// |a-b| <= tol * max(1, |b|) for every cell.
void expect_near(const Tensor<double>& a, const JsonValue& b, const std::string& where) {
    ASSERT_EQ(a.span().size(), b["data"].size()) << where;
    for (std::size_t i = 0; i < a.span().size(); ++i) {
        const double wanted = b["data"][i].number();
        EXPECT_NEAR(a.span()[i], wanted, 1e-9 * std::max(1.0, std::abs(wanted))) << where << " element " << i;
    }
}

// d sum(g * forward) / d cell by a central difference. The forward pass is linear in each cell: a step of 1 is exact.
double central_difference(const RandomLayer& layer, Tensor<double> RandomLayer::*tensor, std::size_t cell,
                          const Tensor<double>& g) {
    RandomLayer above = layer, below = layer;
    (above.*tensor).span()[cell] += 1;
    (below.*tensor).span()[cell] -= 1;
    return dot(g, minus(forward(above), forward(below))) / 2;
}

// Some cells of one tensor's gradient against central differences.
void expect_differences(Random& random, const RandomLayer& layer, Tensor<double> RandomLayer::*tensor,
                        const Tensor<double>& gradient, const Tensor<double>& g) {
    ASSERT_EQ(gradient.shape(), (layer.*tensor).shape()) << layer.describe();
    for (int i = 0; i < 4; ++i) {
        const auto cell = static_cast<std::size_t>(random.from(0, gradient.size() - 1));
        ASSERT_NEAR(gradient.span()[cell], central_difference(layer, tensor, cell, g), 1e-8)
            << layer.describe() << " cell " << cell;
    }
}

class BothOps : public testing::TestWithParam<Op> {};

}  // namespace

TEST(Gradients, ArePyTorchs) {
    const std::filesystem::path path = std::filesystem::path(CONVLENS_FIXTURES) / "torch_gradients.json";
    const std::string file = path.string();
    nlohmann::json json = read_json(path);
    for (nlohmann::json& one : json["cases"]) one["op"] = "conv";  // the layer is read as its forward pass
    const std::vector<Case> cases = parse_cases(json, file);
    EXPECT_EQ(cases.size(), 4U);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Case& c = cases[i];
        const JsonValue peer(json["cases"][i], file);
        const LayerData data{c.input, c.weight, {}};
        const Tensor<double> out = reference_forward(c.layer.spec, data);
        expect_near(out, peer["expect"], c.name);
        Tensor<double> g(out.shape());
        ASSERT_EQ(peer["grad_output"]["data"].size(), g.span().size());
        for (std::size_t k = 0; k < g.span().size(); ++k) g.span()[k] = peer["grad_output"]["data"][k].number();
        const Gradients gradients = reference_gradients(c.layer.spec, data, g);
        expect_near(gradients.input, peer["grad_input"], c.name + " grad_input");
        expect_near(gradients.weight, peer["grad_weight"], c.name + " grad_weight");
    }
}

TEST_P(BothOps, AreTheCentralDifferencesOfEachCell) {
    Random random(1);
    for (int i = 0; i < 300; ++i) {
        const RandomLayer layer = random_layer(random, GetParam());
        const Tensor<double> g = random.tensor(forward_shape(layer));
        const Gradients gradients = reference_gradients(layer.spec, layer.data(), g);
        expect_differences(random, layer, &RandomLayer::input, gradients.input, g);
        expect_differences(random, layer, &RandomLayer::weight, gradients.weight, g);
        if (layer.has_bias) expect_differences(random, layer, &RandomLayer::bias, gradients.bias, g);
        if (HasFatalFailure()) return;
    }
}

// <g, forward(x+dx) - forward(x)> = <grad, dx>: all cells at once, for the input, the weight and the bias.
TEST_P(BothOps, TellHowEveryStepChangesTheSum) {
    Random random(2);
    for (int i = 0; i < 500; ++i) {
        const RandomLayer layer = random_layer(random, GetParam());
        const Tensor<double> out = forward(layer);
        const Tensor<double> g = random.tensor(out.shape());
        const Gradients gradients = reference_gradients(layer.spec, layer.data(), g);
        const auto expect_step = [&](Tensor<double> RandomLayer::*tensor, const Tensor<double>& gradient) {
            const Tensor<double> step = random.tensor((layer.*tensor).shape());
            RandomLayer moved = layer;
            moved.*tensor = plus(moved.*tensor, step);
            EXPECT_NEAR(dot(g, minus(forward(moved), out)), dot(gradient, step), 1e-8) << layer.describe();
        };
        expect_step(&RandomLayer::input, gradients.input);
        expect_step(&RandomLayer::weight, gradients.weight);
        if (layer.has_bias) expect_step(&RandomLayer::bias, gradients.bias);
        if (HasFailure()) return;
    }
}

TEST_P(BothOps, HaveNoBiasWhereTheLayerHasNone) {
    Random random(3);
    RandomLayer layer = random_layer(random, GetParam());
    const Tensor<double> g = random.tensor(forward_shape(layer));
    layer.has_bias = true;
    EXPECT_EQ(reference_gradients(layer.spec, layer.data(), g).bias.size(), layer.spec.out_channels);
    layer.has_bias = false;
    EXPECT_EQ(reference_gradients(layer.spec, layer.data(), g).bias.size(), 0);
}

// With ones everywhere the gradient of a cell counts the outputs that it feeds, so it is 0 just where it feeds none.
TEST_P(BothOps, AreZeroInRowsAndColumnsThatGoUnreadAndOnlyThere) {
    Random random(4);
    std::size_t unread_lines = 0;
    for (int i = 0; i < 300; ++i) {
        RandomLayer layer = random_layer(random, GetParam());
        layer.weight = Tensor<double>(layer.weight.shape(), 1.0);
        const Tensor<double> g(forward_shape(layer), 1.0);
        const Gradients gradients = reference_gradients(layer.spec, layer.data(), g);
        const Shape4 in = layer.input.shape();
        const auto rows = unread(layer.spec, in.plane(), Axis::h).input;
        const auto cols = unread(layer.spec, in.plane(), Axis::w).input;
        unread_lines += rows.size() + cols.size();
        for (std::int64_t y = 0; y < in.h; ++y) {
            for (std::int64_t x = 0; x < in.w; ++x) {
                const bool lost = std::ranges::count(rows, y) > 0 || std::ranges::count(cols, x) > 0;
                ASSERT_EQ(gradients.input.at(in.n - 1, in.c - 1, y, x) == 0, lost) << layer.describe();
            }
        }
    }
    EXPECT_GT(unread_lines, 100U);
}

INSTANTIATE_TEST_SUITE_P(Gradients, BothOps, testing::Values(Op::conv, Op::conv_transpose),
                         [](const auto& op) { return std::string(name(op.param)); });

// Each is the other's backward pass (Dumoulin & Visin 2016, section 4).
TEST(Gradients, OfAConvolutionsInputAreTheTransposedConvolution) {
    Random random(5);
    for (int i = 0; i < 300; ++i) {
        RandomLayer layer = random_layer(random, Op::conv);
        layer.spec.pad_mode = PadMode::zeros;
        const Tensor<double> g = random.tensor(forward_shape(layer));
        ConvSpec back = layer.spec;
        back.op = Op::conv_transpose;
        back.out_channels = layer.input.shape().c;
        const Size2 smallest = output_shape(back, g.shape()).plane();
        back.output_padding = {layer.input.shape().h - smallest.h, layer.input.shape().w - smallest.w};
        const LayerData back_data{g, layer.weight, {}};
        const Gradients gradients = reference_gradients(layer.spec, layer.data(), g);
        ASSERT_EQ(difference(gradients.input, reference_forward(back, back_data), magnitude(back, back_data), 1e-12),
                  "")
            << layer.describe();
        // And back again: the gradient of the transposed convolution's input is the convolution.
        const Tensor<double> there = random.tensor(layer.input.shape());
        const LayerData there_data{there, layer.weight, {}};
        ASSERT_EQ(difference(reference_gradients(back, back_data, there).input,
                             reference_forward(layer.spec, there_data), magnitude(layer.spec, there_data), 1e-12),
                  "")
            << layer.describe();
    }
}

// Frameworks' way: grad_input = fold(weight^T g), grad_weight = g unfold(input)^T.
TEST(Gradients, OfAConvolutionAreTwoMatrixProductsWithItsColumns) {
    Random random(6);
    for (int i = 0; i < 300; ++i) {
        RandomLayer layer = random_layer(random, Op::conv);
        layer.spec.groups = 1;
        layer.spec.flip_kernel = false;
        layer.weight = random.tensor(weight_shape(layer.spec, layer.input.shape().c));
        const Tensor<double> g = random.tensor(forward_shape(layer));
        const Tensor<double> columns = unfold(layer.spec, layer.input);
        const Shape4 shape = columns.shape();
        Tensor<double> column_gradient(shape), weight_gradient(layer.weight.shape());
        for (std::int64_t k = 0; k < g.size(); ++k) {
            const std::int64_t window = k % shape.w, c_out = k / shape.w % g.shape().c, n = k / shape.w / g.shape().c;
            for (std::int64_t place = 0; place < shape.c; ++place) {
                const auto weight = static_cast<std::size_t>(c_out * shape.c + place);
                const double grad = g.span()[static_cast<std::size_t>(k)];
                column_gradient.at(n, place, 0, window) += layer.weight.span()[weight] * grad;
                weight_gradient.span()[weight] += columns.at(n, place, 0, window) * grad;
            }
        }
        const Gradients gradients = reference_gradients(layer.spec, layer.data(), g);
        const Tensor<double> input_gradient = fold(layer.spec, column_gradient, layer.input.shape().plane());
        const Tensor<double> unscaled(input_gradient.shape()), unscaled_weight(weight_gradient.shape());
        ASSERT_EQ(difference(gradients.input, input_gradient, unscaled, 1e-9), "") << layer.describe();
        ASSERT_EQ(difference(gradients.weight, weight_gradient, unscaled_weight, 1e-9), "") << layer.describe();
    }
}

TEST(Gradients, OfCopiesInThePaddingFlowToTheCellTheyAreOf) {
    const Tensor<double> input = row({1, 2, 3}), g = row({1, 2, 4, 8, 16, 32});
    const Tensor<double> weight({1, 1, 1, 1}, 10.0);
    ConvSpec spec;
    spec.kernel = {1, 1};
    spec.pads = {0, 0, 2, 1};
    spec.pad_value = 5;
    const auto gradients = [&](PadMode mode) {
        spec.pad_mode = mode;
        return reference_gradients(spec, {input, weight, {}}, g);
    };
    EXPECT_EQ(numbers(gradients(PadMode::zeros).input), (Numbers{40, 80, 160}));
    EXPECT_EQ(numbers(gradients(PadMode::constant).input), (Numbers{40, 80, 160}));
    EXPECT_EQ(numbers(gradients(PadMode::replicate).input), (Numbers{70, 80, 480}));
    EXPECT_EQ(numbers(gradients(PadMode::reflect).input), (Numbers{40, 420, 170}));
    EXPECT_EQ(numbers(gradients(PadMode::symmetric).input), (Numbers{60, 90, 480}));
    EXPECT_EQ(numbers(gradients(PadMode::circular).input), (Numbers{360, 90, 180}));
    // The weight meets what stands in the padding: 4 + 16 + 48 inside, and 5 (1 + 2 + 32) for the constant.
    EXPECT_EQ(numbers(gradients(PadMode::zeros).weight), Numbers{68});
    EXPECT_EQ(numbers(gradients(PadMode::constant).weight), Numbers{68 + 175});
    EXPECT_EQ(numbers(gradients(PadMode::replicate).weight), Numbers{68 + 1 + 2 + 96});
}

TEST(Gradients, OfAFlippedKernelAreThoseOfTheStoredCells) {
    const Tensor<double> input = row({1, 2, 3}), weight = row({10, 20, 40}), g = row({1});
    ConvSpec spec;
    spec.kernel = {1, 3};
    EXPECT_EQ(numbers(reference_gradients(spec, {input, weight, {}}, g).weight), (Numbers{1, 2, 3}));
    EXPECT_EQ(numbers(reference_gradients(spec, {input, weight, {}}, g).input), (Numbers{10, 20, 40}));
    spec.flip_kernel = true;
    EXPECT_EQ(numbers(reference_gradients(spec, {input, weight, {}}, g).weight), (Numbers{3, 2, 1}));
    EXPECT_EQ(numbers(reference_gradients(spec, {input, weight, {}}, g).input), (Numbers{40, 20, 10}));
}

// A 1x1 stamp with stride 2: the columns that output padding adds beyond the canvas hold the bias alone.
TEST(Gradients, OfTheBiasTakeInRowsBeyondTheStampedCanvas) {
    const Tensor<double> input = row({1, 2}), weight({1, 1, 1, 1}, 3.0), bias({1, 1, 1, 1}, 10.0);
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {1, 1};
    spec.stride = {1, 2};
    spec.output_padding = {0, 1};
    const Gradients gradients = reference_gradients(spec, {input, weight, bias}, row({1, 2, 4, 8}));
    EXPECT_EQ(numbers(gradients.bias), Numbers{15});
    EXPECT_EQ(numbers(gradients.input), (Numbers{3, 12}));
    EXPECT_EQ(numbers(gradients.weight), Numbers{1 * 1 + 2 * 4});
}

TEST(Gradients, OfATransposedConvolutionIgnoreWhatIsCropped) {
    const Tensor<double> input = row({1, 2}), weight = row({10, 20, 40});
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {1, 3};
    spec.pads = {0, 0, 2, 1};
    // The canvas has 4 columns, of which the third is left.
    const Gradients gradients = reference_gradients(spec, {input, weight, {}}, row({1}));
    EXPECT_EQ(numbers(gradients.input), (Numbers{40, 20}));
    EXPECT_EQ(numbers(gradients.weight), (Numbers{0, 2, 1}));
}

TEST(Gradients, ResolvePadRulesAndOutputSizes) {
    Random random(7);
    const Tensor<double> input = random.tensor({1, 1, 5, 6}), weight = random.tensor({1, 1, 2, 4});
    for (const Op op : {Op::conv, Op::conv_transpose}) {
        ConvSpec spec;
        spec.op = op;
        spec.kernel = {2, 4};
        spec.stride = {2, 2};
        spec.pad_rule = PadRule::tf_SAME;
        ConvSpec given = spec;
        given.pad_rule = PadRule::explicit_;
        given.pads = resolve_pads(spec, {5, 6});
        ASSERT_NE(given.pads, Pads{});
        const Tensor<double> g = random.tensor(output_shape(spec, input.shape()));
        const Gradients by_rule = reference_gradients(spec, {input, weight, {}}, g);
        const Gradients by_pads = reference_gradients(given, {input, weight, {}}, g);
        EXPECT_EQ(by_rule.input, by_pads.input);
        EXPECT_EQ(by_rule.weight, by_pads.weight);
    }
    ConvSpec sized;
    sized.op = Op::conv_transpose;
    sized.kernel = {2, 4};
    sized.stride = {2, 2};
    ConvSpec padded = sized;
    sized.output_size = Size2{11, 15};
    padded.output_padding = {1, 1};
    const Tensor<double> g = random.tensor({1, 1, 11, 15});
    EXPECT_EQ(reference_gradients(sized, {input, weight, {}}, g).input,
              reference_gradients(padded, {input, weight, {}}, g).input);
}

// As in the forward pass: what is multiplied counts, 0 times infinity too.
TEST(Gradients, KeepTheNanOfZeroTimesInfinity) {
    const Tensor<double> input = row({1, 2, 3}), weight({1, 1, 1, 1}, std::numeric_limits<double>::infinity());
    ConvSpec spec;
    spec.kernel = {1, 1};
    const Gradients gradients = reference_gradients(spec, {input, weight, {}}, row({0, 1, -1}));
    EXPECT_TRUE(std::isnan(gradients.input.at(0, 0, 0, 0)));
    EXPECT_EQ(gradients.input.at(0, 0, 0, 1), std::numeric_limits<double>::infinity());
    EXPECT_EQ(numbers(gradients.weight), Numbers{-1});
}

}  // namespace convlens
