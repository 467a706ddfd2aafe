// Arrays that a text makes: every argument and type counts, or the numbers are said not to be read. What is expected is
// what NumPy, PyTorch and Octave give.
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

using Numbers = std::vector<double>;

struct Made {
    std::string expression;
    Shape4 shape;
    Numbers numbers;
};

ImportedLayer scipy(const std::string& kernel) {
    return import_layer("k = " + kernel + "\ny = signal.convolve2d(np.ones((5, 6)), k)");
}

ImportedLayer torch(const std::string& kernel) { return import_layer("k = " + kernel + "\ny = F.conv2d(x, k)"); }

ImportedLayer matlab(const std::string& kernel) {
    return import_layer("k = " + kernel + ";\ny = conv2(ones(5, 6), k);");
}

void expect_made(ImportedLayer (*read)(const std::string&), const std::vector<Made>& rows) {
    for (const Made& row : rows) {
        const ImportedLayer layer = read(row.expression);
        ASSERT_TRUE(layer.weight) << row.expression << "\n" << testing::PrintToString(layer.notes);
        EXPECT_EQ(layer.weight->shape(), row.shape) << row.expression;
        EXPECT_EQ(numbers(layer.weight), row.numbers) << row.expression;
    }
}

// The numbers are none of the text's, and a note says by what.
void expect_unread(ImportedLayer (*read)(const std::string&),
                   const std::vector<std::pair<std::string, std::string>>& rows) {
    for (const auto& [expression, what] : rows) {
        const ImportedLayer layer = read(expression);
        EXPECT_FALSE(layer.weight) << expression << " " << testing::PrintToString(numbers(layer.weight));
        EXPECT_TRUE(has_note(layer, what)) << expression << "\n" << testing::PrintToString(layer.notes);
        EXPECT_FALSE(has_note(layer, "k's shape is not told")) << expression;
    }
}

TEST(ImportArray, ListsAreRepeatedAndJoined) {
    expect_made(scipy, {
                           {"np.array([[3, 5]*2]*3)", {1, 1, 3, 4}, {3, 5, 3, 5, 3, 5, 3, 5, 3, 5, 3, 5}},
                           {"np.array([[1]*3]*2)/4", {1, 1, 2, 3}, Numbers(6, 0.25)},
                           {"np.array([[1, 2]] + [[3, 4]])", {1, 1, 2, 2}, {1, 2, 3, 4}},
                           {"np.array([[1, 2]])*3", {1, 1, 1, 2}, {3, 6}},
                           {"np.array([[1, 2]]) + [[3, 4]]", {1, 1, 1, 2}, {4, 6}},
                           {"2*[[1, 2, 7]]", {1, 1, 2, 3}, {1, 2, 7, 1, 2, 7}},
                       });
    expect_made(torch, {
                           {"torch.tensor([[2]*3]*2)[None, None]", {1, 1, 2, 3}, Numbers(6, 2)},
                           {"torch.tensor([0]*2 + [7] + [0]*3).view(1, 1, 2, 3)", {1, 1, 2, 3}, {0, 0, 7, 0, 0, 0}},
                       });
    expect_unread(scipy, {{"[[1, 2]] - [[3, 4]]", "an operation (-)"}, {"[[1, 2]]/2", "an operation (/)"}});
    const ImportedLayer variable = import_layer("r = [1, 2]\nk = np.array([r, r*1])\ny = cv2.filter2D(img, -1, k/8)");
    EXPECT_EQ(numbers(variable.weight), (Numbers{0.125, 0.25, 0.125, 0.25}));
}

