// Whatever the sum below the planes prints, it adds up: "=" where the numbers as printed are equal, "≈" else, and what it
// comes to is the output that is drawn. Its form is the same for all panes and steps of a picture.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <regex>
#include <set>

#include "app/document/compare.h"
#include "app/document/presets.h"
#include "app/moment/part_sums.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"
#include "core/conv/names.h"
#include "core/text/number.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

double number_in(std::string text) {
    if (text.starts_with('(') && text.ends_with(')')) text = text.substr(1, text.size() - 2);
    std::size_t end = 0;
    double value = std::nan("");
    try {
        value = std::stod(text, &end);
    } catch (const std::exception&) {
        ADD_FAILURE() << "no number: " << text;
    }
    EXPECT_EQ(end, text.size()) << text;
    return value;
}

std::vector<std::string> split(const std::string& text, const std::string& by) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (std::size_t at = text.find(by); at != std::string::npos; from = at + by.size(), at = text.find(by, from))
        parts.push_back(text.substr(from, at - from));
    parts.push_back(text.substr(from));
    return parts;
}

// The sum of a pane as it is drawn: its lines in their order, joined, and how they are drawn.
struct Drawn {
    std::string channel;  // "Z₁=3·4=12" above the sum of several channels, without blanks
    std::string sum;      // "output[0,1]=2·(-3)+bias4=-2", without blanks
    std::set<float> sizes;
    float top = 1e9F;
};
Drawn drawn_sum(const Scene& scene, int pane) {
    std::map<std::int64_t, std::string> lines;
    Drawn drawn;
    for (const Mark& mark : scene.marks) {
        const auto* text = std::get_if<TextMark>(&mark);
        if (text == nullptr || text->id.part != Part::sum || text->id.pane != pane) continue;
        lines[text->id.y] += text->text;
        drawn.sizes.insert(text->size);
        drawn.top = std::min(drawn.top, text->at.y);
    }
    const std::regex head("^Z[₀₁₂₃₄₅₆₇₈₉]+ = "), begin("^(output\\[|Z[₀₁₂₃₄₅₆₇₈₉]+: )");
    bool above = !lines.empty() && std::regex_search(lines.begin()->second, head);
    for (const auto& [y, line] : lines) {
        above = above && !std::regex_search(line, begin);
        (above ? drawn.channel : drawn.sum) += replaced(replaced(line, "\u2212", "-"), " ", "");
    }
    return drawn;
}

struct Printed {
    double left = 0, size = 0, right = 0;
    bool says_equal = false;
};

// "output[0,1]=2·(-3)+bias4=-2", "Z₀:5+Z₁:-7≈-2", "max(1,2)=2", "(1+2+2zeros)/4=0.75", "row0:3+58more:4=7".
Printed evaluated(const std::string& line) {
    std::string text = std::regex_replace(line, std::regex("^output\\[[0-9,]*\\]="), "");
    text =
        std::regex_replace(text, std::regex("(Z[₀₁₂₃₄₅₆₇₈₉]+|row[0-9]+|column[0-9]+|[0-9]+more|[0-9]+products?):"), "");
    text = std::regex_replace(text, std::regex("[0-9]+zeros?"), "0");
    text = replaced(text, "bias", "");
    const std::size_t equal = text.rfind("="), about = text.rfind("≈");
    Printed printed;
    printed.says_equal = about == std::string::npos;
    if (equal == std::string::npos && printed.says_equal) {  // no stamp covers the cell: the result alone
        printed.left = printed.right = number_in(text);
        return printed;
    }
    const std::size_t sign = printed.says_equal ? equal : about;
    printed.right = number_in(text.substr(sign + (printed.says_equal ? 1 : 3)));
    std::string left = text.substr(0, sign);
    if (left.starts_with("max(")) {
        printed.left = -1e300;
        for (const std::string& value : split(left.substr(4, left.size() - 5), ","))
            printed.left = std::max(printed.left, number_in(value));
        return printed;
    }
    double divisor = 1;
    if (const std::size_t slash = left.find(")/"); slash != std::string::npos) {
        divisor = number_in(left.substr(slash + 2));
        left = left.substr(1, slash - 1);
    }
    for (const std::string& term : split(replaced(left, "e+", "e"), "+")) {
        double product = 1;
        for (const std::string& factor : split(term, "·")) product *= number_in(factor);
        printed.left += product;
        printed.size += std::abs(product);
    }
    printed.left /= divisor;
    return printed;
}

