// Menus that fill the input or the kernel with numbers.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/panels/layer/parameters.h"
#include "app/panels/widgets/widgets.h"

namespace convlens {

namespace {

struct Filling {
    const char* generator;
    Key label;
    Key about;
};
constexpr std::array<Filling, 5> kFillings{{
    {"random", key("random"), key("Random whole numbers, new ones each time.")},
    {"ramp", key("ramp"), key("0, 1, 2, … from left to right, row after row.")},
    {"impulse", key("impulse"), key("A single 1 in the middle: the output then shows the kernel itself.")},
    {"ones", key("ones"), key("1 everywhere.")},
    {"zeros", key_in("values", "zeros"), key("0 everywhere.")},
}};

Generator generator(UiState& ui, const Filling& filling, const TensorRef& present, bool kernel) {
    Generator made{filling.generator, 1, kernel ? -2 : 0, kernel ? 2 : 9};
    if (made.name == "random") {
        const std::uint64_t seed = present.blob().generator ? present.blob().generator->seed : 1;
        ui.panels.layer.last_seed = std::max(ui.panels.layer.last_seed, seed) + 1;
        made.seed = ui.panels.layer.last_seed;
    }
    return made;
}

// Layers that hold the very same numbers are being compared: they keep having the same (Document::edit_together).
void fill(const LayerControls& controls, const Filling& filling, bool kernel) {
    const TensorRef present = kernel ? controls.document_layer().weight : own_input(controls.document_layer());
    const Generator made = generator(controls.context.ui, filling, present, kernel);
    const auto values = "values"_is(filling.label);
    controls.context.ui.edit(kernel ? msg("kernel {values}", values) : msg("input {values}", values), {},
                             [present, made, kernel, at = controls.layer](Document& document) {
                                 const TensorRef next = generate(made, present->shape());
                                 const auto& own = document.layers[static_cast<std::size_t>(at)];
                                 for (Layer& layer : document.layers) {
                                     if (&layer != &own && !document.edit_together) continue;
                                     TensorRef* const tensor =
                                         kernel ? &layer.weight : std::get_if<TensorRef>(&layer.input);
                                     if (tensor != nullptr && *tensor == present) *tensor = next;
                                 }
                             });
}

void draw_menu(const LayerControls& controls, bool kernel, float width) {
    const PanelContext& context = controls.context;
    const Key name = kernel ? key("kernel") : key("input");
    ImGui::SetNextItemWidth(width);
    ImGui::PushStyleColor(ImGuiCol_Text, vec(kernel ? context.theme.kernel : context.theme.input));
    const bool open = ImGui::BeginCombo(fmt::format("##fill {}", name.text).c_str(), context.words(name).c_str(),
                                        ImGuiComboFlags_HeightLarge);
    ImGui::PopStyleColor();
    if (!open) {
        tip(context, kernel ? msg("Fills the kernel with values. Single cells can be changed in the diagram.")
                            : msg("Fills the input with values. Single cells can be changed in the diagram."));
        return;
    }
    for (const Filling& filling : kFillings) {
        if (ImGui::Selectable(context.label(filling.label).c_str())) fill(controls, filling, kernel);
        tip(context, filling.about);
    }
    ImGui::EndCombo();
}

}  // namespace

void draw_fill(LayerControls& controls) {
    const PanelContext& context = controls.context;
    if (is_pooling(controls.shape.spec.op) && controls.source()) return;  // neither has numbers of its own
    hue_label(context, msg("fill"), context.theme.text, msg("Fills the input or the kernel with values."));
    ImGui::SameLine(context.text_size * 3);
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    const bool kernel = !is_pooling(controls.shape.spec.op), input = !controls.source();
    const float width = std::floor((ImGui::GetContentRegionAvail().x - gap) / (kernel && input ? 2 : 1));
    if (input) draw_menu(controls, false, width);
    if (kernel && input) ImGui::SameLine();
    if (kernel) draw_menu(controls, true, width);
}

}  // namespace convlens
