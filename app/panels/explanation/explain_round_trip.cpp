// The convolution and its transpose: what a stride forgets, and what output padding chooses.
#include <cmath>

#include <fmt/format.h>

#include "app/panels/explanation/explain.h"
#include "app/views/round_trip.h"

namespace convlens {

namespace {

// "27 and 28", "5 to 8"
std::string span_text(const LengthSpan& span) {
    if (span.most == span.least) return fmt::format("{}", span.least);
    if (span.most == span.least + 1) return fmt::format("{} and {}", span.least, span.most);
    return fmt::format("{} to {}", span.least, span.most);
}

std::string forward_words(const RoundTrip& trip, const char* rows) {
    const std::string inputs = span_text(trip.alike);
    std::string text =
        trip.count() == 2
            ? fmt::format("Inputs of {} {} both give {} output {}.", inputs, rows, trip.short_length, rows)
            : fmt::format("Inputs of {} {} all give {} output {}.", inputs, rows, trip.short_length, rows);
    if (!trip.first_back) return text;
    const std::int64_t first = trip.alike.least - *trip.first_back, last = trip.alike.most - *trip.first_back;
    return text + fmt::format(
                      " Back from {}, the transposed convolution gives {} with output padding {} and {} with "
                      "output padding {}.",
                      trip.short_length, trip.alike.least, first, trip.alike.most, last);
}

std::string transposed_words(const ExplainView& view, const RoundTrip& trip, const char* rows) {
    if (trip.shrinks_to)
        return fmt::format(
            "No convolution input matches, because output padding is not smaller than the stride: {} {} would shrink "
            "to "
            "{}, not {}. Only {} {} shrink to {}.",
            trip.present, rows, *trip.shrinks_to, trip.short_length, span_text(trip.alike), rows, trip.short_length);
    const std::int64_t chosen = trip.present - trip.alike.least;
    const std::string by = view.spec().output_size
                               ? fmt::format("output size {} (output padding {})", trip.present, chosen)
                               : fmt::format("output padding {}", chosen);
    return trip.count() == 2
               ? fmt::format(
                     "A convolution shrinks both {} {} to {}. So going back from {} is ambiguous; {} chooses {}.",
                     span_text(trip.alike), rows, trip.short_length, trip.short_length, by, trip.present)
               : fmt::format(
                     "A convolution shrinks each of {} {} to {}. So going back from {} is ambiguous; {} chooses "
                     "{}.",
                     span_text(trip.alike), rows, trip.short_length, trip.short_length, by, trip.present);
}

void draw_axis(const ExplainView& view, Axis axis) {
    const auto trip = round_trip(view.spec(), view.input_shape().plane(), axis);
    if (!trip) return;
    const PanelContext& context = view.context;
    const bool transposed = view.spec().op == Op::conv_transpose;
    Page page;
    page.width = std::floor(ImGui::GetContentRegionAvail().x);
    page.text_size = context.text_size;
    page.transparent = true;
    if (page.width < context.text_size * 16) return;
    const Scene scene = build_round_trip(*trip, transposed, axis, context.theme, page, context.fonts);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    context.screen.draw(scene, {at.x, at.y}, ImGui::GetWindowDrawList());
    ImGui::Dummy({scene.width, scene.height});
    const char* rows = axis == Axis::h ? "rows" : "columns";
    wrapped(transposed ? transposed_words(view, *trip, rows) : forward_words(*trip, rows), context.theme.faint);
}

}  // namespace

void draw_round_trip(const ExplainView& view) {
    const Size2 plane = view.input_shape().plane();
    const bool any = round_trip(view.spec(), plane, Axis::h) || round_trip(view.spec(), plane, Axis::w);
    if (!any) return;
    ImGui::Separator();
    heading(view.context, "Round trip: which inputs give this output");
    draw_axis(view, Axis::h);
    if (!same_axes(view.layer)) draw_axis(view, Axis::w);
}

}  // namespace convlens
