// conv_transpose as stamps: each input cell stamps its value times the kernel onto a canvas; padding is a pair of
// scissors that crops it, output padding moves the lower and right cuts outward.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "app/moment/cell.h"
#include "app/moment/plane_area.h"
#include "app/moment/related.h"
#include "app/moment/scatter.h"
#include "app/views/pane.h"
#include "app/views/wedge.h"
#include "core/text/number.h"

namespace convlens {

namespace {

// The canvas as drawn: everything stamped, and the output's rows and columns beyond it, where output padding or a
// negative padding reaches further.
struct Canvas {
    std::int64_t rows = 1, cols = 1;
    Size2 stamped{0, 0};  // row and column where everything stamped begins
    Size2 output{0, 0};   // and the output
    double bias = 0;      // where no stamp ever reaches
    Stamping stamping;

    struct Cell {
        double value = 0;      // at this step, the bias included
        double before = 0;     // without the present stamp, where it touches the cell
        char touched = 0;      // by the present stamp: 1, or 2 where an earlier one has been
        bool covered = false;  // by any stamp so far
    };
    Cell at(std::int64_t row, std::int64_t col) const {
        const StampedPlane& plane = stamping.plane;
        const std::int64_t r = row - stamped.h, c = col - stamped.w;
        if (r < 0 || c < 0 || r >= plane.size.h || c >= plane.size.w) return {bias, 0, 0, false};
        const std::size_t i = plane.index(r, c);
        return {plane.values[i], stamping.before[i], stamping.touched[i], plane.covered[i] != 0};
    }
};

// Is a cell being stamped?
bool started(const PaneScene& scene) { return !scene.moment.step.before_first; }

// The input cell under the pointer, in the plane that is drawn. A pinned cell may be gone since the input shrank.
std::optional<Size2> pointed_input(const PaneScene& scene) {
    const std::optional<CellId>& pointed = scene.moment.pointed;
    const Shape4 in = scene.input_shape();
    if (!pointed || pointed->tensor != TensorKind::input || pointed->at.y >= in.h || pointed->at.x >= in.w) return {};
    return Size2{pointed->at.y, pointed->at.x};
}

Canvas make_canvas(const PaneScene& scene) {
    Canvas canvas;
    const Pads& crop = scene.layer.pads;
    const PlaneArea area = plane_area(scene.layer, TensorKind::uncropped_output);
    canvas.output = {-area.y0, -area.x0};
    canvas.stamped = {canvas.output.h - crop.top, canvas.output.w - crop.left};
    canvas.rows = area.size.h;
    canvas.cols = area.size.w;
    canvas.bias = bias_of(scene.layer.layer, scene.pane.slice.c_out);
    canvas.stamping = scene.scatters.at(scene.moment);
    return canvas;
}

PlaneRequest board_request(const PaneScene& scene, const Canvas& canvas) {
    const Shape4 out = scene.layer.output.shape();
    const Slice& slice = scene.pane.slice;
    const bool one_row = scene.input_shape().h == 1;
    const Key tensor = is_cropped(scene.layer) ? key("uncropped output") : key("output");
    Message bias;
    if (scene.layer.layer.bias)
        bias = msg("starts at bias {bias}", "bias"_is(sum_number(bias_of(scene.layer.layer, slice.c_out))));
    Message cut = padding_text(scene.layer.pads, one_row);
    if (!cut.empty()) cut = msg("✂ {padding}", "padding"_is(std::move(cut)));
    return {Part::canvas,
            canvas.rows,
            canvas.cols,
            scene.words(slice_name(tensor, slice.n, out.n, slice.c_out, out.c)),
            scene.words(in_a_row({uncropped_size(scene.layer), bias})),
            scene.words(in_a_row({cut, output_padding_text(scene.spec(), one_row)})),
            {},
            scene.theme.output};
}

std::vector<PlaneRequest> requests(const PaneScene& scene, const Canvas& canvas) {
    const ConvSpec& spec = scene.spec();
    const Shape4 in = scene.input_shape();
    const Theme& t = scene.theme;
    const std::int64_t eh = effective_kernel(spec.kernel.h, spec.dilation.h);
    const std::int64_t ew = effective_kernel(spec.kernel.w, spec.dilation.w);
    const std::int64_t c_in = scene.moment.channel;
    const Message input_name = slice_name(key("input"), scene.pane.slice.n, in.n, scene.first_channel() + c_in, in.c);
    const Message kernel_size = in_a_row(
        {verbatim(size_text(spec.kernel.h, spec.kernel.w)), spec.flip_kernel ? msg("rotated 180°") : Message()});
    return {{Part::input, in.h, in.w, scene.words(input_name), size_text(in.h, in.w), {}, "×", t.input},
            {Part::kernel, eh, ew, scene.words(kernel_name(scene, c_in)), scene.words(kernel_size),
             scene.words(reach_note(spec, scene.one_row())), "=", t.kernel},
            {Part::products,
             eh,
             ew,
             scene.words(key_in("noun", "stamp")),
             scene.words(msg("value × kernel")),
             {},
             "→",
             t.text},
            board_request(scene, canvas)};
}

// The input cell between the one being stamped and the next.
struct Place {
    double y = 0, x = 0;
};
Place gliding_source(const PaneScene& scene) {
    if (!started(scene)) return {};
    const Cell4 &source = scene.moment.step.cell, &next = scene.moment.next.cell;
    const float g = scene.glide();
    return {static_cast<double>(source.y) + static_cast<float>(next.y - source.y) * g,
            static_cast<double>(source.x) + static_cast<float>(next.x - source.x) * g};
}

// In rows the kernel and its stamp stand above the cells of the canvas that they fall on.
void stand_on_canvas(const PaneScene& scene, const Canvas& canvas, std::vector<PlaneRequest>& planes) {
    const double column =
        static_cast<double>(canvas.stamped.w) + gliding_source(scene).x * static_cast<double>(scene.spec().stride.w);
    planes[1].column = planes[2].column = column;
    planes[3].column = 0;
}

// Is the pointer what lights cells? Then the step at which the play stands is not pointed out beside it.
bool lit_by_pointer(const PaneScene& scene) {
    const std::optional<CellId>& pointed = scene.moment.pointed;
    return pointed && pointed->tensor != TensorKind::product;
}

// On its way to the next cell the stamp has left the one before.
bool on_its_way(const PaneScene& scene) { return scene.glide() >= 0.15F; }

// The input cell that is being stamped, on its way to the next.
Rect source_cell(const PaneScene& scene, const PlacedPlane& placed) {
    const Place at = gliding_source(scene);
    return placed.cells(at.y, at.x, 1, 1);
}

// Where the stamp of an input cell falls; rows and columns may lie between cells.
Rect footprint(const PaneScene& scene, const Canvas& canvas, const PlacedPlane& placed, double y, double x) {
    const ConvSpec& spec = scene.spec();
    return placed.cells(static_cast<double>(canvas.stamped.h) + y * static_cast<double>(spec.stride.h),
                        static_cast<double>(canvas.stamped.w) + x * static_cast<double>(spec.stride.w),
                        static_cast<double>(effective_kernel(spec.kernel.h, spec.dilation.h)),
                        static_cast<double>(effective_kernel(spec.kernel.w, spec.dilation.w)));
}

// Where a play by products is: the place in the stamp, the gaps between its cells not counted.
std::optional<Size2> current_place(const PaneScene& scene) {
    const Moment& m = scene.moment;
    const Size2 d = scene.spec().dilation;
    if (m.product && (m.product->h % d.h != 0 || m.product->w % d.w != 0)) return {};
    if (m.product) return Size2{m.product->h / d.h, m.product->w / d.w};
    if (!started(scene) || lit_by_pointer(scene) || m.timeline.by != StepBy::product || m.landed == 0) return {};
    const std::int64_t last = m.landed - 1, cols = scene.spec().kernel.w;
    return Size2{last / cols, last % cols};
}

// The weight, as stored, that a place of the stamp multiplies by.
Size2 stamped_weight(const PaneScene& scene, const Size2& place) {
    const Size2 k = scene.spec().kernel;
    return scene.spec().flip_kernel ? Size2{k.h - 1 - place.h, k.w - 1 - place.w} : place;
}

void add_input(Scene& out, const PaneScene& scene, const Related& lit, const PlacedPlane& placed,
               std::vector<PolygonMark> beneath) {
    const Moment& m = scene.moment;
    const Shape4 in = scene.input_shape();
    const std::int64_t channel = m.input_channel();
    const Cell4& source = m.step.cell;
    const Place at = gliding_source(scene);
    PlaneSpec plane;
    plane.id = scene.id(Part::input, channel);
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = in.h;
    plane.cols = in.w;
    plane.look = [&](std::int64_t r, std::int64_t c) {
        CellLook look =
            value_look(scene.theme, scene.layer.input->at(scene.pane.slice.n, channel, r, c), scene.layer.input_peak);
        const bool here = started(scene) && !m.out && source.y == r && source.x == c;
        if (lit_by_pointer(scene)) {
            look.lit = here;
            return lit.input.at(r, c) ? lit_look(std::move(look)) : look;
        }
        look.lit = here;
        if (here && !on_its_way(scene)) look.state = CellState::read;
        const bool nearest = std::llround(at.y) == r && std::llround(at.x) == c;
        return nearest || !started(scene) ? look : unread_look(std::move(look));
    };
    plane.outline = lit_by_pointer(scene) ? scene.theme.pointing : scene.theme.reading;
    GridMark grid = make_plane(plane, scene.theme, scene.page, scene.fonts);
    grid.beneath = std::move(beneath);
    out.marks.push_back(std::move(grid));
    out.marks.push_back(outline(plane.id, placed.cells(0, 0, in.h, in.w), scene.theme.input, 2));
    if (!started(scene) || m.out) return;
    out.marks.push_back(step_outline(plane.id, source_cell(scene, placed), placed.smaller_side(), scene.theme.reading));
}

// value × kernel, spread by the dilation like the kernel itself.
void add_stamp(Scene& out, const PaneScene& scene, const PlacedPlane& placed) {
    const ConvSpec& spec = scene.spec();
    const Moment& m = scene.moment;
    const Cell4& source = m.step.cell;
    const double value =
        started(scene) ? scene.layer.input->at(scene.pane.slice.n, m.input_channel(), source.y, source.x) : 0;
    const std::optional<Size2> current = current_place(scene);
    PlaneSpec plane;
    plane.id = scene.id(Part::products, m.input_channel());
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = effective_kernel(spec.kernel.h, spec.dilation.h);
    plane.cols = effective_kernel(spec.kernel.w, spec.dilation.w);
    plane.look = [&](std::int64_t r, std::int64_t c) {
        const bool gap = r % spec.dilation.h != 0 || c % spec.dilation.w != 0;
        const std::int64_t kh = r / spec.dilation.h;
        const std::int64_t kw = c / spec.dilation.w;
        if (gap || kh * spec.kernel.w + kw >= m.landed) {
            CellLook look = empty_look(scene.theme);
            if (gap) look.fill.a = 0;
            return look;
        }
        CellLook look = value_look(scene.theme, value * stamp_weight(m, m.channel, kh, kw), scene.layer.output_peak);
        if (current == Size2{kh, kw}) look.state = CellState::current;
        return look;
    };
    plane.outline = scene.theme.reading;
    GridMark grid = make_plane(plane, scene.theme, scene.page, scene.fonts);
    out.marks.push_back(std::move(grid));
    out.marks.push_back(outline(plane.id, placed.cells(0, 0, plane.rows, plane.cols),
                                spec.dilation == Size2{1, 1} ? scene.theme.frame : scene.theme.dilation, 1,
                                spec.dilation == Size2{1, 1} ? 0.0F : 5.0F));
}

// "4+6" where the current stamp falls on earlier ones, if it fits; the sum otherwise.
std::string overlap_text(const PaneScene& scene, const Canvas::Cell& cell, float pitch) {
    const double added = cell.value - cell.before;
    const std::string sign = added < 0 ? "" : "+";
    std::string text = sum_number(cell.before) + sign + sum_number(added);
    const float size = std::max(scene.page.least_text, 9.0F);
    return scene.fonts.text_width(text, size, Face::mono) <= pitch * 0.82F ? text : std::string{};
}

CellLook canvas_look(const PaneScene& scene, const Canvas& canvas, float pitch, std::int64_t r, std::int64_t c) {
    const Moment& m = scene.moment;
    const Shape4 out = scene.layer.output.shape();
    const Canvas::Cell cell = canvas.at(r, c);
    const std::int64_t y = r - canvas.output.h;
    const std::int64_t x = c - canvas.output.w;
    const std::int64_t row = r - canvas.stamped.h, col = c - canvas.stamped.w;
    const bool stamped = row >= 0 && row < scene.layer.h.padded && col >= 0 && col < scene.layer.w.padded;
    const bool kept = y >= 0 && y < out.h && x >= 0 && x < out.w;
    CellLook look = empty_look(scene.theme);
    if (cell.covered) {
        look = value_look(scene.theme, cell.value, scene.layer.output_peak);
        if (cell.touched == 2) look.text = overlap_text(scene, cell, pitch);
    } else if (scene.layer.layer.bias) {
        look = value_look(scene.theme, cell.value, scene.layer.output_peak);
        look.ink = scene.theme.bias;  // no stamp has reached it yet
    } else if (!stamped) {
        look = padding_look(scene.theme, 0);  // no stamp ever reaches it
    }
    if (!kept) {
        look.fill = look.fill.with_alpha(0.35F);
        look.ink = scene.theme.faint;
    }
    if (cell.touched != 0 && !m.out) {
        look.lit = true;
        if (!lit_by_pointer(scene) && !on_its_way(scene)) look.state = CellState::read;
    }
    if (m.out && m.out->y == y && m.out->x == x) {
        look =
            lit_look(value_look(scene.theme, scene.layer.output.at(m.out->n, m.out->c, y, x), scene.layer.output_peak),
                     CellState::current);
    }
    return look;
}

// Where the canvas is cut: a dashed frame with scissors at its corner, cells outside hatched.
void add_crop(Scene& out, const PaneScene& scene, const Canvas& canvas, const PlacedPlane& placed) {
    const Shape4 shape = scene.layer.output.shape();
    const std::int64_t top = canvas.output.h, left = canvas.output.w;
    const MarkId id = scene.id(Part::canvas, scene.pane.slice.c_out);
    const auto cut_rows = [&](std::int64_t row, std::int64_t col, std::int64_t rows, std::int64_t cols) {
        if (rows > 0 && cols > 0) out.marks.push_back(hatch(id, placed.cells(row, col, rows, cols), scene.theme.pad));
    };
    const std::int64_t bottom = top + shape.h;
    const std::int64_t right = left + shape.w;
    cut_rows(0, 0, top, canvas.cols);
    cut_rows(bottom, 0, canvas.rows - bottom, canvas.cols);
    cut_rows(top, 0, shape.h, left);
    cut_rows(top, right, shape.h, canvas.cols - right);
    // The strip that output padding gives back.
    const Size2 op = scene.spec().output_padding;
    if (op.h > 0)
        out.marks.push_back(
            outline(id, placed.cells(bottom - op.h, left, op.h, shape.w), scene.theme.output_padding, 2, 4));
    if (op.w > 0)
        out.marks.push_back(
            outline(id, placed.cells(top, right - op.w, shape.h, op.w), scene.theme.output_padding, 2, 4));
    out.marks.push_back(outline(id, placed.cells(top, left, shape.h, shape.w), scene.theme.output, 2));
}

void add_canvas(Scene& out, const PaneScene& scene, const std::vector<Tap>& taps, const Canvas& canvas,
                const PlacedPlane& placed, std::vector<PolygonMark> beneath) {
    const Moment& m = scene.moment;
    PlaneSpec plane;
    plane.id = scene.id(Part::canvas, scene.pane.slice.c_out, -canvas.output.h, -canvas.output.w);
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = canvas.rows;
    plane.cols = canvas.cols;
    plane.look = [&](std::int64_t r, std::int64_t c) { return canvas_look(scene, canvas, placed.pitch, r, c); };
    plane.outline = lit_by_pointer(scene) ? scene.theme.pointing : scene.theme.reading;
    GridMark grid = make_plane(plane, scene.theme, scene.page, scene.fonts);
    grid.beneath = std::move(beneath);
    out.marks.push_back(std::move(grid));
    add_crop(out, scene, canvas, placed);
    const auto add_frame = [&](double y, double x, Colour colour, float dash) {
        out.marks.push_back(step_outline(scene.id(Part::none, 0), footprint(scene, canvas, placed, y, x),
                                         placed.smaller_side(), colour, dash));
    };
    if (m.out) {  // gather: every stamp beneath the output under the pointer
        for (const Tap& tap : taps)
            if (tap.input.c == m.input_channel())
                add_frame(static_cast<double>(tap.input.y), static_cast<double>(tap.input.x), scene.theme.hover, 4);
        return;
    }
    if (const auto pointed = pointed_input(scene))
        return add_frame(static_cast<double>(pointed->h), static_cast<double>(pointed->w), scene.theme.pointing, 0);
    const Place at = gliding_source(scene);
    add_frame(at.y, at.x, scene.theme.reading, started(scene) ? 0.0F : 4.0F);
}

// From the cell that is stamped over its stamp to where that falls.
StepWedges add_wedges(Scene& out, const PaneScene& scene, const Canvas& canvas, const std::vector<PlaneRequest>& planes,
                      const Layout& layout, const std::vector<Rect>& words) {
    if (!started(scene) || lit_by_pointer(scene)) return {};
    const auto frame = [&](std::size_t i) {
        return layout.planes[i].cells(0, 0, static_cast<double>(planes[i].rows), static_cast<double>(planes[i].cols));
    };
    const PlacedPlane &input = layout.planes[0], &board = layout.planes[3];
    const Place at = gliding_source(scene);
    const Rect falls = footprint(scene, canvas, board, at.y, at.x);
    StepEnds ends;
    ends.read = {step_frame(source_cell(scene, input), input.smaller_side()), frame(0)};
    ends.written = {step_frame(falls, board.smaller_side()), frame(3)};
    ends.products = frame(2);
    ends.kernel = frame(1);
    return add_step_wedges(out, scene, ends, words);
}

// Where the stamp of an input cell starts, in as many words as there may be room for: on the uncropped output, or on the
// output where they are the same.
std::array<Message, 2> stamp_start(const PaneScene& scene, const Cell4& source) {
    const bool cropped = is_cropped(scene.layer);
    const Size2 stride = scene.spec().stride;
    const Pads& pads = scene.layer.pads;
    const auto row = "row"_is(source.y * stride.h - (cropped ? 0 : pads.top));
    const auto column = "column"_is(source.x * stride.w - (cropped ? 0 : pads.left));
    return {cropped ? msg(": its stamp starts at row {row}, column {column} of the uncropped output", row, column)
                    : msg(": its stamp starts at row {row}, column {column} of the output", row, column),
            msg(": its stamp starts at row {row}, column {column}", row, column)};
}

// What the stamp does, in as many words as there may be room for.
std::vector<std::vector<SumPart>> stamp_lines(const PaneScene& scene) {
    const Theme& t = scene.theme;
    if (!started(scene))
        return {{{scene.words(msg("each input cell stamps the kernel, times its value")), t.faint, Face::text}},
                {{scene.words(msg("each cell stamps the kernel")), t.faint, Face::text}}};
    const Cell4& source = scene.moment.step.cell;
    const double value = scene.layer.input->at(scene.pane.slice.n, scene.moment.input_channel(), source.y, source.x);
    const std::string name =
        scene.words(tensor_cell_name(TensorKind::input, scene.input_shape(),
                                     {scene.pane.slice.n, scene.moment.input_channel(), source.y, source.x}));
    const std::vector<SumPart> least{
        {fmt::format("{} {} ", name, equals_sign(value, shown_number(value), std::abs(value))), t.text},
        {sum_number(value), t.accent}};
    std::vector<std::vector<SumPart>> forms;
    for (const Message& start : stamp_start(scene, source)) {
        forms.push_back(least);
        forms.back().push_back({scene.words(start), t.text, Face::text});
    }
    forms.push_back(least);
    return forms;
}

}  // namespace

int add_stamp_pane(Scene& out, const PaneScene& scene) {
    const Moment& m = scene.moment;
    const Canvas canvas = make_canvas(scene);
    const Products products = listed_products(m);
    std::vector<PlaneRequest> planes = requests(scene, canvas);
    stand_on_canvas(scene, canvas, planes);
    const Layout layout = place_with_note(out, scene, planes);
    const Related lit = lit_at(m, products);
    Scene labels;
    add_labels(labels, scene.index, planes, layout, scene.theme, scene.page, scene.fonts);
    StepWedges wedges = add_wedges(out, scene, canvas, planes, layout, word_boxes(labels, scene.fonts));
    add_input(out, scene, lit, layout.planes[0], std::move(wedges.on_read));
    const auto current = current_place(scene);
    const WeightMarks marks(scene, lit.weight, current ? std::optional(stamped_weight(scene, *current)) : std::nullopt,
                            lit_by_pointer(scene));
    add_kernel(out, scene, layout.planes[1], m.channel, scene.spec().flip_kernel, 0, marks);
    add_stamp(out, scene, layout.planes[2]);
    add_canvas(out, scene, products.taps, canvas, layout.planes[3], std::move(wedges.on_written));
    std::ranges::move(labels.marks, std::back_inserter(out.marks));
    add_sum_line(out, scene, m.out ? sum_forms(scene, products) : stamp_lines(scene));
    return layout.rows;
}

}  // namespace convlens
