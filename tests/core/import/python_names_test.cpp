// What the names of a pasted Python text mean is what they mean to Python: which value a name has, which layer it is, and
// whose self it stands behind. Where the text does not tell, the reason names what gives the name its value.
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

using Numbers = std::vector<double>;

std::string in_class(std::string_view name, std::string_view body) {
    return "class " + std::string(name) + "(nn.Module):\n" + std::string(body);
}

struct Kernel {
    std::string text;
    std::int64_t kernel;  // of the first layer
};

TEST(PythonNames, ALayerTakesTheValueThatItsNameHasThere) {
    const Kernel rows[] = {
        // NOLINT(modernize-avoid-c-arrays)
        // A parameter hides the name outside of its function.
        {"k = 7\nclass Net:\n    def __init__(self, k=3):\n        self.conv = nn.Conv2d(1, 1, k)", 3},
        {"class Net:\n    def __init__(self, k=3):\n        self.conv = nn.Conv2d(1, 1, k)\nk = 7", 3},
        {"k = 7\ndef block(k=2):\n    return nn.Conv2d(1, 1, k)", 2},
        {"k = 7\ndef block(k: int = 2):\n    return nn.Conv2d(1, 1, k)", 2},
        {"k = 7\ndef block(k: Optional[int] = 2):\n    return nn.Conv2d(1, 1, k)", 2},
        {"k = 7\ndef block(*, k=2):\n    return nn.Conv2d(1, 1, k)", 2},
        {"k = 7\ndef block(k=k):\n    return nn.Conv2d(1, 1, k)", 7},
        {"k = 7\ndef block(k=2): return nn.Conv2d(1, 1, k)", 2},
        {"k = 7\ndef block(k=2):\n    k += 1\n    return nn.Conv2d(1, 1, k)", 3},
        {"k = 7\ndef outer(k=2):\n    def inner():\n        return nn.Conv2d(1, 1, k)\n    return inner", 2},
        {"k = 7\ndef block(j=2):\n    return nn.Conv2d(1, 1, k)", 7},
        // The one call of a function tells what it is called with.
        {"k = 7\ndef block(k):\n    return nn.Conv2d(1, 1, k)\nblock(5)", 5},
        {"k = 7\ndef block(k):\n    return nn.Conv2d(1, 1, k)\nblock(k=5)", 5},
        {"k = 7\ndef block(a, k):\n    return nn.Conv2d(1, 1, k)\nblock(1, 5)", 5},
        {"k = 7\ndef block(k):\n    return nn.Conv2d(1, 1, k)\nblock(k)", 7},
        {"k = 7\ndef block(k):\n    return nn.Conv2d(1, 1, k)\nk = 4\nblock(k + 1)", 5},
        {"k = 7\nclass Net:\n    def __init__(self, k=3):\n        self.conv = nn.Conv2d(1, 1, k)\nnet = Net(5)", 5},
        {"k = 7\nclass Net:\n    def __init__(self, k):\n        self.conv = nn.Conv2d(1, 1, k)\nnet = Net(k=5)", 5},
        {"k = 7\nclass Net:\n    def __init__(self, k):\n        super(Net, self).__init__()\n"
         "        self.conv = nn.Conv2d(1, 1, k)\nnet = Net(5)",
         5},
        {"class Net:\n    def __init__(self):\n        self.conv = self.make(4)\n    def make(self, k):\n"
         "        return nn.Conv2d(1, 1, k)",
         4},
        // A class's own names are not seen in its methods, but behind self. and the class.
        {"k = 3\nclass Net:\n    k = 5\n    def __init__(self):\n        self.conv = nn.Conv2d(1, 1, k)", 3},
        {"k = 3\nclass Net:\n    k = 5\n    def __init__(self):\n        self.conv = nn.Conv2d(1, 1, self.k)", 5},
        {"k = 3\nclass Net:\n    k = 5\n    def __init__(self):\n        self.conv = nn.Conv2d(1, 1, Net.k)", 5},
        {"k = 3\nclass Net:\n    k: int = 5\n    def __init__(self):\n        self.conv = nn.Conv2d(1, 1, self.k)", 5},
        {"k = 3\nclass Net:\n    k = 5\n    conv = nn.Conv2d(1, 1, k)", 5},
        {"class Config:\n    k = 5\nconv = nn.Conv2d(1, 1, Config.k)", 5},
        {"class Config:\n    k = 5\ncfg = Config()\nconv = nn.Conv2d(1, 1, cfg.k)", 5},
        {"class A:\n    k = 5\nclass B:\n    k = 2\n    def __init__(self):\n        self.c = nn.Conv2d(1, 1, self.k)",
         2},
        {"class B:\n    def __init__(self):\n        self.k = 2\nclass A:\n    def __init__(self):\n        self.k = "
         "5\n"
         "        self.c = nn.Conv2d(1, 1, self.k)",
         5},
        {"class A:\n    k = 5\nclass B(A):\n    def __init__(self):\n        self.c = nn.Conv2d(1, 1, self.k)", 5},
        {"class Net:\n    def __init__(me):\n        me.k = 2\n        me.c = nn.Conv2d(1, 1, me.k)", 2},
        {"class Out:\n    k = 9\n    class In:\n        k = 4\n        def __init__(self):\n"
         "            self.c = nn.Conv2d(1, 1, self.k)",
         4},
        // Comprehensions and lambdas have names of their own, which are gone behind them.
        {"k = 3\nall = [k for k in (5, 7)]\nconv = nn.Conv2d(1, 1, k)", 3},
        {"k = 3\nf = lambda k: k + 1\nconv = nn.Conv2d(1, 1, k)", 3},
        {"k = 3\nconvs = [nn.Conv2d(1, 1, k) for i in (5, 7)]", 3},
        {"k = 3\nf = lambda x: nn.Conv2d(1, 1, k)", 3},
        {"k = 3\ndef f():\n    global k\n    return nn.Conv2d(1, 1, k)", 3},
        // Assignments of every form.
        {"k: int = 3\nconv = nn.Conv2d(1, 1, k)", 3},
        {"k: Final[int] = 3\nconv = nn.Conv2d(1, 1, k)", 3},
        {"j = k = 3\nconv = nn.Conv2d(1, 1, j)", 3},
        {"j, (k, m) = 1, (3, 4)\nconv = nn.Conv2d(1, 1, k)", 3},
        {"[j, k] = [1, 3]\nconv = nn.Conv2d(1, 1, k)", 3},
        {"sizes = (2, 3)\nj, k = sizes\nconv = nn.Conv2d(1, 1, k)", 3},
        {"j = (k := 3) + 1\nconv = nn.Conv2d(1, 1, k)", 3},
        {"k = 9\nconv = nn.Conv2d(1, (k := 3), k)", 3},
        {"k = 2\nm = (k := k + 1)\nconv = nn.Conv2d(1, 1, k)", 3},
        {"k = 7\nk //= 2\nconv = nn.Conv2d(1, 1, k)", 3},
        {"k = 8\nk %= 5\nconv = nn.Conv2d(1, 1, k)", 3},
        {"k = 2\nk **= 2\nconv = nn.Conv2d(1, 1, k)", 4},
        // Two functions of one name each have their own.
        {"def a():\n    k = 2\n    return nn.Conv2d(1, 1, k)\ndef b():\n    k = 5\n    return k", 2},
        {"def b():\n    k = 5\n    return k\ndef a():\n    k = 2\n    return nn.Conv2d(1, 1, k)", 2},
        {"k = 7\ndef a():\n    k = 2\n    def b():\n        nonlocal k\n        return nn.Conv2d(1, 1, k)\n    return "
         "b",
         2},
    };
    for (const Kernel& row : rows) {
        try {
            EXPECT_EQ(spec_of(row.text).kernel, (Size2{row.kernel, row.kernel})) << row.text;
        } catch (const ImportError& error) {
            ADD_FAILURE() << row.text << "\n" << error.what();
        }
    }
}

