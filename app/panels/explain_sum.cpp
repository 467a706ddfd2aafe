// The sum behind one output, term by term.
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "app/panels/cell.h"
#include "app/panels/explain.h"
#include "app/scene/number.h"

namespace convlens {

namespace {

struct Sum {
    Cell4 out;
    std::vector<Tap> taps;           // all channels
    std::int64_t first_channel = 0;  // of the output's group
    std::int64_t channels = 1;
    double bias = 0;
};

Sum make_sum(const ExplainView& view, const Cell4& out) {
    Sum sum;
    sum.out = out;
    sum.taps = taps(view.spec(), view.layer.data(), out);
    sum.first_channel = first_input_channel(view.spec(), view.input_shape().c, out.c);
    sum.channels = view.input_shape().c / view.spec().groups;
    if (view.layer.layer.bias) sum.bias = view.layer.layer.bias->at(0, out.c, 0, 0);
    return sum;
}

std::vector<Tap> of_channel(const Sum& sum, std::int64_t channel) {
    std::vector<Tap> own;
    std::ranges::copy_if(sum.taps, std::back_inserter(own),
                         [&](const Tap& tap) { return tap.input.c == sum.first_channel + channel; });
    return own;
}

double total_of(const std::vector<Tap>& taps) {
    double total = 0;
    for (const Tap& tap : taps) total += tap.product;
    return total;
}

// "(−3)" behind a sign of its own.
std::string bracketed(double value) {
    const std::string text = short_number(value);
    return value < 0 ? "(" + text + ")" : text;
}

std::string term_text(const Tap& tap) { return short_number(tap.value) + "·" + bracketed(tap.factor); }

// Pointing at a term singles out its product in the picture.
void point_at_term(const ExplainView& view, const Tap& tap) {
    if (!ImGui::IsItemHovered()) return;
    const Shape4 in = view.input_shape(), weight = view.layer.layer.weight->shape();
    ImGui::SetTooltip("%s%s · %s\n%s · %s = %s",
                      tensor_cell_name("input", in, tap.in_padding && tap.has_source ? tap.source : tap.input).c_str(),
                      tap.in_padding ? " (padding)" : "", tensor_cell_name("weight", weight, tap.weight).c_str(),
                      full_number(tap.value).c_str(), full_number(tap.factor).c_str(),
                      full_number(tap.product).c_str());
    if (view.spec().op == Op::conv_transpose) return;
    view.context.ui.hover =
        MarkId{Part::products, view.pane_index, view.pane.slice.n, tap.input.c, tap.window.h, tap.window.w};
}

void draw_term(const ExplainView& view, const Tap& tap) {
    const Theme& theme = view.context.theme;
    const auto colour = [&](Colour c) { return vec(tap.in_padding ? theme.faint : c); };
    ImGui::BeginGroup();
    ImGui::TextColored(colour(theme.input), "%s", short_number(tap.value).c_str());
    ImGui::SameLine(0, 0);
    ImGui::TextColored(colour(theme.text), "·");
    ImGui::SameLine(0, 0);
    ImGui::TextColored(colour(theme.kernel), "%s", bracketed(tap.factor).c_str());
    ImGui::EndGroup();
    point_at_term(view, tap);
}

float widest_term(const std::vector<Tap>& taps) {
    float widest = 0;
    for (const Tap& tap : taps) widest = std::max(widest, ImGui::CalcTextSize(term_text(tap).c_str()).x);
    return widest;
}

// Terms where they lie in the window, or in lines where the window is wider than the panel.
void draw_terms(const ExplainView& view, const std::vector<Tap>& taps) {
    const float em = view.context.text_size, room = ImGui::GetContentRegionAvail().x;
    const std::int64_t columns = view.spec().kernel.w;
    const float pitch = widest_term(taps) + em;
    const bool grid = view.spec().op != Op::conv_transpose && pitch * static_cast<float>(columns) <= room;
    const float left = ImGui::GetCursorPosX();
    for (std::size_t i = 0; i < taps.size(); ++i) {
        const auto column = static_cast<std::int64_t>(i) % columns;
        if (grid && column > 0) ImGui::SameLine(left + pitch * static_cast<float>(column));
        if (!grid && i > 0) flow(pitch - em, em);
        draw_term(view, taps[i]);
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
        const float width = ImGui::CalcTextSize(piece.text.c_str()).x;
        if (!first && ImGui::GetItemRectMax().x + width <= edge) ImGui::SameLine(0, 0);
        first = false;
        ImGui::TextColored(vec(piece.colour), "%s", piece.text.c_str());
    }
}

void add_signed(std::vector<Piece>& pieces, double value, Colour colour, std::string_view name = {}) {
    std::string text = pieces.empty() || pieces.back().text == "= " ? "" : " + ";
    if (!name.empty()) text += std::string(name) + " ";
    text += text.empty() ? short_number(value) : bracketed(value);
    pieces.push_back({std::move(text), colour});
}

// "= 6 + 4 + 0 + …", padding in grey.
void draw_products(const ExplainView& view, const std::vector<Tap>& taps) {
    const Theme& theme = view.context.theme;
    std::vector<Piece> pieces{{"= ", theme.text}};
    for (const Tap& tap : taps) add_signed(pieces, tap.product, tap.in_padding ? theme.faint : theme.text);
    draw_pieces(pieces);
}

// Many terms get a window of their own that scrolls.
void draw_terms_and_products(const ExplainView& view, const std::vector<Tap>& taps) {
    constexpr std::size_t kMostInPlace = 64;
    if (taps.size() <= kMostInPlace) {
        draw_terms(view, taps);
        if (!taps.empty()) draw_products(view, taps);
        return;
    }
    ImGui::BeginChild("terms", {0, ImGui::GetTextLineHeightWithSpacing() * 9}, ImGuiChildFlags_Borders);
    draw_terms(view, taps);
    ImGui::EndChild();
}

// One line per input channel: its part of the sum. A click looks at the channel.
void draw_parts(const ExplainView& view, const Sum& sum) {
    const std::int64_t shown = view.pane.slice.c_in;
    wrapped("Parts of the input channels:", view.context.theme.faint);
    ImGui::PushFont(view.context.screen.faces().mono, number_size(view.context));
    const float line = ImGui::GetTextLineHeightWithSpacing();
    const float height = line * static_cast<float>(std::min<std::int64_t>(sum.channels, 8)) + line * 0.3F;
    ImGui::BeginChild("parts", {0, height});
    for (std::int64_t c = 0; c < sum.channels; ++c) {
        const std::string text =
            fmt::format("Z[c {}] = {}", sum.first_channel + c, full_number(total_of(of_channel(sum, c))));
        if (!ImGui::Selectable(text.c_str(), c == shown) || c == shown) continue;
        view.context.ui.edit(
            fmt::format("look at c_in {}", c), "slice",
            [at = static_cast<std::size_t>(view.pane_index), c](Document& d) { d.panes[at].slice.c_in = c; });
    }
    ImGui::EndChild();
    ImGui::PopFont();
}

void draw_total(const ExplainView& view, const Sum& sum) {
    const Theme& theme = view.context.theme;
    const double total = view.layer.output.at(sum.out.n, sum.out.c, sum.out.y, sum.out.x);
    if (view.layer.layer.bias) draw_pieces({{fmt::format("+ bias {}", bracketed(sum.bias)), theme.bias}});
    ImGui::TextUnformatted("=");
    ImGui::SameLine(0, ImGui::GetFontSize() * 0.5F);
    ImGui::TextColored(vec(theme.output), "%s", full_number(total).c_str());
}

std::string output_name(const ExplainView& view, const Cell4& out) {
    return tensor_cell_name("output", view.layer.output.shape(), out);
}

// The stamp reading explains an input cell: where its stamp lands.
void draw_stamp(const ExplainView& view) {
    const PanelContext& context = view.context;
    const Timeline line = pane_timeline(context.derived, view.pane);
    const TimelineStep step = step_at(line, std::clamp<std::int64_t>(context.ui.playhead.step, 0, line.count()));
    if (step.before_first)
        return wrapped(
            "Nothing is stamped yet. → takes a step; pointing at a cell of the canvas shows which stamps make it.",
            context.theme.faint);
    const Shape4 in = view.input_shape();
    const std::int64_t channel = first_input_channel(view.spec(), in.c, view.pane.slice.c_out) + step.cell.c;
    const Cell4 source{view.pane.slice.n, channel, step.cell.y, step.cell.x};
    const double value = view.layer.layer.input->at(source.n, source.c, source.y, source.x);
    heading(context, tensor_cell_name("input", in, source) + " = " + full_number(value));
    const auto span = [](const AxisShape& a, std::int64_t index) {
        const std::int64_t first = index * a.stride - a.pad_before;
        const std::int64_t last = first + a.effective_kernel - 1;
        return first == last ? fmt::format("{}", first) : fmt::format("{} to {}", first, last);
    };
    const auto cut = [](const AxisShape& a, std::int64_t index) {
        const std::int64_t first = index * a.stride - a.pad_before;
        return first < 0 || first + a.effective_kernel > a.output;
    };
    const AxisShape& h = view.layer.h;
    const AxisShape& w = view.layer.w;
    std::string text = fmt::format("It stamps {} × kernel onto output rows {} and columns {}.", short_number(value),
                                   span(h, source.y), span(w, source.x));
    if (cut(h, source.y) || cut(w, source.x))
        text +=
            fmt::format(" What lies outside rows 0 to {} and columns 0 to {} is cut away.", h.output - 1, w.output - 1);
    wrapped(text, context.theme.text);
    wrapped("Point at a cell of the canvas to see which stamps make it.", context.theme.faint);
}

void draw_output_sum(const ExplainView& view, const Cell4& out) {
    const PanelContext& context = view.context;
    const Sum sum = make_sum(view, out);
    const bool several = sum.channels > 1;
    const std::int64_t channel = std::clamp<std::int64_t>(view.pane.slice.c_in, 0, sum.channels - 1);
    const std::vector<Tap> shown = of_channel(sum, channel);
    heading(context, output_name(view, out));
    if (view.spec().op == Op::conv_transpose) {
        wrapped(fmt::format("{} stamp{} over this cell{}.", shown.size(), shown.size() == 1 ? " lies" : "s lie",
                            several ? fmt::format(" from channel {}", sum.first_channel + channel) : std::string{}),
                context.theme.faint);
    } else if (several) {
        wrapped(fmt::format("input channel {} of {}:", sum.first_channel + channel, view.input_shape().c),
                context.theme.faint);
    }
    ImGui::PushFont(context.screen.faces().mono, number_size(context));
    draw_terms_and_products(view, shown);
    ImGui::PopFont();
    if (several) draw_parts(view, sum);
    ImGui::PushFont(context.screen.faces().mono, number_size(context));
    draw_total(view, sum);
    ImGui::PopFont();
}

}  // namespace

void draw_sum(const ExplainView& view) {
    const PanelContext& context = view.context;
    const auto out =
        current_output(context.derived, view.pane, context.ui.playhead, highlight(context.ui), view.pane_index);
    if (out) return draw_output_sum(view, *out);
    if (pane_timeline(context.derived, view.pane).stamps) return draw_stamp(view);
    wrapped("No output is written yet. → takes a step; pointing at an output cell shows its sum.", context.theme.faint);
}

}  // namespace convlens
