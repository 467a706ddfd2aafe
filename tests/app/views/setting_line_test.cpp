// The line above the planes says what the layer is set to, for every preset and for random settings, and stands in every
// picture; what presets are called names no number that a change of a setting could make false.
#include "app/views/setting_line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <regex>

#include "app/document/compare.h"
#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"
#include "app/words/words.h"
#include "core/conv/names.h"
#include "core/conv/validate.h"
#include "tests/core/conv/evaluate.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

Derived derived_of(const RandomLayer& random) {
    Document document;
    Layer layer;
    layer.spec = random.spec;
    layer.input = TensorRef(Tensor<double>(random.input));
    layer.weight = TensorRef(Tensor<double>(random.weight));
    document.layers = {layer};
    document.panes = {Pane{}};
    document.panes[0].reading = random.spec.op == Op::conv_transpose ? Reading::stamp : Reading::slide;
    settle(document);
    return derive_all(document);
}

std::int64_t number_of(std::string text) {
    const bool negative = text.starts_with("\u2212");
    return negative ? -std::stoll(text.substr(3)) : std::stoll(text);
}

// "3×4" and "3, 4" are rows and columns, "3" is both.
Size2 pair_of(const std::string& text) {
    for (const std::string by : {"×", ", "})
        if (const std::size_t at = text.find(by); at != std::string::npos)
            return {number_of(text.substr(0, at)), number_of(text.substr(at + by.size()))};
    return {number_of(text), number_of(text)};
}

// What the line says, read back: "stride" and the rest of its part.
std::map<std::string, std::string> read_back(const DerivedLayer& layer) {
    std::map<std::string, std::string> said;
    for (const SettingPart& part : setting_parts(layer)) {
        const std::string text = english(part.words);
        const std::size_t arrow = text.find(" → ");
        if (arrow != std::string::npos) {
            said["from"] = text.substr(0, arrow);
            said["to"] = text.substr(arrow + std::string(" → ").size());
            continue;
        }
        std::size_t at = text.find_first_of("0123456789");
        if (const std::size_t minus = text.find("\u2212"); minus < at) at = minus;
        const std::string word = at == std::string::npos ? text : text.substr(0, at - 1);
        EXPECT_FALSE(said.contains(word)) << word << " is said twice";
        said[word] = at == std::string::npos ? "" : text.substr(at);
    }
    return said;
}

bool is_flat(const DerivedLayer& layer) {
    return layer.h.input == 1 && layer.h.output == 1 && layer.h.kernel == 1 && layer.pads.top == 0 &&
           layer.pads.bottom == 0;
}

void expect_said(const DerivedLayer& layer) {
    const ConvSpec& spec = layer.layer.spec;
    const bool flat = is_flat(layer);
    const auto seen = [flat](Size2 size) { return flat ? Size2{size.w, size.w} : size; };
    std::map<std::string, std::string> said = read_back(layer);
    const auto value = [&](const char* word, Size2 otherwise) {
        return said.contains(word) ? pair_of(said.at(word)) : seen(otherwise);
    };
    ASSERT_TRUE(said.contains("kernel") && said.contains("stride") && said.contains("from"));
    EXPECT_EQ(pair_of(said["kernel"]), seen(spec.kernel));
    EXPECT_EQ(pair_of(said["stride"]), seen(spec.stride));
    EXPECT_EQ(value("dilation", {1, 1}), seen(spec.dilation));
    EXPECT_EQ(value("output padding", {0, 0}), seen({layer.h.output_padding, layer.w.output_padding}));
    EXPECT_EQ(value("groups", {1, 1}), (is_pooling(spec.op) ? Size2{1, 1} : Size2{spec.groups, spec.groups}));
    EXPECT_EQ(pair_of(said["from"]), seen({layer.h.input, layer.w.input}));
    EXPECT_EQ(pair_of(said["to"]), seen({layer.h.output, layer.w.output}));
    EXPECT_EQ(said.contains("transposed"), spec.op == Op::conv_transpose);
    EXPECT_EQ(said.contains("max pool"), spec.op == Op::max_pool);
    EXPECT_EQ(said.contains("average pool"), spec.op == Op::avg_pool);
    EXPECT_EQ(said.contains("dilation"), (seen(spec.dilation) != Size2{1, 1}));
    const std::string padding = said["padding"];
    EXPECT_EQ(padding.empty(), layer.pads == Pads{} && spec.pad_rule == PadRule::explicit_) << padding;
    const bool filled =
        spec.op == Op::conv && std::max({layer.pads.top, layer.pads.bottom, layer.pads.left, layer.pads.right}) > 0;
    for (const PadMode mode :
         {PadMode::constant, PadMode::replicate, PadMode::reflect, PadMode::symmetric, PadMode::circular})
        EXPECT_EQ(padding.find(name(mode)) != std::string::npos, filled && spec.pad_mode == mode) << padding;
    const std::string rule = "(" + std::string(title(spec.pad_rule).text) + ")";
    EXPECT_EQ(padding.find(rule) != std::string::npos, spec.pad_rule != PadRule::explicit_) << padding;
    if (padding.empty() || flat) return;
    const std::string sides = padding.substr(0, padding.find_first_of("(abcdefghijklmnopqrstuvwxyz"));
    const auto axis = [](const std::string& text) {
        const std::size_t bar = text.find('|');
        if (bar == std::string::npos) return std::pair(number_of(text), number_of(text));
        return std::pair(number_of(text.substr(0, bar)), number_of(text.substr(bar + 1)));
    };
    const std::size_t comma = sides.find(", ");
    const bool two = comma != std::string::npos && comma + 2 < sides.size();
    EXPECT_EQ(axis(sides), std::pair(layer.pads.top, layer.pads.bottom)) << padding;
    EXPECT_EQ(axis(two ? sides.substr(comma + 2) : sides), std::pair(layer.pads.left, layer.pads.right)) << padding;
}

