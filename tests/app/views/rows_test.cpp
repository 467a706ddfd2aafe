// Layers of height 1 are drawn as rows below one another, aligned on the input.
#include <gtest/gtest.h>

#include "app/document/compare.h"
#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

Derived row(const ConvSpec& spec, std::int64_t length, Reading reading = Reading::slide) {
    Document document;
    document.layers = {new_layer({spec, {1, 1, 1, length}, {}, {}}, false)};
    document.panes = {Pane{}};
    document.panes[0].reading = reading;
    return derive_all(document);
}

ConvSpec spec_of(std::int64_t kernel, std::int64_t stride = 1, std::int64_t dilation = 1, std::int64_t pad = 0) {
    ConvSpec spec;
    spec.kernel = {1, kernel};
    spec.stride = {1, stride};
    spec.dilation = {1, dilation};
    spec.pads = {0, 0, pad, pad};
    return spec;
}

Scene picture(const Derived& derived, std::int64_t step, float phase = 0, float width = 1280, float height = 720,
              Lang lang = Lang::english) {
    SceneOptions options;
    options.page.width = width;
    options.page.height = height;
    options.page.lang = lang;
    return build_scene(derived, {step, phase}, light_theme(), options, fonts());
}

// Where cell (0, x) of a part is drawn.
Rect cell(const Scene& scene, Part part, std::int64_t x) {
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr || grid->id.part != part) continue;
        const std::int64_t col = (x - grid->id.x) * grid->x_step;
        if (col >= 0 && col < grid->cols) return grid->cell(0, col);
    }
    ADD_FAILURE() << "no cell " << x;
    return {};
}

TEST(Rows, KernelAndProductsStandBelowTheCellsThatTheyMultiply) {
    const Derived derived = row(spec_of(3, 2, 2, 1), 9);
    const Scene scene = picture(derived, 3);  // output 2 reads cells 3, 5, 7
    for (std::int64_t u = 0; u < 3; ++u) {
        const Rect input = cell(scene, Part::input, 3 + 2 * u);
        EXPECT_EQ(cell(scene, Part::kernel, u).x, input.x);
        EXPECT_EQ(cell(scene, Part::products, u).x, input.x);
        EXPECT_GT(cell(scene, Part::kernel, u).y, input.bottom());
        EXPECT_GT(cell(scene, Part::products, u).y, cell(scene, Part::kernel, u).bottom());
    }
    EXPECT_GT(cell(scene, Part::output, 2).y, cell(scene, Part::products, 0).bottom());
}

TEST(Rows, TheKernelSlidesWithTheWindow) {
    const Derived derived = row(spec_of(3), 9);
    const float here = cell(picture(derived, 3), Part::kernel, 0).x;
    const float next = cell(picture(derived, 4), Part::kernel, 0).x;
    const float between = cell(picture(derived, 3, 0.5F), Part::kernel, 0).x;
    EXPECT_LT(here, between);
    EXPECT_LT(between, next);
    EXPECT_EQ(next - here, cell(picture(derived, 3), Part::input, 0).w);
}

TEST(Rows, AnOutputStandsBelowItsOwnPlace) {
    const Scene causal = picture(derive_all(*preset_document("causal-1d")), 4);
    EXPECT_EQ(cell(causal, Part::output, 3).x, cell(causal, Part::input, 3).x);
    EXPECT_EQ(number_at(causal, Part::input, 0, 0, -4), "0") << "the padding is on the left";
    EXPECT_FALSE(number_at(causal, Part::input, 0, 0, 8)) << "and there alone";
    const Scene valid = picture(row(spec_of(3), 9), 4);
    EXPECT_EQ(cell(valid, Part::output, 3).x, cell(valid, Part::input, 4).x) << "below its window's middle";
}

TEST(Rows, TheCausalPresetSaysWhichSideIsPadded) {
    const Scene scene = picture(derive_all(*preset_document("causal-1d")), 8);
    EXPECT_NE(text_of(scene, Part::title, 0).find("padding 4 on the left"), std::string::npos);
    EXPECT_EQ(number_at(scene, Part::output, 0, 0, 7), "37");
    EXPECT_EQ(number_at(scene, Part::output, 0, 0, 0), "9") << "3·3: the present alone";
}

