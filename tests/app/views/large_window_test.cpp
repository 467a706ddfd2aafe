// A picture costs what is seen of it, however large the window.
#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"
#include "core/conv/validate.h"
#include "core/text/number.h"

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
              Point pan = {}, Lang lang = Lang::english) {
    SceneOptions options;
    options.page.width = 640;
    options.page.height = 500;
    options.page.lang = lang;
    options.camera = {zoom, pan};
    options.hover = hover;
    return build_scene(derived, {step, 0}, light_theme(), options, fonts());
}

std::int64_t colours_drawn(const Scene& scene) {
    std::int64_t colours = 0;
    for (const Mark& mark : scene.marks)
        if (const auto* grid = std::get_if<GridMark>(&mark)) colours += std::ssize(grid->fill);
    return colours;
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
    EXPECT_LT(colours_drawn(scene), 200);
    EXPECT_LT(scene.marks.size(), 100U);
    EXPECT_TRUE(number_at(scene, Part::products, 0, 4, 5));
    EXPECT_TRUE(number_at(scene, Part::input, 0, 0, 0)) << "cells are large again";
    EXPECT_EQ(lit_cells(scene, Part::input, 0).size(), 30U);
    EXPECT_NE(text_of(scene, Part::title, 0).find("5×6 of 9999×9999 cells"), std::string::npos)
        << text_of(scene, Part::title, 0);
    EXPECT_TRUE(text_faults(scene, fonts()).empty());
    EXPECT_TRUE(text_faults(picture(derived, 1, 1, {}, {}, Lang::chinese), fonts()).empty());
    ConvSpec padded = huge_pool();
    padded.pads = Pads::all(1);
    const std::string words = text_of(picture(derived_of(padded, {5, 6}), 1), Part::title, 0);
    EXPECT_NE(words.find("7×8 of 9999×9999 cells"), std::string::npos) << words;
    EXPECT_EQ(words.find("outside the input"), std::string::npos) << words;
    picture(derived, 1, 1, MarkId{Part::input, 0, 0, 0, 2, 2});
    picture(derived, 1, 1, MarkId{Part::products, 0, 0, 0, 2, 2});
}

TEST(LargeWindow, NoPictureHasMoreCellsThanPixels) {
    ConvSpec spec;
    spec.kernel = {512, 512};
    const Derived derived = derived_of(spec, {520, 520});
    for (const float zoom : {0.2F, 1.0F, 4.0F, 20.0F}) {
        const Scene scene = picture(derived, 3, zoom);
        EXPECT_LE(colours_drawn(scene), kSeen) << zoom;
        EXPECT_LT(scene.marks.size(), 300U) << zoom;
    }
    const Scene scene = picture(derived, 3);
    EXPECT_NE(text_of(scene, Part::sum, 0).find("507 more: "), std::string::npos);
}

TEST(LargeWindow, OfADilatedKernelIsOnePlane) {
    ConvSpec spec;
    spec.kernel = {64, 64};
    spec.dilation = {2, 2};
    const Scene scene = picture(derived_of(spec, {130, 130}), 2);
    EXPECT_LT(scene.marks.size(), 300U);
}

// The one plane of a dilated kernel has each weight's colour where it lies, and gaps between.
TEST(LargeWindow, OfADilatedKernelHasItsWeightsInTheirPlaces) {
    for (const bool flip : {false, true}) {
        ConvSpec spec;
        spec.kernel = {50, 30};
        spec.dilation = {2, 3};
        spec.flip_kernel = flip;
        const Derived derived = derived_of(spec, {110, 120});
        const DerivedLayer& layer = *derived.layers[0];
        const Scene scene = picture(derived, 2);
        const GridMark* grid = nullptr;
        for (const Mark& mark : scene.marks) {
            const auto* plane = std::get_if<GridMark>(&mark);
            if (plane != nullptr && plane->rows == 99 && plane->cols == 88) grid = plane;
        }
        ASSERT_NE(grid, nullptr);
        for (std::int64_t r = 0; r < 99; ++r)
            for (std::int64_t c = 0; c < 88; ++c) {
                const Colour fill = grid->fill[static_cast<std::size_t>(r * 88 + c)];
                if (r % 2 != 0 || c % 3 != 0) {
                    EXPECT_EQ(fill.a, 0) << r << ", " << c;
                    continue;
                }
                const Size2 at{flip ? 49 - r / 2 : r / 2, flip ? 29 - c / 3 : c / 3};
                const double weight = layer.layer.weight->at(0, 0, at.h, at.w);
                EXPECT_EQ(fill, value_colour(light_theme(), weight, layer.weight_peak)) << r << ", " << c;
            }
    }
}

