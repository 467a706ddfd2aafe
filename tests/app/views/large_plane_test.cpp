// Planes of hundreds of cells a side: they fit, cells that are smaller than a pixel are a picture, and the figure says so.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"
#include "app/views/layout.h"
#include "app/views/plane.h"
#include "core/conv/validate.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

struct Wanted {
    Op op = Op::conv;
    Size2 input{600, 800}, kernel{3, 3}, stride{1, 1}, dilation{1, 1};
    std::int64_t pad = 0;
    const char* view = "planes";
    int panes = 1;
};

Derived derived_of(const Wanted& wanted) {
    ConvSpec spec;
    spec.op = wanted.op;
    spec.kernel = {std::min(wanted.kernel.h, wanted.input.h), std::min(wanted.kernel.w, wanted.input.w)};
    spec.stride = wanted.stride;
    spec.dilation = wanted.dilation;
    spec.pads = Pads::all(wanted.pad);
    EXPECT_TRUE(validate({spec, {1, 1, wanted.input.h, wanted.input.w}, {}, {}}).empty());
    Document document;
    document.layers = {new_layer({spec, {1, 1, wanted.input.h, wanted.input.w}, {}, {}}, false)};
    Pane pane;
    pane.view = wanted.view;
    document.panes.assign(static_cast<std::size_t>(wanted.panes), pane);
    settle(document);
    return derive_all(document);
}

Scene picture(const Derived& derived, std::int64_t step, float width = 960, float height = 540, Camera camera = {},
              Lang lang = Lang::english) {
    SceneOptions options;
    options.page.width = width;
    options.page.height = height;
    options.page.text_size = 15;
    options.page.lang = lang;
    options.camera = camera;
    return build_scene(derived, {step, 0}, light_theme(), options, fonts());
}

std::vector<const GridMark*> grids(const Scene& scene, Part part = Part::none) {
    std::vector<const GridMark*> found;
    for (const Mark& mark : scene.marks)
        if (const auto* grid = std::get_if<GridMark>(&mark); grid && (part == Part::none || grid->id.part == part))
            found.push_back(grid);
    return found;
}

std::string told(const Scene& scene) { return text_of(scene, Part::title, 0); }

void expect_within(const Rect& inner, const Rect& outer, const std::string& what) {
    EXPECT_GE(inner.x, outer.x - 1) << what;
    EXPECT_GE(inner.y, outer.y - 1) << what;
    EXPECT_LE(inner.right(), outer.right() + 1) << what;
    EXPECT_LE(inner.bottom(), outer.bottom() + 1) << what;
}

constexpr std::array<std::int64_t, 12> kSides{1, 2, 3, 9, 28, 120, 299, 300, 500, 999, 2000, 4000};

TEST(LargePlane, EverySizeIsPlacedWithinTheArea) {
    for (const Size2 page_size : {Size2{540, 960}, Size2{300, 400}, Size2{720, 1280}, Size2{480, 260}}) {
        Page page;
        page.width = static_cast<float>(page_size.w);
        page.height = static_cast<float>(page_size.h);
        page.text_size = 13;
        const Rect area{10, 10, page.width - 20, page.height - 20};
        for (const std::int64_t rows : kSides)
            for (const std::int64_t cols : kSides)
                for (const std::int64_t kernel : {1, 3, 11}) {
                    const std::int64_t kh = std::min(kernel, rows), kw = std::min(kernel, cols);
                    const std::vector<PlaneRequest> planes{
                        {Part::input, rows, cols, "input", "600×800", {}, "∗", {}},
                        {Part::kernel, kh, kw, "kernel", "3×3", {}, "→", {}},
                        {Part::products, kh, kw, "products", "input × weight", {}, "Σ", {}},
                        {Part::output, rows - kh + 1, cols - kw + 1, "output", "598×798", {}, {}, {}}};
                    const Layout layout = place_planes(planes, {area, page}, fonts());
                    for (std::size_t i = 0; i < planes.size(); ++i) {
                        const Rect cells = layout.planes[i].cells(0, 0, static_cast<double>(planes[i].rows),
                                                                  static_cast<double>(planes[i].cols));
                        const std::string what = std::to_string(rows) + "×" + std::to_string(cols) + ", " +
                                                 planes[i].name + " of kernel " + std::to_string(kernel);
                        expect_within(cells, area, what);
                        EXPECT_GE(std::min(cells.w, cells.h), 4) << what;
                        for (std::size_t j = 0; j < i; ++j) {
                            const Rect other = layout.planes[j].cells(0, 0, static_cast<double>(planes[j].rows),
                                                                      static_cast<double>(planes[j].cols));
                            const bool apart = cells.x + 1 > other.right() || other.x + 1 > cells.right() ||
                                               cells.y + 1 > other.bottom() || other.y + 1 > cells.bottom();
                            EXPECT_TRUE(apart) << what << " and " << planes[j].name;
                        }
                    }
                    ASSERT_FALSE(HasFailure());
                }
    }
}

