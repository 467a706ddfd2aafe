#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

TEST(ImportMatlab, Conv2IsFullAndFlips) {
    const ImportedLayer layer = import_layer("c = conv2([1 2 3;4 5 -6], [1 -1\n 2, 3 - 1]);");
    EXPECT_EQ(layer.program, "MATLAB");
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::full);
    EXPECT_TRUE(layer.layer.spec.flip_kernel);
    EXPECT_EQ(layer.layer.spec.dialect, Dialect::octave);
    EXPECT_EQ(layer.layer.input, (Shape4{1, 1, 2, 3}));
    EXPECT_EQ(numbers(layer.input), (std::vector<double>{1, 2, 3, 4, 5, -6}));
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, -1, 2, 2}));
    EXPECT_EQ(spec_of("conv2(a, b, 'same')").pad_rule, PadRule::octave_same);
    EXPECT_EQ(spec_of("conv2(a, b, \"valid\")").pad_rule, PadRule::valid);
    expect_contains(refusal("conv2([1 2; 3], b)"), "row has 1 number and");
}

TEST(ImportMatlab, QuotesTransposeAndPercentComments) {
    const ImportedLayer layer =
        import_layer("a = [1 2 3]'; % conv2(x, y) is 'next'\nb = ones(2); conv2(a, b', 'same')");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 1, 3, 1}));
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{2, 2}));
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::octave_same);
}

TEST(ImportMatlab, OtherFunctions) {
    const ImportedLayer filter = import_layer("filter2([1 2 3], magic(4))");
    EXPECT_EQ(filter.layer.spec.kernel, (Size2{1, 3}));
    EXPECT_FALSE(filter.layer.spec.flip_kernel);
    EXPECT_EQ(filter.layer.spec.pad_rule, PadRule::octave_same);
    EXPECT_FALSE(spec_of("xcorr2(a, b)").flip_kernel);
    EXPECT_EQ(spec_of("xcorr2(a, b)").pad_rule, PadRule::full);
    const ConvSpec border = spec_of("imfilter(A, h, 'replicate', 'conv')");
    EXPECT_EQ(border.pad_mode, PadMode::replicate);
    EXPECT_TRUE(border.flip_kernel);
    EXPECT_EQ(border.pad_rule, PadRule::octave_imfilter);
    EXPECT_EQ(spec_of("imfilter(A, h, 0.5, 'full')").pad_value, 0.5);
    EXPECT_EQ(spec_of("imfilter(A, h, 0.5, 'full')").pad_rule, PadRule::full);
}

TEST(ImportScipy, ReadsItsFilters) {
    const ImportedLayer layer =
        import_layer("signal.convolve2d(a, np.array([[1, 2], [3, 4]]), mode='same', boundary='symm')");
    EXPECT_EQ(layer.program, "SciPy");
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::scipy_convolve2d_same);
    EXPECT_EQ(layer.layer.spec.pad_mode, PadMode::symmetric);
    EXPECT_TRUE(layer.layer.spec.flip_kernel);
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, 2, 3, 4}));
    EXPECT_EQ(spec_of("scipy.signal.correlate2d(a, k, 'same', 'fill', 7)").pad_rule, PadRule::scipy_correlate2d_same);
    EXPECT_EQ(spec_of("scipy.signal.correlate2d(a, k, 'same', 'fill', 7)").pad_value, 7);
    EXPECT_EQ(spec_of("convolve2d(a, k)").pad_rule, PadRule::full);
    const ConvSpec mirror = spec_of("scipy.ndimage.convolve(x, k, mode='mirror')");
    EXPECT_EQ(mirror.pad_mode, PadMode::reflect);
    EXPECT_EQ(mirror.pad_rule, PadRule::ndimage_convolve);
    EXPECT_EQ(spec_of("ndimage.correlate(x, k)").pad_mode, PadMode::symmetric);
    EXPECT_EQ(spec_of("ndimage.correlate(x, np.ones((3, 4)), origin=(1, -1))").pads, (Pads{2, 0, 1, 2}));
    EXPECT_EQ(spec_of("ndimage.convolve(x, np.ones((3, 4)), origin=(1, -1))").pads, (Pads{0, 2, 2, 1}));
}

TEST(ImportMatlab, NamedKernelsAreMade) {
    const ImportedLayer gaussian = import_layer("imfilter(A, fspecial('gaussian',5,1), 'symmetric')");
    EXPECT_EQ(gaussian.layer.spec.kernel, (Size2{5, 5}));
    EXPECT_NEAR(numbers(gaussian.weight)[0], 0.0029690167439504977, 1e-15);
    EXPECT_NEAR(numbers(gaussian.weight)[7], 0.0983203313488457868, 1e-15);
    EXPECT_FALSE(has_note(gaussian, "not told; a 3×3"));
    EXPECT_EQ(import_layer("h = fspecial('average', [2 3]);\nB = filter2(h, A);").layer.spec.kernel, (Size2{2, 3}));
    EXPECT_EQ(numbers(import_layer("conv2(A, fspecial('sobel'))").weight),
              (std::vector<double>{1, 2, 1, 0, 0, 0, -1, -2, -1}));
    EXPECT_TRUE(has_note(import_layer("imfilter(A, fspecial('log'))"),
                         "h is made by fspecial(...), whose numbers are not read; a 3×3 kernel was taken"));
    EXPECT_TRUE(has_note(import_layer("imfilter(A, h)"), "h's shape is not told; a 3×3 kernel was taken"));
    expect_contains(refusal("imfilter(A, fspecial('gaussian', 5, -1))"),
                    "sigma must be from 0.001 to 1000000; it is -1");
    expect_contains(refusal("imfilter(A, fspecial('gaussian', 0))"), "must be whole numbers from 1 to 999; it has 0");
    expect_contains(refusal("imfilter(A, fspecial('blur', 5))"), "\"blur\" must be one of average, disk, gaussian");
}

