// The reference against the formulas written differently, and against results that people have published.
#include "core/engine/reference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "tests/core/random_layer.h"

namespace convlens {

namespace {

constexpr int kSettings = 4000;

Tensor<double> plane(std::int64_t h, std::int64_t w, const std::vector<double>& data) { return {{1, 1, h, w}, data}; }

Tensor<double> counting(std::int64_t h, std::int64_t w, double first) {
    Tensor<double> t({1, 1, h, w});
    for (double& value : t.span()) value = first++;
    return t;
}

ConvSpec spec_of(Op op, Size2 kernel, Size2 stride, Pads pads) {
    ConvSpec spec;
    spec.op = op;
    spec.kernel = kernel;
    spec.stride = stride;
    spec.pads = pads;
    return spec;
}

// Which cell of a row 0..length-1 stands at `index` beyond it, read off the row written out over and over again.
std::int64_t unfolded(std::int64_t index, std::int64_t length, PadMode mode) {
    if (mode == PadMode::replicate) return index < 0 ? 0 : index >= length ? length - 1 : index;
    std::vector<std::int64_t> period;
    for (std::int64_t i = 0; i < length; ++i) period.push_back(i);
    if (mode == PadMode::symmetric)
        for (std::int64_t i = length - 1; i >= 0; --i) period.push_back(i);
    if (mode == PadMode::reflect)
        for (std::int64_t i = length - 2; i >= 1; --i) period.push_back(i);
    const auto size = static_cast<std::int64_t>(period.size());
    while (index < 0) index += size;
    return period[static_cast<std::size_t>(index % size)];
}

double value_beyond(const RandomLayer& layer, std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
    const Shape4& in = layer.input.shape();
    const bool inside = y >= 0 && y < in.h && x >= 0 && x < in.w;
    if (!inside && layer.spec.pad_mode == PadMode::zeros) return 0;
    if (!inside && layer.spec.pad_mode == PadMode::constant) return layer.spec.pad_value;
    return layer.input.at(n, c, unfolded(y, in.h, layer.spec.pad_mode), unfolded(x, in.w, layer.spec.pad_mode));
}

// Offset divided by dilation if it is one of the kernel's k cells, else -1.
std::int64_t kernel_index(std::int64_t offset, std::int64_t dilation, std::int64_t k) {
    return offset >= 0 && offset % dilation == 0 && offset / dilation < k ? offset / dilation : -1;
}

// The convolution as O = C v: v the padded plane, C one row for each output cell, found by asking of every pair of
// cells whether the kernel joins them.
Tensor<double> by_matrix(const RandomLayer& layer) {
    const ConvSpec& s = layer.spec;
    const Shape4& in = layer.input.shape();
    const Size2 padded{in.h + s.pads.top + s.pads.bottom, in.w + s.pads.left + s.pads.right};
    const std::int64_t reach_h = (s.kernel.h - 1) * s.dilation.h, reach_w = (s.kernel.w - 1) * s.dilation.w;
    Tensor<double> out(
        {in.n, s.out_channels, (padded.h - reach_h - 1) / s.stride.h + 1, (padded.w - reach_w - 1) / s.stride.w + 1});
    const Shape4& o = out.shape();
    const std::int64_t in_group = in.c / s.groups, out_group = s.out_channels / s.groups;
    for (std::int64_t y = 0; y < padded.h; ++y) {
        for (std::int64_t x = 0; x < padded.w; ++x) {
            for (std::int64_t cell = 0; cell < o.h * o.w; ++cell) {
                std::int64_t kh = kernel_index(y - cell / o.w * s.stride.h, s.dilation.h, s.kernel.h);
                std::int64_t kw = kernel_index(x - cell % o.w * s.stride.w, s.dilation.w, s.kernel.w);
                if (kh < 0 || kw < 0) continue;
                if (s.flip_kernel) kh = s.kernel.h - 1 - kh, kw = s.kernel.w - 1 - kw;
                for (std::int64_t pair = 0; pair < in.n * s.out_channels * in_group; ++pair) {
                    const std::int64_t j = pair % in_group, co = pair / in_group % s.out_channels,
                                       n = pair / in_group / s.out_channels;
                    const double v =
                        value_beyond(layer, n, co / out_group * in_group + j, y - s.pads.top, x - s.pads.left);
                    out.at(n, co, cell / o.w, cell % o.w) += layer.weight.at(co, j, kh, kw) * v;
                }
            }
        }
    }
    if (layer.has_bias)
        for (std::int64_t i = 0; i < out.size(); ++i)
            out.span()[static_cast<std::size_t>(i)] +=
                layer.bias.span()[static_cast<std::size_t>(i / (o.h * o.w) % o.c)];
    return out;
}

// What stands at a position of the zero-inserted axis whose cell 0 lies at `border`: an input index, or -1.
std::int64_t inserted_index(std::int64_t position, std::int64_t border, std::int64_t stride, std::int64_t length) {
    return kernel_index(position - border, stride, length);
}

// The transposed convolution as a plain one of stride 1: zeros inserted, a border of E-1-p, the kernel turned.
Tensor<double> by_zero_insertion(const RandomLayer& layer) {
    const ConvSpec& s = layer.spec;
    const Shape4& in = layer.input.shape();
    const Size2 e{(s.kernel.h - 1) * s.dilation.h + 1, (s.kernel.w - 1) * s.dilation.w + 1};
    Tensor<double> out({in.n, s.out_channels,
                        (in.h - 1) * s.stride.h - s.pads.top - s.pads.bottom + e.h + s.output_padding.h,
                        (in.w - 1) * s.stride.w - s.pads.left - s.pads.right + e.w + s.output_padding.w});
    const std::int64_t in_group = in.c / s.groups, out_group = s.out_channels / s.groups;
    for (std::int64_t i = 0; i < out.size(); ++i) {
        const Shape4& o = out.shape();
        const std::int64_t x = i % o.w, y = i / o.w % o.h, co = i / o.w / o.h % o.c, n = i / o.w / o.h / o.c;
        double sum = layer.has_bias ? layer.bias.at(0, co, 0, 0) : 0;
        for (std::int64_t kh = s.kernel.h - 1; kh >= 0; --kh) {
            for (std::int64_t kw = s.kernel.w - 1; kw >= 0; --kw) {
                const std::int64_t h = inserted_index(y + kh * s.dilation.h, e.h - 1 - s.pads.top, s.stride.h, in.h);
                const std::int64_t w = inserted_index(x + kw * s.dilation.w, e.w - 1 - s.pads.left, s.stride.w, in.w);
                if (h < 0 || w < 0) continue;
                const Size2 cell = s.flip_kernel ? Size2{kh, kw} : Size2{s.kernel.h - 1 - kh, s.kernel.w - 1 - kw};
                for (std::int64_t ci = co / out_group * in_group; ci < (co / out_group + 1) * in_group; ++ci)
                    sum += layer.weight.at(ci, co % out_group, cell.h, cell.w) * layer.input.at(n, ci, h, w);
            }
        }
        out.span()[static_cast<std::size_t>(i)] = sum;
    }
    return out;
}

double dot(const Tensor<double>& a, const Tensor<double>& b) {
    double sum = 0;
    for (std::int64_t i = 0; i < a.size(); ++i)
        sum += a.span()[static_cast<std::size_t>(i)] * b.span()[static_cast<std::size_t>(i)];
    return sum;
}

std::vector<double> numbers(const Tensor<double>& t) { return {t.span().begin(), t.span().end()}; }

}  // namespace

TEST(Reference, ConvIsItsSparseMatrixTimesThePaddedInput) {
    Random random(1);
    for (int i = 0; i < kSettings; ++i) {
        const RandomLayer layer = random_layer(random, Op::conv);
        const std::string wrong = difference(reference_forward(layer.spec, layer.data()), by_matrix(layer),
                                             magnitude(layer.spec, layer.data()), 1e-12);
        ASSERT_EQ(wrong, "") << layer.describe();
    }
}

TEST(Reference, TransposedIsZeroInsertionAndTheTurnedKernel) {
    Random random(2);
    for (int i = 0; i < kSettings; ++i) {
        const RandomLayer layer = random_layer(random, Op::conv_transpose);
        const std::string wrong = difference(reference_forward(layer.spec, layer.data()), by_zero_insertion(layer),
                                             magnitude(layer.spec, layer.data()), 1e-12);
        ASSERT_EQ(wrong, "") << layer.describe();
    }
}

// What the window shows of a transposed convolution as a plain one must itself compute to the output.
TEST(Reference, ZeroInsertedInputConvolvedWithTheTurnedKernelIsTheOutput) {
    Random random(3);
    for (int i = 0; i < 500; ++i) {
        const RandomLayer layer = random_layer(random, Op::conv_transpose);
        ConvSpec plain;
        plain.kernel = layer.spec.kernel;
        plain.dilation = layer.spec.dilation;
        plain.groups = layer.spec.groups;
        plain.out_channels = layer.spec.out_channels;
        plain.flip_kernel = layer.spec.flip_kernel;
        const Tensor<double> weight = flipped(layer.weight);
        const Shape4 in = layer.input.shape();
        const std::int64_t in_group = in.c / plain.groups, out_group = plain.out_channels / plain.groups;
        Tensor<double> swapped({plain.out_channels, in_group, plain.kernel.h, plain.kernel.w});
        for (std::int64_t co = 0; co < plain.out_channels; ++co)
            for (std::int64_t j = 0; j < in_group; ++j)
                for (std::int64_t h = 0; h < plain.kernel.h; ++h)
                    for (std::int64_t w = 0; w < plain.kernel.w; ++w)
                        swapped.at(co, j, h, w) = weight.at(co / out_group * in_group + j, co % out_group, h, w);
        const Tensor<double> inserted = zero_inserted_input(layer.spec, layer.input);
        const Tensor<double> out = reference_forward(plain, {inserted, swapped, layer.data().bias});
        ASSERT_EQ(
            difference(out, reference_forward(layer.spec, layer.data()), magnitude(layer.spec, layer.data()), 1e-12),
            "")
            << layer.describe();
    }
}

// <C x, y> = <x, C^T y>, with the output padding that picks the forward convolution's own input size.
TEST(Reference, TransposedIsTheAdjoint) {
    Random random(4);
    for (int i = 0; i < 1000; ++i) {
        RandomLayer layer = random_layer(random, Op::conv);
        layer.spec.pad_mode = PadMode::zeros;
        layer.has_bias = false;
        const Tensor<double> cx = reference_forward(layer.spec, layer.data());
        const Tensor<double> y = random.tensor(cx.shape());
        ConvSpec back = layer.spec;
        back.op = Op::conv_transpose;
        back.out_channels = layer.input.shape().c;
        const Size2 smallest = output_shape(back, cx.shape()).plane();
        back.output_padding = {layer.input.shape().h - smallest.h, layer.input.shape().w - smallest.w};
        ASSERT_GE(back.output_padding.h, 0);
        ASSERT_LT(back.output_padding.h, back.stride.h);
        const Tensor<double> cty = reference_forward(back, {y, layer.weight, {}});
        ASSERT_EQ(cty.shape(), layer.input.shape()) << layer.describe();
        ASSERT_NEAR(dot(cx, y), dot(layer.input, cty), 1e-9) << layer.describe();
    }
}

TEST(Reference, PartialSumsAddUpToTheOutput) {
    Random random(5);
    for (int i = 0; i < 500; ++i) {
        const RandomLayer layer = random_layer(random, random.coin() ? Op::conv : Op::conv_transpose);
        const Tensor<double> out = reference_forward(layer.spec, layer.data());
        const std::int64_t n = random.from(0, out.shape().n - 1), c = random.from(0, out.shape().c - 1);
        const Tensor<double> partial = reference_partial(layer.spec, layer.data(), n, c);
        ASSERT_EQ(partial.shape(),
                  (Shape4{1, layer.input.shape().c / layer.spec.groups, out.shape().h, out.shape().w}));
        for (std::int64_t y = 0; y < out.shape().h; ++y) {
            for (std::int64_t x = 0; x < out.shape().w; ++x) {
                double sum = layer.has_bias ? layer.bias.at(0, c, 0, 0) : 0;
                for (std::int64_t j = 0; j < partial.shape().c; ++j) sum += partial.at(0, j, y, x);
                ASSERT_NEAR(sum, out.at(n, c, y, x), 1e-10) << layer.describe();
            }
        }
    }
}

TEST(Reference, PaddedInputHoldsWhatTheWindowsRead) {
    const Tensor<double> row = plane(1, 4, {1, 2, 3, 4});
    ConvSpec spec = spec_of(Op::conv, {1, 1}, {1, 1}, {0, 0, 2, 2});
    const auto padded = [&](PadMode mode) {
        spec.pad_mode = mode;
        spec.pad_value = 9;
        return numbers(padded_input(spec, row));
    };
    EXPECT_EQ(padded(PadMode::zeros), (std::vector<double>{0, 0, 1, 2, 3, 4, 0, 0}));
    EXPECT_EQ(padded(PadMode::constant), (std::vector<double>{9, 9, 1, 2, 3, 4, 9, 9}));
    EXPECT_EQ(padded(PadMode::replicate), (std::vector<double>{1, 1, 1, 2, 3, 4, 4, 4}));
    EXPECT_EQ(padded(PadMode::reflect), (std::vector<double>{3, 2, 1, 2, 3, 4, 3, 2}));
    EXPECT_EQ(padded(PadMode::symmetric), (std::vector<double>{2, 1, 1, 2, 3, 4, 4, 3}));
    EXPECT_EQ(padded(PadMode::circular), (std::vector<double>{3, 4, 1, 2, 3, 4, 1, 2}));
    spec.pads = {0, 0, -1, -2};
    EXPECT_EQ(padded(PadMode::zeros), (std::vector<double>{2}));
}

TEST(Reference, GroupsReadTheirOwnChannels) {
    ConvSpec spec;
    spec.groups = 3;
    spec.out_channels = 12;
    EXPECT_EQ(first_input_channel(spec, 3, 3), 0);
    EXPECT_EQ(first_input_channel(spec, 3, 4), 1);
    EXPECT_EQ(first_input_channel(spec, 3, 11), 2);
    EXPECT_EQ(first_input_channel(spec, 6, 4), 2);
}

// A kernel's picture of one bright pixel: correlation turns it, convolution does not (Pillow's once mirrored it).
TEST(Reference, AnImpulseShowsTheKernelTurnedOnlyByCorrelation) {
    const Tensor<double> impulse = plane(3, 3, {0, 0, 0, 0, 1, 0, 0, 0, 0});
    const Tensor<double> kernel = counting(3, 3, 1);
    ConvSpec spec = spec_of(Op::conv, {3, 3}, {1, 1}, Pads::all(1));
    EXPECT_EQ(numbers(reference_forward(spec, {impulse, kernel, {}})),
              (std::vector<double>{9, 8, 7, 6, 5, 4, 3, 2, 1}));
    spec.flip_kernel = true;
    EXPECT_EQ(numbers(reference_forward(spec, {impulse, kernel, {}})),
              (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(Reference, AOneAtTopCentreMovesACorrelatedPictureDown) {
    const Tensor<double> picture = counting(3, 3, 1);
    const Tensor<double> kernel = plane(3, 3, {0, 1, 0, 0, 0, 0, 0, 0, 0});
    const ConvSpec spec = spec_of(Op::conv, {3, 3}, {1, 1}, Pads::all(1));
    EXPECT_EQ(numbers(reference_forward(spec, {picture, kernel, {}})),
              (std::vector<double>{0, 0, 0, 1, 2, 3, 4, 5, 6}));
}

TEST(Reference, ADotProductIsNoConvolution) {
    const Tensor<double> a = plane(3, 3, {0, 0, 0, 1, 1, 2, 1, 3, 0});
    const Tensor<double> b = plane(3, 3, {4, 1, 1, 0, 3, 3, 2, 1, 2});
    ConvSpec spec;
    EXPECT_EQ(numbers(reference_forward(spec, {a, b, {}})), std::vector<double>{14});
    spec.flip_kernel = true;
    EXPECT_EQ(numbers(reference_forward(spec, {a, b, {}})), std::vector<double>{10});
}

// "same" of a kernel of four cells, in MATLAB's conv2, SciPy's convolve2d and OpenCV's filter2D.
TEST(Reference, EvenKernelsLieWhereEachProgramPutsThem) {
    const Tensor<double> impulse = plane(1, 7, {0, 0, 0, 1, 0, 0, 0});
    const Tensor<double> kernel = plane(1, 4, {1, 2, 3, 4});
    ConvSpec spec = spec_of(Op::conv, {1, 4}, {1, 1}, {});
    spec.pad_rule = PadRule::octave_same;
    spec.flip_kernel = true;
    EXPECT_EQ(numbers(reference_forward(spec, {impulse, kernel, {}})), (std::vector<double>{0, 1, 2, 3, 4, 0, 0}));
    spec.pad_rule = PadRule::scipy_convolve2d_same;
    EXPECT_EQ(numbers(reference_forward(spec, {impulse, kernel, {}})), (std::vector<double>{0, 0, 1, 2, 3, 4, 0}));
    spec.pad_rule = PadRule::opencv_anchor;
    spec.flip_kernel = false;
    EXPECT_EQ(numbers(reference_forward(spec, {impulse, kernel, {}})), (std::vector<double>{0, 0, 4, 3, 2, 1, 0}));
}

// answers.opencv.org 8783
TEST(Reference, ABlockOf2By2SumsWhatItsBorderAndAnchorLeave) {
    const Tensor<double> input({1, 1, 2, 5}, std::vector<double>(10, 11));
    const Tensor<double> weight({1, 1, 2, 2}, std::vector<double>(4, 2));
    const auto filtered = [&](PadRule rule, PadMode mode) {
        ConvSpec spec;
        spec.kernel = {2, 2};
        spec.pad_rule = rule;
        spec.pad_mode = mode;
        const Tensor<double> out = reference_forward(spec, {input, weight, {}});
        return std::vector<double>(out.span().begin(), out.span().end());
    };
    using Values = std::vector<double>;
    EXPECT_EQ(filtered(PadRule::octave_imfilter, PadMode::zeros), (Values{88, 88, 88, 88, 44, 44, 44, 44, 44, 22}));
    EXPECT_EQ(filtered(PadRule::opencv_anchor, PadMode::reflect), Values(10, 88));
    EXPECT_EQ(filtered(PadRule::opencv_anchor, PadMode::zeros), (Values{22, 44, 44, 44, 44, 44, 88, 88, 88, 88}));
}

TEST(Reference, OneNanSpoilsOnlyTheWindowsThatReadIt) {
    Tensor<double> input({1, 1, 51, 51}, 1.0);
    input.at(0, 0, 20, 30) = std::numeric_limits<double>::quiet_NaN();
    const Tensor<double> box({1, 1, 5, 5}, 1.0);
    const Tensor<double> out = reference_forward(spec_of(Op::conv, {5, 5}, {1, 1}, Pads::all(2)), {input, box, {}});
    int spoilt = 0;
    for (std::int64_t y = 0; y < 51; ++y)
        for (std::int64_t x = 0; x < 51; ++x) {
            const bool reads = std::abs(y - 20) <= 2 && std::abs(x - 30) <= 2;
            EXPECT_EQ(std::isnan(out.at(0, 0, y, x)), reads);
            spoilt += std::isnan(out.at(0, 0, y, x)) ? 1 : 0;
        }
    EXPECT_EQ(spoilt, 25);
}

// The well-known drawing of a strided convolution prints the corner of the stride-1 result instead.
// vdumoulin/conv_arithmetic#17
TEST(Reference, StrideTwoSkipsOutputsInsteadOfCroppingThem) {
    const Tensor<double> input =
        plane(5, 5, {2, 2, 3, 3, 3, 0, 1, 3, 0, 3, 2, 3, 0, 1, 3, 3, 3, 2, 1, 2, 3, 3, 0, 2, 3});
    const Tensor<double> kernel = plane(3, 3, {2, 0, 1, 1, 0, 0, 0, 1, 1});
    const ConvSpec spec = spec_of(Op::conv, {3, 3}, {2, 2}, Pads::all(1));
    EXPECT_EQ(numbers(reference_forward(spec, {input, kernel, {}})), (std::vector<double>{1, 5, 6, 7, 8, 3, 3, 10, 4}));
}

TEST(Reference, OutputPaddingUncoversComputedValues) {
    const Tensor<double> cell = plane(1, 1, {1});
    const Tensor<double> kernel = counting(3, 3, 1);
    ConvSpec spec = spec_of(Op::conv_transpose, {3, 3}, {2, 2}, Pads::all(1));
    spec.output_padding = {1, 1};
    EXPECT_EQ(numbers(reference_forward(spec, {cell, kernel, {}})), (std::vector<double>{5, 6, 8, 9}));
}

TEST(Reference, RowsBeyondTheStampedCanvasCarryTheBiasOnly) {
    const Tensor<double> input = plane(1, 2, {1, 2});
    const Tensor<double> kernel = plane(1, 1, {3});
    const Tensor<double> bias({1, 1, 1, 1}, 10.0);
    ConvSpec spec = spec_of(Op::conv_transpose, {1, 1}, {2, 2}, {});
    spec.output_padding = {1, 1};
    EXPECT_EQ(numbers(reference_forward(spec, {input, kernel, bias})),
              (std::vector<double>{13, 10, 16, 10, 10, 10, 10, 10}));
    EXPECT_EQ(numbers(stamped_canvas(spec, {input, kernel, bias})), (std::vector<double>{3, 0, 6}));
}

TEST(Reference, TransposedPadsCropEachSideByItsOwnAmount) {
    const Tensor<double> input = counting(3, 3, 0);
    const Tensor<double> ones({1, 1, 3, 3}, 1.0);
    const Tensor<double> out =
        reference_forward(spec_of(Op::conv_transpose, {3, 3}, {3, 2}, {1, 1, 2, 2}), {input, ones, {}});
    EXPECT_EQ(out.shape(), (Shape4{1, 1, 7, 3}));
    EXPECT_EQ(numbers(out), (std::vector<double>{1, 1, 3, 1, 1, 3, 7, 4, 9, 7, 4, 9, 7, 4, 9, 13, 7, 15, 13, 7, 15}));
}

}  // namespace convlens
