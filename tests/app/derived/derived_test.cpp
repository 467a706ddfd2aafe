#include "app/derived/derived.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "core/engine/reference.h"
#include "tests/app/two_layers.h"

namespace convlens {
namespace {

TensorRef with_one_changed(const TensorRef& tensor) {
    Tensor<double> values = *tensor;
    values.span()[1] += 5;
    return TensorRef(std::move(values));
}

Tensor<double> truth(const Layer& layer) {
    return reference_forward(layer.spec, {layer.input->view(), layer.weight->view(), layer.bias->view()});
}

TEST(Derived, NumbersThatAreEditedGiveAnotherOutput) {
    const Document before = two_layers();
    const Derived old = derive_all(before);
    for (TensorRef Layer::*const numbers : {&Layer::input, &Layer::weight, &Layer::bias}) {
        for (std::size_t i = 0; i < before.layers.size(); ++i) {
            Document edited = before;
            edited.layers[i].*numbers = with_one_changed(edited.layers[i].*numbers);
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

TEST(Derived, PeaksAreTheLargestFiniteSizes) {
    Document document = two_layers();
    Layer& layer = document.layers[0];
    Tensor<double> input(layer.input->shape(), 2.0), weight(layer.weight->shape(), 0.5);
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

}  // namespace
}  // namespace convlens
