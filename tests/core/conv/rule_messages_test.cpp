// The words of messages belong to their axis and end. All numbers of a layer differ, so that no two can be exchanged.
#include "core/conv/rule_messages.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/conv/validate.h"

namespace convlens {
namespace {

// One axis in words; `start` and `end` are its pads, `length` its side.
struct Words {
    Axis axis;
    std::string name, thing, side, vertical, start, end;
    std::int64_t Size2::*length;
    std::int64_t Pads::*before;
    std::int64_t Pads::*after;
};
const Words kRows{Axis::h, "rows", "row", "height", "vertical", "top", "bottom", &Size2::h, &Pads::top, &Pads::bottom};
const Words kColumns{Axis::w, "columns", "column",  "width",     "horizontal",
                     "left",  "right",   &Size2::w, &Pads::left, &Pads::right};

void set_input(LayerShape& layer, const Words& axis, std::int64_t length) {
    (axis.axis == Axis::h ? layer.input.h : layer.input.w) = length;
}

// The only problem that there is, which is on this axis.
std::string told(const LayerShape& layer, const Words& axis) {
    const std::vector<Problem> problems = validate(layer);
    EXPECT_EQ(problems.size(), 1U);
    if (problems.empty()) return "nothing is wrong";
    EXPECT_EQ(problems.front().axis, axis.axis);
    return english(problems.front().message);
}

// A layer of a dialect with nothing wrong.
LayerShape layer_of(Op op, Dialect dialect = Dialect::convlens) {
    LayerShape layer;
    layer.spec.op = op;
    layer.spec.dialect = dialect;
    layer.input = {1, 1, 40, 50};
    return layer;
}

class Messages : public testing::TestWithParam<Words> {};

TEST_P(Messages, SayWhichEndHasWhichPadding) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv);
    set_input(layer, axis, 4);
    layer.spec.kernel.*axis.length = 11;
    layer.spec.pads.*axis.before = 1;
    layer.spec.pads.*axis.after = 3;
    EXPECT_EQ(told(layer, axis),
              fmt::format("A kernel of {0} 11 does not fit: the padded input's {0} is only 8 (4 + 1 + 3 of padding).",
                          axis.side));
    layer.spec.kernel.*axis.length = 5;
    layer.spec.dilation.*axis.length = 7;
    EXPECT_EQ(told(layer, axis), fmt::format("A kernel of {0} 5 with dilation 7 spans 29 and does not fit: the padded "
                                             "input's {0} is only 8 (4 + 1 + 3 of padding).",
                                             axis.side));
}

TEST_P(Messages, SayWhichEndIsCropped) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv_transpose);
    set_input(layer, axis, 2);
    layer.spec.kernel.*axis.length = 5;
    layer.spec.stride.*axis.length = 3;
    layer.spec.pads.*axis.before = 7;
    layer.spec.pads.*axis.after = 4;
    layer.spec.output_padding.*axis.length = 2;
    EXPECT_EQ(
        told(layer, axis),
        fmt::format(
            "Nothing is left: padding crops 7 + 4 of the uncropped output's {}, 8, and output padding adds 2 back.",
            axis.side));
}

TEST_P(Messages, SayWhichEndCropsWhatIsNotThere) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv, Dialect::onnx);
    layer.spec.pads.*axis.before = -2;
    layer.spec.pads.*axis.after = 5;
    const std::string told_pads =
        fmt::format("ONNX has no negative padding; the {} has \u22122, the {} 5.", axis.start, axis.end);
    EXPECT_EQ(told(layer, axis), told_pads);
}

TEST_P(Messages, SayWhichPadIsMoreThanAModeTakes) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv, Dialect::torch);
    set_input(layer, axis, 6);
    layer.spec.pad_mode = PadMode::reflect;
    layer.spec.pads.*axis.before = 7;
    layer.spec.pads.*axis.after = 1;
    const auto expected = [&](const std::string& end) {
        return fmt::format("PyTorch allows reflect padding of at most 5 on an input of {} 6; it is 7 at the {}.",
                           axis.side, end);
    };
    EXPECT_EQ(told(layer, axis), expected(axis.start));
    std::swap(layer.spec.pads.*axis.before, layer.spec.pads.*axis.after);
    EXPECT_EQ(told(layer, axis), expected(axis.end));
}

