// Cells come first: labels make room for them, not they for labels.
#include "app/views/layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/document/compare.h"
#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

std::vector<PlaneRequest> planes(const std::string& detail, const std::string& note) {
    return {{Part::input, 7, 7, "input", "5×5, padding 1", {}, "∗", {}},
            {Part::kernel, 3, 3, "kernel", detail, note, "→", {}},
            {Part::products, 3, 3, "products", "input × weight", {}, "Σ", {}},
            {Part::output, 5, 5, "output", "5×5", {}, {}, {}}};
}

Layout placed(const std::vector<PlaneRequest>& requests, float width) {
    Page page;
    page.width = width;
    page.height = 400;
    page.text_size = 14;
    return place_planes(requests, {{0, 0, width, 400}, page}, fonts());
}

TEST(Layout, ALabelIsShortenedByWhatTellsLeast) {
    const auto steps = [](std::string label) {
        std::vector<std::string> all;
        while (shorten_label(label)) all.push_back(label);
        return all;
    };
    using Steps = std::vector<std::string>;
    EXPECT_EQ(steps("anchor (0, 0) = weight [1, 1]"), Steps{"anchor (0, 0)"});
    EXPECT_EQ(steps("9 weights, spanning 5×5, anchor (1, 1)"), (Steps{"9 weights, spanning 5×5", "9 weights"}));
    EXPECT_EQ(steps("2×2, rotated 180°"), (Steps{"2×2, rotated", "2×2"}));
    EXPECT_EQ(steps("5×5, padding 1, 2"), Steps{"5×5"}) << "the two numbers are one thing";
    EXPECT_EQ(steps("input [n 0, c 1]"), Steps{});
    EXPECT_EQ(steps("never read: 1 row, 2 columns"), Steps{"never read"});
    EXPECT_EQ(steps("9 个权重，覆盖 5×5，锚点 (1, 1)"), (Steps{"9 个权重，覆盖 5×5", "9 个权重"}));
    EXPECT_EQ(steps("从未读取：1 行，2 列"), Steps{"从未读取"});
}

TEST(Layout, CellsAreAsLargeWithALongNoteAsWithAShortOne) {
    for (const float width : {200.0F, 260.0F, 300.0F, 420.0F, 640.0F, 1000.0F}) {
        const float wanted = placed(planes("3×3", "anchor"), width).pitch;
        const Layout layout = placed(planes("3×3", "9 weights, spanning 5×5, anchor (0, 0) = weight [1, 1]"), width);
        EXPECT_EQ(layout.pitch, wanted) << width;
        EXPECT_EQ(placed(planes("3×3, rotated 180°", "anchor (0, 0) = weight [1, 1]"), width).pitch, wanted) << width;
    }
}

