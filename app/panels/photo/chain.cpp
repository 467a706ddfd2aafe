// The filters of the photo as a list, in the order in which they are applied, and the list of kernels to choose from.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "app/panels/photo/controls.h"
#include "app/panels/widgets/widgets.h"
#include "app/session/session.h"
#include "core/image/kernel_choice.h"
#include "core/text/number.h"

namespace convlens {

namespace {

// Texts that were refused belong to filters by their place: once that changes they would stand in the wrong field.
void select(PhotoControls& controls, int step) {
    UiState& ui = controls.context.ui;
    ui.panels.photo.step = step;
    leave_filter(ui);
    ui.seal = true;
}

void swap_steps(PhotoControls& controls, std::size_t a, std::size_t b) {
    controls.context.ui.edit(msg("move {filter}", "filter"_is(step_title(controls.filter()))), {},
                             [a, b](Document& document) {
                                 auto& chain = document.photo.chain;
                                 if (std::max(a, b) < chain.size()) std::swap(chain[a], chain[b]);
                             });
    select(controls, static_cast<int>(b));
}

void add_step(PhotoControls& controls) {
    const std::size_t at = controls.chain().empty() ? 0 : controls.step + 1;
    controls.context.ui.edit(msg("add a filter"), {}, [at](Document& document) {
        auto& chain = document.photo.chain;
        chain.insert(chain.begin() + static_cast<std::ptrdiff_t>(std::min(at, chain.size())), FilterStep{});
    });
    select(controls, static_cast<int>(at));
}

void remove_step(PhotoControls& controls) {
    const std::size_t at = controls.step;
    controls.context.ui.edit(msg("remove {filter}", "filter"_is(step_title(controls.filter()))), {},
                             [at](Document& document) {
                                 auto& chain = document.photo.chain;
                                 if (at < chain.size()) chain.erase(chain.begin() + static_cast<std::ptrdiff_t>(at));
                             });
    const int last = static_cast<int>(controls.chain().size()) - 2;  // when it is gone
    select(controls, std::clamp(static_cast<int>(at), 0, std::max(last, 0)));
}

void draw_row(PhotoControls& controls, std::size_t i) {
    const PanelContext& context = controls.context;
    const FilterStep& filter = controls.chain()[i];
    ImGui::PushID(static_cast<int>(i));
    const std::string label = fmt::format("{}  {}###filter", i + 1, context.words(step_title(filter)));
    if (ImGui::Selectable(label.c_str(), i == controls.step)) select(controls, static_cast<int>(i));
    if (const auto choice = kernel_choice(filter)) tip(context, choice->family->about);
    const std::string size = size_text(filter.kernel);
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    const float width = ImGui::CalcTextSize(size.c_str()).x;
    const float y = std::round((low.y + high.y - ImGui::GetFontSize()) / 2);
    ImGui::GetWindowDrawList()->AddText({high.x - width - context.text_size * 0.4F, y},
                                        packed_colour(context.theme.faint), size.c_str());
    ImGui::PopID();
}

void draw_chain_buttons(PhotoControls& controls) {
    const std::size_t count = controls.chain().size();
    if (ImGui::Button(controls.context.label(msg("+ Add")).c_str())) add_step(controls);
    tip(controls.context, msg("Adds a filter after the selected one; it filters that one's result."));
    ImGui::BeginDisabled(count == 0);
    flow(button_width(controls.context.words(msg("Remove"))));
    if (ImGui::Button(controls.context.label(msg("Remove")).c_str())) remove_step(controls);
    ImGui::EndDisabled();
    if (count < 2) return;
    flow(button_width(controls.context.words(msg("Up"))));
    ImGui::BeginDisabled(controls.step == 0);
    if (ImGui::Button(controls.context.label(msg("Up")).c_str()))
        swap_steps(controls, controls.step, controls.step - 1);
    ImGui::EndDisabled();
    flow(button_width(controls.context.words(msg("Down"))));
    ImGui::BeginDisabled(controls.step + 1 >= count);
    if (ImGui::Button(controls.context.label(msg("Down")).c_str()))
        swap_steps(controls, controls.step, controls.step + 1);
    ImGui::EndDisabled();
}

void choose(const PhotoControls& controls, const KernelFamily& family) {
    KernelChoice choice{&family, {}};
    for (const KernelParameter& parameter : family.parameters) choice.values.push_back(parameter.fallback);
    const Key label = family.title;
    if (controls.chain().empty()) {
        const FilterStep made = with_choice(FilterStep{}, choice, false);
        controls.context.ui.edit(label, {}, [made](Document& document) { document.photo.chain.push_back(made); });
        return;
    }
    controls.put(with_choice(controls.filter(), choice, false), label);
}

// A whole number of two values is a switch.
bool is_switch(const KernelParameter& parameter) {
    return parameter.integer && parameter.least == 0 && parameter.most == 1;
}

// Where sliders end; larger values are typed (Ctrl and a click).
double slider_most(const KernelParameter& parameter) {
    const double most = parameter.name == "size" ? 31 : parameter.name == "sigma" ? 10 : 5;
    return std::min(most, parameter.most);
}

Message parameter_about(const KernelParameter& parameter) {
    if (parameter.name == "size")
        return parameter.least == 0 ? msg("Rows and columns of the kernel. 0 is automatic: as many as sigma needs.")
                                    : msg("Rows and columns of the kernel.");
    if (parameter.name == "sigma")
        return msg(
            "Standard deviation of the blur in pixels. 0 is automatic: chosen from the size, but for 1, 3, 5, 7 and "
            "9, whose weights are a table of OpenCV's.");
    if (parameter.name == "amount") return msg("The strength of the effect.");
    if (parameter.name == "diagonals") return msg("Includes the four diagonal neighbours.");
    return {};
}

// The value that the slider of this frame gives, if it moves. `automatic` says what a 0 stands for; the slider shows it.
std::optional<double> draw_slider(const PanelContext& context, const KernelParameter& parameter, double value,
                                  const std::string& automatic) {
    if (is_switch(parameter)) {
        bool on = value != 0;
        if (!ImGui::Checkbox("##value", &on)) return std::nullopt;
        return on ? 1 : 0;
    }
    ImGui::SetNextItemWidth(-1);
    const double least = parameter.least, most = std::max(slider_most(parameter), value);
    // Words that are cut say less than fewer of them; the tip has them all.
    const float room = ImGui::GetContentRegionAvail().x - 2 * ImGui::GetStyle().FramePadding.x;
    const bool fits = ImGui::CalcTextSize(automatic.c_str()).x <= room;
    const std::string format = !automatic.empty()  ? (fits ? automatic : context.words(msg("automatic")))
                               : parameter.integer ? "%d"
                                                   : "%.2f";
    double moved = value;
    bool changed = false;
    if (parameter.integer) {
        int whole = static_cast<int>(value);
        const int from = static_cast<int>(least), to = static_cast<int>(most);
        changed = ImGui::SliderScalar("##value", ImGuiDataType_S32, &whole, &from, &to, format.c_str());
        moved = whole;
    } else {
        changed = ImGui::SliderScalar("##value", ImGuiDataType_Double, &moved, &least, &most, format.c_str());
        moved = std::round(moved * 100) / 100;
    }
    if (!changed || moved == value) return std::nullopt;
    return moved;
}

// A value that makes no kernel stays refused below the slider, with the reason.
void set_parameter(const PhotoControls& controls, KernelChoice choice, std::size_t at, double value,
                   const std::string& key) {
    UiState& ui = controls.context.ui;
    forget_text(ui, key);
    const double before = std::exchange(choice.values[at], value);
    try {
        const FilterStep made = with_choice(controls.filter(), choice, true);
        controls.put(made, verbatim(to_name(choice)), std::string(choice.family->parameters[at].name));
    } catch (const KernelError& error) {
        ui.panels.typed.push_back({key, short_number(value), error.message, {}, before});
    }
}

void draw_parameters(const PhotoControls& controls, const KernelChoice& choice) {
    for (std::size_t i = 0; i < choice.values.size(); ++i) {
        const KernelParameter& parameter = choice.family->parameters[i];
        const std::string name(parameter.name);
        ImGui::PushID(name.c_str());
        photo_label(controls.context, verbatim(name), parameter_about(parameter));
        const double value = choice.values[i];
        const std::string automatic = controls.context.words(automatic_text(choice, i, controls.filter().kernel));
        const auto moved = draw_slider(controls.context, parameter, value, automatic);
        if (ImGui::IsItemDeactivated()) controls.context.ui.seal = true;
        const Message range =
            msg("{least} to {most}. Ctrl+click to type a number.", "least"_is(fmt::format("{}", parameter.least)),
                "most"_is(fmt::format("{}", parameter.most)));
        tip((automatic.empty() ? "" : automatic + "\n") +
            controls.context.words(is_switch(parameter) ? parameter_about(parameter) : range));
        ImGui::PopID();
        const std::string key = fmt::format("photo {} {}", controls.step, name);
        if (moved) set_parameter(controls, choice, i, *moved, key);
        const TypedText* refused = refused_text(controls.context.ui, key);
        if (refused != nullptr && refused->value != value) forget_text(controls.context.ui, key);
        photo_refused(controls.context, key,
                      automatic.empty() ? msg("{setting} {value}", "setting"_is(name), "value"_is(short_number(value)))
                                        : msg("{setting} automatic", "setting"_is(name)));
    }
}

}  // namespace

// As high as what it says while it is empty, so that the first filter moves nothing below it under the mouse.
void draw_photo_chain(PhotoControls& controls) {
    const std::string nothing =
        controls.context.words(msg("No filter yet: the image is unchanged. Choose a kernel below."));
    heading(controls.context, msg("Filter chain"));
    const float none = ImGui::CalcTextSize(nothing.c_str(), nullptr, false, ImGui::GetContentRegionAvail().x).y;
    const float end = ImGui::GetCursorPosY() + none + ImGui::GetStyle().ItemSpacing.y;
    if (controls.chain().empty()) wrapped(nothing, controls.context.theme.faint);
    for (std::size_t i = 0; i < controls.chain().size(); ++i) draw_row(controls, i);
    ImGui::SetCursorPosY(std::max(end, ImGui::GetCursorPosY()));
    draw_chain_buttons(controls);
}

void draw_photo_presets(const PhotoControls& controls) {
    heading(controls.context, msg("Kernel"));
    const auto choice = controls.chain().empty() ? std::optional<KernelChoice>() : kernel_choice(controls.filter());
    const auto& families = kernel_families();
    const std::size_t rows = (families.size() + 1) / 2;
    const float half = std::floor(ImGui::GetContentRegionAvail().x / 2);
    const float left = ImGui::GetCursorPosX();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing,
                        ImVec2(ImGui::GetStyle().ItemSpacing.x, std::round(controls.context.text_size * 0.15F)));
    for (std::size_t row = 0; row < rows; ++row) {
        for (const std::size_t i : {row, row + rows}) {
            if (i >= families.size()) continue;
            if (i != row) ImGui::SameLine(left + half);
            const KernelFamily& family = families[i];
            const bool on = choice && choice->family == &family;
            if (ImGui::Selectable(controls.context.label(family.title).c_str(), on, 0,
                                  {half - ImGui::GetStyle().ItemSpacing.x, 0}))
                choose(controls, family);
            tip(controls.context, family.about);
        }
    }
    ImGui::PopStyleVar();
    if (choice) draw_parameters(controls, *choice);
}

}  // namespace convlens
