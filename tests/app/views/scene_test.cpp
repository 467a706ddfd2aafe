// Which number stands where at step k, what is lit, and that no text is hidden or cut: at both window sizes and themes.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "app/document/document.h"
#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"
#include "core/text/number.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

SceneOptions window(float width = 1280, float height = 720) {
    SceneOptions options;
    options.page.width = width;
    options.page.height = height;
    return options;
}

Scene picture(const Derived& derived, std::int64_t step, const SceneOptions& options = window()) {
    return build_scene(derived, {step, 0}, light_theme(), options, fonts());
}

Layer layer_of(const ConvSpec& spec, const Shape4& input, const std::vector<double>& values,
               const std::vector<double>& weights) {
    Layer layer;
    layer.spec = spec;
    layer.input = TensorRef(Tensor<double>(input, values));
    layer.weight = TensorRef(Tensor<double>(weight_shape(spec, input.c), weights));
    return layer;
}

Derived derived_of(const Layer& layer, Reading reading = Reading::slide) {
    Document document;
    document.layers = {layer};
    Pane pane;
    pane.reading = reading;
    document.panes = {pane};
    return derive_all(document);
}

ConvSpec small_spec() {
    ConvSpec spec;
    spec.kernel = {2, 2};
    spec.pads = Pads::all(1);
    return spec;
}

// The mission's a and b as conv2d with padding 1.
Derived mission() { return derive_all(first_document()); }

TEST(Scene, NothingIsWrittenAtStepZero) {
    const Scene scene = picture(mission(), 0);
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 4; ++x) EXPECT_FALSE(number_at(scene, Part::output, 0, y, x)) << y << ',' << x;
    EXPECT_TRUE(lit_cells(scene, Part::input, 0).empty());
}

TEST(Scene, StepTwoHasWrittenTwoOutputsAndStandsOnTheSecond) {
    const Scene scene = picture(mission(), 2);
    EXPECT_EQ(number_at(scene, Part::output, 0, 0, 0), "4");
    EXPECT_EQ(number_at(scene, Part::output, 0, 0, 1), "11");
    EXPECT_FALSE(number_at(scene, Part::output, 0, 0, 2));
    EXPECT_TRUE(lit_at(scene, Part::output, 0, 0, 1));
    const std::vector<std::pair<std::int64_t, std::int64_t>> window{{-1, 0}, {-1, 1}, {0, 0}, {0, 1}};
    EXPECT_EQ(lit_cells(scene, Part::input, 0), window);
}

TEST(Scene, PaddingCellsPrintTheirZeroAndHaveNegativeCoordinates) {
    const Scene scene = picture(mission(), 1);
    EXPECT_EQ(number_at(scene, Part::input, 0, -1, -1), "0");
    EXPECT_EQ(number_at(scene, Part::input, 0, 0, 0), "1");
    EXPECT_EQ(number_at(scene, Part::input, 0, 3, 3), "0");
}

TEST(Scene, ProductsAreCellTimesWeightAndTheSumIsSpelledOut) {
    const Scene scene = picture(mission(), 6);  // output (1, 1) = 1·1 + 2·2 + 4·3 + 5·4
    EXPECT_EQ(number_at(scene, Part::products, 0, 0, 0), "1");
    EXPECT_EQ(number_at(scene, Part::products, 0, 0, 1), "4");
    EXPECT_EQ(number_at(scene, Part::products, 0, 1, 0), "12");
    EXPECT_EQ(number_at(scene, Part::products, 0, 1, 1), "20");
    EXPECT_EQ(text_of(scene, Part::sum, 0), "output[1, 1] = 1·1 + 2·2 + 4·3 + 5·4 = 37");
}

TEST(Scene, TheLastStepHasWrittenTheMissionsFigures) {
    const char* const expected[4][4] = {
        {"4", "11", "18", "9"}, {"18", "37", "47", "21"}, {"36", "67", "77", "33"}, {"14", "23", "26", "9"}};
    const Scene scene = picture(mission(), 16);
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 4; ++x) EXPECT_EQ(number_at(scene, Part::output, 0, y, x), expected[y][x]);
}

TEST(Scene, TheExperimentsThreePanesGiveConv2Xcorr2AndConv2d) {
    const Derived derived = derive_all(*preset_document("conv2-xcorr2-conv2d"));
    const Scene scene = picture(derived, 16);
    EXPECT_EQ(number_at(scene, Part::output, 0, 0, 1), "4");   // conv2
    EXPECT_EQ(number_at(scene, Part::output, 1, 0, 1), "11");  // xcorr2
    EXPECT_EQ(number_at(scene, Part::output, 2, 0, 1), "11");  // conv2d
    EXPECT_EQ(number_at(scene, Part::output, 0, 3, 3), "36");
    EXPECT_EQ(number_at(scene, Part::output, 1, 3, 3), "9");
}

// The kernel sheet of a true convolution turns on the way to the first output and lies turned from then on.
TEST(Scene, TheKernelOfATrueConvolutionTurns) {
    ConvSpec spec = small_spec();
    spec.flip_kernel = true;
    const Derived derived = derived_of(layer_of(spec, {1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4}));
    const auto kernel = [](const Scene& scene) {
        for (const Mark& mark : scene.marks)
            if (const auto* grid = std::get_if<GridMark>(&mark); grid && grid->id.part == Part::kernel) return *grid;
        return GridMark{};
    };
    const GridMark rest = kernel(build_scene(derived, {0, 0}, light_theme(), window(), fonts()));
    EXPECT_EQ(rest.turn, 0);
    EXPECT_EQ(rest.texts.front().text, "1");
    const GridMark under_way = kernel(build_scene(derived, {0, 0.4F}, light_theme(), window(), fonts()));
    EXPECT_GT(under_way.turn, 10);
    EXPECT_LT(under_way.turn, 180);
    const GridMark turned = kernel(build_scene(derived, {1, 0}, light_theme(), window(), fonts()));
    EXPECT_EQ(turned.turn, 0);
    EXPECT_EQ(turned.texts.front().text, "4");
    EXPECT_EQ(turned.id.y, 1);
    EXPECT_EQ(turned.y_step, -1);
    const GridMark gliding = kernel(build_scene(derived, {1, 0.4F}, light_theme(), window(), fonts()));
    EXPECT_EQ(gliding.turn, 0) << "it turns once";
    EXPECT_EQ(gliding.texts.front().text, "4");
}

// The first step of a true convolution takes as long as three, for its kernel turns; no other step does.
TEST(Scene, TheStepInWhichAKernelTurnsTakesLonger) {
    ConvSpec spec = small_spec();
    const auto weights = [&] {
        const Derived derived = derived_of(layer_of(spec, {1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4}));
        return std::array{step_weight(derived, 0), step_weight(derived, 1), step_weight(derived, 2)};
    };
    EXPECT_EQ(weights(), (std::array{1.0F, 1.0F, 1.0F}));
    spec.flip_kernel = true;
    EXPECT_EQ(weights(), (std::array{3.0F, 1.0F, 1.0F}));
    spec.op = Op::conv_transpose;
    EXPECT_EQ(weights(), (std::array{1.0F, 1.0F, 1.0F})) << "a stamp lies turned from the beginning";
}

