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
    std::string things, start, end;
    std::int64_t Size2::*length;
    std::int64_t Pads::*before;
    std::int64_t Pads::*after;
};
const Words kRows{Axis::h, "rows", "top", "bottom", &Size2::h, &Pads::top, &Pads::bottom};
const Words kColumns{Axis::w, "columns", "left", "right", &Size2::w, &Pads::left, &Pads::right};

void set_input(LayerShape& layer, const Words& axis, std::int64_t length) {
    (axis.axis == Axis::h ? layer.input.h : layer.input.w) = length;
}

// The only problem that there is, which is on this axis.
std::string told(const LayerShape& layer, const Words& axis) {
    const std::vector<Problem> problems = validate(layer);
    EXPECT_EQ(problems.size(), 1U);
    if (problems.empty()) return "nothing is wrong";
    EXPECT_EQ(problems.front().axis, axis.axis);
    return problems.front().message;
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
    EXPECT_EQ(told(layer, axis), fmt::format("the kernel reaches 11 {0} but the padded input has only 8 {0} (4 of "
                                             "input, 1 and 3 of padding)",
                                             axis.things));
    layer.spec.kernel.*axis.length = 5;
    layer.spec.dilation.*axis.length = 7;
    EXPECT_EQ(told(layer, axis), fmt::format("the kernel reaches 29 {0} (5 weights, dilation 7) but the padded input "
                                             "has only 8 {0} (4 of input, 1 and 3 of padding)",
                                             axis.things));
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
    EXPECT_EQ(told(layer, axis),
              fmt::format("padding crops 7 and 4 of the 8 {} that are stamped and output padding gives 2 back, which "
                          "leaves \u22121",
                          axis.things));
}

TEST_P(Messages, SayWhichEndCropsWhatIsNotThere) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv, Dialect::onnx);
    layer.spec.pads.*axis.before = -2;
    layer.spec.pads.*axis.after = 5;
    const std::string pads = fmt::format("padding \u22122 and 5 around the {}: ", axis.things);
    EXPECT_TRUE(told(layer, axis).starts_with(pads)) << told(layer, axis);
}

TEST_P(Messages, SayWhichPadIsMoreThanAModeTakes) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv, Dialect::torch);
    set_input(layer, axis, 6);
    layer.spec.pad_mode = PadMode::reflect;
    layer.spec.pads.*axis.before = 7;
    layer.spec.pads.*axis.after = 1;
    const auto expected = [&](const std::string& end) {
        return fmt::format("padding 7 at the {} is more than PyTorch takes: with mode reflect at most 5 for 6 {}", end,
                           axis.things);
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
        return fmt::format("padding 6 at the {}: ONNX Runtime pools with less padding than the kernel has, at most 3",
                           end);
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
    EXPECT_EQ(told(layer, axis),
              fmt::format("Max pooling needs a cell of the input in every window; with padding 6 at the {} the first "
                          "window of 4 {} covers padding only: at most 3",
                          axis.start, axis.things));
    std::swap(layer.spec.pads.*axis.before, layer.spec.pads.*axis.after);
    EXPECT_EQ(told(layer, axis),
              fmt::format("Max pooling needs a cell of the input in every window; with padding 6 at the {} the last "
                          "window covers padding only",
                          axis.end));
}

TEST_P(Messages, NameTheAxisOfALengthBelow1) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv);
    layer.spec.stride.*axis.length = -3;
    EXPECT_TRUE(told(layer, axis).starts_with("stride \u22123 along the " + axis.things + ":")) << told(layer, axis);
    layer = layer_of(Op::conv);
    layer.spec.dilation.*axis.length = -2;
    EXPECT_TRUE(told(layer, axis).starts_with("dilation \u22122 along the " + axis.things + ":")) << told(layer, axis);
    layer = layer_of(Op::conv);
    layer.spec.kernel.*axis.length = -4;
    EXPECT_EQ(told(layer, axis), "the kernel has \u22124 " + axis.things + "; it needs at least 1");
    layer = layer_of(Op::conv);
    set_input(layer, axis, -5);
    EXPECT_EQ(told(layer, axis), "the input has \u22125 " + axis.things + "; it needs at least 1");
}

TEST_P(Messages, NameTheAxisOfAnOutputPadding) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv_transpose);
    layer.spec.stride.*axis.length = 4;
    layer.spec.dilation.*axis.length = 3;
    layer.spec.output_padding.*axis.length = 6;
    EXPECT_EQ(told(layer, axis),
              fmt::format("output padding 6 along the {} has to be smaller than the stride (4) or the dilation (3)",
                          axis.things));
    layer.spec.output_padding.*axis.length = -6;
    EXPECT_EQ(told(layer, axis),
              fmt::format("output padding \u22126: it adds {} at the end, so it cannot be negative", axis.things));
}

TEST_P(Messages, NameTheAxisOfAnAnchor) {
    const Words& axis = GetParam();
    LayerShape layer = layer_of(Op::conv);
    layer.spec.kernel = {4, 7};
    layer.spec.pad_rule = PadRule::opencv_anchor;
    layer.spec.anchor = Size2{1, 2};
    (*layer.spec.anchor).*axis.length = 9;
    const bool rows = axis.axis == Axis::h;
    EXPECT_EQ(told(layer, axis), fmt::format("the anchor's {} 9 is outside of the kernel: 0 to {}",
                                             rows ? "row" : "column", rows ? 3 : 6));
}

INSTANTIATE_TEST_SUITE_P(Axes, Messages, testing::Values(kRows, kColumns),
                         [](const auto& axis) { return axis.param.things; });

}  // namespace
}  // namespace convlens
