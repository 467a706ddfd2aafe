#include "core/conv/lengths_alike.h"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/conv/size_ambiguity.h"

namespace convlens {

namespace {

// Which lengths a sentence is about.
enum class About { both, rows, columns };

template <typename... Places>
Message said(About about, Sentence<std::type_identity_t<Places>...> both,
             Sentence<std::type_identity_t<Places>...> rows, Sentence<std::type_identity_t<Places>...> columns,
             Places... places) {
    return msg(about == About::both ? both : about == About::rows ? rows : columns, std::move(places)...);
}

// Why the answer has an output padding that no convolution comes from.
Message unmatched(About about, const SizeAmbiguity& trip, std::int64_t by) {
    return said(about, key("no convolution with stride {stride} shrinks {length} to {shrunk}"),
                key("no convolution with stride {stride} shrinks {length} rows to {shrunk}"),
                key("no convolution with stride {stride} shrinks {length} columns to {shrunk}"), "stride"_is(by),
                "length"_is(trip.present), "shrunk"_is(trip.short_length));
}

// The outputs of a transposed convolution that a convolution does not tell apart.
Message outputs_shrink(About about, const SizeAmbiguity& trip) {
    const auto least = "least"_is(trip.alike.least);
    const auto most = "most"_is(trip.alike.most);
    const auto shrunk = "shrunk"_is(trip.short_length);
    if (trip.count() == 2)
        return said(about, key("{least} and {most} both shrink to {shrunk}"),
                    key("{least} and {most} rows both shrink to {shrunk}"),
                    key("{least} and {most} columns both shrink to {shrunk}"), least, most, shrunk);
    return said(about, key("{least} to {most} all shrink to {shrunk}"),
                key("{least} to {most} rows all shrink to {shrunk}"),
                key("{least} to {most} columns all shrink to {shrunk}"), least, most, shrunk);
}

// The inputs of a convolution or pooling that its output does not tell apart.
Message inputs_give(About about, const SizeAmbiguity& trip) {
    const auto least = "least"_is(trip.alike.least);
    const auto most = "most"_is(trip.alike.most);
    const auto output = "output"_is(trip.short_length);
    if (trip.count() == 2)
        return said(about, key("inputs of {least} and {most} both give {output}"),
                    key("inputs of {least} and {most} rows both give {output}"),
                    key("inputs of {least} and {most} columns both give {output}"), least, most, output);
    return said(about, key("inputs of {least} to {most} all give {output}"),
                key("inputs of {least} to {most} rows all give {output}"),
                key("inputs of {least} to {most} columns all give {output}"), least, most, output);
}

Message one_axis(const LayerShape& layer, const SizeAmbiguity& trip, Axis axis, About about) {
    if (trip.shrinks_to) return unmatched(about, trip, axis_of(layer.spec, axis).stride);
    return layer.spec.op == Op::conv_transpose ? outputs_shrink(about, trip) : inputs_give(about, trip);
}

bool alike(const SizeAmbiguity& a, const SizeAmbiguity& b) {
    return a.alike == b.alike && a.short_length == b.short_length && a.shrinks_to == b.shrinks_to &&
           (!a.shrinks_to || a.present == b.present);
}

}  // namespace

Message lengths_alike(const LayerShape& layer, std::span<const Axis> axes) {
    const Size2 plane = layer.input.plane();
    const auto rows = size_ambiguity(layer.spec, plane, Axis::h), columns = size_ambiguity(layer.spec, plane, Axis::w);
    const bool both_alike = rows && columns && alike(*rows, *columns);
    std::vector<Message> all;
    for (const Axis axis : axes) {
        const bool is_rows = axis == Axis::h;
        const auto& trip = is_rows ? rows : columns;
        if (!trip || (both_alike && !all.empty())) continue;
        all.push_back(one_axis(layer, *trip, axis, both_alike ? About::both : is_rows ? About::rows : About::columns));
    }
    return in_clauses(std::move(all));
}

}  // namespace convlens
