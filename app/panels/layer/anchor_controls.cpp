// Where the kernel's anchor is: its cell as two numbers, and the programs' own places by name.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/panels/layer/parameters.h"
#include "app/panels/widgets/widgets.h"
#include "core/conv/anchor.h"
#include "core/conv/validate.h"
#include "core/text/typed_number.h"

namespace convlens {

namespace {

constexpr Key kAbout = key(
    "The kernel cell placed on the output's own position (the ring in the diagram), counted from 0. Moving it shifts "
    "the output; the padding follows, and the output keeps the input's size. Drag the ring or type.");

// The anchor of a shape that may be a draft.
std::optional<Anchor> anchor_of(const LayerShape& shape) {
    if (!validate(shape).empty()) return {};
    return kernel_anchor(shape.spec, shape.input.plane());
}

// "(1, 1)", "between weights", "not allowed here".
Message place_text(const LayerShape& shape) {
    const auto anchor = anchor_of(shape);
    if (!anchor) return msg("not allowed here");
    if (!anchor->window) return msg("between weights");
    return verbatim(fmt::format("({}, {})", anchor->window->h, anchor->window->w));
}

LayerShape as_in(const LayerShape& shape, const AnchorConvention& convention) {
    LayerShape changed = shape;
    changed.spec = with_convention(shape.spec, convention);
    return changed;
}

constexpr float kColumn = 6.2F;  // where the fields of Advanced begin, in text heights

void label(const PanelContext& context, const Message& text, const Message& about, float column = kColumn) {
    hue_label(context, text, context.theme.anchor, about);
    beside_label(context, column);
}

// The cell that the fields show: what was typed, possible or not, else where the anchor is.
std::optional<Size2> shown_cell(const LayerShape& shape) {
    if (shape.spec.pad_rule == PadRule::opencv_anchor && shape.spec.anchor) return shape.spec.anchor;
    const auto anchor = anchor_of(shape);
    return anchor ? anchor->window : std::nullopt;
}

void draw_cell_fields(LayerControls& controls) {
    PanelContext& context = controls.context;
    const std::optional<Size2> cell = shown_cell(controls.shape);
    const Size2 kernel = controls.shape.spec.kernel;
    Size2 wanted = cell.value_or(Size2{kernel.h / 2, kernel.w / 2});
    const auto wrong = [&](Axis axis) {
        return std::ranges::any_of(controls.problems, [&](const Problem& problem) {
            return problem.field == Field::anchor && (!problem.axis || *problem.axis == axis);
        });
    };
    Message reason;
    bool changed = false;
    label(context, key("anchor"), kAbout);
    const float gap = std::round(context.text_size * 0.3F);
    const float width = std::min(context.text_size * 3, std::floor((ImGui::GetContentRegionAvail().x - gap) / 2));
    for (const Axis axis : {Axis::h, Axis::w}) {
        std::int64_t& own = axis == Axis::h ? wanted.h : wanted.w;
        const char* name = axis == Axis::h ? "##anchor h" : "##anchor w";
        const std::string key = fmt::format("{} {}", controls.layer, name);
        if (axis == Axis::w) ImGui::SameLine(0, gap);
        const auto typed =
            whole_field(context, name, key, own, cell ? fmt::format("{}", own) : "–", {width, wrong(axis)});
        if (const TypedText* refused = refused_text(context.ui, key)) reason = refused->reason;
        if (!typed) continue;
        own = *typed;
        changed = true;
    }
    if (!reason.empty()) problem_text(context, reason);
    if (!changed) return;
    LayerShape moved = controls.shape;
    moved.spec = with_anchor(controls.shape.spec, wanted);
    controls.propose(moved, msg("anchor ({row}, {column})", "row"_is(wanted.h), "column"_is(wanted.w)));
}

// Where no program's rule is chosen: what the anchor comes from.
Message own_place(const LayerShape& shape) {
    if (shape.spec.pad_rule == PadRule::opencv_anchor) return msg("set by hand");
    return anchor_of(shape) ? msg("from the padding") : msg("choose…");
}

void draw_convention(LayerControls& controls) {
    PanelContext& context = controls.context;
    const AnchorConvention* now = convention_of(controls.shape.spec);
    label(context, msg("convention"),
          msg("An even kernel has no middle cell, and programs place the anchor differently. Choose one."), 3.6F);
    ImGui::SetNextItemWidth(-1);
    const std::string shown = now != nullptr ? std::string(now->program) : context.words(own_place(controls.shape));
    if (!ImGui::BeginCombo("##anchor as in", shown.c_str(), ImGuiComboFlags_HeightLargest)) return;
    for (const AnchorConvention& convention : anchor_conventions()) {
        const LayerShape changed = as_in(controls.shape, convention);
        const auto program = "program"_is(convention.program);
        const auto place = "place"_is(place_text(changed));
        const std::string text =
            context.label(convention.turns ? msg("{program} {place}, kernel flipped", program, place)
                                           : msg("{program} {place}", program, place),
                          fmt::format("###{}", convention.program));
        if (!ImGui::Selectable(text.c_str(), &convention == now) || &convention == now) continue;
        controls.propose(changed, msg("anchor as in {program}", program));
    }
    ImGui::EndCombo();
}

// Why there is no ring in the picture, and what a choice would do.
void draw_reason(const LayerControls& controls) {
    if (!validate(controls.shape).empty()) return;
    const auto anchor = anchor_of(controls.shape);
    const Colour faint = controls.context.theme.faint;
    if (!anchor)
        return wrapped(controls.context,
                       msg("No anchor: output cells do not line up with input cells. Choosing one pads the input so "
                           "that they do."),
                       faint);
    if (!anchor->window)
        return wrapped(controls.context, msg("The output's position is in a gap between weights."), faint);
    if (anchor->stored != anchor->window)
        wrapped(controls.context,
                msg("Counted in the flipped kernel; that is weight [{h}, {w}].", "h"_is(anchor->stored->h),
                    "w"_is(anchor->stored->w)),
                faint);
}

}  // namespace

void draw_anchor(LayerControls& controls) {
    PanelContext& context = controls.context;
    if (!can_have_anchor(controls.shape.spec)) {
        label(context, key("anchor"), kAbout);
        ImGui::TextColored(vec(context.theme.faint), "%s", context.words(msg("none: padding crops")).c_str());
        tip(context, msg("A transposed convolution has no anchor: its padding crops the output."));
        return;
    }
    ImGui::BeginGroup();
    draw_cell_fields(controls);
    draw_convention(controls);
    ImGui::EndGroup();
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) context.ui.panels.diagram.anchor_looked_at = true;
    draw_reason(controls);
    draw_problems(controls, Field::anchor);
}

}  // namespace convlens
