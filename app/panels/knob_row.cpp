// One setting as a row: name, fields, chain, sliders, and what is wrong with it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/panels/parameters.h"
#include "app/panels/typed.h"
#include "app/panels/widgets.h"
#include "core/conv/validate.h"

namespace convlens {

namespace {

constexpr float kChain = 1.5F;  // width of the chain button, in text heights

std::string key_of(const LayerControls& controls, Knob knob, Axis axis) {
    return fmt::format("{} {} {}", controls.layer, info(knob).name, axis == Axis::h ? "h" : "w");
}

// "0|1" where the two sides of an axis differ.
std::string shown_value(const LayerControls& controls, Knob knob, Axis axis) {
    const Size2 value = knob_value(controls.shape, knob);
    const std::int64_t own = axis == Axis::h ? value.h : value.w;
    if (knob == Knob::padding) {
        const Pads pads = shown_pads(controls.shape);
        const std::int64_t after = axis == Axis::h ? pads.bottom : pads.right;
        if (after != own) return fmt::format("{}|{}", own, after);
    }
    return fmt::format("{}", own);
}

bool chain_closed(const LayerControls& controls, const KnobInfo& knob) {
    if (!knob.two_axes) return true;
    if (controls.context.ui.panels.apart[static_cast<std::size_t>(knob.knob)]) return false;
    return shown_value(controls, knob.knob, Axis::h) == shown_value(controls, knob.knob, Axis::w);
}

// The knob that a problem is about: of several that share a field (sizes, N and C of the input) the one that was changed.
const KnobInfo* culprit(const LayerControls& controls, const Problem& problem) {
    const LayerShape before = layer_shape(controls.document_layer());
    const KnobInfo* found = nullptr;
    for (const KnobInfo& knob : knobs()) {
        if (knob.field != problem.field) continue;
        if (knob_value(before, knob.knob) != knob_value(controls.shape, knob.knob)) return &knob;
        if (found == nullptr) found = &knob;
    }
    return found;
}

bool has_problem(const LayerControls& controls, const KnobInfo& knob, Axis axis) {
    return std::ranges::any_of(controls.problems, [&](const Problem& problem) {
        return culprit(controls, problem) == &knob && (!problem.axis || *problem.axis == axis);
    });
}

void set(const LayerControls& controls, Knob knob, std::optional<Axis> axis, std::int64_t value, std::string merge) {
    LayerShape wanted = controls.shape;
    set_knob(wanted, knob, axis, value);
    std::string label = knob_text(wanted, knob);
    controls.propose(wanted, std::move(label), std::move(merge));
}

void draw_field(const LayerControls& controls, const KnobInfo& knob, Axis axis, bool closed, float width) {
    const Size2 value = knob_value(controls.shape, knob.knob);
    const std::optional<Axis> along = closed ? std::nullopt : std::optional(axis);
    const auto typed = whole_field(controls.context, axis == Axis::h ? "##h" : "##w", key_of(controls, knob.knob, axis),
                                   axis == Axis::h ? value.h : value.w, shown_value(controls, knob.knob, axis),
                                   {width, has_problem(controls, knob, axis)});
    if (!typed) return;
    set(controls, knob.knob, along, *typed, {});
    controls.context.ui.seal = true;
}

void draw_chain(const LayerControls& controls, const KnobInfo& knob, bool closed) {
    const PanelContext& context = controls.context;
    const Colour hue = context.theme.role(knob.role);
    if (!chain_button(context, "##chain", closed, hue, std::round(context.text_size * kChain))) return;
    bool& apart = context.ui.panels.apart[static_cast<std::size_t>(knob.knob)];
    apart = closed;
    if (closed) return;
    const Size2 value = knob_value(controls.shape, knob.knob);
    set(controls, knob.knob, std::nullopt, value.h, {});
}

void draw_slider(const LayerControls& controls, const KnobInfo& knob, std::optional<Axis> axis, float width) {
    PanelContext& context = controls.context;
    const bool second = axis == Axis::w;
    const std::size_t at = static_cast<std::size_t>(knob.knob) * 2 + (second ? 1 : 0);
    const auto& values = context.ui.panels.possible[at].update(controls.shape, knob.knob, axis, ImGui::IsAnyItemActive());
    const Size2 value = knob_value(controls.shape, knob.knob);
    const char* label = !axis ? "##slide" : second ? "##slide w" : "##slide h";
    const auto chosen = value_slider(context, label, values, second ? value.w : value.h, context.theme.role(knob.role), width);
    if (chosen) set(controls, knob.knob, axis, *chosen, fmt::format("{} {} {}", controls.layer, knob.name, label));
}

void draw_sliders(const LayerControls& controls, const KnobInfo& knob, bool closed) {
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    const float width = ImGui::GetContentRegionAvail().x;
    if (closed) return draw_slider(controls, knob, std::nullopt, width);
    const float half = std::floor((width - gap) / 2);
    draw_slider(controls, knob, Axis::h, half);
    ImGui::SameLine();
    draw_slider(controls, knob, Axis::w, half);
}

struct Columns {
    float field, chain, gap;
    float first;  // where the fields begin
};

Columns columns(const PanelContext& context, bool two) {
    const float em = context.text_size;
    const float room = ImGui::GetContentRegionAvail().x;
    Columns c{};
    c.gap = std::round(em * 0.2F);
    c.chain = std::round(em * kChain);
    const float label = em * 7.4F;
    c.field = std::clamp(std::floor((room - label - c.chain - 2 * c.gap) / 2), em * 2.7F, em * 4.2F);
    c.first = room - (two ? 2 * c.field + c.chain + 2 * c.gap : c.field);
    return c;
}

// What was typed and is no number: the reason, and the numbers that may have been meant.
void draw_refused(const LayerControls& controls, const KnobInfo& knob, Axis axis, bool closed) {
    PanelContext& context = controls.context;
    const std::string key = key_of(controls, knob.knob, axis);
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
        set_knob(wanted, knob.knob, along, value);
        if (!validate(wanted).empty()) continue;
        if (button(fmt::format("set {} to {}", knob.name, value))) {
            forget_text(context.ui, key);
            set(controls, knob.knob, along, value, {});
        }
    }
    if (button(fmt::format("keep {}", shown_value(controls, knob.knob, axis)))) forget_text(context.ui, key);
}

// The way back, for a field whose draft is impossible: the value that the picture still shows.
std::optional<Fix> way_back(const LayerControls& controls, const Problem& problem) {
    const KnobInfo* knob = culprit(controls, problem);
    if (knob == nullptr) return std::nullopt;
    const LayerShape before = layer_shape(controls.document_layer());
    LayerShape wanted = controls.shape;
    const Size2 value = knob_value(before, knob->knob);
    set_knob(wanted, knob->knob, Axis::h, value.h);
    set_knob(wanted, knob->knob, Axis::w, value.w);
    const bool offered = std::ranges::any_of(problem.fixes, [&](const Fix& fix) { return fix.after == wanted; });
    if (offered || wanted == controls.shape || !validate(wanted).empty()) return std::nullopt;
    return Fix{fmt::format("back to {}", knob_text(before, knob->knob)), wanted};
}

void draw_problem(const LayerControls& controls, const Problem& problem, int index) {
    problem_text(controls.context, problem.message);
    std::vector<Fix> fixes = problem.fixes;
    if (auto back = way_back(controls, problem)) fixes.push_back(std::move(*back));
    ImGui::PushID(index);
    bool first = true;
    for (const Fix& fix : fixes) {
        if (!first) flow(button_width(fix.text));
        first = false;
        if (wide_button(controls.context, fix.text)) controls.propose(fix.after, fix.text);
    }
    ImGui::PopID();
}

}  // namespace

