#include "app/moment/moment.h"

#include <algorithm>

#include "app/document/chain.h"

namespace convlens {

Timeline pane_timeline(const Derived& derived, const Pane& pane) {
    const DerivedLayer& layer = *shown_layer(derived, pane);
    const Shape4 input = layer.input->shape();
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

std::int64_t step_count(const Derived& derived) {
    std::int64_t most = 0;
    for (const Pane& pane : derived.document.panes) most = std::max(most, pane_timeline(derived, pane).count());
    return most;
}

std::optional<std::int64_t> step_of_cell(const Derived& derived, const PaneCell& cell) {
    const Moment m = moment_of(derived, cell.pane, {}, {});
    const Cell4& at = cell.cell.at;
    if (m.stamps() && cell.cell.tensor == TensorKind::input)
        return step_of(m.timeline, {0, at.c - m.first_channel(), at.y, at.x});
    if (m.stamps() || cell.cell.tensor != TensorKind::output) return std::nullopt;
    return step_of(m.timeline, {0, 0, at.y, at.x});
}

float step_weight(const Derived& derived, std::int64_t step) {
    for (std::size_t i = 0; i < derived.document.panes.size(); ++i)
        if (moment_of(derived, static_cast<int>(i), {step, 0}, {}).to_turn()) return 3;
    return 1;
}

CellId output_cell(const Pane& pane, std::int64_t y, std::int64_t x) {
    const bool uncropped = pane.reading == Reading::stamp;
    return {pane.layer,
            uncropped ? TensorKind::uncropped_output : TensorKind::output,
            {pane.slice.n, pane.slice.c_out, y, x}};
}

std::optional<Cell4> spread_source(const DerivedLayer& layer, const Cell4& cell) {
    const Size2 s = layer.layer.spec.stride;
    const Shape4 in = layer.input->shape();
    if (cell.y < 0 || cell.x < 0 || cell.y % s.h != 0 || cell.x % s.w != 0) return std::nullopt;
    const Cell4 source{cell.n, cell.c, cell.y / s.h, cell.x / s.w};
    return source.y < in.h && source.x < in.w ? std::optional(source) : std::nullopt;
}

namespace {

// The same number in the pane of a layer that reads the other pane's: there it is an input. Nothing where a layer stands
// between the two, or the pane shows no such cell.
std::optional<CellId> as_input(const DerivedLayer& layer, const Pane& pane, const Pane& from, const CellId& cell) {
    const bool next = source_of(layer.layer) == from.layer;
    if (!next || cell.tensor != TensorKind::output || pane.reading == Reading::zero_inserted) return std::nullopt;
    return CellId{pane.layer, TensorKind::input, {pane.slice.n, cell.at.c, cell.at.y, cell.at.x}};
}

// The other way round: an input of the pane that reads this one is an output here, where this one shows its channel.
std::optional<CellId> as_output(const DerivedLayer& reader, const DerivedLayer& layer, const Pane& pane,
                                const CellId& cell) {
    const bool next = source_of(reader.layer) == pane.layer;
    const Shape4 out = layer.output.shape();
    const bool inside = cell.at.y >= 0 && cell.at.x >= 0 && cell.at.y < out.h && cell.at.x < out.w;
    if (!next || cell.tensor != TensorKind::input || !inside || cell.at.c != pane.slice.c_out) return std::nullopt;
    if (pane.reading != Reading::stamp) return output_cell(pane, cell.at.y, cell.at.x);
    return output_cell(pane, cell.at.y + layer.h.pad_before, cell.at.x + layer.w.pad_before);
}

}  // namespace

std::optional<CellId> pointed_in_pane(const Derived& derived, const std::optional<PaneCell>& pointed, int pane_index) {
    if (!pointed) return std::nullopt;
    if (pointed->pane == pane_index) return pointed->cell;
    const auto& panes = derived.document.panes;
    if (pointed->pane < 0 || pointed->pane >= static_cast<int>(panes.size())) return std::nullopt;
    const Pane& pane = panes[static_cast<std::size_t>(pane_index)];
    const Pane& from = panes[static_cast<std::size_t>(pointed->pane)];
    const DerivedLayer& layer = *shown_layer(derived, pane);
    const CellId& cell = pointed->cell;
    if (follows(derived.document, pane.layer, from.layer)) return as_input(layer, pane, from, cell);
    if (follows(derived.document, from.layer, pane.layer))
        return as_output(*shown_layer(derived, from), layer, pane, cell);
    const auto within = [&](const Shape4& shape) {
        return cell.at.y >= 0 && cell.at.x >= 0 && cell.at.y < shape.h && cell.at.x < shape.w;
    };
    if (cell.tensor == TensorKind::output || cell.tensor == TensorKind::uncropped_output) {
        return within(layer.output.shape()) ? std::optional(output_cell(pane, cell.at.y, cell.at.x)) : std::nullopt;
    }
    const Layer& other = shown_layer(derived, from)->layer;
    const bool same_cells = cell.tensor == TensorKind::input && other.input == layer.layer.input;
    if (!same_cells || pane.reading == Reading::zero_inserted || !within(layer.input->shape())) return std::nullopt;
    return CellId{pane.layer, TensorKind::input, {pane.slice.n, cell.at.c, cell.at.y, cell.at.x}};
}

namespace {

// The output that the pointer is on. A pinned cell may be gone since the layer shrank.
std::optional<Cell4> pointed_output(const Moment& m) {
    if (!m.pointed) return std::nullopt;
    if (m.pointed->tensor != TensorKind::output && m.pointed->tensor != TensorKind::uncropped_output)
        return std::nullopt;
    const Shape4 shape = m.layer->output.shape();
    const Cell4& at = m.pointed->at;
    if (at.y < 0 || at.x < 0 || at.y >= shape.h || at.x >= shape.w) return std::nullopt;
    return Cell4{m.pane.slice.n, m.pane.slice.c_out, at.y, at.x};
}

void find_output(Moment& m) {
    m.out = pointed_output(m);
    m.borrowed = m.out.has_value();
    if (m.borrowed || m.stamps() || m.step.before_first) return;
    m.out = Cell4{m.pane.slice.n, m.pane.slice.c_out, m.step.cell.y, m.step.cell.x};
    m.complete = m.step.cell_complete;
}

// A step that is about one channel shows that one, but for an output that somebody points at.
void find_channel(Moment& m) {
    const bool about_one = m.stamps() || m.timeline.by != StepBy::output;
    m.channel_played = about_one && !m.step.before_first && (m.stamps() || !m.borrowed);
    m.channel = !m.channel_played ? m.pane.slice.c_in : m.stamps() ? m.step.cell.c : m.step.channel;
}

void find_product(Moment& m) {
    const Size2 k = m.spec().kernel;
    const bool by_product = m.timeline.by == StepBy::product;
    m.landed = m.step.before_first ? 0 : by_product ? m.step.product + 1 : k.h * k.w;
    if (m.pointed && m.pointed->tensor == TensorKind::product) {
        m.product = Size2{m.pointed->at.y, m.pointed->at.x};
    } else if (by_product && m.out && !m.borrowed && m.has_window()) {
        m.product = Size2{m.step.product / k.w, m.step.product % k.w};
    }
}

}  // namespace

bool Moment::turned() const {
    if (!transposed()) return spec().op == Op::conv && spec().flip_kernel;
    // The zero-inserted reading correlates with the turned kernel; turning twice is not turning.
    return pane.reading == Reading::zero_inserted && !spec().flip_kernel;
}

Moment moment_of(const Derived& derived, int pane_index, const Playhead& playhead,
                 const std::optional<PaneCell>& pointed) {
    Moment m;
    m.pane_index = pane_index;
    m.pane = derived.document.panes[static_cast<std::size_t>(pane_index)];
    m.layer = shown_layer(derived, m.pane);
    m.timeline = pane_timeline(derived, m.pane);
    m.step = step_at(m.timeline, playhead.step);
    m.next = step_at(m.timeline, playhead.step + 1);
    const bool moves = playhead.step < m.timeline.count() && (m.has_window() || m.stamps());
    m.phase = moves ? std::clamp(playhead.phase, 0.0F, 1.0F) : 0;
    m.pointed = pointed_in_pane(derived, pointed, pane_index);
    find_output(m);
    find_channel(m);
    find_product(m);
    return m;
}

Playhead seen_playhead(const Derived& derived, const Playhead& playhead, bool motion) {
    bool moves = false;
    for (std::size_t i = 0; motion && i < derived.document.panes.size(); ++i)
        moves = moves || moment_of(derived, static_cast<int>(i), playhead, {}).phase > 0;
    return {playhead.step, moves ? playhead.phase : 0};
}

}  // namespace convlens
