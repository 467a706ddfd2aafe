#include "app/moment/padding_words.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

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

// "row 3", "rows 1 to 3", "rows −1, 1", "rows −2, 0, … 6": what a kernel at `first` meets along an axis.
std::string places_text(const AxisShape& a, Axis axis, std::int64_t first) {
    const char* const one = axis == Axis::h ? "row" : "column";
    const std::int64_t last = first + a.effective_kernel - 1;
    if (a.kernel == 1) return fmt::format("{} {}", one, whole(first));
    if (a.dilation == 1) return fmt::format("{}s {} to {}", one, whole(first), whole(last));
    std::string text = fmt::format("{}s {}, {}", one, whole(first), whole(first + a.dilation));
    if (a.kernel > 2) text += (a.kernel > 3 ? ", … " : ", ") + whole(last);
    return text;
}

// How many of the places are in [from, to).
std::int64_t count_between(const AxisShape& a, std::int64_t first, std::int64_t from, std::int64_t to) {
    const auto before = [&](std::int64_t end) {
        return std::clamp<std::int64_t>((end - first + a.dilation - 1) / a.dilation, 0, a.kernel);
    };
    return before(std::max(to, from)) - before(from);
}

}  // namespace

std::string products_text(const ConvSpec& spec, std::span<const Tap> taps) {
    const bool pooling = is_pooling(spec.op);
    std::vector<Tap> on_input, in_padding;
    for (const Tap& tap : taps) (tap.in_padding ? in_padding : on_input).push_back(tap);
    std::string text = terms_text(on_input, pooling);
    if (on_input.size() > kMostTerms) text += fmt::format(" … {} in all", on_input.size());
    if (in_padding.empty()) return text.empty() ? "nothing" : text;
    text += fmt::format("{}{} in the padding", text.empty() ? "" : " and ", in_padding.size());
    if (pooling || std::ranges::all_of(in_padding, [](const Tap& tap) { return tap.product == 0; })) return text;
    return text + ": " + terms_text(in_padding, pooling) + (in_padding.size() > kMostTerms ? " …" : "");
}

std::string window_text(const DerivedLayer& layer, Axis axis, std::int64_t index) {
    const AxisShape& a = axis == Axis::h ? layer.h : layer.w;
    const char* const one = axis == Axis::h ? "row" : "column";
    const std::int64_t first = index * a.stride - a.pad_before;
    const std::string places = places_text(a, axis, first);
    if (layer.layer.spec.op == Op::conv_transpose) {
        const std::int64_t cropped = a.kernel - count_between(a, first, 0, a.output);
        return fmt::format("stamp of input {} {}\nis added to output {}{}", one, index, places,
                           cropped > 0 ? fmt::format("\nof which {} cropped", cropped) : "");
    }
    std::string text = fmt::format("window {} makes output {} {}\nreads input {}", index, one, index, places);
    const std::int64_t padded_end = a.padded - a.pad_before;
    const std::int64_t read =
        count_between(a, first, std::max<std::int64_t>(0, -a.pad_before), std::min(a.input, padded_end));
    const std::int64_t beyond = a.kernel - count_between(a, first, -a.pad_before, padded_end);
    const std::int64_t padding = a.kernel - read - beyond;
    if (padding > 0) text += fmt::format("\nof which {} in the padding", padding);
    if (beyond > 0) text += fmt::format("\n{} {} outside the padded input", padding > 0 ? "and" : "of which", beyond);
    return text;
}

}  // namespace convlens