TEST(Layout, LabelsStandWithinTheirPlanesPlace) {
    for (const float width : {200.0F, 260.0F, 300.0F, 420.0F, 640.0F, 1000.0F}) {
        const Layout layout = placed(planes("3×3, rotated 180°", "anchor (0, 0) = weight [1, 1]"), width);
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
    const std::vector<PlaneRequest> requests = planes("3×3, rotated 180°", "anchor (1, 1)");
    Page page;
    page.width = page.height = 170;
    page.text_size = 24;
    const Layout layout = place_planes(requests, {{0, 0, 170, 170}, page}, fonts());
    EXPECT_GE(layout.pitch, 4);
    for (const PlacedPlane& plane : layout.planes) {
        EXPECT_EQ(plane.name + plane.detail + plane.note, "");
        EXPECT_GE(plane.box.x, 0);
        EXPECT_LE(plane.box.right(), 171);
    }
}

// Name and detail share a line where there is room for both, and where that makes cells larger.
TEST(Layout, LabelsStandOnOneLineWhereThatCostsNothing) {
    const auto at = [](float width, float height, const std::string& detail) {
        Page page;
        page.width = width;
        page.height = height;
        page.text_size = 14;
        return place_planes(planes(detail, ""), {{0, 0, width, height}, page}, fonts());
    };
    EXPECT_TRUE(at(1400, 600, "3×3").one_line);
    Page narrow;
    narrow.width = 100;
    narrow.height = 600;
    narrow.text_size = 14;
    const std::vector<PlaneRequest> two{planes("", "").front(), planes("", "").back()};
    EXPECT_FALSE(place_planes(two, {{0, 0, 100, 600}, narrow}, fonts()).one_line) << "neither word would be whole";
    const Layout low = at(900, 110, "3×3, rotated 180°");
    EXPECT_TRUE(low.one_line) << "of a low area a line is a good part";
    EXPECT_EQ(low.planes[0].name, "input");
}

// Panes that differ only in how the kernel lies have cells of one size.
TEST(Layout, ComparedKernelsAreAsLargeTurnedOrNot) {
    Document document = *preset_document("conv2-xcorr2-conv2d");
    const Derived derived = derive_all(document);
    SceneOptions options;
    options.page.width = 640;
    options.page.height = 420;
    options.page.text_size = 14;
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

// Planes of random sizes with random words, in an area that begins somewhere.
struct Placed {
    std::vector<PlaneRequest> requests;
    Rect area;
    Page page;
    Camera camera;
    Layout layout;
    Scene scene;  // the labels

    void place() {
        layout = place_planes(requests, {area, page, camera}, fonts());
        scene = {};
        scene.width = page.width;
        scene.height = page.height;
        add_labels(scene, 1, requests, layout, light_theme(), page, fonts());
    }
    Rect cells(std::size_t i) const {
        return layout.planes[i].cells(0, 0, static_cast<double>(requests[i].rows),
                                      static_cast<double>(requests[i].cols));
    }
};

std::vector<PlaneRequest> any_planes(Random& random, bool rows) {
    constexpr std::array kNames{"input [n 0, c 1]", "kernel", "products", "output [c 2]"};
    constexpr std::array kDetails{"5×7, padding 1|2, 3|4", "3×3, rotated 180°", "input × weight", ""};
    constexpr std::array kNotes{"9 weights, spanning 5×5, anchor (0, 2) = weight [1, 0]", "never read: 1 row", "", ""};
    std::vector<PlaneRequest> planes(static_cast<std::size_t>(random.from(3, 4)));
    for (std::size_t i = 0; i < planes.size(); ++i) {
        PlaneRequest& plane = planes[i];
        plane.rows = rows ? 1 : random.from(2, 12);
        plane.cols = random.from(rows ? 2 : 1, 12);
        plane.name = kNames[i];
        plane.detail = kDetails[static_cast<std::size_t>(random.from(0, 3))];
        plane.note = kNotes[static_cast<std::size_t>(random.from(0, 3))];
        if (i + 1 < planes.size()) plane.then = "∗";
        if (rows && random.from(0, 3) > 0) plane.column = static_cast<double>(random.from(0, 9));
    }
    return planes;
}

bool meet(const Rect& a, const Rect& b) {
    return a.x + 1 < b.right() && b.x + 1 < a.right() && a.y + 1 < b.bottom() && b.y + 1 < a.bottom();
}

void expect_within(const Rect& inner, const Rect& outer) {
    EXPECT_GE(inner.x, outer.x - 1);
    EXPECT_GE(inner.y, outer.y - 1);
    EXPECT_LE(inner.right(), outer.right() + 1);
    EXPECT_LE(inner.bottom(), outer.bottom() + 1);
}

// The marks of a plane's words, each with its width.
std::vector<std::pair<const TextMark*, Rect>> words_of(const Placed& p, std::size_t i) {
    std::vector<std::pair<const TextMark*, Rect>> words;
    for (const Mark& mark : p.scene.marks) {
        const auto* text = std::get_if<TextMark>(&mark);
        const bool operator_mark = text->text == "∗";
        if (text->id.x != static_cast<std::int64_t>(i) || operator_mark) continue;
        const float w = fonts().text_width(text->text, text->size, text->face);
        words.push_back({text, {text->at.x - (text->align == Align::centre ? w / 2 : 0), text->at.y, w, text->size}});
    }
    return words;
}

// Nothing meets, all lies in the area and in its middle, words stand above and below their own cells.
void expect_order(const Placed& p) {
    Rect all{p.layout.planes[0].box};
    for (std::size_t i = 0; i < p.layout.planes.size(); ++i) {
        const PlacedPlane& plane = p.layout.planes[i];
        const Rect cells = p.cells(i);
        expect_within(cells, p.area);
        expect_within(plane.box, p.area);
        for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(meet(plane.box, p.layout.planes[j].box)) << i << ", " << j;
        const float right = std::max(all.right(), plane.box.right()),
                    bottom = std::max(all.bottom(), plane.box.bottom());
        all.x = std::min(all.x, plane.box.x);
        all.y = std::min(all.y, plane.box.y);
        all.w = right - all.x;
        all.h = bottom - all.y;
        for (const auto& [text, box] : words_of(p, i)) {
            expect_within(box, {plane.box.x, plane.box.y, plane.box.w, plane.box.h});
            EXPECT_FALSE(meet(box, cells)) << text->text;
            const bool below = p.layout.rows == 0 && text->text == plane.note;
            EXPECT_TRUE(below ? box.y >= cells.bottom() : box.bottom() <= cells.y) << text->text;
        }
    }
    EXPECT_NEAR(all.x + all.w / 2, p.area.x + p.area.w / 2, 2);
    EXPECT_NEAR(all.y + all.h / 2, p.area.y + p.area.h / 2, 2);
    EXPECT_EQ(text_faults(p.scene, fonts()), std::vector<std::string>{});
}

// Cells, words and operators go with the camera.
void expect_to_follow(Placed p) {
    const Layout before = p.layout;
    p.camera.pan = {31, 17};
    p.place();
    for (std::size_t i = 0; i < before.planes.size(); ++i) {
        EXPECT_NEAR(p.layout.planes[i].origin.x, before.planes[i].origin.x + 31, 1);
        EXPECT_NEAR(p.layout.planes[i].origin.y, before.planes[i].origin.y + 17, 1);
        EXPECT_NEAR(p.layout.planes[i].box.y, before.planes[i].box.y + 17, 1);
    }
    ASSERT_EQ(p.layout.operators.size(), before.operators.size());
    for (std::size_t i = 0; i < before.operators.size(); ++i) {
        EXPECT_NEAR(p.layout.operators[i].centre.x, before.operators[i].centre.x + 31, 1);
        EXPECT_NEAR(p.layout.operators[i].centre.y, before.operators[i].centre.y + 17, 1);
    }
}

Placed any_placed(Random& random, bool rows) {
    Placed p;
    p.requests = any_planes(random, rows);
    p.area = {static_cast<float>(random.from(0, 90)), static_cast<float>(random.from(100, 200)),
              static_cast<float>(random.from(700, 1500)), static_cast<float>(random.from(500, 900))};
    p.page.width = p.area.right() + 20;
    p.page.height = p.area.bottom() + 40;
    p.place();
    return p;
}

TEST(EveryLayout, HasItsPlanesBesideOneAnotherInTheMiddle) {
    Random random(71);
    for (int i = 0; i < 300 && !HasFailure(); ++i) {
        const Placed p = any_placed(random, false);
        EXPECT_GE(p.layout.pitch, 4);
        expect_order(p);
        for (const PlacedOperator& op : p.layout.operators)
            for (std::size_t j = 0; j < p.layout.planes.size(); ++j)
                EXPECT_FALSE(p.cells(j).contains(op.centre)) << "between the planes";
        for (std::size_t j = 0; j < p.layout.planes.size(); ++j) {
            const PlacedPlane& plane = p.layout.planes[j];
            EXPECT_NEAR(p.cells(j).x + p.cells(j).w / 2, plane.box.x + plane.box.w / 2, 1);
            // Each line of words has its middle there; name and detail may share one.
            std::map<float, std::pair<float, float>> lines;  // where it begins and ends, by its height
            for (const auto& [text, box] : words_of(p, j)) {
                auto& [left, right] = lines.try_emplace(box.y, box.x, box.right()).first->second;
                left = std::min(left, box.x);
                right = std::max(right, box.right());
            }
            for (const auto& [y, line] : lines)
                EXPECT_NEAR((line.first + line.second) / 2, plane.box.x + plane.box.w / 2, 0.6) << y;
        }
        expect_to_follow(p);
        if (HasFailure()) ADD_FAILURE() << "layout " << i;
    }
}

TEST(EveryLayout, InRowsHasEachPlaneInItsColumn) {
    Random random(72);
    for (int i = 0; i < 300 && !HasFailure(); ++i) {
        const Placed p = any_placed(random, true);
        EXPECT_GT(p.layout.rows, 0);
        expect_order(p);
        std::optional<float> zero;  // where column 0 is
        for (std::size_t j = 0; j < p.requests.size(); ++j) {
            if (!p.requests[j].column) continue;
            const float here = p.cells(j).x - static_cast<float>(*p.requests[j].column) * p.layout.pitch;
            EXPECT_NEAR(here, zero.value_or(here), 1);
            zero = here;
        }
        for (std::size_t j = 0; j < p.requests.size(); ++j)
            if (j > 0) {
                EXPECT_GE(p.layout.planes[j].box.y, p.layout.planes[j - 1].box.bottom() + 5);
            }
        expect_to_follow(p);
        if (HasFailure()) ADD_FAILURE() << "layout " << i;
    }
}

}  // namespace
}  // namespace convlens
