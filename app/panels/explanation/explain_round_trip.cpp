// The convolution and its transpose: what a stride forgets, and what output padding chooses.
#include <cmath>

#include <fmt/format.h>

#include "app/panels/explanation/explain.h"
#include "app/scene/round_trip.h"

namespace convlens {

namespace {

// "27 and 28", "5 to 8"
std::string span_text(const LengthSpan& span) {
    if (span.most == span.least) return fmt::format("{}", span.least);
    if (span.most == span.least + 1) return fmt::format("{} and {}", span.least, span.most);
    return fmt::format("{} to {}", span.least, span.most);
}

std::string forward_words(const RoundTrip& trip, const char* rows) {
    std::string text = fmt::format("Inputs of {} {} {} give {}", span_text(trip.alike), rows,
                                   trip.count() == 2 ? "both" : "all", trip.short_length);
    if (!trip.first_back) return text + ".";
    const std::int64_t first = trip.alike.least - *trip.first_back, last = trip.alike.most - *trip.first_back;
    text += fmt::format("; from {} the transposed convolution comes back to {} with output padding {}, to {} with {}.",
                        trip.short_length, trip.alike.least, first, trip.alike.most, last);
    return text;
}

std::string transposed_words(const ExplainView& view, const RoundTrip& trip, const char* rows) {
    if (trip.shrinks_to)
        return fmt::format(
            "Output padding is not less than the stride: a convolution shrinks {} {} to {}, not to {}. No input of it "
            "matches; those that do are {}.",
            trip.present, rows, *trip.shrinks_to, trip.short_length, span_text(trip.alike));
    const std::int64_t chosen = trip.present - trip.alike.least;
    const std::string by = view.spec().output_size
                               ? fmt::format("output_size {} (output padding {})", trip.present, chosen)
                               : fmt::format("output padding {}", chosen);
    return fmt::format("A convolution shrinks {} {} {} to {}. Output padding says which of them comes back: {} is {}.",
                       trip.count() == 2 ? "both" : "each of", span_text(trip.alike), rows, trip.short_length, by,
                       trip.present);
}

void draw_axis(const ExplainView& view, Axis axis) {
    const auto trip = round_trip(view.spec(), view.input_shape().plane(), axis);
    if (!trip) return;
    const PanelContext& context = view.context;
    const bool transposed = view.spec().op == Op::conv_transpose;
    SceneOptions options;
    options.width = std::floor(ImGui::GetContentRegionAvail().x);
    options.text_size = context.text_size;
    options.transparent = true;
    if (options.width < context.text_size * 16) return;
    const Scene scene = build_round_trip(*trip, transposed, axis, context.theme, options, context.fonts);
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
    heading(view.context, "There and back");
    draw_axis(view, Axis::h);
    if (!same_axes(view.layer)) draw_axis(view, Axis::w);
}

}  // namespace convlens
