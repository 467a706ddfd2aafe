// What changes the result and is not followed is named; what does not is not.
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

struct Row {
    std::string text;
    std::string note;  // that one must contain
};

void expect_notes(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        const ImportedLayer layer = import_layer(row.text);
        EXPECT_TRUE(has_note(layer, row.note)) << row.text << "\nwanted: " << row.note << "\n"
                                               << testing::PrintToString(layer.notes);
    }
}

TEST(ImportUnfollowed, AKernelThatIsChangedIsNamed) {
    const std::string torch = "x = torch.ones(1, 1, 4, 5)\nw = torch.ones(1, 1, 2, 3)\n";
    const std::string call = "\ny = F.conv2d(x, w)";
    std::vector<Row> rows;
    for (const std::string change : {"w[..., 0] *= 3",
                                     "w[0, 0, 0, 1] += 3",
                                     "w.mul_(2)",
                                     "w.copy_(v)",
                                     "nn.init.normal_(w)",
                                     "w.data[0] = 4",
                                     "torch.mul(w, 2, out=w)",
                                     "w.T[0] = 5",
                                     "w[0].fill_(3)",
                                     "w.view(-1)[2] = 7",
                                     "w.data.fill_(2)",
                                     "w, j = v, 3",
                                     "w @= v",
                                     "w &= 2",
                                     "w @= m",
                                     "F.relu(w, inplace=True)",
                                     "for w in ws: pass",
                                     "change(w)",
                                     "del w[0]",
                                     "w.data = v"})
        rows.push_back({torch + change + call, "line 3: " + change.substr(0, change.find(": pass"))});
    expect_notes(rows);
}

TEST(ImportUnfollowed, AMatrixThatIsChangedIsNamed) {
    const std::string matrix = "a = np.arange(20).reshape(4, 5)\nk = np.array([[1, 2], [3, 4]])\n";
    const std::string call = "\ny = signal.convolve2d(a, k)";
    std::vector<Row> rows;
    for (const std::string change :
         {"k[0] += 5", "k |= 2", "k, j = f(k), 3", "k.sort()", "np.multiply(k, 2, out=k)", "del k[0]", "k.fill(3)",
          "np.fill_diagonal(k, 7)", "np.random.shuffle(k)", "np.add.at(k, 0, 7)", "np.copyto(k, v)", "a[1] -= 2",
          "a.T[2] = 7", "k.append([5, 6])"})
        rows.push_back({matrix + change + call, "line 3: " + change + " changes " + change.substr(0, 1)});
    rows.back().note = "k.append([5, 6]) changes k";
    rows[3].note = "line 3: k.sort() changes k and is not followed";
    rows[4].note = "line 3: np.multiply(k, 2, out=k) changes k";
    rows[5].note = "line 3: del k[0] changes k";
    rows[7].note = "changes k and is not followed";
    rows[8].note = rows[9].note = rows[10].note = rows[7].note;
    expect_notes(rows);
}

TEST(ImportUnfollowed, BranchesAndLoopsAreNamed) {
    const std::string matrix = "a = np.arange(20).reshape(4, 5)\nk = np.array([[1, 2], [3, 4]])\n";
    const std::string call = "\ny = signal.convolve2d(a, k)";
    expect_notes({
        {matrix + "for i in range(2): k = k*2" + call, "line 3: k = k*2 changes k"},
        {matrix + "for i in range(2):\n    k = k*2" + call, "line 4: k = k*2 changes k"},
        {matrix + "if big:\n    k = np.ones((2, 2))\nelse:\n    k = np.zeros((3, 2))" + call, "line 4: k = np.ones"},
        {matrix + "if big:\n    k = np.ones((2, 2))\nelse:\n    k = np.zeros((3, 2))" + call, "line 6: k = np.zeros"},
        {matrix + "while k.sum() > 1: k = k / 2" + call, "line 3: k = k / 2"},
        {"p = 2\nif big: p = 3\ny = F.conv2d(x, w, padding=p)", "line 2: p = 3 changes p"},
        {"k = [1 2; 3 4];\nif z, k = [5 6; 7 9]; end\ny = conv2(A, k);", "line 2: k = [5 6; 7 9] changes k"},
        {"k = [1 2; 3 4];\nfor i = 1:3\n  k = k * 2;\nend\ny = conv2(A, k);", "line 3: k = k * 2 changes k"},
        {"k = [1 2; 3 4];\nk(1,1) += 9;\ny = conv2(A, k);", "line 2: k(1,1) += 9 changes k"},
        {"k = [1 2; 3 4];\n[k, n] = deal([2 3], 4);\ny = conv2(A, k);", "line 2: [k, n] = deal([2 3], 4) changes k"},
    });
}

