// Asked of the XML: every mark is there, every number of a figure can be found again, nothing is cut.
#include "app/render/cairo/svg_paper.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/document/base64.h"
#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/render/type/latex_text.h"
#include "app/views/build.h"
#include "tests/app/render/pixels.h"
#include "tests/app/render/xml.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

// Each layer preset in the middle of a step and at its end, in both themes.
std::vector<Scene> every_scene() {
    std::vector<Scene> scenes;
    for (const PresetInfo& preset : presets()) {
        if (!has_document(preset)) continue;
        const Derived derived = derive_all(*preset_document(preset.name));
        SceneOptions options;
        scenes.push_back(build_scene(derived, {0, 0.5F}, dark_theme(), options, fonts()));
        scenes.push_back(build_scene(derived, {step_count(derived), 0}, light_theme(), options, fonts()));
    }
    return scenes;
}

std::string svg(const Scene& scene, TextAs text = TextAs::paths) { return *svg_of(scene, text); }

Scene scene_of(Mark mark, float width = 100, float height = 80) {
    Scene scene = blank_scene(width, height);
    scene.marks.push_back(std::move(mark));
    return scene;
}

// Text that is to be read in a scene, and how often.
std::map<std::string, int> texts_of(const Scene& scene) {
    std::map<std::string, int> texts;
    for (const Mark& mark : scene.marks) {
        if (const auto* text = std::get_if<TextMark>(&mark); text != nullptr && !text->text.empty())
            ++texts[text->text];
        if (const auto* formula = std::get_if<FormulaMark>(&mark)) ++texts[latex_text(formula->latex)];
        if (const auto* grid = std::get_if<GridMark>(&mark); grid != nullptr && grid->text_size > 0) {
            for (const GridText& number : grid->texts) ++texts[number.text];
            for (const GridText& note : grid->notes) ++texts[note.text];
        }
    }
    return texts;
}

TEST(Svg, EveryNumberAndWordOfAFigureIsFoundAgainAsText) {
    int numbers = 0;
    for (const Scene& scene : every_scene()) {
        std::map<std::string, int> found;
        for (const XmlElement& text : elements(svg(scene, TextAs::selectable), "text")) ++found[text.text];
        EXPECT_EQ(found, texts_of(scene));
        for (const auto& [text, times] : found)
            numbers += text.find_first_of("0123456789") != std::string::npos ? times : 0;
    }
    EXPECT_GT(numbers, 2000);
}

TEST(Svg, NumbersStandInTheirCells) {
    for (const Scene& scene : every_scene()) {
        const auto found = elements(svg(scene, TextAs::selectable), "text");
        for (const Mark& mark : scene.marks) {
            const auto* grid = std::get_if<GridMark>(&mark);
            if (grid == nullptr || grid->turn != 0) continue;
            for (const GridText& number : grid->texts) {
                const Rect cell = grid->cell(number.row, number.col);
                EXPECT_TRUE(std::ranges::any_of(
                    found,
                    [&](const XmlElement& text) {
                        const Point at{static_cast<float>(text.number("x")), static_cast<float>(text.number("y"))};
                        return text.text == number.text && std::abs(at.x - cell.x - cell.w / 2 - number.shift.x) < 1 &&
                               at.y > cell.y && at.y < cell.bottom();
                    }))
                    << number.text << " at " << number.row << ", " << number.col;
            }
        }
    }
}

TEST(Svg, NoTextIsCut) {
    for (const Scene& scene : every_scene()) {
        for (const XmlElement& text : elements(svg(scene, TextAs::selectable), "text")) {
            const double length = text.number("textLength");
            const double part = text["text-anchor"] == "middle" ? 0.5 : text["text-anchor"] == "end" ? 1 : 0;
            const double left = text.number("x") - part * length;
            EXPECT_GE(left, -0.01) << text.text;
            EXPECT_LE(left + length, scene.width + 0.01) << text.text;
            EXPECT_GE(text.number("y") - text.number("font-size"), 0) << text.text;
            EXPECT_LE(text.number("y"), scene.height) << text.text;
        }
    }
}

TEST(Svg, TheSameFigureIsTheSameFile) {
    const std::vector<Scene> scenes = every_scene();
    for (const TextAs text : {TextAs::paths, TextAs::selectable}) {
        std::string first = svg(scenes.front(), text);
        for (const Scene& scene : scenes) EXPECT_EQ(svg(scene, text), svg(scene, text));
        std::jthread([&] { EXPECT_EQ(svg(scenes.front(), text), first); }).join();
    }
}

TEST(Svg, PathsAreWithoutTextAndEveryNameIsDefinedOnce) {
    for (const Scene& scene : every_scene()) {
        std::set<std::string> ids;
        std::set<std::string> used;
        for (const XmlElement& each : XmlReader::read(svg(scene))) {
            EXPECT_NE(each.name, "text");
            if (const std::string id = each["id"]; !id.empty()) {
                EXPECT_TRUE(ids.insert(id).second) << id;
            }
            if (const std::string use = each["xlink:href"]; !use.empty()) used.insert(use.substr(1));
            if (const std::string clip = each["clip-path"]; !clip.empty()) used.insert(clip.substr(5, clip.size() - 6));
        }
        EXPECT_EQ(ids, used);
        EXPECT_GT(ids.size(), 10U);
    }
}

TEST(Svg, SizeAndGround) {
    Scene scene = blank_scene(120, 45.5F);
    scene.background = rgb(0x123456);
    const auto all = XmlReader::read(svg(scene));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0]["viewBox"], "0 0 120 45.5");
    EXPECT_EQ(all[0]["width"], "120");
    EXPECT_EQ(all[1]["fill"], "#123456");
    scene.background.a = 0;
    EXPECT_EQ(XmlReader::read(svg(scene)).size(), 1U);
}

