// Texts as people paste them, from questions and tutorials: what changes the result is read, or named truly.
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

TEST(ImportPasted, AKernelIsRepeatedForEachChannel) {
    const ImportedLayer layer = import_layer(
        "class Blur(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        kernel = [[1., 2.], [3., 4.]]\n"
        "        kernel = torch.FloatTensor(kernel).unsqueeze(0).unsqueeze(0) / 2\n"
        "        kernel = kernel.repeat(3, 1, 1, 1)\n"
        "        self.weight = nn.Parameter(data=kernel, requires_grad=False)\n"
        "    def forward(self, x):\n"
        "        return F.conv2d(x, self.weight, groups=3)\n");
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{0.5, 1, 1.5, 2, 0.5, 1, 1.5, 2, 0.5, 1, 1.5, 2}));
    EXPECT_EQ(in_words(layer.notes), (std::vector<std::string>{"the input's size is not told; 5×5 was taken"}));
    EXPECT_EQ(numbers(import_layer("convolve2d(x, np.tile(np.array([[1, 2]]), (2, 2)))").weight),
              (std::vector<double>{1, 2, 1, 2, 1, 2, 1, 2}));
    EXPECT_TRUE(has_note(import_layer("k = np.array([[1, 2]])\nconvolve2d(x, k.repeat(2, 0))"), "repeat"))
        << "NumPy's repeat is another function";
    const ImportedLayer unread = import_layer("F.conv2d(x, nn.Parameter(kernel.tril()))");
    EXPECT_FALSE(has_note(unread, "changed by nn.Parameter"));
}

TEST(ImportPasted, WhatMakesAnUnknownKernelIsNamedByItsCall) {
    EXPECT_TRUE(has_note(import_layer("k = np.loadtxt('k.txt')\ny = cv2.filter2D(x, -1, k)"),
                         "kernel is made by np.loadtxt(...)"));
    EXPECT_TRUE(has_note(import_layer("k = torch.einsum('i,j->ij', g, g)\ny = F.conv2d(x, k[None, None])"),
                         "weight is made by torch.einsum(...)"));
    const ImportedLayer loop = import_layer(
        "class Edges(nn.Module):\n    def __init__(self):\n        for name, v in kernels.items():\n"
        "            self.register_buffer(name, torch.tensor(v))\n    def forward(self, x):\n"
        "        return F.conv2d(x, self.sobel)\n");
    EXPECT_TRUE(has_note(loop, "self.register_buffer(name, torch.tensor(v))")) << "its name may be sobel";
}

TEST(ImportPasted, TheWeightsOfAKerasLayerAreAnArgumentOrAVariable) {
    const std::string kernel = "k = np.array([[1, 2], [3, 4]]).reshape(2, 2, 1, 1)\n";
    const ImportedLayer argument = import_layer(kernel + "layer = layers.Conv2D(1, 2, use_bias=False, weights=[k])");
    EXPECT_EQ(numbers(argument.weight), (std::vector<double>{1, 2, 3, 4}));
    const ImportedLayer variable = import_layer(
        kernel + "w = [k, np.array([7])]\nlayer = layers.Conv2D(1, 2)\nlayer.set_weights(w)\ny = layer(x)");
    EXPECT_EQ(numbers(variable.weight), (std::vector<double>{1, 2, 3, 4}));
    EXPECT_EQ(numbers(variable.bias), (std::vector<double>{7}));
    EXPECT_TRUE(has_note(import_layer("layer = layers.Conv2D(1, 2, weights=trained)"), "weights of Conv2D"));
}

// Scharr's operator in SciPy's documentation.
TEST(ImportPasted, ComplexNumbersAreNotReadAndKeepTheirPlace) {
    const ImportedLayer layer = import_layer(
        "scharr = np.array([[ -3-3j, 0-10j,  +3 -3j], [-10+0j, 0+ 0j, +10 +0j], [ -3+3j, 0+10j,  +3 +3j]])\n"
        "grad = signal.convolve2d(ascent, scharr, boundary='symm', mode='same')");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 3}));
    EXPECT_FALSE(layer.weight);
    EXPECT_TRUE(has_note(layer, "a complex number of in2 of signal.convolve2d is not read"));
    const ImportedLayer part = import_layer("F.conv2d(x, torch.tensor([[1j, 0], [0, 1]]).view(1, 1, 2, 2))");
    EXPECT_EQ(part.layer.spec.kernel, (Size2{2, 2})) << "the shape is told";
    EXPECT_TRUE(has_note(part, "a complex number of weight of F.conv2d is not read"));
    EXPECT_EQ(numbers(import_layer("j = 2\nF.conv2d(x, torch.tensor([[[[1, j]]]]))").weight),
              (std::vector<double>{1, 2}));
    EXPECT_FALSE(import_layer("C = conv2(A, [1 2i])").weight);
}

