// Columns against PyTorch's, against the padded plane that the windows read, and against fold as their adjoint.
#include "core/engine/unfold.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>

#include <nlohmann/json.hpp>

#include "core/cases/cases.h"
#include "core/conv/pad.h"
#include "core/io/json_value.h"
#include "core/trace/trace.h"
#include "tests/core/random_layer.h"

namespace convlens {

namespace {

constexpr PadMode kCopyingModes[] = {PadMode::replicate, PadMode::reflect, PadMode::symmetric, PadMode::circular};

using Numbers = std::vector<double>;

Numbers numbers(const Tensor<double>& t) { return {t.span().begin(), t.span().end()}; }

double sum(const Tensor<double>& t) { return std::accumulate(t.span().begin(), t.span().end(), 0.0); }

double dot(const Tensor<double>& a, const Tensor<double>& b) {
    return std::inner_product(a.span().begin(), a.span().end(), b.span().begin(), 0.0);
}

Tensor<double> row(const Numbers& data) {
    const auto length = static_cast<std::int64_t>(data.size());
    return {{1, 1, 1, length}, data};
}

// One row, a window of one cell, two cells of padding on the left and one on the right.
ConvSpec one_cell_windows(PadMode mode) {
    ConvSpec spec;
    spec.kernel = {1, 1};
    spec.pads = {0, 0, 2, 1};
    spec.pad_mode = mode;
    spec.pad_value = mode == PadMode::constant ? 9 : 0;
    return spec;
}

// The cases of one op, as layers without a weight.
std::vector<Case> peer_cases(const std::string& op) {
    const std::filesystem::path path = std::filesystem::path(CONVLENS_FIXTURES) / "torch_unfold_fold.json";
    nlohmann::json found{{"cases", nlohmann::json::array()}};
    const nlohmann::json all = read_json(path);
    for (nlohmann::json one : all["cases"]) {
        if (one["op"] != op) continue;
        one["op"] = "overlap_count";
        found["cases"].push_back(std::move(one));
    }
    return parse_cases(found, path.string());
}

}  // namespace

TEST(Unfold, GivesPyTorchsColumns) {
    const std::vector<Case> cases = peer_cases("unfold");
    EXPECT_EQ(cases.size(), 3U);
    for (const Case& c : cases) {
        const Tensor<double> columns = unfold(c.layer.spec, c.input);
        const Shape4& shape = columns.shape();
        EXPECT_EQ((std::vector<std::int64_t>{shape.n, shape.c, shape.w}), c.expect->shape) << c.name;
        EXPECT_EQ(shape.h, 1);
        EXPECT_EQ(numbers(columns), c.expect->data) << c.name;
    }
}

TEST(Fold, OfUnfoldedOnesIsPyTorchsOverlapCount) {
    const std::vector<Case> cases = peer_cases("overlap_count");
    EXPECT_EQ(cases.size(), 2U);
    for (const Case& c : cases) {
        const Tensor<double> count = fold(c.layer.spec, unfold(c.layer.spec, c.input), c.input.shape().plane());
        EXPECT_EQ(numbers(count), c.expect->data) << c.name;
    }
}

TEST(Unfold, WritesOutWhatEachWindowReadsOfThePaddedInput) {
    Random random(1);
    for (int i = 0; i < 500; ++i) {
        const RandomLayer layer = random_layer(random, Op::conv);
        const ConvSpec& s = layer.spec;
        const Shape4 in = layer.input.shape();
        const Tensor<double> padded = padded_input(s, layer.input);
        const Size2 count = windows(s, in.plane());
        const Tensor<double> columns = unfold(s, layer.input);
        ASSERT_EQ(columns.shape(), (Shape4{in.n, in.c * s.kernel.h * s.kernel.w, 1, count.h * count.w}));
        for (std::int64_t k = 0; k < columns.size(); ++k) {
            const std::int64_t window = k % columns.shape().w, place = k / columns.shape().w % columns.shape().c;
            const std::int64_t n = k / columns.shape().w / columns.shape().c;
            const std::int64_t kw = place % s.kernel.w, kh = place / s.kernel.w % s.kernel.h;
            const std::int64_t y = window / count.w * s.stride.h + kh * s.dilation.h;
            const std::int64_t x = window % count.w * s.stride.w + kw * s.dilation.w;
            const double read = padded.at(n, place / s.kernel.w / s.kernel.h, y, x);
            ASSERT_EQ(columns.span()[static_cast<std::size_t>(k)], read) << layer.describe() << " element " << k;
        }
    }
}

// im2col and a matrix product: the convolution, where no channel is left out by groups.
TEST(Unfold, TimesTheWeightsIsTheConvolution) {
    Random random(2);
    for (int i = 0; i < 300; ++i) {
        RandomLayer layer = random_layer(random, Op::conv);
        layer.spec.groups = 1;
        layer.spec.flip_kernel = false;
        layer.has_bias = false;
        layer.weight = random.tensor(weight_shape(layer.spec, layer.input.shape().c));
        const Tensor<double> columns = unfold(layer.spec, layer.input);
        const Tensor<double> out = reference_forward(layer.spec, layer.data());
        Tensor<double> product(out.shape());
        const Shape4 shape = columns.shape();
        for (std::int64_t k = 0; k < product.size(); ++k) {
            const std::int64_t window = k % shape.w, c_out = k / shape.w % out.shape().c,
                               n = k / shape.w / out.shape().c;
            for (std::int64_t place = 0; place < shape.c; ++place)
                product.span()[static_cast<std::size_t>(k)] +=
                    layer.weight.span()[static_cast<std::size_t>(c_out * shape.c + place)] *
                    columns.at(n, place, 0, window);
        }
        ASSERT_EQ(difference(product, out, magnitude(layer.spec, layer.data()), 1e-12), "") << layer.describe();
    }
}

TEST(Unfold, DoesNotLookAtGroupsFiltersOrTheFlip) {
    Random random(3);
    const Tensor<double> input = random.tensor({1, 4, 5, 6});
    ConvSpec spec;
    spec.kernel = {2, 3};
    const Tensor<double> plain = unfold(spec, input);
    spec.groups = 2;
    spec.out_channels = 6;
    spec.flip_kernel = true;
    EXPECT_EQ(unfold(spec, input), plain);
    EXPECT_EQ(fold(spec, plain, {5, 6}).shape(), (Shape4{1, 4, 5, 6}));
}

TEST(Unfold, ResolvesThePadRule) {
    Random random(4);
    const Tensor<double> input = random.tensor({1, 2, 5, 6});
    ConvSpec spec;
    spec.kernel = {2, 3};
    spec.stride = {2, 2};
    spec.pad_rule = PadRule::onnx_SAME_LOWER;
    ConvSpec given = spec;
    given.pad_rule = PadRule::explicit_;
    given.pads = {1, 0, 1, 0};
    ASSERT_EQ(resolve_pads(spec, {5, 6}), given.pads);
    EXPECT_EQ(windows(spec, {5, 6}), (Size2{3, 3}));
    EXPECT_EQ(unfold(spec, input), unfold(given, input));
    EXPECT_EQ(fold(spec, unfold(spec, input), {5, 6}), fold(given, unfold(given, input), {5, 6}));
}

// <unfold(x), y> = <x, fold(y)>; what the constants of the padding give is no part of what is linear in x.
TEST(Fold, IsTheAdjointOfUnfoldInEveryPadMode) {
    Random random(5);
    for (int i = 0; i < 600; ++i) {
        const RandomLayer layer = random_layer(random, Op::conv);
        Tensor<double> columns = unfold(layer.spec, layer.input);
        const Tensor<double> of_nothing = unfold(layer.spec, Tensor<double>(layer.input.shape()));
        const Tensor<double> y = random.tensor(columns.shape());
        const Tensor<double> folded = fold(layer.spec, y, layer.input.shape().plane());
        ASSERT_EQ(folded.shape(), layer.input.shape()) << layer.describe();
        if (layer.spec.pad_mode != PadMode::constant) {
            ASSERT_EQ(sum(of_nothing), 0);
        }
        ASSERT_NEAR(dot(columns, y) - dot(of_nothing, y), dot(layer.input, folded), 1e-9) << layer.describe();
    }
}

TEST(Fold, OfUnfoldedOnesCountsTheWindowsOnEachCell) {
    Random random(6);
    for (int i = 0; i < 600; ++i) {
        RandomLayer layer = random_layer(random, Op::conv);
        if (layer.spec.pad_mode != PadMode::constant) layer.spec.pad_mode = PadMode::zeros;
        const Size2 plane = layer.input.shape().plane();
        const Tensor<double> ones({1, 1, plane.h, plane.w}, 1.0);
        ASSERT_EQ(fold(layer.spec, unfold(layer.spec, ones), plane), overlap_count(layer.spec, plane))
            << layer.describe();
    }
}

TEST(Fold, LosesNothingWhereThePaddingCopies) {
    Random random(7);
    for (int i = 0; i < 300; ++i) {
        RandomLayer layer = random_layer(random, Op::conv);
        layer.spec.pad_mode = kCopyingModes[random.from(0, 3)];
        const Tensor<double> columns = random.tensor(unfold(layer.spec, layer.input).shape());
        const Tensor<double> folded = fold(layer.spec, columns, layer.input.shape().plane());
        ASSERT_NEAR(sum(folded), sum(columns), 1e-9) << layer.describe();
    }
}

TEST(Fold, AddsCopiesToTheCellTheyAreOf) {
    const Tensor<double> columns = row({1, 2, 4, 8, 16, 32});
    const auto folded = [&](PadMode mode) { return numbers(fold(one_cell_windows(mode), columns, {1, 3})); };
    EXPECT_EQ(folded(PadMode::zeros), (Numbers{4, 8, 16}));
    EXPECT_EQ(folded(PadMode::constant), (Numbers{4, 8, 16}));
    EXPECT_EQ(folded(PadMode::replicate), (Numbers{1 + 2 + 4, 8, 16 + 32}));
    EXPECT_EQ(folded(PadMode::reflect), (Numbers{4, 2 + 8 + 32, 1 + 16}));
    EXPECT_EQ(folded(PadMode::symmetric), (Numbers{2 + 4, 1 + 8, 16 + 32}));
    EXPECT_EQ(folded(PadMode::circular), (Numbers{4 + 32, 1 + 8, 2 + 16}));
}

TEST(Unfold, ReadsThePaddingThatEachModePutsThere) {
    const auto columns = [](PadMode mode) { return numbers(unfold(one_cell_windows(mode), row({1, 2, 3}))); };
    EXPECT_EQ(columns(PadMode::zeros), (Numbers{0, 0, 1, 2, 3, 0}));
    EXPECT_EQ(columns(PadMode::constant), (Numbers{9, 9, 1, 2, 3, 9}));
    EXPECT_EQ(columns(PadMode::replicate), (Numbers{1, 1, 1, 2, 3, 3}));
    EXPECT_EQ(columns(PadMode::reflect), (Numbers{3, 2, 1, 2, 3, 2}));
    EXPECT_EQ(columns(PadMode::symmetric), (Numbers{2, 1, 1, 2, 3, 3}));
    EXPECT_EQ(columns(PadMode::circular), (Numbers{2, 3, 1, 2, 3, 1}));
}

TEST(Fold, LeavesZeroInCellsThatNoWindowReads) {
    ConvSpec spec;
    spec.kernel = {1, 2};
    spec.stride = {1, 3};
    spec.pads = {0, 0, -1, 0};
    EXPECT_EQ(windows(spec, {1, 7}), (Size2{1, 2}));
    const Tensor<double> columns({1, 2, 1, 2}, {1, 2, 3, 4});
    EXPECT_EQ(numbers(fold(spec, columns, {1, 7})), (Numbers{0, 1, 3, 0, 2, 4, 0}));
}

TEST(SourceCell, IsTheCellThatIsCopiedInACornerOfThePadding) {
    ConvSpec spec;
    spec.pad_mode = PadMode::reflect;
    EXPECT_EQ(source_cell(spec, {3, 4}, {-1, 5}), (Size2{1, 1}));
    EXPECT_EQ(source_cell(spec, {3, 4}, {2, 3}), (Size2{2, 3}));
    spec.pad_mode = PadMode::zeros;
    EXPECT_EQ(source_cell(spec, {3, 4}, {2, 4}), std::nullopt);
    EXPECT_EQ(source_cell(spec, {3, 4}, {-1, 0}), std::nullopt);
    EXPECT_EQ(source_cell(spec, {3, 4}, {0, 0}), (Size2{0, 0}));
}

}  // namespace convlens