// Products that are too many to list are made where they are looked at.
TEST(LargeWindow, HasEveryProductInItsPlace) {
    for (const bool flip : {false, true}) {
        ConvSpec spec;
        spec.kernel = {70, 100};
        spec.pads = {1, 2, 3, 4};
        spec.stride = {2, 3};
        spec.groups = 2;
        spec.out_channels = 4;
        spec.flip_kernel = flip;
        Document document;
        document.layers = {new_layer({spec, {1, 4, 80, 120}, {}, {}}, true)};
        Pane pane;
        pane.slice = {0, 3, 1};
        document.panes = {pane};
        const Derived derived = derive_all(document);
        const DerivedLayer& layer = *derived.layers[0];
        SceneOptions options;
        options.page.width = 8000;
        options.page.height = 6000;
        const Scene scene = build_scene(derived, {11, 0}, light_theme(), options, fonts());  // output (1, 0)
        ASSERT_EQ(layer.output.shape(), (Shape4{1, 4, 7, 10}));
        std::int64_t told = 0;
        for (std::int64_t y = 0; y < 70; ++y)
            for (std::int64_t x = 0; x < 100; ++x) {
                const auto number = number_at(scene, Part::products, 0, y, x);
                if (!number) continue;
                ++told;
                const Size2 at{flip ? 69 - y : y, flip ? 99 - x : x};
                EXPECT_EQ(*number,
                          short_number(layer.padded.at(0, 3, 2 + y, x) * layer.layer.weight->at(3, 1, at.h, at.w)))
                    << y << ", " << x;
            }
        EXPECT_GT(told, 1000);
        EXPECT_EQ(lit_cells(scene, Part::input, 0).size(), 70U * 100U);
        EXPECT_TRUE(lit_at(scene, Part::input, 0, 2 - 1, 0 - 3));
        EXPECT_FALSE(lit_at(scene, Part::input, 0, 2 - 2, 0 - 3));
        EXPECT_FALSE(lit_at(scene, Part::input, 0, 2 - 1, 100 - 3));
        EXPECT_TRUE(text_of(scene, Part::sum, 0).ends_with(" = " + short_number(layer.output.at(0, 3, 1, 0))))
            << text_of(scene, Part::sum, 0);
    }
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
        const double value = derived.layers[0]->input->at(0, 0, grid->id.y, grid->id.x);
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

TEST(ManyStamps, ALatePictureTakesNoMoreOfThemThanAnEarlyOne) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {3, 3};
    spec.stride = {2, 2};
    Document document;
    document.layers = {new_layer({spec, {1, 1, 40, 40}, {}, {}}, false)};
    document.panes = {Pane{}};
    document.panes[0].reading = Reading::stamp;
    const Derived derived = derive_all(document);
    SceneOptions options;
    Scatters kept;
    std::int64_t made = 0;
    const auto stamps_of = [&](std::int64_t step) {
        build_scene(derived, {step, 0}, light_theme(), options, fonts(), &kept);
        return kept.stamps_made() - std::exchange(made, kept.stamps_made());
    };
    stamps_of(step_count(derived));                 // the way to the end is made once
    constexpr std::int64_t kAsDrawn = 81 * 81 / 9;  // as many products as the plane has cells
    for (const std::int64_t step : {10, 700, 900, 1200, 1590}) EXPECT_LT(stamps_of(step), kAsDrawn) << step;
}

}  // namespace
}  // namespace convlens
