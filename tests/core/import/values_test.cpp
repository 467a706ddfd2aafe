#include "core/conv/validate.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

TEST(ImportValues, ArithmeticAndVariablesOfTheText) {
    EXPECT_EQ(spec_of("k = 5\nnn.Conv2d(3, 2 * 8, k, padding=k // 2)").pads, Pads::all(2));
    EXPECT_EQ(spec_of("nn.Conv2d(1, 2**4 - 1, (7 - 2) // 2 + 1)").out_channels, 15);
    EXPECT_EQ(spec_of("k = 5\nk = k + 2\nnn.Conv2d(3, 1, k)").kernel, (Size2{7, 7}));
    EXPECT_EQ(spec_of("nn.Conv2d(1, 1, 3, padding=\u22121)").pads, Pads::all(-1));  // the minus of word processors
}

TEST(ImportValues, AVariableThatIsNotSetIsRefusedWithItsArgument) {
    const std::string error = refusal("nn.Conv2d(3, 16, k)");
    expect_contains(error, "line 1, column 18");
    expect_contains(error, "kernel_size of nn.Conv2d: k is a variable");
    expect_contains(error, "kernel_size=1");
    expect_contains(refusal("nn.Conv2d(3, 16, 3, padding=p)"), "padding of nn.Conv2d: p is a variable");
    expect_contains(refusal("nn.Conv2d(3, 16, 3, padding_mode=m)"), "write one of zeros, reflect, replicate, circular");
    expect_contains(refusal("k += 1\nnn.Conv2d(3, 16, 2 * k)"), "kernel_size of nn.Conv2d");
    expect_contains(refusal("nn.Conv2d(3, 16, get(3))"), "get(...) is not a number");
    expect_contains(refusal("nn.Conv2d(3, 16, 3 if a else 5)"),
                    "kernel_size of nn.Conv2d: 3 if a else 5 is not a number");
}

TEST(ImportValues, NumbersThatCannotBeSettingsAreRefused) {
    expect_contains(refusal("nn.Conv2d(3, 16, 2.5)"), "2.5 is not a whole number");
    expect_contains(refusal("nn.Conv2d(3, 16, 1e30)"), "too large");
    expect_contains(refusal("nn.Conv2d(3, 16, 1/0)"), "this divides by zero");
    expect_contains(refusal("nn.Conv2d(3, 16, (1, 2, 3))"), "has 3 numbers; write one, or two");
    expect_contains(refusal("F.conv2d(x, torch.tensor([[[[1, 2], [3]]]]))"), "row has 1 number and the first has 2");
}

TEST(ImportValues, ImpossibleSettingsAreTaken) {
    const ImportedLayer layer = import_layer("nn.Conv2d(3, 16, 0, stride=-1, padding=-2, groups=0)");
    EXPECT_EQ(layer.layer.spec.stride, (Size2{-1, -1}));
    EXPECT_EQ(layer.layer.spec.groups, 0);
    EXPECT_FALSE(validate(layer.layer).empty());
    EXPECT_EQ(import_layer("nn.Conv2d(1, 1, 9007199254740991, dilation=9007199254740991)").layer.input,
              (Shape4{1, 1, 5, 5}));
}

