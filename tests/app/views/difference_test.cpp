// Two outputs side by side: the picture of their difference, and one highlight in both panes.
#include "app/views/difference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/document/compare.h"
#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "core/text/number.h"

namespace convlens {
namespace {

using Cells = std::vector<std::pair<std::int64_t, std::int64_t>>;

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

Document compared(ConvSpec (*change)(ConvSpec)) {
    Document document = first_document();
    add_comparison(document, 0, change(document.layers[0].spec));
    settle(document);
    return document;
}
Document with_replicated_border() {
    return compared([](ConvSpec spec) {
        spec.pad_mode = PadMode::replicate;
        return spec;
    });
}
Document with_less_padding() {
    return compared([](ConvSpec spec) {
        spec.pads = {1, 0, 1, 0};
        return spec;
    });
}

ComparedLayer side(const Derived& derived, std::size_t i) {
    const DerivedLayer& layer = *derived.layers[i];
    return {layer.layer.spec, layer.data(), layer.output.view()};
}

Scene difference(const Document& document, float width = 300) {
    const Derived derived = derive_all(document);
    Page page;
    page.width = width;
    page.height = 200;
    return build_difference(compare_outputs(side(derived, 0), side(derived, 1)), 0, 0, light_theme(), page, fonts());
}

std::string headline(const Document& document, bool whole = true) {
    const Derived derived = derive_all(document);
    const ComparedLayer a = side(derived, 0), b = side(derived, 1);
    const OutputDifference found = compare_outputs(a, b);
    const CellDifference cell = explain_cell(a, b, found.at.value_or(Cell4{}));
    return english(difference_headline(found, whole && found.at ? &cell : nullptr));
}

TEST(DifferencePicture, AHeadlineTellsHowManyDifferAndTheFirst) {
    EXPECT_EQ(headline(with_replicated_border()), "12 of 16 outputs differ, first at [0, 0]: 4 vs 10");
    EXPECT_EQ(headline(with_replicated_border(), false), "12 of 16 outputs differ");
    EXPECT_EQ(headline(compared([](ConvSpec spec) { return spec; })), "all 16 outputs equal");
    EXPECT_EQ(headline(with_less_padding()), "4×4 vs 3×3: all 9 shared outputs equal");
}

TEST(DifferencePicture, EqualCellsAreBlankAndOthersHaveTheirNumber) {
    const Scene scene = difference(with_replicated_border());
    Cells ring;
    for (std::int64_t y = 0; y < 4; ++y)
        for (std::int64_t x = 0; x < 4; ++x)
            if (y == 0 || x == 0 || y == 3 || x == 3) ring.emplace_back(y, x);
    EXPECT_EQ(lit_cells(scene, Part::difference, 0), ring) << "the border reaches the rim alone";
    EXPECT_FALSE(number_at(scene, Part::difference, 0, 1, 1));
    EXPECT_EQ(number_at(scene, Part::difference, 0, 0, 0), "−6");  // 4 against 1·(1 + 2 + 3 + 4)
}

TEST(DifferencePicture, CellsThatOnlyOneHasAreHatched) {
    // 4×4 outputs against 3×2: a row and two columns are the first side's alone.
    const Document document = compared([](ConvSpec spec) {
        spec.pads = {1, 0, 1, -1};
        return spec;
    });
    const Scene scene = difference(document);
    const GridMark* grid = nullptr;
    std::vector<RectMark> hatched;
    for (const Mark& mark : scene.marks) {
        if (const auto* plane = std::get_if<GridMark>(&mark)) grid = plane;
        if (const auto* rect = std::get_if<RectMark>(&mark); rect != nullptr && rect->hatched) hatched.push_back(*rect);
    }
    ASSERT_NE(grid, nullptr);
    std::vector<int> times(16, 0);  // that a cell's middle is hatched
    for (const RectMark& rect : hatched)
        for (int i = 0; i < 16; ++i) {
            const Rect cell = grid->cell(i / 4, i % 4);
            if (rect.rect.contains({cell.x + cell.w / 2, cell.y + cell.h / 2})) ++times[static_cast<std::size_t>(i)];
        }
    EXPECT_EQ(times, (std::vector<int>{0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1}));
    EXPECT_TRUE(lit_cells(scene, Part::difference, 0).empty());
}

TEST(DifferencePicture, WhereNumbersDoNotFitADotMarksTheCell) {
    const Scene scene = difference(with_replicated_border(), 4 * 8 + 4);
    Cells dots, ring;
    for (const Mark& mark : scene.marks)
        if (const auto* dot = std::get_if<DotMark>(&mark)) {
            const auto under = hit_test(scene, dot->centre);
            ASSERT_TRUE(under);
            dots.emplace_back(under->y, under->x);
        }
    for (std::int64_t y = 0; y < 4; ++y)
        for (std::int64_t x = 0; x < 4; ++x)
            if (y == 0 || x == 0 || y == 3 || x == 3) ring.emplace_back(y, x);
    EXPECT_EQ(dots, ring);
}

// Two outputs [2, 3, 4, 8] that differ where the border is.
Document with_many_planes() {
    Document document = first_document();
    LayerShape shape;
    shape.spec.kernel = {2, 3};
    shape.spec.pads = {1, 0, 2, 1};
    shape.spec.out_channels = 3;
    shape.input = {2, 2, 4, 7};
    document.layers[0] = new_layer(shape, true);
    ConvSpec other = shape.spec;
    other.pad_mode = PadMode::replicate;
    add_comparison(document, 0, other);
    settle(document);
    return document;
}

TEST(DifferencePicture, IsOfThePlaneThatIsAskedFor) {
    const Derived derived = derive_all(with_many_planes());
    const Tensor<double>&a = derived.layers[0]->output, &b = derived.layers[1]->output;
    ASSERT_EQ(a.shape(), (Shape4{2, 3, 4, 8}));
    const OutputDifference found = compare_outputs(side(derived, 0), side(derived, 1));
    for (const float width : {1000.0F, 100.0F}) {
        Page page;
        page.width = width;
        page.height = 400;
        for (std::int64_t n = 0; n < 2; ++n)
            for (std::int64_t c = 0; c < 3; ++c) {
                const Scene scene = build_difference(found, n, c, light_theme(), page, fonts());
                Cells differ, dots, numbers;
                for (std::int64_t y = 0; y < 4; ++y)
                    for (std::int64_t x = 0; x < 8; ++x) {
                        const double by = a.at(n, c, y, x) - b.at(n, c, y, x);
                        const auto number = number_at(scene, Part::difference, 0, y, x);
                        if (by != 0) differ.emplace_back(y, x);
                        if (number) numbers.emplace_back(y, x);
                        if (number) {
                            EXPECT_EQ(number, short_number(by));
                        }
                    }
                for (const Mark& mark : scene.marks)
                    if (const auto* dot = std::get_if<DotMark>(&mark)) {
                        const auto under = hit_test(scene, dot->centre);
                        ASSERT_TRUE(under);
                        dots.emplace_back(under->y, under->x);
                    }
                EXPECT_EQ(lit_cells(scene, Part::difference, 0), differ);
                EXPECT_EQ(width > 500 ? numbers : dots, differ) << "numbers where they fit, else dots";
                EXPECT_TRUE((width > 500 ? dots : numbers).empty());
            }
        EXPECT_TRUE(build_difference(found, 2, 0, light_theme(), page, fonts()).marks.empty());
        EXPECT_TRUE(build_difference(found, 0, 3, light_theme(), page, fonts()).marks.empty());
    }
}

TEST(DifferencePicture, AHeadlineNamesThePlaceAmongManyPlanes) {
    const Document document = with_many_planes();
    const Derived derived = derive_all(document);
    const Tensor<double>&a = derived.layers[0]->output, &b = derived.layers[1]->output;
    std::int64_t differing = 0;
    for (std::int64_t i = 0; i < a.size(); ++i)
        differing += a.span()[static_cast<std::size_t>(i)] != b.span()[static_cast<std::size_t>(i)] ? 1 : 0;
    EXPECT_TRUE(headline(document).starts_with(fmt::format("{} of 192 outputs differ, first at [0, 0, 0, ", differing)))
        << headline(document);
    Document fewer = document;
    LayerShape shape = layer_shape(fewer.layers[1]);
    shape.spec.out_channels = 2;
    fewer.layers[1] = reshaped(fewer.layers[1], shape);
    EXPECT_TRUE(headline(fewer).starts_with("[2, 3, 4, 8] vs [2, 2, 4, 8]: ")) << headline(fewer);

    Document one = first_document();
    ConvSpec spec;
    spec.kernel = {1, 3};
    spec.pads = {0, 0, 0, 1};
    one.layers[0] = new_layer({spec, {1, 1, 3, 6}, {}, {}}, false);
    one.layers[0].input = TensorRef(Tensor<double>({1, 1, 3, 6}, 2.0));
    one.layers[0].weight = TensorRef(Tensor<double>({1, 1, 1, 3}, std::vector<double>{1, 10, 100}));
    spec.pad_mode = PadMode::replicate;
    add_comparison(one, 0, spec);
    EXPECT_EQ(headline(one), "3 of 15 outputs differ, first at [0, 4]: 22 vs 222");
}

// A cell under the pointer in the first pane.
PaneCell pointed(TensorKind tensor, std::int64_t y, std::int64_t x) { return {0, {0, tensor, {0, 0, y, x}}}; }

TEST(LinkedPanes, EveryCellOfAWideOutputLightsInBothPanes) {
    const Derived derived = derive_all(with_many_planes());
    for (std::int64_t y = -1; y <= 4; ++y)
        for (std::int64_t x = -1; x <= 8; ++x) {
            const PaneCell hover = pointed(TensorKind::output, y, x);
            const bool there = y >= 0 && y < 4 && x >= 0 && x < 8;
            EXPECT_EQ(pointed_in_pane(derived, hover, 1).has_value(), there) << y << ", " << x;
            const auto out = moment_of(derived, 0, {0, 0}, hover).out;
            EXPECT_EQ(out, there ? std::optional(Cell4{0, 0, y, x}) : std::nullopt);
        }
    EXPECT_EQ(moment_of(derived, 0, {11, 0}, {}).out, (Cell4{0, 0, 1, 2}));
}

TEST(LinkedPanes, AnOutputCellLightsInBothPanes) {
    const Derived derived = derive_all(with_replicated_border());
    SceneOptions options;
    options.page.width = 1280;
    options.page.height = 720;
    options.hover = MarkId{Part::output, 1, 0, 0, 2, 1};
    const Scene scene = build_scene(derived, {1, 0}, light_theme(), options, fonts());
    for (int pane = 0; pane < 2; ++pane) {
        EXPECT_TRUE(lit_at(scene, Part::output, pane, 2, 1)) << pane;
        EXPECT_FALSE(lit_at(scene, Part::output, pane, 0, 0)) << pane;
        EXPECT_EQ(lit_cells(scene, Part::input, pane), (Cells{{1, 0}, {1, 1}, {2, 0}, {2, 1}})) << pane;
    }
    EXPECT_TRUE(text_of(scene, Part::title, 0).starts_with("1: kernel"));
    EXPECT_TRUE(text_of(scene, Part::title, 1).starts_with("2: kernel"));
    EXPECT_NE(text_of(scene, Part::title, 1).find("padding 1, replicate"), std::string::npos);
}

TEST(LinkedPanes, ACellThatTheOtherPaneDoesNotHaveLightsInOneAlone) {
    const Derived derived = derive_all(with_less_padding());
    EXPECT_FALSE(pointed_in_pane(derived, pointed(TensorKind::output, 3, 3), 1));
    EXPECT_TRUE(pointed_in_pane(derived, pointed(TensorKind::output, 2, 2), 1));
    EXPECT_FALSE(pointed_in_pane(derived, pointed(TensorKind::weight, 0, 0), 1));
}

TEST(LinkedPanes, AnInputCellLightsInBothWhereTheyReadTheSameInput) {
    Document document = with_replicated_border();
    EXPECT_TRUE(pointed_in_pane(derive_all(document), pointed(TensorKind::input, 1, 1), 1));
    EXPECT_FALSE(pointed_in_pane(derive_all(document), pointed(TensorKind::input, -1, 1), 1)) << "padding is its own";
    document.layers[1].input = generate({"zeros", 1, 0, 9}, {1, 1, 3, 3});
    EXPECT_FALSE(pointed_in_pane(derive_all(document), pointed(TensorKind::input, 1, 1), 1));
}

TEST(LinkedPanes, ALongTitleStaysInItsPane) {
    Document document = with_replicated_border();
    document.panes[0].title = "a title that somebody has written out at great length, and then some more of it";
    SceneOptions options;
    options.page.width = 640;
    options.page.height = 480;
    const Scene scene = build_scene(derive_all(document), {1, 0}, light_theme(), options, fonts());
    const std::string all = text_of(scene, Part::title, 0);
    EXPECT_NE(all.find("…"), std::string::npos);
    EXPECT_EQ(all.find("then some more of it"), std::string::npos);
    EXPECT_TRUE(text_faults(scene, fonts()).empty());
}

TEST(LinkedPanes, ALongTitleIsCutBehindAWholeCharacter) {
    Document document = with_replicated_border();
    document.panes[0].title.clear();
    for (int i = 0; i < 40; ++i) document.panes[0].title += "ü中";
    SceneOptions options;
    options.page.height = 480;
    for (options.page.width = 600; options.page.width < 640; ++options.page.width) {
        const Scene cut = build_scene(derive_all(document), {1, 0}, light_theme(), options, fonts());
        const std::string words = text_of(cut, Part::title, 0);
        ASSERT_TRUE(words.starts_with("1: ü中ü中ü")) << words;
        std::string title = words.substr(3, words.find("…") - 3);
        while (title.starts_with("ü中")) title.erase(0, std::string("ü中").size());
        EXPECT_TRUE(title.empty() || title == "ü") << "a part of a character is left: " << words;
    }
}

}  // namespace
}  // namespace convlens