TEST(Scene, HoveringAnOutputBorrowsTheHighlight) {
    SceneOptions options = window();
    options.hover = MarkId{Part::output, 0, 0, 0, 3, 3};
    const Scene scene = picture(mission(), 1, options);
    EXPECT_EQ(number_at(scene, Part::output, 0, 3, 3), "9");
    const std::vector<std::pair<std::int64_t, std::int64_t>> window{{2, 2}, {2, 3}, {3, 2}, {3, 3}};
    EXPECT_EQ(lit_cells(scene, Part::input, 0), window);
    EXPECT_EQ(lit_cells(scene, Part::kernel, 0).size(), 4U);
    EXPECT_NE(text_of(scene, Part::sum, 0).find("= 9"), std::string::npos);
}

TEST(Scene, HoveringAnInputLightsTheOutputsItFeeds) {
    SceneOptions options = window();
    options.hover = MarkId{Part::input, 0, 0, 0, 0, 0};
    const Scene scene = picture(mission(), 16, options);
    for (const auto& [y, x] : {std::pair{0, 0}, {0, 1}, {1, 0}, {1, 1}})
        EXPECT_TRUE(lit_at(scene, Part::output, 0, y, x));
    EXPECT_FALSE(lit_at(scene, Part::output, 0, 2, 0));
}

TEST(Scene, HoveringAWeightLightsWhatItMeets) {
    SceneOptions options = window();
    options.hover = MarkId{Part::kernel, 0, 0, 0, 0, 0};
    const Scene scene = picture(mission(), 16, options);
    EXPECT_EQ(lit_cells(scene, Part::input, 0).size(), 16U);  // one cell an output
    EXPECT_TRUE(lit_at(scene, Part::input, 0, -1, -1));
    EXPECT_FALSE(lit_at(scene, Part::input, 0, 3, 3));
}

// A pin outlives the edit that takes its cell away.
TEST(Scene, APinnedCellThatIsGoneLightsNothing) {
    ConvSpec transposed;
    transposed.op = Op::conv_transpose;
    transposed.kernel = {2, 2};
    const Derived stamps = derived_of(layer_of(transposed, {1, 1, 2, 2}, {2, 3, 4, 5}, {1, 1, 1, 1}), Reading::stamp);
    for (const Derived& derived : {mission(), stamps}) {
        for (const Part part : {Part::input, Part::kernel, Part::products, Part::output, Part::canvas}) {
            for (const auto& [y, x] : {std::pair{90, 90}, {0, 90}, {90, 0}}) {
                SceneOptions options = window();
                options.hover = MarkId{part, 0, 0, 0, y, x};
                const Scene scene = picture(derived, 0, options);
                EXPECT_TRUE(lit_cells(scene, Part::input, 0).empty());
                EXPECT_TRUE(lit_cells(scene, Part::kernel, 0).empty());
            }
        }
    }
}

TEST(Scene, DilationPullsTheWeightsApart) {
    ConvSpec spec;
    spec.dilation = {2, 2};
    const Derived derived =
        derived_of(layer_of(spec, {1, 1, 7, 7}, std::vector<double>(49, 1), {1, 2, 3, 4, 5, 6, 7, 8, 9}));
    const Scene scene = picture(derived, 1);
    EXPECT_EQ(number_at(scene, Part::kernel, 0, 2, 2), "9");
    EXPECT_NE(text_of(scene, Part::title, 0).find("9 weights, spanning 5×5"), std::string::npos);
    const std::vector<std::pair<std::int64_t, std::int64_t>> window{{0, 0}, {0, 2}, {0, 4}, {2, 0}, {2, 2},
                                                                    {2, 4}, {4, 0}, {4, 2}, {4, 4}};
    EXPECT_EQ(lit_cells(scene, Part::input, 0), window);
}

TEST(Scene, StrideShowsADotAtEachWindowStart) {
    ConvSpec spec;
    spec.kernel = {2, 3};
    spec.stride = {2, 3};
    spec.pads = {1, 0, 2, -1};
    const Derived derived =
        derived_of(layer_of(spec, {1, 1, 4, 10}, std::vector<double>(40, 1), std::vector<double>(6, 1)));
    const Scene scene = picture(derived, 1);
    std::vector<std::pair<std::int64_t, std::int64_t>> starts;
    for (const Mark& mark : scene.marks)
        if (const auto* dot = std::get_if<DotMark>(&mark)) {
            const auto cell = hit_test(scene, dot->centre);
            ASSERT_TRUE(cell);
            EXPECT_EQ(cell->part, Part::input);
            starts.emplace_back(cell->y, cell->x);
        }
    using Cells = std::vector<std::pair<std::int64_t, std::int64_t>>;
    EXPECT_EQ(starts, (Cells{{-1, -2}, {-1, 1}, {-1, 4}, {1, -2}, {1, 1}, {1, 4}}));
    EXPECT_NE(text_of(scene, Part::title, 0).find("never read: 1 row, 3 columns"), std::string::npos)
        << text_of(scene, Part::title, 0);
}

TEST(Scene, StampsAddUpOnTheCanvasAndOverlapsPrintBothParts) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {2, 2};
    const Derived derived = derived_of(layer_of(spec, {1, 1, 2, 2}, {2, 3, 4, 5}, {1, 1, 1, 1}), Reading::stamp);
    const Scene first = picture(derived, 1);
    EXPECT_EQ(number_at(first, Part::canvas, 0, 0, 0), "2");
    EXPECT_EQ(number_at(first, Part::canvas, 0, 1, 1), "2");
    EXPECT_FALSE(number_at(first, Part::canvas, 0, 0, 2));
    const Scene second = picture(derived, 2);
    EXPECT_EQ(number_at(second, Part::canvas, 0, 0, 1), "2+3");
    const Scene last = picture(derived, 4);
    EXPECT_EQ(number_at(last, Part::canvas, 0, 1, 1), "9+5");
    EXPECT_EQ(number_at(last, Part::canvas, 0, 0, 0), "2");
}

// A negative padding lets the output begin before the first stamp: its cells are there, and wait in vain.
TEST(Scene, OutputCellsBeforeTheFirstStampAreOnTheCanvas) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {1, 2};
    spec.pads = {-1, 0, -2, 1};
    const Derived derived = derived_of(layer_of(spec, {1, 1, 2, 2}, {2, 3, 4, 5}, {1, 10}), Reading::stamp);
    const Scene scene = picture(derived, 1);
    EXPECT_EQ(number_at(scene, Part::canvas, 0, 0, 0), "0");
    EXPECT_EQ(number_at(scene, Part::canvas, 0, 1, 1), "0");
    EXPECT_EQ(number_at(scene, Part::canvas, 0, 1, 2), "2");
    EXPECT_EQ(number_at(scene, Part::canvas, 0, 1, 3), "20");
    EXPECT_FALSE(number_at(scene, Part::canvas, 0, 2, 2)) << "not stamped yet";
}