TEST(Rows, PoolingAndAllReadingsOfTransposedLayersToo) {
    ConvSpec pool = spec_of(3);
    pool.op = Op::max_pool;
    const Scene pooled = picture(row(pool, 9), 3);
    EXPECT_EQ(cell(pooled, Part::products, 0).x, cell(pooled, Part::input, 2).x);
    ConvSpec spec = spec_of(3, 2);
    spec.op = Op::conv_transpose;
    const Scene stamps = picture(row(spec, 5, Reading::stamp), 3);
    EXPECT_EQ(cell(stamps, Part::kernel, 0).x, cell(stamps, Part::canvas, 4).x) << "the stamp of input cell 2";
    EXPECT_EQ(cell(stamps, Part::products, 0).x, cell(stamps, Part::canvas, 4).x);
    for (const Reading reading : {Reading::gather, Reading::zero_inserted, Reading::stamp})
        for (const Lang lang : {Lang::english, Lang::chinese})
            EXPECT_EQ(text_faults(picture(row(spec, 5, reading), 3, 0, 1280, 720, lang), fonts()),
                      std::vector<std::string>{});
}

TEST(Rows, NoTextIsHiddenOrCutAndLongRowsAreWhole) {
    for (const std::int64_t length : {1, 2, 5, 16, 64, 200}) {
        for (const auto& [width, height] : {std::pair{1280.0F, 720.0F}, {640.0F, 500.0F}, {320.0F, 480.0F}}) {
            const Derived derived = row(spec_of(length > 2 ? 3 : 1, 1, 1, 1), length);
            for (const Lang lang : {Lang::english, Lang::chinese})
                EXPECT_EQ(text_faults(picture(derived, 2, 0, width, height, lang), fonts()), std::vector<std::string>{})
                    << length;
            const Scene scene = picture(derived, 2, 0, width, height);
            EXPECT_GE(cell(scene, Part::input, 0).x, 0);
            EXPECT_LE(cell(scene, Part::input, length - 1).right(), width);
        }
    }
}

TEST(Rows, CellsAreLargerThanSideBySide) {
    EXPECT_GE(cell(picture(row(spec_of(3, 1, 1, 1), 16), 2), Part::input, 0).w, 60);
}

TEST(Rows, ADilatedKernelsReachIsALength) {
    const std::string words = text_of(picture(row(spec_of(3, 1, 2, 2), 9), 1), Part::title, 0);
    EXPECT_NE(words.find("spanning 5"), std::string::npos) << words;
    EXPECT_EQ(words.find("spanning 1×5"), std::string::npos) << words;
}

TEST(Rows, OfPanesBesideOneAnotherStandAtOneHeight) {
    Document document = row(spec_of(3, 1, 1, 1), 9).document;
    ConvSpec turned = spec_of(3, 1, 1, 1);
    turned.flip_kernel = true;  // a longer label
    add_comparison(document, 0, turned);
    const Derived derived = derive_all(document);
    for (float width = 240; width <= 1280; width += 40) {
        const Scene scene = picture(derived, 2, 0, width, 500);
        std::vector<float> heights;
        for (const Mark& mark : scene.marks) {
            const auto* grid = std::get_if<GridMark>(&mark);
            if (grid != nullptr && grid->id.part == Part::output) heights.push_back(grid->origin.y);
        }
        ASSERT_EQ(heights.size(), 2U);
        EXPECT_EQ(heights[0], heights[1]) << width;
    }
}

TEST(Rows, WordsStayInSightWhenZoomedIn) {
    const Derived derived = row(spec_of(5, 1, 3, 6), 64);
    SceneOptions options;
    options.page.width = 640;
    options.page.height = 400;
    options.camera.zoom = 6;
    options.camera.pan.x = 150;
    const Scene scene = build_scene(derived, {3, 0}, light_theme(), options, fonts());
    int seen = 0;
    for (const Mark& mark : scene.marks) {
        const auto* text = std::get_if<TextMark>(&mark);
        if (text == nullptr || text->id.part != Part::title || text->face != Face::bold || text->id.y != 0) continue;
        EXPECT_GE(text->at.x, 0) << text->text;
        EXPECT_LE(text->at.x + fonts().text_width(text->text, text->size, text->face), 640) << text->text;
        ++seen;
    }
    EXPECT_EQ(seen, 4);
}

}  // namespace
}  // namespace convlens
