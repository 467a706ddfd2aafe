// The sum behind one output, term by term.
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "app/moment/cell.h"
#include "app/moment/products.h"
#include "app/panels/explanation/explain.h"
#include "core/engine/pool.h"
#include "core/text/number.h"

namespace convlens {

namespace {

// "(−3)" behind a sign of its own.
std::string bracketed(double value) {
    const std::string text = sum_number(value);
    return value < 0 ? "(" + text + ")" : text;
}

// A pooling window shows values as they are; padding that takes no part is a dot.
std::string pooled_text(const ConvSpec& spec, const Tap& tap) {
    return tap.in_padding && !padding_counts(spec) ? "·" : sum_number(tap.value);
}

std::string term_text(const ConvSpec& spec, const Tap& tap) {
    if (is_pooling(spec.op)) return pooled_text(spec, tap);
    return sum_number(tap.value) + "·" + bracketed(tap.factor);
}

// Pointing at a term singles out its product in the picture.
void point_at_term(const ExplainView& view, const Tap& tap) {
    if (!ImGui::IsItemHovered()) return;
    const Shape4 in = view.input_shape(), weight = view.layer.layer.weight->shape();
    if (is_pooling(view.spec().op)) {
        if (!view.context.ui.tips_wait)
            ImGui::SetTooltip(
                "%s\n%s", view.context.words(tensor_cell_name(TensorKind::input, in, tap.input)).c_str(),
                tap.in_padding ? view.context.words(msg("padding")).c_str() : full_number(tap.value).c_str());
        view.context.ui.hover =
            MarkId{Part::products, view.moment.pane_index, view.pane.slice.n, tap.input.c, tap.window.h, tap.window.w};
        return;
    }
    const Message cell =
        tensor_cell_name(TensorKind::input, in, tap.in_padding && tap.has_source ? tap.source : tap.input);
    const Message factors =
        msg("{input} · {weight}", "input"_is(tap.in_padding ? msg("{cell} (padding)", "cell"_is(cell)) : cell),
            "weight"_is(tensor_cell_name(TensorKind::weight, weight, tap.weight)));
    if (!view.context.ui.tips_wait)
        ImGui::SetTooltip("%s\n%s · %s = %s", view.context.words(factors).c_str(), full_number(tap.value).c_str(),
                          full_number(tap.factor).c_str(), full_number(tap.product).c_str());
    if (view.spec().op == Op::conv_transpose) return;
    view.context.ui.hover =
        MarkId{Part::products, view.moment.pane_index, view.pane.slice.n, tap.input.c, tap.window.h, tap.window.w};
}

void draw_term(const ExplainView& view, const Sum::Term& term) {
    const Theme& theme = view.context.theme;
    const Tap& tap = term.tap;
    const float alpha = term.reached ? 1 : 0.35F;
    const auto colour = [&](Colour c) { return vec(tap.in_padding ? theme.faint : c, alpha); };
    if (is_pooling(view.spec().op)) {
        ImGui::TextColored(colour(theme.input), "%s", pooled_text(view.spec(), tap).c_str());
        return point_at_term(view, tap);
    }
    ImGui::BeginGroup();
    ImGui::TextColored(colour(theme.input), "%s", sum_number(tap.value).c_str());
    ImGui::SameLine(0, 0);
    ImGui::TextColored(colour(theme.text), "·");
    ImGui::SameLine(0, 0);
    ImGui::TextColored(colour(theme.kernel), "%s", bracketed(tap.factor).c_str());
    ImGui::EndGroup();
    point_at_term(view, tap);
}

float widest_term(const ConvSpec& spec, const std::vector<Sum::Term>& terms) {
    float widest = 0;
    for (const Sum::Term& term : terms)
        widest = std::max(widest, ImGui::CalcTextSize(term_text(spec, term.tap).c_str()).x);
    return widest;
}

// Whether the terms are a whole kernel, so that they are shown in its rows: a partial pooling window has fewer cells, and they
// do not fill them.
bool fill_rows(const ConvSpec& spec, const std::vector<Sum::Term>& terms) {
    return spec.op != Op::conv_transpose && std::ssize(terms) == spec.kernel.w * spec.kernel.h;
}

float column_pitch(const ExplainView& view, const std::vector<Sum::Term>& terms) {
    return widest_term(view.spec(), terms) + view.context.text_size;
}

// Terms where they lie in the window, or one after the other.
void draw_terms(const ExplainView& view, const std::vector<Sum::Term>& terms) {
    const float em = view.context.text_size, pitch = column_pitch(view, terms);
    const std::int64_t columns = view.spec().kernel.w;
    const bool rows = fill_rows(view.spec(), terms);
    const float left = ImGui::GetCursorPosX();
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const auto column = static_cast<std::int64_t>(i) % columns;
        if (rows && column > 0) ImGui::SameLine(left + pitch * static_cast<float>(column));
        if (!rows && i > 0) flow(pitch - em, em);
        draw_term(view, terms[i]);
    }
}

struct Piece {
    std::string text;
    Colour colour;
};

// Numbers joined by signs, broken into lines at the panel's edge.
void draw_pieces(const std::vector<Piece>& pieces) {
    bool first = true;
    const float edge = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    for (const Piece& piece : pieces) {
        const char* text = piece.text.c_str();
        const bool beside = !first && ImGui::GetItemRectMax().x + ImGui::CalcTextSize(text).x <= edge;
        first = false;
        if (beside) ImGui::SameLine(0, 0);
        if (!beside && *text == ' ') ++text;  // a line begins at the edge
        ImGui::TextColored(vec(piece.colour), "%s", text);
    }
}

// "= 6 + 4 + 0 + …", padding in grey. A single product says no more than the total.
void draw_products(const ExplainView& view, const std::vector<Sum::Term>& terms) {
    const Theme& theme = view.context.theme;
    if (terms.size() < 2 || is_pooling(view.spec().op)) return;
    std::vector<Piece> pieces;
    for (const Sum::Term& term : terms) {
        if (!term.reached) continue;
        const double product = term.tap.product;
        const Colour colour = term.tap.in_padding ? theme.faint : theme.text;
        pieces.push_back({pieces.empty() ? "= " + sum_number(product) : " + " + bracketed(product), colour});
    }
    if (!terms.back().reached) pieces.push_back({" + …", theme.faint});
    draw_pieces(pieces);
}

// Many terms, and rows that are wider than the panel, get a window of their own that scrolls.
void draw_terms_and_products(const ExplainView& view, const std::vector<Sum::Term>& terms) {
    constexpr std::size_t kMostInPlace = 64;
    constexpr std::int64_t kMostRows = 9;
    const bool rows = fill_rows(view.spec(), terms), many = terms.size() > kMostInPlace;
    const float width = column_pitch(view, terms) * static_cast<float>(view.spec().kernel.w) - view.context.text_size;
    const ImGuiStyle& style = ImGui::GetStyle();
    const float frame = many ? 2 * style.WindowPadding.x + style.ScrollbarSize : 0;
    const bool wide = rows && width > ImGui::GetContentRegionAvail().x - frame;
    if (!many && !wide) {
        draw_terms(view, terms);
        return draw_products(view, terms);
    }
    const auto lines = static_cast<float>(rows ? std::min(view.spec().kernel.h, kMostRows) : kMostRows);
    const float height = lines * ImGui::GetTextLineHeightWithSpacing() + 2 * style.WindowPadding.y;
    ImGui::BeginChild("terms", {0, height + (wide ? style.ScrollbarSize : 0)}, ImGuiChildFlags_Borders,
                      wide ? ImGuiWindowFlags_HorizontalScrollbar : ImGuiWindowFlags_None);
    draw_terms(view, terms);
    ImGui::EndChild();
    if (!many) draw_products(view, terms);
}

// One line per input channel: its part of the sum. A click looks at the channel.
void draw_parts(const ExplainView& view, const Sum& sum) {
    wrapped(view.context, msg("Channel sums, one for each input channel:"), view.context.theme.faint);
    ImGui::PushFont(view.context.screen.faces().mono, number_size(view.context));
    const float line = ImGui::GetTextLineHeightWithSpacing();
    const auto lines = static_cast<float>(std::min<std::size_t>(sum.parts.size(), 8));
    ImGui::BeginChild("parts", {0, line * (lines + 0.3F)});
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(sum.parts.size()));
    while (clipper.Step()) {
        for (std::int64_t c = clipper.DisplayStart; c < clipper.DisplayEnd; ++c) {
            const double part = sum.parts[static_cast<std::size_t>(c)];
            const std::string text = fmt::format("Z[c {}] {} {}", view.moment.first_channel() + c,
                                                 equals_sign(part, shown_number(part), sum.size), sum_number(part));
            const bool pressed = ImGui::Selectable(text.c_str(), c == view.moment.channel);
            if (view.moment.channel_played) tip(view.context, kPlayedChannel);
            if (!pressed || c == view.moment.channel || view.moment.channel_played) continue;
            view.context.ui.edit(msg("look at {index} {value}", "index"_is("c_in"), "value"_is(c)), "slice",
                                 [at = static_cast<std::size_t>(view.moment.pane_index), c](Document& d) {
                                     d.panes[at].slice.c_in = c;
                                 });
        }
    }
    ImGui::EndChild();
    ImGui::PopFont();
}