struct Refused {
    std::string text;
    std::string words;
};

TEST(PythonNames, WhatHidesANameIsNamedWhereItsValueIsNotTold) {
    const Refused rows[] = {
        // NOLINT(modernize-avoid-c-arrays)
        {"k = 7\ndef block(k):\n    return nn.Conv2d(1, 1, k)",
         "k is a parameter of def block, and the text does not tell what it is called with"},
        {"k = 7\ndef block(k):\n    return nn.Conv2d(1, 1, k)\nblock(3)\nblock(5)", "k is a parameter of def block"},
        {"k = 7\ndef block(k):\n    return nn.Conv2d(1, 1, k)\nmap(block, [3, 5])", "k is a parameter of def block"},
        {"k = 7\ndef block(*k):\n    return nn.Conv2d(1, 1, k)\nblock(3)", "k is a parameter of def block"},
        {"k = 7\ndef block(**k):\n    return nn.Conv2d(1, 1, k)\nblock(k=3)", "k is a parameter of def block"},
        {"k = 7\ndef block(*, k):\n    return nn.Conv2d(1, 1, k)", "k is a parameter of def block"},
        {"k = 7\nclass Net:\n    def __init__(self, k):\n        self.conv = nn.Conv2d(1, 1, k)",
         "k is a parameter of def __init__"},
        {"k = 3\nnn.Sequential(*[nn.Conv2d(1, 1, k) for k in (5, 7)])", "k is set by the comprehension of line 2"},
        {"nn.Sequential(*[nn.Conv2d(1, 1, k) for k in (5, 7)])", "k is set by the comprehension of line 1"},
        {"k = 3\nconvs = {k: nn.Conv2d(1, 1, k) for k in (5, 7)}", "k is set by the comprehension of line 2"},
        {"k = 3\nconvs = [nn.Conv2d(1, 1, k) for j, k in ((1, 5), (2, 7))]", "k is set by the comprehension of line 2"},
        {"k = 3\nf = lambda k: nn.Conv2d(1, 1, k)", "k is a parameter of the lambda of line 2"},
        {"k = 3\nf = lambda k=5: nn.Conv2d(1, 1, k)", "k is a parameter of the lambda of line 2"},
        {"k = 3\nfor k in (5, 7):\n    nn.Conv2d(1, 1, k)", "k is set by the loop of line 2"},
        {"k = 3\nfor i, k in enumerate((5, 7)):\n    nn.Conv2d(1, 1, k)", "k is set by the loop of line 2"},
        {"k = 3\nfor k in (5, 7):\n    pass\nnn.Conv2d(1, 1, k)", "k is set by the loop of line 2"},
        {"k = 3\nwith open('k') as k:\n    nn.Conv2d(1, 1, k)", "k is set by line 2"},
        {"k = 3\nimport sizes as k\nnn.Conv2d(1, 1, k)", "k is imported by line 2"},
        {"k = 3\nfrom sizes import k\nnn.Conv2d(1, 1, k)", "k is imported by line 2"},
        {"k = 3\ntry:\n    f()\nexcept E as k:\n    nn.Conv2d(1, 1, k)", "k is set by line 4"},
        {"k = 3\ndel k\nnn.Conv2d(1, 1, k)", "k is deleted by line 2"},
        {"k = 3\nmatch n:\n    case [k, _]:\n        nn.Conv2d(1, 1, k)", "k is set by line 3"},
        {"k = 3\nk @= 2\nnn.Conv2d(1, 1, k)", "k is a variable whose value, of line 2, is not read"},
        {"k = 3\nk <<= 2\nnn.Conv2d(1, 1, k)", "k is a variable whose value, of line 2, is not read"},
        {"k = 3\n*j, k = 1, 2, 5\nnn.Conv2d(1, 1, k)", "k is a variable whose value, of line 2, is not read"},
        {"k = 3\nj, k = f()\nnn.Conv2d(1, 1, k)", "k is a variable whose value, of line 2, is not read"},
        {"k = 3\ndef f():\n    for k in (5, 7):\n        nn.Conv2d(1, 1, k)", "k is set by the loop of line 3"},
        {"class Net:\n    k = 5\n    def __init__(self):\n        self.conv = nn.Conv2d(1, 1, k)", "k is a variable"},
        {"class A:\n    k = 5\nclass B:\n    def __init__(self):\n        self.conv = nn.Conv2d(1, 1, self.k)",
         "self.k is a variable"},
        {"@dataclass\nclass C:\n    k: int = 5\ncfg = C(k=7)\nnn.Conv2d(1, 1, cfg.k)", "self.k is set by line 3"},
        {"nn.Conv2d(3, 8, 3,, stride=2)", "line 1, column 19: an argument is missing in front of this comma"},
        {"nn.Conv2d(3, 8, 1/0)", "this divides by zero"},
        {"nn.Conv2d(3, 8, 3//0)", "this divides by zero"},
        {"k = 0\nnn.Conv2d(3, 8, 3 % k)", "this divides by zero"},
    };
    for (const Refused& row : rows) {
        SCOPED_TRACE(row.text);
        expect_contains(refusal(row.text), row.words);
        EXPECT_EQ(refusal(row.text).find('\x01'), std::string::npos);
    }
}