TEST(ImportUnfollowed, AnotherNameOfTheSameCellsIsLookedAt) {
    const std::string torch = "w = torch.ones(1, 1, 2, 3)\n";
    expect_notes({
        {torch + "v = w\nv[0, 0] = 5\ny = F.conv2d(x, w)", "line 3: v[0, 0] = 5 changes v"},
        {torch + "v = w.view(2, 3)\nv.mul_(5)\ny = F.conv2d(x, w)", "line 3: v.mul_(5) changes v"},
        {torch + "v = w[0]\nv += 5\ny = F.conv2d(x, w)", "line 3: v += 5 changes v"},
        {torch + "v = w\nw[0] *= 5\ny = F.conv2d(x, v)", "line 3: w[0] *= 5 changes w"},
        {"x = torch.ones(1, 1, 4, 5)\n" + torch + "x.mul_(2)\ny = F.conv2d(x, w)", "line 3: x.mul_(2) changes x"},
        {"def f(x, w):\n    F.relu_(x)\n    return F.conv2d(x, w)", "line 2: F.relu_(x) changes x"},
        {"x = torch.ones(1, 1, 4, 5)\nc = nn.Conv2d(1, 2, 3)\nx.add_(2)\ny = c(x)", "line 3: x.add_(2) changes x"},
    });
}

TEST(ImportUnfollowed, ALayerThatIsChangedIsNamed) {
    const std::string conv = "conv = nn.Conv2d(3, 16, 3)\n";
    std::vector<Row> rows;
    for (const std::string change :
         {"conv.stride = (2, 2)", "conv.padding_mode = 'circular'", "conv.weight.data = v",
          "conv.weight = nn.Parameter(v)", "conv.weight[:] = v", "conv.weight.copy_(v)", "conv.load_state_dict(d)",
          "conv.weight.data[0] = 7", "nn.utils.spectral_norm(conv)", "del conv.bias"})
        rows.push_back({conv + change + "\ny = conv(x)", "line 2: " + change + " changes conv"});
    for (const std::string change : {"net.append(nn.ReLU())", "net.add_module('x', nn.Tanh())",
                                     "net[0].stride = (2, 2)", "net[0].weight.data.fill_(3)", "net[0].bias = None",
                                     "net.load_state_dict(d)", "nn.init.ones_(net[0].weight)"})
        rows.push_back({"net = nn.Sequential(nn.Conv2d(3, 16, 3))\n" + change, "line 2: " + change + " changes net"});
    rows.push_back({"self.c = nn.Conv2d(3, 8, 3)\nself.c.stride = 2", "line 2: self.c.stride = 2"});
    rows.push_back(
        {"self.c = nn.Conv2d(3, 8, 3)\nm = Net()\nm.c.weight.data.fill_(2)", "line 3: m.c.weight.data.fill_"});
    rows.push_back(
        {conv + "with torch.no_grad():\n    conv.weight.mul_(2)\ny = conv(x)", "line 3: conv.weight.mul_(2)"});
    expect_notes(rows);
}

