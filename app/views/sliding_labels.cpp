// What stands above and below the planes of a sliding pane, and in a layer of height 1 where each plane begins.
#include <algorithm>

#include <fmt/format.h>

#include "app/views/sliding.h"
#include "core/engine/pool.h"

namespace convlens {

namespace {

// What is done with the values of the window that is looked at: "largest of 6", "sum divided by 9". Without a window,
// what is done with each.
std::string pooling_detail(const PaneScene& scene, const Sliding& m) {
    const bool largest = scene.spec().op == Op::max_pool;
    if (!scene.moment.out || !m.listed) return largest ? "largest value" : "average";
    const auto on_input = std::ranges::count_if(m.products.taps, [](const Tap& tap) { return !tap.in_padding; });
    if (on_input == 0 && !padding_counts(scene.spec())) return "no cell of the input";
    if (!largest) {
        const Cell4& out = *scene.moment.out;
        return fmt::format("sum divided by {}",
                           pool_window(scene.spec(), scene.input_shape().plane(), {out.y, out.x}).divisor);
    }
    return fmt::format("largest of {}", on_input);
}

// "never read: 1 row, 2 columns"
std::string unread_note(const PaneScene& scene) {
    const std::size_t rows = scene.layer.unread_h.input.size();
    const std::size_t cols = scene.layer.unread_w.input.size();
    if (scene.spec().op == Op::conv_transpose || rows + cols == 0) return {};
    std::string note = "never read: ";
    if (rows > 0) note += fmt::format("{} row{}", rows, rows > 1 ? "s" : "");
    if (rows > 0 && cols > 0) note += ", ";
    if (cols > 0) note += fmt::format("{} column{}", cols, cols > 1 ? "s" : "");
    return note;
}

std::string joined(const std::string& a, const std::string& b) { return a.empty() || b.empty() ? a + b : a + ", " + b; }

PlaneRequest input_request(const PaneScene& scene, const Sliding& m) {
    const Shape4 in = scene.input_shape();
    const std::int64_t channel = scene.moment.input_channel();
    PlaneRequest input{
        m.surface.part,   m.surface.rows, m.surface.cols, {}, size_text(in.h, in.w), unread_note(scene), "∗",
        scene.theme.input};
    input.name = slice_name("input", scene.pane.slice.n, in.n, channel, in.c);
    if (scene.spec().op != Op::conv_transpose) input.detail += padding_text(scene.layer.pads, in.h == 1);
    if (m.surface.part != Part::zero_inserted) return input;
    if (scene.spec().stride != Size2{1, 1}) input.name += ", zeros between";
    const std::int64_t rows = (in.h - 1) * scene.spec().stride.h + 1, cols = (in.w - 1) * scene.spec().stride.w + 1;
    const Pads border{-m.surface.y0, m.surface.rows - rows + m.surface.y0, -m.surface.x0,
                      m.surface.cols - cols + m.surface.x0};
    input.detail = size_text(rows, cols) + sides_text("border", border, in.h == 1);
    return input;
}

PlaneRequest output_request(const PaneScene& scene) {
    const ConvSpec& spec = scene.spec();
    const Shape4 out = scene.layer.output.shape();
    PlaneRequest output{Part::output, out.h, out.w, {}, size_text(out.h, out.w), {}, {}, scene.theme.output};
    output.name = slice_name("output", scene.pane.slice.n, out.n, scene.pane.slice.c_out, out.c);
    const std::string given_back = output_padding_text(spec, scene.one_row());
    if (spec.op == Op::conv_transpose && !given_back.empty()) output.detail += ", " + given_back;
    return output;
}

// The values of a pooling window; of one that reaches beyond the padded input those that are on it.
PlaneRequest window_request(const PaneScene& scene, const Sliding& m) {
    const ConvSpec& spec = scene.spec();
    const Size2 shown = m.surface.positions;
    PlaneRequest window{
        Part::products,    shown.h, shown.w, "window", pooling_detail(scene, m), reach_note(spec, scene.one_row()), "→",
        scene.theme.kernel};
    if (shown != spec.kernel)
        window.note = fmt::format("{} of {} cells, the rest outside the {}input", size_text(shown.h, shown.w),
                                  size_text(spec.kernel.h, spec.kernel.w), scene.layer.pads == Pads{} ? "" : "padded ");
    return window;
}

PlaneRequest kernel_request(const PaneScene& scene, const Sliding& m) {
    const ConvSpec& spec = scene.spec();
    PlaneRequest kernel{Part::kernel,
                        effective_kernel(spec.kernel.h, spec.dilation.h),
                        effective_kernel(spec.kernel.w, spec.dilation.w),
                        "kernel",
                        size_text(spec.kernel.h, spec.kernel.w),
                        reach_note(spec, scene.one_row()),
                        "→",
                        scene.theme.kernel};
    kernel.name = kernel_name(scene, scene.moment.channel);
    if (scene.moment.turned()) kernel.detail += m.upside_down || m.turn > 0 ? ", rotated 180°" : ", will be rotated";
    if (const auto anchor = shown_anchor(scene)) {
        // Not turned yet the ring stands on the weight; its place on the turned kernel would be read from the wrong corner.
        const bool before = scene.moment.to_turn() && anchor->stored;
        const std::string on_weight =
            before ? fmt::format("anchor = weight [{}, {}]", anchor->stored->h, anchor->stored->w) : "";
        kernel.note = joined(kernel.note, before ? on_weight : anchor_note(*anchor));
    }
    return kernel;
}

PlaneRequest products_request(const PaneScene& scene, const Sliding& m) {
    const Size2 k = scene.spec().kernel;
    PlaneRequest products{Part::products, k.h, k.w, "products", "input × weight", {}, "Σ", scene.theme.text};
    if (!m.listed && scene.spec().op == Op::conv_transpose) products.note = "too many to draw";
    return products;
}

// In rows: the kernel and the products below the cells that the window covers, an output below the cell that it stands
// on, or without an anchor below the middle of its window.
void stand_on_input(const PaneScene& scene, const Sliding& m, std::vector<PlaneRequest>& planes) {
    const Surface& s = m.surface;
    if (!s.window) return;
    const double corner = window_corner(scene, s).col;
    planes.front().column = 0;
    for (std::size_t i = 1; i + 1 < planes.size(); ++i) planes[i].column = corner;
    PlaneRequest& products = planes[planes.size() - 2];
    if (stand_in_rows(planes)) products.cols = (products.cols - 1) * s.dilation.w + 1;
    if (s.stride.w > 1) return;
    const auto anchor = kernel_anchor(scene.spec(), scene.input_shape().plane());
    const std::int64_t reach = effective_kernel(scene.spec().kernel.w, s.dilation.w) - 1;
    planes.back().column = static_cast<double>(s.start.w + (anchor ? anchor->place.w : reach / 2));
}

}  // namespace

std::vector<PlaneRequest> sliding_requests(const PaneScene& scene, const Sliding& m) {
    std::vector<PlaneRequest> planes{input_request(scene, m)};
    if (scene.pooling()) {
        planes.front().then = "→";
        planes.push_back(window_request(scene, m));
    } else {
        planes.push_back(kernel_request(scene, m));
        planes.push_back(products_request(scene, m));
    }
    planes.push_back(output_request(scene));
    stand_on_input(scene, m, planes);
    return planes;
}

}  // namespace convlens