TEST(ImportMatlab, MatricesAreJoined) {
    const auto of = [](const std::string& kernel) {
        const ImportedLayer layer = import_layer("a = [1 2; 3 4]; r = [5 6];\nconv2(ones(9), " + kernel + ")");
        const Size2 size = layer.layer.spec.kernel;
        std::vector<double> all{static_cast<double>(size.h), static_cast<double>(size.w)};
        for (const double number : numbers(layer.weight)) all.push_back(number);
        return all;
    };
    using Cells = std::vector<double>;
    EXPECT_EQ(of("[a; r]"), (Cells{3, 2, 1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(of("[a a]"), (Cells{2, 4, 1, 2, 1, 2, 3, 4, 3, 4}));
    EXPECT_EQ(of("[a, [5; 6]]"), (Cells{2, 3, 1, 2, 5, 3, 4, 6}));
    EXPECT_EQ(of("[[1 2] 3]"), (Cells{1, 3, 1, 2, 3}));
    EXPECT_EQ(of("[r r; 1 2 3 4]"), (Cells{2, 4, 5, 6, 5, 6, 1, 2, 3, 4}));
    EXPECT_EQ(of("[[] r]"), (Cells{1, 2, 5, 6}));
    expect_contains(refusal("a = [1 2; 3 4];\nconv2(ones(9), [a; 1 2 3])"),
                    "this row has 3 numbers and the first has 2");
}

TEST(ImportMatlab, PlainTransposeAndHalfTurn) {
    EXPECT_EQ(import_layer("conv2(ones(5), [1 2 3].')").layer.spec.kernel, (Size2{3, 1}));
    EXPECT_EQ(numbers(import_layer("a = [1 2; 3 4];\nconv2(ones(5), a.')").weight), (std::vector<double>{1, 3, 2, 4}));
    const ImportedLayer half = import_layer("conv2(ones(5), rot90([1 2; 3 4], 2))");
    EXPECT_EQ(numbers(half.weight), (std::vector<double>{1, 2, 3, 4}));
    EXPECT_FALSE(half.layer.spec.flip_kernel) << "conv2 turns it back";
    EXPECT_EQ(numbers(import_layer("k = zeros(2); k(1, 2) = 5;\nconv2(ones(5), k)").weight),
              (std::vector<double>{0, 5, 0, 0}));
}

// "Invalid origin; origin must satisfy -(weights.shape[k] // 2) <= origin[k] <= (weights.shape[k]-1) // 2"
TEST(ImportScipy, OriginsStayInsideTheKernel) {
    expect_contains(refusal("ndimage.convolve(x, np.ones((3, 3)), origin=2)"),
                    "is outside of the kernel, which SciPy rejects");
    EXPECT_EQ(refusal("ndimage.convolve(x, np.ones((4, 4)), origin=-2)"), "");
    expect_contains(refusal("ndimage.convolve(x, np.ones((4, 4)), origin=2)"), "is outside");
    expect_contains(refusal("signal.convolve2d(a, k, 'Same')"), "did you mean \"same\"?");
}

TEST(ImportScipy, TypesThatResultsAreStoredInAreNamed) {
    const auto stored = [](const std::string& output) {
        return has_note(import_layer("ndimage.convolve(x, np.ones((3, 3)), " + output + ")"), "is stored as");
    };
    EXPECT_TRUE(stored("output=np.uint8"));
    EXPECT_TRUE(stored("output='int16'"));
    EXPECT_TRUE(stored("np.float16"));
    EXPECT_TRUE(stored("output=np.empty((5, 5), np.uint8)"));
    EXPECT_FALSE(stored("output=np.float64"));
    EXPECT_FALSE(stored("output=None"));
}

TEST(ImportMatlab, ImfilterKeepsTheClassOfItsImage) {
    const auto cuts = [](const std::string& text) { return has_note(import_layer(text), "stored in the class of A"); };
    EXPECT_TRUE(cuts("A = imread('cameraman.tif'); B = imfilter(A, ones(3) / 9);"));
    EXPECT_TRUE(cuts("B = imfilter(uint8([1 2; 3 250]), [-1 0 1]);"));
    EXPECT_FALSE(cuts("B = imfilter([1 2; 3 250], [-1 0 1]);"));
}

// The region of an array of equal numbers that another number fills is part of the picture, and no border is around it.
TEST(ImportScipy, ANumberInARegionIsNoPictureWithABorder) {
    const ImportedLayer edge = import_layer("x = np.zeros((6, 7)); x[:, 3:] = 10\ny = correlate2d(x, [[1, 0, -1]])");
    ASSERT_EQ(edge.layer.input, (Shape4{1, 1, 6, 7}));
    ASSERT_TRUE(edge.input);
    EXPECT_EQ(edge.input->at(0, 0, 2, 2), 0);
    EXPECT_EQ(edge.input->at(0, 0, 2, 3), 10);
    EXPECT_FALSE(has_note(edge, "border"));
    const ImportedLayer padded =
        import_layer("x = np.zeros((5, 6))\nx[1:4, 2:4] = np.ones((3, 2))\ny = correlate2d(x, [[1, 0]], 'valid')");
    EXPECT_EQ(padded.layer.input, (Shape4{1, 1, 3, 2}));
    EXPECT_EQ(padded.layer.spec.pads, (Pads{1, 1, 2, 2}));
}

// conv2(u, v, A): u filters the columns of A, v its rows.
TEST(ImportMatlab, AColumnAndARowOfWeightsAreOneKernel) {
    const ImportedLayer layer = import_layer("u = [1; 2; 1]; v = [1 0 -1];\nC = conv2(u, v, [1 2; 3 4; 5 6], 'same');");
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, 0, -1, 2, 0, -2, 1, 0, -1}));
    EXPECT_EQ(layer.layer.input, (Shape4{1, 1, 3, 2}));
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::octave_same);
    EXPECT_TRUE(layer.layer.spec.flip_kernel);
    const ImportedLayer full = import_layer("conv2([1 2], [3 4 5], A)");
    EXPECT_EQ(full.layer.spec.kernel, (Size2{2, 3})) << "both are vectors, a row among them";
    EXPECT_EQ(numbers(full.weight), (std::vector<double>{3, 4, 5, 6, 8, 10}));
    EXPECT_EQ(full.layer.spec.pad_rule, PadRule::full);
    EXPECT_TRUE(has_note(import_layer("conv2(u, v, A)"), "numbers of u and v, a column and a row of weights"));
    expect_contains(refusal("function C = f(A, B, shape)\nC = conv2(A, B, shape);"), "is a variable");
}