TEST(ImportUnfollowed, ParametersThatAreToldLaterAreTheLayers) {
    const std::string conv = "w = torch.tensor([[[[1., 2., 3.], [4, 5, 6]]]])\nconv = nn.Conv2d(1, 1, (2, 3))\n";
    for (const std::string change :
         {"conv.weight = nn.Parameter(w)", "conv.weight.data = w", "conv.weight.data[:] = w", "conv.weight[...] = w",
          "conv.weight.copy_(w)", "with torch.no_grad():\n    conv.weight.data.copy_(w)"}) {
        const ImportedLayer layer = import_layer(conv + change + "\ny = conv(x)");
        EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, 2, 3, 4, 5, 6})) << change;
        EXPECT_FALSE(has_note(layer, "not followed")) << testing::PrintToString(layer.notes);
    }
    for (const std::string change :
         {"conv.weight.data.fill_(1/4)", "nn.init.constant_(conv.weight, .25)", "conv.weight.data[:] = 0.25"})
        EXPECT_EQ(numbers(import_layer(conv + change).weight), std::vector<double>(6, 0.25)) << change;
    EXPECT_EQ(numbers(import_layer(conv + "nn.init.ones_(conv.bias)").bias), std::vector<double>{1});
    EXPECT_EQ(import_layer(conv + "conv.bias = None").has_bias, false);
    const ImportedLayer behind = import_layer(conv + "y = conv(x)\nconv.weight.data = w");
    EXPECT_FALSE(behind.weight);
    expect_notes({{conv + "w.mul_(3)\nconv.weight.data = w", "w.mul_(3) changes w"},
                  {conv + "conv.weight.data = w\nconv.weight.data *= 2", "conv.weight.data *= 2 changes conv"},
                  {conv + "if a: conv.weight.data = w", "conv.weight.data = w changes conv"},
                  {conv + "conv.weight[:] = v", "conv.weight[:] = v changes conv"}});
}

TEST(ImportUnfollowed, InitializersOfOneNumberAreTheKernel) {
    const std::string shape = "input_shape=(5, 6, 2), bias_initializer=keras.initializers.Constant(3))";
    const ImportedLayer ones = import_layer("Conv2D(2, (1, 3), kernel_initializer='ones', " + shape);
    EXPECT_EQ(numbers(ones.weight), std::vector<double>(12, 1.0));
    EXPECT_EQ(numbers(ones.bias), std::vector<double>(2, 3.0));
    const ImportedLayer half = import_layer("Conv2D(2, 1, kernel_initializer=tf.constant_initializer(.5), " + shape);
    EXPECT_EQ(numbers(half.weight), std::vector<double>(4, 0.5));
    EXPECT_FALSE(has_note(import_layer("Conv2D(2, 1, kernel_initializer='he_normal', " + shape), "initializer"));
    EXPECT_TRUE(has_note(import_layer("Conv2D(2, 1, kernel_initializer=mine, " + shape), "kernel_initializer of"));
}

TEST(ImportUnfollowed, TheSizeThatATransposedLayerIsCalledWithIsTaken) {
    const std::string up = "x = torch.ones(1, 3, 5, 6)\nup = nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1)\n";
    for (const std::string size :
         {"output_size=torch.Size([1, 4, 10, 11])", "(10, 11)", "[10, 11]", "output_size=(10, 11)",
          "output_size=skip.size()", "output_size=skip.shape", "size"}) {
        const ImportedLayer layer =
            import_layer("skip = torch.ones(1, 4, 10, 11)\nsize = (10, 11)\n" + up + "y = up(x, " + size + ")");
        EXPECT_EQ(layer.layer.spec.output_size, (Size2{10, 11})) << size;
        EXPECT_TRUE(validate(layer.layer).empty()) << size;
        EXPECT_EQ(output_shape(layer.layer.spec, layer.layer.input).plane(), (Size2{10, 11})) << size;
    }
    const ImportedLayer once = import_layer("y = nn.ConvTranspose2d(3, 4, 3, stride=2)(x, output_size=[12, 13]) + 1");
    EXPECT_EQ(once.layer.spec.output_size, (Size2{12, 13}));
    expect_notes({{up + "y = up(x, output_size=other.size())", "the output_size that the layer is called with"},
                  {up + "y = up(x, other.shape[-2:])", "the output_size that the layer is called with"}});
}

