// A number typed into a cell of the picture, and the line below it.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <imgui.h>

#include <misc/cpp/imgui_stdlib.h>

#include "app/document/chain.h"
#include "app/panels/diagram/canvas.h"
#include "app/scene/query.h"
#include "app/scene/theme.h"
#include "app/session/playback.h"
#include "app/views/views.h"
#include "core/text/typed_number.h"

namespace convlens {

namespace {

// What was typed in this frame, if it begins a number: with a digit, a point or, where `minus` is set, a minus.
std::string typed_digits(bool begins, bool minus = true) {
    std::string text;
    const ImVector<ImWchar>& typed = ImGui::GetIO().InputQueueCharacters;
    for (const ImWchar c : std::span(typed.Data, static_cast<std::size_t>(typed.Size))) {
        const bool digit = c >= '0' && c <= '9';
        const bool first = digit || c == '.' || (minus && c == '-');
        if (text.empty() && begins && !first) continue;
        if (c > ' ' && c < 127) text += static_cast<char>(c);
    }
    return text;
}

// A field that opened with a typed digit goes on after it; ImGui would select it all and the next digit replace it.
int go_on_at_end(ImGuiInputTextCallbackData* data) {
    const auto* edit = static_cast<const CellEdit*>(data->UserData);
    if (!edit->replace && edit->frames < 4) {
        data->ClearSelection();
        data->CursorPos = data->BufTextLen;
    }
    return 0;
}

void close(UiState& ui) { ui.panels.diagram.cell_edit.reset(); }

// "input[1, 2] = 4, padding (zeros)"
Message cell_sentence(const CellWords& words) {
    const auto name = "name"_is(words.name);
    const Message number = words.value.empty() ? words.name : msg("{name} = {value}", name, "value"_is(words.value));
    return in_a_row({number, words.note});
}

// The field was left: by Enter, by Escape, or by a click elsewhere.
void accept(const CanvasView& view, CellEdit& edit) {
    UiState& ui = view.ui();
    if (ImGui::IsKeyPressed(ImGuiKey_Escape)) return close(ui);
    const auto target = editable_mark(view.context, edit.cell);
    if (!target) return close(ui);
    const Typed<double> typed = parse_real(edit.text);
    if (!typed.ok()) {
        edit.reason = typed.reason;
        edit.replace = true;
        edit.frames = 0;
        return;
    }
    const double value = typed.value;
    ui.edit(cell_sentence({target_name(view.context.document, *target), field_text(value), {}}), {},
            [target = *target, value](Document& document) { set_target(document, target, value); });
    close(ui);
}

void draw_reason(const CanvasView& view, const CellEdit& edit, ImVec2 below) {
    if (edit.reason.empty()) return;
    const float em = view.context.text_size, pad = std::round(em * 0.5F), wrap = em * 20;
    const std::string reason = view.context.words(edit.reason);
    const ImVec2 size = ImGui::CalcTextSize(reason.c_str(), nullptr, false, wrap);
    const float left = std::clamp(below.x, view.at.x, std::max(view.at.x, view.at.x + view.width - size.x - 2 * pad));
    ImDrawList* list = ImGui::GetForegroundDrawList();
    const ImVec2 high{left + size.x + 2 * pad, below.y + size.y + 2 * pad};
    list->AddRectFilled({left, below.y}, high, ImGui::GetColorU32(ImGuiCol_PopupBg), em * 0.25F);
    list->AddRect({left, below.y}, high, packed_colour(view.context.theme.problem), em * 0.25F, 2);
    list->AddText(nullptr, 0, {left + pad, below.y + pad}, packed_colour(view.context.theme.problem), reason.c_str(),
                  nullptr, wrap);
}

Message hint(const CanvasView& view) {
    if (view.on_anchor || view.ui().panels.diagram.anchor_drag)
        return msg("drag the ring to move the anchor to another weight");
    if (!view.cell || passes_over(view.ui()))
        return view.ui().panels_hidden ? msg("S brings the side panels back · drag pans · Ctrl+scroll zooms · F fits")
                                       : msg("drag pans · Ctrl+scroll zooms · F fits");
    const Derived& derived = view.context.derived;
    const auto cell = cell_of(derived.document, view.cell);
    const Message click = cell && step_of_cell(derived, *cell) ? msg("click goes to this step") : msg("click pins");
    if (const auto source = cell ? computed_by(derived, *cell) : std::nullopt)
        return msg("not edited here: it is the output of {layer} · {click}",
                   "layer"_is(layer_title(derived.document, *source)), "click"_is(click));
    if (!editable_mark(view.context, *view.cell)) return click;
    return msg("type a number · scroll ±1, Shift ±0.1 · drag paints, right-drag erases · {click}", "click"_is(click));
}

// Does a pane show the numbers of its tensors, in the colours of values?
bool shows_values(const Derived& derived) {
    return std::ranges::any_of(derived.document.panes, [&](const Pane& pane) {
        return seen_view(pane, *shown_layer(derived, pane)).view->shows_values;
    });
}

// − 0 + : what the colours of values say.
float draw_scale(const CanvasView& view, float right, float middle) {
    constexpr int kMiddle = 4, kSteps = 2 * kMiddle + 1;
    const Theme& theme = view.context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float size = ImGui::GetFontSize(), box = std::round(size * 0.85F);
    const std::array<const char*, 2> ends{"−", "+"};
    float x = right - ImGui::CalcTextSize(ends[1]).x;
    const float top = std::round(middle - box / 2), text = std::round(middle - size / 2);
    list->AddText({x, text}, packed_colour(theme.faint), ends[1]);
    x = std::round(x - size * 0.3F - box * kSteps);
    for (int i = 0; i < kSteps; ++i) {
        const Colour fill = value_colour(theme, i - kMiddle, kMiddle);
        const float left = x + box * static_cast<float>(i);
        list->AddRectFilled({left, top}, {left + box, top + box}, packed_colour(fill));
    }
    list->AddRect({x, top}, {x + box * kSteps, top + box}, packed_colour(theme.line));
    x -= size * 0.3F + ImGui::CalcTextSize(ends[0]).x;
    list->AddText({x, text}, packed_colour(theme.faint), ends[0]);
    return x;
}

}  // namespace

void use_digits(const CanvasView& view) {
    UiState& ui = view.ui();
    const bool took = ui.panels.diagram.takes_digits;
    ui.panels.diagram.takes_digits = ui.panels.diagram.takes_minus = false;
    if (CellEdit* edit = ui.panels.diagram.cell_edit ? &*ui.panels.diagram.cell_edit : nullptr) {
        // Typed while the field was about to take the keyboard.
        if (edit->frames > 0 && edit->frames < 3 && !edit->replace && !ImGui::GetIO().WantTextInput)
            edit->text += typed_digits(false);
        return;
    }
    if (ImGui::GetIO().WantTextInput || ImGui::GetIO().KeyCtrl) return;
    // A pointer that rests while the keys play asks for nothing: it has to be moved first, if only on its cell. (The key of
    // a digit makes tips wait, too.)
    const bool left_there = passes_over(ui) && ui.tips_wait && !took;
    const std::optional<MarkId>& cell = view.cell && !left_there ? view.cell : ui.pinned;
    if (!cell || !editable_mark(view.context, *cell)) return;
    ui.panels.diagram.takes_digits = true;
    // Before a class a minus is what the list of keys says.
    ui.panels.diagram.takes_minus = !ui.presenter;
    std::string text = typed_digits(true, ui.panels.diagram.takes_minus);
    if (!text.empty()) ui.panels.diagram.cell_edit = CellEdit{*cell, std::move(text), {}, false, 0};
}

void draw_cell_edit(const CanvasView& view, const Scene& scene) {
    UiState& ui = view.ui();
    if (!ui.panels.diagram.cell_edit) return;
    CellEdit& edit = *ui.panels.diagram.cell_edit;
    const auto rect = cell_rect(scene, edit.cell);
    if (!rect) return close(ui);
    const float em = view.context.text_size;
    const float width = std::max(rect->w, std::round(em * 5));
    const float left = std::clamp(rect->x + (rect->w - width) / 2, 0.0F, std::max(0.0F, view.width - width));
    const ImVec2 at{view.at.x + std::round(left),
                    view.at.y + std::round(rect->y + (rect->h - ImGui::GetFrameHeight()) / 2)};
    ImGui::SetCursorScreenPos(at);
    ImGui::SetNextItemWidth(width);
    ImGui::PushFont(view.context.screen.faces().mono, 0);
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, std::max(1.0F, std::round(em * 0.12F)));
    ImGui::PushStyleColor(ImGuiCol_Border,
                          vec(edit.reason.empty() ? view.context.theme.accent : view.context.theme.problem));
    ImGui::PushStyleColor(ImGuiCol_FrameBg, ImGui::GetStyleColorVec4(ImGuiCol_PopupBg));
    if (edit.frames == 0) ImGui::SetKeyboardFocusHere();
    ++edit.frames;
    ImGui::InputText("##cell", &edit.text, ImGuiInputTextFlags_CallbackAlways, go_on_at_end, &edit);
    const ImVec2 below{ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + em * 0.25F};
    ImGui::PopStyleColor(2);
    ImGui::PopStyleVar();
    ImGui::PopFont();
    draw_reason(view, edit, below);
    if (ImGui::IsItemDeactivated()) accept(view, edit);
}

