// The table of views: each row is whole, and a pane that names none of them, or one that cannot show its layer, is drawn in
// planes with the reason.
#include "app/views/views.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

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

Document in_view(std::string_view preset, std::string_view view) {
    Document document = *preset_document(preset);
    for (Pane& pane : document.panes) pane.view = view;
    settle(document);
    return document;
}

Scene picture(const Derived& derived, std::int64_t step, float width = 1280, float height = 720,
              Lang lang = Lang::english) {
    SceneOptions options;
    options.page.width = width;
    options.page.height = height;
    options.page.lang = lang;
    return build_scene(derived, {step, 0}, light_theme(), options, fonts());
}

// All numbers in the cells of a part, in the order of drawing.
std::vector<std::string> numbers_in(const Scene& scene, Part part) {
    std::vector<std::string> numbers;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr || grid->id.part != part) continue;
        for (const GridText& cell : grid->texts) numbers.push_back(cell.text);
    }
    return numbers;
}

Message refuses_tall(const DerivedLayer& layer) {
    return layer.output.shape().h > 3 ? verbatim("More than three rows are too many for this view.") : Message();
}
int adds_nothing(Scene&, const PaneScene&) { return 0; }

TEST(Views, PlanesComeFirstAndShowEveryLayer) {
    ASSERT_FALSE(views().empty());
    EXPECT_EQ(views().front().name, kPlanesView);
    EXPECT_EQ(views().front().refusal, nullptr);
    EXPECT_EQ(find_view(kPlanesView), &views().front());
    EXPECT_EQ(Pane{}.view, kPlanesView);
}

TEST(Views, EachHasAWordATitleAndASentence) {
    std::set<std::string_view> names, titles;
    for (const ViewInfo& view : views()) {
        EXPECT_TRUE(names.insert(view.name).second) << view.name;
        EXPECT_TRUE(titles.insert(view.title.text).second) << view.title.text;
        EXPECT_EQ(view.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string_view::npos);
        EXPECT_TRUE(view.about.text.ends_with('.')) << view.name;
        EXPECT_NE(view.add, nullptr) << view.name;
    }
}

// Every row of the table with every preset: whatever the step, words stay legible and the cells can be pointed at.
TEST(Views, EachShowsEveryPresetThatItDoesNotRefuse) {
    for (const ViewInfo& view : views()) {
        for (const PresetInfo& preset : presets()) {
            if (preset.kind != "layer") continue;
            const Derived derived = derive_all(in_view(preset.name, view.name));
            const std::string reason = english(refusal(view, *derived.layers[0]));
            for (const std::int64_t step : {std::int64_t{0}, std::int64_t{2}, step_count(derived)}) {
                const Scene scene = picture(derived, step);
                EXPECT_EQ(text_faults(scene, fonts()), std::vector<std::string>{})
                    << view.name << ", " << preset.name << ", step " << step;
                EXPECT_EQ(text_faults(picture(derived, step, 1280, 720, Lang::chinese), fonts()),
                          std::vector<std::string>{})
                    << view.name << ", " << preset.name << ", step " << step;
                EXPECT_EQ(text_of(scene, Part::title, 0).find(reason) != std::string::npos, true) << reason;
                std::size_t cells = 0;
                for (const Mark& mark : scene.marks) {
                    const auto* grid = std::get_if<GridMark>(&mark);
                    if (grid == nullptr) continue;
                    ++cells;
                    EXPECT_GE(grid->origin.x, 0) << view.name << ", " << preset.name;
                    EXPECT_LE(grid->frame().right(), scene.width) << view.name << ", " << preset.name;
                }
                EXPECT_GT(cells, 0U) << view.name << ", " << preset.name;
            }
        }
    }
}

