// The convolution and its transpose: what a stride forgets, and what output padding chooses.
#include <cmath>

#include "app/panels/explanation/explain.h"
#include "app/views/round_trip.h"

namespace convlens {

namespace {

// "27 and 28 rows", "5 to 8 columns"
Message span_text(const LengthSpan& span, Axis axis) {
    const bool rows = axis == Axis::h;
    const auto least = "least"_is(span.least);
    const auto most = "most"_is(span.most);
    if (span.most == span.least)
        return rows ? plural("{n} row", "{n} rows", span.least) : plural("{n} column", "{n} columns", span.least);
    if (span.most == span.least + 1)
        return rows ? msg("{least} and {most} rows", least, most) : msg("{least} and {most} columns", least, most);
    return rows ? msg("{least} to {most} rows", least, most) : msg("{least} to {most} columns", least, most);
}

Message lines_text(std::int64_t count, Axis axis) {
    return axis == Axis::h ? plural("{n} row", "{n} rows", count) : plural("{n} column", "{n} columns", count);
}

Message forward_words(const SizeAmbiguity& trip, Axis axis) {
    const auto inputs = "inputs"_is(span_text(trip.alike, axis));
    const bool rows = axis == Axis::h;
    const std::int64_t length = trip.short_length;
    const Message given = trip.count() == 2
                              ? (rows ? plural("Inputs of {inputs} both give {n} output row.",
                                               "Inputs of {inputs} both give {n} output rows.", length, inputs)
                                      : plural("Inputs of {inputs} both give {n} output column.",
                                               "Inputs of {inputs} both give {n} output columns.", length, inputs))
                              : (rows ? plural("Inputs of {inputs} all give {n} output row.",
                                               "Inputs of {inputs} all give {n} output rows.", length, inputs)
                                      : plural("Inputs of {inputs} all give {n} output column.",
                                               "Inputs of {inputs} all give {n} output columns.", length, inputs));
    if (!trip.first_back) return given;
    return msg(
        "{given} Back from {length}, the transposed convolution gives {least} with output padding {first} and {most} "
        "with output padding {last}.",
        "given"_is(given), "length"_is(length), "least"_is(trip.alike.least),
        "first"_is(trip.alike.least - *trip.first_back), "most"_is(trip.alike.most),
        "last"_is(trip.alike.most - *trip.first_back));
}

Message transposed_words(const ExplainView& view, const SizeAmbiguity& trip, Axis axis) {
    const auto alike = "alike"_is(span_text(trip.alike, axis));
    const auto length = "length"_is(trip.short_length);
    if (trip.shrinks_to)
        return msg(
            "No convolution input matches, because output padding is not smaller than the stride: {present} would "
            "shrink to {other}, not {length}. Only {alike} shrink to {length}.",
            "present"_is(lines_text(trip.present, axis)), "other"_is(*trip.shrinks_to), length, alike);
    const auto padding = "padding"_is(trip.present - trip.alike.least);
    const auto present = "present"_is(trip.present);
    const auto by =
        "cause"_is(view.spec().output_size ? msg("output size {present} (output padding {padding})", present, padding)
                                           : msg("output padding {padding}", padding));
    return trip.count() == 2 ? msg("A convolution shrinks both {alike} to {length}. So going back from {length} is "
                                   "ambiguous; {cause} chooses {present}.",
                                   alike, length, by, present)
                             : msg("A convolution shrinks each of {alike} to {length}. So going back from {length} is "
                                   "ambiguous; {cause} chooses {present}.",
                                   alike, length, by, present);
}

void draw_axis(const ExplainView& view, Axis axis) {
    const auto trip = size_ambiguity(view.spec(), view.input_shape().plane(), axis);
    if (!trip) return;
    const PanelContext& context = view.context;
    const bool transposed = view.spec().op == Op::conv_transpose;
    Page page;
    page.width = std::floor(ImGui::GetContentRegionAvail().x);
    page.text_size = context.text_size;
    page.transparent = true;
    page.lang = context.lang;
    if (page.width < context.text_size * 16) return;
    const Scene scene = build_round_trip(*trip, transposed, axis, context.theme, page, context.fonts);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    context.screen.draw(scene, {at.x, at.y}, ImGui::GetWindowDrawList());
    ImGui::Dummy({scene.width, scene.height});
    wrapped(context, transposed ? transposed_words(view, *trip, axis) : forward_words(*trip, axis),
            context.theme.faint);
}

}  // namespace

void draw_round_trip(const ExplainView& view) {
    const Size2 plane = view.input_shape().plane();
    const bool any = size_ambiguity(view.spec(), plane, Axis::h) || size_ambiguity(view.spec(), plane, Axis::w);
    if (!any) return;
    ImGui::Separator();
    ImGui::PushTextWrapPos(0);
    heading(view.context, view.spec().op == Op::conv_transpose ? msg("Round trip: which outputs shrink to this input")
                                                               : msg("Round trip: which inputs give this output"));
    ImGui::PopTextWrapPos();
    draw_axis(view, Axis::h);
    if (!same_axes(view.layer)) draw_axis(view, Axis::w);
}

}  // namespace convlens
