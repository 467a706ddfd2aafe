// Where the kernel's anchor is: a sight, a ring with four ticks, on the kernel's cell and on the input cell below it.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/views/pane.h"

namespace convlens {

namespace {

// A rule that puts the anchor somewhere of its own; those of the programs differ in it where the kernel has no middle.
bool is_about_anchor(const ConvSpec& spec) {
    const auto even = [](std::int64_t cells) { return cells % 2 == 0; };
    switch (spec.pad_rule) {
        case PadRule::opencv_anchor: return true;
        case PadRule::torch_same:
        case PadRule::tf_SAME:
        case PadRule::onnx_SAME_UPPER:
        case PadRule::onnx_SAME_LOWER:
        case PadRule::octave_same:
        case PadRule::octave_imfilter:
        case PadRule::scipy_convolve2d_same:
        case PadRule::scipy_correlate2d_same:
        case PadRule::ndimage_correlate:
        case PadRule::ndimage_convolve: return even(spec.kernel.h) || even(spec.kernel.w);
        default: return false;
    }
}

}  // namespace

bool compares_anchors(const Derived& derived) {
    const auto& panes = derived.document.panes;
    const DerivedLayer& first = *derived.layers[static_cast<std::size_t>(panes.front().layer)];
    const auto place = [](const DerivedLayer& layer) {
        return kernel_anchor(layer.layer.spec, layer.input->shape().plane());
    };
    return std::ranges::any_of(panes, [&](const Pane& pane) {
        const DerivedLayer& other = *derived.layers[static_cast<std::size_t>(pane.layer)];
        const bool alike = other.layer.spec.kernel == first.layer.spec.kernel &&
                           other.layer.spec.stride == first.layer.spec.stride &&
                           other.input->shape().plane() == first.input->shape().plane();
        const auto a = place(first), b = place(other);
        return alike && a && b && a->place != b->place;
    });
}

std::optional<Anchor> shown_anchor(const PaneScene& scene) {
    if (scene.spec().kernel == Size2{1, 1}) return {};
    if (!scene.shown.anchor && !is_about_anchor(scene.spec())) return {};
    return kernel_anchor(scene.spec(), scene.input_shape().plane());
}

Message anchor_note(const Anchor& anchor) {
    if (!anchor.window) return msg("anchor between weights");
    const auto row = "row"_is(anchor.window->h);
    const auto column = "column"_is(anchor.window->w);
    if (anchor.stored == anchor.window) return msg("anchor ({row}, {column})", row, column);
    return msg("anchor ({row}, {column}) = weight [{h}, {w}]", row, column, "h"_is(anchor.stored->h),
               "w"_is(anchor.stored->w));
}

AnchorRing anchor_ring(const Rect& cell) {
    AnchorRing ring;
    ring.width = std::clamp(std::round(cell.w * 0.045F), 1.5F, 8.0F);
    ring.radius = std::max(cell.w * 0.45F, 3.5F);
    ring.centre = {cell.x + cell.w / 2, cell.y + cell.h / 2};
    return ring;
}

void add_anchor_mark(Scene& out, const MarkId& id, const Rect& cell, const Theme& theme, bool with_ring) {
    constexpr int kPoints = 40;
    const AnchorRing ring = anchor_ring(cell);
    PolygonMark circle;
    circle.id = id;
    circle.stroke = theme.anchor;
    circle.stroke_width = ring.width;
    for (int i = 0; i < kPoints; ++i) {
        const float angle = 2 * std::numbers::pi_v<float> * static_cast<float>(i) / kPoints;
        circle.points.push_back(
            {ring.centre.x + ring.radius * std::cos(angle), ring.centre.y + ring.radius * std::sin(angle)});
    }
    if (with_ring) out.marks.push_back(std::move(circle));
    // From within the ring to a little beyond it; the number in the cell is wider than it is high.
    const float from = ring.radius * 0.72F, to = ring.radius * 1.3F;
    for (const Point way : {Point{0, -1}, Point{0, 1}, Point{-1, 0}, Point{1, 0}}) {
        const float begin = way.x != 0 || !with_ring ? ring.radius : from;
        LineMark tick;
        tick.id = id;
        tick.from = {ring.centre.x + way.x * begin, ring.centre.y + way.y * begin};
        tick.to = {ring.centre.x + way.x * to, ring.centre.y + way.y * to};
        tick.colour = theme.anchor;
        tick.width = ring.width;
        out.marks.push_back(tick);
    }
}

}  // namespace convlens