TEST(Scene, HoveringTheCanvasGathersTheStampsBeneath) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {2, 2};
    const Derived derived = derived_of(layer_of(spec, {1, 1, 2, 2}, {2, 3, 4, 5}, {1, 2, 3, 4}), Reading::stamp);
    SceneOptions options = window();
    options.hover = MarkId{Part::canvas, 0, 0, 0, 1, 1};
    const Scene scene = picture(derived, 0, options);
    EXPECT_EQ(lit_cells(scene, Part::input, 0).size(), 4U);
    EXPECT_NE(text_of(scene, Part::sum, 0).find("= 30"), std::string::npos);  // 2·4 + 3·3 + 4·2 + 5·1
}

TEST(Scene, TheZeroInsertedReadingSlidesTheTurnedKernelByOne) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {2, 2};
    spec.stride = {2, 2};
    const Derived derived =
        derived_of(layer_of(spec, {1, 1, 2, 2}, {2, 3, 4, 5}, {1, 2, 3, 4}), Reading::zero_inserted);
    const Scene scene = picture(derived, 1);
    EXPECT_EQ(number_at(scene, Part::zero_inserted, 0, 0, 0), "2");
    EXPECT_EQ(number_at(scene, Part::zero_inserted, 0, 0, 1), "0");
    EXPECT_EQ(number_at(scene, Part::zero_inserted, 0, 0, 2), "3");
    EXPECT_EQ(number_at(scene, Part::products, 0, 1, 1), "2");  // under the turned kernel's last corner lies weight 1
    EXPECT_EQ(number_at(scene, Part::output, 0, 0, 0), "2");
}

TEST(Scene, OneProductAtATimeShowsTheRunningSum) {
    Document document = first_document();
    document.step_by = StepBy::product;
    const Derived derived = derive_all(document);
    const Scene scene = picture(derived, 5 * 4 + 2);  // output (1, 1), two of four products
    EXPECT_EQ(number_at(scene, Part::output, 0, 1, 1), "5");
    EXPECT_EQ(number_at(scene, Part::products, 0, 0, 1), "4");
    EXPECT_FALSE(number_at(scene, Part::products, 0, 1, 0));
    EXPECT_EQ(text_of(scene, Part::sum, 0), "output[1, 1] = 1·1 + 2·2 = 5 so far");
}

TEST(Scene, ChannelsAreSummedAndThePartsAreNamed) {
    ConvSpec spec;
    spec.kernel = {1, 1};
    const Derived derived = derived_of(layer_of(spec, {1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}, {10, 1}));
    const Scene scene = picture(derived, 1);
    EXPECT_EQ(number_at(scene, Part::output, 0, 0, 0), "15");
    EXPECT_NE(text_of(scene, Part::title, 0).find("input [c 0]"), std::string::npos);
}

TEST(Scene, ChannelsAreAddedBelowTheTermsOfTheOneThatIsLookedAt) {
    Layer layer = layer_of({}, {1, 2, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18},
                           {1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2});
    layer.bias = TensorRef(Tensor<double>({1, 1, 1, 1}, 5.0));
    EXPECT_EQ(text_of(picture(derived_of(layer), 1, window(1280, 500)), Part::sum, 0),
              "Z₀ = 1·1 + 2·1 + 3·1 + 4·1 + 5·1 + 6·1 + 7·1 + 8·1 + 9·1 = 45"
              "output[0, 0] = Z₀: 45 + Z₁: 252 + bias 5 = 302");
}

// Step by step the line says what the sum has come to: of products, of channels, of a window.
TEST(Scene, ASumThatIsNotCompleteSaysWhatItIsSoFar) {
    const auto line = [](const Layer& layer, StepBy by, std::int64_t step) {
        Document document;
        document.layers = {layer};
        document.panes = {Pane{}};
        document.step_by = by;
        return text_of(picture(derive_all(document), step), Part::sum, 0);
    };
    ConvSpec spec;
    spec.kernel = {1, 2};
    Layer layer = layer_of(spec, {1, 3, 1, 2}, {1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, -5, 6});
    layer.bias = TensorRef(Tensor<double>({1, 1, 1, 1}, 7.0));
    EXPECT_EQ(line(layer, StepBy::channel, 1), "Z₀ = 1·1 + 2·2 = 5output[0, 0] = Z₀: 5 = 5 so far");
    EXPECT_EQ(line(layer, StepBy::channel, 2), "Z₁ = 3·3 + 4·4 = 25output[0, 0] = Z₀: 5 + Z₁: 25 = 30 so far");
    EXPECT_EQ(line(layer, StepBy::channel, 3),
              "Z₂ = 5·(−5) + 6·6 = 11output[0, 0] = Z₀: 5 + Z₁: 25 + Z₂: 11 + bias 7 = 48");
    EXPECT_EQ(line(layer, StepBy::product, 3), "Z₁ = 3·3 = 9output[0, 0] = Z₀: 5 + Z₁: 9 = 14 so far");
    spec.pads = {1, 0, 0, 0};
    spec.kernel = {2, 2};
    spec.op = Op::max_pool;
    layer = layer_of(spec, {1, 1, 1, 2}, {3, -4}, {0, 0, 0, 0});
    EXPECT_EQ(line(layer, StepBy::product, 1), "output[0, 0] = max(…)");
    EXPECT_EQ(line(layer, StepBy::product, 3), "output[0, 0] = max(3) = 3 so far");
    layer.spec.op = Op::avg_pool;
    layer.spec.pads = {};
    layer.spec.kernel = {1, 2};
    EXPECT_EQ(line(layer, StepBy::product, 1), "output[0, 0] = (3) / 2 = 1.5 so far");
    EXPECT_EQ(line(layer, StepBy::product, 2), "output[0, 0] = (3 + (−4)) / 2 = −0.5");
}

TEST(Scene, ColoursOfValuesTellSignAndSize) {
    EXPECT_FALSE(light_theme().dark);
    EXPECT_TRUE(dark_theme().dark);
    for (const Theme* theme : {&light_theme(), &dark_theme()}) {
        const auto colour = [&](double value) { return value_colour(*theme, value, 4); };
        const auto distance = [](Colour a, Colour b) {
            return std::abs(a.r - b.r) + std::abs(a.g - b.g) + std::abs(a.b - b.b);
        };
        for (const double value : {1.0, 2.0, 3.0, 4.0})
            for (const double sign : {-1.0, 1.0})
                EXPECT_GT(distance(colour(sign * value), colour(0)), distance(colour(sign * (value - 1)), colour(0)));
        EXPECT_GT(distance(colour(4), colour(-4)), 60);
        const Colour unknown = colour(std::nan(""));
        for (double value = -4; value <= 4; value += 0.25) EXPECT_GT(distance(colour(value), unknown), 10) << value;
        EXPECT_EQ(colour(HUGE_VAL), unknown);
    }
}

Derived pooling(Op op) {
    ConvSpec spec = small_spec();
    spec.op = op;
    spec.stride = {2, 2};
    return derived_of(layer_of(spec, {1, 1, 3, 3}, {-1, -2, -3, -4, -5, -6, -7, -8, -9}, {0, 0, 0, 0}));
}