// What a figure shows of a layer lies on the page, costs no more than its pixels, and no word meets another.
TEST(LargePlane, EveryFigureOfALargeLayerFits) {
    for (const char* view : {"planes", "reads"})
        for (const Op op : {Op::conv, Op::conv_transpose, Op::max_pool})
            for (const Size2 input : {Size2{600, 800}, Size2{1, 4000}, Size2{2, 1500}, Size2{900, 1}, Size2{40, 300}})
                for (const std::int64_t stride : {1, 3}) {
                    Wanted wanted{.op = op, .input = input, .stride = {stride, stride}, .view = view};
                    if (op == Op::max_pool) wanted.stride = {2, 2};
                    const std::string what = std::string(view) + " " + std::to_string(static_cast<int>(op)) + " " +
                                             std::to_string(input.h) + "×" + std::to_string(input.w) + " stride " +
                                             std::to_string(stride);
                    const Derived derived = derived_of(wanted);
                    for (const std::int64_t step : {0, 1, 700}) {
                        const Scene scene = picture(derived, step);
                        EXPECT_LT(scene.marks.size(), 2000U) << what;
                        std::int64_t colours = 0;
                        for (const GridMark* grid : grids(scene)) {
                            expect_within(grid->frame(), {0, 0, 960, 540}, what);
                            colours += std::ssize(grid->fill);
                            EXPECT_TRUE(grid->is_filled()) << what;
                        }
                        EXPECT_LE(colours, 960 * 540) << what;
                        EXPECT_EQ(text_faults(scene, fonts()), std::vector<std::string>{}) << what;
                        EXPECT_EQ(text_faults(picture(derived, step, 960, 540, {}, Lang::chinese), fonts()),
                                  std::vector<std::string>{})
                            << what;
                        ASSERT_FALSE(HasFailure());
                    }
                }
}

TEST(LargePlane, APixelIsTheMeanOfItsCells) {
    PlaneSpec spec;
    spec.id.part = Part::input;
    spec.origin = {20, 10};
    spec.pitch = 0.5F;
    spec.rows = 40;
    spec.cols = 60;
    spec.look = [](std::int64_t row, std::int64_t col) {
        CellLook look;
        look.fill = {static_cast<std::uint8_t>(4 * col), static_cast<std::uint8_t>(6 * row), 0, 255};
        return look;
    };
    const GridMark grid = make_plane(spec, light_theme(), {}, fonts());
    ASSERT_EQ(grid.picture, (Rect{20, 10, 30, 20}));
    ASSERT_TRUE(grid.is_filled());
    for (int y = 0; y < 20; ++y)
        for (int x = 0; x < 30; ++x)
            EXPECT_EQ(grid.fill[static_cast<std::size_t>(y * 30 + x)],
                      (Colour{static_cast<std::uint8_t>(8 * x + 2), static_cast<std::uint8_t>(12 * y + 3), 0, 255}));
}

// Stripes two cells wide, as stride 2 makes them, do not become one of their colours.
TEST(LargePlane, APixelOfManyCellsTakesBothOfTwoKinds) {
    for (const int parts : {3, 4, 5, 6, 7, 8, 12}) {
        PlaneSpec spec;
        spec.pitch = 1.0F / static_cast<float>(parts);
        spec.rows = spec.cols = 240;
        spec.look = [](std::int64_t, std::int64_t col) {
            CellLook look;
            look.fill = col % 2 == 0 ? Colour{0, 0, 0, 255} : Colour{200, 200, 200, 255};
            return look;
        };
        const GridMark grid = make_plane(spec, light_theme(), {}, fonts());
        for (const Colour& colour : grid.fill) EXPECT_EQ(colour.r, 100) << parts;
    }
}

TEST(LargePlane, OnlyWhatIsInSightOfAPictureIsMade) {
    const Derived derived = derived_of({.input = {2000, 2000}});
    for (const float zoom : {0.2F, 1.0F, 2.0F, 4.0F}) {
        const Scene scene = picture(derived, 5, 960, 540, {zoom, {200, -100}});
        std::int64_t colours = 0;
        for (const GridMark* grid : grids(scene)) colours += std::ssize(grid->fill);
        EXPECT_LE(colours, 2 * 960 * 540) << zoom;
    }
}