double result_of(const ExplainView& view) {
    const Cell4& out = *view.moment.out;
    return view.layer.output.at(out.n, out.c, out.y, out.x);
}

PoolWindow window_of(const ExplainView& view) {
    const Cell4& out = *view.moment.out;
    return pool_window(view.spec(), view.input_shape().plane(), {out.y, out.x});
}

double pooled_total(const Sum& sum) {
    double total = 0;
    for (const Sum::Term& term : sum.terms) total += term.tap.product;
    return total;
}

// The largest as it is shown, or the sum as it is shown over its divisor.
double shown_pooling(const ExplainView& view, const Sum& sum) {
    const double result = result_of(view);
    const bool any = std::ranges::any_of(sum.terms, [](const Sum::Term& term) { return !term.tap.in_padding; });
    if (view.spec().op == Op::max_pool || (!any && !padding_counts(view.spec()))) return result;
    return shown_number(pooled_total(sum)) / static_cast<double>(window_of(view).divisor);
}

// What the numbers that stand above the total come to as they are shown.
double shown_sum(const ExplainView& view, const Sum& sum) {
    const ConvSpec& spec = view.spec();
    if (is_pooling(spec.op)) return shown_pooling(view, sum);
    double shown = shown_number(sum.bias);
    if (sum.parts.size() > 1) {
        for (const double part : sum.parts) shown += shown_number(part);
    } else {
        for (const Sum::Term& term : sum.terms) shown += shown_number(term.tap.product);
    }
    return shown;
}

