#include "app/views/views.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/text/printable.h"

namespace convlens {

namespace {

constexpr ViewInfo kViews[] = {
    {.name = kPlanesView,
     .title = key("Planes"),
     .about = key("Input, kernel, products and output side by side, each as a plane of numbers."),
     .shows_values = true,
     .add = add_planes},
    {.name = "reads",
     .title = key("Reads"),
     .about = key("How often each input cell is read, or each output cell of a transposed layer is written."),
     .add = add_reads},
};

Message unknown_view(std::string_view name, std::span<const ViewInfo> among) {
    constexpr std::size_t kMostOfName = 40;
    std::vector<Message> names;
    for (const ViewInfo& view : among) names.push_back(verbatim(view.name));
    return msg("This version has no view \"{name}\"; it has {views}. The layer is shown in {shown}.",
               "name"_is(printable(name, kMostOfName)), "views"_is(in_a_row(std::move(names))),
               "shown"_is(among.front().name));
}

}  // namespace

std::span<const ViewInfo> views() { return kViews; }

const ViewInfo* find_view(std::string_view name, std::span<const ViewInfo> among) {
    const auto found = std::ranges::find(among, name, &ViewInfo::name);
    return found == among.end() ? nullptr : &*found;
}

Message refusal(const ViewInfo& view, const DerivedLayer& layer) {
    return view.refusal == nullptr ? Message() : view.refusal(layer);
}

SeenView seen_view(const Pane& pane, const DerivedLayer& layer, std::span<const ViewInfo> among) {
    const ViewInfo* named = find_view(pane.view, among);
    if (named == nullptr) return {&among.front(), unknown_view(pane.view, among)};
    const Message reason = refusal(*named, layer);
    if (reason.empty()) return {named, {}};
    return {&among.front(), msg("{reason} It is shown in {view}.", "reason"_is(reason), "view"_is(among.front().name))};
}

}  // namespace convlens