// Padding takes no part in a maximum: it is a dot, not a number.
TEST(Scene, MaxPoolingShowsItsWindowAndTheLargestOfIt) {
    const Scene scene = picture(pooling(Op::max_pool), 2);  // output (0, 1): input (0, 1) and (0, 2) beneath padding
    EXPECT_EQ(number_at(scene, Part::input, 0, -1, 0), "·");
    EXPECT_EQ(number_at(scene, Part::products, 0, 0, 0), "·");
    EXPECT_EQ(number_at(scene, Part::products, 0, 1, 0), "\u22122");
    EXPECT_EQ(number_at(scene, Part::output, 0, 0, 1), "\u22122");
    using Cells = std::vector<std::pair<std::int64_t, std::int64_t>>;
    EXPECT_EQ(lit_cells(scene, Part::products, 0), (Cells{{1, 0}}));
    EXPECT_TRUE(lit_cells(scene, Part::kernel, 0).empty()) << "there is no kernel";
    EXPECT_EQ(text_of(scene, Part::sum, 0), "output[0, 1] = max(\u22122, \u22123) = \u22122");
}

TEST(Scene, AveragePoolingDividesByWhatItCounts) {
    const Derived derived = pooling(Op::avg_pool);
    EXPECT_EQ(number_at(picture(derived, 2), Part::input, 0, -1, 0), "0") << "counts as 0";
    EXPECT_EQ(text_of(picture(derived, 2), Part::sum, 0),
              "output[0, 1] = (\u22122 + (\u22123) + 2 zeros) / 4 = \u22121.25");
    Layer layer = derived.layers[0]->layer;
    layer.spec.count_include_pad = false;
    EXPECT_EQ(text_of(picture(derived_of(layer), 2), Part::sum, 0),
              "output[0, 1] = (\u22122 + (\u22123)) / 2 = \u22122.5");
}

TEST(Scene, PaddingIsWrittenAsTheControlsWriteIt) {
    const auto label = [](Pads pads) {
        ConvSpec spec = small_spec();
        spec.pads = pads;
        Layer layer = layer_of(spec, {1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4});
        return text_of(picture(derived_of(layer), 1), Part::title, 0);
    };
    const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
    EXPECT_TRUE(has(label(Pads::all(1)), "padding 1"));
    EXPECT_TRUE(has(label({1, 2, 1, 2}), "padding 1|2"));
    EXPECT_TRUE(has(label({1, 1, 0, 0}), "padding 1, 0"));
    EXPECT_TRUE(has(label({1, 2, 0, 1}), "padding 1|2, 0|1"));
    EXPECT_TRUE(has(label({1, 2, 3, 4}), "padding 1|2, 3|4"));
    EXPECT_TRUE(has(label({2, 3, 2, 1}), "padding 2|3, 2|1"));
    EXPECT_TRUE(has(label({2, 3, 1, 3}), "padding 2|3, 1|3"));
    EXPECT_TRUE(has(label({1, 1, 2, 2}), "padding 1, 2"));
    const auto row_label = [](Pads pads) {
        ConvSpec spec;
        spec.kernel = {1, 2};
        spec.pads = pads;
        return text_of(picture(derived_of(layer_of(spec, {1, 1, 1, 4}, {1, 2, 3, 4}, {1, 2})), 1), Part::title, 0);
    };
    EXPECT_TRUE(has(row_label({0, 0, 2, 0}), "padding 2 on the left"));
    EXPECT_TRUE(has(row_label({0, 0, 0, 3}), "padding 3 on the right"));
    EXPECT_TRUE(has(row_label({0, 0, 2, 3}), "padding 2 left, 3 right"));
    EXPECT_TRUE(has(row_label({0, 0, 3, 3}), "padding 3"));
}

TEST(Scene, WordsAtThePlanesSayWhatTheyAre) {
    const auto has = [](const std::string& text, const std::string& part) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
    };
    const auto title = [](const Layer& layer, std::int64_t step, std::optional<MarkId> hover = {}) {
        SceneOptions options = window(1920, 1080);
        options.hover = hover;
        return text_of(picture(derived_of(layer), step, options), Part::title, 0);
    };
    ConvSpec spec;
    spec.kernel = {2, 3};
    spec.dilation = {2, 3};
    spec.stride = {3, 2};
    spec.flip_kernel = true;
    Layer layer = layer_of(spec, {1, 1, 7, 10}, std::vector<double>(70, 1), {1, 2, 3, 4, 5, 6});
    has(title(layer, 1), "6 weights, spanning 3×7");
    has(title(layer, 1), "never read: 3 rows, 4 columns");  // read: rows 0 2 3 5, columns 0 2 3 5 6 8
    has(title(layer, 0), "2×3, will be rotated");
    has(title(layer, 1), "2×3, rotated 180°");
    EXPECT_EQ(title(layer, 1).find("kernel ["), std::string::npos) << "there is one kernel";
    spec.out_channels = 2;
    layer = layer_of(spec, {1, 1, 7, 10}, std::vector<double>(70, 1), std::vector<double>(12, 1));
    has(title(layer, 1), "kernel [0, 0]");
    spec = {};
    spec.kernel = {1, 2};
    spec.stride = {1, 2};
    has(title(layer_of(spec, {1, 1, 2, 5}, std::vector<double>(10, 1), {1, 2}), 1), "never read: 1 column");

    spec = {};
    spec.op = Op::conv_transpose;
    spec.kernel = {2, 3};
    spec.stride = {3, 4};
    spec.pads = {1, 0, 2, 1};
    spec.output_padding = {1, 2};
    spec.flip_kernel = true;
    layer = layer_of(spec, {1, 1, 2, 2}, {1, 2, 3, 4}, {1, 2, 3, 4, 5, 6});
    const Derived stamps = derived_of(layer, Reading::stamp);
    const std::string words = text_of(picture(stamps, 1, window(1920, 1080)), Part::title, 0);
    has(words, "2×3, rotated 180°");
    has(words, "5×7, cropped and extended to 5×6");
    has(words, "✂ padding 1|0, 2|1, output padding 1, 2");

    spec = {};
    spec.op = Op::max_pool;
    spec.kernel = {2, 3};
    spec.pads = {1, 0, 1, 0};
    layer = layer_of(spec, {1, 1, 4, 5}, std::vector<double>(20, 1), std::vector<double>(6, 1));
    has(title(layer, 0), "largest value");
    has(title(layer, 1), "largest of 2");  // two of six are no padding
    has(title(layer, 6), "largest of 6");
    layer.spec.op = Op::avg_pool;
    has(title(layer, 0), "average");
    has(title(layer, 1), "sum divided by 6");
    layer.spec.count_include_pad = false;
    has(title(layer, 1), "sum divided by 2");
}

