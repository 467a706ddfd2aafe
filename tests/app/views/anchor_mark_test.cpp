// The anchor's ring: on which weight and on which input cell it is drawn.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

Derived derived_of(const ConvSpec& spec, Size2 input) {
    Document document;
    document.layers = {new_layer({spec, {1, 1, input.h, input.w}, {}, {}}, false)};
    document.panes = {Pane{}};
    document.panes[0].reading = spec.op == Op::conv_transpose ? Reading::stamp : Reading::slide;
    return derive_all(document);
}

ConvSpec ruled(Size2 kernel, PadRule rule, bool flip = false) {
    ConvSpec spec;
    spec.kernel = kernel;
    spec.pad_rule = rule;
    spec.flip_kernel = flip;
    return spec;
}

// With the ring, also where nothing but the option asks for it.
Scene picture(const Derived& derived, std::int64_t step, float width = 1280, float height = 720,
              Lang lang = Lang::english) {
    SceneOptions options;
    options.shown.anchor = true;
    options.page.width = width;
    options.page.height = height;
    options.page.lang = lang;
    return build_scene(derived, {step, 0}, light_theme(), options, fonts());
}

// The middle of the four ticks, with or without a ring between them: n 0 on the kernel, 1 on the input.
std::optional<Point> ring(const Scene& scene, std::int64_t n) {
    Point middle;
    int ticks = 0;
    for (const Mark& mark : scene.marks) {
        const auto* tick = std::get_if<LineMark>(&mark);
        if (tick == nullptr || tick->id.part != Part::anchor || tick->id.n != n || tick->id.pane != 0) continue;
        middle.x += (tick->from.x + tick->to.x) / 8;
        middle.y += (tick->from.y + tick->to.y) / 8;
        ++ticks;
    }
    return ticks == 4 ? std::optional(middle) : std::nullopt;
}

// The cell of a plane below the ring.
std::optional<std::pair<std::int64_t, std::int64_t>> cell_below(const Scene& scene, std::int64_t n) {
    const auto middle = ring(scene, n);
    const auto cell = middle ? hit_test(scene, *middle) : std::nullopt;
    if (!cell || cell->part != (n == 0 ? Part::kernel : Part::input)) return {};
    return std::pair{cell->y, cell->x};
}

using Cell = std::pair<std::int64_t, std::int64_t>;

TEST(AnchorMark, LiesOnTheWeightAndOnTheOutputsOwnPlace) {
    const Derived derived = derived_of(ruled({3, 5}, PadRule::opencv_anchor), {4, 7});
    const Scene scene = picture(derived, 10);  // output (1, 2)
    EXPECT_EQ(cell_below(scene, 0), (Cell{1, 2}));
    EXPECT_EQ(cell_below(scene, 1), (Cell{1, 2}));
    EXPECT_NE(text_of(scene, Part::title, 0).find("anchor (1, 2)"), std::string::npos);
}

TEST(AnchorMark, ShiftsWithTheProgram) {
    const Derived derived = derived_of(ruled({2, 4}, PadRule::octave_imfilter), {4, 6});
    EXPECT_EQ(cell_below(picture(derived, 1), 0), (Cell{0, 1}));
    EXPECT_EQ(cell_below(picture(derived, 1), 1), (Cell{0, 0})) << "the window starts in the padding";
}

TEST(AnchorMark, StaysOnItsWeightWhenTheKernelTurns) {
    const Derived derived = derived_of(ruled({2, 4}, PadRule::octave_same, true), {4, 6});
    const Scene before = picture(derived, 0), after = picture(derived, 1);
    EXPECT_EQ(cell_below(before, 0), (Cell{1, 2}));
    EXPECT_EQ(cell_below(after, 0), (Cell{1, 2}));
    EXPECT_NE(ring(before, 0)->x, ring(after, 0)->x);
    EXPECT_NE(text_of(after, Part::title, 0).find("anchor (0, 1) = weight [1, 2]"), std::string::npos);
    EXPECT_NE(text_of(before, Part::title, 0).find("anchor = weight [1, 2]"), std::string::npos)
        << "the ring's place on the turned kernel means nothing yet";
}