TEST(PythonNames, ADefaultMayBeAnother) {
    EXPECT_TRUE(has_note(
        import_layer("k = 7\nclass Net:\n    def __init__(self, k=3):\n        self.conv = nn.Conv2d(1, 1, k)"),
        "k was taken from the default of def __init__; a call of it may give another"));
    EXPECT_FALSE(has_note(import_layer("def block(k=3):\n    return nn.Conv2d(1, 1, k)\nblock(5)"), "default of"));
    EXPECT_TRUE(has_note(import_layer("def block(k=3):\n    return nn.Conv2d(1, 1, k)\nblock(5)\nblock(7)"),
                         "default of def block"));
}

struct Weights {
    std::string text;
    std::size_t which;
    std::optional<double> weight;  // all of the layer's, where the text gives them one number
};

const std::string kTwoNets = in_class("A",
                                      "    def __init__(self):\n        self.conv = nn.Conv2d(1, 1, 2)\n"
                                      "    def forward(self, x):\n        return self.conv(x)\n") +
                             in_class("B",
                                      "    def __init__(self):\n        self.conv = nn.Conv2d(1, 1, 3)\n"
                                      "        nn.init.constant_(self.conv.weight, 7)\n"
                                      "    def forward(self, x):\n        return self.conv(F.pad(x, (1, 1, 1, 1)))\n");

