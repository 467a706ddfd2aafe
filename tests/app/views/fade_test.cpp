// While the window is on its way nothing that is seen is of the place that it leaves.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/views/build.h"

namespace convlens {
namespace {

// The strongest of the products' numbers and of the sum's words, 0..255.
int strongest(const char* preset, const Playhead& at, bool motion = true, StepBy by = StepBy::output) {
    static const std::unique_ptr<FontMetrics> fonts = make_font_metrics();
    Document document = *preset_document(preset);
    document.step_by = by;
    SceneOptions options;
    options.shown.motion = motion;
    const Scene scene = build_scene(derive_all(document), at, light_theme(), options, *fonts);
    int found = 0;
    for (const Mark& mark : scene.marks) {
        if (const auto* grid = std::get_if<GridMark>(&mark); grid != nullptr && grid->id.part == Part::products)
            for (const GridText& number : grid->texts) found = std::max<int>(found, number.colour.a);
        if (const auto* text = std::get_if<TextMark>(&mark); text != nullptr && text->id.part == Part::sum)
            found = std::max<int>(found, text->colour.a);
    }
    return found;
}

TEST(Fade, ProductsAndSumGoBeforeTheWindowIsElsewhere) {
    for (const char* preset : {"padding_strides", "no_padding_no_strides", "dilation"}) {
        EXPECT_EQ(strongest(preset, {2, 0}), 255) << preset;
        const int on_the_way = strongest(preset, {2, 0.2F});
        EXPECT_LT(on_the_way, 255) << preset;
        EXPECT_GT(on_the_way, 0) << preset;
        EXPECT_EQ(strongest(preset, {2, 0.6F}), 0) << preset;
        EXPECT_EQ(strongest(preset, {2, 0.6F}, false), 255) << "without motion nothing is between steps";
    }
}

TEST(Fade, WhatStaysInItsWindowStays) {
    EXPECT_EQ(strongest("padding_strides", {2, 0.6F}, true, StepBy::product), 255)
        << "the next product of the same sum";
}

}  // namespace
}  // namespace convlens