TEST(AnchorMark, StandsOnEveryStridethCell) {
    ConvSpec spec = ruled({3, 5}, PadRule::explicit_);
    spec.pads = {1, 1, 2, 2};
    spec.stride = {2, 3};
    const Derived derived = derived_of(spec, {5, 7});
    EXPECT_EQ(cell_below(picture(derived, 6), 0), (Cell{1, 2}));
    EXPECT_EQ(cell_below(picture(derived, 6), 1), (Cell{2, 6}));  // output (1, 2)
}

TEST(AnchorMark, GlidesWithTheWindow) {
    const Derived derived = derived_of(ruled({2, 2}, PadRule::opencv_anchor), {4, 4});
    SceneOptions options;
    const auto at = [&](float phase) {
        return ring(build_scene(derived, {1, phase}, light_theme(), options, fonts()), 1)->x;
    };
    EXPECT_LT(at(0), at(0.5F));
}

TEST(AnchorMark, InAGapIsDrawnInTheGap) {
    ConvSpec spec = ruled({1, 4}, PadRule::octave_same);
    spec.dilation = {1, 3};
    const Scene scene = picture(derived_of(spec, {1, 12}), 1);
    ASSERT_TRUE(ring(scene, 0));
    EXPECT_FALSE(cell_below(scene, 0));
    EXPECT_NE(text_of(scene, Part::title, 0).find("anchor between weights"), std::string::npos);
}

TEST(AnchorMark, IsNotThereWhereItHasNoMeaning) {
    EXPECT_FALSE(ring(picture(derived_of(ruled({3, 3}, PadRule::valid), {5, 5}), 1), 0));
    EXPECT_FALSE(ring(picture(derived_of(ruled({1, 1}, PadRule::valid), {5, 5}), 1), 0));
    ConvSpec pool = ruled({3, 3}, PadRule::explicit_);
    pool.op = Op::max_pool;
    pool.pads = Pads::all(1);
    EXPECT_FALSE(ring(picture(derived_of(pool, {5, 5}), 1), 1));
    pool.op = Op::conv_transpose;
    EXPECT_FALSE(ring(picture(derived_of(pool, {5, 5}), 1), 0));
    EXPECT_FALSE(ring(picture(derive_all(first_document()), 1), 0)) << "4×4 outputs of a 3×3 input";
}

Scene unasked(const Derived& derived) { return build_scene(derived, {1, 0}, light_theme(), SceneOptions(), fonts()); }

TEST(AnchorMark, IsShownOnlyWhereSomethingIsAboutIt) {
    ConvSpec padded = ruled({3, 3}, PadRule::explicit_);
    padded.pads = Pads::all(1);
    EXPECT_FALSE(ring(unasked(derived_of(padded, {5, 5})), 0));
    EXPECT_TRUE(ring(picture(derived_of(padded, {5, 5}), 1), 0)) << "somebody looks at it";
    EXPECT_FALSE(ring(unasked(derived_of(ruled({3, 3}, PadRule::torch_same), {5, 5})), 0))
        << "the middle, as everywhere";
    for (const PadRule rule : {PadRule::torch_same, PadRule::scipy_convolve2d_same, PadRule::octave_same})
        EXPECT_TRUE(ring(unasked(derived_of(ruled({4, 4}, rule), {5, 5})), 0)) << "programs differ";
    EXPECT_TRUE(ring(unasked(derived_of(ruled({3, 3}, PadRule::opencv_anchor), {5, 5})), 0));
    EXPECT_EQ(text_of(unasked(derived_of(padded, {5, 5})), Part::title, 0).find("anchor"), std::string::npos);
}

