#include "app/document/titles.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/document/file.h"
#include "app/document/presets.h"

namespace convlens {
namespace {

TEST(Titles, StateSettingsOnlyWhereTheLayerHasThem) {
    ConvSpec spec;
    spec.pads = Pads::all(1);
    spec.stride = {2, 2};
    spec.dilation = {1, 4};
    spec.kernel = {5, 5};
    for (const char* so : {"conv2d(a, b, padding=1)", "stride 2", "padding=1, stride=2", "dilation 4", "Kernel 5",
                           "plain", "", "7 padding", "output_padding=0", "xcorr2(a, b)"})
        EXPECT_TRUE(is_true_of(so, spec)) << so;
    for (const char* otherwise : {"conv2d(a, b, padding=0)", "Stride 3", "padding=1, stride=1", "dilation=2",
                                  "kernel 3", "groups=2", "output_padding=1", "conv2(a, b)"})
        EXPECT_FALSE(is_true_of(otherwise, spec)) << otherwise;
    spec.pads = {1, 1, 1, 0};
    EXPECT_FALSE(is_true_of("padding=1", spec));
    spec.op = Op::max_pool;
    EXPECT_FALSE(is_true_of("conv2d(a, b)", spec));
}

TEST(Titles, UntrueOnesOfSavedDocumentsAreNotShown) {
    const auto opened = [](int padding) {
        return document_from_json({{"convlens", 1},
                                   {"title", "Padding 1, seen twice"},
                                   {"layers", {{{"spec", {{"pads", padding}}}}}},
                                   {"panes", {{{"title", "conv2d(a, b, padding=1)"}}}}},
                                  {});
    };
    EXPECT_EQ(opened(1).panes[0].title, "conv2d(a, b, padding=1)");
    EXPECT_EQ(opened(1).title, "Padding 1, seen twice");
    EXPECT_EQ(opened(0).panes[0].title, "");
    EXPECT_EQ(opened(0).title, "");
}

TEST(Titles, AnotherInputDropsWhatASizeLeavesOver) {
    const Document before = *preset_document("padding_strides_odd");
    ASSERT_NE(before.title.find("with a remainder"), std::string::npos);
    Document after = before;
    after.layers[0].input = generate(Generator{"ramp"}, {1, 1, 5, 6});
    drop_changed_titles(before, after);
    EXPECT_EQ(after.title, "");
    Document other = *preset_document("padding_strides");
    after = other;
    after.layers[0].input = generate(Generator{"ramp"}, {1, 1, 7, 6});
    drop_changed_titles(other, after);
    EXPECT_EQ(after.title, other.title) << "true of every size";
}

TEST(Titles, AnEditOfWhatTheySpeakOfDropsThem) {
    const Document before = *preset_document("conv2-xcorr2-conv2d");
    Document after = before;
    after.layers[1].spec.pads = {3, 2, 1, 0};
    drop_changed_titles(before, after);
    EXPECT_EQ(after.panes[0].title, before.panes[0].title);
    EXPECT_EQ(after.panes[1].title, "");
    EXPECT_EQ(after.panes[2].title, before.panes[2].title);
    EXPECT_EQ(after.title, "");

    Document looked_at = before;
    looked_at.panes[2].title = "mine";
    looked_at.step_by = StepBy::product;
    Document changed = looked_at;
    changed.layers[2].spec.stride = {2, 3};
    drop_changed_titles(before, looked_at);
    EXPECT_EQ(looked_at.title, before.title);
    drop_changed_titles(looked_at, changed);
    EXPECT_EQ(changed.panes[2].title, "mine") << "it names no setting";
}

TEST(Titles, OfADocumentStayWithItsKindOfLayer) {
    const Document before = first_document();
    Document after = before;
    after.layers[0].weight = TensorRef(Tensor<double>(before.layers[0].weight->shape(), 7));
    after.layers[0].spec.stride = {2, 3};
    drop_changed_titles(before, after);
    EXPECT_EQ(after.title, "A first convolution");
    EXPECT_EQ(after.panes[0].title, "");
    Document pooled = after;
    pooled.layers[0].spec.op = Op::max_pool;
    drop_changed_titles(after, pooled);
    EXPECT_EQ(pooled.title, "");
}

TEST(Titles, WhatShipsIsTrue) {
    for (const PresetInfo& info : presets()) {
        if (!has_document(info)) continue;
        const Document document = *preset_document(info.name);
        EXPECT_EQ(document.title, english(info.title));
        EXPECT_NE(document.title, "") << info.name;
        for (const Pane& pane : document.panes) EXPECT_EQ(pane.title.find('='), std::string::npos) << pane.title;
    }
}

}  // namespace
}  // namespace convlens
