// One setting as a row: name, fields, chain, sliders, and what is wrong with it.
#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "app/document/chain.h"
#include "app/panels/layer/parameters.h"
#include "app/panels/widgets/widgets.h"
#include "core/conv/validate.h"
#include "core/text/ascii.h"
#include "core/text/typed_number.h"

namespace convlens {

namespace {

constexpr float kChain = 1.5F;  // width of the chain button, in text heights

std::string key_of(const LayerControls& controls, Field field, Axis axis) {
    return fmt::format("{} {} {}", controls.layer, parameter(field).name.text, axis == Axis::h ? "h" : "w");
}

// "0|1" where the two sides of an axis differ.
std::string shown_value(const LayerControls& controls, Field field, Axis axis) {
    const Size2 value = shown_number(controls.shape, field);
    const std::int64_t own = axis == Axis::h ? value.h : value.w;
    if (field == Field::padding) {
        const Pads pads = shown_pads(controls.shape);
        const std::int64_t after = axis == Axis::h ? pads.bottom : pads.right;
        if (after != own) return fmt::format("{}|{}", own, after);
    }
    return fmt::format("{}", own);
}

bool chain_closed(const LayerControls& controls, const Parameter& row) {
    if (!per_axis(row)) return true;
    if (controls.context.ui.panels.layer.apart[static_cast<std::size_t>(row.id)]) return false;
    return shown_value(controls, row.id, Axis::h) == shown_value(controls, row.id, Axis::w);
}

// The row that a problem is shown in: of several that share a field (sizes, N and C of the input) the one that was changed,
// the field's own before the others. Null where the field has no row.
const Parameter* culprit(const LayerControls& controls, const Problem& problem) {
    const LayerShape before = layer_shape(controls.document_layer());
    const auto changed = [&](const Parameter& row) {
        return shown_number(before, row.id) != shown_number(controls.shape, row.id);
    };
    const Parameter* found = nullptr;
    const Parameter* own = nullptr;
    for (const Parameter& row : parameters()) {
        if (row.blamed() != problem.field || row.place == 0) continue;
        if (row.id == problem.field) own = &row;
        if (changed(row) && (found == nullptr || row.id == problem.field)) found = &row;
    }
    return found != nullptr ? found : own;
}

bool has_problem(const LayerControls& controls, const Parameter& row, Axis axis) {
    return std::ranges::any_of(controls.problems, [&](const Problem& problem) {
        return culprit(controls, problem) == &row && (!problem.axis || *problem.axis == axis);
    });
}

void set(const LayerControls& controls, Field field, std::optional<Axis> axis, std::int64_t value, std::string merge) {
    LayerShape wanted = controls.shape;
    set_number(wanted, field, axis, value);
    controls.propose(wanted, parameter_text(wanted, field), std::move(merge));
}

void draw_field(const LayerControls& controls, const Parameter& row, Axis axis, bool closed, float width) {
    const Size2 value = shown_number(controls.shape, row.id);
    const std::optional<Axis> along = closed ? std::nullopt : std::optional(axis);
    const auto typed = whole_field(controls.context, axis == Axis::h ? "##h" : "##w", key_of(controls, row.id, axis),
                                   axis == Axis::h ? value.h : value.w, shown_value(controls, row.id, axis),
                                   {width, has_problem(controls, row, axis)});
    if (!typed) return;
    set(controls, row.id, along, *typed, {});
    controls.context.ui.seal = true;
}

void draw_chain(const LayerControls& controls, const Parameter& row, bool closed) {
    const PanelContext& context = controls.context;
    const Colour hue = context.theme.role(row.role);
    if (!chain_button(context, "##chain", closed, hue, std::round(context.text_size * kChain))) return;
    bool& apart = context.ui.panels.layer.apart[static_cast<std::size_t>(row.id)];
    apart = closed;
    if (closed) return;
    const Size2 value = shown_number(controls.shape, row.id);
    set(controls, row.id, std::nullopt, value.h, {});
}

void draw_slider(const LayerControls& controls, const Parameter& row, std::optional<Axis> axis, float width) {
    PanelContext& context = controls.context;
    const bool second = axis == Axis::w;
    const std::size_t at = static_cast<std::size_t>(row.id) * 2 + (second ? 1 : 0);
    const auto& values =
        context.ui.panels.layer.possible[at].update(controls.shape, row.id, axis, ImGui::IsAnyItemActive());
    const Size2 value = shown_number(controls.shape, row.id);
    const char* label = !axis ? "##slide" : second ? "##slide w" : "##slide h";
    const auto chosen =
        value_slider(context, label, values, second ? value.w : value.h, context.theme.role(row.role), width);
    if (chosen) set(controls, row.id, axis, *chosen, fmt::format("{} {} {}", controls.layer, row.name.text, label));
}

void draw_sliders(const LayerControls& controls, const Parameter& row, bool closed) {
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    const float width = ImGui::GetContentRegionAvail().x;
    if (closed) return draw_slider(controls, row, std::nullopt, width);
    const float half = std::floor((width - gap) / 2);
    draw_slider(controls, row, Axis::h, half);
    ImGui::SameLine();
    draw_slider(controls, row, Axis::w, half);
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
    const float label = em * 6.5F;  // of the longest, with what is left free behind it
    c.field = std::clamp(std::floor((room - label - c.chain - 2 * c.gap) / 2), em * 2.45F, em * 4.2F);
    c.first = room - (2 * c.field + c.chain + 2 * c.gap);
    return c;
}

// What was typed and is no number: the reason, and the numbers that may have been meant.
void draw_refused(const LayerControls& controls, const Parameter& row, Axis axis, bool closed) {
    PanelContext& context = controls.context;
    const std::string key = key_of(controls, row.id, axis);
    const TypedText* refused = refused_text(context.ui, key);
    if (refused == nullptr) return;
    const TypedText copy = *refused;
    problem_text(context, copy.reason);
    const std::optional<Axis> along = closed ? std::nullopt : std::optional(axis);
    bool first = true;
    const auto button = [&](const Message& text) {
        if (!first) flow(button_width(context.words(text)));
        first = false;
        return wide_button(context, text);
    };
    for (const std::int64_t value : copy.near) {
        LayerShape wanted = controls.shape;
        set_number(wanted, row.id, along, value);
        if (!validate(wanted).empty()) continue;
        if (button(msg("Set {setting} to {value}", "setting"_is(row.name), "value"_is(value)))) {
            forget_text(context.ui, key);
            set(controls, row.id, along, value, {});
        }
    }
    if (button(msg("Keep {value}", "value"_is(shown_value(controls, row.id, axis))))) forget_text(context.ui, key);
}

// The way back, for a field whose draft is impossible: the value that the picture still shows.
std::optional<Fix> way_back(const LayerControls& controls, const Problem& problem) {
    const Parameter* row = culprit(controls, problem);
    if (row == nullptr) return std::nullopt;
    const LayerShape before = layer_shape(controls.document_layer());
    LayerShape wanted = controls.shape;
    const Size2 value = shown_number(before, row->id);
    set_number(wanted, row->id, Axis::h, value.h);
    set_number(wanted, row->id, Axis::w, value.w);
    const bool offered = std::ranges::any_of(problem.fixes, [&](const Fix& fix) { return fix.after == wanted; });
    if (offered || wanted == controls.shape || !validate(wanted).empty()) return std::nullopt;
    return Fix{msg("back to {setting}", "setting"_is(parameter_text(before, row->id))), wanted};
}

void draw_problem(const LayerControls& controls, const Problem& problem, int index) {
    problem_text(controls.context, problem.message);
    std::vector<Fix> fixes = problem.fixes;
    if (auto back = way_back(controls, problem)) fixes.push_back(std::move(*back));
    ImGui::PushID(index);
    bool first = true;
    for (const Fix& fix : fixes) {
        const Message text = msg("{^fix}", "fix"_is(fix.text));
        if (!first) flow(button_width(controls.context.words(text)));
        first = false;
        if (wide_button(controls.context, text)) controls.propose(fix.after, fix.text);
    }
    ImGui::PopID();
}

// What is wrong with a setting: text that is no number, then what validation says.
void draw_trouble(LayerControls& controls, const Parameter& row, bool closed) {
    draw_refused(controls, row, Axis::h, closed);
    if (per_axis(row)) draw_refused(controls, row, Axis::w, closed);
    const LayerControls& all = controls;
    draw_problems(controls, [&](const Problem& problem) { return culprit(all, problem) == &row; });
}

}  // namespace

void draw_problems(LayerControls& controls, const std::function<bool(const Problem&)>& here) {
    const std::vector<Problem> problems = controls.problems;
    std::erase_if(controls.problems, here);
    int index = 0;
    for (const Problem& problem : problems)
        if (here(problem)) draw_problem(controls, problem, index++);
    if (index > 0 && controls.problems.empty())
        wrapped(controls.context, msg("The diagram still shows the last setting that worked."),
                controls.context.theme.faint);
}

void draw_problems(LayerControls& controls, Field field) {
    draw_problems(controls, [field](const Problem& problem) { return problem.field == field; });
}

namespace {

// Of a 1-D layer the columns alone; its height comes back with the input's.
void draw_width_parameter(LayerControls& controls, const Parameter& row) {
    const PanelContext& context = controls.context;
    const Columns c = columns(context);
    const float left = ImGui::GetCursorPosX();
    hue_label(context, row.label, context.theme.role(row.role), row.about);
    ImGui::SameLine(left + c.first + c.field + c.chain + 2 * c.gap);
    draw_field(controls, row, Axis::w, false, c.field);
    draw_slider(controls, row, Axis::w, ImGui::GetContentRegionAvail().x);
    draw_trouble(controls, row, false);
}

}  // namespace

std::vector<const Parameter*> rows_of(Op op, bool axes) {
    std::vector<const Parameter*> rows;
    for (const Parameter& row : parameters())
        if (row.place > 0 && row.operations.contain(op) && per_axis(row) == axes) rows.push_back(&row);
    std::ranges::sort(rows, {}, &Parameter::place);
    return rows;
}

void draw_parameter(LayerControls& controls, const Parameter& row) {
    PanelContext& context = controls.context;
    ImGui::PushID(row.name.text.data());
    if (row.id != Field::input && one_row(controls.shape)) {
        draw_width_parameter(controls, row);
        ImGui::PopID();
        return;
    }
    const bool closed = chain_closed(controls, row);
    const Columns c = columns(context);
    const float left = ImGui::GetCursorPosX();
    hue_label(context, row.label, context.theme.role(row.role), row.about);
    ImGui::SameLine(left + c.first);
    draw_field(controls, row, Axis::h, closed, c.field);
    ImGui::SameLine(0, c.gap);
    draw_chain(controls, row, closed);
    ImGui::SameLine(0, c.gap);
    draw_field(controls, row, Axis::w, closed, c.field);
    draw_sliders(controls, row, closed);
    draw_trouble(controls, row, closed);
    ImGui::PopID();
}

void draw_small_parameters(LayerControls& controls) {
    const PanelContext& context = controls.context;
    const float gap = context.text_size, width = std::floor((ImGui::GetContentRegionAvail().x - gap) / 2);
    const float left = ImGui::GetCursorPosX();
    std::vector<const Parameter*> rows = rows_of(controls.shape.spec.op, false);
    std::erase_if(rows, [&](const Parameter* row) { return !controls.can_set(*row); });
    for (std::size_t first = 0; first < rows.size(); first += 2) {
        const auto pair = std::span(rows).subspan(first, std::min<std::size_t>(2, rows.size() - first));
        for (const Parameter* const row : pair) {
            if (row != pair.front()) ImGui::SameLine(left + width + gap);
            ImGui::PushID(row->name.text.data());
            ImGui::BeginGroup();
            const float field = std::min(std::round(context.text_size * 3), std::floor(width * 0.44F));
            hue_label(context, row->label, context.theme.role(row->role), row->about);
            ImGui::SameLine(width - field);  // counted from the group's left
            draw_field(controls, *row, Axis::h, true, field);
            draw_slider(controls, *row, std::nullopt, width);
            ImGui::EndGroup();
            ImGui::PopID();
        }
        for (const Parameter* const row : pair) {
            ImGui::PushID(row->name.text.data());
            draw_trouble(controls, *row, true);
            ImGui::PopID();
        }
    }
}

void draw_source(const LayerControls& controls) {
    const PanelContext& context = controls.context;
    hue_label(context, msg("input"), context.theme.input, msg("The input is computed: it is another layer's output."));
    ImGui::SameLine(context.text_size * 5.2F);
    wrapped(context,
            msg("output of {layer}, {shape}", "layer"_is(layer_title(context.document, *controls.source())),
                "shape"_is(to_string(controls.shape.input))),
            context.theme.text);
}

void draw_axes_heading(const PanelContext& context, bool flat) {
    const Columns c = columns(context);
    if (flat) {
        ImGui::TextColored(vec(context.theme.faint), "%s", context.words(msg("1-D: height 1")).c_str());
        tip(context, msg("The input has one row, so only the width can be set. A larger H of the input makes it 2-D."));
        ImGui::SameLine();
    }
    const float left = ImGui::GetCursorStartPos().x + c.first;
    const auto centred = [&](const char* text, float x, Key about) {
        ImGui::SetCursorPosX(x + (c.field - ImGui::CalcTextSize(text).x) / 2);
        ImGui::TextColored(vec(context.theme.faint), "%s", text);
        tip(context, about);
    };
    centred("H", left, key("H: height, counted in rows from top to bottom"));
    ImGui::SameLine();
    centred("W", left + c.field + c.chain + 2 * c.gap, key("W: width, counted in columns from left to right"));
}

}  // namespace convlens
