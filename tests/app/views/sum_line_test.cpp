// Whatever the line of sums prints, it evaluates to what it says: "=" where the numbers as printed are equal, "≈" else.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <regex>

#include "app/document/document.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"
#include "core/conv/names.h"

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
    const double value = std::stod(text, &end);
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

struct Printed {
    double left = 0, size = 0, right = 0;
    bool says_equal = false;
};

// "output[0, 1] = 2·(-3) + bias 4 = -2", "… = 5 (c 0) + (-7) (c 1) ≈ -2", "… = max(1, 2) = 2", "… = (1 + 2) / 2 = 1.5".
Printed evaluated(const std::string& line) {
    std::string text = replaced(replaced(line, "\u2212", "-"), "bias ", "");
    text = std::regex_replace(text, std::regex(R"( \(c \d+\))"), "");
    const std::size_t first = text.find(" = "), equal = text.rfind(" = "), about = text.rfind(" ≈ ");
    Printed printed;
    printed.says_equal = about == std::string::npos;
    const std::size_t sign = printed.says_equal ? equal : about;
    printed.right = number_in(text.substr(sign + (printed.says_equal ? 3 : 5)));
    std::string left = text.substr(first + 3, sign - first - 3);
    if (left.starts_with("max(")) {
        printed.left = -1e300;
        for (const std::string& value : split(left.substr(4, left.size() - 5), ", "))
            printed.left = std::max(printed.left, number_in(value));
        return printed;
    }
    double divisor = 1;
    if (const std::size_t slash = left.find(") / "); slash != std::string::npos) {
        divisor = number_in(left.substr(slash + 4));
        left = left.substr(1, slash - 1);
    }
    for (const std::string& term : split(left, " + ")) {
        double product = 1;
        for (const std::string& factor : split(term, "·")) product *= number_in(factor);
        printed.left += product;
        printed.size += std::abs(product);
    }
    printed.left /= divisor;
    return printed;
}

class SumLine : public testing::TestWithParam<Op> {};

// Wide enough for all terms, and narrow, where products or channels are gathered.
TEST_P(SumLine, EvaluatesToWhatItSays) {
    std::mt19937 random(GetParam() == Op::conv ? 7 : 11);
    const auto pick = [&random](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
    const auto value = [&]() -> double {
        switch (pick(0, 3)) {
            case 0: return pick(-9, 9);
            case 1: return pick(-99999, 99999);
            case 2: return pick(-999, 999) / 8.0;
            default: return pick(-999, 999) / 7.0 * std::pow(10.0, pick(-6, 3));
        }
    };
    int equal = 0, about = 0;
    for (int i = 0; i < 60; ++i) {
        Layer layer;
        layer.spec.op = GetParam();
        const std::int64_t channels = pick(1, 2);
        layer.spec.kernel = {pick(1, 2), pick(1, 3)};
        layer.spec.out_channels = is_pooling(layer.spec.op) ? channels : 1;
        Tensor<double> input({1, channels, 3, 4});
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
        for (const float width : {4000.0F, 1280.0F, 640.0F}) {
            SceneOptions options;
            options.page.width = width;
            options.page.height = 720;
            const Scene scene = build_scene(derived, {2, 0}, light_theme(), options, fonts());
            const std::string line = text_of(scene, Part::sum, 0);
            if (line.find("output[") == std::string::npos || line.find(" of ") != std::string::npos) continue;
            if (split(replaced(line, " ≈ ", " = "), " = ").size() < 3) continue;  // the result alone
            const Printed printed = evaluated(line);
            const bool same = std::abs(printed.left - printed.right) <=
                              1e-9 * std::max(printed.size, std::abs(printed.right)) + 1e-300;
            EXPECT_EQ(printed.says_equal, same) << line;
            EXPECT_NEAR(printed.left, printed.right, 1e-4 * std::max(printed.size, std::abs(printed.right))) << line;
            ++(same ? equal : about);
        }
    }
    EXPECT_GT(equal, 10);
    EXPECT_GT(about, GetParam() == Op::max_pool ? -1 : 10);
}

INSTANTIATE_TEST_SUITE_P(, SumLine, testing::Values(Op::conv, Op::max_pool, Op::avg_pool),
                         [](const auto& info) { return std::string(name(info.param)); });

}  // namespace
}  // namespace convlens
