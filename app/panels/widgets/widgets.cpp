#include "app/panels/widgets/widgets.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <imgui_internal.h>
#include <misc/cpp/imgui_stdlib.h>

#include "core/text/line_parts.h"
#include "core/text/typed_number.h"

namespace convlens {

namespace {

float field_margin(const PanelContext& context) { return std::round(context.text_size * 0.35F); }

// The size at which the whole of a text stands in its field, down to half of the usual one. It has the usual one while it is
// being typed.
float size_in_field(const PanelContext& context, const char* label, const std::string& text, float width) {
    const float usual = number_size(context);
    if (ImGui::GetActiveID() == ImGui::GetID(label)) return usual;
    ImGui::PushFont(context.screen.faces().mono, usual);
    const float need = ImGui::CalcTextSize(text.c_str()).x, room = width - 2 * field_margin(context);
    ImGui::PopFont();
    return need <= room ? usual : std::max(std::floor(usual * room / need), std::round(usual / 2));
}

// Field of numbers: digits of one width, little room beside them.
struct NumberStyle {
    NumberStyle(const PanelContext& context, bool problem, float size) {
        ImGui::PushFont(context.screen.faces().mono, size);
        // As high as every other field, whatever the face.
        const float above = ImGui::GetStyle().FramePadding.y - (size - context.text_size) / 2;
        ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(field_margin(context), above));
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
    ui.panels.typed.push_back({key, std::move(text), typed.reason, std::move(near), now});
    return std::nullopt;
}

}  // namespace

void tip(std::string_view text) {
    if (text.empty() || !ImGui::BeginItemTooltip()) return;
    const float width = ImGui::GetFontSize() * 22;
    ImGui::PushTextWrapPos(width);
    ImGui::TextUnformatted(in_lines(text, width - ImGui::GetCursorPosX()).c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}
void tip(const PanelContext& context, const Message& message) { tip(context.words(message)); }

float number_size(const PanelContext& context) { return std::round(context.text_size * 1.12F); }

std::string in_lines(std::string_view text, float width) {
    const auto wide = [](std::string_view part) {
        return ImGui::CalcTextSize(part.data(), part.data() + part.size()).x;
    };
    std::string lines;
    float used = 0;
    for (const std::string_view part : line_parts(text)) {
        const std::string_view words = part.substr(0, part.find_last_not_of(" \n") + 1);
        const bool begins = lines.empty() || lines.back() == '\n';
        if (!begins && used + wide(words) > width) {
            if (lines.back() == ' ') lines.pop_back();
            lines += '\n';
            used = 0;
        }
        lines += part;
        used = part.ends_with('\n') ? 0 : used + wide(part);
    }
    return lines;
}

void wrapped(std::string_view whole, Colour colour) {
    const std::string text = in_lines(whole, ImGui::GetContentRegionAvail().x);
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
    const NumberStyle style(context, look.problem, size_in_field(context, label, text, look.width));
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

void draw_edge(bool lower) {
    const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float y = lower ? at.y + size.y - 1 : at.y;
    list->PushClipRect(at, {at.x + size.x, at.y + size.y});
    list->AddLineH(at.x, at.x + size.x, y, ImGui::GetColorU32(ImGuiCol_Border));
    list->PopClipRect();
}

}  // namespace convlens