// However narrow the pane, its sum is written out below it, in more lines and smaller text.
TEST(Scene, ANarrowPaneStillTellsItsSum) {
    const auto line = [](const Derived& derived, float width) {
        SceneOptions options;
        options.page.width = width;
        options.page.height = 400;
        options.page.text_size = 14;
        const Scene scene = build_scene(derived, {2, 0}, light_theme(), options, fonts());
        std::string text = text_of(scene, Part::sum, 0);
        std::erase(text, ' ');  // a new line has none
        return text;
    };
    EXPECT_EQ(line(pooling(Op::avg_pool), 220), "(\u22122+(\u22123)+2zeros)/4=\u22121.25");
    EXPECT_EQ(line(pooling(Op::max_pool), 120), "max(\u22122,\u22123)=\u22122");
    EXPECT_EQ(line(mission(), 220), "1·3+2·4+2zeros=11");
    EXPECT_EQ(line(mission(), 120), "1·3+2·4+2zeros=11");
    ConvSpec spec = small_spec();
    spec.op = Op::conv_transpose;
    const Derived stamps = derived_of(layer_of(spec, {1, 1, 2, 2}, {7, 8, 9, 1}, {1, 2, 3, 4}), Reading::stamp);
    EXPECT_EQ(line(stamps, 1000), "input[0,1]=8:itsstampstartsatrow0,column1oftheuncroppedoutput");
    EXPECT_EQ(line(stamps, 220), "input[0,1]=8:itsstampstartsatrow0,column1");
    EXPECT_EQ(line(stamps, 120), "input[0,1]=8");
}

TEST(Scene, NumbersAreLeftOutWhereCellsAreTooSmall) {
    ConvSpec spec;
    const Derived derived =
        derived_of(layer_of(spec, {1, 1, 120, 120}, std::vector<double>(14400, 7), std::vector<double>(9, 1)));
    const Scene scene = picture(derived, 1);
    EXPECT_FALSE(number_at(scene, Part::input, 0, 0, 0));
    EXPECT_TRUE(lit_at(scene, Part::input, 0, 0, 0));
}

// A number that is wider than its cell is left out, though its neighbours are printed.
TEST(Scene, NoNumberIsWiderThanItsCell) {
    std::vector<double> values(20 * 30, 7);
    values[3 * 30 + 4] = -1.234e-15;
    const Derived derived = derived_of(layer_of({}, {1, 1, 20, 30}, values, std::vector<double>(9, 1)));
    std::int64_t left_out = 0;
    for (float width = 300; width < 2000; width += 50) {
        const Scene scene = picture(derived, 1, window(width, width / 2));
        for (const Mark& mark : scene.marks) {
            const auto* grid = std::get_if<GridMark>(&mark);
            if (grid == nullptr) continue;
            for (const GridText& cell : grid->texts)
                EXPECT_LE(fonts().text_width(cell.text, grid->text_size, Face::mono), grid->pitch)
                    << cell.text << " at " << width;
        }
        if (number_at(scene, Part::input, 0, 3, 5) && !number_at(scene, Part::input, 0, 3, 4)) ++left_out;
    }
    EXPECT_GT(left_out, 0);
}

TEST(Scene, AFrameOfThirtyTwoByThirtyTwoHasANumberInEveryCell) {
    ConvSpec spec;
    spec.kernel = {5, 5};
    const Derived derived =
        derived_of(layer_of(spec, {1, 1, 32, 32}, std::vector<double>(1024, 3), std::vector<double>(25, 1)));
    const Scene scene = picture(derived, 784);
    for (int i = 0; i < 32; ++i) EXPECT_TRUE(number_at(scene, Part::input, 0, i, 31 - i)) << i;
    for (int i = 0; i < 28; ++i) EXPECT_EQ(number_at(scene, Part::output, 0, i, i), "75");
}

// Every preset and pooling, every reading, at window and projector size: no two texts overlap, none leaves the picture.
struct View {
    float width, height;
    bool dark;
    Lang lang = Lang::english;
};
class SceneText : public testing::TestWithParam<View> {};