TEST(ImportArray, ArgumentsOfMakersCount) {
    expect_made(scipy, {
                           {"np.eye(2, 3, 1)", {1, 1, 2, 3}, {0, 1, 0, 0, 0, 1}},
                           {"np.eye(3, k=-2)", {1, 1, 3, 3}, {0, 0, 0, 0, 0, 0, 1, 0, 0}},
                           {"np.eye(2, M=3)", {1, 1, 2, 3}, {1, 0, 0, 0, 1, 0}},
                           {"np.identity(2)", {1, 1, 2, 2}, {1, 0, 0, 1}},
                           {"np.full((1, 3), fill_value=7)", {1, 1, 1, 3}, {7, 7, 7}},
                           {"np.arange(7, 1, -2).reshape(1, 3)", {1, 1, 1, 3}, {7, 5, 3}},
                           {"np.linspace(0, 3, 4).reshape(2, 2)", {1, 1, 2, 2}, {0, 1, 2, 3}},
                           {"np.linspace(0, 3, num=3, endpoint=False).reshape(1, 3)", {1, 1, 1, 3}, {0, 1, 2}},
                           {"np.outer([1, 2], [3, 4, 5])", {1, 1, 2, 3}, {3, 4, 5, 6, 8, 10}},
                           {"np.array([1, 2])[:, None]*np.array([3, 4, 5])", {1, 1, 2, 3}, {3, 4, 5, 6, 8, 10}},
                           {"np.ones((2, 2))/np.ones((2, 2)).sum()", {1, 1, 2, 2}, Numbers(4, 0.25)},
                           {"np.rot90(np.array([[1, 2, 3], [4, 5, 6]]))", {1, 1, 3, 2}, {3, 6, 2, 5, 1, 4}},
                           {"np.flip(np.array([[1, 2, 3], [4, 5, 6]]), 0)", {1, 1, 2, 3}, {4, 5, 6, 1, 2, 3}},
                           {"np.array([[0x10, 0b11], [0o17, 1_0]])", {1, 1, 2, 2}, {16, 3, 15, 10}},
                       });
    expect_made(torch, {
                           {"torch.eye(2, 3)[None, None]", {1, 1, 2, 3}, {1, 0, 0, 0, 1, 0}},
                           {"torch.arange(start=1, end=8, step=2).view(1, 1, 2, 2)", {1, 1, 2, 2}, {1, 3, 5, 7}},
                           {"torch.full((1, 1, 1, 2), 0.5)", {1, 1, 1, 2}, {0.5, 0.5}},
                           {"torch.linspace(1, 4, steps=4).view(1, 1, 2, 2)", {1, 1, 2, 2}, {1, 2, 3, 4}},
                       });
    EXPECT_EQ(numbers(import_layer("k = tf.constant([1., 2, 3, 4, 5, 6], shape=[2, 3, 1, 1])\n"
                                   "y = tf.nn.conv2d(x, k, 1, 'SAME')")
                          .weight),
              (Numbers{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(
        numbers(
            import_layer("y = tf.nn.conv2d(x, tf.reshape(tf.eye(2, num_columns=3), [2, 3, 1, 1]), 1, 'SAME')").weight),
        (Numbers{1, 0, 0, 0, 1, 0}));
    expect_unread(scipy, {
                             {"np.arange(6).reshape((2, 3), order='F')", ".reshape(..., order=...)"},
                             {"np.reshape(np.arange(6), (2, 3), 'F')", "np.reshape"},
                             {"np.kron([[1, 2]], [[3]])", "np.kron(...)"},
                             {"np.array([[i + j for j in range(3)] for i in range(2)])", "a list with a loop in it"},
                             {"np.diag([1, 2, 3])", "np.diag(...)"},
                             {"np.eye(3, what=4)", "np.eye(..., what=...)"},
                         });
}

TEST(ImportArray, TypesThatChangeNumbersAreFollowed) {
    const std::string cells = "[[0.5, 1.7], [2.9, -1.7]]";
    for (const std::string& made : {"np.array(" + cells + ", dtype=int)", "np.array(" + cells + ").astype(np.int32)",
                                    "np.array(" + cells + ", np.int8)", "np.array(" + cells + ", dtype='int16')"})
        EXPECT_EQ(numbers(scipy(made).weight), (Numbers{0, 1, 2, -1})) << made;
    const std::string tensor = "torch.tensor([[" + cells + "]]";
    for (const std::string& made :
         {tensor + ", dtype=torch.int32)", tensor + ").int()", tensor + ").long()", tensor + ").to(torch.int64)",
          tensor + ").type(torch.int16)", "torch.IntTensor([[" + cells + "]])"})
        EXPECT_EQ(numbers(torch(made).weight), (Numbers{0, 1, 2, -1})) << made;
    EXPECT_EQ(numbers(torch(tensor + ").bool()").weight), (Numbers{1, 1, 1, 1}));
    EXPECT_EQ(numbers(torch(tensor + ").double()").weight), (Numbers{0.5, 1.7, 2.9, -1.7}));
    EXPECT_EQ(numbers(torch(tensor + ").to(device)").weight), (Numbers{0.5, 1.7, 2.9, -1.7}));
    EXPECT_EQ(numbers(torch("torch.tensor([[[[0.1, 3]]]]).half()").weight), (Numbers{0.0999755859375, 3}));
    EXPECT_EQ(numbers(scipy("np.array([[3, 5]], dtype=np.uint8)*2").weight), (Numbers{6, 10}));
    const ImportedLayer set =
        import_layer("k = np.array([[1, 2], [3, 4]])\nk[0, 1] = 7.9\ny = signal.convolve2d(a, k)");
    EXPECT_EQ(numbers(set.weight), (Numbers{1, 7, 3, 4})) << "an array of whole numbers stays one";
    expect_unread(scipy, {
                             {"np.array([[200, 1]], dtype=np.uint8)*2", "an operation (*)"},
                             {"np.array([[300, 1]]).astype(np.uint8)", "astype"},
                             {"np.array([[1, 2]], dtype=complex)", "np.array(...)"},
                             {"np.array([[1, 2]], dtype=kind)", "np.array(...)"},
                         });
}

TEST(ImportArray, MatlabsMatricesAreNoArraysOfCells) {
    expect_made(matlab, {
                            {"[1 2; 3 4]^2", {1, 1, 2, 2}, {7, 10, 15, 22}},
                            {"[1 2; 3 4].^2", {1, 1, 2, 2}, {1, 4, 9, 16}},
                            {"[1 2; 3 4]*[1 2 3; 4 5 6]", {1, 1, 2, 3}, {9, 12, 15, 19, 26, 33}},
                            {"[1; 2]*[3 4 5]", {1, 1, 2, 3}, {3, 4, 5, 6, 8, 10}},
                            {"[1 2; 3 4].*[5 6; 7 8]", {1, 1, 2, 2}, {5, 12, 21, 32}},
                            {"[1 2; 3 6]/2", {1, 1, 2, 2}, {0.5, 1, 1.5, 3}},
                            {"2^3^2*ones(1, 2)", {1, 1, 1, 2}, {64, 64}},
                            {"ones(2, 4)/sum(sum(ones(2, 4)))", {1, 1, 2, 4}, Numbers(8, 0.125)},
                            {"double(uint8([-1 1.5; 2.5 300]))", {1, 1, 2, 2}, {0, 2, 3, 255}},
                            {"double(logical([0 3 -2]))", {1, 1, 1, 3}, {0, 1, 1}},
                        });
    EXPECT_EQ(numbers(import_layer("A = [1 2 3; 4 5 6];\nC = conv2(A.^2, [7 8], 'same');").input),
              (Numbers{1, 4, 9, 16, 25, 36}));
    EXPECT_EQ(numbers(import_layer("k = [1 2; 3 4];\nk = k/sum(k(:));\nC = conv2(A, k);").weight),
              (Numbers{0.1, 0.2, 0.3, 0.4}));
    expect_unread(matlab, {
                              {"2^[1 2; 3 4]", "an operation (^)"},
                              {"[1 2; 3 4]^-1", "an operation (^)"},
                              {"2/[1 2; 3 4]", "an operation (/)"},
                              {"[1 2; 3 4]/[5 6; 7 8]", "an operation (/)"},
                              {"magic(3)", "magic(...), whose numbers are not read"},
                              {"[1:n; 4:6]", "a range (:)"},
                          });
}

TEST(ImportArray, RangesCountToTheirEnds) {
    expect_made(matlab, {
                            {"[1:3; 4:6]", {1, 1, 2, 3}, {1, 2, 3, 4, 5, 6}},
                            {"[1:5]", {1, 1, 1, 5}, {1, 2, 3, 4, 5}},
                            {"0:0.25:1", {1, 1, 1, 5}, {0, 0.25, 0.5, 0.75, 1}},
                            {"5:-2:1", {1, 1, 1, 3}, {5, 3, 1}},
                            {"[1:3]'", {1, 1, 3, 1}, {1, 2, 3}},
                            {"(1:3)'", {1, 1, 3, 1}, {1, 2, 3}},
                            {"[7 1:2]", {1, 1, 1, 3}, {7, 1, 2}},
                            {"(1:3)'*[2 5]", {1, 1, 3, 2}, {2, 5, 4, 10, 6, 15}},
                            {"0:0.1:0.3", {1, 1, 1, 4}, {0, 0.1, 0.2, 3 * 0.1}},
                        });
    expect_made(torch, {
                           {"torch.range(1, 6).view(1, 1, 2, 3)", {1, 1, 2, 3}, {1, 2, 3, 4, 5, 6}},
                           {"torch.range(0, 1, 0.5).view(1, 1, 1, 3)", {1, 1, 1, 3}, {0, 0.5, 1}},
                           {"torch.arange(1, 6).view(1, 1, 1, 5)", {1, 1, 1, 5}, {1, 2, 3, 4, 5}},
                       });
}

TEST(ImportArray, ArraysAreJoinedAlongAnAxis) {
    const std::string a = "torch.tensor([[[[1., 2], [3, 4]]]])";
    const std::string b = "torch.tensor([[[[5.], [6]]]])";
    const std::string c = "torch.tensor([[[[7., 8]]]])";
    expect_made(
        torch,
        {
            {"torch.cat([" + a + ", " + b + "], dim=3)", {1, 1, 2, 3}, {1, 2, 5, 3, 4, 6}},
            {"torch.cat((" + b + ", " + a + "), -1)", {1, 1, 2, 3}, {5, 1, 2, 6, 3, 4}},
            {"torch.cat([" + a + ", " + c + "], 2)", {1, 1, 3, 2}, {1, 2, 3, 4, 7, 8}},
            {"torch.stack([torch.arange(3.)]*2)[None, None]", {1, 1, 2, 3}, {0, 1, 2, 0, 1, 2}},
            {"torch.stack([torch.arange(3.), torch.ones(3)], dim=1)[None, None]", {1, 1, 3, 2}, {0, 1, 1, 1, 2, 1}},
        });
    expect_made(scipy,
                {
                    {"np.concatenate([[[1, 2], [3, 4]], [[5], [6]]], axis=1)", {1, 1, 2, 3}, {1, 2, 5, 3, 4, 6}},
                    {"np.hstack((np.ones((2, 1)), np.array([[3, 4], [5, 6]])))", {1, 1, 2, 3}, {1, 3, 4, 1, 5, 6}},
                    {"np.vstack([[1, 2, 3], [4, 5, 6]])", {1, 1, 2, 3}, {1, 2, 3, 4, 5, 6}},
                    {"np.hstack([[1, 2], [3]])[None]", {1, 1, 1, 3}, {1, 2, 3}},
                });
    expect_unread(scipy, {{"np.concatenate([[[1, 2]], [[3]]], axis=0)", "np.concatenate"}});
    expect_unread(torch, {{"torch.cat([" + a + ", v], dim=3)", "torch.cat"}});
}

TEST(ImportArray, AComparisonGivesOnesAndZeros) {
    expect_made(torch, {
                           {"(torch.arange(6.).reshape(1, 1, 2, 3) > 2).float()", {1, 1, 2, 3}, {0, 0, 0, 1, 1, 1}},
                           {"(torch.arange(6.).reshape(1, 1, 2, 3) <= 2)*3.", {1, 1, 2, 3}, {3, 3, 3, 0, 0, 0}},
                           {"(torch.arange(3.) == 1).float().view(1, 1, 1, 3)", {1, 1, 1, 3}, {0, 1, 0}},
                       });
    expect_made(scipy, {{"(np.array([[200, 100]], np.uint8) > 150)*300", {1, 1, 1, 2}, {300, 0}}});
    expect_made(matlab, {{"double([1 2; 3 4] >= 3)", {1, 1, 2, 2}, {0, 0, 1, 1}}});
}

TEST(ImportArray, ArithmeticOnNumbersByChanceIsNamed) {
    const std::string call = "\ny = F.conv2d(x, torch.ones(1, 1, 2, 3))";
    for (const std::string made : {"torch.rand(1, 1, 4, 5)*255", "torch.randn(1, 1, 4, 5)/9",
                                   "torch.randint(0, 2, (1, 1, 4, 5))*0 + 3", "torch.rand(1, 1, 4, 5).mul(255)"}) {
        const ImportedLayer layer = import_layer("x = " + made + call);
        EXPECT_EQ(layer.layer.input, (Shape4{1, 1, 4, 5}));
        EXPECT_TRUE(has_note(layer, "random")) << made << testing::PrintToString(layer.notes);
    }
}

TEST(ImportArray, AShapeStaysToldWhereNumbersAreNot) {
    const std::string w = "w = torch.arange(6.).reshape(1, 1, 2, 3)\n";
    for (const std::string change :
         {"w.clamp(1, 4)", "w.sqrt()", "w.floor()", "torch.tanh(w)", "torch.relu(w)", "F.relu(w)", "w.sigmoid()",
          "w.cumsum(3)", "w.masked_fill(m, 7)", "torch.tril(w)", "w.triu()", "w.exp()", "torch.clamp(w, min=1)"}) {
        const ImportedLayer layer = import_layer(w + "k = " + change + "\ny = F.conv2d(x, k)");
        EXPECT_FALSE(layer.weight) << change;
        EXPECT_EQ(layer.layer.spec.kernel, (Size2{2, 3})) << change << testing::PrintToString(layer.notes);
        const std::string name = change.substr(change.find('.') + 1, change.find('(') - change.find('.') - 1);
        EXPECT_TRUE(has_note(layer, name)) << change << testing::PrintToString(layer.notes);
    }
    EXPECT_EQ(numbers(import_layer(w + "y = F.conv2d(x, w.mT)").weight), (Numbers{0, 3, 1, 4, 2, 5}));
    EXPECT_EQ(numbers(import_layer(w + "y = F.conv2d(x, (w - 3).abs())").weight), (Numbers{3, 2, 1, 0, 1, 2}));
    EXPECT_EQ(numbers(import_layer(w + "w[0, 0, 1, 2] = 9\ny = F.conv2d(x, w)").weight), (Numbers{0, 1, 2, 3, 4, 9}));
    EXPECT_EQ(
        numbers(
            import_layer("w = torch.zeros(1, 1, 2, 3); w[..., 1, 2] = 9; w[:, :, 0] = 4\ny = F.conv2d(x, w)").weight),
        (Numbers{4, 4, 4, 0, 0, 9}));
    EXPECT_EQ(numbers(import_layer(w + "with torch.no_grad():\n    w[0, 0, 1, 2] = 9\ny = F.conv2d(x, w)").weight),
              (Numbers{0, 1, 2, 3, 4, 9}));
    for (const std::string set :
         {"w[0, 0, i, 2] = 9", "w[0, 0, 1, 2] = v", "w[w > 3] = 0", "for i in range(2):\n    w[0, 0, i] = i"}) {
        const ImportedLayer layer = import_layer(w + set + "\ny = F.conv2d(x, w)");
        EXPECT_FALSE(layer.weight) << set;
        EXPECT_EQ(layer.layer.spec.kernel, (Size2{2, 3})) << set;
        EXPECT_TRUE(has_note(layer, "cells that are set")) << set << testing::PrintToString(layer.notes);
    }
}

TEST(ImportArray, MatlabsCellsAreSetWithinTheMatrixAlone) {
    const std::string k = "k = [1 2 3; 4 5 6]; ";
    const std::string call = "\nC = conv2(ones(7, 8), k);";
    EXPECT_EQ(numbers(import_layer(k + "k(2, 1:2) = 9;" + call).weight), (Numbers{1, 2, 3, 9, 9, 6}));
    EXPECT_EQ(numbers(import_layer("k = [1 2 3]; k(2) = 9;" + call).weight), (Numbers{1, 9, 3}));
    EXPECT_EQ(numbers(import_layer("k = [1; 2; 3]; k(3) = 9;" + call).weight), (Numbers{1, 2, 9}));
    EXPECT_EQ(numbers(import_layer(k + "k(:) = 9;" + call).weight), Numbers(6, 9));
    for (const std::string set : {"k(2) = 9;", "k(3, 1) = 9;", "k(1, 2:5) = 9;", "k(n, 1) = 9;"}) {
        const ImportedLayer layer = import_layer(k + set + call);
        EXPECT_FALSE(layer.weight) << set << testing::PrintToString(numbers(layer.weight));
        EXPECT_TRUE(has_note(layer, "cells that are set")) << set << testing::PrintToString(layer.notes);
        EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 3})) << set << " may make the matrix larger";
    }
    const ImportedLayer unknown = import_layer(k + "k(2, 1:2) = v;" + call);
    EXPECT_FALSE(unknown.weight);
    EXPECT_EQ(unknown.layer.spec.kernel, (Size2{2, 3}));
}