// "H_o = ⌊(5 + 2·1 − 3)/2⌋ + 1 = 3": both sides come to the output's size.
void expect_formulas_true(const DerivedLayer& layer) {
    const std::vector<Expr> formulas = size_formulas(layer);
    ASSERT_TRUE(formulas.size() == 1 || formulas.size() == 2);
    for (std::size_t i = 0; i < formulas.size(); ++i) {
        std::string text = to_text(formulas[i]);
        const std::int64_t output = formulas.size() == 2 && i == 0 ? layer.h.output : layer.w.output;
        if (formulas.size() == 2) text.erase(0, text.find(" = ") + 3);
        const std::size_t equals = text.find(" = ");
        ASSERT_NE(equals, std::string::npos);
        EXPECT_EQ(Evaluator(text.substr(0, equals)).value(), static_cast<double>(output)) << text;
        EXPECT_EQ(Evaluator(text.substr(equals + 3)).value(), static_cast<double>(output)) << text;
    }
    EXPECT_TRUE(formulas.size() == 2 || is_flat(layer) || layer.h.output == layer.w.output);
}

TEST(SettingLine, SaysWhatRandomLayersAreSetTo) {
    Random random(31);
    int told = 0;
    for (const Op op : {Op::conv, Op::conv_transpose, Op::max_pool, Op::avg_pool})
        for (int i = 0; i < 150 && !testing::Test::HasFailure(); ++i) {
            RandomLayer layer = random_layer(random, op == Op::conv_transpose ? op : Op::conv);
            if (is_pooling(op)) {
                layer.spec.op = op;
                layer.spec.groups = layer.spec.out_channels = 1;
                layer.spec.pad_mode = PadMode::zeros;
                layer.spec.flip_kernel = false;
                layer.spec.pads = {layer.spec.kernel.h / 2, 0, layer.spec.kernel.w / 2, 0};
                layer.spec.dilation = {1, 1};
                layer.spec.ceil_mode = random.coin();
            }
            if (op == Op::conv && i % 5 == 0) layer.spec.pad_rule = PadRule::full;
            if (op == Op::conv && i % 5 == 1) layer.spec.pad_rule = PadRule::valid;
            if (!validate({layer.spec, layer.input.shape(), std::nullopt, std::nullopt}).empty()) continue;
            ++told;
            const Derived derived = derived_of(layer);
            expect_said(*derived.layers[0]);
            expect_formulas_true(*derived.layers[0]);
            if (testing::Test::HasFailure()) ADD_FAILURE() << layer.describe();
        }
    EXPECT_GT(told, 400);
}

