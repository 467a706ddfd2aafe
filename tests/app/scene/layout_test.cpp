// Cells come first: labels make room for them, not they for labels.
#include "app/scene/layout.h"

#include <gtest/gtest.h>

#include "app/document/compare.h"
#include "app/document/presets.h"
#include "app/render/fonts.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

std::vector<PlaneRequest> planes(const std::string& detail, const std::string& note) {
    return {{Part::input, 7, 7, "input", "5×5, padding 1", {}, "∗", {}},
            {Part::kernel, 3, 3, "kernel", detail, note, "→", {}},
            {Part::products, 3, 3, "products", "cell × weight", {}, "Σ", {}},
            {Part::output, 5, 5, "output", "5×5", {}, {}, {}}};
}

Layout placed(const std::vector<PlaneRequest>& requests, float width) {
    SceneOptions options;
    options.width = width;
    options.height = 400;
    options.text_size = 14;
    return place_planes(requests, {0, 0, width, 400}, options, fonts());
}

TEST(Layout, ALabelIsShortenedByWhatTellsLeast) {
    const auto steps = [](std::string label) {
        std::vector<std::string> all;
        while (shorten_label(label)) all.push_back(label);
        return all;
    };
    using Steps = std::vector<std::string>;
    EXPECT_EQ(steps("anchor (0, 0) = weight [1, 1]"), Steps{"anchor (0, 0)"});
    EXPECT_EQ(steps("9 weights, reach 5, anchor (1, 1)"), (Steps{"9 weights, reach 5", "9 weights"}));
    EXPECT_EQ(steps("2×2, turned 180°"), (Steps{"2×2, turned", "2×2"}));
    EXPECT_EQ(steps("5×5, padding 1, 2"), Steps{"5×5"}) << "the two numbers are one thing";
    EXPECT_EQ(steps("input [n 0, c 1]"), Steps{});
    EXPECT_EQ(steps("never read: 1 row, 2 columns"), Steps{});
}

TEST(Layout, CellsAreAsLargeWithALongNoteAsWithAShortOne) {
    for (const float width : {200.0F, 260.0F, 300.0F, 420.0F, 640.0F, 1000.0F}) {
        const float wanted = placed(planes("3×3", "anchor"), width).pitch;
        const Layout layout = placed(planes("3×3", "9 weights, reach 5, anchor (0, 0) = weight [1, 1]"), width);
        EXPECT_EQ(layout.pitch, wanted) << width;
        EXPECT_EQ(placed(planes("3×3, turned 180°", "anchor (0, 0) = weight [1, 1]"), width).pitch, wanted) << width;
    }
}

TEST(Layout, LabelsStandWithinTheirPlanesPlace) {
    for (const float width : {200.0F, 260.0F, 300.0F, 420.0F, 640.0F, 1000.0F}) {
        const Layout layout = placed(planes("3×3, turned 180°", "anchor (0, 0) = weight [1, 1]"), width);
        for (const PlacedPlane& plane : layout.planes) {
            EXPECT_LE(fonts().text_width(plane.detail, 14, Face::text), plane.box.w + 0.5F) << plane.detail;
            EXPECT_LE(fonts().text_width(plane.note, 14, Face::text), plane.box.w + 0.5F) << plane.note;
            EXPECT_GE(plane.box.x, 0);
            if (plane.name == "kernel" && plane.note.empty()) {
                EXPECT_GT(fonts().text_width("anchor (0, 0)", 14, Face::text),
                          std::max(fonts().text_width(plane.detail, 14, Face::text), 3 * layout.pitch))
                    << "left out though there is room";
            }
            EXPECT_LE(plane.box.right(), width + 1);
        }
    }
    EXPECT_EQ(placed(planes("3×3", "anchor (0, 0) = weight [1, 1]"), 1400).planes[1].note,
              "anchor (0, 0) = weight [1, 1]")
        << "where there is room nothing is left out";
}

TEST(Layout, WordsGiveWayWhereThereIsNoRoomForThem) {
    const std::vector<PlaneRequest> requests = planes("3×3, turned 180°", "anchor (1, 1)");
    SceneOptions options;
    options.width = options.height = 170;
    options.text_size = 24;
    const Layout layout = place_planes(requests, {0, 0, 170, 170}, options, fonts());
    EXPECT_GE(layout.pitch, 4);
    for (const PlacedPlane& plane : layout.planes) {
        EXPECT_EQ(plane.name + plane.detail + plane.note, "");
        EXPECT_GE(plane.box.x, 0);
        EXPECT_LE(plane.box.right(), 171);
    }
}

// Panes that differ only in how the kernel lies have cells of one size.
TEST(Layout, ComparedKernelsAreAsLargeTurnedOrNot) {
    Document document = *preset_document("conv2-xcorr2-conv2d");
    const Derived derived = derive_all(document);
    SceneOptions options;
    options.width = 640;
    options.height = 420;
    options.text_size = 14;
    const Scene scene = build_scene(derived, {1, 0}, dark_theme(), options, fonts());
    std::vector<float> pitches;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid != nullptr && grid->id.part == Part::input) pitches.push_back(grid->pitch);
    }
    ASSERT_EQ(pitches.size(), 3U);
    EXPECT_EQ(pitches[0], pitches[1]);
    EXPECT_EQ(pitches[1], pitches[2]);
}

}  // namespace
}  // namespace convlens
