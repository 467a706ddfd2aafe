// What stands above and below the planes of a sliding pane, and in a layer of height 1 where each plane begins.
#include <algorithm>
#include <utility>
#include <vector>

#include "app/views/sliding.h"
#include "core/engine/pool.h"

namespace convlens {

namespace {

// What is done with the values of the window that is looked at: "largest of 6", "sum divided by 9". Without a window,
// what is done with each.
Message pooling_detail(const PaneScene& scene, const Sliding& m) {
    const bool largest = scene.spec().op == Op::max_pool;
    if (!scene.moment.out || !m.listed) return largest ? msg("largest value") : msg("average");
    const auto on_input = std::ranges::count_if(m.products.taps, [](const Tap& tap) { return !tap.in_padding; });
    if (on_input == 0 && !padding_counts(scene.spec())) return msg("no cell of the input");
    if (largest) return msg("largest of {count}", "count"_is(on_input));
    const Cell4& out = *scene.moment.out;
    return msg("sum divided by {divisor}",
               "divisor"_is(pool_window(scene.spec(), scene.input_shape().plane(), {out.y, out.x}).divisor));
}

// "1 row, 2 columns"; empty where there are none.
Message lines_in_words(const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& cols) {
    std::vector<Message> lines;
    if (!rows.empty()) lines.push_back(plural("{n} row", "{n} rows", std::ssize(rows)));
    if (!cols.empty()) lines.push_back(plural("{n} column", "{n} columns", std::ssize(cols)));
    return in_a_row(std::move(lines));
}

// "never read: 1 row, 2 columns", "never read: 1 row of padding", or both.
Message unread_note(const PaneScene& scene) {
    const Unread &h = scene.layer.unread_h, &w = scene.layer.unread_w;
    if (scene.spec().op == Op::conv_transpose) return {};
    const Message input = lines_in_words(h.input, w.input), padding = lines_in_words(h.padding, w.padding);
    if (padding.empty()) return input.empty() ? Message() : msg("never read: {lines}", "lines"_is(input));
    if (input.empty()) return msg("never read: {lines} of padding", "lines"_is(padding));
    return msg("never read: {lines}; {padding} of padding", "lines"_is(input), "padding"_is(padding));
}

// A size with what is told of it, parted by commas.
Message size_and(std::int64_t rows, std::int64_t cols, Message more) {
    return in_a_row({verbatim(size_text(rows, cols)), std::move(more)});
}

PlaneRequest input_request(const PaneScene& scene, const Sliding& m) {
    const Shape4 in = scene.input_shape();
    const Message name = slice_name(key("input"), scene.pane.slice.n, in.n, scene.moment.input_channel(), in.c);
    PlaneRequest input{m.surface.part,
                       m.surface.rows,
                       m.surface.cols,
                       scene.words(name),
                       size_text(in.h, in.w),
                       scene.words(unread_note(scene)),
                       "∗",
                       scene.theme.input};
    if (m.surface.part != Part::zero_inserted) return input;
    if (scene.spec().stride != Size2{1, 1}) input.name = scene.words(msg("{tensor}, zeros between", "tensor"_is(name)));
    const std::int64_t rows = (in.h - 1) * scene.spec().stride.h + 1, cols = (in.w - 1) * scene.spec().stride.w + 1;
    const Pads border{-m.surface.y0, m.surface.rows - rows + m.surface.y0, -m.surface.x0,
                      m.surface.cols - cols + m.surface.x0};
    input.detail = scene.words(size_and(rows, cols, sides_text(key_in("padding", "border"), border, in.h == 1)));
    return input;
}

PlaneRequest output_request(const PaneScene& scene) {
    const Shape4 out = scene.layer.output.shape();
    return {Part::output,
            out.h,
            out.w,
            scene.words(slice_name(key("output"), scene.pane.slice.n, out.n, scene.pane.slice.c_out, out.c)),
            size_text(out.h, out.w),
            {},
            {},
            scene.theme.output};
}

// The values of a pooling window; of one that reaches beyond the padded input those that are on it.
PlaneRequest window_request(const PaneScene& scene, const Sliding& m) {
    const ConvSpec& spec = scene.spec();
    const Size2 shown = m.surface.positions;
    PlaneRequest window{Part::products,
                        shown.h,
                        shown.w,
                        scene.words(msg("window")),
                        scene.words(pooling_detail(scene, m)),
                        scene.words(reach_note(spec, scene.one_row())),
                        "→",
                        scene.theme.kernel};
    if (shown == spec.kernel) return window;
    const auto part = "shown"_is(size_text(shown.h, shown.w));
    const auto whole = "kernel"_is(size_text(spec.kernel.h, spec.kernel.w));
    window.note = scene.words(scene.layer.pads == Pads{}
                                  ? msg("{shown} of {kernel} cells, the rest outside the input", part, whole)
                                  : msg("{shown} of {kernel} cells, the rest outside the padded input", part, whole));
    return window;
}

// Which weight is on the output's place. Not turned yet the ring stands on the weight; its place on the turned kernel
// would be read from the wrong corner.
Message shown_anchor_note(const PaneScene& scene) {
    const auto anchor = shown_anchor(scene);
    if (!anchor) return {};
    if (!scene.moment.to_turn() || !anchor->stored) return anchor_note(*anchor);
    return msg("anchor = weight [{h}, {w}]", "h"_is(anchor->stored->h), "w"_is(anchor->stored->w));
}

PlaneRequest kernel_request(const PaneScene& scene, const Sliding& m) {
    const ConvSpec& spec = scene.spec();
    Message turned;
    if (scene.moment.turned()) turned = m.upside_down || m.turn > 0 ? msg("rotated 180°") : msg("will be rotated");
    return {Part::kernel,
            effective_kernel(spec.kernel.h, spec.dilation.h),
            effective_kernel(spec.kernel.w, spec.dilation.w),
            scene.words(kernel_name(scene, scene.moment.channel)),
            scene.words(size_and(spec.kernel.h, spec.kernel.w, turned)),
            scene.words(in_a_row({reach_note(spec, scene.one_row()), shown_anchor_note(scene)})),
            "→",
            scene.theme.kernel};
}

PlaneRequest products_request(const PaneScene& scene, const Sliding& m) {
    const Size2 k = scene.spec().kernel;
    PlaneRequest products{
        Part::products,  k.h, k.w, scene.words(msg("products")), scene.words(msg("input × weight")), {}, "Σ",
        scene.theme.text};
    if (!m.listed && scene.spec().op == Op::conv_transpose) products.note = scene.words(msg("too many to draw"));
    return products;
}

// In rows: the kernel and the products below the cells that the window covers, an output below the cell that it stands
// on, or without an anchor below the middle of its window.
void stand_on_input(const PaneScene& scene, const Sliding& m, std::vector<PlaneRequest>& planes) {
    const Surface& s = m.surface;
    if (!s.window) return;
    const double corner = window_corner(scene, s).col;
    planes.front().column = 0;
    PlaneRequest& products = *std::ranges::find(planes, Part::products, &PlaneRequest::part);
    for (PlaneRequest* plane = &planes[1]; plane <= &products; ++plane) plane->column = corner;
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
    if (has_channel_column(scene)) planes.push_back(channel_column_request(scene));
    planes.push_back(output_request(scene));
    stand_on_input(scene, m, planes);
    return planes;
}

}  // namespace convlens