// What the divisor of an average counts.
Message divisor_words(const ConvSpec& spec) {
    if (spec.divisor_override) return msg("divisor_override");
    return spec.count_include_pad ? msg("the window's cells of the padded input")
                                  : msg("the window's cells of the input");
}

// "the largest of them", "sum 11, divided by 4: the window's cells of the input"
Message pooling_words(const ExplainView& view, const Sum& sum) {
    const bool any = std::ranges::any_of(sum.terms, [](const Sum::Term& term) { return !term.tap.in_padding; });
    if (!any && !padding_counts(view.spec())) return msg("this window reads padding only");
    if (view.spec().op == Op::max_pool) return msg("the largest of them");
    const double total = pooled_total(sum);
    const auto number = "sum"_is(sum_number(total));
    const auto divisor = "divisor"_is(window_of(view).divisor);
    const auto counts = "counts"_is(divisor_words(view.spec()));
    return total == shown_number(total)
               ? msg("sum {sum}, divided by {divisor}: {counts}", number, divisor, counts)
               : msg("sum about {sum}, divided by {divisor}: {counts}", number, divisor, counts);
}

void draw_total(const ExplainView& view, const Sum& sum) {
    const Theme& theme = view.context.theme;
    const double total = result_of(view);
    if (!view.moment.complete) {
        draw_pieces(
            {{fmt::format("{} {}", equals_sign(sum.so_far, shown_number(sum.so_far), sum.size), sum_number(sum.so_far)),
              theme.output},
             {view.context.words(msg(" so far")), theme.faint}});
        return draw_pieces(
            {{view.context.words(msg("final value {value}", "value"_is(full_number(total)))), theme.faint}});
    }
    if (is_pooling(view.spec().op)) wrapped(view.context, pooling_words(view, sum), theme.faint);
    if (view.layer.layer.bias)
        draw_pieces({{view.context.words(msg("+ bias {value}", "value"_is(bracketed(sum.bias)))), theme.bias}});
    const std::string sign(equals_sign(shown_sum(view, sum), shown_number(total), sum.size));
    draw_pieces({{sign + " ", theme.text}, {sum_number(total), theme.output}});
}

