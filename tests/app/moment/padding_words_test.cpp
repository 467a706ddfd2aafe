// Products and windows in words: how many of them are in the padding.
#include "app/moment/padding_words.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

// 1 2 3 / 4 5 6 / 7 8 9 with one cell of padding, and a kernel of ones with a two in its middle.
DerivedLayer layer(PadMode mode, double pad_value = 0, Op op = Op::conv) {
    Layer made;
    made.spec.op = op;
    made.spec.kernel = {3, 3};
    made.spec.pads = Pads::all(1);
    made.spec.pad_mode = mode;
    made.spec.pad_value = pad_value;
    made.input = TensorRef(Tensor<double>({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}));
    made.weight = TensorRef(Tensor<double>({1, 1, 3, 3}, {1, 1, 1, 1, 2, 1, 1, 1, -1}));
    Document document;
    document.layers = {made};
    document.panes = {Pane{}};
    return *derive_all(document).layers.front();
}

std::string corner_text(const DerivedLayer& layer) {
    return english(products_text(layer.layer.spec, taps(layer.layer.spec, layer.data(), {0, 0, 0, 0})));
}

TEST(PaddingWords, EveryProductInThePaddingIsCountedWhateverItsValue) {
    EXPECT_EQ(corner_text(layer(PadMode::zeros)), "1·2 + 2·1 + 4·1 + 5·(−1) and 5 in the padding");
    EXPECT_EQ(corner_text(layer(PadMode::reflect)),
              "1·2 + 2·1 + 4·1 + 5·(−1) and 5 in the padding: 5·1 + 4·1 + 5·1 + 2·1 + 5·1");
    EXPECT_EQ(corner_text(layer(PadMode::replicate)),
              "1·2 + 2·1 + 4·1 + 5·(−1) and 5 in the padding: 1·1 + 1·1 + 2·1 + 1·1 + 4·1");
    EXPECT_EQ(corner_text(layer(PadMode::circular)),
              "1·2 + 2·1 + 4·1 + 5·(−1) and 5 in the padding: 9·1 + 7·1 + 8·1 + 3·1 + 6·1");
    EXPECT_EQ(corner_text(layer(PadMode::constant, 7)),
              "1·2 + 2·1 + 4·1 + 5·(−1) and 5 in the padding: 7·1 + 7·1 + 7·1 + 7·1 + 7·1");
    EXPECT_EQ(corner_text(layer(PadMode::constant, 0)), "1·2 + 2·1 + 4·1 + 5·(−1) and 5 in the padding");
}

TEST(PaddingWords, APoolingWindowListsTheValuesOfTheInput) {
    EXPECT_EQ(corner_text(layer(PadMode::zeros, 0, Op::max_pool)), "1, 2, 4, 5 and 5 in the padding");
    EXPECT_EQ(english(products_text({}, {})), "nothing");
}

// Some that are zero do not hide the others.
TEST(PaddingWords, CopiesThatAreZeroAreCountedWithTheOthers) {
    const DerivedLayer made = layer(PadMode::replicate);
    std::vector<Tap> all = taps(made.layer.spec, made.data(), {0, 0, 0, 0});
    all[0].value = all[0].product = 0;
    EXPECT_EQ(english(products_text(made.layer.spec, all)),
              "1·2 + 2·1 + 4·1 + 5·(−1) and 5 in the padding: 0·1 + 1·1 + 2·1 + 1·1 + 4·1");
}

TEST(PaddingWords, LongListsEndAtNine) {
    const DerivedLayer made = layer(PadMode::replicate);
    std::vector<Tap> all;
    for (int i = 0; i < 3; ++i)
        for (const Tap& tap : taps(made.layer.spec, made.data(), {0, 0, 0, 0})) all.push_back(tap);
    const std::string text = english(products_text(made.layer.spec, all));
    EXPECT_NE(text.find("1·2 … 12 in all and 15 in the padding: "), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with(" + 1·1 …")) << text;
}

std::string rows_text(Op op, std::int64_t kernel, std::int64_t dilation, Pads pads, std::int64_t index,
                      bool ceil_mode = false) {
    LayerShape shape;
    shape.spec.op = op;
    shape.spec.kernel = {kernel, 1};
    shape.spec.dilation = {dilation, 1};
    shape.spec.pads = pads;
    shape.spec.ceil_mode = ceil_mode;
    if (is_pooling(op)) shape.spec.stride = {2, 1};
    shape.input = {1, 1, 6, 1};
    Document document;
    document.layers = {new_layer(shape, false)};
    document.panes = {Pane{}};
    std::string text;
    for (const Message& line : window_lines(*derive_all(document).layers.front(), Axis::h, index))
        text += (text.empty() ? "" : "\n") + english(line);
    return text;
}

TEST(PaddingWords, AWindowCountsTheRowsThatItReads) {
    EXPECT_EQ(rows_text(Op::conv, 3, 1, {0, 0, 0, 0}, 2), "window 2 makes output row 2\nreads input rows 2 to 4");
    EXPECT_EQ(rows_text(Op::conv, 3, 1, {1, 1, 0, 0}, 0),
              "window 0 makes output row 0\nreads input rows −1 to 1\nof which 1 in the padding");
    EXPECT_EQ(rows_text(Op::conv, 1, 1, {0, 0, 0, 0}, 4), "window 4 makes output row 4\nreads input row 4");
}

// What lies between the rows that it reads is not counted.
TEST(PaddingWords, ADilatedWindowCountsNoRowBetweenItsOwn) {
    EXPECT_EQ(rows_text(Op::conv, 3, 2, {2, 2, 0, 0}, 0),
              "window 0 makes output row 0\nreads input rows −2, 0, 2\nof which 1 in the padding");
    EXPECT_EQ(rows_text(Op::conv, 2, 3, {2, 2, 0, 0}, 6),
              "window 6 makes output row 6\nreads input rows 4, 7\nof which 1 in the padding");
    EXPECT_EQ(rows_text(Op::conv, 4, 2, {3, 3, 0, 0}, 0),
              "window 0 makes output row 0\nreads input rows −3, −1, … 3\nof which 2 in the padding");
}

TEST(PaddingWords, RowsBeyondThePaddingAreNoPadding) {
    EXPECT_EQ(rows_text(Op::max_pool, 3, 1, {1, 0, 0, 0}, 3, true),
              "window 3 makes output row 3\nreads input rows 5 to 7\nof which 2 outside the padded input");
    EXPECT_EQ(rows_text(Op::max_pool, 4, 1, {0, 1, 0, 0}, 2, true),
              "window 2 makes output row 2\nreads input rows 4 to 7\nof which 1 in the padding\nand 1 outside the "
              "padded input");
    EXPECT_EQ(rows_text(Op::conv, 3, 1, {-1, -1, 0, 0}, 1), "window 1 makes output row 1\nreads input rows 2 to 4");
}

TEST(PaddingWords, AStampCountsTheRowsThatTheCropTakes) {
    EXPECT_EQ(rows_text(Op::conv_transpose, 3, 1, {1, 0, 0, 0}, 0),
              "stamp of input row 0\nis added to output rows −1 to 1\nof which 1 cropped");
    EXPECT_EQ(rows_text(Op::conv_transpose, 3, 2, {1, 0, 0, 0}, 1),
              "stamp of input row 1\nis added to output rows 0, 2, 4");
}

}  // namespace
}  // namespace convlens
