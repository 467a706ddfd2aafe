// Putting layers side by side.
#include "app/document/compare.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/moment/cell.h"
#include "core/conv/validate.h"

namespace convlens {
namespace {

const Comparison* labelled(const std::vector<Comparison>& all, std::string_view label) {
    const auto found =
        std::ranges::find(all, label, [](const Comparison& comparison) { return english(comparison.label); });
    return found == all.end() ? nullptr : &*found;
}

std::string title_of(const Document& document, std::size_t pane) { return english(pane_title(document, pane)); }

Document beside(const Document& document, std::string_view label) {
    Document changed = document;
    const std::vector<Comparison> all = comparisons(changed.layers[0]);
    const Comparison* found = labelled(all, label);
    EXPECT_NE(found, nullptr) << label;
    if (found) add_comparison(changed, 0, found->spec);
    settle(changed);
    return changed;
}

TEST(Comparisons, StartWithACopyAndOfferOnlyWhatIsPossible) {
    const Layer layer = first_document().layers[0];
    const std::vector<Comparison> all = comparisons(layer);
    EXPECT_EQ(all[0].spec, layer.spec);
    for (const Comparison& comparison : all) {
        EXPECT_TRUE(validate({comparison.spec, input_shape(layer), layer.weight->shape(), {}}).empty())
            << english(comparison.label);
        EXPECT_TRUE(english(comparison.about).ends_with('.')) << english(comparison.label);
        EXPECT_TRUE(&comparison == all.data() || comparison.spec != layer.spec) << english(comparison.label);
    }
    for (const char* label : {"conv2: kernel flipped", "PyTorch padding='same'", "TensorFlow SAME", "ONNX SAME_LOWER",
                              "MATLAB conv2 'same'", "SciPy convolve2d 'same'", "SciPy correlate2d 'same'",
                              "OpenCV filter2D", "border replicate"})
        EXPECT_NE(labelled(all, label), nullptr) << label;
    EXPECT_EQ(labelled(all, "border zeros"), nullptr) << "it is that already";
}

TEST(Comparisons, ARuleThatItsProgramWouldRefuseIsNotOffered) {
    Layer layer = first_document().layers[0];
    layer.spec.stride = {2, 2};
    const std::vector<Comparison> all = comparisons(layer);
    EXPECT_EQ(labelled(all, "PyTorch padding='same'"), nullptr) << "PyTorch's same needs stride 1";
    EXPECT_EQ(labelled(all, "MATLAB conv2 'same'"), nullptr) << "conv2 has no stride";
    EXPECT_NE(labelled(all, "TensorFlow SAME"), nullptr);
}

// cv2.filter2D's default is BORDER_REFLECT_101.
TEST(Comparisons, OpenCVMirrorsTheInputAsItSays) {
    const std::vector<Comparison> all = comparisons(first_document().layers[0]);
    const Comparison* opencv = labelled(all, "OpenCV filter2D");
    ASSERT_NE(opencv, nullptr);
    EXPECT_EQ(opencv->spec.pad_mode, PadMode::reflect);
    EXPECT_NE(english(opencv->about).find("reflect"), std::string::npos);
    EXPECT_EQ(labelled(all, "TensorFlow SAME")->spec.pad_mode, PadMode::zeros);
}

TEST(Comparisons, PoolingHasNoKernelToTurnAndNoBorder) {
    Layer layer = first_document().layers[0];
    layer.spec.op = Op::max_pool;
    for (const Comparison& comparison : comparisons(layer)) {
        EXPECT_NE(comparison.group, Comparison::Group::kernel);
        EXPECT_NE(comparison.group, Comparison::Group::border);
    }
}

TEST(Comparisons, ATransposedLayerIsOfferedOnlyRulesThatTransposeIt) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.stride = {2, 2};
    const Layer layer = new_layer({spec, {1, 1, 4, 4}, {}, {}}, false);
    const std::vector<Comparison> all = comparisons(layer);
    for (const char* label : {"PyTorch padding='same'", "MATLAB conv2 'same'", "OpenCV filter2D", "border reflect"})
        EXPECT_EQ(labelled(all, label), nullptr) << label;
    EXPECT_NE(labelled(all, "TensorFlow SAME"), nullptr);
    EXPECT_NE(labelled(all, "kernel flipped"), nullptr) << "conv2 is not its name here";
}

TEST(Comparisons, ThereAreThreePanesAtMostAndNoMoreNumbersThanAFileTakes) {
    Document document = first_document();
    EXPECT_TRUE(can_compare(document));
    EXPECT_FALSE(can_compare(*preset_document("conv2-xcorr2-conv2d")));
    document.layers[0].input = generate({"zeros", 1, 0, 9}, {1, 1, 4096, 4096});  // half of what a document holds
    EXPECT_FALSE(can_compare(document));
}

TEST(Comparisons, WhetherNumbersAreEditedTogetherIsKeptInTheFile) {
    Document both = beside(first_document(), "an identical copy");
    both.edit_together = false;
    EXPECT_EQ(document_from_json(to_json(both, {}), {}), both);
}

TEST(Comparisons, ACopyStandsBehindItsPaneAndSharesItsNumbers) {
    const Document both = beside(first_document(), "conv2: kernel flipped");
    ASSERT_EQ(both.panes.size(), 2U);
    EXPECT_EQ(both.panes[1].layer, 1);
    EXPECT_EQ(&*own_input(both.layers[0]), &*own_input(both.layers[1])) << "one blob";
    EXPECT_EQ(&*both.layers[0].weight, &*both.layers[1].weight);
    EXPECT_TRUE(both.layers[1].spec.flip_kernel);
    EXPECT_EQ(title_of(both, 0), "1: xcorr2");
    EXPECT_EQ(title_of(both, 1), "2: conv2");
}

TEST(Comparisons, TitlesFollowTheSettingsAndNameOnlyWhatDiffers) {
    Document both = beside(first_document(), "an identical copy");
    EXPECT_EQ(title_of(both, 0), "1: xcorr2");
    EXPECT_EQ(title_of(both, 1), "2: xcorr2");
    both.layers[1].weight = generate({"ones", 1, 0, 9}, both.layers[1].weight->shape());
    EXPECT_EQ(title_of(both, 1), "2: its own weights");
    both.layers[1].spec.stride = {2, 2};
    EXPECT_EQ(title_of(both, 0), "1: stride 1");
    EXPECT_EQ(title_of(both, 1), "2: stride 2");
    both.layers[1].spec.pads = {1, 0, 1, 0};
    EXPECT_EQ(title_of(both, 1), "2: padding 1|0, stride 2");
    both.panes[1].title = "my own";
    EXPECT_EQ(title_of(both, 1), "2: my own") << "Compared speaks of pane 1 and 2";
    EXPECT_EQ(title_of(first_document(), 0), "conv2d(a, b)");
}

// Such panes were once called alike.
TEST(Comparisons, TitlesTellEverySettingApart) {
    LayerShape shape;
    shape.spec.op = Op::avg_pool;
    shape.spec.pads = Pads::all(1);
    Document pool;
    pool.layers = {new_layer(shape, false)};
    pool.panes = {Pane{}};
    Document both = beside(pool, "an identical copy");
    ConvSpec& spec = both.layers[1].spec;
    spec.count_include_pad = false;
    EXPECT_EQ(title_of(both, 0), "1: count_include_pad on");
    EXPECT_EQ(title_of(both, 1), "2: count_include_pad off");
    spec.divisor_override = 4;
    EXPECT_EQ(title_of(both, 0), "1: count_include_pad on, no divisor_override");
    EXPECT_EQ(title_of(both, 1), "2: count_include_pad off, divisor_override 4");
    spec = pool.layers[0].spec;
    spec.dialect = Dialect::torch;
    EXPECT_EQ(title_of(both, 1), "2: rules of PyTorch");
    spec.stride = {2, 2};
    EXPECT_EQ(title_of(both, 1), "2: stride 2") << "what the picture shows comes first";

    both = beside(first_document(), "an identical copy");
    for (Layer& layer : both.layers) layer.spec.pad_mode = PadMode::constant;
    both.layers[1].spec.pad_value = 1.5;
    EXPECT_EQ(title_of(both, 0), "1: pad value 0");
    EXPECT_EQ(title_of(both, 1), "2: pad value 1.5");
    for (Layer& layer : both.layers) layer.spec.pad_mode = PadMode::zeros;
    EXPECT_EQ(title_of(both, 1), "2: xcorr2") << "a value that no cell has is not told";
}

TEST(Comparisons, AnAnchorSetByHandIsNoPrograms) {
    Document both = beside(first_document(), "OpenCV filter2D");
    EXPECT_NE(title_of(both, 1).find("OpenCV filter2D"), std::string::npos) << title_of(both, 1);
    both.layers[1].spec.anchor = Size2{1, 0};
    EXPECT_NE(title_of(both, 1).find("anchor (1, 0)"), std::string::npos) << title_of(both, 1);
    EXPECT_EQ(title_of(both, 1).find("OpenCV"), std::string::npos);
}

TEST(Comparisons, TitlesOfALayerOfHeightOneNameItsColumnsNumbersAlone) {
    ConvSpec spec;
    spec.kernel = {1, 3};
    spec.pads = {0, 0, 1, 1};
    Document row;
    row.layers = {new_layer({spec, {1, 1, 1, 9}, {}, {}}, false)};
    row.panes = {Pane{}};
    Document both = beside(row, "an identical copy");
    both.layers[1].spec.stride = {1, 2};
    EXPECT_EQ(title_of(both, 1), "2: stride 2");
    both.layers[1].spec.stride = {1, 1};
    both.layers[1].spec.pads = {0, 0, 0, 0};
    EXPECT_EQ(title_of(both, 0), "1: padding 1");
    EXPECT_EQ(title_of(both, 1), "2: padding 0");
    // Padded above and below it is no row any more.
    both.layers[1].spec.pads = Pads::all(1);
    EXPECT_EQ(title_of(both, 0), "1: padding 0|0, 1|1");
    EXPECT_EQ(title_of(both, 1), "2: padding 1");
}

TEST(Comparisons, TitlesTellTheOutputSizeInPlaceOfTheOutputPadding) {
    LayerShape shape;
    shape.spec.op = Op::conv_transpose;
    shape.spec.stride = {2, 2};
    Document transposed;
    transposed.layers = {new_layer(shape, false)};
    transposed.panes = {Pane{}};
    Document both = beside(transposed, "an identical copy");
    both.layers[0].spec.output_size = Size2{11, 11};
    both.layers[1].spec.output_size = Size2{11, 12};
    EXPECT_EQ(title_of(both, 0), "1: output size 11");
    EXPECT_EQ(title_of(both, 1), "2: output size 11×12");
}

TEST(Comparisons, BetweenTwoKindsOfLayerTheKernelsTurnIsNotNamed) {
    Document both = beside(first_document(), "an identical copy");
    both.layers[1].spec.op = Op::max_pool;
    EXPECT_EQ(title_of(both, 0), "1: conv");
    EXPECT_EQ(title_of(both, 1), "2: max_pool");
}

TEST(Comparisons, AClosedPaneTakesItsLayerAlongUnlessAnotherShowsIt) {
    Document three = *preset_document("conv2-xcorr2-conv2d");
    close_pane(three, 0);
    ASSERT_EQ(three.layers.size(), 2U);
    EXPECT_EQ(three.layers[0].name, "xcorr2");
    EXPECT_EQ(three.panes[0].layer, 0);
    EXPECT_EQ(three.panes[1].layer, 1);
    three.panes[1].layer = 0;
    close_pane(three, 1);
    EXPECT_EQ(three.layers.size(), 2U) << "the first pane shows that layer, too";
}

TEST(Comparisons, ANumberThatBothHaveChangesInBothUnlessTheyAreEditedApart) {
    Document both = beside(first_document(), "conv2: kernel flipped");
    set_target(both, {0, false, {0, 0, 1, 1}}, 50);
    EXPECT_EQ(own_input(both.layers[1])->at(0, 0, 1, 1), 50);
    EXPECT_TRUE(shared_tensors(both.layers[0], both.layers[1]).input);
    both.edit_together = false;
    set_target(both, {1, true, {0, 0, 0, 0}}, -7);
    EXPECT_EQ(both.layers[1].weight->at(0, 0, 0, 0), -7);
    EXPECT_EQ(both.layers[0].weight->at(0, 0, 0, 0), 1);
    const SharedTensors shared = shared_tensors(both.layers[0], both.layers[1]);
    EXPECT_TRUE(shared.input);
    EXPECT_FALSE(shared.weight);
    both.edit_together = true;
    set_target(both, {1, true, {0, 0, 0, 0}}, 3);
    EXPECT_EQ(both.layers[0].weight->at(0, 0, 0, 0), 1) << "once apart they stay apart";
}

TEST(Titles, OnlyPlanesAreConv2OrXcorr2) {
    Document document = first_document();
    document.panes.resize(1);
    document.layers.resize(1);
    Layer& layer = document.layers[0];
    layer.spec.stride = {2, 2};
    ConvSpec turned = layer.spec;
    turned.flip_kernel = !turned.flip_kernel;
    add_comparison(document, 0, turned);
    for (std::size_t pane = 0; pane < 2; ++pane) {
        const std::string title = title_of(document, pane);
        EXPECT_EQ(title.find("xcorr2"), std::string::npos) << title;
        EXPECT_EQ(title.find("conv2"), std::string::npos) << title;
        EXPECT_NE(title.find("kernel"), std::string::npos) << title;
    }
}

}  // namespace
}  // namespace convlens