TEST(ImportValues, ANumberThatIsTooLargeIsQuotedAsItIsWritten) {
    struct Row {
        const char* text;
        const char* said;
    };
    for (const Row& row : {
             Row{"nn.Conv2d(3, 8, 3, stride=9223372036854775808)", ": 9223372036854775808 is too large"},
             Row{"nn.Conv2d(3, 8, 3, stride=9007199254740993)", ": 9007199254740993 is too large"},
             Row{"nn.Conv2d(3, 8, 3, stride=2**53)", ": 2**53 is too large; write a number below 2^53"},
             Row{"nn.Conv2d(3, 8, 3, stride=-(2 ** 63))", ": -(2 ** 63) is too large"},
             Row{"s = 2**63\nnn.Conv2d(3, 8, 3, s)", "line 1, column 5: stride of nn.Conv2d: 2**63 is too large"},
             Row{"F.conv2d(torch.ones(1, 3, 9223372036854775808, 5), w)",
                 "a length of 9223372036854775808 is too large"},
             Row{"up = nn.ConvTranspose2d(3, 8, 3)\nup(x, output_size=(2**63, 7))", "a length of 2**63 is too large"},
             Row{"nn.Sequential(nn.ZeroPad2d(2**63), nn.Conv2d(3, 8, 3))", "a padding of 2**63 is too large"},
             Row{"F.conv2d(F.pad(x, (2**41, 0)), w)", "a padding of 2**41 is too large; write a number below 2^40"},
             Row{"tf.nn.conv2d(x, w, 1, [[0, 0], [0, 0], [1, 9223372036854775807], [0, 0]])",
                 ": 9223372036854775807 is too large"},
             Row{"keras.Sequential([keras.Input(shape=(2**63, 28, 1)), keras.layers.Conv2D(8, 3)])",
                 "a length of 2**63 is too large"},
             Row{"signal.convolve2d(np.pad(x, 2**63), k)", "a padding of 2**63 is too large"},
             Row{"Conv(X, W, pads=[9223372036854775807, 0, 0, 0])", ": 9223372036854775807 is too large"},
             Row{"nn.Conv2d(3, 8, 4 / 2)", ": 4 / 2 is a float"},
             Row{"F.conv_transpose2d(x, torch.ones(9007199254740991, 9007199254740991, 1, 1), groups=9007199254740991)",
                 "9007199254740991 groups of 9007199254740991 channels each are too many to count"},
             Row{"DepthwiseConv2D(3, depth_multiplier=9007199254740991, input_shape=(5, 5, 9007199254740991))",
                 "are too many to count"},
         }) {
        expect_contains(refusal(row.text), row.said);
    }
    EXPECT_EQ(spec_of("nn.Conv2d(3, 8, 3, stride=9007199254740991)").stride.h, 9007199254740991);
}

TEST(ImportValues, ASetWithoutEndIsRefused) {
    std::string doubling = "a0 = [1, 1]\n";
    for (int i = 1; i < 40; ++i)
        doubling += "a" + std::to_string(i) + " = [a" + std::to_string(i - 1) + ", a" + std::to_string(i - 1) + "]\n";
    expect_contains(refusal(doubling + "F.conv2d(a39, w)"), "too much to work out");
    std::string chain = "a0 = 1\n";
    for (int i = 1; i < 5000; ++i) chain += "a" + std::to_string(i) + " = a" + std::to_string(i - 1) + " + 1\n";
    expect_contains(refusal(chain + "nn.Conv2d(1, 1, a4999)"), "too many variables");
    std::string cells = "a0 = np.zeros((3, 3))\n";
    for (int i = 1; i < 5000; ++i) {
        const std::string name = "a" + std::to_string(i);
        cells += name + " = np.zeros((3, 3))\n" + name + "[0, 0] = a" + std::to_string(i - 1) + "[0, 0]\n";
    }
    expect_contains(refusal(cells + "signal.convolve2d(a4999, k)"), "too many variables");
    expect_contains(refusal("nn.Conv2d(" + std::string(5000, '(') + "3"), "within each other");
    expect_contains(refusal("nn.Conv2d(" + std::string(5000, '[') + "3"), "within each other");
    expect_contains(refusal("nn.Conv2d(" + std::string(5000, '-') + "3"), "within each other");
    std::string large = "x = [";
    for (int i = 0; i < 5000; ++i) large += "np.ones((512, 512)), ";
    const ImportedLayer layer = import_layer(large + "]\nF.conv2d(x, torch.ones(1, 5000, 3, 3))");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 5000, 512, 512}));
    EXPECT_FALSE(layer.input.has_value());
    std::string sum = "nn.Conv2d(a";
    for (int i = 0; i < 5000; ++i) sum += "+a";
    expect_contains(refusal(sum + ")"), "too deep");
    expect_contains(refusal(std::string(kMaxImportBytes + 1, ' ')), "paste the layer alone");
}

TEST(ImportValues, AShapeWithAnUnknownLengthIsNotTold) {
    const ImportedLayer imported = import_layer("nn.MaxPool2d(2)(torch.randn(8, C, 28, 28))");
    EXPECT_NE(imported.layer.input, (Shape4{1, 8, 28, 28}));
    EXPECT_FALSE(imported.notes.empty());
}

TEST(ImportValues, DigitsMayBeJoined) {
    EXPECT_EQ(spec_of("nn.Conv2d(1, 1_024, 3)").out_channels, 1024);
    EXPECT_EQ(numbers(import_layer("F.conv2d(torch.tensor([[[[1_000.5, 1e-3, .5]]]]), torch.ones(1,1,1,1))").input),
              (std::vector<double>{1000.5, 0.001, 0.5}));
}