TEST(PythonNames, WhatIsDoneToALayerIsDoneToTheOneOfThatName) {
    const std::string pair = "conv1, conv2 = nn.Conv2d(1, 1, 2), nn.Conv2d(1, 1, 3)\n";
    const std::string init2 = "nn.init.constant_(conv2.weight, 7)";
    const std::string selves =
        "class N(nn.Module):\n    def __init__(self):\n"
        "        self.c1, self.c2 = nn.Conv2d(1, 1, 2), nn.Conv2d(1, 1, 3)\n";
    const Weights rows[] = {
        // NOLINT(modernize-avoid-c-arrays)
        {pair + init2, 0, {}},
        {pair + init2, 1, 7},
        {"(conv1, conv2) = (nn.Conv2d(1, 1, 2), nn.Conv2d(1, 1, 3))\n" + init2, 1, 7},
        {"[conv1, conv2] = nn.Conv2d(1, 1, 2), nn.Conv2d(1, 1, 3)\n" + init2, 0, {}},
        {"a, (conv1, conv2) = 1, (nn.Conv2d(1, 1, 2), nn.Conv2d(1, 1, 3))\n" + init2, 1, 7},
        {selves + "        nn.init.constant_(self.c1.weight, 7)", 0, 7},
        {selves + "        nn.init.constant_(self.c1.weight, 7)", 1, {}},
        {selves + "        nn.init.constant_(self.c2.weight, 7)", 0, {}},
        {selves + "        nn.init.constant_(self.c2.weight, 7)", 1, 7},
        {"a = b = nn.Conv2d(1, 1, 2)\nnn.init.constant_(a.weight, 7)", 0, 7},
        {"a = b = nn.Conv2d(1, 1, 2)\nnn.init.constant_(b.weight, 7)", 0, 7},
        {"a = nn.Conv2d(1, 1, 2)\nb = a\nnn.init.constant_(b.weight, 7)", 0, 7},
        {"conv: nn.Module = nn.Conv2d(1, 1, 2)\nnn.init.constant_(conv.weight, 7)", 0, 7},
        {"conv = (nn.Conv2d(1, 1, 2))\nnn.init.constant_(conv.weight, 7)", 0, 7},
        {kTwoNets, 0, {}},
        {kTwoNets, 1, 7},
        {"def a():\n    conv = nn.Conv2d(1, 1, 2)\n    return conv\ndef b():\n    conv = nn.Conv2d(1, 1, 3)\n"
         "    nn.init.constant_(conv.weight, 7)\n    return conv",
         0,
         {}},
        {"class Out(nn.Module):\n    class In(nn.Module):\n        def __init__(self):\n"
         "            self.conv = nn.Conv2d(1, 1, 2)\n    def __init__(self):\n        self.conv = nn.Conv2d(1, 1, 3)\n"
         "        nn.init.constant_(self.conv.weight, 7)",
         0,
         {}},
        {"class Base(nn.Module):\n    def reset(self):\n        nn.init.constant_(self.conv.weight, 7)\n"
         "class Net(Base):\n    def __init__(self):\n        self.conv = nn.Conv2d(1, 1, 3)\n        self.reset()",
         0,
         {}},
    };
    for (const Weights& row : rows) {
        SCOPED_TRACE(row.text + "\nlayer " + std::to_string(row.which));
        const ImportedLayer layer = import_layer(row.text, row.which);
        const auto cells = static_cast<std::size_t>(layer.layer.spec.kernel.h * layer.layer.spec.kernel.w);
        EXPECT_EQ(numbers(layer.weight), row.weight ? Numbers(cells, *row.weight) : Numbers());
    }
    const std::string buffers = "        self.register_buffer('w', torch.full((1, 1, 2, 2), ";
    const std::string init = "    def __init__(self):\n";
    EXPECT_EQ(numbers(import_layer(in_class("A", init + buffers + "2.))\n") + in_class("B", init + buffers + "3.))\n") +
                                   "    def forward(self, x):\n        return F.conv2d(x, self.w)")
                          .weight),
              (Numbers{3, 3, 3, 3}));
    EXPECT_EQ(import_layer(kTwoNets, 0).layer.spec.pads, Pads::all(0));
    EXPECT_EQ(import_layer(kTwoNets, 1).layer.spec.pads, Pads::all(1));
    EXPECT_FALSE(has_note(import_layer(kTwoNets, 0), "constant_"))
        << testing::PrintToString(import_layer(kTwoNets).notes);
}

