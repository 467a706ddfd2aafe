#include "app/derived/derived.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "core/engine/reference.h"
#include "tests/app/chain_layers.h"
#include "tests/app/two_layers.h"

namespace convlens {
namespace {

TensorRef with_one_changed(const TensorRef& tensor) {
    Tensor<double> values = *tensor;
    values.span()[1] += 5;
    return TensorRef(std::move(values));
}

Tensor<double> truth(const Layer& layer) {
    return reference_forward(layer.spec, {own_input(layer)->view(), layer.weight->view(), layer.bias->view()});
}

TEST(Derived, NumbersThatAreEditedGiveAnotherOutput) {
    const Document before = two_layers();
    const Derived old = derive_all(before);
    const std::array<TensorRef* (*)(Layer&), 3> tensors{
        [](Layer& layer) { return std::get_if<TensorRef>(&layer.input); },
        [](Layer& layer) { return &layer.weight; },
        [](Layer& layer) { return &layer.bias; },
    };
    for (const auto numbers : tensors) {
        for (std::size_t i = 0; i < before.layers.size(); ++i) {
            Document edited = before;
            TensorRef& changed = *numbers(edited.layers[i]);
            changed = with_one_changed(changed);
            const Derived derived = derive_all(edited, &old);
            EXPECT_EQ(derived.document, edited);
            EXPECT_EQ(derived.layers[i]->layer, edited.layers[i]);
            EXPECT_EQ(derived.layers[i]->output, truth(edited.layers[i]));
            EXPECT_NE(derived.layers[i]->output, old.layers[i]->output);
            EXPECT_EQ(derived.layers[1 - i], old.layers[1 - i]) << "the other layer is not computed again";
        }
    }
}

TEST(Derived, SettingsThatAreEditedGiveAnotherOutputAndNoChangeKeepsAll) {
    const Document before = two_layers();
    const Derived old = derive_all(before);
    EXPECT_EQ(derive_all(before, &old).layers, old.layers);
    Document edited = before;
    edited.layers[0].spec.flip_kernel = true;
    const Derived derived = derive_all(edited, &old);
    EXPECT_EQ(derived.layers[0]->output, truth(edited.layers[0]));
    EXPECT_NE(derived.layers[0]->output, old.layers[0]->output);
}

TEST(Derived, LayersThatTradePlacesTradeOutputs) {
    Document document = two_layers();
    const Derived old = derive_all(document);
    std::swap(document.layers[0], document.layers[1]);
    document.layers.push_back(document.layers[0]);
    const Derived derived = derive_all(document, &old);
    ASSERT_EQ(derived.layers.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(derived.layers[i]->output, truth(document.layers[i])) << i;
}

TEST(Derived, ALayerReadsTheOutputOfTheOneBeforeIt) {
    const Document document = chain_of_three();
    const Derived derived = derive_all(document);
    for (std::size_t i = 1; i < 3; ++i) {
        const Layer& layer = document.layers[i];
        EXPECT_EQ(derived.layers[i]->input.get(), &derived.layers[i - 1]->output) << "no copy";
        const View<double> bias = layer.bias ? layer.bias->view() : View<double>{};
        EXPECT_EQ(derived.layers[i]->output,
                  reference_forward(layer.spec, {derived.layers[i - 1]->output.view(), layer.weight->view(), bias}));
    }
}

TEST(Derived, WhatIsUpstreamOfAChangeStaysAndWhatIsDownstreamIsComputedAnew) {
    const Document before = chain_of_three();
    const Derived old = derive_all(before);
    for (std::size_t changed = 0; changed < 3; ++changed) {
        Document edited = before;
        edited.layers[changed].name = "another";
        if (changed < 2) edited.layers[changed].weight = with_one_changed(edited.layers[changed].weight);
        const Derived derived = derive_all(edited, &old);
        for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(derived.layers[i] == old.layers[i], i < changed) << changed << i;
        const Derived fresh = derive_all(edited);
        for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(derived.layers[i]->output, fresh.layers[i]->output) << i;
    }
    Document fork = before;  // the third reads the first: the second is none of its business
    fork.layers[2] = reading(fork, 0, before.layers[2].spec);
    const Derived forked = derive_all(fork);
    Document edited = fork;
    edited.layers[1].weight = with_one_changed(edited.layers[1].weight);
    const Derived derived = derive_all(edited, &forked);
    EXPECT_EQ(derived.layers[0], forked.layers[0]);
    EXPECT_NE(derived.layers[1], forked.layers[1]);
    EXPECT_EQ(derived.layers[2], forked.layers[2]);
}

TEST(Derived, PeaksAreTheLargestFiniteSizes) {
    Document document = two_layers();
    Layer& layer = document.layers[0];
    Tensor<double> input(input_shape(layer), 2.0), weight(layer.weight->shape(), 0.5);
    input.span()[3] = -7;
    input.span()[4] = std::numeric_limits<double>::infinity();
    weight.span()[2] = -3;
    weight.span()[5] = std::nan("");
    layer.input = TensorRef(std::move(input));
    layer.weight = TensorRef(std::move(weight));
    const Derived derived = derive_all(document);
    EXPECT_EQ(derived.layers[0]->input_peak, 7);
    EXPECT_EQ(derived.layers[0]->weight_peak, 3);
}

TEST(Derived, WhatALayerReadsIsComputedOfTheLayersThatFeedItAlone) {
    Document document = chain_of_three();
    const Derived derived = derive_all(document);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(*input_values(document, i), *derived.layers[static_cast<std::size_t>(i)]->input) << i;
    EXPECT_EQ(input_values(document, 0).get(), own_input(document.layers[0]).values().get()) << "no copy";
    document.layers[1].weight = {};  // a layer that were computed would need it
    EXPECT_EQ(input_values(document, 0)->shape(), (Shape4{1, 2, 8, 9}));
    EXPECT_EQ(*input_values(document, 1), derived.layers[0]->output);
}

TEST(Derived, AnotherProgramThatComputesTheLayerDifferentlyIsKnown) {
    LayerShape shape;
    shape.spec.op = Op::max_pool;
    shape.spec.pad_rule = PadRule::onnx_SAME_UPPER;
    shape.spec.kernel = {3, 3};
    shape.spec.dilation = {2, 2};
    shape.input = {1, 1, 9, 9};
    Document document;
    document.layers = {new_layer(shape, false)};
    document.panes = {Pane{}};
    ASSERT_EQ(differs_elsewhere(shape).size(), 1U);
    ASSERT_EQ(derive_all(document).layers[0]->different.size(), 1U);
    EXPECT_EQ(derive_all(document).layers[0]->different[0].program, "ONNX Runtime");
    EXPECT_TRUE(derive_all(chain_of_three()).layers[2]->different.empty());
}

}  // namespace
}  // namespace convlens
