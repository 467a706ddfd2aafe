// One setting as a row: name, fields, chain, sliders, and what is wrong with it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/panels/layer/parameters.h"
#include "app/panels/widgets/widgets.h"
#include "core/conv/validate.h"
#include "core/text/ascii.h"
#include "core/text/typed_number.h"

namespace convlens {

namespace {

constexpr float kChain = 1.5F;  // width of the chain button, in text heights

std::string key_of(const LayerControls& controls, ParameterId parameter, Axis axis) {
    return fmt::format("{} {} {}", controls.layer, info(parameter).name, axis == Axis::h ? "h" : "w");
}

// "0|1" where the two sides of an axis differ.
std::string shown_value(const LayerControls& controls, ParameterId parameter, Axis axis) {
    const Size2 value = parameter_value(controls.shape, parameter);
    const std::int64_t own = axis == Axis::h ? value.h : value.w;
    if (parameter == ParameterId::padding) {
        const Pads pads = shown_pads(controls.shape);
        const std::int64_t after = axis == Axis::h ? pads.bottom : pads.right;
        if (after != own) return fmt::format("{}|{}", own, after);
    }
    return fmt::format("{}", own);
}

bool chain_closed(const LayerControls& controls, const Parameter& parameter) {
    if (!parameter.two_axes) return true;
    if (controls.context.ui.panels.layer.apart[static_cast<std::size_t>(parameter.id)]) return false;
    return shown_value(controls, parameter.id, Axis::h) == shown_value(controls, parameter.id, Axis::w);
}

// The parameter that a problem is about: of several that share a field (sizes, N and C of the input) the one that was
// changed.
const Parameter* culprit(const LayerControls& controls, const Problem& problem) {
    const LayerShape before = layer_shape(controls.document_layer());
    const Parameter* found = nullptr;
    for (const Parameter& parameter : parameters()) {
        if (parameter.field != problem.field) continue;
        if (parameter_value(before, parameter.id) != parameter_value(controls.shape, parameter.id)) return &parameter;
        if (found == nullptr) found = &parameter;
    }
    return found;
}

bool has_problem(const LayerControls& controls, const Parameter& parameter, Axis axis) {
    return std::ranges::any_of(controls.problems, [&](const Problem& problem) {
        return culprit(controls, problem) == &parameter && (!problem.axis || *problem.axis == axis);
    });
}

void set(const LayerControls& controls, ParameterId parameter, std::optional<Axis> axis, std::int64_t value,
         std::string merge) {
    LayerShape wanted = controls.shape;
    set_parameter(wanted, parameter, axis, value);
    std::string label = parameter_text(wanted, parameter);
    controls.propose(wanted, std::move(label), std::move(merge));
}

void draw_field(const LayerControls& controls, const Parameter& parameter, Axis axis, bool closed, float width) {
    const Size2 value = parameter_value(controls.shape, parameter.id);
    const std::optional<Axis> along = closed ? std::nullopt : std::optional(axis);
    const auto typed =
        whole_field(controls.context, axis == Axis::h ? "##h" : "##w", key_of(controls, parameter.id, axis),
                    axis == Axis::h ? value.h : value.w, shown_value(controls, parameter.id, axis),
                    {width, has_problem(controls, parameter, axis)});
    if (!typed) return;
    set(controls, parameter.id, along, *typed, {});
    controls.context.ui.seal = true;
}

void draw_chain(const LayerControls& controls, const Parameter& parameter, bool closed) {
    const PanelContext& context = controls.context;
    const Colour hue = context.theme.role(parameter.role);
    if (!chain_button(context, "##chain", closed, hue, std::round(context.text_size * kChain))) return;
    bool& apart = context.ui.panels.layer.apart[static_cast<std::size_t>(parameter.id)];
    apart = closed;
    if (closed) return;
    const Size2 value = parameter_value(controls.shape, parameter.id);
    set(controls, parameter.id, std::nullopt, value.h, {});
}

void draw_slider(const LayerControls& controls, const Parameter& parameter, std::optional<Axis> axis, float width) {
    PanelContext& context = controls.context;
    const bool second = axis == Axis::w;
    const std::size_t at = static_cast<std::size_t>(parameter.id) * 2 + (second ? 1 : 0);
    const auto& values =
        context.ui.panels.layer.possible[at].update(controls.shape, parameter.id, axis, ImGui::IsAnyItemActive());
    const Size2 value = parameter_value(controls.shape, parameter.id);
    const char* label = !axis ? "##slide" : second ? "##slide w" : "##slide h";
    const auto chosen =
        value_slider(context, label, values, second ? value.w : value.h, context.theme.role(parameter.role), width);
    if (chosen)
        set(controls, parameter.id, axis, *chosen, fmt::format("{} {} {}", controls.layer, parameter.name, label));
}

void draw_sliders(const LayerControls& controls, const Parameter& parameter, bool closed) {
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    const float width = ImGui::GetContentRegionAvail().x;
    if (closed) return draw_slider(controls, parameter, std::nullopt, width);
    const float half = std::floor((width - gap) / 2);
    draw_slider(controls, parameter, Axis::h, half);
    ImGui::SameLine();
    draw_slider(controls, parameter, Axis::w, half);
}

struct Columns {
    float field, chain, gap;
    float first;  // where the fields begin
};

Columns columns(const PanelContext& context) {
    const float em = context.text_size;
    const float room = ImGui::GetContentRegionAvail().x;
    Columns c{};
    c.gap = std::round(em * 0.2F);
    c.chain = std::round(em * kChain);
    const float label = em * 7.4F;
    c.field = std::clamp(std::floor((room - label - c.chain - 2 * c.gap) / 2), em * 2.7F, em * 4.2F);
    c.first = room - (2 * c.field + c.chain + 2 * c.gap);
    return c;
}

// What was typed and is no number: the reason, and the numbers that may have been meant.
void draw_refused(const LayerControls& controls, const Parameter& parameter, Axis axis, bool closed) {
    PanelContext& context = controls.context;
    const std::string key = key_of(controls, parameter.id, axis);
    const TypedText* refused = refused_text(context.ui, key);
    if (refused == nullptr) return;
    const TypedText copy = *refused;
    problem_text(context, copy.reason);
    const std::optional<Axis> along = closed ? std::nullopt : std::optional(axis);
    bool first = true;
    const auto button = [&](const std::string& text) {
        if (!first) flow(button_width(text));
        first = false;
        return wide_button(context, text);
    };
    for (const std::int64_t value : copy.near) {
        LayerShape wanted = controls.shape;
        set_parameter(wanted, parameter.id, along, value);
        if (!validate(wanted).empty()) continue;
        if (button(fmt::format("Set {} to {}", parameter.name, value))) {
            forget_text(context.ui, key);
            set(controls, parameter.id, along, value, {});
        }
    }
    if (button(fmt::format("Keep {}", shown_value(controls, parameter.id, axis)))) forget_text(context.ui, key);
}

// The way back, for a field whose draft is impossible: the value that the picture still shows.
std::optional<Fix> way_back(const LayerControls& controls, const Problem& problem) {
    const Parameter* parameter = culprit(controls, problem);
    if (parameter == nullptr) return std::nullopt;
    const LayerShape before = layer_shape(controls.document_layer());
    LayerShape wanted = controls.shape;
    const Size2 value = parameter_value(before, parameter->id);
    set_parameter(wanted, parameter->id, Axis::h, value.h);
    set_parameter(wanted, parameter->id, Axis::w, value.w);
    const bool offered = std::ranges::any_of(problem.fixes, [&](const Fix& fix) { return fix.after == wanted; });
    if (offered || wanted == controls.shape || !validate(wanted).empty()) return std::nullopt;
    return Fix{fmt::format("back to {}", parameter_text(before, parameter->id)), wanted};
}

void draw_problem(const LayerControls& controls, const Problem& problem, int index) {
    problem_text(controls.context, problem.message);
    std::vector<Fix> fixes = problem.fixes;
    if (auto back = way_back(controls, problem)) fixes.push_back(std::move(*back));
    ImGui::PushID(index);
    bool first = true;
    for (const Fix& fix : fixes) {
        if (!first) flow(button_width(capitalized(fix.text)));
        first = false;
        if (wide_button(controls.context, capitalized(fix.text))) controls.propose(fix.after, fix.text);
    }
    ImGui::PopID();
}

// What is wrong with a setting: text that is no number, then what validation says.
void draw_trouble(LayerControls& controls, const Parameter& parameter, bool closed) {
    draw_refused(controls, parameter, Axis::h, closed);
    if (parameter.two_axes) draw_refused(controls, parameter, Axis::w, closed);
    const LayerControls& all = controls;
    draw_problems(controls, [&](const Problem& problem) { return culprit(all, problem) == &parameter; });
}

}  // namespace

void draw_problems(LayerControls& controls, const std::function<bool(const Problem&)>& here) {
    const std::vector<Problem> problems = controls.problems;
    std::erase_if(controls.problems, here);
    int index = 0;
    for (const Problem& problem : problems)
        if (here(problem)) draw_problem(controls, problem, index++);
    if (index > 0 && controls.problems.empty())
        wrapped("The diagram still shows the last setting that worked.", controls.context.theme.faint);
}

void draw_problems(LayerControls& controls, Field field) {
    draw_problems(controls, [field](const Problem& problem) { return problem.field == field; });
}

namespace {

// Of a 1-D layer the columns alone; its height comes back with the input's.
void draw_width_parameter(LayerControls& controls, const Parameter& parameter) {
    const PanelContext& context = controls.context;
    const Columns c = columns(context);
    const float left = ImGui::GetCursorPosX();
    hue_label(context, parameter.label, context.theme.role(parameter.role), parameter.about);
    ImGui::SameLine(left + c.first + c.field + c.chain + 2 * c.gap);
    draw_field(controls, parameter, Axis::w, false, c.field);
    draw_slider(controls, parameter, Axis::w, ImGui::GetContentRegionAvail().x);
    draw_trouble(controls, parameter, false);
}

}  // namespace

void draw_parameter(LayerControls& controls, ParameterId which) {
    PanelContext& context = controls.context;
    const Parameter& parameter = info(which);
    ImGui::PushID(parameter.name);
    if (which != ParameterId::input && one_row(controls.shape)) {
        draw_width_parameter(controls, parameter);
        ImGui::PopID();
        return;
    }
    const bool closed = chain_closed(controls, parameter);
    const Columns c = columns(context);
    const float left = ImGui::GetCursorPosX();
    hue_label(context, parameter.label, context.theme.role(parameter.role), parameter.about);
    ImGui::SameLine(left + c.first);
    draw_field(controls, parameter, Axis::h, closed, c.field);
    ImGui::SameLine(0, c.gap);
    draw_chain(controls, parameter, closed);
    ImGui::SameLine(0, c.gap);
    draw_field(controls, parameter, Axis::w, closed, c.field);
    draw_sliders(controls, parameter, closed);
    draw_trouble(controls, parameter, closed);
    ImGui::PopID();
}

void draw_small_parameters(LayerControls& controls, ParameterId first, ParameterId second) {
    const PanelContext& context = controls.context;
    const float gap = context.text_size, width = std::floor((ImGui::GetContentRegionAvail().x - gap) / 2);
    const float left = ImGui::GetCursorPosX();
    for (const ParameterId which : {first, second}) {
        const Parameter& parameter = info(which);
        if (which == second) ImGui::SameLine(left + width + gap);
        ImGui::PushID(parameter.name);
        ImGui::BeginGroup();
        const float field = std::round(context.text_size * 3);
        hue_label(context, parameter.label, context.theme.role(parameter.role), parameter.about);
        ImGui::SameLine(width - field);  // counted from the group's left
        draw_field(controls, parameter, Axis::h, true, field);
        draw_slider(controls, parameter, std::nullopt, width);
        ImGui::EndGroup();
        ImGui::PopID();
    }
    for (const ParameterId which : {first, second}) {
        ImGui::PushID(info(which).name);
        draw_trouble(controls, info(which), true);
        ImGui::PopID();
    }
}

void draw_axes_heading(const PanelContext& context, bool flat) {
    const Columns c = columns(context);
    if (flat) {
        ImGui::TextColored(vec(context.theme.faint), "1-D: height 1");
        tip("The input has one row, so only the width can be set. A larger H of the input makes it 2-D.");
        ImGui::SameLine();
    }
    const float left = ImGui::GetCursorStartPos().x + c.first;
    const auto centred = [&](const char* text, float x, const char* about) {
        ImGui::SetCursorPosX(x + (c.field - ImGui::CalcTextSize(text).x) / 2);
        ImGui::TextColored(vec(context.theme.faint), "%s", text);
        tip(about);
    };
    centred("H", left, "H: height, counted in rows from top to bottom");
    ImGui::SameLine();
    centred("W", left + c.field + c.chain + 2 * c.gap, "W: width, counted in columns from left to right");
}

}  // namespace convlens