std::string output_name(const ExplainView& view, const Cell4& out) {
    return view.context.words(tensor_cell_name(TensorKind::output, view.layer.output.shape(), out));
}

// The rows or columns of the output that the stamp of an input cell falls on: "row 3", "rows 2 to 4".
Message stamped_span(const AxisShape& a, Axis axis, std::int64_t index) {
    const std::int64_t first = index * a.stride - a.pad_before;
    const std::int64_t last = first + a.effective_kernel - 1;
    if (first == last)
        return axis == Axis::h ? msg("row {row}", "row"_is(first)) : msg("column {column}", "column"_is(first));
    const auto from = "first"_is(first);
    const auto to = "last"_is(last);
    return axis == Axis::h ? msg("rows {first} to {last}", from, to) : msg("columns {first} to {last}", from, to);
}

// The stamp reading explains an input cell: where its stamp lands.
void draw_stamp(const ExplainView& view) {
    const PanelContext& context = view.context;
    const TimelineStep& step = view.moment.step;
    if (step.before_first)
        return wrapped(context,
                       msg("Nothing stamped yet. Press → for the first stamp, or point at an output cell to see which "
                           "stamps it adds "
                           "up."),
                       context.theme.faint);
    const Shape4 in = view.input_shape();
    const Cell4 source{view.pane.slice.n, view.moment.input_channel(), step.cell.y, step.cell.x};
    const double value = view.layer.input->at(source.n, source.c, source.y, source.x);
    heading(context, msg("{name} = {value}", "name"_is(tensor_cell_name(TensorKind::input, in, source)),
                         "value"_is(full_number(value))));
    const auto cut = [](const AxisShape& a, std::int64_t index) {
        const std::int64_t first = index * a.stride - a.pad_before;
        return first < 0 || first + a.effective_kernel > a.output;
    };
    const AxisShape& h = view.layer.h;
    const AxisShape& w = view.layer.w;
    const auto number = "value"_is(short_number(value));
    const auto rows = "rows"_is(stamped_span(h, Axis::h, source.y));
    const auto columns = "columns"_is(stamped_span(w, Axis::w, source.x));
    wrapped(context,
            cut(h, source.y) || cut(w, source.x)
                ? msg("It stamps {value} × kernel onto output {rows} and {columns}. Padding crops what is outside rows "
                      "0 to "
                      "{last_row} and columns 0 to {last_column}.",
                      number, rows, columns, "last_row"_is(h.output - 1), "last_column"_is(w.output - 1))
                : msg("It stamps {value} × kernel onto output {rows} and {columns}.", number, rows, columns),
            context.theme.text);
    wrapped(context, msg("Point at an output cell to see which stamps it adds up."), context.theme.faint);
}

void draw_output_sum(const ExplainView& view) {
    const PanelContext& context = view.context;
    const Sum sum = sum_of(view.moment);
    const bool several = sum.parts.size() > 1;
    const std::int64_t channel = view.moment.input_channel();
    heading(context, output_name(view, *view.moment.out));
    if (view.spec().op == Op::conv_transpose) {
        const auto count = std::ssize(sum.terms);
        const auto from = "channel"_is(channel);
        wrapped(context,
                several ? plural("{n} stamp from channel {channel} covers this cell.",
                                 "{n} stamps from channel {channel} cover this cell.", count, from)
                        : plural("{n} stamp covers this cell.", "{n} stamps cover this cell.", count),
                context.theme.faint);
    } else if (several) {
        wrapped(context, msg("input channel {channel}:", "channel"_is(channel)), context.theme.faint);
    }
    ImGui::PushFont(context.screen.faces().mono, number_size(context));
    draw_terms_and_products(view, sum.terms);
    ImGui::PopFont();
    if (several) draw_parts(view, sum);
    ImGui::PushFont(context.screen.faces().mono, number_size(context));
    draw_total(view, sum);
    ImGui::PopFont();
}

}  // namespace

void draw_sum(const ExplainView& view) {
    if (view.moment.out) return draw_output_sum(view);
    if (view.moment.stamps()) return draw_stamp(view);
    wrapped(view.context, msg("No output yet. Press → for the first one, or point at an output cell to see its sum."),
            view.context.theme.faint);
}

}  // namespace convlens
