#include "core/conv/validate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "core/cases/cases.h"
#include "core/conv/names.h"
#include "core/conv/shape.h"

namespace convlens {
namespace {

constexpr std::int64_t kHuge = std::int64_t{1} << 62;

LayerShape conv(std::int64_t kernel, std::int64_t input, std::int64_t stride = 1, std::int64_t padding = 0) {
    LayerShape layer;
    layer.spec.kernel = {kernel, kernel};
    layer.spec.stride = {stride, stride};
    layer.spec.pads = Pads::all(padding);
    layer.input = {1, 1, input, input};
    return layer;
}

LayerShape transposed(std::int64_t kernel, std::int64_t input, std::int64_t stride = 1, std::int64_t padding = 0) {
    LayerShape layer = conv(kernel, input, stride, padding);
    layer.spec.op = Op::conv_transpose;
    return layer;
}

LayerShape with(LayerShape layer, Dialect dialect) {
    layer.spec.dialect = dialect;
    return layer;
}

std::vector<std::string> kinds(const LayerShape& layer) {
    std::vector<std::string> all;
    for (const Problem& problem : validate(layer)) all.emplace_back(name(problem.kind));
    return all;
}

using Kinds = std::vector<std::string>;

// The only problem of a layer.
Problem only(const LayerShape& layer) {
    std::vector<Problem> problems = validate(layer);
    EXPECT_EQ(problems.size(), 1U);
    return problems.empty() ? Problem{} : problems.front();
}

std::vector<std::string> fixes(const Problem& problem) {
    std::vector<std::string> texts;
    for (const Fix& fix : problem.fixes) texts.push_back(english(fix.text));
    return texts;
}

bool has(const std::vector<std::string>& texts, const std::string& text) {
    return std::ranges::find(texts, text) != texts.end();
}

TEST(Validate, AcceptsTheLayerThatAConvSpecIsByDefault) { EXPECT_TRUE(validate({}).empty()); }

// Rule 1: E <= padded size is tested before dividing.
TEST(Validate, SaysHowFarADilatedKernelReachesAndWhatIsThere) {
    LayerShape layer = conv(3, 5);
    layer.spec.dilation = {3, 1};
    const Problem problem = only(layer);
    EXPECT_EQ(problem.kind, ErrorKind::output_too_small);
    EXPECT_EQ(problem.field, Field::kernel);
    EXPECT_EQ(problem.axis, Axis::h);
    EXPECT_EQ(english(problem.message),
              "A kernel of height 3 with dilation 3 spans 7 and does not fit: the input's height is only 5.");
    EXPECT_EQ(fixes(problem), (std::vector<std::string>{"set padding to 1×0", "set kernel to 2×3",
                                                        "set dilation to 2×1", "set input to 7×5"}));
}

TEST(Validate, SpeaksOnceOfRowsAndColumnsThatAreAlike) {
    const Problem problem = only(conv(7, 3, 1, 1));
    EXPECT_EQ(problem.axis, std::nullopt);
    EXPECT_EQ(english(problem.message),
              "A 7×7 kernel does not fit: the padded input is only 5×5 (3 + 1 + 1 of padding).");
    EXPECT_EQ(fixes(problem)[0], "set padding to 2");
}

TEST(Validate, TellsRowsAndColumnsApartWhereTheyDiffer) {
    LayerShape layer = conv(7, 5);
    layer.spec.kernel.w = 6;
    EXPECT_EQ(english(only(layer).message),
              "A kernel of height 7 does not fit: the input's height is only 5. A kernel of width 6 does not fit: the "
              "input's width is only 5.");
}

TEST(Validate, TellsAllProblemsAtOnceInTheOrderOfTheFields) {
    LayerShape layer = conv(9, 5, 0);
    layer.spec.dilation = {1, -2};
    layer.spec.groups = 0;
    layer.spec.out_channels = 0;
    layer.bias_length = 3;
    EXPECT_EQ(kinds(layer),
              (Kinds{"output_too_small", "bad_stride", "bad_dilation", "bad_groups", "bad_out_channels"}));
}

TEST(Validate, MendsTheOtherProblemsInEveryFix) {
    LayerShape layer = conv(9, 5, 0);
    layer.spec.groups = 0;
    for (const Problem& problem : validate(layer)) {
        for (const Fix& fix : problem.fixes) {
            EXPECT_TRUE(validate(fix.after).empty()) << english(fix.text);
            EXPECT_EQ(fix.after.spec.stride, (Size2{1, 1}));
            EXPECT_EQ(fix.after.spec.groups, 1);
        }
    }
}

TEST(Validate, RefusesLengthsBelow1) {
    LayerShape layer = conv(3, 5);
    layer.input = {0, 1, 0, 5};
    EXPECT_EQ(kinds(layer), (Kinds{"bad_input", "bad_input"}));
    EXPECT_EQ(kinds(conv(0, 5)), Kinds{"bad_kernel"});
    EXPECT_EQ(kinds(conv(3, 5, -1)), Kinds{"bad_stride"});
    layer = conv(3, 5);
    layer.spec.dilation = {0, 1};
    EXPECT_EQ(kinds(layer), Kinds{"bad_dilation"});
    EXPECT_EQ(only(layer).axis, Axis::h);
    EXPECT_EQ(fixes(only(layer)), std::vector<std::string>{"set dilation to 1"});
}

// Rule 2.
TEST(Validate, RefusesACropThatLeavesNothing) {
    const Problem problem = only(transposed(3, 1, 1, 2));
    EXPECT_EQ(problem.kind, ErrorKind::output_too_small);
    EXPECT_EQ(problem.field, Field::padding);
    EXPECT_EQ(english(problem.message),
              "Nothing is left: padding crops 2 + 2 of the uncropped output, 3×3, on each axis.");
    EXPECT_EQ(fixes(problem)[0], "set padding to 1");
    EXPECT_EQ(kinds(transposed(3, 2, 1, 2)), Kinds{"output_too_small"}) << "nothing at all is too little as well";
    EXPECT_TRUE(validate(transposed(9, 2)).empty()) << "a kernel larger than the input is fine";
}

// Rule 3.
TEST(Validate, WantsAnOutputPaddingBelowTheStrideOrTheDilation) {
    LayerShape layer = transposed(3, 3, 2);
    layer.spec.output_padding = {1, 1};
    EXPECT_TRUE(validate(layer).empty());
    layer.spec.output_padding = {2, 1};
    const Problem problem = only(layer);
    EXPECT_EQ(problem.kind, ErrorKind::output_padding_too_big);
    EXPECT_EQ(problem.axis, Axis::h);
    EXPECT_EQ(
        english(problem.message),
        "Output padding must be smaller than the stride (2) or the dilation (1); the vertical output padding is 2.");
    EXPECT_EQ(fixes(problem),
              (std::vector<std::string>{"set output padding to 1", "set stride to 3×2", "set dilation to 3×1"}));
    layer.spec.dilation = {3, 1};
    EXPECT_TRUE(validate(layer).empty());
    layer.spec.output_padding = {-1, 0};
    EXPECT_EQ(kinds(layer), Kinds{"negative_output_padding"});
}

TEST(Validate, LooksAtOutputPaddingOnlyWhereThereIsOne) {
    LayerShape layer = conv(3, 5);
    layer.spec.output_padding = {7, -7};
    layer.spec.output_size = Size2{0, 99};
    EXPECT_TRUE(validate(layer).empty());
}

TEST(Validate, ReachesOnlyTheOutputSizesThatShrinkToTheInput) {
    LayerShape layer = with(transposed(3, 3, 2, 1), Dialect::torch);
    for (std::int64_t size = 0; size < 9; ++size) {
        layer.spec.output_size = Size2{size, size};
        EXPECT_EQ(validate(layer).empty(), size == 5 || size == 6) << size;
    }
    const Problem problem = only(layer);
    EXPECT_EQ(problem.kind, ErrorKind::output_size_unreachable);
    EXPECT_EQ(english(problem.message), "A 3×3 input can become 5 or 6 rows and columns here, not 8.");
    EXPECT_EQ(fixes(problem), (std::vector<std::string>{"set output size to 6", "remove output size"}));
}

TEST(Validate, ReachesALittleMoreInConvlensWhereDilationAllowsTheOutputPadding) {
    LayerShape layer = transposed(2, 3);
    layer.spec.dilation = {3, 3};
    layer.spec.output_size = Size2{8, 8};  // 6 to 8
    EXPECT_TRUE(validate(layer).empty());
    EXPECT_EQ(kinds(with(layer, Dialect::torch)), Kinds{"output_size_unreachable"});
    layer.spec.output_size = Size2{9, 9};
    EXPECT_EQ(kinds(layer), Kinds{"output_size_unreachable"});
}

TEST(Validate, AsksTheRuleOfAnOutputSizeThatChoosesThePads) {
    LayerShape layer = transposed(3, 3, 2);
    layer.spec.pad_rule = PadRule::tf_SAME;
    layer.spec.output_size = Size2{7, 6};
    EXPECT_EQ(english(only(layer).message),
              "Output height 7 does not match: a convolution with this kernel and stride turns it into 4, and the "
              "input's height is 3.");
    layer.spec.pad_rule = PadRule::onnx_NOTSET;
    EXPECT_TRUE(validate(layer).empty());
    layer.spec.output_size = Size2{8, 1};
    EXPECT_TRUE(validate(layer).empty()) << "ONNX Runtime crops as much as it is asked to, and adds up to a stride";
    layer.spec.output_size = Size2{9, 9};
    EXPECT_EQ(kinds(layer), Kinds{"output_size_unreachable"});
}

// Rule 4.
TEST(Validate, KeepsPyTorchsSameToStride1) {
    LayerShape layer = conv(3, 5, 2);
    layer.spec.pad_rule = PadRule::torch_same;
    const Problem problem = only(layer);
    EXPECT_EQ(problem.kind, ErrorKind::same_needs_stride_1);
    EXPECT_EQ(fixes(problem), (std::vector<std::string>{"set stride to 1", "set padding rule to TensorFlow SAME"}));
    layer.spec.stride = {1, 1};
    EXPECT_TRUE(validate(layer).empty());
}

TEST(Validate, OffersTheSameOfTheProgramWhoseRulesHold) {
    const auto rule = [](Dialect dialect, std::int64_t stride) {
        const Problem problem = only(with(conv(30, 9, stride), dialect));
        for (const Fix& fix : problem.fixes)
            if (fix.after.spec.pad_rule != PadRule::explicit_) return std::string(name(fix.after.spec.pad_rule));
        return std::string();
    };
    EXPECT_EQ(rule(Dialect::torch, 1), "torch_same");
    EXPECT_EQ(rule(Dialect::torch, 2), "tf_SAME") << "PyTorch's own asks for stride 1";
    EXPECT_EQ(rule(Dialect::onnx, 1), "onnx_SAME_UPPER");
    EXPECT_EQ(rule(Dialect::tensorflow, 1), "tf_SAME");
    EXPECT_EQ(rule(Dialect::octave, 1), "octave_same");
    EXPECT_EQ(rule(Dialect::scipy, 1), "scipy_correlate2d_same");
    EXPECT_EQ(rule(Dialect::opencv, 1), "opencv_anchor");
}

// Rule 5.
TEST(Validate, LimitsPyTorchsReflectionToOneLessThanTheSize) {
    LayerShape layer = with(conv(3, 4, 1, 3), Dialect::torch);
    layer.spec.pad_mode = PadMode::reflect;
    EXPECT_TRUE(validate(layer).empty());
    layer.spec.pads.top = layer.spec.pads.bottom = 4;
    const Problem problem = only(layer);
    EXPECT_EQ(problem.kind, ErrorKind::reflect_pad_too_big);
    EXPECT_EQ(english(problem.message),
              "PyTorch allows reflect padding of at most 3 on an input of height 4; it is 4 at the top and bottom.");
    EXPECT_EQ(fixes(problem)[0], "set padding to 3");
    EXPECT_TRUE(validate(with(layer, Dialect::convlens)).empty()) << "which folds on";
}

TEST(Validate, LimitsPyTorchsCircularPaddingToTheSize) {
    LayerShape layer = with(conv(3, 4, 1, 4), Dialect::torch);
    layer.spec.pad_mode = PadMode::circular;
    EXPECT_TRUE(validate(layer).empty());
    layer.spec.pads.right = 5;
    EXPECT_EQ(kinds(layer), Kinds{"circular_pad_too_big"});
    EXPECT_EQ(only(layer).axis, Axis::w);
    EXPECT_EQ(fixes(only(layer))[0], "set padding to 4");
    EXPECT_TRUE(validate(with(layer, Dialect::scipy)).empty());
}

TEST(Validate, LetsATransposedConvolutionPadWithZerosOnly) {
    for (const PadMode mode :
         {PadMode::constant, PadMode::replicate, PadMode::reflect, PadMode::symmetric, PadMode::circular}) {
        LayerShape layer = transposed(3, 4);
        layer.spec.pad_mode = mode;
        EXPECT_EQ(kinds(layer), Kinds{"pad_mode_unsupported"}) << name(mode);
        EXPECT_EQ(fixes(only(layer)), std::vector<std::string>{"set padding mode to zeros"});
    }
}

TEST(Validate, KnowsWhichBordersAProgramLacks) {
    LayerShape layer = conv(3, 4, 1, 1);
    layer.spec.pad_mode = PadMode::circular;
    EXPECT_EQ(kinds(with(layer, Dialect::opencv)), Kinds{"border_unsupported"});
    EXPECT_EQ(kinds(with(layer, Dialect::tensorflow)), Kinds{"pad_mode_unsupported"});
    EXPECT_TRUE(validate(layer).empty());
    layer.spec.pad_mode = PadMode::symmetric;
    EXPECT_EQ(kinds(with(layer, Dialect::torch)), Kinds{"pad_mode_unsupported"});
    EXPECT_TRUE(validate(with(layer, Dialect::opencv)).empty());
}

TEST(Validate, CropsByNegativePaddingInConvlensAlone) {
    LayerShape layer = conv(3, 6, 1, -1);
    EXPECT_TRUE(validate(layer).empty());
    EXPECT_EQ(output_shape(layer.spec, layer.input).plane(), (Size2{2, 2}));
    for (const Dialect dialect :
         {Dialect::torch, Dialect::tensorflow, Dialect::onnx, Dialect::octave, Dialect::scipy, Dialect::opencv}) {
        EXPECT_EQ(kinds(with(layer, dialect)), Kinds{"negative_padding"}) << name(dialect);
    }
    EXPECT_EQ(fixes(only(with(layer, Dialect::torch))), std::vector<std::string>{"set padding to 0"});
}

// nn.Conv2d pads by F.pad where the mode copies cells, and F.pad crops.
TEST(Validate, CropsInPyTorchWhereTheModeCopiesCells) {
    LayerShape layer = with(conv(3, 6, 1, -1), Dialect::torch);
    for (const PadMode mode : {PadMode::replicate, PadMode::reflect, PadMode::circular}) {
        layer.spec.pad_mode = mode;
        EXPECT_TRUE(validate(layer).empty()) << name(mode);
        EXPECT_EQ(output_shape(layer.spec, layer.input).plane(), (Size2{2, 2}));
    }
    layer.spec.pads = {-1, 2, 0, 0};
    EXPECT_EQ(kinds(layer), Kinds{"negative_padding"}) << "circular: cropped first there, then wrapped";
    EXPECT_NE(english(only(layer).message).find("PyTorch crops first and wraps what is left"), std::string::npos);
    layer.spec.pad_mode = PadMode::reflect;
    EXPECT_TRUE(validate(layer).empty());
    layer.spec.pads = {-4, -2, 0, 0};
    EXPECT_EQ(kinds(layer), Kinds{"negative_padding"}) << "nothing is left";
}

TEST(Validate, KeepsOutputPaddingBelowTheStrideInOnnxRuntimeAndKeras) {
    LayerShape layer = transposed(3, 4);
    layer.spec.dilation = {2, 2};
    layer.spec.output_padding = {1, 1};
    EXPECT_TRUE(validate(with(layer, Dialect::torch)).empty());
    EXPECT_EQ(kinds(with(layer, Dialect::onnx)), Kinds{"output_padding_too_big"});
    EXPECT_EQ(kinds(with(layer, Dialect::tensorflow)), Kinds{"output_padding_too_big"});
    EXPECT_EQ(english(only(with(layer, Dialect::onnx)).message),
              "ONNX Runtime requires output padding smaller than the stride (1); it is 1.");
    EXPECT_FALSE(fixes(only(with(layer, Dialect::onnx))).empty());
}

TEST(Validate, PoolsWithADilationInTensorFlowOnlyWithoutStrideAndPadding) {
    for (const Op op : {Op::max_pool, Op::avg_pool}) {
        LayerShape layer = with(conv(2, 9), Dialect::tensorflow);
        layer.spec.op = op;
        layer.spec.dilation = {2, 1};
        EXPECT_TRUE(validate(layer).empty());
        layer.spec.pad_rule = PadRule::tf_VALID;
        EXPECT_TRUE(validate(layer).empty());
        layer.spec.stride = {1, 2};
        EXPECT_EQ(kinds(layer), Kinds{"not_supported"});
        EXPECT_NE(english(only(layer).message).find("only in tf.nn.pool, with stride 1 and no padding"),
                  std::string::npos);
        layer.spec.stride = {1, 1};
        layer.spec.pad_rule = PadRule::tf_SAME;
        EXPECT_EQ(kinds(layer), Kinds{"not_supported"});
    }
}

TEST(Validate, AveragesInTensorFlowWithPaddingByAWordOnly) {
    LayerShape layer = with(conv(2, 6, 2), Dialect::tensorflow);
    layer.spec.op = Op::avg_pool;
    EXPECT_TRUE(validate(layer).empty());
    layer.spec.pads = {0, 1, 0, 0};
    EXPECT_EQ(kinds(layer), Kinds{"not_supported"});
    EXPECT_EQ(english(only(layer).message),
              "TensorFlow's average pooling pads by name only: choose the rule SAME or VALID instead of numbers.");
    EXPECT_FALSE(fixes(only(layer)).empty());
    layer.spec.op = Op::max_pool;
    EXPECT_TRUE(validate(layer).empty());
}

TEST(Validate, CountsNegativePaddingThatIsRefusedAsNone) {
    EXPECT_EQ(kinds(with(conv(3, 4, 1, -1), Dialect::torch)), Kinds{"negative_padding"});
    const LayerShape both = with(conv(5, 4, 1, -1), Dialect::torch);
    EXPECT_EQ(kinds(both), (Kinds{"output_too_small", "negative_padding"}));
    EXPECT_EQ(english(validate(both)[0].message), "A 5×5 kernel does not fit: the input is only 4×4.");
}

TEST(Validate, LeavesSomethingOfTheInputWhenItCrops) {
    LayerShape layer = conv(1, 5);
    layer.spec.pads = {-2, -2, 0, 0};
    EXPECT_TRUE(validate(layer).empty());
    layer.spec.pads = {-3, -2, 0, 0};
    EXPECT_EQ(kinds(layer), Kinds{"negative_padding"});
    layer.spec.pads = {-5, 3, 0, 0};
    EXPECT_EQ(kinds(layer), Kinds{"negative_padding"}) << "padding does not bring it back";
}

TEST(Validate, AddsRowsByANegativeCropInConvlensAlone) {
    EXPECT_TRUE(validate(transposed(3, 4, 1, -2)).empty());
    EXPECT_EQ(kinds(with(transposed(3, 4, 1, -2), Dialect::torch)), Kinds{"negative_padding"});
}

TEST(Validate, DoesNotMindThatARuleOfTensorFlowCropsNegatively) {
    LayerShape layer = with(transposed(3, 3, 2), Dialect::tensorflow);
    layer.spec.pad_rule = PadRule::tf_VALID;
    layer.spec.output_size = Size2{8, 8};
    EXPECT_TRUE(validate(layer).empty());
}

TEST(Validate, KeepsAnAnchorInsideTheKernel) {
    LayerShape layer = conv(3, 5);
    layer.spec.pad_rule = PadRule::opencv_anchor;
    layer.spec.anchor = Size2{2, 3};
    EXPECT_EQ(kinds(layer), Kinds{"bad_anchor"});
    EXPECT_EQ(english(only(layer).message), "The anchor's column must be 0 to 2; it is 3.");
    EXPECT_EQ(fixes(only(layer)), (std::vector<std::string>{"set anchor to 2", "remove anchor"}));
    layer.spec.pad_rule = PadRule::explicit_;
    EXPECT_TRUE(validate(layer).empty()) << "only OpenCV's rule looks at it";
}

// Rule 6.
TEST(Validate, SharesBothChannelCountsOutAmongTheGroups) {
    for (const Op op : {Op::conv, Op::conv_transpose}) {
        LayerShape layer = conv(3, 5);
        layer.spec.op = op;
        layer.spec.groups = 2;
        layer.input.c = 4;
        layer.spec.out_channels = 6;
        EXPECT_TRUE(validate(layer).empty());
        layer.input.c = 3;
        EXPECT_EQ(kinds(layer), Kinds{"groups_mismatch"});
        EXPECT_EQ(english(only(layer).message), "C_in = 3 does not divide evenly into 2 groups.");
        EXPECT_EQ(fixes(only(layer)), (std::vector<std::string>{"set groups to 1", "set input channels to 2"}));
        layer.spec.out_channels = 7;
        EXPECT_EQ(english(only(layer).message), "C_in = 3 and C_out = 7 do not divide evenly into 2 groups.");
    }
}

TEST(Validate, WantsAGivenWeightToFit) {
    LayerShape layer = conv(3, 5);
    layer.input.c = 2;
    layer.spec.out_channels = 4;
    layer.weight = Shape4{4, 2, 3, 3};
    EXPECT_TRUE(validate(layer).empty());
    layer.weight = Shape4{4, 3, 3, 3};
    EXPECT_EQ(english(only(layer).message),
              "The weight [4, 3, 3, 3] with groups = 1 needs C_in = 3, but the input has C_in = 2.");
    EXPECT_EQ(fixes(only(layer)),
              (std::vector<std::string>{"set input channels to 3", "set weight shape to [4, 2, 3, 3]"}));
    layer.weight = Shape4{5, 2, 3, 3};
    EXPECT_EQ(kinds(layer), Kinds{"channels_mismatch"});
    EXPECT_TRUE(has(fixes(only(layer)), "set output channels to 5"));
    layer.weight = Shape4{4, 2, 3, 1};
    EXPECT_EQ(kinds(layer), Kinds{"bad_kernel"});
    EXPECT_EQ(only(layer).field, Field::weight);
    EXPECT_EQ(fixes(only(layer)), (std::vector<std::string>{"set kernel to 3×1", "set weight shape to [4, 2, 3, 3]"}));
}

TEST(Validate, WantsOneBiasForEachOutputChannel) {
    LayerShape layer = conv(3, 5);
    layer.spec.out_channels = 2;
    layer.bias_length = 3;
    EXPECT_EQ(kinds(layer), Kinds{"bias_mismatch"});
    EXPECT_EQ(fixes(only(layer)), std::vector<std::string>{"set bias length to 2"});
}

TEST(Validate, SaysHowMuchPaddingAPoolingTakes) {
    LayerShape layer = with(conv(3, 5, 1, 2), Dialect::torch);
    layer.spec.op = Op::max_pool;
    EXPECT_EQ(english(only(layer).message),
              "PyTorch's pooling allows padding of at most half the kernel, 1; it is 2 on every side.");
    EXPECT_EQ(fixes(only(layer)), (std::vector<std::string>{"set padding to 1", "set kernel to 4"}));
    layer.spec.op = Op::avg_pool;
    layer.spec.pads = {};
    layer.spec.divisor_override = 0;
    EXPECT_EQ(english(only(layer).message), "divisor_override must not be 0.");
    EXPECT_EQ(fixes(only(layer)), std::vector<std::string>{"remove divisor_override"});
}

TEST(Validate, NamesTheMemoryThatIsTooLarge) {
    LayerShape layer = conv(3, 100000);
    layer.input.c = 3;
    const Problem problem = only(layer);
    EXPECT_EQ(problem.kind, ErrorKind::too_large);
    EXPECT_EQ(english(problem.message),
              "The input would be [1, 3, 100000, 100000], which needs 111.8 GiB in float32; Convlens computes tensors "
              "of up to 1 GiB.");
    EXPECT_EQ(fixes(problem)[0], "set input to 9459×9459");
    layer.held = false;
    EXPECT_TRUE(validate(layer).empty()) << "only its sizes are asked for";
    layer.input = {kHuge, kHuge, 5, 5};
    EXPECT_EQ(only(layer).kind, ErrorKind::too_large);
}

TEST(Validate, CountsThePaddedInputAndTheStampedCanvasAsWell) {
    EXPECT_EQ(kinds(conv(3, 5, kHuge, std::int64_t{1} << 30)), Kinds{"too_large"});
    EXPECT_EQ(kinds(transposed(3, 3, 1 << 14, 1 << 14)), Kinds{"too_large"});
    EXPECT_TRUE(validate(conv(1, 1 << 14)).empty()) << "exactly the most";
    LayerShape layer = conv(1, 1);
    layer.spec.out_channels = std::int64_t{1} << 29;
    EXPECT_EQ(kinds(layer), Kinds{"too_large"});
}

// Whatever number stands in whatever field, nothing overflows (the sanitizers look on) and what is accepted is small.
TEST(Validate, SurvivesTheLargestNumbersInEveryField) {
    constexpr std::array kValues{kHuge, -kHuge, std::numeric_limits<std::int64_t>::max(),
                                 std::numeric_limits<std::int64_t>::min()};
    using Slot = std::int64_t& (*)(LayerShape&);
    constexpr std::array<Slot, 11> kSlots{
        [](LayerShape& l) -> std::int64_t& { return l.input.n; },
        [](LayerShape& l) -> std::int64_t& { return l.input.c; },
        [](LayerShape& l) -> std::int64_t& { return l.input.h; },
        [](LayerShape& l) -> std::int64_t& { return l.spec.kernel.h; },
        [](LayerShape& l) -> std::int64_t& { return l.spec.stride.h; },
        [](LayerShape& l) -> std::int64_t& { return l.spec.dilation.h; },
        [](LayerShape& l) -> std::int64_t& { return l.spec.pads.top; },
        [](LayerShape& l) -> std::int64_t& { return l.spec.pads.bottom; },
        [](LayerShape& l) -> std::int64_t& { return l.spec.output_padding.h; },
        [](LayerShape& l) -> std::int64_t& { return l.spec.groups; },
        [](LayerShape& l) -> std::int64_t& { return l.spec.out_channels; },
    };
    for (const Op op : {Op::conv, Op::conv_transpose}) {
        for (std::size_t a = 0; a < kSlots.size(); ++a) {
            for (std::size_t b = a; b < kSlots.size(); ++b) {
                for (const std::int64_t value : kValues) {
                    LayerShape layer = conv(3, 5);
                    layer.spec.op = op;
                    kSlots[a](layer) = value;
                    kSlots[b](layer) = value;
                    SCOPED_TRACE(testing::Message() << a << " and " << b << " are " << value);
                    const std::vector<Problem> problems = validate(layer);
                    for (const Problem& problem : problems) EXPECT_FALSE(problem.fixes.empty());
                    if (!problems.empty()) continue;
                    EXPECT_LE(element_count(output_shape(layer.spec, layer.input)).value_or(kHuge), kMaxCells);
                    const Shape4 met = op == Op::conv ? output_shape(layer.spec, layer.input) : layer.input;
                    const Shape4 weight = weight_shape(layer.spec, layer.input.c);
                    double products = 1;
                    for (const std::int64_t length : {met.n, met.c, met.h, met.w, weight.c, weight.h, weight.w})
                        products *= static_cast<double>(length);
                    const Count counted = cost(layer.spec, layer.input, true).multiply_adds;
                    EXPECT_NEAR(static_cast<double>(counted) / products, 1, 1e-12);
                }
            }
        }
    }
}

TEST(Validate, AcceptsAStrideFarBeyondTheInput) {
    EXPECT_TRUE(validate(conv(3, 5, kHuge)).empty());
    EXPECT_EQ(output_shape(conv(3, 5, kHuge).spec, {1, 1, 5, 5}).plane(), (Size2{1, 1}));
}

// It was counted as 2^62 without a word.
TEST(Validate, RefusesANumberThatCannotBeCountedWithByName) {
    using Slot = std::int64_t& (*)(LayerShape&);
    const std::pair<Slot, Field> slots[] = {
        {[](LayerShape& l) -> std::int64_t& { return l.input.n; }, Field::input},
        {[](LayerShape& l) -> std::int64_t& { return l.input.c; }, Field::input},
        {[](LayerShape& l) -> std::int64_t& { return l.input.h; }, Field::input},
        {[](LayerShape& l) -> std::int64_t& { return l.input.w; }, Field::input},
        {[](LayerShape& l) -> std::int64_t& { return l.spec.kernel.h; }, Field::kernel},
        {[](LayerShape& l) -> std::int64_t& { return l.spec.stride.w; }, Field::stride},
        {[](LayerShape& l) -> std::int64_t& { return l.spec.dilation.h; }, Field::dilation},
        {[](LayerShape& l) -> std::int64_t& { return l.spec.pads.top; }, Field::padding},
        {[](LayerShape& l) -> std::int64_t& { return l.spec.pads.right; }, Field::padding},
        {[](LayerShape& l) -> std::int64_t& { return l.spec.output_padding.w; }, Field::output_padding},
        {[](LayerShape& l) -> std::int64_t& { return l.spec.output_size.emplace(9, 9).h; }, Field::output_size},
        {[](LayerShape& l) -> std::int64_t& { return l.spec.groups; }, Field::groups},
        {[](LayerShape& l) -> std::int64_t& { return l.spec.out_channels; }, Field::out_channels},
        {[](LayerShape& l) -> std::int64_t& {
             l.spec.op = Op::conv;
             l.spec.pad_rule = PadRule::opencv_anchor;
             return l.spec.anchor.emplace(0, 0).w;
         },
         Field::anchor},
    };
    for (const auto& [slot, field] : slots) {
        for (const bool held : {true, false}) {
            for (const auto& [value, digits] :
                 {std::pair{kHuge + 1, "4611686018427387905"}, std::pair{-kHuge - 1, "\u22124611686018427387905"}}) {
                LayerShape layer = transposed(3, 5);
                layer.held = held;
                slot(layer) = value;
                const Problem problem = only(layer);
                SCOPED_TRACE(english(problem.message));
                EXPECT_EQ(problem.kind, ErrorKind::number_too_large);
                EXPECT_EQ(problem.field, field);
                EXPECT_NE(english(problem.message).find(digits), std::string::npos);
                EXPECT_NE(english(problem.message).find("4611686018427387904."), std::string::npos);
                ASSERT_FALSE(problem.fixes.empty());
                for (const Fix& fix : problem.fixes) EXPECT_TRUE(validate(fix.after).empty()) << english(fix.text);
            }
        }
    }
    LayerShape unused = conv(3, 5);
    unused.spec.output_padding.h = unused.spec.anchor.emplace(0, 0).h = kHuge + 1;
    EXPECT_TRUE(validate(unused).empty()) << "it has no such settings";
}

class RefusalFixtures : public testing::TestWithParam<const char*> {};

// What the programs refuse is refused first of all for the same reason; what they compute is not refused.
TEST_P(RefusalFixtures, HaveTheKindThatTheProgramMeans) {
    int seen = 0;
    for (const Case& c : read_cases(std::string(CONVLENS_FIXTURES) + "/" + GetParam())) {
        if (c.op != CaseOp::conv && c.op != CaseOp::conv_transpose) continue;
        SCOPED_TRACE(c.name);
        const std::vector<Problem> problems = validate(c.layer);
        ++seen;
        if (!c.error || *c.error == "peer_limit") {
            EXPECT_TRUE(problems.empty()) << english(problems.front().message);
            continue;
        }
        ASSERT_FALSE(problems.empty());
        EXPECT_EQ(name(problems.front().kind), *c.error) << english(problems.front().message);
        for (const Problem& problem : problems) {
            ASSERT_FALSE(problem.fixes.empty()) << english(problem.message);
            for (const Fix& fix : problem.fixes) EXPECT_TRUE(validate(fix.after).empty()) << english(fix.text);
        }
    }
    EXPECT_GT(seen, 0);
}

INSTANTIATE_TEST_SUITE_P(All, RefusalFixtures,
                         testing::Values("conv_arithmetic.json", "onnx_conv.json", "onnx_conv_transpose.json",
                                         "seed_torch.json", "tf_conv2d.json", "tf_conv2d_transpose.json",
                                         "tf_depthwise.json", "torch_conv2d.json", "torch_conv2d_errors.json",
                                         "torch_conv_transpose2d.json", "torch_conv_transpose2d_errors.json",
                                         "torch_output_size.json", "torch_padding_modes.json", "torch_same_valid.json"),
                         [](const auto& info) {
                             const std::string name = info.param;
                             return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace convlens
