#include "app/panels/widgets/widgets.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <misc/cpp/imgui_stdlib.h>

#include "app/panels/widgets/nav_keys.h"
#include "app/session/playback.h"
#include "app/views/cell_mark.h"
#include "core/text/typed_number.h"

namespace convlens {

namespace {

// Field of numbers: digits of one width, little room beside them.
struct NumberStyle {
    NumberStyle(const PanelContext& context, bool problem) {
        ImGui::PushFont(context.screen.faces().mono, number_size(context));
        // As high as every other field, whatever the face.
        const float above = ImGui::GetStyle().FramePadding.y - (number_size(context) - context.text_size) / 2;
        ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(std::round(context.text_size * 0.35F), above));
        const float plain = ImGui::GetStyle().FrameBorderSize;
        ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, problem ? std::round(context.text_size * 0.125F) : plain);
        ImGui::PushStyleColor(ImGuiCol_Border,
                              problem ? vec(context.theme.problem) : ImGui::GetStyleColorVec4(ImGuiCol_Border));
    }
    ~NumberStyle() {
        ImGui::PopStyleColor();
        ImGui::PopStyleVar(2);
        ImGui::PopFont();
    }
    NumberStyle(const NumberStyle&) = delete;
    NumberStyle& operator=(const NumberStyle&) = delete;
};

// A field of numbers of either kind. `shown` is what stands in it for `value`.
template <typename Number>
std::optional<Number> number_field(const PanelContext& context, const char* label, const std::string& key, Number value,
                                   const std::string& shown, const FieldLook& look,
                                   Typed<Number> (*parse)(std::string_view)) {
    UiState& ui = context.ui;
    const auto now = static_cast<double>(value);
    const TypedText* refused = refused_text(ui, key);
    if (refused != nullptr && refused->value != now) {  // another value came by another way
        forget_text(ui, key);
        refused = nullptr;
    }
    std::string text = refused != nullptr ? refused->text : shown;
    if (!text_field(context, label, text, {look.width, look.problem || refused != nullptr})) return std::nullopt;
    forget_text(ui, key);
    if (text == shown) return std::nullopt;
    const Typed<Number> typed = parse(text);
    if (typed.ok()) return typed.value;
    std::vector<std::int64_t> near(typed.near.begin(), typed.near.end());
    ui.panels.typed.push_back({key, std::move(text), context.words(typed.reason), std::move(near), now});
    return std::nullopt;
}

// One link: a rounded bar, left or right of the middle.
void draw_link(ImDrawList* list, ImVec2 low, ImVec2 high, ImU32 colour, float width) {
    list->AddRect(low, high, colour, (high.y - low.y) / 2, width);
}

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

struct IconPen {
    ImDrawList* list = nullptr;
    ImVec2 at;       // top left of a square
    float size = 0;  // of the square
    ImU32 colour = 0;

    ImVec2 point(float x, float y) const { return {std::round(at.x + x * size), std::round(at.y + y * size)}; }
    void bar(float x, float width) const { list->AddRectFilled(point(x, 0.2F), point(x + width, 0.8F), colour); }
    void to_right(float x, float width) const {
        list->AddTriangleFilled(point(x, 0.2F), point(x + width, 0.5F), point(x, 0.8F), colour);
    }
    void to_left(float x, float width) const {
        list->AddTriangleFilled(point(x + width, 0.2F), point(x, 0.5F), point(x + width, 0.8F), colour);
    }
    void loop() const {
        const float width = std::max(1.5F, size * 0.1F);
        const ImVec2 middle = point(0.5F, 0.5F);
        list->PathArcTo(middle, size * 0.28F, -0.9F, 4.4F);
        list->PathStroke(colour, width);
        const ImVec2 tip = {middle.x + size * 0.28F * std::cos(-0.9F), middle.y + size * 0.28F * std::sin(-0.9F)};
        const float head = size * 0.18F;
        list->AddTriangleFilled({tip.x - head, tip.y - head * 0.9F}, {tip.x + head * 0.9F, tip.y - head * 0.3F},
                                {tip.x - head * 0.5F, tip.y + head}, colour);
    }
};