// Both lines say what is true of what they print. Returns what the sum comes to.
double expect_true(const Drawn& drawn) {
    double right = 0;
    for (const std::string& line : {drawn.channel, drawn.sum}) {
        if (line.empty()) continue;
        const std::string text = std::regex_replace(line, std::regex("^Z[₀₁₂₃₄₅₆₇₈₉]+="), "");
        const Printed printed = evaluated(text);
        const double largest = std::max(printed.size, std::abs(printed.right));
        const bool same = std::abs(printed.left - printed.right) <= 1e-9 * largest + 1e-300;
        EXPECT_EQ(printed.says_equal, same) << line;
        EXPECT_NEAR(printed.left, printed.right, 1e-4 * largest) << line;
        right = printed.right;
    }
    return right;
}

SceneOptions page(float width, float height) {
    SceneOptions options;
    options.page.width = width;
    options.page.height = height;
    return options;
}

class AnySum : public testing::TestWithParam<Op> {};

// Numbers of all lengths, in wide and in narrow pictures.
TEST_P(AnySum, EvaluatesToWhatItSays) {
    std::mt19937 random(GetParam() == Op::conv ? 7 : 11);
    const auto pick = [&random](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
    const auto value = [&]() -> double {
        switch (pick(0, 4)) {
            case 0: return pick(-9, 9);
            case 1: return pick(-99999, 99999);
            case 2: return pick(-999, 999) / 8.0;
            case 3: return 0;
            default: return pick(-999, 999) / 7.0 * std::pow(10.0, pick(-6, 3));
        }
    };
    for (int i = 0; i < 60 && !testing::Test::HasFailure(); ++i) {
        Layer layer;
        layer.spec.op = GetParam();
        const std::int64_t channels = pick(1, 2) * (pick(0, 5) == 0 ? 7 : 1);
        layer.spec.kernel = pick(0, 5) == 0 ? Size2{6, 6} : Size2{pick(1, 2), pick(1, 3)};
        layer.spec.out_channels = is_pooling(layer.spec.op) ? channels : 1;
        Tensor<double> input({1, channels, 7, 7});
        for (double& x : input.span()) x = value();
        Tensor<double> weight(weight_shape(layer.spec, channels));
        for (double& x : weight.span()) x = value();
        layer.input = TensorRef(std::move(input));
        layer.weight = TensorRef(std::move(weight));
        if (!is_pooling(layer.spec.op) && pick(0, 1) == 1)
            layer.bias = TensorRef(Tensor<double>({1, layer.spec.out_channels, 1, 1}, {value()}));
        Document document;
        document.layers = {layer};
        document.panes = {Pane{}};
        const Derived derived = derive_all(document);
        for (const float width : {4000.0F, 1280.0F, 640.0F, 320.0F}) {
            const Scene scene = build_scene(derived, {2, 0}, light_theme(), page(width, 720), fonts());
            const double right = expect_true(drawn_sum(scene, 0));
            EXPECT_EQ(right, shown_number(derived.layers[0]->output.at(0, 0, 0, 1))) << width;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(, AnySum, testing::Values(Op::conv, Op::max_pool, Op::avg_pool),
                         [](const auto& info) { return std::string(name(info.param)); });

// Terms, or parts of which kind.
std::string form_of(const Drawn& drawn) {
    std::string form = drawn.channel.empty() ? "" : "channel, ";
    if (drawn.sum.find("Z₀:") != std::string::npos) return form + "channels";
    return form + (drawn.sum.find("row") != std::string::npos ? "rows" : "terms");
}

void expect_sums_of(const Document& document, const std::string& what) {
    const Derived derived = derive_all(document);
    for (const auto& [width, height] : {std::pair{1280.0F, 720.0F}, {960.0F, 540.0F}, {640.0F, 360.0F}}) {
        std::map<int, std::set<std::string>> forms;
        std::map<int, std::set<float>> tops;
        const std::int64_t steps = step_count(derived);
        for (const std::int64_t step : std::set<std::int64_t>{1, 2, steps / 2, steps - 1, steps}) {
            const Scene scene = build_scene(derived, {step, 0}, light_theme(), page(width, height), fonts());
            const auto where = testing::Message() << what << " at " << width << "×" << height << ", step " << step;
            for (int pane = 0; pane < std::ssize(document.panes); ++pane) {
                const Moment m = moment_of(derived, pane, {step, 0}, {});
                if (!m.out) continue;
                const Drawn drawn = drawn_sum(scene, pane);
                ASSERT_FALSE(drawn.sum.empty()) << where;
                EXPECT_EQ(expect_true(drawn), shown_number(m.layer->output.at(m.out->n, m.out->c, m.out->y, m.out->x)))
                    << where << ": " << drawn.sum;
                EXPECT_EQ(drawn.sizes.size(), 1U) << where;
                forms[pane].insert(form_of(drawn));
                tops[pane].insert(drawn.top);
            }
            // The labels of four rows, three times beside one another, are more than so low a page holds.
            const bool rows = derived.layers[0]->input->shape().h == 1;
            if (rows && document.panes.size() == kMostPanes && height < 400) continue;
            const std::vector<std::string> faults = text_faults(scene, fonts());
            EXPECT_TRUE(faults.empty()) << where << ": " << faults.front();
        }
        for (const auto& [pane, seen] : forms)
            EXPECT_EQ(seen.size(), 1U) << what << ": " << testing::PrintToString(seen);
        for (const auto& [pane, seen] : tops)
            EXPECT_EQ(seen.size(), 1U) << what << ": " << testing::PrintToString(seen);
    }
}

TEST(SumLine, OfEveryPresetAddsUpInOneFormAndCoversNothing) {
    for (const PresetInfo& info : presets()) {
        if (!has_document(info)) continue;
        Document document = *preset_document(info.name);
        for (Pane& pane : document.panes)
            if (pane.reading == Reading::stamp) pane.reading = Reading::gather;
        for (int more = 0; more < 3; ++more) {
            expect_sums_of(document, info.name + " in " + std::to_string(document.panes.size()) + " panes");
            if (document.panes.size() == kMostPanes) break;
            add_comparison(document, 0, document.layers[static_cast<std::size_t>(document.panes[0].layer)].spec);
        }
    }
}

// The mission's experiment beside one another in a small animation: the products are written out in every pane.
TEST(SumLine, OfTheExperimentHasItsTermsInAllPanes) {
    const Derived derived = derive_all(*preset_document("conv2-xcorr2-conv2d"));
    for (std::int64_t step = 1; step <= step_count(derived); ++step) {
        const Scene scene = build_scene(derived, {step, 0}, light_theme(), page(960, 540), fonts());
        for (int pane = 0; pane < 3; ++pane) {
            const std::string sum = drawn_sum(scene, pane).sum;
            EXPECT_NE(sum.find("·"), std::string::npos) << step << ": " << sum;
        }
    }
}

Document with_channels(std::int64_t channels, Size2 kernel) {
    ConvSpec spec;
    spec.kernel = kernel;
    Document document;
    document.layers = {new_layer({spec, {1, channels, 8, 8}, {}, {}}, true)};
    document.panes = {Pane{}};
    return document;
}

TEST(SumLine, OfManyProductsTellsRows) {
    const Derived derived = derive_all(with_channels(1, {7, 7}));
    const Drawn drawn = drawn_sum(build_scene(derived, {1, 0}, light_theme(), page(1280, 720), fonts()), 0);
    for (int row = 0; row < 7; ++row)
        EXPECT_NE(drawn.sum.find("row" + std::to_string(row) + ":"), std::string::npos) << drawn.sum;
    EXPECT_EQ(expect_true(drawn), derived.layers[0]->output.at(0, 0, 0, 0));
}

// What each channel adds stands in a column, and of many in as many rows whichever is looked at; with the bias it adds up
// to the output.
TEST(SumLine, TheColumnOfChannelsAddsUp) {
    for (const std::int64_t channels : {2, 3, 8, 9, 64}) {
        Document document = with_channels(channels, {3, 3});
        for (const std::int64_t looked_at : {std::int64_t{0}, channels / 2, channels - 1}) {
            document.panes[0].slice.c_in = looked_at;
            const Derived derived = derive_all(document);
            const Scene scene = build_scene(derived, {2, 0}, light_theme(), page(1920, 1080), fonts());
            double sum = bias_of(derived.layers[0]->layer, 0);
            std::int64_t rows = 0;
            for (; const auto number = number_at(scene, Part::sum, 0, rows, 0); ++rows)
                sum += number_in(replaced(*number, "\u2212", "-"));
            EXPECT_EQ(rows, channels <= 8 ? channels : 6);
            EXPECT_EQ(sum, derived.layers[0]->output.at(0, 0, 0, 1)) << channels;
            const Drawn drawn = drawn_sum(scene, 0);
            EXPECT_EQ(expect_true(drawn), sum) << drawn.sum;
            EXPECT_EQ(drawn.sum.find("more:") != std::string::npos, channels > 8) << drawn.sum;
            EXPECT_TRUE(drawn.channel.starts_with("Z")) << drawn.channel;
        }
    }
}

TEST(SumLine, TellsAsManyPartsWhicheverIsLookedAt) {
    using Parts = std::vector<std::int64_t>;
    EXPECT_EQ(told_parts(3, 8, 1), (Parts{0, 1, 2}));
    EXPECT_EQ(told_parts(64, 8, 30), (Parts{0, 1, 2, 30, 63}));
    EXPECT_EQ(told_parts(64, 8, 1), (Parts{0, 1, 2, 3, 63}));
    EXPECT_EQ(told_parts(64, 8, 63), (Parts{0, 1, 2, 3, 63}));
    EXPECT_EQ(told_parts(6, 2, 4), (Parts{0, 5}));
    EXPECT_EQ(told_parts(6, 1, 4), (Parts{0}));
}

}  // namespace
}  // namespace convlens