// TypeError of PyTorch, "must be tuple of ints, but got float"; ValueError of Keras.
TEST(ImportValues, FloatsAndTruthsAreNoCounts) {
    expect_contains(refusal("nn.Conv2d(3, 16, 3.0)"), "kernel_size of nn.Conv2d: 3.0 is a float");
    expect_contains(refusal("nn.Conv2d(3, 1e3, 3)"), "1e3 is a float, which Python's programs reject here; write 1000");
    expect_contains(refusal("nn.Conv2d(3, 16, 3, padding=(3 - 1) / 2)"), "write 1");
    expect_contains(refusal("k = 3.0\nnn.Conv2d(3, 16, k)"), "3.0 is a float");
    expect_contains(refusal("nn.Conv2d(4, 16, 3, groups=True)"), "groups of nn.Conv2d: True is a truth value");
    expect_contains(refusal("nn.Conv2d(4, 16, (3, False))"), "False is a truth value");
    EXPECT_EQ(spec_of("k = 5\nnn.Conv2d(3, 16, k, padding=int((k - 1) / 2))").pads, Pads::all(2));
    EXPECT_EQ(spec_of("imfilter(A, ones(3.0))").kernel, (Size2{3, 3}));
}

TEST(ImportValues, ListsAreIndexed) {
    EXPECT_EQ(spec_of("k = [3, 5]\nnn.Conv2d(1, 1, (k[1], k[0]))").kernel, (Size2{5, 3}));
    expect_contains(refusal("k = [3, 5]\nnn.Conv2d(1, 1, k[2])"), "is not a number");
}

TEST(ImportValues, KernelsAreTurnedAndReordered) {
    const std::string x = "x = torch.ones(1, 1, 4, 4)\nw = torch.tensor([[[[1., 2], [3, 4]]]])\n";
    for (const char* turned :
         {"w.flip(-2, -1)", "w[..., ::-1, ::-1]", "w[:, :, ::-1, ::-1]", "torch.flip(w, [2, 3])"}) {
        const ImportedLayer layer = import_layer(x + "F.conv2d(x, " + turned + ")");
        EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, 2, 3, 4})) << turned;
        EXPECT_TRUE(layer.layer.spec.flip_kernel) << turned;
    }
    EXPECT_FALSE(spec_of(x + "F.conv2d(x, w.flip(2, 3).flip(2, 3))").flip_kernel) << "twice is not at all";
    EXPECT_EQ(numbers(import_layer(x + "F.conv2d(x, w.transpose(2, 3))").weight), (std::vector<double>{1, 3, 2, 4}));
    EXPECT_EQ(numbers(import_layer(x + "F.conv2d(x, w.permute(0, 1, 3, 2))").weight),
              (std::vector<double>{1, 3, 2, 4}));
    EXPECT_EQ(numbers(import_layer(x + "F.conv2d(x, w[..., 1:])").weight), (std::vector<double>{2, 4}));
    EXPECT_EQ(numbers(import_layer(x + "F.conv2d(x, w[:, :, ::-1])").weight), (std::vector<double>{3, 4, 1, 2}));
}

TEST(ImportValues, CellsThatAreSetAreFollowed) {
    const std::string x = "x = torch.ones(1, 1, 4, 4)\nw = torch.tensor([[[[1., 2], [3, 4]]]])\n";
    EXPECT_EQ(numbers(import_layer(x + "w[0, 0, 1] = 7\nF.conv2d(x, w)").weight), (std::vector<double>{1, 2, 7, 7}));
    EXPECT_EQ(numbers(import_layer("k = zeros(2, 3);\nk(2, 1:2:end) = [5 6];\nconv2(ones(9), k)").weight),
              (std::vector<double>{0, 0, 0, 5, 0, 6}));
    EXPECT_EQ(numbers(import_layer("s = np.zeros((3, 3))\ns[::2, ::2] = [[1, 2], [3, 4]]\nconvolve2d(a, s)").weight),
              (std::vector<double>{1, 0, 2, 0, 0, 0, 3, 0, 4}));
    const ImportedLayer branch = import_layer(x + "if turned:\n    w[0] = 7\nF.conv2d(x, w)");
    EXPECT_FALSE(branch.weight) << "whether they are set is not told";
    EXPECT_TRUE(has_note(branch, "weight of F.conv2d is changed by the cells that are set before"));
}

}  // namespace
}  // namespace convlens