TEST(Views, APaneOfAnUnknownViewIsDrawnInPlanesAndSaysSo) {
    const Derived derived = derive_all(in_view("padding_strides", "sweep"));
    EXPECT_EQ(derived.document.panes[0].view, "sweep") << "the word stays";
    const Scene scene = picture(derived, 3), planes = picture(derive_all(in_view("padding_strides", "planes")), 3);
    const std::string told = text_of(scene, Part::title, 0);
    EXPECT_NE(told.find("no view \"sweep\""), std::string::npos) << told;
    for (const ViewInfo& view : views()) EXPECT_NE(told.find(view.name), std::string::npos) << told;
    EXPECT_EQ(text_of(planes, Part::title, 0).find("no view"), std::string::npos);
    for (const Part part : {Part::input, Part::kernel, Part::products, Part::output}) {
        EXPECT_FALSE(numbers_in(planes, part).empty());
        EXPECT_EQ(numbers_in(scene, part), numbers_in(planes, part));
        EXPECT_EQ(lit_cells(scene, part, 0), lit_cells(planes, part, 0));
    }
}

// The texts of a picture in a language, titles of the document's own left out.
std::string words_in(Lang lang, std::string_view preset, std::string_view view) {
    Document document = in_view(preset, view);
    for (Pane& pane : document.panes) pane.title.clear();
    SceneOptions options;
    options.page.width = 1280;
    options.page.height = 720;
    options.page.lang = lang;
    const Scene scene = build_scene(derive_all(document), {2, 0}, light_theme(), options, fonts());
    std::string words;
    for (const Mark& mark : scene.marks)
        if (const auto* text = std::get_if<TextMark>(&mark)) words += text->text + "\n";
    return words;
}

TEST(Views, APictureSpeaksTheLanguageOfItsPage) {
    const std::vector<const char*> words{"input",   "output", "kernel",  "product", "stamp",
                                         "padding", "read",   "written", "row",     "time"};
    for (const ViewInfo& view : views()) {
        for (const char* preset : {"padding_strides", "padding_strides_odd_transposed", "numerical_padding_strides"}) {
            const std::string chinese = words_in(Lang::chinese, preset, view.name);
            EXPECT_NE(chinese.find("输入"), std::string::npos) << chinese;
            for (const char* word : words) EXPECT_EQ(chinese.find(word), std::string::npos) << word << ": " << chinese;
            EXPECT_EQ(words_in(Lang::english, preset, view.name).find("输"), std::string::npos);
        }
    }
}

TEST(Views, TheNoteFitsItsPane) {
    const std::string odd = "a \x1b[31mword\n that nobody knows and that is as long as a sentence of its own, 卷积";
    for (const std::string_view preset : {"padding_strides", "conv2-xcorr2-conv2d", "no_padding_strides_transposed"})
        for (const auto& [width, height] : {std::pair{740.0F, 480.0F}, std::pair{1920.0F, 1080.0F}}) {
            const Derived derived = derive_all(in_view(preset, odd));
            for (const Lang lang : {Lang::english, Lang::chinese})
                EXPECT_EQ(text_faults(picture(derived, 1, width, height, lang), fonts()), std::vector<std::string>{})
                    << preset << ", " << width;
        }
}

TEST(Views, OneThatCannotShowALayerSaysWhyAndPlanesShowIt) {
    const ViewInfo table[] = {views().front(), {.name = "low", .refusal = refuses_tall, .add = adds_nothing}};
    Pane pane;
    pane.view = "low";
    const Derived tall = derive_all(*preset_document("arbitrary_padding_no_strides"));
    ASSERT_GT(tall.layers[0]->output.shape().h, 3);
    const SeenView seen = seen_view(pane, *tall.layers[0], table);
    EXPECT_EQ(seen.view, &table[0]);
    EXPECT_EQ(english(seen.note), "More than three rows are too many for this view. It is shown in planes.");
    const Derived low = derive_all(*preset_document("no_padding_no_strides"));
    ASSERT_LE(low.layers[0]->output.shape().h, 3);
    EXPECT_EQ(seen_view(pane, *low.layers[0], table).view, &table[1]);
    EXPECT_TRUE(seen_view(pane, *low.layers[0], table).note.empty());
    EXPECT_EQ(seen_view(Pane{}, *tall.layers[0], table).view, &table[0]);
}

}  // namespace
}  // namespace convlens