void draw_icon(const IconPen& pen, Icon icon) {
    switch (icon) {
        case Icon::first: pen.bar(0.18F, 0.12F); return pen.to_left(0.34F, 0.48F);
        case Icon::back: pen.bar(0.66F, 0.12F); return pen.to_left(0.2F, 0.4F);
        case Icon::play: return pen.to_right(0.28F, 0.52F);
        case Icon::pause: pen.bar(0.26F, 0.17F); return pen.bar(0.57F, 0.17F);
        case Icon::forward: pen.bar(0.22F, 0.12F); return pen.to_right(0.4F, 0.4F);
        case Icon::last: pen.bar(0.7F, 0.12F); return pen.to_right(0.18F, 0.48F);
        case Icon::loop: return pen.loop();
    }
}

}  // namespace

void tip(std::string_view text) {
    if (text.empty() || !ImGui::BeginItemTooltip()) return;
    ImGui::PushTextWrapPos(ImGui::GetFontSize() * 22);
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}
void tip(const PanelContext& context, const Message& message) { tip(context.words(message)); }

float number_size(const PanelContext& context) { return std::round(context.text_size * 1.12F); }

std::string broken_at_blanks(std::string_view text, float width) {
    const auto wide = [](std::string_view part) {
        return ImGui::CalcTextSize(part.data(), part.data() + part.size()).x;
    };
    const float blank = wide(" ");
    std::string lines;
    float used = 0;
    while (true) {
        const std::string_view word = text.substr(0, text.find_first_of(" \n"));
        const float need = wide(word);
        const bool begins = lines.empty() || lines.back() == '\n';
        if (!begins && lines.back() == ' ' && used + need > width) {
            lines.back() = '\n';
            used = 0;
        }
        lines += word;
        used += need;
        if (word.size() == text.size()) return lines;
        lines += text[word.size()];
        used = lines.back() == '\n' ? 0 : used + blank;
        text.remove_prefix(word.size() + 1);
    }
}

void wrapped(std::string_view whole, Colour colour) {
    const std::string text = broken_at_blanks(whole, ImGui::GetContentRegionAvail().x);
    ImGui::PushStyleColor(ImGuiCol_Text, vec(colour));
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
}
void wrapped(const PanelContext& context, const Message& message, Colour colour) {
    wrapped(context.words(message), colour);
}

void beside_label(const PanelContext& context, float column) {
    const float end = ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x + ImGui::GetScrollX();
    ImGui::SameLine(std::max(context.text_size * column, std::ceil(end + context.text_size * 0.4F)));
}

void hue_label(const PanelContext& context, std::string_view text, Colour hue, const Message& about) {
    ImGui::AlignTextToFramePadding();
    ImGui::PushStyleColor(ImGuiCol_Text, vec(hue));
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopStyleColor();
    tip(context, about);
}
void hue_label(const PanelContext& context, const Message& text, Colour hue, const Message& about) {
    hue_label(context, context.words(text), hue, about);
}

void heading(const PanelContext& context, std::string_view text) {
    ImGui::PushFont(context.screen.faces().bold, 0);
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopFont();
}
void heading(const PanelContext& context, const Message& message) { heading(context, context.words(message)); }

std::optional<std::int64_t> whole_field(const PanelContext& context, const char* label, const std::string& key,
                                        std::int64_t value, const FieldLook& look) {
    return whole_field(context, label, key, value, fmt::format("{}", value), look);
}

std::optional<std::int64_t> whole_field(const PanelContext& context, const char* label, const std::string& key,
                                        std::int64_t value, const std::string& shown, const FieldLook& look) {
    return number_field(context, label, key, value, shown, look, parse_whole);
}

std::optional<double> real_field(const PanelContext& context, const char* label, const std::string& key, double value,
                                 const FieldLook& look) {
    return number_field(context, label, key, value, field_text(value), look, parse_real);
}

