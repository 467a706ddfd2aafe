// A row is never read just where no output changes when its numbers do.
#include "core/trace/unread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/conv/names.h"
#include "core/conv/rules.h"
#include "core/conv/shape.h"
#include "core/engine/reference.h"
#include "core/trace/trace.h"
#include "tests/core/random_layer.h"

namespace convlens {

namespace {

constexpr std::array kAllModes{PadMode::zeros,   PadMode::constant,  PadMode::replicate,
                               PadMode::reflect, PadMode::symmetric, PadMode::circular};

// A layer of one channel along one axis, whose weights are all 1.
struct Column {
    ConvSpec spec;
    std::int64_t length = 1;

    Tensor<double> output(std::int64_t changed) const {
        Tensor<double> input({1, 1, length, 1}, 1.0);
        if (changed >= 0) input.at(0, 0, changed, 0) = 1000;
        const Tensor<double> weight({1, 1, spec.kernel.h, spec.kernel.w}, 1.0);
        return reference_forward(spec, {input, weight, {}});
    }
    std::vector<std::int64_t> without_effect() const {
        const Tensor<double> before = output(-1);
        std::vector<std::int64_t> rows;
        for (std::int64_t row = 0; row < length; ++row)
            if (std::ranges::equal(output(row).span(), before.span())) rows.push_back(row);
        return rows;
    }
};

Column random_column(Random& random, Op op) {
    Column column;
    do {
        column.spec = random_layer(random, op == Op::conv_transpose ? op : Op::conv).spec;
        ConvSpec& spec = column.spec;
        spec.op = op;
        spec.groups = spec.out_channels = 1;
        spec.kernel.w = spec.stride.w = spec.dilation.w = 1;
        spec.output_padding.w = spec.pads.left = spec.pads.right = 0;
        spec.dilation.h = random.from(1, 3);
        if (is_pooling(op)) spec.pad_mode = PadMode::zeros;
        column.length = random.from(1, 9);
    } while (!find_faults({column.spec, {1, 1, column.length, 1}, {}, {}}).empty());
    return column;
}

ConvSpec swapped(ConvSpec spec) {
    std::swap(spec.kernel.h, spec.kernel.w);
    std::swap(spec.stride.h, spec.stride.w);
    std::swap(spec.dilation.h, spec.dilation.w);
    std::swap(spec.output_padding.h, spec.output_padding.w);
    spec.pads = {spec.pads.left, spec.pads.right, spec.pads.top, spec.pads.bottom};
    return spec;
}

std::vector<std::string> input_words(const ConvSpec& spec, Size2 plane) {
    std::vector<std::string> sentences;
    for (const Message& each : in_words(unread(spec, plane, Axis::h), unread(spec, plane, Axis::w)).input)
        sentences.push_back(english(each));
    return sentences;
}
std::string padding_words(const ConvSpec& spec, Size2 plane) {
    return english(in_words(unread(spec, plane, Axis::h), unread(spec, plane, Axis::w)).padding);
}

}  // namespace

TEST(Unread, IsWhatChangesNoOutputWhateverFillsThePadding) {
    Random random(25);
    std::array<int, kAllModes.size()> lost{};
    for (int i = 0; i < 3000; ++i) {
        Column column = random_column(random, Op::conv);
        for (std::size_t mode = 0; mode < kAllModes.size(); ++mode) {
            column.spec.pad_mode = kAllModes[mode];
            const Unread found = unread(column.spec, {column.length, 1}, Axis::h);
            ASSERT_EQ(found.input, column.without_effect()) << i << ", " << name(column.spec.pad_mode);
            ASSERT_EQ(found.causes.size(), found.input.size());
            ASSERT_EQ(unread(swapped(column.spec), {1, column.length}, Axis::w).input, found.input) << i;
            lost[mode] += !found.input.empty();
        }
    }
    for (const int count : lost) EXPECT_GT(count, 100);
    EXPECT_LT(lost[5], lost[0]) << "a row that is read through its copy is not lost";
}

TEST(Unread, OfStampsAndAveragesIsWhatChangesNoOutput) {
    Random random(26);
    for (const Op op : {Op::conv_transpose, Op::avg_pool}) {
        for (int i = 0; i < 1000; ++i) {
            const Column column = random_column(random, op);
            ASSERT_EQ(unread(column.spec, {column.length, 1}, Axis::h).input, column.without_effect()) << i;
        }
    }
}

TEST(Unread, PaddingIsWhatNoTapLiesOn) {
    Random random(27);
    for (int i = 0; i < 1000; ++i) {
        const Column column = random_column(random, Op::conv);
        const Tensor<double> input({1, 1, column.length, 1}, 1.0), weight({1, 1, column.spec.kernel.h, 1}, 1.0);
        std::set<std::int64_t> is_read;
        for (std::int64_t y = 0; y < output_shape(column.spec, input.shape()).h; ++y)
            for (const Tap& tap : taps(column.spec, {input, weight, {}}, {0, 0, y, 0})) is_read.insert(tap.input.y);
        const Pads& pads = column.spec.pads;
        std::vector<std::int64_t> wanted;
        for (std::int64_t at = -pads.top; at < column.length + pads.bottom; ++at)
            if ((at < 0 || at >= column.length) && !is_read.contains(at)) wanted.push_back(at + pads.top);
        ASSERT_EQ(unread(column.spec, {column.length, 1}, Axis::h).padding, wanted) << i;
    }
}

TEST(Unread, TellsLostDataFromLostPadding) {
    ConvSpec spec;
    spec.stride = {2, 2};
    EXPECT_EQ(unread(spec, {10, 10}, Axis::h).input, std::vector<std::int64_t>{9});
    spec.pads = Pads::all(1);
    EXPECT_TRUE(unread(spec, {28, 28}, Axis::h).input.empty());
    EXPECT_EQ(unread(spec, {28, 28}, Axis::h).padding, std::vector<std::int64_t>{29});
    spec.pads = {};
    spec.stride = {4, 4};
    EXPECT_EQ(unread(spec, {11, 11}, Axis::w).input, (std::vector<std::int64_t>{3, 7}));
}

TEST(UnreadWords, SayForEachCauseWhyARowIsLost) {
    ConvSpec spec;
    spec.stride = {4, 4};
    EXPECT_EQ(input_words(spec, {11, 4}),
              (std::vector<std::string>{"Input rows 3 and 7 are never read: no window covers them. Their data is lost.",
                                        "Input column 3 is never read: no window covers it. Its data is lost."}));
    spec.stride = {1, 1};
    spec.pads = {-1, 0, 0, -2};
    EXPECT_EQ(input_words(spec, {6, 6}),
              (std::vector<std::string>{
                  "Input row 0 is never read: negative padding crops it. Its data is lost.",
                  "Input columns 4 and 5 are never read: negative padding crops them. Their data is lost."}));
    spec = {};
    spec.op = Op::conv_transpose;
    spec.kernel = {1, 1};
    spec.pads = {1, 0, 0, 0};
    EXPECT_EQ(input_words(spec, {4, 4}),
              std::vector<std::string>{"Input row 0 is never read: its whole stamp is cropped. Its data is lost."});
}

// Three weights, two apart, over a row of five: windows cover columns 1 and 3, their weights do not meet them.
TEST(UnreadWords, DilationLeavesRowsBetweenTheWeightsOfWindowsThatCoverThem) {
    ConvSpec spec;
    spec.kernel = {1, 3};
    spec.dilation = {1, 2};
    spec.stride = {1, 2};
    spec.pads = {0, 0, 0, 1};
    EXPECT_EQ(input_words(spec, {1, 5}),
              std::vector<std::string>{"Input columns 1 and 3 are never read: they fall between the weights, "
                                       "which dilation spreads. Their data is lost."});
    EXPECT_EQ(padding_words(spec, {1, 5}), "1 column of padding is never read.");
}

TEST(UnreadWords, OfPoolingNameNoWeights) {
    ConvSpec spec;
    spec.op = Op::max_pool;
    spec.dilation = {2, 2};
    spec.stride = {2, 2};
    EXPECT_EQ(input_words(spec, {5, 5}),
              (std::vector<std::string>{
                  "Input rows 1 and 3 are never read: they fall between the cells of the windows, which dilation "
                  "spreads. Their data is lost.",
                  "Input columns 1 and 3 are never read: they fall between the cells of the windows, which dilation "
                  "spreads. Their data is lost."}));
}

TEST(UnreadWords, OfPaddingSayThatNothingIsLostOnlyWhereNothingIs) {
    ConvSpec spec;
    spec.stride = {2, 2};
    spec.pads = Pads::all(1);
    EXPECT_TRUE(input_words(spec, {28, 28}).empty());
    EXPECT_EQ(padding_words(spec, {28, 28}), "1 row and 1 column of padding are never read; no input is lost.");
    EXPECT_EQ(padding_words(spec, {28, 27}), "1 row of padding is never read; no input is lost.");
    EXPECT_EQ(padding_words(spec, {27, 27}), "");
}

}  // namespace convlens
