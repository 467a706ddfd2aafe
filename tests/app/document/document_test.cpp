#include "app/document/document.h"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>
#include <vector>

#include "core/conv/validate.h"

namespace convlens {
namespace {

TensorRef tensor(const Shape4& shape, const std::vector<double>& values) {
    return TensorRef(Tensor<double>(shape, values));
}

// 1..count
std::vector<double> counted(std::int64_t count) {
    std::vector<double> values;
    for (std::int64_t i = 1; i <= count; ++i) values.push_back(static_cast<double>(i));
    return values;
}

Layer small_layer() {
    Layer layer = new_layer({}, false);
    layer.spec.kernel = {2, 2};
    layer.input = tensor({1, 1, 3, 3}, counted(9));
    layer.weight = tensor({1, 1, 2, 2}, counted(4));
    return layer;
}

TEST(NewLayer, HasTheShapesThatItsSpecWants) {
    LayerShape shape;
    shape.spec.op = Op::conv_transpose;
    shape.spec.kernel = {2, 3};
    shape.spec.groups = 2;
    shape.spec.out_channels = 6;
    shape.input = {2, 4, 5, 6};
    ASSERT_TRUE(validate(shape).empty());
    const Layer layer = new_layer(shape, true);
    EXPECT_EQ(input_shape(layer), (Shape4{2, 4, 5, 6}));
    EXPECT_EQ(layer.weight->shape(), (Shape4{4, 3, 2, 3}));
    EXPECT_EQ(layer.bias->shape(), (Shape4{1, 6, 1, 1}));
    EXPECT_EQ(layer_shape(layer), shape);
    EXPECT_FALSE(new_layer(shape, false).bias);
}

TEST(Reshaped, WithTheSameShapeChangesNothing) {
    const Layer layer = small_layer();
    EXPECT_EQ(reshaped(layer, layer_shape(layer)), layer);
}

TEST(Reshaped, KernelKeepsItsTopLeftBlockAndGetsZeros) {
    const Layer layer = small_layer();
    LayerShape shape = layer_shape(layer);
    shape.spec.kernel = {3, 1};
    const Layer other = reshaped(layer, shape);
    EXPECT_EQ(*other.weight, Tensor<double>({1, 1, 3, 1}, {1, 3, 0}));
    EXPECT_EQ(other.input, layer.input);
}

TEST(Reshaped, InputKeepsItsOverlapAndGetsSeededNumbers) {
    const Layer layer = small_layer();
    LayerShape shape = layer_shape(layer);
    shape.input = {1, 1, 2, 5};
    const Layer other = reshaped(layer, shape);
    const TensorRef fresh = generate({"random", 1, 0, 9}, shape.input);
    for (std::int64_t y = 0; y < 2; ++y) {
        for (std::int64_t x = 0; x < 5; ++x) {
            EXPECT_EQ(own_input(other)->at(0, 0, y, x),
                      x < 3 ? own_input(layer)->at(0, 0, y, x) : fresh->at(0, 0, y, x));
        }
    }
}

TEST(Reshaped, ASeededInputThatShrinksAndGrowsAgainIsAsBefore) {
    const Layer layer = new_layer({}, false);
    LayerShape shape = layer_shape(layer);
    shape.input = {1, 1, 3, 4};
    const Layer smaller = reshaped(layer, shape);
    shape.input = input_shape(layer);
    EXPECT_EQ(reshaped(smaller, shape).input, layer.input);
}

// As under a slider that is pulled about: whatever lies between, the first shape has the first numbers again.
TEST(Reshaped, WhatWasCutOffComesBack) {
    LayerShape shape;
    shape.input = {2, 2, 4, 5};
    shape.spec.kernel = {3, 4};
    shape.spec.out_channels = 3;
    Layer layer = new_layer(shape, true);
    const auto own = [](const TensorRef& tensor) {  // numbers that no generator gives
        Tensor<double> values = *tensor;
        double number = 0.5;
        for (double& value : values.span()) value = number++;
        return TensorRef(std::move(values));
    };
    layer.input = own(own_input(layer));
    layer.weight = own(layer.weight);
    layer.bias = own(layer.bias);
    Layer now = layer;
    for (const auto& [kernel, input, channels] :
         {std::tuple(Size2{1, 1}, Shape4{1, 1, 3, 3}, 1), std::tuple(Size2{2, 5}, Shape4{2, 2, 2, 7}, 4),
          std::tuple(Size2{1, 2}, Shape4{3, 2, 2, 2}, 2), std::tuple(Size2{5, 5}, Shape4{3, 3, 6, 6}, 5),
          std::tuple(Size2{2, 3}, Shape4{1, 2, 4, 4}, 2)}) {
        LayerShape other = shape;
        other.spec.kernel = kernel;
        other.spec.out_channels = channels;
        other.input = input;
        now = reshaped(now, other);
        EXPECT_EQ(now.weight->shape(), weight_shape(other.spec, input.c));
        EXPECT_EQ(reshaped(now, shape), layer);
    }
}

TEST(Reshaped, WhatWasCutOffIsGoneWhenTheRestIsChanged) {
    const Layer layer = small_layer();
    LayerShape shape = layer_shape(layer);
    shape.spec.kernel = {1, 1};
    Layer smaller = reshaped(layer, shape);
    smaller.weight = TensorRef(Tensor<double>({1, 1, 1, 1}, {9}));
    EXPECT_EQ(*reshaped(smaller, layer_shape(layer)).weight, Tensor<double>({1, 1, 2, 2}, {9, 0, 0, 0}));
}

TEST(Reshaped, AnInputOfOnesGrowsByOnes) {
    Layer layer = small_layer();
    layer.input = generate({"ones"}, {1, 1, 3, 3});
    LayerShape shape = layer_shape(layer);
    shape.input = {1, 1, 6, 6};
    EXPECT_EQ(*own_input(reshaped(layer, shape)), Tensor<double>({1, 1, 6, 6}, 1.0));
}

TEST(Reshaped, NewChannelsGetSeededWeights) {
    Layer layer = small_layer();
    LayerShape shape = layer_shape(layer);
    shape.input.c = 2;
    shape.spec.out_channels = 2;
    shape.spec.kernel = {3, 3};
    const Layer other = reshaped(layer, shape);
    const TensorRef fresh = generate({"random", 1, -2, 2}, {2, 2, 3, 3});
    EXPECT_EQ(other.weight->shape(), (Shape4{2, 2, 3, 3}));
    EXPECT_EQ(other.weight->at(0, 0, 0, 1), 2);
    EXPECT_EQ(other.weight->at(0, 0, 2, 2), 0);
    EXPECT_EQ(other.weight->at(1, 0, 2, 2), fresh->at(1, 0, 2, 2));
    EXPECT_EQ(other.weight->at(0, 1, 1, 1), fresh->at(0, 1, 1, 1));
}

TEST(Reshaped, BiasFollowsTheOutputChannelsAndStaysAway) {
    Layer layer = small_layer();
    LayerShape shape = layer_shape(layer);
    shape.spec.out_channels = 3;
    EXPECT_FALSE(reshaped(layer, shape).bias);
    layer.bias = tensor({1, 1, 1, 1}, {7});
    const Layer other = reshaped(layer, shape);
    EXPECT_EQ(other.bias->shape(), (Shape4{1, 3, 1, 1}));
    EXPECT_EQ(other.bias->at(0, 0, 0, 0), 7);
}

// Between conv [C_out, C_in/g] and conv_transpose [C_in, C_out/g] every pair of channels keeps its kernel.
TEST(Reshaped, TransposingSwapsChannelsWithinTheirGroups) {
    LayerShape shape;
    shape.spec.kernel = {1, 1};
    shape.spec.groups = 2;
    shape.spec.out_channels = 4;
    shape.input = {1, 6, 2, 2};
    Layer layer = new_layer(shape, false);
    layer.weight = tensor({4, 3, 1, 1}, counted(12));
    shape.spec.op = Op::conv_transpose;
    const Layer transposed = reshaped(layer, shape);
    EXPECT_EQ(*transposed.weight, Tensor<double>({6, 2, 1, 1}, {1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12}));
    shape.spec.op = Op::conv;
    EXPECT_EQ(reshaped(transposed, shape).weight, layer.weight);
}

TEST(Settle, MakesAnEmptyDocumentComputable) {
    Document document;
    settle(document);
    ASSERT_EQ(document.layers.size(), 1U);
    ASSERT_EQ(document.panes.size(), 1U);
    EXPECT_TRUE(validate(layer_shape(document.layers.front())).empty());
}

TEST(Settle, BringsSlicesLayersAndReadingsBack) {
    Document document;
    settle(document);
    Pane& pane = document.panes.front();
    pane.layer = 5;
    pane.slice = {9, -3, 9};
    pane.reading = Reading::stamp;
    settle(document);
    EXPECT_EQ(pane.layer, 0);
    EXPECT_EQ(pane.slice, (Slice{0, 0, 0}));
    EXPECT_EQ(pane.reading, Reading::slide);
    LayerShape shape = layer_shape(document.layers.front());
    shape.spec.op = Op::conv_transpose;
    document.layers.front() = reshaped(document.layers.front(), shape);
    settle(document);
    EXPECT_EQ(pane.reading, Reading::stamp);
    pane.reading = Reading::gather;
    settle(document);
    EXPECT_EQ(pane.reading, Reading::gather);
}

template <typename Enum>
void expect_words(const std::vector<std::pair<Enum, std::string_view>>& words) {
    EXPECT_EQ(words.size(), names<Enum>().size());
    for (const auto& [value, word] : words) {
        EXPECT_EQ(name(value), word);
        EXPECT_EQ(from_name<Enum>(word), value) << word;
    }
}

// Files hold these words: each is written here by hand, beside what it means.
TEST(Names, GoBothWays) {
    expect_words<Reading>({{Reading::slide, "slide"},
                           {Reading::stamp, "stamp"},
                           {Reading::gather, "gather"},
                           {Reading::zero_inserted, "zero_inserted"}});
    expect_words<Backend>({{Backend::automatic, "auto"}, {Backend::cpu, "cpu"}, {Backend::gpu, "gpu"}});
    expect_words<Workspace>({{Workspace::grid, "grid"}, {Workspace::photo, "photo"}});
    expect_words<StepBy>({{StepBy::output, "output"}, {StepBy::channel, "channel"}, {StepBy::product, "product"}});
    EXPECT_FALSE(from_name<Reading>("fly"));
}

}  // namespace
}  // namespace convlens