TEST(LargePlane, ThePointerFindsItsCells) {
    const Derived derived = derived_of({.input = {600, 800}, .pad = 1});
    const Scene scene = picture(derived, 1);
    const GridMark& input = *grids(scene, Part::input).front();
    ASSERT_TRUE(input.is_picture());
    for (const Size2 at : {Size2{0, 0}, Size2{17, 400}, Size2{599, 799}, Size2{-1, 800}}) {
        const Rect cell = *cell_rect(scene, {Part::input, 0, 0, 0, at.h, at.w});
        const auto found = hit_test(scene, {cell.x + cell.w / 2, cell.y + cell.h / 2});
        ASSERT_TRUE(found);
        EXPECT_EQ(*found, (MarkId{Part::input, 0, 0, 0, at.h, at.w}));
    }
}

// The frames around what the step reads and writes.
std::vector<Rect> step_frames(const Scene& scene) {
    std::vector<Rect> frames;
    for (const Mark& mark : scene.marks) {
        const auto* rect = std::get_if<RectMark>(&mark);
        if (rect != nullptr && rect->stroke == light_theme().reading && rect->stroke_width >= 3)
            frames.push_back(rect->rect);
    }
    return frames;
}

TEST(LargePlane, TheWindowAndItsOutputHaveFramesThatAreSeen) {
    for (const char* view : {"planes", "reads"}) {
        const Derived derived = derived_of({.input = {600, 800}, .view = view});
        const Scene scene = picture(derived, 798 * 300 + 401);
        const std::vector<Rect> frames = step_frames(scene);
        ASSERT_EQ(frames.size(), 2U) << view;
        const MarkId middle{Part::input, 0, 0, 0, 301, 401};
        for (std::size_t i = 0; i < 2; ++i) {
            EXPECT_GE(std::min(frames[i].w, frames[i].h), 9) << view;
            const MarkId cell = i == 0 ? middle : MarkId{Part::output, 0, 0, 0, 300, 400};
            const Rect at = *cell_rect(scene, cell);
            EXPECT_NEAR(frames[i].x + frames[i].w / 2, at.x + at.w / 2, 1) << view << i;
            EXPECT_NEAR(frames[i].y + frames[i].h / 2, at.y + at.h / 2, 1) << view << i;
        }
    }
}

TEST(LargePlane, TheKernelHasItsNumbersAndThePictureSaysWhatIsNotToScale) {
    const Scene scene = picture(derived_of({.input = {600, 800}}), 1);
    for (std::int64_t y = 0; y < 3; ++y)
        for (std::int64_t x = 0; x < 3; ++x) EXPECT_TRUE(number_at(scene, Part::kernel, 0, y, x)) << y << ", " << x;
    EXPECT_NE(told(scene).find("A pixel shows the mean of 4 of up to 3×3 cells. Not to scale: kernel, products."),
              std::string::npos)
        << told(scene);
    const Scene smaller = picture(derived_of({.input = {100, 100}}), 1);
    EXPECT_NE(told(smaller).find("The cells are too small for their numbers. Not to scale: kernel, products."),
              std::string::npos)
        << told(smaller);
    const Scene usual = picture(derived_of({.input = {9, 9}}), 1);
    EXPECT_EQ(told(usual).find("to scale"), std::string::npos) << told(usual);
    EXPECT_EQ(told(usual).find("too small"), std::string::npos) << told(usual);
}

// Wherever the input's cells are too small for numbers the kernel has its own, at every size and type; and cells that
// have room for numbers are all alike.
TEST(LargePlane, SmallPlanesHaveNumbersWhereTheOthersHaveNone) {
    struct Seen {
        float width, height, text_size, least_text;
    };
    for (const Seen& seen : {Seen{1280, 720, 15, 11}, Seen{1920, 1080, 30, 24}, Seen{960, 540, 15, 0}})
        for (const std::int64_t side : {8, 16, 24, 32, 48, 64, 96, 128, 200, 400}) {
            const Derived derived = derived_of({.input = {side, side}, .pad = 1});
            SceneOptions options;
            options.page.width = seen.width;
            options.page.height = seen.height;
            options.page.text_size = seen.text_size;
            options.page.least_text = seen.least_text;
            const Scene scene = build_scene(derived, {1, 0}, light_theme(), options, fonts());
            const GridMark& input = *grids(scene, Part::input).front();
            const GridMark& kernel = *grids(scene, Part::kernel).front();
            const std::string where = std::to_string(side) + " in " + std::to_string(seen.width);
            if (input.pitch >= least_number_pitch(options.page)) {
                EXPECT_EQ(kernel.pitch, input.pitch) << where;
                EXPECT_EQ(told(scene).find("Not to scale"), std::string::npos) << where;
            } else if (side >= 16) {
                EXPECT_GE(kernel.pitch, least_number_pitch(options.page)) << where;
                EXPECT_NE(told(scene).find("Not to scale: kernel, products."), std::string::npos) << told(scene);
            }
        }
}