const TypedText* refused_text(const UiState& ui, const std::string& key) {
    const auto found = std::ranges::find(ui.panels.typed, key, &TypedText::field);
    return found == ui.panels.typed.end() ? nullptr : &*found;
}

void forget_text(UiState& ui, const std::string& key) {
    std::erase_if(ui.panels.typed, [&](const TypedText& typed) { return typed.field == key; });
}

bool text_field(const PanelContext& context, const char* label, std::string& text, const FieldLook& look) {
    const NumberStyle style(context, look.problem);
    ImGui::SetNextItemWidth(look.width);
    const std::string before = text;
    ImGui::InputText(label, &text, ImGuiInputTextFlags_AutoSelectAll);
    const bool left = ImGui::IsItemDeactivatedAfterEdit();
    const bool wide = ImGui::CalcTextSize(text.c_str()).x > look.width - context.text_size * 0.7F;
    if (wide && !ImGui::IsItemActive()) ImGui::SetItemTooltip("%s", text.c_str());
    // While it is being typed the text is ImGui's own; the caller hears of it once.
    if (!left) text = before;
    return left;
}

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

bool chain_button(const PanelContext& context, const char* label, bool closed, Colour hue, float width) {
    ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0, 0, 0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
    const bool pressed = ImGui::Button(label, {width, ImGui::GetFrameHeight()});
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    const ImVec2 middle{std::round((low.x + high.x) / 2), std::round((low.y + high.y) / 2)};
    const float em = context.text_size, half = std::round(em * 0.17F);
    const float line = std::max(1.5F, em * 0.1F), length = std::round(em * 0.5F);
    const float apart = closed ? -em * 0.14F : em * 0.14F;
    const ImU32 colour = packed_colour(closed ? hue : context.theme.faint);
    ImDrawList* list = ImGui::GetWindowDrawList();
    draw_link(list, {middle.x - apart - length, middle.y - half}, {middle.x - apart, middle.y + half}, colour, line);
    draw_link(list, {middle.x + apart, middle.y - half}, {middle.x + apart + length, middle.y + half}, colour, line);
    tip(context, closed ? msg("Height and width change together. Click to set them separately.")
                        : msg("Click to give height and width the same value."));
    return pressed;
}