TEST(ImportUnfollowed, ModulesBesideALayerAreNamed) {
    const std::string after = "the result is changed after the layer by ";
    const std::string before = "the input is changed before the layer by ";
    expect_notes({
        {"net = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU())\nout = net(x)", after + "nn.ReLU"},
        {"net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU())", after + "nn.BatchNorm2d"},
        {"net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU())", after + "nn.ReLU"},
        {"self.net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU())\ndef forward(self, x):\n"
         "    return self.net(x)",
         after + "nn.ReLU"},
        {"m = keras.Sequential([keras.layers.Conv2D(8, 3), keras.layers.ReLU()])\ny = m(x)",
         after + "keras.layers.ReLU"},
        {"nn.Sequential(OrderedDict([('a', nn.Conv2d(3, 8, 3)), ('b', nn.Tanh())]))", after + "nn.Tanh"},
        {"nn.Sequential(nn.Conv2d(3, 8, 3), act)", after + "act"},
        {"layers = [nn.Conv2d(3, 8, 3), nn.Softmax(1)]", after + "nn.Softmax"},
        {"net = nn.Sequential(nn.Upsample(2), nn.Conv2d(3, 8, 3))", before + "nn.Upsample"},
        {"nn.Sequential(nn.PixelShuffle(2), nn.ReLU(), nn.Conv2d(3, 8, 3))", before + "nn.PixelShuffle"},
        {"nn.Sequential(nn.PixelShuffle(2), nn.ReLU(), nn.Conv2d(3, 8, 3))", before + "nn.ReLU"},
        {"nn.Sequential(nn.Sequential(nn.GELU(), nn.Conv2d(3, 8, 3)), nn.ELU())", after + "nn.ELU"},
        {"m = Sequential([UpSampling2D(2), Conv2D(8, 3)])", before + "UpSampling2D"},
        {"model.add(Permute((2, 1, 3)))\nmodel.add(Conv2D(8, 3))\nmodel.add(Reshape((4, 2)))", before + "Permute"},
        {"model.add(Permute((2, 1, 3)))\nmodel.add(Conv2D(8, 3))\nmodel.add(Reshape((4, 2)))", after + "Reshape"},
        {"net = nn.Sequential(nn.Conv2d(3, 8, 3))\ny = F.relu(net(x))", after + "F.relu"},
    });
    const ImportedLayer two = import_layer("nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(8, 9, 3), nn.ReLU())");
    EXPECT_FALSE(has_note(two, "changed"));
    const ImportedLayer second = import_layer("nn.Sequential(nn.ReLU(), nn.Conv2d(3, 8, 3), nn.MaxPool2d(2))", 1);
    EXPECT_FALSE(has_note(second, "changed"));
}

TEST(ImportUnfollowed, TheInputOfASequenceIsTheLayers) {
    const std::string net = "net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU())\n";
    const ImportedLayer told = import_layer("x = torch.randn(2, 3, 8, 7)\n" + net + "out = net(x)");
    EXPECT_EQ(told.layer.input, (Shape4{2, 3, 8, 7}));
    EXPECT_TRUE(told.size_told);
    EXPECT_EQ(spec_of(net + "y = net(F.pad(x, (1, 2, 3, 4)))").pads, (Pads{3, 4, 1, 2}));
    const std::string padded = "net = nn.Sequential(nn.ZeroPad2d(2), nn.Conv2d(3, 16, 3))\n";
    EXPECT_EQ(spec_of(padded + "y = net(F.pad(x, (1, 2, 3, 4)))").pads, (Pads{5, 6, 3, 4}));
    const ImportedLayer other = import_layer(
        "x = torch.randn(2, 3, 8, 7)\nnet = nn.Sequential(nn.Upsample(2), "
        "nn.Conv2d(3, 16, 3))\nout = net(x)");
    EXPECT_FALSE(other.size_told);
}