TEST_P(Messages, SayWhichPadIsMoreThanPoolingTakes) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::max_pool, Dialect::onnx);
    layer.spec.kernel.*axis.length = 4;
    layer.spec.pads.*axis.before = 6;
    layer.spec.pads.*axis.after = 2;
    const auto expected = [&](const std::string& end) {
        return fmt::format(
            "ONNX Runtime's pooling requires padding smaller than the kernel, at most 3; it is 6 at the {}.", end);
    };
    EXPECT_EQ(told(layer, axis), expected(axis.start));
    std::swap(layer.spec.pads.*axis.before, layer.spec.pads.*axis.after);
    EXPECT_EQ(told(layer, axis), expected(axis.end));
}

TEST_P(Messages, SayWhichWindowCoversPaddingOnly) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::max_pool);
    layer.spec.kernel.*axis.length = 4;
    layer.spec.pads.*axis.before = 6;
    layer.spec.pads.*axis.after = 2;
    EXPECT_EQ(told(layer, axis), fmt::format("Max pooling needs an input cell in every window, but with padding 6 at "
                                             "the {} the first window covers padding only; at most 3 works.",
                                             axis.start));
    std::swap(layer.spec.pads.*axis.before, layer.spec.pads.*axis.after);
    EXPECT_EQ(told(layer, axis), fmt::format("Max pooling needs an input cell in every window, but with padding 6 at "
                                             "the {} the last window covers padding only.",
                                             axis.end));
}

TEST_P(Messages, NameTheAxisOfALengthBelow1) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv);
    layer.spec.stride.*axis.length = -3;
    EXPECT_EQ(told(layer, axis), "The " + axis.vertical + " stride must be at least 1; it is \u22123.");
    layer = layer_of(Op::conv);
    layer.spec.dilation.*axis.length = -2;
    EXPECT_EQ(told(layer, axis),
              "The " + axis.vertical + " dilation must be at least 1 (1 means no gaps); it is \u22122.");
    layer = layer_of(Op::conv);
    layer.spec.kernel.*axis.length = -4;
    EXPECT_EQ(told(layer, axis), "The kernel must have at least 1 " + axis.thing + "; it has \u22124.");
    layer = layer_of(Op::conv);
    set_input(layer, axis, -5);
    EXPECT_EQ(told(layer, axis), "The input must have at least 1 " + axis.thing + "; it has \u22125.");
}

TEST_P(Messages, NameTheAxisOfAnOutputPadding) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv_transpose);
    layer.spec.stride.*axis.length = 4;
    layer.spec.dilation.*axis.length = 3;
    layer.spec.output_padding.*axis.length = 6;
    EXPECT_EQ(told(layer, axis),
              fmt::format(
                  "Output padding must be smaller than the stride (4) or the dilation (3); the {} output padding is 6.",
                  axis.vertical));
    layer.spec.output_padding.*axis.length = -6;
    EXPECT_EQ(told(layer, axis),
              fmt::format("The {} output padding must not be negative; it is \u22126.", axis.vertical));
}

TEST_P(Messages, NameTheAxisOfAnAnchor) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv);
    layer.spec.kernel = {4, 7};
    layer.spec.pad_rule = PadRule::opencv_anchor;
    layer.spec.anchor = Size2{1, 2};
    (*layer.spec.anchor).*axis.length = 9;
    const bool rows = axis.axis == Axis::h;
    EXPECT_EQ(told(layer, axis), fmt::format("The anchor's {} must be 0 to {}; it is 9.", axis.thing, rows ? 3 : 6));
}

INSTANTIATE_TEST_SUITE_P(Axes, Messages, testing::Values(kRows, kColumns),
                         [](const auto& axis) { return axis.param.name; });

TEST(RuleMessages, APoolsPaddingHasNothingToFillWhetherItCountsOrNot) {
    LayerShape layer;
    layer.spec.pads = Pads::all(1);
    layer.spec.pad_mode = PadMode::replicate;
    layer.spec.op = Op::max_pool;
    EXPECT_EQ(english(validate(layer).front().message),
              "Max pooling ignores its padding, so there is nothing for replicate padding to fill. Use zeros.");
    layer.spec.op = Op::avg_pool;
    EXPECT_EQ(english(validate(layer).front().message),
              "Average pooling adds nothing from its padding (count_include_pad only counts its cells), so there is "
              "nothing for replicate padding to fill. Use zeros.");
}

}  // namespace
}  // namespace convlens
