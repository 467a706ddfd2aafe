#include "app/moment/moment.h"

#include <algorithm>

namespace convlens {

Timeline pane_timeline(const Derived& derived, const Pane& pane) {
    const DerivedLayer& layer = *derived.layers[static_cast<std::size_t>(pane.layer)];
    const Shape4 input = layer.layer.input->shape();
    const ConvSpec& spec = layer.layer.spec;
    const bool stamps = spec.op == Op::conv_transpose && pane.reading == Reading::stamp;
    Timeline timeline = convlens::timeline(spec, input, derived.document.step_by, stamps);
    if (stamps) {
        timeline.cells = {1, input.c / group_count(spec, input.c), input.h, input.w};
    } else {
        timeline.cells = {1, 1, layer.output.shape().h, layer.output.shape().w};
    }
    return timeline;
}

std::optional<std::int64_t> played_channel(const Derived& derived, const Pane& pane, std::int64_t step) {
    const Timeline line = pane_timeline(derived, pane);
    const TimelineStep at = step_at(line, step);
    if (at.before_first) return std::nullopt;
    if (line.stamps) return at.cell.c;
    return line.by == StepBy::output ? std::nullopt : std::optional(at.channel);
}

std::int64_t step_count(const Derived& derived) {
    std::int64_t most = 0;
    for (const Pane& pane : derived.document.panes) most = std::max(most, pane_timeline(derived, pane).count());
    return most;
}

float step_weight(const Derived& derived, std::int64_t step) {
    if (step != 0) return 1;
    const bool turns = std::any_of(derived.document.panes.begin(), derived.document.panes.end(), [&](const Pane& pane) {
        const ConvSpec& spec = derived.layers[static_cast<std::size_t>(pane.layer)]->layer.spec;
        return spec.op == Op::conv && spec.flip_kernel;
    });
    return turns ? 3 : 1;
}

std::optional<CellId> pointed_in_pane(const Derived& derived, const std::optional<PaneCell>& pointed, int pane_index) {
    if (!pointed) return std::nullopt;
    if (pointed->pane == pane_index) return pointed->cell;
    const auto& panes = derived.document.panes;
    if (pointed->pane < 0 || pointed->pane >= static_cast<int>(panes.size())) return std::nullopt;
    const Pane& pane = panes[static_cast<std::size_t>(pane_index)];
    const Pane& from = panes[static_cast<std::size_t>(pointed->pane)];
    const DerivedLayer& layer = *derived.layers[static_cast<std::size_t>(pane.layer)];
    const CellId& cell = pointed->cell;
    const auto within = [&](const Shape4& shape) {
        return cell.at.y >= 0 && cell.at.x >= 0 && cell.at.y < shape.h && cell.at.x < shape.w;
    };
    CellId same{pane.layer, TensorKind::output, {pane.slice.n, pane.slice.c_out, cell.at.y, cell.at.x}};
    if (cell.tensor == TensorKind::output || cell.tensor == TensorKind::uncropped_output) {
        if (!within(layer.output.shape())) return std::nullopt;
        if (pane.reading == Reading::stamp) same.tensor = TensorKind::uncropped_output;
        return same;
    }
    const Layer& other = derived.layers[static_cast<std::size_t>(from.layer)]->layer;
    const bool same_cells = cell.tensor == TensorKind::input && other.input == layer.layer.input;
    if (!same_cells || pane.reading == Reading::zero_inserted || !within(layer.layer.input->shape()))
        return std::nullopt;
    same.tensor = TensorKind::input;
    same.at.c = cell.at.c;
    return same;
}

std::optional<Cell4> current_output(const Derived& derived, const Pane& pane, const Playhead& playhead,
                                    const std::optional<PaneCell>& pointed, int pane_index) {
    const DerivedLayer& layer = *derived.layers[static_cast<std::size_t>(pane.layer)];
    const Shape4 shape = layer.output.shape();
    const std::optional<CellId> lit = pointed_in_pane(derived, pointed, pane_index);
    if (lit && (lit->tensor == TensorKind::output || lit->tensor == TensorKind::uncropped_output)) {
        const Cell4& at = lit->at;
        const bool inside = at.y >= 0 && at.x >= 0 && at.y < shape.h && at.x < shape.w;
        if (inside) return Cell4{pane.slice.n, pane.slice.c_out, at.y, at.x};
    }
    const Timeline timeline = pane_timeline(derived, pane);
    if (timeline.stamps) return std::nullopt;
    const TimelineStep step = step_at(timeline, std::clamp<std::int64_t>(playhead.step, 0, timeline.count()));
    if (step.before_first) return std::nullopt;
    return Cell4{pane.slice.n, pane.slice.c_out, step.cell.y, step.cell.x};
}

}  // namespace convlens