TEST(SettingLine, SaysWhatPresetsAreSetTo) {
    for (const PresetInfo& info : presets()) {
        if (!has_document(info)) continue;
        const Derived derived = derive_all(*preset_document(info.name));
        for (const auto& layer : derived.layers) {
            expect_said(*layer);
            expect_formulas_true(*layer);
        }
    }
}

// Sizes of figures, of the diagram in a window of 1280×720 with its panels, and of a presenter's.
struct View {
    float width, height, text, least;
};
constexpr std::array kViews{View{1920, 1080, 28, 9}, View{1280, 720, 15, 9}, View{960, 540, 15, 9},
                            View{640, 360, 15, 9},   View{690, 500, 15, 8},  View{1280, 660, 26, 22},
                            View{240, 300, 15, 9}};

TEST(SettingLine, StandsInEveryPictureWithTheFormulaAndOverNothing) {
    for (const PresetInfo& info : presets()) {
        if (!has_document(info)) continue;
        const Derived derived = derive_all(*preset_document(info.name));
        for (const View& view : kViews)
            for (const Lang lang : {Lang::english, Lang::chinese}) {
                SceneOptions options;
                options.page = {view.width, view.height, view.text, view.least, false, lang};
                const Scene scene = build_scene(derived, {1, 0}, light_theme(), options, fonts());
                const auto where = testing::Message() << info.name << " at " << view.width << "×" << view.height;
                for (int pane = 0; pane < std::ssize(derived.document.panes); ++pane) {
                    const auto of_pane = [&](const MarkId& id) { return id.part == Part::title && id.pane == pane; };
                    std::string line;
                    std::int64_t formulas = 0;
                    for (const Mark& mark : scene.marks) {
                        if (const auto* text = std::get_if<TextMark>(&mark);
                            text && of_pane(text->id) && text->id.y == -10)
                            line += text->text;
                        if (const auto* formula = std::get_if<FormulaMark>(&mark)) formulas += of_pane(formula->id);
                    }
                    const auto& layer = shown_layer(derived, derived.document.panes[static_cast<std::size_t>(pane)]);
                    for (const SettingPart& part : setting_parts(*layer))
                        EXPECT_NE(line.find(in(lang, part.words)), std::string::npos) << where << ": " << line;
                    EXPECT_TRUE(formulas >= 1 || view.width < 690) << where;
                }
                if (view.width < 640) continue;
                const std::vector<std::string> faults = text_faults(scene, fonts());
                EXPECT_TRUE(faults.empty()) << where << ": " << faults.front();
            }
    }
}

TEST(SettingLine, TakesTheNumberOfAPaneWhereNothingElseTellsThemApart) {
    Document document = first_document();
    document.panes[0].title.clear();
    ConvSpec spec = document.layers[0].spec;
    spec.stride = {2, 2};
    add_comparison(document, 0, spec);
    const auto titles = [&](int pane) {
        SceneOptions options;
        return text_of(build_scene(derive_all(document), {1, 0}, light_theme(), options, fonts()), Part::title, pane);
    };
    EXPECT_TRUE(titles(0).starts_with("1: kernel 2×2 · stride 1")) << titles(0);
    EXPECT_TRUE(titles(1).starts_with("2: kernel 2×2 · stride 2")) << titles(1);
    document.layers[1].spec.flip_kernel = true;
    EXPECT_TRUE(titles(0).starts_with("1: kernel as is")) << titles(0);
    EXPECT_TRUE(titles(1).starts_with("2: kernel flipped")) << titles(1);
}

// Digits that are part of a name (conv2, 1-D) or of a truth (rotating by 180°) stay true whatever is set.
TEST(SettingLine, PresetsAreCalledByNoNumber) {
    const std::regex names("conv2d|conv2|xcorr2|1-D|180°");
    const auto expect_none = [&](const std::string& title, const std::string& preset) {
        const std::string rest = std::regex_replace(title, names, "");
        EXPECT_TRUE(std::ranges::none_of(rest, [](unsigned char c) { return std::isdigit(c) != 0; }))
            << preset << ": " << title;
    };
    for (const PresetInfo& info : presets()) {
        if (!has_document(info)) continue;
        const Document document = *preset_document(info.name);
        expect_none(document.title, info.name);
        for (const Pane& pane : document.panes) expect_none(pane.title, info.name);
    }
}

}  // namespace
}  // namespace convlens
