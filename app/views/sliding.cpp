#include "app/views/sliding.h"

#include <algorithm>
#include <cmath>

#include "app/moment/plane_area.h"

namespace convlens {

namespace {

// A plane of the layer as a surface on which all cells are read.
Surface surface_on(const PaneScene& scene, Part part, TensorKind tensor) {
    const PlaneArea area = plane_area(scene.layer, tensor);
    Surface s;
    s.part = part;
    s.rows = area.size.h;
    s.cols = area.size.w;
    s.y0 = area.y0;
    s.x0 = area.x0;
    s.whole = {0, 0, static_cast<float>(s.cols), static_cast<float>(s.rows)};
    return s;
}

Surface conv_surface(const PaneScene& scene) {
    Surface s = surface_on(scene, Part::input, TensorKind::input);
    s.stride = scene.spec().stride;
    s.dilation = scene.spec().dilation;
    s.start = {-scene.layer.pads.top - s.y0, -scene.layer.pads.left - s.x0};
    s.whole = {static_cast<float>(s.start.w), static_cast<float>(s.start.h), static_cast<float>(scene.layer.w.padded),
               static_cast<float>(scene.layer.h.padded)};
    return s;
}

Surface gather_surface(const PaneScene& scene) {
    Surface s = surface_on(scene, Part::input, TensorKind::input);
    s.window = false;
    return s;
}

Surface zero_inserted_surface(const PaneScene& scene) {
    Surface s = surface_on(scene, Part::zero_inserted, TensorKind::zero_inserted_input);
    s.dilation = scene.spec().dilation;
    return s;
}

Surface surface_of(const PaneScene& scene) {
    Surface s = !scene.moment.transposed()                     ? conv_surface(scene)
                : scene.pane.reading == Reading::zero_inserted ? zero_inserted_surface(scene)
                                                               : gather_surface(scene);
    s.positions = window_positions(scene.moment);
    return s;
}

}  // namespace

WindowCorner window_corner(const PaneScene& scene, const Surface& s) {
    const Moment& m = scene.moment;
    const Cell4 here = m.out.value_or(Cell4{});
    WindowCorner at{static_cast<double>(here.y), static_cast<double>(here.x)};
    if (!m.borrowed && !m.step.before_first && !m.next.before_first) {
        at.row += static_cast<float>(m.next.cell.y - here.y) * scene.glide();
        at.col += static_cast<float>(m.next.cell.x - here.x) * scene.glide();
    }
    return {static_cast<double>(s.start.h) + at.row * static_cast<double>(s.stride.h),
            static_cast<double>(s.start.w) + at.col * static_cast<double>(s.stride.w)};
}

bool is_lit(const PaneScene& scene, const Sliding& sliding, std::int64_t row, std::int64_t col) {
    const Surface& s = sliding.surface;
    const std::int64_t y = row + s.y0, x = col + s.x0;
    if (const auto& out = scene.moment.out; out && s.window && sliding.lit.whole_window) {
        const std::int64_t v = row - s.start.h - out->y * s.stride.h, u = col - s.start.w - out->x * s.stride.w;
        return v >= 0 && u >= 0 && v % s.dilation.h == 0 && u % s.dilation.w == 0 && v / s.dilation.h < s.positions.h &&
               u / s.dilation.w < s.positions.w;
    }
    if (s.part != Part::zero_inserted) return sliding.lit.input.at(y, x);
    const auto source = spread_source(scene.layer, {0, 0, y, x});
    return source && sliding.lit.input.at(source->y, source->x);
}

std::optional<Size2> reading_place(const PaneScene& scene, const Sliding& sliding, std::int64_t row, std::int64_t col) {
    const Surface& s = sliding.surface;
    const ConvSpec& spec = scene.spec();
    // How far the cell is from where the first place lies, along an axis.
    const auto place = [](std::int64_t from, std::int64_t dilation, std::int64_t count) -> std::int64_t {
        return from >= 0 && from % dilation == 0 && from / dilation < count ? from / dilation : -1;
    };
    if (!s.window) {  // the stamp of the input cell has the output somewhere
        const Cell4& out = *scene.moment.out;
        const Pads& pads = scene.layer.pads;
        const std::int64_t v = place(out.y + pads.top - row * spec.stride.h, spec.dilation.h, spec.kernel.h);
        const std::int64_t u = place(out.x + pads.left - col * spec.stride.w, spec.dilation.w, spec.kernel.w);
        if (v < 0 || u < 0) return {};
        return spec.flip_kernel ? Size2{spec.kernel.h - 1 - v, spec.kernel.w - 1 - u} : Size2{v, u};
    }
    const WindowCorner corner = window_corner(scene, s);
    const std::int64_t v = place(row - std::llround(corner.row), s.dilation.h, s.positions.h);
    const std::int64_t u = place(col - std::llround(corner.col), s.dilation.w, s.positions.w);
    return v < 0 || u < 0 ? std::nullopt : std::optional(Size2{v, u});
}

Size2 weight_place(const PaneScene& scene, const Size2& place) {
    const Size2 k = scene.spec().kernel;
    return scene.moment.turned() ? Size2{k.h - 1 - place.h, k.w - 1 - place.w} : place;
}

namespace {

// The product that is singled out. Scattered cells light up as their products are added, so of those it is the last one.
std::optional<Size2> current_place(const Moment& m) {
    if (m.product || m.has_window() || !m.out || m.borrowed || m.timeline.by != StepBy::product) return m.product;
    const std::int64_t cols = m.spec().kernel.w;
    return Size2{m.step.product / cols, m.step.product % cols};
}

}  // namespace

Sliding sliding_of(const PaneScene& scene) {
    const Moment& m = scene.moment;
    Sliding sliding;
    sliding.surface = surface_of(scene);
    sliding.listed = is_listed(m);
    sliding.products = listed_products(m);
    if (m.out && sliding.listed && scene.spec().op == Op::max_pool) sliding.best = largest_place(m, sliding.products);
    // The sheet turns on the way from nothing to the first output.
    sliding.upside_down = m.turned() && !m.to_turn();
    if (m.to_turn()) sliding.turn = 180 * std::min(1.0F, scene.glide() * 1.25F);
    // What is read goes dark while the window is on its way, but for a window that is lit as a whole.
    sliding.on_its_way = scene.glide() >= 0.15F;
    if (!sliding.on_its_way || !sliding.listed) sliding.lit = lit_at(m, sliding.products);
    sliding.by_pointer =
        m.pointed && m.pointed->tensor != TensorKind::output && m.pointed->tensor != TensorKind::product;
    sliding.current = current_place(m);
    return sliding;
}

}  // namespace convlens
