// What stands outside of a row a b c d under a pad mode: faded copies, with a line from the two next to the edge to the
// cells that they copy.
#include <array>
#include <cmath>

#include "app/panels/layer/parameters.h"
#include "app/panels/widgets/widgets.h"
#include "core/conv/pad.h"

namespace convlens {

namespace {

constexpr std::int64_t kInside = 4;
constexpr std::int64_t kOutside = 3;
constexpr std::array<const char*, kInside> kLetters{"a", "b", "c", "d"};

struct Strip {
    ImDrawList* list;
    ImVec2 at;
    float cell;

    ImVec2 corner(std::int64_t index) const {
        return {std::round(at.x + static_cast<float>(index + kOutside) * cell), at.y};
    }
    ImVec2 below(std::int64_t index) const { return {corner(index).x + cell / 2, at.y + cell}; }
};

void draw_cell(const PanelContext& context, const Strip& strip, std::int64_t index, PadMode mode) {
    const bool inside = index >= 0 && index < kInside;
    const auto source = source_index(index, kInside, mode);
    const char* text = source ? kLetters[static_cast<std::size_t>(*source)] : mode == PadMode::zeros ? "0" : "v";
    const ImVec2 low = strip.corner(index);
    const ImVec2 high{low.x + strip.cell, low.y + strip.cell};
    const Theme& theme = context.theme;
    strip.list->AddRectFilled(low, high, packed_colour(inside ? theme.cell : theme.padding));
    strip.list->AddRect(low, high, packed_colour(theme.line));
    const ImVec2 size = ImGui::CalcTextSize(text);
    strip.list->AddText({std::round(low.x + (strip.cell - size.x) / 2), std::round(low.y + (strip.cell - size.y) / 2)},
                        packed_colour(inside ? theme.text : theme.faint), text);
}

// From a cell beside the edge down and up to the one that it copies; a dot at the copy's end.
void draw_line(const PanelContext& context, const Strip& strip, std::int64_t index, std::int64_t source) {
    const ImVec2 from = strip.below(source), to = strip.below(index);
    const float depth = strip.cell * 0.75F;
    const ImU32 colour = packed_colour(context.theme.pad);
    strip.list->AddBezierCubic(from, {from.x, from.y + depth}, {to.x, to.y + depth}, to, colour, 1.5F);
    strip.list->AddCircleFilled(to, 2.5F, colour);
}

}  // namespace

void draw_border_picture(const PanelContext& context, PadMode mode) {
    const auto cells = static_cast<float>(kInside + 2 * kOutside);
    const float cell = std::floor(std::min(context.text_size * 1.4F, ImGui::GetContentRegionAvail().x / cells));
    const Strip strip{ImGui::GetWindowDrawList(), ImGui::GetCursorScreenPos(), cell};
    for (std::int64_t i = -kOutside; i < kInside + kOutside; ++i) draw_cell(context, strip, i, mode);
    const ImVec2 low = strip.corner(0), high = strip.corner(kInside);
    strip.list->AddRect(low, {high.x, high.y + cell}, packed_colour(context.theme.input), 0.0F, 2.0F);
    bool copies = false;
    for (const std::int64_t index : {std::int64_t{-1}, kInside}) {
        const auto source = source_index(index, kInside, mode);
        if (source) draw_line(context, strip, index, *source);
        copies = copies || source;
    }
    ImGui::Dummy({cell * cells, cell * (copies ? 1.75F : 1.15F)});
}

}  // namespace convlens