void draw_problems(LayerControls& controls, const std::function<bool(const Problem&)>& here) {
    const std::vector<Problem> problems = controls.problems;
    std::erase_if(controls.problems, here);
    int index = 0;
    for (const Problem& problem : problems)
        if (here(problem)) draw_problem(controls, problem, index++);
    if (index > 0 && controls.problems.empty())
        wrapped("The picture keeps showing the last possible setting.", controls.context.theme.faint);
}

void draw_problems(LayerControls& controls, Field field) {
    draw_problems(controls, [field](const Problem& problem) { return problem.field == field; });
}

void draw_knob(LayerControls& controls, Knob which) {
    PanelContext& context = controls.context;
    const KnobInfo& knob = info(which);
    ImGui::PushID(knob.name);
    const bool closed = chain_closed(controls, knob);
    const Columns c = columns(context, knob.two_axes);
    const float left = ImGui::GetCursorPosX();
    hue_label(context, knob.name, context.theme.role(knob.role), knob.about);
    ImGui::SameLine(left + c.first);
    draw_field(controls, knob, Axis::h, closed, c.field);
    if (knob.two_axes) {
        ImGui::SameLine(0, c.gap);
        draw_chain(controls, knob, closed);
        ImGui::SameLine(0, c.gap);
        draw_field(controls, knob, Axis::w, closed, c.field);
    }
    draw_sliders(controls, knob, closed);
    draw_refused(controls, knob, Axis::h, closed);
    if (knob.two_axes) draw_refused(controls, knob, Axis::w, closed);
    const LayerControls& all = controls;
    draw_problems(controls, [&](const Problem& problem) { return culprit(all, problem) == &knob; });
    ImGui::PopID();
}

}  // namespace convlens