TEST(ImportUnfollowed, WhatIsDoneToTheResultIsNamed) {
    const std::string torch = "y = F.conv2d(x, w)\n";
    std::vector<Row> rows;
    for (const std::string change : {"y[y < 0] = 0", "F.relu_(y)", "y.clamp_(0)", "y.add_(b)", "np.abs(y, out=y)",
                                     "y[0] *= 3", "y **= 2", "y.data.fill_(3)", "y.T[1] = 2"})
        rows.push_back({torch + change, "changed after the layer by " + change + ", at line 2"});
    rows.push_back({"y = conv2(a, k);\ny(y<0) = 0;", "changed after the layer by y(y<0) = 0, at line 2"});
    rows.push_back({"y = signal.correlate2d(a, k).astype(np.uint8)", ".astype(...)"});
    rows.push_back({"y = F.conv2d(x, w)\ny = y.to(torch.int32)", ".to(...), at line 2"});
    rows.push_back({"self.c = nn.Conv2d(3, 3, 3)\ny = self.c(self.c(x))", "self.c(...), at line 2"});
    rows.push_back(
        {"for i in range(3):\n    x = F.conv2d(x, w)", "done again on its own result by the loop of line 1"});
    rows.push_back(
        {"c = nn.Conv2d(3, 3, 3)\nfor i in range(3):\n    x = c(x)", "again on its own result by the loop of line 2"});
    rows.push_back({"y = signal.correlate2d(a, k) > 3", "an operation (>), at line 1"});
    rows.push_back({"y = signal.correlate2d(a, k) @ m", "an operation (@), at line 1"});
    rows.push_back({"y = conv2(a,k)(2:end-1,2:end-1);", "(2:end-1,2:end-1), at line 1"});
    rows.push_back({"y(:,:,1) = conv2(a,k,'same')/3;", "an operation (/)"});
    rows.push_back({"out[:] = signal.correlate2d(a,k,'valid')/9", "an operation (/)"});
    rows.push_back({"out[:] = signal.correlate2d(a,k,'valid')\nout = np.abs(out)", "np.abs(...), at line 2"});
    expect_notes(rows);
}

