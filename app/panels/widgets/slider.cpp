#include "app/panels/widgets/slider.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "app/panels/widgets/nav_keys.h"
#include "app/panels/widgets/widgets.h"

namespace convlens {

namespace {

// A slider's line, from the first value to the last.
struct SliderTrack {
    float left, right, middle, radius;
    std::ptrdiff_t last;  // index of the last value

    float at(std::ptrdiff_t index) const {
        const float share = last > 0 ? static_cast<float>(index) / static_cast<float>(last) : 0;
        return left + (right - left) * share;
    }
    std::ptrdiff_t nearest(float x) const {
        const float share = std::clamp((x - left) / std::max(right - left, 1.0F), 0.0F, 1.0F);
        return static_cast<std::ptrdiff_t>(std::lround(share * static_cast<float>(last)));
    }
};

float half_line(const PanelContext& context) { return std::max(1.0F, std::round(context.text_size * 0.11F)); }

// The line, with a dot for each value where they are few.
void draw_track(const PanelContext& context, const SliderTrack& track) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float half = half_line(context);
    list->AddRectFilled({track.left, track.middle - half}, {track.right, track.middle + half},
                        ImGui::GetColorU32(ImGuiCol_Text, 0.22F), half);
    const float spacing = (track.right - track.left) / static_cast<float>(std::max<std::ptrdiff_t>(track.last, 1));
    if (spacing < context.text_size || track.last < 1) return;
    for (std::ptrdiff_t i = 0; i <= track.last; ++i)
        list->AddCircleFilled({std::round(track.at(i)), track.middle}, half * 1.6F,
                              ImGui::GetColorU32(ImGuiCol_Text, 0.45F));
}

// The knob, and the line up to it. Hollow while the present value is none that is possible.
void draw_knob(const PanelContext& context, const SliderTrack& track, std::ptrdiff_t index, bool there, Colour hue) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float half = half_line(context);
    const ImVec2 knob{std::round(track.at(index)), track.middle};
    if (!there) {
        list->AddCircleFilled(knob, track.radius, packed_colour(context.theme.panel));
        return list->AddCircle(knob, track.radius - 1, packed_colour(context.theme.problem), 0, 2);
    }
    list->AddRectFilled({track.left, track.middle - half}, {knob.x, track.middle + half}, packed_colour(hue), half);
    list->AddCircleFilled(knob, track.radius, packed_colour(hue));
}

}  // namespace

std::optional<std::int64_t> value_slider(const PanelContext& context, const char* label,
                                         const std::vector<std::int64_t>& values, std::int64_t value, Colour hue,
                                         float width) {
    const auto found = std::ranges::lower_bound(values, value);
    const auto last = std::max<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(values.size()) - 1, 0);
    const std::ptrdiff_t before = std::clamp<std::ptrdiff_t>(found - values.begin(), 0, last);
    const float radius = std::round(context.text_size * 0.36F);
    ImGui::BeginDisabled(last < 1);
    ImGui::InvisibleButton(label, {width, std::round(context.text_size * 0.85F)}, ImGuiButtonFlags_EnableNav);
    ImGui::EndDisabled();
    if (ImGui::IsItemDeactivated()) context.ui.seal = true;
    const int steps = arrow_steps();
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    SliderTrack track{low.x + radius, high.x - radius, std::round((low.y + high.y) / 2), radius, last};
    std::ptrdiff_t index = before;
    if (steps != 0) index = std::clamp<std::ptrdiff_t>(before + steps, 0, last);
    const bool dragged = ImGui::IsItemActive() && ImGui::IsMouseDown(ImGuiMouseButton_Left);
    if (dragged) index = track.nearest(ImGui::GetMousePos().x);
    const bool there = found != values.end() && *found == value;
    draw_track(context, track);
    const bool changed = index != before;
    if (!values.empty()) draw_knob(context, track, index, there || changed, last < 1 ? context.theme.faint : hue);
    if (last < 1) return std::nullopt;
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_Stationary) && !ImGui::IsItemActive())
        ImGui::SetTooltip(
            "%s", context.words(msg("Allowed: {least} to {most}", "least"_is(values.front()), "most"_is(values.back())))
                      .c_str());
    if (steps != 0) context.ui.seal = true;  // each press is a step of its own to undo
    if ((!dragged && steps == 0) || index == before) return std::nullopt;
    return values[static_cast<std::size_t>(index)];
}

}  // namespace convlens