TEST_P(SceneText, IsNeverHiddenOrCut) {
    const View view = GetParam();
    SceneOptions options = window(view.width, view.height);
    options.page.text_size = view.height / 45;
    options.page.lang = view.lang;
    const Theme& theme = view.dark ? dark_theme() : light_theme();
    std::vector<std::pair<std::string, Document>> documents{{"max_pool", pooling(Op::max_pool).document},
                                                            {"avg_pool", pooling(Op::avg_pool).document}};
    for (const PresetInfo& preset : presets())
        if (has_document(preset)) documents.emplace_back(preset.name, *preset_document(preset.name));
    for (auto& [title, document] : documents) {
        for (const Reading reading : {Reading::slide, Reading::stamp, Reading::gather, Reading::zero_inserted}) {
            for (Pane& pane : document.panes) pane.reading = reading;
            settle(document);
            const Derived derived = derive_all(document);
            for (const std::int64_t step : {std::int64_t{0}, std::int64_t{1}, step_count(derived)}) {
                const Scene scene = build_scene(derived, {step, 0}, theme, options, fonts());
                for (const std::string& fault : text_faults(scene, fonts()))
                    ADD_FAILURE() << title << ", " << name(reading) << ", step " << step << ": " << fault;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, SceneText,
                         testing::Values(View{740, 480, false}, View{740, 480, true}, View{1280, 720, false},
                                         View{1920, 1080, true}, View{740, 480, false, Lang::chinese},
                                         View{1280, 720, false, Lang::chinese}, View{1920, 1080, true, Lang::chinese}));

TEST(Ruler, IsReadableToTwoHundredAndTwentyFour) {
    ConvSpec spec;
    spec.kernel = {7, 7};
    spec.stride = {2, 2};
    spec.pads = Pads::all(3);
    const Derived derived =
        derived_of(layer_of(spec, {1, 1, 224, 224}, std::vector<double>(224 * 224, 1), std::vector<double>(49, 1)));
    Page page = window(700, 110).page;
    const Scene scene = build_ruler(derived, 0, Axis::h, {1, 0}, light_theme(), page, {}, fonts());
    EXPECT_TRUE(text_faults(scene, fonts()).empty());
    page.lang = Lang::chinese;
    EXPECT_TRUE(
        text_faults(build_ruler(derived, 0, Axis::h, {1, 0}, light_theme(), page, {}, fonts()), fonts()).empty());
    EXPECT_NE(text_of(scene, Part::ruler, 0).find("112 windows"), std::string::npos);
}

std::vector<Rect> hatched_places(const Scene& scene) {
    std::vector<Rect> places;
    for (const Mark& mark : scene.marks) {
        const auto* rect = std::get_if<RectMark>(&mark);
        if (rect && rect->hatched) places.push_back(rect->rect);
    }
    return places;
}

TEST(Ruler, HatchesTheWindowThatCeilModeDrops) {
    ConvSpec spec;
    spec.op = Op::max_pool;
    spec.kernel = spec.stride = {2, 2};
    spec.pads = {1, 1, 0, 0};
    spec.ceil_mode = true;
    const Derived derived =
        derived_of(layer_of(spec, {1, 1, 5, 5}, std::vector<double>(25, 1), std::vector<double>(4, 1)));
    const Scene scene = build_ruler(derived, 0, Axis::h, {1, 0}, light_theme(), window(700, 110).page, {}, fonts());
    const std::vector<Rect> places = hatched_places(scene);
    ASSERT_EQ(places.size(), 1U);
    // Seven cells: padding, five of the input, padding. The window would start in the last.
    const Scene whole = build_ruler(derived, 0, Axis::w, {1, 0}, light_theme(), window(700, 110).page, {}, fonts());
    EXPECT_TRUE(hatched_places(whole).empty()) << "5 columns without padding keep their last window";
    EXPECT_EQ(places[0].x, std::round(window(700, 110).page.text_size * 0.7F) + 6 * places[0].w);
    EXPECT_NE(text_of(scene, Part::ruler, 0).find("one more would start in the padding"), std::string::npos);
}

TEST(Ruler, HatchesTheUnreadTail) {
    ConvSpec spec;
    spec.stride = {2, 2};
    const Derived derived =
        derived_of(layer_of(spec, {1, 1, 6, 6}, std::vector<double>(36, 1), std::vector<double>(9, 1)));
    const Scene scene = build_ruler(derived, 0, Axis::w, {1, 0}, light_theme(), window(700, 110).page, {}, fonts());
    const std::vector<Rect> places = hatched_places(scene);
    ASSERT_EQ(places.size(), 1U);
    EXPECT_EQ(places[0].x, std::round(window(700, 110).page.text_size * 0.7F) + 5 * places[0].w) << "the sixth column";
    EXPECT_NE(text_of(scene, Part::ruler, 0).find("1 column never read"), std::string::npos);
}

// Padding that no window reads is told apart from input that is lost, whichever side it is on, and hatched like it.
TEST(Ruler, TellsWhatIsReadOfInputAndPadding) {
    struct Case {
        Op op;
        std::int64_t input, kernel, stride;
        Pads pads;
        const char* rows;
        const char* columns;
        std::vector<std::int64_t> hatched;  // cells of the strip
    };
    for (const Case& one : {Case{Op::conv, 5, 3, 2, Pads::all(1), "every row is read", "every column is read", {}},
                            Case{Op::conv,
                                 6,
                                 3,
                                 2,
                                 Pads::all(1),
                                 "every input row is read; 1 row of padding is not",
                                 "every input column is read; 1 column of padding is not",
                                 {7}},
                            Case{Op::max_pool,
                                 5,
                                 2,
                                 3,
                                 Pads::all(1),
                                 "2 input rows and 1 row of padding never read",
                                 "2 input columns and 1 column of padding never read",
                                 {2, 5, 6}},
                            Case{Op::avg_pool,
                                 4,
                                 2,
                                 3,
                                 Pads::all(1),
                                 "1 input row and 1 row of padding never read",
                                 "1 input column and 1 column of padding never read",
                                 {2, 5}},
                            Case{Op::conv,
                                 3,
                                 1,
                                 4,
                                 Pads{2, 1, 2, 1},
                                 "2 input rows and 2 rows of padding never read",
                                 "2 input columns and 2 columns of padding never read",
                                 {1, 2, 3, 5}},
                            Case{Op::conv,
                                 2,
                                 1,
                                 2,
                                 Pads{2, 0, 2, 0},
                                 "1 input row and 1 row of padding never read",
                                 "1 input column and 1 column of padding never read",
                                 {1, 3}},
                            Case{Op::conv, 6, 3, 2, Pads{}, "1 row never read", "1 column never read", {5}},
                            Case{Op::conv,
                                 1,
                                 3,
                                 3,
                                 Pads{2, 2, 2, 2},
                                 "every input row is read; 2 rows of padding are not",
                                 "every input column is read; 2 columns of padding are not",
                                 {3, 4}},
                            Case{Op::conv_transpose,
                                 3,
                                 2,
                                 2,
                                 Pads{2, 0, 2, 0},
                                 "; 4 after cropping 2; 1 row never read",
                                 "; 4 after cropping 2; 1 column never read",
                                 {0}}}) {
        ConvSpec spec;
        spec.op = one.op;
        spec.kernel = {one.kernel, one.kernel};
        spec.stride = {one.stride, one.stride};
        spec.pads = one.pads;
        const std::int64_t n = one.input;
        const Derived derived =
            derived_of(layer_of(spec, {1, 1, n, n}, std::vector<double>(static_cast<std::size_t>(n * n), 1),
                                std::vector<double>(static_cast<std::size_t>(one.kernel * one.kernel), 1)));
        for (const Axis axis : {Axis::h, Axis::w}) {
            const SceneOptions options = window(900, 110);
            const Scene scene = build_ruler(derived, 0, axis, {1, 0}, light_theme(), options.page, {}, fonts());
            std::string words = text_of(scene, Part::ruler, 0);
            const char* said = axis == Axis::h ? one.rows : one.columns;
            EXPECT_NE(words.find(said), std::string::npos) << said << " in " << words;
            if (one.op == Op::conv_transpose) continue;  // its strip is the output, hatched where it is cropped
            std::vector<std::int64_t> cells;
            for (const Rect& place : hatched_places(scene))
                cells.push_back(std::llround((place.x - std::round(options.page.text_size * 0.7F)) / place.w));
            std::ranges::sort(cells);
            EXPECT_EQ(cells, one.hatched) << said;
        }
    }
}

// The picture marks padding that is never read as it does the input, and says how much it is.
TEST(Scene, PaddingThatIsNeverReadIsHatchedAndTold) {
    const auto tell = [](const Pads& pads, std::int64_t size, const std::string& said,
                         const std::vector<std::pair<std::int64_t, std::int64_t>>& hatched) {
        for (const char* view : {"planes", "reads"}) {
            ConvSpec spec;
            spec.stride = {2, 2};
            spec.pads = pads;
            Document document;
            document.layers = {layer_of(spec, {1, 1, size, size},
                                        std::vector<double>(static_cast<std::size_t>(size * size), 1),
                                        std::vector<double>(9, 1))};
            document.panes = {Pane{}};
            document.panes[0].view = view;
            const Scene scene = picture(derive_all(document), 1, window(1920, 1080));
            const std::string titles = text_of(scene, Part::title, 0);
            EXPECT_TRUE(view != std::string("planes") || titles.find(said) != std::string::npos) << titles;
            for (const auto& [y, x] : hatched) {
                const auto cell = cell_rect(scene, {Part::input, 0, 0, 0, y, x});
                ASSERT_TRUE(cell) << y << ", " << x;
                EXPECT_TRUE(
                    std::ranges::any_of(hatched_places(scene),
                                        [&](const Rect& place) {
                                            return place.contains({cell->x + cell->w / 2, cell->y + cell->h / 2});
                                        }))
                    << view << " " << y << ", " << x;
            }
            for (const std::int64_t i : {std::int64_t{0}, size / 2}) {
                const Rect cell = *cell_rect(scene, {Part::input, 0, 0, 0, i, i});
                EXPECT_FALSE(std::ranges::any_of(hatched_places(scene),
                                                 [&](const Rect& place) {
                                                     return place.contains({cell.x + cell.w / 2, cell.y + cell.h / 2});
                                                 }))
                    << view << " " << i;
            }
        }
    };
    tell(Pads::all(1), 6, "never read: 1 row, 1 column of padding", {{6, -1}, {6, 3}, {6, 6}, {-1, 6}, {2, 6}});
    tell({0, 1, 1, 1}, 6, "never read: 1 column of padding", {{0, 6}, {5, 6}});
    tell({0, 0, 1, 1}, 6, "never read: 1 row; 1 column of padding", {{5, 0}, {5, 5}, {0, 6}});
    tell({0, 1, 0, 1}, 5, "never read: 1 row, 1 column of padding", {{5, 0}, {0, 5}, {5, 5}});
}

TEST(Ruler, SaysWhatMakesTheOutputOfWhatStampsCover) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = spec.stride = {2, 2};
    const auto caption = [&spec] {
        const Derived derived = derived_of(layer_of(spec, {1, 1, 5, 5}, std::vector<double>(25, 1), {1, 2, 3, 4}));
        return text_of(build_ruler(derived, 0, Axis::w, {1, 0}, light_theme(), window(700, 110).page, {}, fonts()),
                       Part::ruler, 0);
    };
    const auto ends = [&](const std::string& words) {
        EXPECT_NE((caption() + "|").find("stride 2, cover 10" + words), std::string::npos) << caption();
    };
    EXPECT_EQ(caption().find("after"), std::string::npos) << caption();
    spec.output_padding = {1, 1};
    ends("; 11 after adding output padding 1");
    spec.pads = Pads::all(1);
    ends("; 9 after cropping 2 and adding output padding 1");
    spec.output_padding = {0, 0};
    ends("; 8 after cropping 2");
    spec.pads.right = -3;
    ends("; 12 after cropping 1 and adding 3 for negative padding");
}

TEST(Scene, AnOutputThatNoStampCoversIsZeroAndSaysSoOnce) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {1, 1};
    spec.stride = {2, 2};
    const Derived derived = derived_of(layer_of(spec, {1, 1, 2, 2}, {7, 8, 9, 1}, {2}), Reading::gather);
    EXPECT_EQ(text_of(picture(derived, 2), Part::sum, 0), "output[0, 1] = 0");
    EXPECT_EQ(text_of(picture(derived, 1), Part::sum, 0), "output[0, 0] = 7·2 = 14");
}

TEST(Scene, OutputPaddingIsSaidForEachAxis) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {2, 2};
    spec.stride = {2, 3};
    spec.output_padding = {1, 2};
    const auto words = [&](Reading reading) {
        const Derived derived = derived_of(layer_of(spec, {1, 1, 2, 2}, {7, 8, 9, 1}, {1, 2, 3, 4}), reading);
        return text_of(picture(derived, 1, window(1920, 1080)), Part::title, 0);
    };
    for (const Reading reading : {Reading::stamp, Reading::gather, Reading::zero_inserted})
        EXPECT_NE(words(reading).find("output padding 1, 2"), std::string::npos) << words(reading);
    spec.output_padding = {1, 1};
    for (const Reading reading : {Reading::stamp, Reading::gather, Reading::zero_inserted}) {
        EXPECT_NE(words(reading).find("output padding 1"), std::string::npos) << words(reading);
        EXPECT_EQ(words(reading).find("output padding 1, 1"), std::string::npos) << words(reading);
    }
}