// The numbers are those of SciPy's rule: correlate2d(in1, in2, "valid") of a smaller in1 is correlate2d(in2, in1) turned
// by 180 degrees.
TEST(ImportFilters, ScipyTakesTheLargerArrayForTheInput) {
    const std::string arrays = "k = np.array([[1., 2], [3, 4]])\nx = np.array([[1., 2, 3], [4, 5, 6]])\n";
    const ImportedLayer correlation = import_layer(arrays + "y = signal.correlate2d(k, x, mode='valid')");
    EXPECT_EQ(correlation.layer.input, (Shape4{1, 1, 2, 3}));
    EXPECT_EQ(numbers(correlation.weight), (std::vector<double>{1, 2, 3, 4}));
    EXPECT_EQ(numbers(correlation.input), (std::vector<double>{6, 5, 4, 3, 2, 1}));
    EXPECT_TRUE(correlation.layer.spec.flip_kernel);
    const Tensor<double> input = *correlation.input;
    const auto output = [&](std::int64_t x) {  // a convolution, at the place x of one row
        return 4 * input.at(0, 0, 0, x) + 3 * input.at(0, 0, 0, x + 1) + 2 * input.at(0, 0, 1, x) +
               input.at(0, 0, 1, x + 1);
    };
    EXPECT_EQ(output(0), 1 * 2 + 2 * 3 + 3 * 5 + 4 * 6);
    EXPECT_EQ(output(1), 1 * 1 + 2 * 2 + 3 * 4 + 4 * 5);
    EXPECT_TRUE(has_note(correlation, "in1 of signal.correlate2d is the smaller array"));
    const ImportedLayer convolution = import_layer(arrays + "y = signal.convolve2d(k, x, 'valid')");
    EXPECT_EQ(numbers(convolution.input), (std::vector<double>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(numbers(convolution.weight), (std::vector<double>{1, 2, 3, 4}));
    EXPECT_TRUE(convolution.layer.spec.flip_kernel);
    EXPECT_EQ(import_layer(arrays + "y = signal.convolve2d(k, x, 'full')").layer.input, (Shape4{1, 1, 2, 2}));
    const ImportedLayer padded =
        import_layer(arrays + "y = signal.correlate2d(k, np.pad(x, ((1, 0), (0, 2))), 'valid')");
    EXPECT_EQ(padded.layer.spec.pads, (Pads{0, 1, 2, 0}));
}

TEST(ImportFilters, AnAxisOfLengthOneIsNoAxisOfAPlane) {
    const ImportedLayer layer = import_layer("g = ndimage.correlate(img, np.arange(9.).reshape(1, 3, 3))");
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
    EXPECT_TRUE(has_note(layer, "has 3 axes and is one plane of 3×3"));
}

}  // namespace
}  // namespace convlens
