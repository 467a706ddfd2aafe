// Explain: why the output has its size and its numbers, and what would give another size.
#include "app/panels/explanation/explain.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/conv/shape.h"
#include "core/text/ascii.h"
#include "core/text/number.h"

namespace convlens {

namespace {

struct Formula {
    std::string latex;
    FontMetrics::Box box;
};

// The size at which all of them fit into `room`; all but the first are indented.
float fitting_size(const PanelContext& context, const std::vector<std::string>& formulas, float room, float indent) {
    const float size = std::round(context.text_size * 1.1F);
    float share = 1;
    for (const std::string& latex : formulas) {
        const float own = &latex == &formulas.front() ? room : room - indent;
        share = std::min(share, own / std::max(context.fonts.formula_box(latex, size).w, 1.0F));
    }
    return std::max(context.text_size * 0.6F, share < 1 ? std::floor(size * share * 4) / 4 : size);
}

// Side by side, each in the middle of the line's height.
void draw_formulas(const PanelContext& context, const std::vector<Formula>& line, float size, float indent) {
    const float left = ImGui::GetCursorPosX() + indent, top = ImGui::GetCursorPosY(),
                gap = std::round(context.text_size * 0.4F);
    float height = 0, x = left;
    for (const Formula& formula : line) height = std::max(height, formula.box.h);
    for (const Formula& formula : line) {
        ImGui::SetCursorPos({std::round(x), std::round(top + (height - formula.box.h) / 2)});
        context.screen.formula(formula.latex, size, context.theme.text);
        x += formula.box.w + gap;
    }
    ImGui::SetCursorPos({left - indent, top});
    ImGui::Dummy({1, height});
}

// H_o = symbols, = numbers, = …; the short steps at the end share a line.
void draw_derivation(const PanelContext& context, const Derivation& derivation) {
    const float indent = std::round(context.text_size * 1.5F), gap = std::round(context.text_size * 0.4F);
    const float room = ImGui::GetContentRegionAvail().x - 1;
    std::vector<std::string> formulas{to_latex(derivation.symbol, latex_colour, &context.theme)};
    for (std::size_t i = 0; i < derivation.lines.size(); ++i) {
        const std::string latex = "= " + to_latex(derivation.lines[i], latex_colour, &context.theme);
        i == 0 ? formulas[0] += " " + latex : formulas.emplace_back(latex);
    }
    const float size = fitting_size(context, formulas, room, indent);
    std::vector<Formula> line;
    float width = 0;
    for (std::size_t i = 0; i < formulas.size(); ++i) {
        Formula next{formulas[i], context.fonts.formula_box(formulas[i], size)};
        // The symbols and the numbers put in stand under one another: that is where one looks from one to the other.
        const bool beside = i > 2 && indent + width + gap + next.box.w <= room;
        if (!beside && !line.empty()) {
            draw_formulas(context, line, size, i == 1 ? 0 : indent);
            line.clear();
            width = 0;
        }
        width += next.box.w + (line.empty() ? 0 : gap);
        line.push_back(std::move(next));
    }
    if (!line.empty()) draw_formulas(context, line, size, formulas.size() == 1 ? 0 : indent);
}

// Why a term stands in the derivation, where that needs a sentence.
void draw_note(const PanelContext& context, const Derivation& derivation) {
    if (!derivation.note.empty()) wrapped(context, derivation.note, context.theme.faint);
}

void draw_unread(const ExplainView& view) {
    const UnreadWords words = in_words(view.layer.unread_h, view.layer.unread_w);
    for (const Message& sentence : words.input) wrapped(view.context, sentence, view.context.theme.problem);
    if (!words.padding.empty()) wrapped(view.context, words.padding, view.context.theme.faint);
}

void draw_size(const ExplainView& view) {
    const PanelContext& context = view.context;
    const bool same = same_axes(view.layer);
    heading(context, same ? msg("Output size, height and width alike") : msg("Output size"));
    draw_derivation(context, view.layer.size_h);
    draw_note(context, view.layer.size_h);
    if (!same) {
        ImGui::Spacing();
        draw_derivation(context, view.layer.size_w);
        draw_note(context, view.layer.size_w);
    }
    draw_unread(view);
}

void draw_answers(const ExplainView& view, Size2 wanted) {
    const PanelContext& context = view.context;
    const Shape4 out = view.layer.output.shape();
    if (wanted == out.plane()) return wrapped(context, msg("The output already has this size."), context.theme.faint);
    if (wanted.h < 1 || wanted.w < 1) return problem_text(context, no_answer_text(wanted));
    const LayerShape shape = layer_shape(view.layer.layer);
    auto& asked = context.ui.panels.explanation.asked;
    if (!asked || asked->shape != shape || asked->wanted != wanted)
        asked = SizeQuestion{shape, wanted, settings_for_size(shape.spec, shape.input, wanted)};
    if (asked->answers.empty()) return wrapped(context, no_answer_text(wanted), context.theme.text);
    wrapped(context, msg("Each of these gives it:"), context.theme.faint);
    for (const SizeAnswer& answer : asked->answers) {
        const Message text = msg("{^fix}", "fix"_is(answer.text));
        if (&answer != &asked->answers.front()) flow(button_width(context.words(text)));
        if (!wide_button(context, text)) continue;
        LayerShape next = shape;
        next.spec = answer.spec;
        next.input = answer.input;
        propose(context.ui, context.document, view.pane.layer, next, answer.text, {});
        break;
    }
}

void draw_wanted(const ExplainView& view) {
    const PanelContext& context = view.context;
    ExplanationState& state = context.ui.panels.explanation;
    const Size2 now = view.layer.output.shape().plane();
    Size2 wanted = state.wanted.value_or(now);
    const float em = context.text_size, gap = std::round(em * 0.2F);
    ImGui::PushID("wanted");
    hue_label(context, msg("target size"), context.theme.output,
              msg("Type an output size to see which settings give it."));
    ImGui::SameLine(em * 6.5F);
    const bool together = !state.wanted_apart && wanted.h == wanted.w;
    const FieldLook look{em * 3.4F, false};
    Message reason;
    const auto field = [&](const char* label, std::int64_t value) {
        const std::string key = std::string("wanted ") + label;
        const auto typed = whole_field(context, label, key, value, look);
        if (const TypedText* refused = refused_text(context.ui, key)) reason = refused->reason;
        return typed;
    };
    const auto h = field("##h", wanted.h);
    ImGui::SameLine(0, gap);
    if (chain_button(context, "##chain", together, context.theme.output, std::round(em * 1.5F))) {
        state.wanted_apart = together;
        if (!together) state.wanted = Size2{wanted.h, wanted.h};
    }
    ImGui::SameLine(0, gap);
    const auto w = field("##w", wanted.w);
    if (h || w) {
        if (h) wanted.h = *h;
        if (w) wanted.w = *w;
        if (together) wanted = h ? Size2{*h, *h} : Size2{*w, *w};
        state.wanted = wanted;
    }
    if (!reason.empty()) problem_text(context, reason);
    if (state.wanted && reason.empty()) draw_answers(view, *state.wanted);
    ImGui::PopID();
}

// The number of a count as it is shown, and as the plural of a sentence needs it: beyond 64 bits they are many.
struct Counted {
    std::string digits;
    std::int64_t plural;
};
Counted counted_of(const Count& count) {
    if (const auto whole = count.whole()) return {grouped(*whole), *whole};
    return {grouped(count.digits()), std::numeric_limits<std::int64_t>::max()};
}

void draw_cost(const ExplainView& view) {
    const PanelContext& context = view.context;
    const Cost& cost = view.layer.cost;
    const auto line = [&](const Message& text) { ImGui::TextUnformatted(context.words(text).c_str()); };
    ImGui::PushTextWrapPos(0);
    if (is_pooling(view.spec().op)) {
        const Counted cells = counted_of(cost.window_cells);
        line(msg("no parameters: there is nothing to train"));
        line(plural("{count} cell looked at", "{count} cells looked at", cells.plural, "count"_is(cells.digits)));
        tip(context, msg("Cells of all windows together, those of the padding included."));
        ImGui::PopTextWrapPos();
        return;
    }
    const Counted all = counted_of(cost.weights + cost.biases);
    line(plural("{count} parameter", "{count} parameters", all.plural, "count"_is(all.digits)));
    tip(context, msg("Values that training would find: weights and biases."));
    if (cost.biases != Count(0)) {
        const Counted weights = counted_of(cost.weights), biases = counted_of(cost.biases);
        const Message sum =
            msg(" = {weights} + {biases}",
                "weights"_is(plural("{count} weight", "{count} weights", weights.plural, "count"_is(weights.digits))),
                "biases"_is(plural("{count} bias", "{count} biases", biases.plural, "count"_is(biases.digits))));
        ImGui::SameLine(0, 0);
        ImGui::TextColored(vec(context.theme.faint), "%s", context.words(sum).c_str());
    }
    line(msg("{count} multiply-adds (MACs)", "count"_is(grouped(cost.multiply_adds.digits()))));
    tip(context, msg("Products added up for the whole output, padding included: the usual measure of work."));
    ImGui::PopTextWrapPos();
}

// Programs that would refuse the layer, and those that would compute something else.
void draw_elsewhere(const ExplainView& view) {
    for (const RefusedBy& refused : view.layer.elsewhere) {
        const Message rejects = msg("{program} rejects this layer", "program"_is(refused.program));
        ImGui::TextColored(vec(view.context.theme.problem), "%s", view.context.words(rejects).c_str());
        wrapped(view.context, refused.reason, view.context.theme.faint);
    }
    for (const DiffersIn& program : view.layer.different) {
        const Message differs = msg("{program} computes this layer differently", "program"_is(program.program));
        ImGui::TextColored(vec(view.context.theme.problem), "%s", view.context.words(differs).c_str());
        wrapped(view.context, program.text, view.context.theme.faint);
    }
}

// What is typed is not possible: the numbers here are still those of the last layer that was, and some program may take
// it all the same.
void draw_draft(const ExplainView& view) {
    const std::optional<Draft>& draft = view.context.ui.draft;
    if (!draft || draft->layer != view.pane.layer) return;
    const Dialect rules = draft->shape.spec.dialect;
    wrapped(view.context,
            rules == Dialect::convlens ? msg("These settings are not allowed.")
                                       : msg("{program} does not allow these settings.", "program"_is(title(rules))),
            view.context.theme.problem);
    if (!draft->accepted.empty())
        wrapped(view.context,
                msg("Accepted by {programs}. To use it, change “rules” under Advanced.",
                    "programs"_is(accepted_text(draft->accepted))),
                view.context.theme.faint);
    wrapped(view.context, msg("Below: the last layer that worked."), view.context.theme.faint);
    ImGui::Separator();
}

}  // namespace

bool same_axes(const DerivedLayer& layer) {
    const AxisShape& h = layer.h;
    const AxisShape& w = layer.w;
    return h.input == w.input && h.pad_before == w.pad_before && h.pad_after == w.pad_after && h.kernel == w.kernel &&
           h.stride == w.stride && h.dilation == w.dilation && h.output_padding == w.output_padding;
}

std::string grouped(std::int64_t number) { return grouped(fmt::format("{}", number)); }

std::string grouped(std::string digits) {
    for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
        digits.insert(static_cast<std::size_t>(i), "\u2009");
    return digits;
}

void explain_panel(PanelContext& context) {
    const Pane& pane = context.derived.document.panes[static_cast<std::size_t>(context.ui.pane)];
    const ExplainView view{context, pane, *shown_layer(context.derived, pane), shown_moment(context, context.ui.pane)};
    const StaleLook look(context, pane.layer);
    draw_draft(view);
    draw_comparison(view);
    draw_size(view);
    draw_wanted(view);
    draw_round_trip(view);
    draw_framework_formulas(view);
    ImGui::Separator();
    draw_sum(view);
    ImGui::Separator();
    draw_cost(view);
    draw_weight_layouts(view);
    draw_elsewhere(view);
    draw_code(view);
}

}  // namespace convlens