TEST(ImportPasted, TheFunctionsOfJaxScipyAreScipys) {
    const std::string call = "y = convolve2d(x, jnp.ones((3, 3)) / 9, mode='same')";
    const ImportedLayer layer = import_layer("from jax.scipy.signal import convolve2d\n" + call);
    EXPECT_EQ(layer.program, "SciPy");
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::scipy_convolve2d_same);
    EXPECT_EQ(import_layer("import jax.scipy as jsp\ny = jsp.signal.convolve2d(x, k)").program, "SciPy");
    EXPECT_EQ(import_layer("y = jax.scipy.signal.convolve2d(x, k)").program, "SciPy");
}

TEST(ImportPasted, WhatALayerIsGivenToIsNamed) {
    const auto given = [](const std::string& text) { return has_note(import_layer(text), "which may change it"); };
    EXPECT_TRUE(given("conv = nn.utils.spectral_norm(nn.Conv2d(3, 8, 3))"));
    EXPECT_TRUE(given("conv = weight_norm(nn.Conv1d(3, 8, 3), dim=None)\ny = conv(x)"));
    EXPECT_FALSE(given("net = nn.Sequential(nn.Conv2d(3, 8, 3))"));
    EXPECT_FALSE(given("layers.append(nn.Conv2d(3, 8, 3))"));
    EXPECT_FALSE(given("y = F.relu(nn.Conv2d(3, 8, 3)(x))"));
}

TEST(ImportPasted, RefusalsNameTheLibrary) {
    expect_contains(refusal("auto c = torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 64, 7).stride(2).padding(3));"),
                    "Conv2dOptions is of PyTorch's C++, which is not read");
    expect_contains(refusal("net = tf.layers.conv2d(inputs, 32, [5, 5], strides=2, padding='same')"),
                    "tf.layers.conv2d is a function of TensorFlow 1, which is not read");
    for (const std::string text : {"import jittor as jt\nfrom jittor import nn\nconv = nn.Conv2d(3, 16, 3)",
                                   "import oneflow as flow\nm = flow.nn.Conv2d(16, 33, 3)",
                                   "from mxnet.gluon import nn\nnet = nn.Conv2D(channels=6, kernel_size=5)"})
        expect_contains(refusal(text), "layers are not read");
}

// The node of ONNX's documentation, whose arrays are variables with its inputs' names.
TEST(ImportPasted, TheInputsOfANodeMayBeVariablesBehindIt) {
    const ImportedLayer layer = import_layer(
        "node = onnx.helper.make_node('Conv', inputs=['x', 'W'], outputs=['y'], kernel_shape=[1, 2])\n"
        "x = np.array([[[[0., 1., 2.], [5., 6., 7.]]]]).astype(np.float32)\n"
        "W = np.array([[[[1., 3.]]]]).astype(np.float32)\n");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 1, 2, 3}));
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, 3}));
    EXPECT_TRUE(has_note(layer, "the node's input W was taken to be the variable of that name"));
}

TEST(ImportPasted, WhatMakesAKernelIsNoChangeOfOne) {
    const ImportedLayer layer = import_layer(
        "g = cv2.getGaborKernel((21, 21), 8.0, np.pi/4, 10.0, 0.5, 0, ktype=cv2.CV_32F)\nf = cv2.filter2D(img, -1, g)");
    EXPECT_TRUE(has_note(layer, "kernel is made by cv2.getGaborKernel(...)"));
    EXPECT_FALSE(has_note(layer, "changed by cv2.getGaborKernel"));
}

// OpenCV's tutorial of filters of one's own.
TEST(ImportPasted, ALoopAroundAFilterReadsAnotherPictureThanItSets) {
    const ImportedLayer layer = import_layer(
        "int main( int argc, char** argv )\n{\n    Mat src, dst;\n    Mat kernel;\n    int kernel_size;\n"
        "    src = imread( samples::findFile( imageName ), IMREAD_COLOR );\n    int ind = 0;\n    for(;;)\n    {\n"
        "        kernel_size = 3 + 2*( ind%5 );\n"
        "        kernel = Mat::ones( kernel_size, kernel_size, CV_32F )/ (float)(kernel_size*kernel_size);\n"
        "        filter2D(src, dst, src.depth() , kernel, Point( -1, -1 ), 0, BORDER_DEFAULT );\n"
        "        if( (char)waitKey(500) == 27 ) { break; }\n        ind++;\n    }\n    return 0;\n}\n");
    EXPECT_EQ(numbers(layer.weight), std::vector<double>(9, 1.0 / 9));
    EXPECT_FALSE(has_note(layer, "on its own result"));
    EXPECT_TRUE(has_note(layer, "results are stored in the source's type"));
    EXPECT_TRUE(has_note(layer, "not read: line 14 `ind++`")) << "later kernels are larger";
    EXPECT_TRUE(has_note(import_layer("Mat kernel = Mat::ones(3, 3, CV_32F);\nwhile (true) {\n"
                                      "    filter2D(img, img, -1, kernel);\n}\n"),
                         "on its own result"));
}

}  // namespace
}  // namespace convlens