TEST(ImportArray, TypesThatResultsAreStoredInAreNamed) {
    const std::string stored = "results are stored in the input's type";
    const std::string a = "a = np.arange(12).reshape(3, 4)";
    EXPECT_TRUE(has_note(import_layer(a + "\ny = ndimage.convolve(a, np.ones((2, 3))/6)"), stored));
    EXPECT_TRUE(has_note(import_layer(a + ".astype(np.uint8)\ny = ndimage.convolve(a, np.ones((2, 3)))"), stored));
    EXPECT_FALSE(has_note(import_layer(a + "\ny = ndimage.convolve(a, [[1, 2, 3]])"), stored));
    EXPECT_FALSE(has_note(import_layer(a + "/1\ny = ndimage.convolve(a, np.ones((2, 3))/6)"), stored));
    EXPECT_FALSE(has_note(import_layer(a + "\ny = ndimage.convolve(a, np.ones((2, 3))/6, output=float)"), stored));
    const std::string bytes = "y = signal.convolve2d(np.array([[200]], np.uint8), np.array([[2, 3]], np.";
    EXPECT_TRUE(has_note(import_layer(bytes + "uint8))"), "results wrap around"));
    EXPECT_FALSE(has_note(import_layer(bytes + "int64))"), "results wrap around"));
}

