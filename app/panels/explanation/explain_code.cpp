// The layer as a program of another framework, to be copied.
#include <cmath>

#include "app/panels/explanation/explain.h"
#include "app/session/session.h"

namespace convlens {

namespace {

// More numbers make text that nobody reads; it is written out when it is copied.
constexpr std::int64_t kMostShown = 4096;

std::int64_t numbers_of(const DerivedLayer& derived) {
    const Layer& layer = derived.layer;
    return derived.input->size() + layer.weight->size() + (layer.bias ? layer.bias->size() : 0);
}

CodeText code_of(const ExplainView& view, Framework framework) {
    return emit_code(view.spec(), view.layer.data(), framework);
}

// Written anew when the layer or the framework is another.
const CodeText& shown_code(const ExplainView& view) {
    ExplanationState& state = view.context.ui.panels.explanation;
    const auto& layer = shown_layer(view.context.derived, view.pane);
    ShownCode& shown = state.code;
    if (shown.layer != layer || shown.framework != state.framework) {
        shown = {layer, state.framework, {}};
        if (numbers_of(*layer) <= kMostShown) shown.code = code_of(view, state.framework);
    }
    return shown.code;
}

void choose_framework(const ExplainView& view, float width) {
    ExplanationState& state = view.context.ui.panels.explanation;
    ImGui::SetNextItemWidth(width);
    if (!ImGui::BeginCombo("##framework", title(state.framework).data(), ImGuiComboFlags_HeightLarge)) return;
    for (const std::string_view known : names<Framework>()) {
        const Framework framework = *from_name<Framework>(known);
        if (ImGui::Selectable(title(framework).data(), framework == state.framework)) state.framework = framework;
    }
    ImGui::EndCombo();
}

void copy_code(const ExplainView& view, const CodeText& shown) {
    const bool whole = !shown.text.empty();
    const std::string text = whole ? shown.text : code_of(view, view.context.ui.panels.explanation.framework).text;
    ImGui::SetClipboardText(text.c_str());
    say(view.context.ui, msg("Copied"));
}

void draw_text(const ExplainView& view, const CodeText& code) {
    const PanelContext& context = view.context;
    ImGui::PushFont(context.screen.faces().mono, std::round(context.text_size * 0.85F));
    ImGui::BeginChild("code", {0, ImGui::GetTextLineHeight() * 12}, ImGuiChildFlags_Borders,
                      ImGuiWindowFlags_HorizontalScrollbar);
    ImGui::TextUnformatted(code.text.c_str(), code.text.c_str() + code.text.size());
    ImGui::EndChild();
    ImGui::PopFont();
}

}  // namespace

void draw_code(const ExplainView& view) {
    if (!ImGui::CollapsingHeader(view.context.label(msg("Code")).c_str())) return;
    const float copy = button_width(view.context.words(msg("Copy"))) + ImGui::GetStyle().ItemSpacing.x;
    choose_framework(view, ImGui::GetContentRegionAvail().x - copy);
    ImGui::SameLine();
    const CodeText& code = shown_code(view);
    if (ImGui::Button(view.context.label(msg("Copy"), "##code").c_str())) copy_code(view, code);
    tip(view.context, msg("Copies a program that computes this output, with the layer's values in it."));
    const Colour faint = view.context.theme.faint;
    for (const Message& note : code.notes) wrapped(view.context, note, faint);
    if (code.text.empty()) {
        wrapped(view.context,
                msg("{count} values are too many to show here; Copy includes them all.",
                    "count"_is(grouped(numbers_of(view.layer)))),
                faint);
        return;
    }
    draw_text(view, code);
}

}  // namespace convlens