void draw_canvas_line(const CanvasView& view, float from) {
    const Theme& theme = view.context.theme;
    const float em = view.context.text_size;
    ImGui::PushFont(nullptr, std::round(em * kSmallText));
    const float size = ImGui::GetFontSize(), middle = from + std::round(em * 0.85F);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float right = view.at.x + view.width - em * 0.75F;
    const float end = (shows_values(view.context.derived) ? draw_scale(view, right, middle) : right) - em * 0.75F;
    float x = view.at.x + em * 0.75F;
    const float top = std::round(middle - size / 2);
    const auto put = [&](const std::string& text, Colour colour, bool whole) {
        const float width = ImGui::CalcTextSize(text.c_str()).x;
        if (whole && x + width > end) return;
        list->PushClipRect({x, top}, {end, top + size * 2}, true);
        list->AddText({x, top}, packed_colour(colour), text.c_str());
        list->PopClipRect();
        x += width;
    };
    const std::optional<MarkId> pointed = passes_over(view.ui()) ? std::nullopt : view.cell;
    if (const auto cell = cell_of(view.context.derived.document, pointed)) {
        const CellWords words = describe_cell(shown_moment(view.context, cell->pane), cell->cell);
        put(view.context.words(cell_sentence(words)), theme.text, false);
        x += em;
    }
    put(view.context.words(hint(view)), theme.faint, true);
    ImGui::PopFont();
}

}  // namespace convlens
