// A picture costs what is seen of it, however large the window.
#include <gtest/gtest.h>

#include <chrono>

#include "app/render/fonts.h"
#include "app/scene/build.h"
#include "app/scene/query.h"
#include "core/conv/validate.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

Derived derived_of(const ConvSpec& spec, Size2 input) {
    EXPECT_TRUE(validate({spec, {1, 1, input.h, input.w}, {}, {}}).empty());
    Document document;
    document.layers = {new_layer({spec, {1, 1, input.h, input.w}, {}, {}}, false)};
    document.panes = {Pane{}};
    return derive_all(document);
}

Scene picture(const Derived& derived, std::int64_t step, float zoom = 1, std::optional<MarkId> hover = {},
              Point pan = {}) {
    SceneOptions options;
    options.width = 640;
    options.height = 500;
    options.camera = {zoom, pan};
    options.hover = hover;
    return build_scene(derived, {step, 0}, light_theme(), options, fonts());
}

std::int64_t cells_drawn(const Scene& scene) {
    std::int64_t cells = 0;
    for (const Mark& mark : scene.marks)
        if (const auto* grid = std::get_if<GridMark>(&mark)) cells += std::int64_t{grid->rows} * grid->cols;
    return cells;
}

constexpr std::int64_t kSeen = 640 * 500;

ConvSpec huge_pool() {
    ConvSpec spec;
    spec.op = Op::max_pool;
    spec.kernel = {9999, 9999};
    spec.stride = spec.kernel;  // as torch.nn.MaxPool2d has it where none is given
    spec.ceil_mode = true;
    return spec;
}

TEST(LargeWindow, OfAPoolingLayerIsCutToWhatLiesOnTheInputAndSaysSo) {
    const Derived derived = derived_of(huge_pool(), {5, 6});
    const Scene scene = picture(derived, 1);
    EXPECT_LT(cells_drawn(scene), 200);
    EXPECT_LT(scene.marks.size(), 100U);
    EXPECT_TRUE(number_at(scene, Part::products, 0, 4, 5));
    EXPECT_TRUE(number_at(scene, Part::input, 0, 0, 0)) << "cells are large again";
    EXPECT_EQ(lit_cells(scene, Part::input, 0).size(), 30U);
    EXPECT_NE(text_of(scene, Part::title, 0).find("cut: only 5×6 lie on the input"), std::string::npos);
    EXPECT_TRUE(text_faults(scene, fonts()).empty());
    picture(derived, 1, 1, MarkId{Part::input, 0, 0, 0, 2, 2});
    picture(derived, 1, 1, MarkId{Part::products, 0, 0, 0, 2, 2});
}

TEST(LargeWindow, NoPictureHasMoreCellsThanPixels) {
    ConvSpec spec;
    spec.kernel = {512, 512};
    const Derived derived = derived_of(spec, {520, 520});
    for (const float zoom : {0.2F, 1.0F, 4.0F, 20.0F}) {
        const Scene scene = picture(derived, 3, zoom);
        EXPECT_LE(cells_drawn(scene), kSeen) << zoom;
        EXPECT_LT(scene.marks.size(), 300U) << zoom;
    }
    const Scene scene = picture(derived, 3);
    EXPECT_NE(text_of(scene, Part::sum, 0).find("sum of 262144 products"), std::string::npos);
}

TEST(LargeWindow, OfADilatedKernelIsOnePlane) {
    ConvSpec spec;
    spec.kernel = {64, 64};
    spec.dilation = {2, 2};
    const Scene scene = picture(derived_of(spec, {130, 130}), 2);
    EXPECT_LT(scene.marks.size(), 300U);
}

TEST(LargeWindow, CellsOfACutPlaneKeepTheirCoordinates) {
    ConvSpec spec;
    spec.kernel = {200, 200};
    const Derived derived = derived_of(spec, {210, 240});
    Point middle;  // of the input, which is out of sight at first
    for (const Mark& mark : picture(derived, 1, 40).marks)
        if (const auto* frame = std::get_if<RectMark>(&mark); frame && frame->stroke == light_theme().input)
            middle = {frame->rect.x + frame->rect.w / 2, frame->rect.y + frame->rect.h / 2};
    const Scene scene = picture(derived, 1, 40, {}, {320 - middle.x, 250 - middle.y});
    std::int64_t told = 0;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr || grid->id.part != Part::input) continue;
        EXPECT_GT(grid->id.y, 0) << "what is above the picture is left out";
        // A few cells further in: the first are at the picture's edge, outside of what the pane shows.
        const auto under = hit_test(scene, {grid->origin.x + 5.5F * grid->pitch, grid->origin.y + 4.5F * grid->pitch});
        ASSERT_TRUE(under);
        EXPECT_EQ(*under, (MarkId{Part::input, 0, 0, 0, grid->id.y + 4, grid->id.x + 5}));
        const double value = derived.layers[0]->layer.input->at(0, 0, grid->id.y, grid->id.x);
        if (const auto text = number_at(scene, Part::input, 0, grid->id.y, grid->id.x)) {
            EXPECT_EQ(std::stod(*text), value);
            ++told;
        }
    }
    EXPECT_GT(told, 0);
}

TEST(LargeWindow, IsDrawnInNoTime) {
    const auto cost = [](const Derived& derived) {
        const auto from = std::chrono::steady_clock::now();
        picture(derived, 3);
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
    };
    ConvSpec kernel;
    kernel.kernel = {512, 512};
    const double pool = cost(derived_of(huge_pool(), {64, 64}));
    const double conv = cost(derived_of(kernel, {520, 520}));
    RecordProperty("pool_ms", std::to_string(pool));
    RecordProperty("conv_ms", std::to_string(conv));
    // No measurement: unoptimised, under a sanitizer, on a busy machine they take half a second; a walk over all products
    // of all outputs takes minutes.
    EXPECT_LT(pool, 10'000);
    EXPECT_LT(conv, 10'000);
}

}  // namespace
}  // namespace convlens
