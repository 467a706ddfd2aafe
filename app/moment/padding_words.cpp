#include "app/moment/padding_words.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/text/number.h"

namespace convlens {

namespace {

constexpr std::size_t kMostTerms = 9;

std::string term_text(const Tap& tap, bool pooling) {
    const std::string value = sum_number(tap.value);
    if (pooling) return value;
    const std::string factor = sum_number(tap.factor);
    return value + "·" + (tap.factor < 0 ? "(" + factor + ")" : factor);
}

std::string terms_text(std::span<const Tap> taps, bool pooling) {
    std::string text;
    for (const Tap& tap : taps.first(std::min(taps.size(), kMostTerms)))
        text += (text.empty() ? "" : pooling ? ", " : " + ") + term_text(tap, pooling);
    return text;
}

std::string whole(std::int64_t number) { return full_number(static_cast<double>(number)); }

Message line_text(Axis axis, std::int64_t index) {
    return axis == Axis::h ? msg("row {row}", "row"_is(index)) : msg("column {column}", "column"_is(index));
}

// "row 3", "rows 1 to 3", "rows −1, 1", "rows −2, 0, … 6": what a kernel at `first` meets along an axis.
Message places_text(const AxisShape& a, Axis axis, std::int64_t first) {
    const bool rows = axis == Axis::h;
    const std::int64_t last = first + a.effective_kernel - 1;
    if (a.kernel == 1) return line_text(axis, first);
    if (a.dilation == 1) {
        const auto from = "first"_is(first);
        const auto to = "last"_is(last);
        return rows ? msg("rows {first} to {last}", from, to) : msg("columns {first} to {last}", from, to);
    }
    std::string numbers = whole(first) + ", " + whole(first + a.dilation);
    if (a.kernel > 2) numbers += (a.kernel > 3 ? ", … " : ", ") + whole(last);
    const auto list = "numbers"_is(numbers);
    return rows ? msg("rows {numbers}", list) : msg("columns {numbers}", list);
}

// How many of the places are in [from, to).
std::int64_t count_between(const AxisShape& a, std::int64_t first, std::int64_t from, std::int64_t to) {
    const auto before = [&](std::int64_t end) {
        return std::clamp<std::int64_t>((end - first + a.dilation - 1) / a.dilation, 0, a.kernel);
    };
    return before(std::max(to, from)) - before(from);
}

}  // namespace

Message products_text(const ConvSpec& spec, std::span<const Tap> taps) {
    const bool pooling = is_pooling(spec.op);
    std::vector<Tap> on_input, in_padding;
    for (const Tap& tap : taps) (tap.in_padding ? in_padding : on_input).push_back(tap);
    if (taps.empty()) return msg("nothing");
    std::vector<Message> parts;
    if (const auto terms = "terms"_is(terms_text(on_input, pooling)); !on_input.empty())
        parts.push_back(on_input.size() > kMostTerms
                            ? msg("{terms} … {count} in all", terms, "count"_is(on_input.size()))
                            : verbatim(terms_text(on_input, pooling)));
    const auto count = "count"_is(in_padding.size());
    const bool add_nothing = std::ranges::all_of(in_padding, [](const Tap& tap) { return tap.product == 0; });
    const std::string more = in_padding.size() > kMostTerms ? " …" : "";
    if (!in_padding.empty())
        parts.push_back(pooling || add_nothing ? msg("{count} in the padding", count)
                                               : msg("{count} in the padding: {terms}", count,
                                                     "terms"_is(terms_text(in_padding, pooling) + more)));
    return listed(std::move(parts));
}

std::vector<Message> window_lines(const DerivedLayer& layer, Axis axis, std::int64_t index) {
    const AxisShape& a = axis == Axis::h ? layer.h : layer.w;
    const std::int64_t first = index * a.stride - a.pad_before;
    const auto line = "line"_is(line_text(axis, index));
    const auto places = "lines"_is(places_text(a, axis, first));
    std::vector<Message> lines;
    const auto of_which = [&lines](std::int64_t count, Message text) {
        if (count > 0) lines.push_back(std::move(text));
    };
    if (layer.layer.spec.op == Op::conv_transpose) {
        lines = {msg("stamp of input {line}", line), msg("is added to output {lines}", places)};
        const std::int64_t cropped = a.kernel - count_between(a, first, 0, a.output);
        of_which(cropped, msg("of which {count} cropped", "count"_is(cropped)));
        return lines;
    }
    lines = {msg("window {window} makes output {line}", "window"_is(index), line), msg("reads input {lines}", places)};
    const std::int64_t padded_end = a.padded - a.pad_before;
    const std::int64_t read =
        count_between(a, first, std::max<std::int64_t>(0, -a.pad_before), std::min(a.input, padded_end));
    const std::int64_t beyond = a.kernel - count_between(a, first, -a.pad_before, padded_end);
    const std::int64_t padding = a.kernel - read - beyond;
    of_which(padding, msg("of which {count} in the padding", "count"_is(padding)));
    of_which(beyond, padding > 0 ? msg("and {count} outside the padded input", "count"_is(beyond))
                                 : msg("of which {count} outside the padded input", "count"_is(beyond)));
    return lines;
}

}  // namespace convlens
