#include "app/views/cell_mark.h"

#include <algorithm>
#include <array>

namespace convlens {

namespace {

struct DrawnTensor {
    Part part;
    TensorKind tensor;
};
constexpr std::array<DrawnTensor, 6> kDrawn{{
    {Part::input, TensorKind::input},
    {Part::kernel, TensorKind::weight},
    {Part::products, TensorKind::product},
    {Part::output, TensorKind::output},
    {Part::canvas, TensorKind::uncropped_output},
    {Part::zero_inserted, TensorKind::zero_inserted_input},
}};

}  // namespace

std::optional<PaneCell> cell_of(const Document& document, const MarkId& mark) {
    const auto drawn = std::ranges::find(kDrawn, mark.part, &DrawnTensor::part);
    if (drawn == kDrawn.end() || mark.pane < 0 || mark.pane >= static_cast<int>(document.panes.size())) return {};
    const int layer = document.panes[static_cast<std::size_t>(mark.pane)].layer;
    return PaneCell{mark.pane, {layer, drawn->tensor, {mark.n, mark.c, mark.y, mark.x}}};
}

std::optional<PaneCell> cell_of(const Document& document, const std::optional<MarkId>& mark) {
    return mark ? cell_of(document, *mark) : std::nullopt;
}

MarkId mark_of(const PaneCell& cell) {
    const auto drawn = std::ranges::find(kDrawn, cell.cell.tensor, &DrawnTensor::tensor);
    const Cell4& at = cell.cell.at;
    return {drawn->part, cell.pane, at.n, at.c, at.y, at.x};
}

}  // namespace convlens