// In a narrow pane the note is shorter, and never cut.
TEST(LargePlane, TheNoteIsAsLongAsThereIsRoomForIt) {
    const auto note = [](const Wanted& wanted, float width) {
        std::vector<std::string> lines;
        for (const Mark& mark : picture(derived_of(wanted), 1, width, 540).marks)
            if (const auto* text = std::get_if<TextMark>(&mark);
                text && text->id.part == Part::title && text->id.y == -8)
                lines.push_back(text->text);
        return lines;
    };
    using Lines = std::vector<std::string>;
    const Wanted large{.input = {600, 800}}, middling{.input = {60, 60}};
    const float pitch = grids(picture(derived_of(large), 1, 380, 540), Part::input).front()->pitch;
    const std::string covered = std::to_string(static_cast<int>(std::ceil(1 / pitch)));
    EXPECT_EQ(note(large, 380), (Lines{"A pixel shows the mean of 4 of up to " + covered + "×" + covered + " cells.",
                                       "Not to scale: kernel, products."}));
    EXPECT_EQ(note(large, 240), (Lines{"Pixels are means of cells.", "Not to scale: kernel, products."}));
    EXPECT_EQ(note(middling, 320), Lines{"Not to scale: kernel, products."});
}

TEST(LargePlane, ZoomedInItsCellsAreDrawnOneByOneAndNoNoteIsNeeded) {
    const Derived derived = derived_of({.input = {600, 800}});
    const Scene scene = picture(derived, 1, 960, 540, {60, {0, 0}});
    for (const GridMark* grid : grids(scene, Part::input)) EXPECT_FALSE(grid->is_picture());
    EXPECT_EQ(told(scene).find("mean"), std::string::npos) << told(scene);
}

// A signal of 4000 numbers is as wide as the page, high enough to be seen, and its kernel stands below the window.
TEST(LargePlane, ALongRowIsAStripAndItsKernelStandsBelowTheWindow) {
    const Derived derived = derived_of({.input = {1, 4000}, .kernel = {1, 3}});
    const Scene scene = picture(derived, 2000);
    const GridMark& input = *grids(scene, Part::input).front();
    EXPECT_GT(input.frame().w, 600);
    EXPECT_GE(input.frame().h, 6);
    const GridMark& kernel = *grids(scene, Part::kernel).front();
    EXPECT_GE(kernel.pitch, kLeastNumberPitch);
    const Rect window = step_frames(scene).front();
    EXPECT_NEAR(kernel.frame().x + kernel.frame().w / 2, window.x + window.w / 2, 2);
    for (const std::int64_t step : {1, 3998}) {
        const Scene end = picture(derived, step);
        expect_within(grids(end, Part::kernel).front()->frame(),
                      grids(end, Part::input).front()->frame().w > 0 ? Rect{0, 0, 960, 540} : Rect{}, "at the end");
    }
}

TEST(LargePlane, WhatIsNeverReadIsMarkedByNoMoreThanCanBeTold) {
    const Derived derived = derived_of({.input = {1200, 1200}, .kernel = {1, 1}, .stride = {4, 4}});
    const Scene scene = picture(derived, 1);
    EXPECT_LT(scene.marks.size(), 400U);
    EXPECT_GT(scene.marks.size(), 60U);
    EXPECT_NE(told(scene).find("never read: 900 rows, 900 columns"), std::string::npos) << told(scene);
}

TEST(LargePlane, OfTwoThousandRowsIsDrawnQuickly) {
    const auto from = std::chrono::steady_clock::now();
    const Derived derived = derived_of({.input = {2000, 2000}});
    const Scene scene = picture(derived, 1998 * 1998);
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
    RecordProperty("ms", std::to_string(ms));
    EXPECT_LT(ms, 10'000);  // no measurement: see LargeWindow.IsDrawnInNoTime
}

}  // namespace
}  // namespace convlens
