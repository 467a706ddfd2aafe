// The view of reads: each cell has its count, the edges have theirs, what is not read is hatched and told, and pointing
// lights what belongs together.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/document/presets.h"
#include "app/moment/plane_area.h"
#include "app/moment/related.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"
#include "app/views/cell_mark.h"
#include "app/views/views.h"
#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/text/number.h"
#include "core/trace/coverage.h"
#include "core/trace/trace.h"

namespace convlens {
namespace {

using Cells = std::vector<std::pair<std::int64_t, std::int64_t>>;

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

Document in_reads(Document document) {
    for (Pane& pane : document.panes) pane.view = "reads";
    return document;
}

struct LayerOptions {
    Op op = Op::conv;
    Size2 kernel{3, 3}, stride{1, 1}, dilation{1, 1};
    std::int64_t pad = 0;
    Shape4 input{1, 1, 6, 6};
    Reading reading = Reading::slide;
};

Derived derived_of(const LayerOptions& wanted) {
    ConvSpec spec;
    spec.op = wanted.op;
    spec.kernel = wanted.kernel;
    spec.stride = wanted.stride;
    spec.dilation = wanted.dilation;
    spec.pads = Pads::all(wanted.pad);
    Document document;
    document.layers = {new_layer({spec, wanted.input, {}, {}}, false)};
    document.panes = {Pane{}};
    document.panes[0].reading = wanted.reading;
    settle(document);
    return derive_all(in_reads(document));
}

Scene picture(const Derived& derived, std::int64_t step, std::optional<MarkId> hover = {}, float width = 2400,
              float height = 1400, Lang lang = Lang::english) {
    SceneOptions options;
    options.page.width = width;
    options.page.height = height;
    options.hover = hover;
    options.page.lang = lang;
    return build_scene(derived, {step, 0}, light_theme(), options, fonts());
}

std::string told(const Scene& scene) { return text_of(scene, Part::title, 0); }

// What stands along an edge: -4 above the columns, -5 beside the rows.
std::vector<std::string> profile(const Scene& scene, std::int64_t edge) {
    std::vector<std::string> found;
    for (const Mark& mark : scene.marks) {
        const auto* text = std::get_if<TextMark>(&mark);
        if (text != nullptr && text->id.part == Part::title && text->id.y == edge) found.push_back(text->text);
    }
    return found;
}

std::vector<std::string> words_of(const std::vector<std::int64_t>& counts) {
    std::vector<std::string> words;
    for (const std::int64_t count : counts) words.push_back(std::to_string(count));
    return words;
}

TEST(ReadsView, EveryCellHasItsCount) {
    for (const PresetInfo& preset : presets()) {
        if (preset.kind != "layer") continue;
        const Derived derived = derive_all(in_reads(*preset_document(preset.name)));
        const Scene scene = picture(derived, 1);
        for (int pane = 0; pane < static_cast<int>(derived.document.panes.size()); ++pane) {
            const DerivedLayer& layer =
                *derived.layers[static_cast<std::size_t>(derived.document.panes[static_cast<std::size_t>(pane)].layer)];
            const Tensor<double> counts = overlap_count(layer.layer.spec, layer.input->shape().plane());
            const Part part = layer.layer.spec.op == Op::conv_transpose ? Part::output : Part::input;
            for (std::int64_t y = 0; y < counts.shape().h; ++y)
                for (std::int64_t x = 0; x < counts.shape().w; ++x)
                    EXPECT_EQ(number_at(scene, part, pane, y, x), short_number(counts.at(0, 0, y, x)))
                        << preset.name << ", " << pane << ": " << y << ", " << x;
        }
    }
}

TEST(ReadsView, CountsOfThePaddingStandInIt) {
    const Derived derived = derived_of({.pad = 1});
    const Scene scene = picture(derived, 1);
    const auto rows = coverage(derived.layers[0]->layer.spec, {6, 6}, Axis::h);
    ASSERT_EQ(rows.size(), 8U);
    for (std::int64_t y = -1; y < 7; ++y)
        for (std::int64_t x = -1; x < 7; ++x)
            EXPECT_EQ(number_at(scene, Part::input, 0, y, x),
                      std::to_string(rows[static_cast<std::size_t>(y + 1)] * rows[static_cast<std::size_t>(x + 1)]));
}

// Brute force over every window and weight: what is read of the padding is read of the cell that was copied there.
TEST(ReadsView, ACellIsCountedWithItsCopiesInThePadding) {
    for (const PadMode mode : {PadMode::circular, PadMode::reflect, PadMode::symmetric, PadMode::replicate}) {
        Document document = first_document();
        Layer& layer = document.layers.front();
        layer.spec.pads = {2, 1, 0, 2};
        layer.spec.pad_mode = mode;
        layer.spec.stride = {2, 1};
        settle(document);
        const Derived derived = derive_all(in_reads(document));
        const Size2 plane = derived.layers.front()->input->shape().plane();
        const Shape4 out = derived.layers.front()->output.shape();
        std::vector<std::int64_t> counts(static_cast<std::size_t>(plane.h * plane.w));
        const ConvSpec& spec = derived.layers.front()->layer.spec;
        for (std::int64_t y = 0; y < out.h; ++y)
            for (std::int64_t x = 0; x < out.w; ++x)
                for (std::int64_t u = 0; u < spec.kernel.h; ++u)
                    for (std::int64_t v = 0; v < spec.kernel.w; ++v) {
                        const auto row = source_index(y * spec.stride.h + u - spec.pads.top, plane.h, mode);
                        const auto col = source_index(x * spec.stride.w + v - spec.pads.left, plane.w, mode);
                        ++counts[static_cast<std::size_t>(*row * plane.w + *col)];
                    }
        const Scene scene = picture(derived, 1);
        for (std::int64_t y = 0; y < plane.h; ++y)
            for (std::int64_t x = 0; x < plane.w; ++x)
                EXPECT_EQ(number_at(scene, Part::input, 0, y, x),
                          std::to_string(counts[static_cast<std::size_t>(y * plane.w + x)]))
                    << name(mode) << ": " << y << ", " << x;
    }
}

TEST(ReadsView, TheEdgesCountRowsAndColumns) {
    for (const LayerOptions& wanted : {LayerOptions{.kernel = {3, 2}, .stride = {2, 1}, .pad = 1},
                                       LayerOptions{.kernel = {2, 3}, .dilation = {2, 1}},
                                       LayerOptions{.op = Op::conv_transpose, .kernel = {3, 2}, .stride = {2, 3}},
                                       LayerOptions{.op = Op::max_pool, .kernel = {2, 2}, .stride = {2, 2}}}) {
        const Derived derived = derived_of(wanted);
        const ConvSpec& spec = derived.layers[0]->layer.spec;
        const Scene scene = picture(derived, 1);
        EXPECT_EQ(profile(scene, -5), words_of(coverage(spec, {6, 6}, Axis::h)));
        EXPECT_EQ(profile(scene, -4), words_of(coverage(spec, {6, 6}, Axis::w)));
    }
}

TEST(ReadsView, ALayerOfOneRowHasOneEdge) {
    const Derived derived = derived_of({.kernel = {1, 3}, .stride = {1, 2}, .input = {1, 1, 1, 12}});
    const Scene scene = picture(derived, 1);
    EXPECT_TRUE(profile(scene, -5).empty());
    EXPECT_EQ(profile(scene, -4), words_of(coverage(derived.layers[0]->layer.spec, {1, 12}, Axis::w)));
}

TEST(ReadsView, WhatIsNotReadIsHatchedAndTold) {
    const Derived derived = derived_of({.stride = {2, 2}});  // 6 = 3 + 2 + a row that no window reaches
    const Scene scene = picture(derived, 1);
    EXPECT_NE(told(scene).find("Input row 5 is never read: no window covers it."), std::string::npos) << told(scene);
    const Rect lost = *cell_rect(scene, {Part::input, 0, 0, 0, 5, 0});
    const bool hatched = std::ranges::any_of(scene.marks, [&](const Mark& mark) {
        const auto* rect = std::get_if<RectMark>(&mark);
        return rect != nullptr && rect->hatched && rect->rect.x == lost.x && rect->rect.y == lost.y;
    });
    EXPECT_TRUE(hatched);
    EXPECT_EQ(number_at(scene, Part::input, 0, 5, 0), "0");
}

TEST(ReadsView, NamesTheCheckerboard) {
    const Derived board = derived_of({.op = Op::conv_transpose, .stride = {2, 2}});
    EXPECT_NE(told(picture(board, 1)).find("Checkerboard: kernel 3 is not a multiple of stride 2"), std::string::npos);
    const Derived even = derived_of({.op = Op::conv_transpose, .kernel = {4, 4}, .stride = {2, 2}});
    EXPECT_EQ(told(picture(even, 1)).find("heckerboard"), std::string::npos);
}

// Whatever is pointed at: both planes light what related() names.
TEST(ReadsView, PointingLightsWhatBelongsTogether) {
    for (const LayerOptions& wanted :
         {LayerOptions{.stride = {2, 2}, .pad = 1}, LayerOptions{.kernel = {2, 2}, .dilation = {2, 2}},
          LayerOptions{.op = Op::avg_pool, .kernel = {2, 2}, .stride = {2, 2}},
          LayerOptions{.op = Op::conv_transpose, .stride = {2, 2}, .pad = 1, .input = {1, 1, 4, 4}},
          LayerOptions{
              .op = Op::conv_transpose, .stride = {2, 2}, .input = {1, 1, 4, 4}, .reading = Reading::gather}}) {
        const Derived derived = derived_of(wanted);
        for (const TensorKind tensor : {TensorKind::input, TensorKind::output}) {
            const PlaneArea area = plane_area(*derived.layers[0], tensor);
            for (std::int64_t y = area.y0; y < area.y0 + area.size.h; ++y)
                for (std::int64_t x = area.x0; x < area.x0 + area.size.w; ++x) {
                    const PaneCell cell{0, {0, tensor, {0, 0, y, x}}};
                    const Related lit = related(moment_of(derived, 0, {2, 0}, cell), cell.cell);
                    const Scene scene = picture(derived, 2, mark_of(cell));
                    const auto expect_lit = [&](Part part, TensorKind kind, const LitPlane& plane) {
                        const PlaneArea all = plane_area(*derived.layers[0], kind);
                        Cells expected;
                        for (std::int64_t r = all.y0; r < all.y0 + all.size.h; ++r)
                            for (std::int64_t c = all.x0; c < all.x0 + all.size.w; ++c)
                                if (plane.at(r, c)) expected.emplace_back(r, c);
                        EXPECT_EQ(lit_cells(scene, part, 0), expected) << y << ", " << x;
                    };
                    expect_lit(Part::input, TensorKind::input, lit.input);
                    expect_lit(Part::output, TensorKind::output, lit.output);
                }
        }
    }
}

TEST(ReadsView, TheLineBelowCountsWhatIsLookedAt) {
    const auto line = [](const LayerOptions& wanted, std::optional<MarkId> hover) {
        return text_of(picture(derived_of(wanted), 1, hover), Part::sum, 0);
    };
    const LayerOptions conv{.stride = {2, 2}, .pad = 1};
    EXPECT_EQ(line(conv, MarkId{Part::input, 0, 0, 0, 1, 1}), "input[1, 1] is read by 4 windows");
    EXPECT_EQ(line(conv, MarkId{Part::input, 0, 0, 0, 2, 2}), "input[2, 2] is read by 1 window");
    EXPECT_EQ(line(conv, MarkId{Part::input, 0, 0, 0, -1, 0}), "this cell of the padding is read by 1 window");
    EXPECT_EQ(line(conv, MarkId{Part::output, 0, 0, 0, 1, 1}), "output[1, 1] reads 9 cells of the padded input");
    EXPECT_EQ(line({}, MarkId{Part::output, 0, 0, 0, 1, 1}), "output[1, 1] reads 9 cells of the input");
    const LayerOptions stamps{.op = Op::conv_transpose, .stride = {2, 2}};
    EXPECT_EQ(line(stamps, MarkId{Part::output, 0, 0, 0, 2, 2}), "output[2, 2] is written by 4 stamps");
    EXPECT_EQ(line(stamps, {}), "input[0, 0] is stamped onto 9 cells of the output");
    const LayerOptions cropped{.op = Op::conv_transpose, .stride = {2, 2}, .pad = 1};
    EXPECT_EQ(line(cropped, {}), "input[0, 0] is stamped onto 9 cells of the uncropped output");
}

TEST(ReadsView, ALargePlaneIsColoursAndWordsThatFit) {
    const Derived derived = derived_of({.kernel = {7, 7}, .stride = {2, 2}, .pad = 3, .input = {1, 1, 224, 224}});
    for (const auto& [width, height] : {std::pair{1280.0F, 720.0F}, std::pair{1920.0F, 1080.0F}, {740.0F, 480.0F}}) {
        const Scene scene = picture(derived, 5, {}, width, height);
        EXPECT_EQ(text_faults(scene, fonts()), std::vector<std::string>{});
        EXPECT_EQ(text_faults(picture(derived, 5, {}, width, height, Lang::chinese), fonts()),
                  std::vector<std::string>{});
        for (const Mark& mark : scene.marks)
            if (const auto* grid = std::get_if<GridMark>(&mark)) {
                EXPECT_TRUE(grid->texts.empty()) << "none is legible";
            }
        EXPECT_NE(told(scene).find("Checkerboard"), std::string::npos);
    }
}

}  // namespace
}  // namespace convlens