bool icon_button(const PanelContext& context, const char* label, Icon icon, bool on) {
    const float side = ImGui::GetFrameHeight();
    ImGui::PushStyleColor(ImGuiCol_Button, on ? ImGui::GetStyleColorVec4(ImGuiCol_Header) : ImVec4(0, 0, 0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
    const bool pressed = ImGui::Button(label, {std::round(side * 1.15F), side});
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    const float size = std::round(context.text_size * 1.1F);
    const ImVec2 at{std::round((low.x + high.x - size) / 2), std::round((low.y + high.y - size) / 2)};
    const Colour ink = on ? context.theme.accent : context.theme.text;
    draw_icon({ImGui::GetWindowDrawList(), at, size, packed_colour(ink)}, icon);
    return pressed;
}

bool switch_button(const PanelContext& context, const char* label, bool on) {
    ImGui::PushStyleColor(ImGuiCol_Button, on ? ImGui::GetStyleColorVec4(ImGuiCol_Header) : ImVec4(0, 0, 0, 0));
    ImGui::PushFont(on ? context.screen.faces().bold : context.screen.faces().text, 0);
    const bool pressed = ImGui::Button(label);
    ImGui::PopFont();
    ImGui::PopStyleColor();
    return pressed;
}

bool wide_button(const PanelContext& context, const Message& message) {
    const std::string text = context.words(message);
    const ImVec2 padding = ImGui::GetStyle().FramePadding;
    const float room = std::max(context.text_size * 4, ImGui::GetContentRegionAvail().x - 2 * padding.x);
    ImVec2 size = ImGui::CalcTextSize(text.c_str());
    if (size.x > room) size = ImGui::CalcTextSize(text.c_str(), nullptr, false, room);
    const std::string label = "##" + english(message);
    const bool pressed = ImGui::Button(label.c_str(), {size.x + 2 * padding.x, size.y + 2 * padding.y});
    const ImVec2 low = ImGui::GetItemRectMin();
    ImGui::GetWindowDrawList()->AddText(nullptr, 0, {low.x + padding.x, low.y + padding.y},
                                        ImGui::GetColorU32(ImGuiCol_Text), text.c_str(), nullptr, room + 1);
    return pressed;
}

void problem_text(const PanelContext& context, std::string_view text) {
    ImGui::PushFont(context.screen.faces().bold, 0);
    ImGui::TextColored(vec(context.theme.problem), "!");
    ImGui::PopFont();
    ImGui::SameLine(0, context.text_size * 0.4F);
    std::string sentence(text);
    if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z')
        sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
    wrapped(sentence, context.theme.problem);
}

void problem_text(const PanelContext& context, const Message& message) {
    problem_text(context, context.words(message));
}

void flow(float next_width, float gap) {
    if (gap < 0) gap = ImGui::GetStyle().ItemSpacing.x;
    const float edge = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    if (ImGui::GetItemRectMax().x + gap + next_width <= edge) ImGui::SameLine(0, gap);
}

float button_width(std::string_view text) {
    return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x + 2 * ImGui::GetStyle().FramePadding.x;
}

std::optional<std::int64_t> index_stepper(const PanelContext& context, const char* label, const std::string& key,
                                          std::int64_t index, std::int64_t count, const Message& about,
                                          std::int64_t first) {
    if (count < 2) return std::nullopt;
    std::optional<std::int64_t> chosen;
    ImGui::PushID(label);
    hue_label(context, label, context.theme.faint, about);
    const float em = context.text_size, side = ImGui::GetFrameHeight();
    ImGui::SameLine(0, em * 0.35F);
    ImGui::BeginDisabled(index <= 0);
    if (ImGui::Button("−", {side, side})) chosen = index - 1;
    ImGui::EndDisabled();
    ImGui::SameLine(0, em * 0.15F);
    if (const auto typed = whole_field(context, "##index", key, first + index, {em * 2.4F, false}))
        chosen = *typed - first;
    ImGui::SameLine(0, em * 0.15F);
    ImGui::BeginDisabled(index >= count - 1);
    if (ImGui::Button("+", {side, side})) chosen = index + 1;
    ImGui::EndDisabled();
    ImGui::PopID();
    if (chosen) chosen = std::clamp<std::int64_t>(*chosen, 0, count - 1);
    return chosen;
}

const std::optional<MarkId>& highlight(const UiState& ui) {
    static const std::optional<MarkId> nothing;
    if (ui.pinned) return ui.pinned;
    return passes_over(ui) ? nothing : ui.hover;
}

std::optional<PaneCell> highlighted_cell(const PanelContext& context) {
    return cell_of(context.derived.document, highlight(context.ui));
}

bool is_stale(const PanelContext& context, int layer) {
    const std::vector<bool> current = up_to_date(context.document, context.derived);
    const auto index = static_cast<std::size_t>(layer);
    return index >= current.size() || !current[index];
}

StaleLook::StaleLook(const PanelContext& context, int layer) {
    constexpr float kFaded = 0.55F;
    const float now = ImGui::GetStyle().Alpha;
    ImGui::PushStyleVar(ImGuiStyleVar_Alpha, is_stale(context, layer) ? now * kFaded : now);
}
StaleLook::~StaleLook() { ImGui::PopStyleVar(); }

Moment shown_moment(const PanelContext& context, int pane) {
    return moment_of(context.derived, pane, context.ui.playhead, highlighted_cell(context));
}

void draw_edge(bool lower) {
    const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float y = lower ? at.y + size.y - 1 : at.y;
    list->PushClipRect(at, {at.x + size.x, at.y + size.y});
    list->AddLineH(at.x, at.x + size.x, y, ImGui::GetColorU32(ImGuiCol_Border));
    list->PopClipRect();
}

bool cross_button(const char* label) {
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
    ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0, 0, 0, 0));
    const bool pressed = ImGui::Button(label, {ImGui::GetFrameHeight(), 0});
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    return pressed;
}

}  // namespace convlens
