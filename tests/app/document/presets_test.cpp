#include "app/document/presets.h"

#include <gtest/gtest.h>

#include <set>

#include "app/derived/derived.h"
#include "app/document/sample_image.h"
#include "app/words/words.h"
#include "core/cases/cases.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/engine/forward.h"
#include "core/engine/reference.h"
#include "core/image/kernel.h"

namespace convlens {
namespace {

LayerData data_of(const Layer& layer) { return {own_input(layer)->view(), layer.weight->view(), {}}; }

Tensor<double> output_of(const Layer& layer) { return forward(layer.spec, data_of(layer)); }

std::vector<PresetInfo> document_presets() {
    std::vector<PresetInfo> found;
    for (const PresetInfo& info : presets()) {
        if (has_document(info)) found.push_back(info);
    }
    return found;
}

TEST(Presets, HaveNamesTitlesAndOneSentence) {
    std::set<std::string> names;
    for (const PresetInfo& info : presets()) {
        EXPECT_TRUE(names.insert(info.name).second) << info.name << " is there twice";
        EXPECT_FALSE(info.title.empty()) << info.name;
        EXPECT_TRUE(english(info.about).ends_with('.')) << info.name;
    }
}

// What a pane of a preset is called is told in every language; conv2(a, b) and the rule causal are the same in all.
TEST(Presets, TitlesOfPanesHaveTheirWords) {
    for (const PresetInfo& info : document_presets()) {
        const Document document = *preset_document(info.name);
        for (const Pane& pane : document.panes) {
            if (pane.title.empty()) continue;
            const bool name = pane.title.ends_with(')') || pane.title == "causal";  // of a call, of a padding rule
            EXPECT_EQ(in(Lang::english, title_words(pane.title)), pane.title);
            EXPECT_EQ(in(Lang::chinese, title_words(pane.title)) == pane.title, name) << pane.title;
        }
    }
    EXPECT_EQ(in(Lang::chinese, title_words("a title of one's own")), "a title of one's own");
}

TEST(Presets, LayersAreAllValidAndDoNotRepeatTheirReading) {
    EXPECT_EQ(document_presets().size(), 22U);
    for (const PresetInfo& info : document_presets()) {
        const Document document = *preset_document(info.name);
        for (const Layer& layer : document.layers) {
            const LayerShape shape{layer.spec, input_shape(layer), layer.weight->shape(), {}};
            EXPECT_TRUE(validate(shape).empty()) << info.name;
        }
        const bool transposed = document.layers.front().spec.op == Op::conv_transpose;
        EXPECT_EQ(document.panes.front().reading, transposed ? Reading::stamp : Reading::slide) << info.name;
        Document settled = document;
        settle(settled);
        EXPECT_EQ(settled, document) << info.name;
    }
}

TEST(Presets, TheNetworkFindsTheCorner) {
    const Derived derived = derive_all(*preset_document("edges-pooling-corner"));
    const Tensor<double>& output = derived.layers.back()->output;
    ASSERT_EQ(output.shape(), (Shape4{1, 1, 3, 3}));
    for (std::int64_t y = 0; y < 3; ++y)
        for (std::int64_t x = 0; x < 3; ++x) EXPECT_LE(output.at(0, 0, y, x), y == 1 && x == 1 ? 24 : 15) << y << x;
    EXPECT_EQ(output.at(0, 0, 1, 1), 24);
}

TEST(Presets, GiveTheOutputsOfTheGuideToConvolutionArithmetic) {
    int compared = 0;
    for (const Case& c : read_cases(CONVLENS_FIXTURES "/conv_arithmetic.json")) {
        if (c.op == CaseOp::pool) continue;
        const auto document = preset_document(c.name);
        ASSERT_TRUE(document) << c.name;
        const Layer& layer = document->layers.front();
        EXPECT_EQ(*own_input(layer), c.input) << c.name;
        EXPECT_EQ(*layer.weight, c.weight) << c.name;
        const Tensor<double> output = output_of(layer);
        EXPECT_EQ(std::vector<double>(output.span().begin(), output.span().end()), c.expect->data) << c.name;
        ++compared;
    }
    EXPECT_EQ(compared, 17);
}

// The mission's figures: a = [1 2 3;4 5 6;7 8 9], b = [1 2;3 4].
TEST(Presets, TheExperimentGivesConv2Xcorr2AndConv2d) {
    const Document document = *preset_document("conv2-xcorr2-conv2d");
    ASSERT_EQ(document.layers.size(), 3U);
    ASSERT_EQ(document.panes.size(), 3U);
    const Tensor<double> conv2({1, 1, 4, 4}, {1, 4, 7, 6, 7, 23, 33, 24, 19, 53, 63, 42, 21, 52, 59, 36});
    const Tensor<double> xcorr2({1, 1, 4, 4}, {4, 11, 18, 9, 18, 37, 47, 21, 36, 67, 77, 33, 14, 23, 26, 9});
    EXPECT_EQ(output_of(document.layers[0]), conv2);
    EXPECT_EQ(output_of(document.layers[1]), xcorr2);
    EXPECT_EQ(output_of(document.layers[2]), xcorr2);
    EXPECT_EQ(reference_forward(document.layers[0].spec, data_of(document.layers[0])), conv2);
    EXPECT_EQ(document.panes[0].title, "conv2(a, b)");
    EXPECT_EQ(document.panes[1].title, "xcorr2(a, b)");
    EXPECT_EQ(document.panes[2].title, "conv2d(a, b)");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(document.panes[static_cast<std::size_t>(i)].layer, i);
}

std::vector<double> numbers_of(const Layer& layer) {
    const Tensor<double> output = output_of(layer);
    return {output.span().begin(), output.span().end()};
}

// A single 1 under 1 2 3 / 4 5 6 / 7 8 9 prints what the kernel does to it. Pillow reverses the rows alone.
TEST(Presets, ATurnAndTheTwoReflectionsPrintThreeDifferentKernels) {
    using Numbers = std::vector<double>;
    const Document three = *preset_document("correlation-convolution-pillow");
    ASSERT_EQ(three.layers.size(), 3U);
    EXPECT_EQ(numbers_of(three.layers[0]), (Numbers{9, 8, 7, 6, 5, 4, 3, 2, 1}));
    EXPECT_EQ(numbers_of(three.layers[1]), (Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(numbers_of(three.layers[2]), (Numbers{3, 2, 1, 6, 5, 4, 9, 8, 7}));
    const Document mirrors = *preset_document("turn-and-reflections");
    ASSERT_EQ(mirrors.layers.size(), 3U);
    EXPECT_EQ(numbers_of(mirrors.layers[0]), numbers_of(three.layers[1]));
    EXPECT_EQ(numbers_of(mirrors.layers[1]), numbers_of(three.layers[2]));
    EXPECT_EQ(numbers_of(mirrors.layers[2]), (Numbers{7, 8, 9, 4, 5, 6, 1, 2, 3}));
    for (const Document& document : {three, mirrors})
        for (const Pane& pane : document.panes) EXPECT_FALSE(pane.title.empty());
}

TEST(Presets, TheFirstDocumentIsOneConv2dWithPadding1) {
    const Document document = first_document();
    ASSERT_EQ(document.layers.size(), 1U);
    ASSERT_EQ(document.panes.size(), 1U);
    EXPECT_EQ(document.layers[0].spec.pads, Pads::all(1));
    EXPECT_FALSE(document.layers[0].spec.flip_kernel);
    EXPECT_EQ(output_of(document.layers[0]).at(0, 0, 0, 0), 4);
}

TEST(Presets, KernelsAreThoseThatFilterTakes) {
    std::size_t kernels = 0;
    for (const PresetInfo& info : presets()) {
        if (info.kind != "kernel") continue;
        EXPECT_GE(parse_kernel(info.name).weights.size(), 1U);
        ++kernels;
    }
    EXPECT_EQ(kernels, kernel_families().size());
}

TEST(Presets, UnknownNamesHaveNoDocument) {
    EXPECT_FALSE(preset_document("no_such_thing"));
    EXPECT_FALSE(preset_document("gaussian"));
}

TEST(SamplePicture, IsColouredAndSharedAndReachesFromDarkToBright) {
    const ImageRef& picture = sample_image();
    EXPECT_EQ(picture, sample_image());
    EXPECT_EQ(picture->width(), 640);
    EXPECT_EQ(picture->height(), 480);
    EXPECT_EQ(picture->channels(), 3);
    double least = 255;
    double most = 0;
    std::set<std::vector<double>> colours;
    for (std::int64_t y = 0; y < 480; y += 3) {
        for (std::int64_t x = 0; x < 640; x += 3) {
            const std::vector<double> colour{picture->sample(x, y, 0), picture->sample(x, y, 1),
                                             picture->sample(x, y, 2)};
            least = std::min(least, colour[0] + colour[1] + colour[2]);
            most = std::max(most, colour[0] + colour[1] + colour[2]);
            colours.insert(colour);
        }
    }
    EXPECT_LT(least, 150);
    EXPECT_GT(most, 700);
    EXPECT_GT(colours.size(), 2000U);
}

}  // namespace
}  // namespace convlens
