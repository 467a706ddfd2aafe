// Every line that is printed about a size is true: it evaluates to what it says.
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include <fmt/format.h>

#include "core/conv/framework_formulas.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "tests/core/conv/evaluate.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

constexpr std::array kOps{Op::conv, Op::conv_transpose, Op::max_pool, Op::avg_pool};
constexpr std::array kRules{PadRule::explicit_, PadRule::valid,           PadRule::full,    PadRule::causal,
                            PadRule::tf_SAME,   PadRule::onnx_SAME_LOWER, PadRule::tf_VALID};

ConvSpec random_spec(Random& random) {
    ConvSpec spec;
    spec.op = kOps[static_cast<std::size_t>(random.from(0, 3))];
    spec.kernel = random.size(1, 5);
    spec.stride = random.size(1, 7);
    spec.dilation = random.size(1, 3);
    spec.pads = {random.from(-2, 4), random.from(-2, 4), random.from(0, 4), random.from(0, 4)};
    if (random.coin()) spec.pads.bottom = spec.pads.top;
    spec.pad_rule = kRules[static_cast<std::size_t>(random.from(0, 6))];
    spec.output_padding = {random.from(0, spec.stride.h - 1), random.from(0, spec.stride.w - 1)};
    spec.ceil_mode = random.coin();
    return spec;
}

// The symbols of a derivation's first line, each replaced by its number.
std::string with_numbers(std::string line, const AxisShape& a, Axis axis) {
    const std::string letter = axis == Axis::h ? "H_" : "W_";
    const auto put = [&](const std::string& subscript, std::int64_t value) {
        const std::string symbol = letter + subscript;
        for (std::size_t at = line.find(symbol); at != std::string::npos; at = line.find(symbol))
            line.replace(at, symbol.size(), value < 0 ? fmt::format("(−{})", -value) : fmt::format("{}", value));
    };
    put("op", a.output_padding);
    put(axis == Axis::h ? "pt" : "pl", a.pad_before);
    put(axis == Axis::h ? "pb" : "pr", a.pad_after);
    put("p", a.pad_before);
    put("i", a.input);
    put("k", a.kernel);
    put("s", a.stride);
    put("d", a.dilation);
    return line;
}

TEST(PrintedLines, OfADerivationAllHaveTheResultsValue) {
    Random random(21);
    int dropped = 0;
    for (int i = 0; i < 4000; ++i) {
        const ConvSpec spec = random_spec(random);
        const Size2 plane = random.size(1, 19);
        if (!validate({spec, {1, 1, plane.h, plane.w}, {}, {}}).empty()) continue;
        for (const Axis axis : {Axis::h, Axis::w}) {
            const AxisShape shape = solve_axis(spec, plane, axis);
            const Derivation d = derive(spec, plane, axis);
            const auto result = static_cast<double>(shape.output);
            EXPECT_EQ(evaluated(with_numbers(to_text(d.lines[0]), shape, axis)), result) << to_text(d.lines[0]);
            for (std::size_t line = 1; line < d.lines.size(); ++line)
                EXPECT_EQ(evaluated(to_text(d.lines[line])), result) << to_text(d.lines[line]);
            EXPECT_EQ(d.note.empty(), !shape.dropped_window);
            dropped += shape.dropped_window ? 1 : 0;
        }
    }
    EXPECT_GT(dropped, 20) << "or the case that was wrong once is not among them";
}

TEST(PrintedLines, OfOtherProgramsAllHaveTheLayersLength) {
    Random random(22);
    std::size_t lines = 0;
    for (int i = 0; i < 2000; ++i) {
        const ConvSpec spec = random_spec(random);
        const Size2 plane = random.size(1, 19);
        if (!validate({spec, {1, 1, plane.h, plane.w}, {}, {}}).empty()) continue;
        for (const Axis axis : {Axis::h, Axis::w}) {
            for (const FrameworkFormula& each : framework_formulas(spec, plane, axis)) {
                EXPECT_EQ(evaluated(each.numbers), static_cast<double>(solve_axis(spec, plane, axis).output))
                    << each.program << ": " << each.formula << " = " << each.numbers;
                ++lines;
            }
        }
    }
    EXPECT_GT(lines, 1000U);
}

TEST(PrintedLines, SayWhyAWindowIsDropped) {
    ConvSpec spec;
    spec.op = Op::max_pool;
    spec.kernel = spec.stride = {2, 2};
    spec.pads = Pads::all(1);
    spec.ceil_mode = true;
    const Derivation d = derive(spec, {5, 5}, Axis::h);
    EXPECT_EQ(to_text(d.lines[3]), "⌈2.5⌉ + 1 − 1");
    EXPECT_EQ(to_text(d.lines[4]), "3 + 1 − 1");
    EXPECT_EQ(to_text(d.lines[5]), "3");
    EXPECT_EQ(english(d.note), "The last − 1: window 4 would start in the padding at the bottom, so it is dropped.");
    EXPECT_EQ(english(derive(spec, {6, 5}, Axis::h).note), "");
}

TEST(Evaluate, KnowsAFalseLineFromATrueOne) {
    EXPECT_EQ(evaluated("⌊(28 + 2·1 − 1·(3 − 1) − 1)/2⌋ + 1"), 14);
    EXPECT_EQ(evaluated("⌈3.000…⌉ + max(2 − 5, 0)·(−4)"), 4);
    EXPECT_TRUE(std::isnan(evaluated("3 − 1, as the last window would start in the padding")));
}

}  // namespace
}  // namespace convlens