TEST(ImportArray, SettingsMayBeListsThatAreRepeated) {
    const ConvSpec spec = spec_of("nn.Conv2d(3, 8, (5,) * 2, padding=[1] + [2])");
    EXPECT_EQ(spec.kernel, (Size2{5, 5}));
    EXPECT_EQ(spec.pads, (Pads{1, 1, 2, 2}));
}

TEST(ImportArray, OpenCVMakesAColumnOfOneAxis) {
    const ImportedLayer layer = import_layer("y = cv2.filter2D(img, -1, np.array([1, 2, 4]))");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 1}));
    EXPECT_TRUE(has_note(layer, "OpenCV 4 makes a column"));
}

TEST(ImportArray, WhatTheTextTellsIsNotSaidToBeUntold) {
    const ImportedLayer told = import_layer("x = np.kron([[1, 2]], [[3, 4]])\ny = signal.convolve2d(x, k)");
    EXPECT_TRUE(has_note(told, "in1 of signal.convolve2d is made by np.kron(...), which is not read") ||
                has_note(told, "changed by np.kron(...)"))
        << testing::PrintToString(told.notes);
    EXPECT_TRUE(has_note(told, "the input's size is not read; 5×5 was taken"));
    EXPECT_TRUE(has_note(import_layer("y = signal.convolve2d(x, k)"), "the input's size is not told; 5×5 was taken"));
}

}  // namespace
}  // namespace convlens