TEST(PythonNames, LayersAreListedByTheNamesThatTheyHave) {
    const auto names = [](std::string_view text) {
        std::vector<std::string> all;
        for (const FoundLayer& layer : find_layers(text)) all.push_back(layer.name);
        return all;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(names("self.c1, self.c2 = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 5)"), (Names{"c1", "c2"}));
    EXPECT_EQ(names("*a, b = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 5)"), (Names{"nn.Conv2d", "nn.Conv2d"}));
    EXPECT_EQ(names(kTwoNets), (Names{"A.conv", "B.conv"}));
    EXPECT_EQ(names("conv: nn.Module = nn.Conv2d(1, 1, 2)"), Names{"conv"});
}

struct Input {
    std::string text;
    std::size_t which;
    Shape4 shape;
};

TEST(PythonNames, ALayerTakesTheInputOfItsCallHoweverThatIsWritten) {
    const Input rows[] = {
        // NOLINT(modernize-avoid-c-arrays)
        {"y = (nn.Conv2d(1, 1, 2))(torch.ones(1, 1, 4, 6))", 0, {1, 1, 4, 6}},
        {"y = ((nn.Conv2d(1, 1, 2)))(torch.ones(1, 1, 4, 6))", 0, {1, 1, 4, 6}},
        {"y = (conv := nn.Conv2d(1, 1, 2))(torch.ones(1, 1, 4, 6))", 0, {1, 1, 4, 6}},
        {"print(conv := nn.Conv2d(1, 1, 2))\ny = conv(torch.ones(1, 1, 4, 6))", 0, {1, 1, 4, 6}},
        {"conv: nn.Module = nn.Conv2d(1, 1, 2)\ny = conv(torch.ones(1, 1, 4, 6))", 0, {1, 1, 4, 6}},
        {"a = b = nn.Conv2d(3, 8, 3)\ny = a(torch.ones(1, 3, 4, 6))", 0, {1, 3, 4, 6}},
        {"a = b = nn.Conv2d(3, 8, 3)\ny = b(torch.ones(1, 3, 4, 6))", 0, {1, 3, 4, 6}},
        {"convs = [nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3)]\ny = convs[1](torch.ones(1, 8, 9, 7))", 1, {1, 8, 9, 7}},
        {"convs = nn.ModuleList([nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3)])\ny = convs[-1](torch.ones(1, 8, 9, 7))",
         1,
         {1, 8, 9, 7}},
        {"convs = (nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3))\ny = convs[0](torch.ones(1, 3, 9, 7))", 0, {1, 3, 9, 7}},
        {"a, b = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3)\ny = b(torch.ones(1, 8, 9, 7))", 1, {1, 8, 9, 7}},
        {"class N(nn.Module):\n    def __init__(self):\n        self.conv = nn.Conv2d(3, 8, 3)\n"
         "    def forward(self, x):\n        return self.conv(x)\nnet = N()\ny = net(torch.ones(1, 3, 9, 7))",
         0,
         {1, 3, 9, 7}},
    };
    for (const Input& row : rows) {
        SCOPED_TRACE(row.text);
        const ImportedLayer layer = import_layer(row.text, row.which);
        EXPECT_EQ(layer.layer.input, row.shape);
        EXPECT_FALSE(has_note(layer, "not told")) << testing::PrintToString(layer.notes);
    }
    for (const std::string text : {"convs = [nn.Conv2d(3, 8, 3)]\nfor conv in convs:\n    x = conv(x)",
                                   "convs = [nn.Conv2d(3, 8, 3)]\ny = convs[i](torch.ones(1, 3, 9, 7))",
                                   "conv = nn.Conv2d(3, 8, 3)\ny = run(conv, torch.ones(1, 3, 9, 7))"}) {
        EXPECT_FALSE(has_note(import_layer(text), "not told")) << text;
        EXPECT_TRUE(has_note(import_layer(text), "the input's size is not read")) << text;
    }
}

TEST(PythonNames, AnInputOutsideOfAFunctionIsNotThatOfItsParameter) {
    const ImportedLayer layer = import_layer(
        "x = torch.ones(1, 3, 9, 7)\nclass N(nn.Module):\n    def __init__(self):\n"
        "        self.conv = nn.Conv2d(3, 8, 3)\n    def forward(self, x):\n        return self.conv(x)");
    EXPECT_FALSE(layer.size_told);
}

TEST(PythonNames, AVariableIsNoFunctionOfItsName) {
    for (const std::string name : {"conv2", "filter2", "imfilter", "convolve2d", "max_pool2d", "filter2D"}) {
        const std::string text = name + " = nn.Conv2d(1, 1, 3)\ny = " + name + "(torch.ones(1, 1, 9, 8))";
        ASSERT_EQ(find_layers(text).size(), 1U) << name;
        EXPECT_EQ(import_layer(text).layer.input, (Shape4{1, 1, 9, 8})) << name;
    }
    EXPECT_EQ(find_layers("conv2d = F.conv2d\ny = conv2d(x, torch.ones(1, 1, 2, 2))").size(), 1U);
    EXPECT_EQ(find_layers("def run(conv2d):\n    return conv2d(x, w)\nc = nn.Conv2d(1, 1, 3)").size(), 1U);
    EXPECT_EQ(find_layers("from scipy.signal import convolve2d\ny = convolve2d(x, [[1, 2]])").size(), 1U);
}

TEST(PythonNames, ANameOfALibraryThatTheTextBindsAnewIsNotTaken) {
    const std::string itself = "the text defines it itself; paste the layer that it calls";
    const Refused rows[] = {
        // NOLINT(modernize-avoid-c-arrays)
        {"from scipy.signal import convolve2d\ndef convolve2d(a, b):\n    return a\ny = convolve2d(x, [[1, 2]])",
         itself},
        {"from torch.nn import Conv2d\nclass Conv2d(nn.Conv2d):\n    pass\nc = Conv2d(1, 1, 3)", itself},
        {"from scipy import signal\nsignal.convolve2d = signal.correlate2d\ny = signal.convolve2d(x, [[1, 2]])",
         "signal.convolve2d is set to something else by line 2"},
        {"from scipy.signal import convolve2d, correlate2d\nconvolve2d = correlate2d\ny = convolve2d(x, [[1, 2]])",
         "convolve2d is set to something else by line 2"},
        {"conv2d = F.conv_transpose2d\ny = conv2d(x, torch.ones(1, 1, 2, 2))",
         "conv2d is set to something else by line 1"},
        {"from torch.nn import Conv2d, ConvTranspose2d\nConv2d = ConvTranspose2d\nc = Conv2d(1, 1, 3)",
         "Conv2d is set to something else by line 2"},
        {"class Conv2d(nn.Module):\n    pass\nnn.Conv2d = Conv2d\nc = nn.Conv2d(1, 1, 3)",
         "nn.Conv2d is set to something else by line 3"},
        {"F.conv2d = F.conv_transpose2d\ny = F.conv2d(x, torch.ones(1, 1, 2, 2))",
         "F.conv2d is set to something else by line 1"},
        {"MaxPool2d = nn.AvgPool2d\nm = MaxPool2d(2)", "MaxPool2d is set to something else by line 1"},
        {"setattr(nn, 'Conv2d', Mine)\nc = nn.Conv2d(1, 1, 3)", "nn.Conv2d is set to something else by line 1"},
        {"import torch.nn as nn\ntorch.nn.Conv2d = Mine\nc = nn.Conv2d(1, 1, 3)",
         "nn.Conv2d is set to something else by line 2"},
        {"import torch.nn as nn\nnn = mine.nn\nc = nn.Conv2d(1, 1, 3)", "nn.Conv2d is set to something else by line 2"},
        // What runs later takes what stands last.
        {"from torch.nn import Conv2d\ndef f():\n    return Conv2d(1, 1, 3)\nConv2d = nn.ConvTranspose2d\nf()",
         "Conv2d is set to something else by line 4"},
        {"from torch.nn import Conv2d\nf = lambda: Conv2d(1, 1, 3)\nConv2d = nn.ConvTranspose2d\nf()",
         "Conv2d is set to something else by line 3"},
        {"conv2d = F.conv2d\nif old:\n    conv2d = F.conv_transpose2d\nelse:\n    conv2d = F.conv2d\n"
         "y = conv2d(x, torch.ones(1, 1, 2, 2))",
         "conv2d is set to something else by line 3"},
    };
    for (const Refused& row : rows) {
        SCOPED_TRACE(row.text);
        expect_contains(refusal(row.text), row.words);
    }
    for (const std::string text : {
             "try:\n    from torch.nn import Conv2d\nexcept ImportError:\n    Conv2d = None\nc = Conv2d(1, 1, 3)",
             "def Conv2d(a):\n    return a\nfrom torch.nn import Conv2d\nc = Conv2d(1, 1, 3)",
             "from torch.nn import Conv2d\nclass Block:\n    def __init__(self):\n        self.c = Conv2d(1, 1, 3)\n"
             "    def Conv2d(self, x):\n        return x",
             "import torch\nnn = torch.nn\nc = nn.Conv2d(1, 1, 3)",
             "from torch.nn import Conv2d\nc = Conv2d(1, 1, 3)\nConv2d = nn.ConvTranspose2d",
             "import torch.nn as nn\nclass Conv2d(nn.Conv2d):\n    pass\nc = nn.Conv2d(1, 1, 3)",
         }) {
        EXPECT_EQ(find_layers(text).size(), 1U) << text;
        EXPECT_EQ(spec_of(text).kernel, (Size2{3, 3})) << text;
    }
}

TEST(PythonNames, AFunctionReadsAVariableWhenItIsCalled) {
    const std::string function = "def f():\n    return nn.Conv2d(1, 1, k)\n";
    const std::string lambda = "f = lambda: nn.Conv2d(1, 1, k)\n";
    const std::string again = "sets k again, which a function in front of it reads";
    EXPECT_TRUE(has_note(import_layer("k = 3\n" + lambda + "k = 5\na = f()"), "line 3 " + again));
    EXPECT_TRUE(has_note(import_layer("k = 3\n" + function + "k = 5\na = f()"), "line 4 " + again));
    EXPECT_TRUE(has_note(import_layer("k = 3\n" + function + "k += 2\na = f()"), "line 4 " + again));
    EXPECT_TRUE(has_note(import_layer("k = 3\n" + function + "a = f()\nk = 5\nb = f()"), "line 5 " + again));
    EXPECT_FALSE(has_note(import_layer("k = 3\n" + function + "a = f()\nk = 5"), again));
    EXPECT_FALSE(has_note(import_layer("k = 3\n" + lambda + "a = f()\nk = 5"), again));
    EXPECT_FALSE(has_note(import_layer("k = 3\nf = lambda k=k: 1\nc = nn.Conv2d(1, 1, k)\nk = 5"), again));
    const std::string ones = "w = torch.ones(1, 1, 2, 2)\n";
    for (const std::string reads : {"f = lambda x: F.conv2d(x, w)\n", "def f(x): return F.conv2d(x, w)\n"}) {
        EXPECT_TRUE(has_note(import_layer(ones + reads + "w = torch.zeros(1, 1, 2, 2)\ny = f(x)"),
                             "line 3 sets w again, which a function in front of it reads"));
        EXPECT_TRUE(has_note(import_layer(ones + reads + "w[0] = 5\ny = f(x)"), "line 3"));
    }
    // Set once, further down.
    EXPECT_EQ(spec_of(function + "k = 5\na = f()").kernel, (Size2{5, 5}));
    EXPECT_EQ(spec_of(lambda + "k = 5\na = f()").kernel, (Size2{5, 5}));
    EXPECT_EQ(
        spec_of("class Net:\n    def __init__(self):\n        self.c = nn.Conv2d(1, 1, k)\nk = 5\nn = Net()").kernel,
        (Size2{5, 5}));
    EXPECT_EQ(numbers(import_layer("def f(x): return F.conv2d(x, w)\nw = torch.ones(1, 1, 2, 2)").weight),
              (Numbers{1, 1, 1, 1}));
    const Refused rows[] = {
        // NOLINT(modernize-avoid-c-arrays)
        {function + "k = 5\nk = 7\na = f()", "k is set by line 3, behind what reads it here"},
        {function + "f()\nk = 5", "k is set by line 4, behind what reads it here"},
        {"class Net:\n    c = nn.Conv2d(1, 1, k)\nk = 5", "k is set by line 3, behind what reads it here"},
        {"c = nn.Conv2d(1, 1, k)\nk = 5", "k is set by line 2, behind what reads it here"},
        {"c = nn.Conv2d(1, 1, 3, padding_mode=m)\nm = 'zeros'", "m is set by line 2, behind what reads it here"},
    };
    for (const Refused& row : rows) {
        SCOPED_TRACE(row.text);
        expect_contains(refusal(row.text), row.words);
    }
}

TEST(PythonNames, AnAttributeThatASubclassSetsAnewIsTold) {
    const std::string init = "    def __init__(self):\n        super().__init__()\n";
    const auto base = [&](std::string_view set, std::string_view argument) {
        return in_class("Base", "    " + std::string(set) + "\n" + init + "        self.conv = nn.Conv2d(4, 8, 3, " +
                                    std::string(argument) + ")\n");
    };
    const auto told = [](std::string_view name) {
        return "line 6 sets self." + std::string(name) + " for the objects of class Down";
    };
    const std::string strided = base("stride = 1", "stride=self.stride");
    const auto down = import_layer(strided + "class Down(Base): stride = 2\nnet = Down()");
    EXPECT_EQ(down.layer.spec.stride, (Size2{1, 1}));
    EXPECT_TRUE(has_note(down, told("stride")));
    EXPECT_TRUE(has_note(import_layer(strided + "class Down(Base): stride: int = 2"), told("stride")));
    EXPECT_TRUE(has_note(import_layer(base("padding_mode = 'zeros'", "padding=1, padding_mode=self.padding_mode") +
                                      "class Down(Base): padding_mode = 'reflect'"),
                         told("padding_mode")));
    // Of what the class's own base sets, by a property, and by a class in between.
    EXPECT_TRUE(has_note(import_layer(strided + "class Down(Base):\n    @property\n    def stride(self): return 2"),
                         told("stride")));
    EXPECT_TRUE(has_note(import_layer(strided + "class Down(Base): stride = 2\nclass Deep(Down): pass\nDeep()"),
                         told("stride")));
    // Other attributes, other classes, and the class that sets it anew itself.
    const std::string any = "for the objects of";
    EXPECT_FALSE(has_note(import_layer(strided + "class Down(Base): width = 2"), any));
    EXPECT_FALSE(has_note(import_layer(strided + "class Down(nn.Module): stride = 2"), any));
    EXPECT_FALSE(has_note(import_layer("class Base(nn.Module): stride = 1\nclass Down(Base):\n    stride = 2\n" + init +
                                       "        self.conv = nn.Conv2d(4, 8, 3, self.stride)"),
                          any));
}

TEST(PythonNames, PromptsOfSessionsAreNoCode) {
    const std::string session =
        ">>> k = 3\n>>> def block(k):\n...     return nn.Conv2d(1, 1, k)\n...\n>>> conv = nn.Conv2d(1, 2, k)\n";
    EXPECT_EQ(import_layer(session, 1).layer.spec.kernel, (Size2{3, 3}));
    EXPECT_EQ(english(find_layers(session)[1].place), "line 5, column 12");
    const std::string cells =
        "In [9]: k = 3\n\nIn [10]: for i in range(2):\n    ...:     print(i)\n    ...: \n\nIn [11]: nn.Conv2d(1, 2, "
        "k)\n"
        "Out[11]: Conv2d";
    EXPECT_EQ(spec_of(cells).kernel, (Size2{3, 3}));
    EXPECT_EQ(find_layers(cells).size(), 1U);
    expect_contains(refusal(">>> conv = nn.Conv2d(3, 8,\n...                  kernel_size='a')"), "line 2");
    EXPECT_EQ(spec_of("        >>> m = nn.Conv2d(16, 33, 3, stride=2)\n        >>> y = m(x)").stride, (Size2{2, 2}));
    EXPECT_EQ(spec_of(">> k = ones(3);\n>> y = conv2(x, k)").kernel, (Size2{3, 3}));
}

}  // namespace
}  // namespace convlens