TEST(AnchorMark, IsShownWhereAComparisonIsAboutIt) {
    Document document;
    for (const Pads pads : {Pads::all(1), Pads{0, 2, 0, 2}}) {
        ConvSpec spec = ruled({3, 3}, PadRule::explicit_);
        spec.pads = pads;
        document.layers.push_back(new_layer({spec, {1, 1, 5, 5}, {}, {}}, false));
        Pane pane;
        pane.layer = static_cast<int>(document.panes.size());
        document.panes.push_back(pane);
    }
    EXPECT_TRUE(ring(unasked(derive_all(document)), 0));
    document.layers[1].spec.pads = Pads::all(1);
    EXPECT_FALSE(ring(unasked(derive_all(document)), 0));
}

TEST(AnchorMark, IsARingWithFourTicksOutOfIt) {
    const Scene scene = picture(derived_of(ruled({3, 5}, PadRule::opencv_anchor), {4, 7}), 10);
    for (const std::int64_t n : {0, 1}) {
        const Point middle = *ring(scene, n);
        float radius = 0;
        std::vector<Point> ways;
        for (const Mark& mark : scene.marks) {
            if (const auto* circle = std::get_if<PolygonMark>(&mark); circle && circle->id.part == Part::anchor) {
                if (circle->id.n != n) continue;
                radius = circle->points[0].x - middle.x;
                for (std::size_t i = 0; i < circle->points.size(); ++i) {
                    const Point a = circle->points[i], b = circle->points[(i + 1) % circle->points.size()];
                    EXPECT_NEAR(std::hypot(a.x - middle.x, a.y - middle.y), radius, 0.01F);
                    EXPECT_LT(std::hypot(a.x - b.x, a.y - b.y), radius / 4) << "once around, in small steps";
                    EXPECT_GT(std::hypot(a.x - b.x, a.y - b.y), radius / 9);
                }
            }
            const auto* tick = std::get_if<LineMark>(&mark);
            if (tick == nullptr || tick->id.part != Part::anchor || tick->id.n != n) continue;
            const Point from{tick->from.x - middle.x, tick->from.y - middle.y};
            const Point to{tick->to.x - middle.x, tick->to.y - middle.y};
            const float length = std::hypot(to.x, to.y);
            EXPECT_GT(length, radius);
            if (n == 0) {
                EXPECT_LE(std::hypot(from.x, from.y), radius + 0.01F);
            }
            EXPECT_NEAR(std::hypot(from.x, from.y) + std::hypot(to.x - from.x, to.y - from.y), length, 0.01F)
                << "it points away from the middle";
            ways.push_back({std::round(to.x / length), std::round(to.y / length)});
        }
        EXPECT_EQ(radius > 0, n == 0) << "a cell with a number and a weight has no room for a ring";
        EXPECT_EQ(ways, (std::vector<Point>{{0, -1}, {0, 1}, {-1, 0}, {1, 0}}));
    }
}

TEST(AnchorMark, IsLargeEnoughToBeSeenOnSmallCells) {
    const Derived derived = derived_of(ruled({4, 4}, PadRule::opencv_anchor), {60, 60});
    const Scene scene = picture(derived, 1, 640, 360);
    std::int64_t rings = 0;
    for (const Mark& mark : scene.marks) {
        const auto* circle = std::get_if<PolygonMark>(&mark);
        if (circle == nullptr || circle->id.part != Part::anchor) continue;
        const auto [least, most] = std::ranges::minmax_element(circle->points, {}, &Point::x);
        EXPECT_GE(most->x - least->x, 6.5F);
        ++rings;
    }
    EXPECT_EQ(rings, 2) << "one on the kernel, one on the input";
    for (const Mark& mark : scene.marks)
        if (const auto* grid = std::get_if<GridMark>(&mark); grid != nullptr && grid->id.part == Part::input) {
            EXPECT_LT(grid->pitch, 7) << "a ring of the cell's own size would be too small";
        }
    EXPECT_TRUE(text_faults(scene, fonts()).empty());
    EXPECT_TRUE(text_faults(picture(derived, 1, 640, 360, Lang::chinese), fonts()).empty());
}

}  // namespace
}  // namespace convlens
