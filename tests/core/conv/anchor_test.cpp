#include "core/conv/anchor.h"

#include <gtest/gtest.h>

#include <string>

#include "core/conv/shape.h"
#include "core/engine/reference.h"

namespace convlens {
namespace {

ConvSpec ruled(Size2 kernel, PadRule rule, bool flip = false) {
    ConvSpec spec;
    spec.kernel = kernel;
    spec.pad_rule = rule;
    spec.flip_kernel = flip;
    return spec;
}

std::optional<Size2> window_of(const ConvSpec& spec, Size2 plane = {9, 9}) {
    const auto anchor = kernel_anchor(spec, plane);
    return anchor ? anchor->window : std::nullopt;
}

Tensor<double> plane(std::int64_t rows, std::int64_t columns, const std::vector<double>& values) {
    return {{1, 1, rows, columns}, values};
}

std::vector<double> output_of(const ConvSpec& spec, const Tensor<double>& input, const Tensor<double>& weight) {
    const Tensor<double> out = reference_forward(spec, {input, weight, {}});
    return {out.span().begin(), out.span().end()};
}

const AnchorConvention& convention(std::string_view program) {
    for (const AnchorConvention& each : anchor_conventions())
        if (each.program == program) return each;
    ADD_FAILURE() << program;
    return anchor_conventions().front();
}

TEST(Anchor, IsTheMiddleOfAnOddKernelWhateverTheProgram) {
    for (const AnchorConvention& each : anchor_conventions())
        EXPECT_EQ(window_of(with_convention(ruled({3, 5}, PadRule::explicit_), each)), (Size2{1, 2})) << each.program;
}

TEST(Anchor, OfAnEvenKernelIsWhereTheProgramsPutIt) {
    const ConvSpec spec = ruled({2, 4}, PadRule::explicit_);
    for (const char* program : {"OpenCV filter2D", "SciPy convolve2d 'same'", "ndimage.correlate", "ONNX SAME_LOWER"})
        EXPECT_EQ(window_of(with_convention(spec, convention(program))), (Size2{1, 2})) << program;
    for (const char* program : {"MATLAB conv2 'same'", "MATLAB filter2 'same'", "MATLAB imfilter", "ndimage.convolve",
                                "SciPy correlate2d 'same'", "PyTorch 'same'", "TensorFlow SAME"})
        EXPECT_EQ(window_of(with_convention(spec, convention(program))), (Size2{0, 1})) << program;
}

// MATLAB's conv2: the weight on the output's place is stored at floor(k/2), the turn brings it to floor((k-1)/2).
TEST(Anchor, OfATrueConvolutionIsSaidAsItLiesAndAsItIsStored) {
    const auto anchor = kernel_anchor(ruled({2, 4}, PadRule::octave_same, true), {9, 9});
    ASSERT_TRUE(anchor);
    EXPECT_EQ(anchor->window, (Size2{0, 1}));
    EXPECT_EQ(anchor->stored, (Size2{1, 2}));
    // An impulse in the kernel there copies the input to its own place.
    Tensor<double> weight({1, 1, 2, 4});
    weight.at(0, 0, 1, 2) = 1;
    const Tensor<double> input = plane(2, 4, {1, 2, 3, 4, 5, 6, 7, 8});
    EXPECT_EQ(output_of(ruled({2, 4}, PadRule::octave_same, true), input, weight),
              (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(Anchor, AnImpulseThereCopiesTheInputUnderEveryConventionAndStride) {
    const Tensor<double> input = plane(5, 6, [] {
        std::vector<double> values(30);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
        return values;
    }());
    for (const Size2 kernel : {Size2{2, 2}, Size2{3, 4}, Size2{4, 1}}) {
        for (const AnchorConvention& each : anchor_conventions()) {
            for (const std::int64_t stride : {1, 2}) {
                if (each.rule == PadRule::torch_same && stride > 1) continue;
                ConvSpec spec = with_convention(ruled(kernel, PadRule::explicit_), each);
                spec.stride = {stride, stride};
                const auto anchor = kernel_anchor(spec, {5, 6});
                ASSERT_TRUE(anchor && anchor->stored) << each.program;
                Tensor<double> weight({1, 1, kernel.h, kernel.w});
                weight.at(0, 0, anchor->stored->h, anchor->stored->w) = 1;
                const Tensor<double> out = reference_forward(spec, {input, weight, {}});
                for (std::int64_t y = 0; y < out.shape().h; ++y)
                    for (std::int64_t x = 0; x < out.shape().w; ++x)
                        EXPECT_EQ(out.at(0, 0, y, x), input.at(0, 0, y * stride, x * stride)) << each.program;
            }
        }
    }
}

TEST(Anchor, OfTensorFlowsStridedSameIsNotPyTorchs) {
    ConvSpec spec = ruled({3, 3}, PadRule::tf_SAME);
    spec.stride = {2, 2};
    EXPECT_EQ(window_of(spec, {6, 6}), (Size2{0, 0}));
    spec.pad_rule = PadRule::explicit_;
    spec.pads = Pads::all(1);
    EXPECT_EQ(window_of(spec, {6, 6}), (Size2{1, 1}));
}

TEST(Anchor, IsNothingWhereOutputsDoNotStandOnInputs) {
    EXPECT_FALSE(kernel_anchor(ruled({3, 3}, PadRule::valid), {9, 9}));
    EXPECT_FALSE(kernel_anchor(ruled({3, 3}, PadRule::full), {9, 9}));
    ConvSpec far = ruled({3, 3}, PadRule::explicit_);
    far.pads = {5, -3, 5, -3};  // nine outputs, but none over its own cell
    EXPECT_FALSE(kernel_anchor(far, {9, 9}));
    for (const Op op : {Op::max_pool, Op::avg_pool, Op::conv_transpose}) {
        ConvSpec spec = ruled({3, 3}, PadRule::explicit_);
        spec.op = op;
        spec.pads = Pads::all(1);
        EXPECT_FALSE(kernel_anchor(spec, {9, 9}));
        EXPECT_FALSE(can_have_anchor(spec));
    }
}

TEST(Anchor, OfACausalLayerIsTheLastCell) {
    ConvSpec spec = ruled({1, 3}, PadRule::causal);
    spec.dilation = {1, 2};
    EXPECT_EQ(window_of(spec, {1, 8}), (Size2{0, 2}));
}

TEST(Anchor, InAGapOfADilatedKernelIsNoCell) {
    ConvSpec spec = ruled({1, 4}, PadRule::octave_same);
    spec.dilation = {1, 3};
    const auto anchor = kernel_anchor(spec, {1, 12});
    ASSERT_TRUE(anchor);
    EXPECT_EQ(anchor->place, (Size2{0, 4}));
    EXPECT_FALSE(anchor->window);
}

TEST(Anchor, MovedKeepsTheInputsSizeWhateverWasThere) {
    for (const PadRule rule : {PadRule::explicit_, PadRule::valid, PadRule::full, PadRule::tf_SAME}) {
        for (const std::int64_t stride : {1, 2, 3}) {
            ConvSpec spec = ruled({4, 3}, rule, true);
            spec.stride = {stride, stride};
            spec.dilation = {2, 1};
            const ConvSpec moved = with_anchor(spec, {3, 0});
            EXPECT_EQ(window_of(moved), (Size2{3, 0}));
            const std::int64_t outputs = (9 - 1) / stride + 1;
            EXPECT_EQ(output_shape(moved, {1, 1, 9, 9}), (Shape4{1, 1, outputs, outputs}));
            EXPECT_TRUE(moved.flip_kernel);
        }
    }
}

// answers.opencv.org 8783: a block of 2×2 with its anchor at either end.
TEST(Anchor, OfABlockOf2By2IsWhatShiftsItsBorder) {
    const Tensor<double> input({1, 1, 2, 5}, std::vector<double>(10, 11));
    const Tensor<double> weight({1, 1, 2, 2}, std::vector<double>(4, 2));
    const ConvSpec spec = ruled({2, 2}, PadRule::explicit_);
    using Values = std::vector<double>;
    const Values first{88, 88, 88, 88, 44, 44, 44, 44, 44, 22};
    const Values last{22, 44, 44, 44, 44, 44, 88, 88, 88, 88};
    EXPECT_EQ(output_of(with_anchor(spec, {0, 0}), input, weight), first);
    EXPECT_EQ(output_of(with_convention(spec, convention("MATLAB imfilter")), input, weight), first);
    EXPECT_EQ(output_of(with_anchor(spec, {1, 1}), input, weight), last);
    EXPECT_EQ(output_of(with_convention(spec, convention("OpenCV filter2D")), input, weight), last);
}

TEST(Anchor, OfFourCellsShiftsAnImpulseAsEachProgramDoes) {
    const Tensor<double> input = plane(1, 7, {0, 0, 0, 1, 0, 0, 0});
    const Tensor<double> weight = plane(1, 4, {1, 2, 3, 4});
    const ConvSpec spec = ruled({1, 4}, PadRule::explicit_);
    const auto output = [&](const char* program) {
        return output_of(with_convention(spec, convention(program)), input, weight);
    };
    using Values = std::vector<double>;
    EXPECT_EQ(output("MATLAB conv2 'same'"), (Values{0, 1, 2, 3, 4, 0, 0}));
    EXPECT_EQ(output("SciPy convolve2d 'same'"), (Values{0, 0, 1, 2, 3, 4, 0}));
    EXPECT_EQ(output("OpenCV filter2D"), (Values{0, 0, 4, 3, 2, 1, 0}));
    EXPECT_EQ(output_of(with_anchor(spec, {0, 2}), input, weight), (Values{0, 0, 4, 3, 2, 1, 0}));
}

TEST(Anchor, AConventionIsKnownAgain) {
    for (const AnchorConvention& each : anchor_conventions())
        EXPECT_EQ(convention_of(with_convention(ruled({2, 2}, PadRule::explicit_), each)), &each);
    EXPECT_EQ(convention_of(ruled({2, 2}, PadRule::valid)), nullptr);
    EXPECT_EQ(convention_of(with_anchor(ruled({2, 2}, PadRule::valid), {0, 0})), nullptr) << "a place of its own";
}

}  // namespace
}  // namespace convlens