TEST(Scene, AnInputThatNoZerosAreInsertedIntoIsNotSaidToHaveThem) {
    ConvSpec spec = small_spec();
    spec.op = Op::conv_transpose;
    const auto words = [&spec] {
        const Derived derived =
            derived_of(layer_of(spec, {1, 1, 2, 2}, {7, 8, 9, 1}, {1, 2, 3, 4}), Reading::zero_inserted);
        return text_of(picture(derived, 1), Part::title, 0);
    };
    EXPECT_EQ(words().find("zeros between"), std::string::npos) << words();
    spec.stride = {1, 2};
    EXPECT_NE(words().find("zeros between"), std::string::npos) << words();
}

TEST(Scene, AnOutputThatNothingIsCroppedFromIsNotCalledCropped) {
    ConvSpec spec = small_spec();
    spec.op = Op::conv_transpose;
    spec.pads = {};
    const auto words = [&spec] {
        const Derived stamps = derived_of(layer_of(spec, {1, 1, 2, 2}, {7, 8, 9, 1}, {1, 2, 3, 4}), Reading::stamp);
        return text_of(picture(stamps, 1), Part::title, 0);
    };
    EXPECT_EQ(words().find("cropped to"), std::string::npos) << words();
    spec.pads = {1, 0, 0, 0};
    EXPECT_NE(words().find("3×3, output 2×3: rows cropped"), std::string::npos) << words();
    EXPECT_EQ(words().find("columns"), std::string::npos) << words();
    spec.pads = {1, 0, 0, 1};
    EXPECT_NE(words().find("3×3, cropped to 2×2"), std::string::npos) << words();
}

// Beside one another, panes have less room for words than alone: each says that some of its input is never read.
TEST(Scene, EveryPaneSaysThatSomeOfItsInputIsNeverRead) {
    ConvSpec first, second;
    first.kernel = {3, 3};
    first.stride = {2, 2};
    second.kernel = {2, 2};
    second.stride = {3, 3};
    Document document;
    const std::vector<double> cells(36, 1);
    document.layers = {layer_of(first, {1, 1, 6, 6}, cells, std::vector<double>(9, 1)),
                       layer_of(second, {1, 1, 6, 6}, cells, std::vector<double>(4, 1))};
    document.panes = {Pane{}, Pane{}};
    document.panes[1].layer = 1;
    const Derived derived = derive_all(document);
    for (const auto& [width, height] : {std::pair(1280, 560), std::pair(700, 560), std::pair(640, 400)}) {
        const Scene scene = picture(derived, 1, window(width, height));
        for (const int pane : {0, 1})
            EXPECT_NE(text_of(scene, Part::title, pane).find("never read"), std::string::npos)
                << width << ", pane " << pane << ": " << text_of(scene, Part::title, pane);
    }
}

// Rows and columns may fare differently: the heading says of each what is true of it.
TEST(Scene, TheHeadingOfTheUncroppedOutputTellsRowsAndColumnsApart) {
    struct Case {
        Pads pads;
        Size2 output_padding;
        const char* words;
    };
    for (const Case& one :
         {Case{{1, 0, 0, 0}, {0, 1}, "4×4, output 3×5: rows cropped, columns extended"},
          Case{{0, 0, 1, 1}, {0, 0}, "4×4, output 4×2: columns cropped"},
          Case{{-1, 0, 0, 0}, {0, 0}, "4×4, output 5×4: rows extended"},
          Case{{0, 0, 0, 0}, {1, 1}, "4×4, extended to 5×5"}, Case{{1, 1, 1, 1}, {1, 0}, "4×4, cropped to 3×2"},
          Case{{1, 0, 0, 0}, {1, 0}, "4×4, output 4×4: rows cropped and extended"},
          Case{{0, 1, 0, 1}, {1, 1}, "4×4✂"}}) {
        ConvSpec spec = small_spec();
        spec.op = Op::conv_transpose;
        spec.stride = {2, 2};
        spec.pads = one.pads;
        spec.output_padding = one.output_padding;
        const Derived stamps = derived_of(layer_of(spec, {1, 1, 2, 2}, {7, 8, 9, 1}, {1, 2, 3, 4}), Reading::stamp);
        const std::string words = text_of(picture(stamps, 1, window(1920, 1080)), Part::title, 0);
        EXPECT_NE(words.find(one.words), std::string::npos) << words;
    }
}

