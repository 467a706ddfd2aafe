#include "app/views/views.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/text/printable.h"

namespace convlens {

namespace {

constexpr ViewInfo kViews[] = {
    {.name = kPlanesView,
     .title = "Planes",
     .about = "Input, kernel, products and output side by side, each as a plane of numbers.",
     .shows_values = true,
     .add = add_planes},
    {.name = "reads",
     .title = "Reads",
     .about = "How often each input cell is read, or each output cell of a transposed layer is written.",
     .add = add_reads},
};

std::string unknown_view(std::string_view name, std::span<const ViewInfo> among) {
    constexpr std::size_t kMostOfName = 40;
    std::vector<std::string_view> names;
    for (const ViewInfo& view : among) names.push_back(view.name);
    return fmt::format("This version has no view \"{}\"; it has {}. The layer is shown in {}.",
                       printable(name, kMostOfName), fmt::join(names, ", "), among.front().name);
}

}  // namespace

std::span<const ViewInfo> views() { return kViews; }

const ViewInfo* find_view(std::string_view name, std::span<const ViewInfo> among) {
    const auto found = std::ranges::find(among, name, &ViewInfo::name);
    return found == among.end() ? nullptr : &*found;
}

std::string refusal(const ViewInfo& view, const DerivedLayer& layer) {
    return view.refusal == nullptr ? std::string{} : view.refusal(layer);
}

SeenView seen_view(const Pane& pane, const DerivedLayer& layer, std::span<const ViewInfo> among) {
    const ViewInfo* named = find_view(pane.view, among);
    if (named == nullptr) return {&among.front(), unknown_view(pane.view, among)};
    const std::string reason = refusal(*named, layer);
    if (reason.empty()) return {named, {}};
    return {&among.front(), fmt::format("{} It is shown in {}.", reason, among.front().name)};
}

}  // namespace convlens