TEST(ImportUnfollowed, WhatTurnsAnArrayBeforeIsFollowedOrNamed) {
    EXPECT_TRUE(spec_of("y = tf.nn.conv2d(x, tf.reverse(w, axis=[0, 1]), 1, 'SAME')").flip_kernel);
    const ImportedLayer told = import_layer(
        "w = tf.reshape(tf.constant([1., 2., 3., 4., 5., 6.]), [2, 3, 1, 1])\n"
        "y = tf.nn.conv2d(x, tf.reverse(w, axis=[0, 1]), 1, 'SAME')");
    EXPECT_TRUE(told.layer.spec.flip_kernel);
    EXPECT_EQ(numbers(told.weight), (std::vector<double>{1, 2, 3, 4, 5, 6}));
    const ImportedLayer turned = import_layer("k = np.array([[1, 2, 3], [4, 5, 6]])\ny = signal.correlate2d(a, k.T)");
    EXPECT_EQ(numbers(turned.weight), (std::vector<double>{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(turned.layer.spec.kernel, (Size2{3, 2}));
    expect_notes({{"y = tf.nn.conv2d(tf.reverse(x, [1]), w, 1, 'SAME')", "changed by tf.reverse(...)"},
                  {"y = tf.nn.conv2d(tf.image.flip_left_right(x), w, 1, 'SAME')", "tf.image.flip_left_right(...)"},
                  {"y = tf.nn.conv2d(x, tf.transpose(w, [1, 0, 2, 3]), 1, 'SAME')", "changed by a transpose"},
                  {"y = signal.convolve2d(a, -k)", "changed by an operation (-)"},
                  {"y = signal.convolve2d(a, k.T)", "changed by a transpose"},
                  {"y = conv2(a, k');", "changed by a transpose"}});
}

TEST(ImportUnfollowed, LayersOfTheSameNameThatAreOthersAreRefused) {
    expect_contains(refusal("import torch.nn.quantized as nn\nc = nn.Conv2d(3, 8, 3)"),
                    "nn.Conv2d is torch.nn.quantized.Conv2d, which rounds");
    expect_contains(refusal("c = torch.ao.nn.quantized.Conv2d(3, 8, 3)"), "which rounds what it computes");
    expect_contains(refusal("class Conv2d:\n    pass\nc = Conv2d(3, 8, 3)"),
                    "Conv2d is not a layer that is known: the text defines it itself");
    expect_contains(refusal("conv = partial(nn.Conv2d, padding=1)\nc = conv(3, 8, 3)"),
                    "partial is not understood: it makes a function that makes layers");
}

TEST(ImportUnfollowed, WhatDoesNotTouchTheLayerIsNotNamed) {
    for (const std::string text : {
             "w = torch.ones(1, 1, 2, 3)\nv = w.clone()\nv[0] = 5\ny = F.conv2d(x, w)",
             "k = np.array([[1, 2], [3, 4]])\nj = k * 2\nj[0] = 5\nprint(k)\nplt.imshow(k)\ny = signal.convolve2d(a, "
             "k)",
             "w = torch.ones(1, 1, 2, 3)\ny = F.conv2d(x, w)\nw.mul_(2)",
             "w = torch.ones(1, 1, 2, 3)\nw.mul_(2)\nw = torch.ones(1, 1, 4, 3)\ny = F.conv2d(x, w)",
             "x = torch.ones(1, 1, 2, 3)\nassert x.shape == (1, 1, 2, 3)\nconv = nn.Conv2d(1, 2, 2)\nconv.eval()\n"
             "other.stride = 3\ny = conv(x)",
             "for x, y in loader:\n    x = x.to(device)\n    z = F.conv2d(x, w)",
             "if a:\n    k = np.ones((2, 2))\n    y = signal.convolve2d(a, k)",
             "k = np.ones((2, 2))\nk[0] = 3\ny = signal.convolve2d(a, k)",
             "k = [1 2; 3 4]; j = k; j(1) = 3;\ny = conv2(A, k);",
             "w = tf.ones([3, 3, 1, 1])\nb[0] = 1\nx2 = f(w)\ny = tf.nn.conv2d(x, w, 1, 'SAME')",
             "conv1 = nn.Conv2d(3, 8, 3)\nconv10.stride = 2\nopt = SGD(conv1.parameters())\nopt.step()",
             "k = np.ones((3, 3))\nif verbose:\n    print(k)\nk_norm = k.sum()\ny = signal.convolve2d(a, k)",
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_FALSE(has_note(layer, "is not followed")) << text << "\n" << testing::PrintToString(layer.notes);
        EXPECT_FALSE(has_note(layer, "changed")) << text << "\n" << testing::PrintToString(layer.notes);
    }
}

TEST(ImportUnfollowed, MatlabsConditionsNeedNoComma) {
    const ImportedLayer layer = import_layer("x = ones(5, 5);\nk = ones(3, 3);\nif z k = k / 9; end\ny = conv2(x, k);");
    EXPECT_TRUE(has_note(layer, "k changes k and is not followed") || has_note(layer, "k = k / 9 changes k"))
        << testing::PrintToString(layer.notes);
    const ImportedLayer loop = import_layer("k = ones(3, 3);\nfor i = 1:3 k = k * 2; end\ny = conv2(x, k);");
    EXPECT_TRUE(has_note(loop, "is not followed")) << testing::PrintToString(loop.notes);
}

TEST(ImportUnfollowed, OfAlternativesOneIsTaken) {
    const std::string made = "self.c = nn.Conv2d(1, 1, 3)\ndef forward(self, x):\n";
    const ImportedLayer layer = import_layer(made +
                                             "    if self.training:\n        x = F.pad(x, (0, 1, 0, 0))\n    else:\n"
                                             "        x = F.pad(x, (2, 0, 0, 0))\n    return self.c(x)");
    EXPECT_EQ(layer.layer.spec.pads, (Pads{0, 0, 2, 0}));
    EXPECT_TRUE(has_note(layer, "line 4: x = F.pad(x, (0, 1, 0, 0)) changes x and is not followed"))
        << testing::PrintToString(layer.notes);
    EXPECT_TRUE(has_note(layer, "line 6: x = F.pad(x, (2, 0, 0, 0)) stands in a branch or a loop; it was taken"))
        << testing::PrintToString(layer.notes);
    const ImportedLayer three =
        import_layer(made +
                     "    if a:\n        x = F.pad(x, (0, 1, 0, 0))\n    elif b:\n        if c:\n"
                     "            print(x)\n    else:\n        if d:\n"
                     "            x = F.pad(x, (2, 0, 0, 0))\n    return self.c(x)");
    EXPECT_EQ(three.layer.spec.pads, (Pads{0, 0, 2, 0}));
    const ImportedLayer matlab = import_layer(
        "if z\n  A = padarray(A, [1 2], 0, 'post');\nelse\n  A = padarray(A, [3 0], 0, 'post');\nend\n"
        "C = conv2(A, [1 2; 3 4], 'valid');");
    EXPECT_EQ(matlab.layer.spec.pads, (Pads{0, 3, 0, 0}));
}

TEST(ImportUnfollowed, WhatWasTakenFromTwoBranchesIsNotCalledUnfollowed) {
    const std::string made = "self.c = nn.Conv2d(1, 1, 3)\ndef forward(self, x):\n";
    const ImportedLayer layer = import_layer(made +
                                             "    if a:\n        x = F.pad(x, (0, 1, 0, 0))\n    if b:\n"
                                             "        x = F.pad(x, (2, 0, 0, 0))\n    return self.c(x)");
    EXPECT_EQ(layer.layer.spec.pads, (Pads{0, 0, 2, 1}));
    EXPECT_FALSE(has_note(layer, "not followed")) << testing::PrintToString(layer.notes);
    EXPECT_TRUE(has_note(layer, "line 4: x = F.pad(x, (0, 1, 0, 0)) stands in a branch or a loop; it was taken"));
    const ImportedLayer changed = import_layer(made +
                                               "    if a:\n        x = F.pad(x, (0, 1, 0, 0))\n    if b:\n"
                                               "        x = F.interpolate(x, 2)\n    return self.c(x)");
    EXPECT_EQ(changed.layer.spec.pads, Pads{});
    EXPECT_TRUE(has_note(changed, "line 4: x = F.pad(x, (0, 1, 0, 0)) changes x and is not followed"))
        << testing::PrintToString(changed.notes);
}

TEST(ImportUnfollowed, LoopsOverParametersAreNamed) {
    const auto named = [](const std::string& loop) {
        return has_note(import_layer("conv = nn.Conv2d(1, 2, 3)\n" + loop + "\ny = conv(x)"),
                        "changes conv and is not followed");
    };
    EXPECT_TRUE(named("for p in conv.parameters(): nn.init.ones_(p)"));
    EXPECT_TRUE(named("for p in conv.parameters():\n    p.data.fill_(1)"));
    EXPECT_TRUE(named("for name, p in conv.named_parameters():\n    print(name)\n    p.data = p.data * 2"));
    EXPECT_FALSE(named("for p in conv.parameters(): p.requires_grad = False"));
    EXPECT_FALSE(named("for p in conv.parameters():\n    total += p.numel()"));
    EXPECT_FALSE(named("for p in conv.parameters():\n    print(p.shape)"));
}

}  // namespace
}  // namespace convlens
