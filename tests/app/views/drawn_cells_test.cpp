// The cells that a pane draws are those that can be pointed at and pinned: no more and no fewer.
#include <memory>

#include <gtest/gtest.h>

#include "app/moment/cell.h"
#include "app/moment/plane_area.h"
#include "app/render/type/fonts.h"
#include "app/scene/theme.h"
#include "app/views/build.h"

namespace convlens {
namespace {

Derived one_pane(Op op, Reading reading, const Pads& pads, std::int64_t output_padding) {
    LayerShape shape;
    shape.spec.op = op;
    shape.spec.kernel = {3, 2};
    shape.spec.stride = {2, 3};
    shape.spec.pads = pads;
    shape.spec.output_padding = {output_padding, output_padding};
    shape.input = {1, 1, 6, 5};
    Document document;
    document.layers = {new_layer(shape, false)};
    Pane pane;
    pane.reading = reading;
    document.panes = {pane};
    return derive_all(document);
}

// Every cell of a part's plane, and a few around it.
void expect_drawn_cells_exist(const Derived& derived, Part part, TensorKind kind) {
    static const std::unique_ptr<FontMetrics> fonts = make_font_metrics();
    SceneOptions options;
    options.page.width = 900;
    options.page.height = 400;
    const Scene scene = build_scene(derived, {2, 0}, light_theme(), options, *fonts);
    int planes = 0;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (!grid || grid->id.part != part) continue;
        ++planes;
        const PlaneArea area = plane_area(*derived.layers[0], kind);
        EXPECT_EQ(area.y0, grid->id.y);
        EXPECT_EQ(area.x0, grid->id.x);
        EXPECT_EQ(area.size, (Size2{grid->rows, grid->cols}));
        constexpr int kAround = 4;
        for (int row = -kAround; row < grid->rows + kAround; ++row) {
            for (int col = -kAround; col < grid->cols + kAround; ++col) {
                const bool drawn = row >= 0 && col >= 0 && row < grid->rows && col < grid->cols;
                const PaneCell cell{0, {0, kind, {0, 0, grid->id.y + row, grid->id.x + col}}};
                EXPECT_EQ(cell_exists(derived, cell), drawn) << "row " << row << ", column " << col;
            }
        }
    }
    EXPECT_EQ(planes, 1);
}

TEST(DrawnCells, AreThoseThatExist) {
    for (const Pads& pads : {Pads::all(0), Pads::all(1), Pads::all(-1), Pads{1, -1, -1, 1}, Pads{-1, 1, 1, -1}}) {
        SCOPED_TRACE(testing::Message() << "pads " << pads.top << " " << pads.bottom << " " << pads.left << " "
                                        << pads.right);
        const Derived conv = one_pane(Op::conv, Reading::gather, pads, 0);
        expect_drawn_cells_exist(conv, Part::input, TensorKind::input);
        expect_drawn_cells_exist(conv, Part::output, TensorKind::output);
        for (const std::int64_t output_padding : {0, 1}) {
            SCOPED_TRACE(testing::Message() << "transposed, output padding " << output_padding);
            const Derived stamps = one_pane(Op::conv_transpose, Reading::stamp, pads, output_padding);
            expect_drawn_cells_exist(stamps, Part::input, TensorKind::input);
            expect_drawn_cells_exist(stamps, Part::canvas, TensorKind::uncropped_output);
            const Derived spread = one_pane(Op::conv_transpose, Reading::zero_inserted, pads, output_padding);
            expect_drawn_cells_exist(spread, Part::zero_inserted, TensorKind::zero_inserted_input);
            const Derived gathered = one_pane(Op::conv_transpose, Reading::gather, pads, output_padding);
            expect_drawn_cells_exist(gathered, Part::input, TensorKind::input);
            expect_drawn_cells_exist(gathered, Part::output, TensorKind::output);
        }
    }
}

}  // namespace
}  // namespace convlens