TEST(Svg, RectanglesKeepTheirColoursAndDashes) {
    RectMark mark;
    mark.rect = {10, 20, 30, 40};
    mark.fill = {0x11, 0x22, 0x33, 128};
    mark.stroke = rgb(0xABCDEF);
    mark.stroke_width = 2;
    const auto plain = elements(svg(scene_of(mark)), "rect");
    ASSERT_EQ(plain.size(), 3U);  // behind the ground
    EXPECT_EQ(plain[1]["x"] + " " + plain[1]["y"] + " " + plain[1]["width"] + " " + plain[1]["height"], "10 20 30 40");
    EXPECT_EQ(plain[1]["fill"], "#112233");
    EXPECT_EQ(plain[1]["fill-opacity"], "0.502");
    EXPECT_EQ(plain[1]["shape-rendering"], "crispEdges");
    EXPECT_EQ(plain[2]["stroke"], "#abcdef");
    EXPECT_EQ(plain[2]["stroke-width"], "2");
    EXPECT_EQ(plain[2]["fill"], "none");
    mark.dash = 3;
    const auto dashed = elements(svg(scene_of(mark)), "path");
    ASSERT_EQ(dashed.size(), 4U);  // a side each
    EXPECT_FALSE(dashed[0]["stroke-dasharray"].empty());
}

TEST(Svg, HatchingIsClippedToItsRectangle) {
    RectMark mark;
    mark.rect = {10, 20, 30, 40};
    mark.stroke = kRed;
    mark.hatched = true;
    const std::string file = svg(scene_of(mark));
    const auto clips = elements(file, "clipPath");
    ASSERT_EQ(clips.size(), 1U);
    const auto groups = elements(file, "g");
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0]["clip-path"], "url(#" + clips[0]["id"] + ")");
}

TEST(Svg, TextKeepsItsEndAndItsLength) {
    TextMark mark;
    mark.text = "1 < 2 & 3 > \x01\xFF";
    mark.at = {90, 10};
    mark.size = 20;
    mark.align = Align::right;
    mark.face = Face::bold;
    const auto found = elements(svg(scene_of(mark), TextAs::selectable), "text");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].text, "1 < 2 & 3 > \uFFFD\uFFFD");
    EXPECT_EQ(found[0]["text-anchor"], "end");
    EXPECT_EQ(found[0]["font-weight"], "600");
    EXPECT_NEAR(found[0].number("x"), 90, 0.01);
    EXPECT_NEAR(found[0].number("textLength"), fonts().text_width(mark.text, 20, Face::bold), 0.01);
}

TEST(Svg, NumbersTurnWithTheirSheet) {
    GridMark mark;
    mark.origin = {20, 20};
    mark.pitch = 20;
    mark.rows = mark.cols = 2;
    mark.texts = {{0, 1, "7", kBlack}};
    mark.text_size = 12;
    mark.turn = 90;
    const auto found = elements(svg(scene_of(mark), TextAs::selectable), "text");
    ASSERT_EQ(found.size(), 1U);
    double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0;
    ASSERT_EQ(std::sscanf(found[0]["transform"].c_str(), "matrix(%lf %lf %lf %lf %lf %lf)", &a, &b, &c, &d, &e, &f), 6);
    const double x = found[0].number("x"), y = found[0].number("y");
    EXPECT_NEAR(b, 1, 1e-6);
    EXPECT_NEAR(c, -1, 1e-6);
    EXPECT_NEAR(a * x + c * y + e, 46, 3);  // of the cell at the right bottom, where the right top one has gone
    EXPECT_NEAR(b * x + d * y + f, 50, 3);
    // The outlines are where the text is.
    const auto groups = elements(svg(scene_of(mark)), "g");
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_TRUE(groups[0]["transform"].starts_with("matrix(")) << groups[0]["transform"];
}

TEST(Svg, PhotosAreInTheFile) {
    Image image(3, 2, 3, Depth::u8);
    for (std::int64_t y = 0; y < 2; ++y)
        for (std::size_t i = 0; i < 9; ++i) image.row<std::uint8_t>(y)[i] = static_cast<std::uint8_t>(20 * i + 9 * y);
    ImageMark mark;
    mark.image = std::make_shared<const Image>(std::move(image));
    mark.source = {0, 0, 3, 2};
    mark.target = {10, 20, 60, 40};
    for (const bool nearest : {false, true}) {
        mark.nearest = nearest;
        const auto found = elements(svg(scene_of(mark)), "image");
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0]["transform"], "matrix(20 0 0 20 10 20)");
        EXPECT_EQ(found[0]["style"], nearest ? "image-rendering:pixelated" : "");
        EXPECT_EQ(found[0]["width"] + "×" + found[0]["height"], "3×2");
        const std::string data = found[0]["xlink:href"];
        constexpr std::string_view kBegin = "data:image/png;base64,";
        ASSERT_TRUE(data.starts_with(kBegin));
        const auto bytes = from_base64(std::string_view(data).substr(kBegin.size()));
        ASSERT_TRUE(bytes);
        EXPECT_EQ(static_cast<int>((*bytes)[1]), 'P');
    }
}

TEST(Svg, WhatIsStoppedGivesNothing) {
    std::stop_source stopped;
    stopped.request_stop();
    EXPECT_FALSE(svg_of(every_scene().front(), TextAs::paths, Progress{.stopped = stopped.get_token()}));
}

}  // namespace
}  // namespace convlens