// Where nothing is cropped there is no uncropped output beside the output.
TEST(Scene, AnOutputOfWhichNothingIsCroppedIsCalledOutput) {
    ConvSpec spec = small_spec();
    spec.op = Op::conv_transpose;
    spec.stride = {2, 2};
    const auto words = [&spec](const char* view) {
        Document document;
        document.layers = {layer_of(spec, {1, 1, 2, 2}, {7, 8, 9, 1}, {1, 2, 3, 4})};
        Pane pane;
        pane.reading = Reading::stamp;
        pane.view = view;
        document.panes = {pane};
        const Scene scene = picture(derive_all(document), 2, window(1920, 1080));
        return text_of(scene, Part::title, 0) + "|" + text_of(scene, Part::sum, 0) + "|";
    };
    spec.pads = Pads::all(1);
    for (const char* view : {"planes", "reads"})
        EXPECT_NE(words(view).find("of the uncropped output|"), std::string::npos) << words(view);
    EXPECT_NE(words("planes").find("uncropped output4×4"), std::string::npos) << words("planes");
    for (const Pads& pads : {Pads{}, Pads{-1, 0, -2, 0}})
        for (const char* view : {"planes", "reads"}) {
            spec.pads = pads;
            EXPECT_EQ(words(view).find("uncropped"), std::string::npos) << words(view);
            EXPECT_NE(words(view).find("of the output|"), std::string::npos) << words(view);
        }
    EXPECT_NE(words("planes").find("starts at row 1, column 4 of the output|"), std::string::npos) << words("planes");
}

// Each stamp adds to what stands there: the canvas begins at the bias, or its last picture would not be the output.
TEST(Scene, StampsAddUpToTheOutputWithItsBias) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {2, 3};
    spec.stride = {2, 2};
    spec.pads = {0, 1, 1, 0};
    spec.output_padding = {1, 0};
    spec.out_channels = 2;
    Layer layer = layer_of(spec, {1, 1, 2, 3}, {3, 9, -4, 1, 0, 7}, {1, -2, 5, 4, 6, -3, 2, 8, -1, 9, -5, 10});
    layer.bias = TensorRef(Tensor<double>({1, 2, 1, 1}, {40, -50}));
    Document document;
    document.layers = {layer};
    Pane pane;
    pane.reading = Reading::stamp;
    pane.slice.c_out = 1;
    document.panes = {pane};
    const Derived derived = derive_all(document);
    const Tensor<double>& output = derived.layers[0]->output;
    for (const std::int64_t step : {0, 2, 6}) {
        const Scene scene = picture(derived, step);
        int at_bias = 0, finished = 0;
        for (std::int64_t y = 0; y < output.shape().h; ++y) {
            for (std::int64_t x = 0; x < output.shape().w; ++x) {
                const auto number = number_at(scene, Part::canvas, 0, y, x);
                ASSERT_TRUE(number) << y << ',' << x;
                at_bias += *number == "\u221250" ? 1 : 0;
                const double value = output.at(0, 1, y, x);
                const auto adds_up = [&](double stamped) {  // "-54+70", where the stamp falls on earlier ones
                    return *number == short_number(value - stamped) + (stamped < 0 ? "" : "+") + short_number(stamped);
                };
                bool shown = *number == short_number(value);
                for (int stamped = -99; stamped < 100 && !shown; ++stamped) shown = adds_up(stamped);
                finished += shown ? 1 : 0;
            }
        }
        const int cells = static_cast<int>(output.shape().h * output.shape().w);
        EXPECT_EQ(at_bias == cells, step == 0);
        EXPECT_EQ(finished == cells, step == 6);
    }
    const Scene scene = picture(derived, 6);
    EXPECT_TRUE(std::ranges::any_of(scene.marks, [](const Mark& mark) {
        const auto* text = std::get_if<TextMark>(&mark);
        return text != nullptr && text->text.find("starts at bias \u221250") != std::string::npos;
    }));
}

std::vector<std::string> all_texts(const Scene& scene) {
    std::vector<std::string> texts;
    for (const Mark& mark : scene.marks) {
        if (const auto* text = std::get_if<TextMark>(&mark)) texts.push_back(text->text);
        if (const auto* formula = std::get_if<FormulaMark>(&mark)) texts.push_back(formula->latex);
    }
    return texts;
}

bool says(const Scene& scene, std::string_view part) {
    return std::ranges::any_of(all_texts(scene),
                               [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

TEST(Scene, TheBorderAroundInsertedZerosIsToldApartFromThem) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {3, 4};
    spec.stride = {2, 3};
    spec.pads = {0, 1, 2, 0};
    spec.output_padding = {1, 2};
    const Layer layer = layer_of(spec, {1, 1, 3, 2}, std::vector<double>(6, 1), std::vector<double>(12, 1));
    // E - 1 - p: 2 above, 1 below and one row of output padding; 1 on the left, 3 on the right and two columns.
    const Scene scene = picture(derived_of(layer, Reading::zero_inserted), 1, window(1920, 1080));
    EXPECT_TRUE(says(scene, "5×4, border 2|2, 1|5")) << testing::PrintToString(all_texts(scene));
}

TEST(Scene, AKernelIsNamedAsItsWeightIsStored) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {2, 2};
    spec.groups = 2;
    spec.out_channels = 4;
    const Layer layer = layer_of(spec, {1, 4, 2, 2}, std::vector<double>(16, 1), std::vector<double>(32, 1));
    Document document;
    document.layers = {layer};
    for (const Reading reading : {Reading::stamp, Reading::gather}) {
        Pane pane;
        pane.reading = reading;
        pane.slice.c_out = 3;  // of the second group: inputs 2 and 3, its second output
        document.panes = {pane};
        EXPECT_TRUE(says(picture(derive_all(document), 1), "kernel [2, 1]")) << name(reading);
    }
}

TEST(Scene, AFigureTellsBothAxesWhereTheyDiffer) {
    ConvSpec spec;
    spec.kernel = {2, 3};
    SceneOptions options = window();
    const auto both = [&](const Shape4& input) {
        const Layer layer = layer_of(spec, input, std::vector<double>(static_cast<std::size_t>(input.h * input.w), 1),
                                     std::vector<double>(6, 1));
        const Scene scene = picture(derived_of(layer), 1, options);
        EXPECT_TRUE(text_faults(scene, fonts()).empty());
        SceneOptions chinese = options;
        chinese.page.lang = Lang::chinese;
        EXPECT_TRUE(text_faults(picture(derived_of(layer), 1, chinese), fonts()).empty());
        return std::ranges::count_if(scene.marks,
                                     [](const Mark& mark) { return std::holds_alternative<FormulaMark>(mark); });
    };
    EXPECT_EQ(both({1, 1, 5, 7}), 2);
    spec.kernel = {1, 6};
    EXPECT_EQ(both({1, 1, 5, 10}), 2) << "of equal results and unequal numbers";
    spec.kernel = {6, 1};
    EXPECT_EQ(both({1, 1, 8, 8}), 2);
}

}  // namespace
}  // namespace convlens
