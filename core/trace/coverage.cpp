#include "core/trace/coverage.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/conv/pad.h"
#include "core/conv/rules.h"
#include "core/conv/shape.h"
#include "core/text/message.h"

namespace convlens {

namespace {

// The indices of coverage() that every window position (or stamp) can reach: those that no border comes near.
struct Inner {
    std::int64_t first = 0, last = 0;  // without `last`
    std::int64_t period = 1;           // after which their counts repeat
};
Inner far_from_borders(const ConvSpec& spec, const AxisShape& a) {
    const bool transposed = spec.op == Op::conv_transpose;
    const std::int64_t shifts = transposed ? a.input : a.output, length = transposed ? a.output : a.input;
    if (length == 1) {  // one row or column is all that there is
        const std::int64_t at = transposed ? 0 : a.pad_before;
        return at >= 0 && at < (transposed ? a.output : a.padded) ? Inner{at, at + 1, 1} : Inner{};
    }
    Inner inner{a.effective_kernel - 1, (shifts - 1) * a.stride + 1, a.stride};
    if (transposed) {  // the output begins where the crop ends
        inner.first = std::max<std::int64_t>(inner.first - a.pad_before, 0);
        inner.last = std::min(inner.last - a.pad_before, a.output);
    } else {  // of the padded axis only the input is looked at
        inner.first = std::max({inner.first, a.pad_before, std::int64_t{0}});
        inner.last = std::min({inner.last, a.pad_before + a.input, a.padded});
    }
    return inner;
}

// Where cells of the input stand once more in the padding, how often each of them is read there, by index into the input.
std::vector<std::int64_t> reads_of_copies(const ConvSpec& spec, const AxisShape& a,
                                          const std::vector<std::int64_t>& covered) {
    std::vector<std::int64_t> count(static_cast<std::size_t>(a.input));
    if (spec.op == Op::conv_transpose) return count;
    for (std::int64_t p = 0; p < a.padded; ++p) {
        const std::int64_t at = p - a.pad_before;
        if (at >= 0 && at < a.input) continue;
        if (const auto source = source_index(at, a.input, spec.pad_mode))
            count[static_cast<std::size_t>(*source)] += covered[static_cast<std::size_t>(p)];
    }
    return count;
}

// Without the cells at either end that are read in the padding, too; none where such cells are in the middle as well.
Inner inner_of(const ConvSpec& spec, const AxisShape& a, const std::vector<std::int64_t>& covered) {
    Inner inner = far_from_borders(spec, a);
    if (spec.op == Op::conv_transpose) return inner;
    const std::vector<std::int64_t> copies = reads_of_copies(spec, a, covered);
    const auto copied = [&](std::int64_t p) { return copies[static_cast<std::size_t>(p - a.pad_before)] > 0; };
    while (inner.first < inner.last && copied(inner.first)) ++inner.first;
    while (inner.first < inner.last && copied(inner.last - 1)) --inner.last;
    for (std::int64_t p = inner.first; p < inner.last; ++p)
        if (copied(p)) return {};
    return inner;
}

// The different counts of the tensor's own cells along an axis, those of their copies included.
std::set<std::int64_t> counts_of_all(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    const std::vector<std::int64_t> covered = coverage(spec, input_plane, axis);
    if (spec.op == Op::conv_transpose) return {covered.begin(), covered.end()};
    const AxisShape a = solve_axis(spec, input_plane, axis);
    const std::vector<std::int64_t> copies = reads_of_copies(spec, a, covered);
    std::set<std::int64_t> found;
    for (std::int64_t i = 0; i < a.input; ++i) {
        const std::int64_t p = i + a.pad_before;
        const bool there = p >= 0 && p < a.padded;  // not cropped
        found.insert(copies[static_cast<std::size_t>(i)] + (there ? covered[static_cast<std::size_t>(p)] : 0));
    }
    return found;
}

// Which cells a layer covers equally often. None, too, where it leaves a cell out, or is not allowed.
enum class Even { none, inner, all };
Even even_cells(const ConvSpec& spec, Size2 plane) {
    LayerShape layer{spec, {1, std::max<std::int64_t>(spec.groups, 1), plane.h, plane.w}, {}, {}};
    layer.held = false;
    if (!find_faults(layer).empty()) return Even::none;
    Even found = Even::all;
    for (const Axis axis : {Axis::h, Axis::w}) {
        const std::set<std::int64_t> counts = counts_of_all(spec, plane, axis);
        if (counts.contains(0)) return Even::none;
        if (counts.size() == 1) continue;
        if (evenness(spec, plane, axis).counts.size() != 1) return Even::none;
        found = Even::inner;
    }
    return found;
}

// "1, 2 or 4"
Message any_of(const std::set<std::int64_t>& counts) {
    std::vector<Message> numbers;
    for (const std::int64_t count : counts) numbers.push_back(verbatim(fmt::format("{}", count)));
    return either(std::move(numbers));
}

struct Uneven {
    Key side;  // of the kernel: "kernel", "kernel height"
    std::int64_t kernel, stride, dilation;
};

Message cause_of(const Uneven& axis) {
    const auto stride = "stride"_is(axis.stride);
    if (std::gcd(axis.stride, axis.dilation) > 1)
        return msg("stride {stride} and dilation {dilation} have a common factor", stride,
                   "dilation"_is(axis.dilation));
    return msg("{side} {kernel} is not a multiple of stride {stride}", "side"_is(axis.side), "kernel"_is(axis.kernel),
               stride);
}

// What makes cells be covered unevenly, and how often that is.
Message unevenness(bool both, bool transposed, const Message& cause, const Message& counts) {
    const auto why = "cause"_is(cause);
    const auto times = "counts"_is(counts);
    if (both)
        return transposed ? msg("Checkerboard: {cause}, so inner output cells are written {counts} times.", why, times)
                          : msg("Checkerboard: {cause}, so inner input cells are read {counts} times.", why, times);
    return transposed ? msg("Stripes: {cause}, so inner output cells are written {counts} times.", why, times)
                      : msg("Stripes: {cause}, so inner input cells are read {counts} times.", why, times);
}

}  // namespace

std::vector<std::int64_t> coverage(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    const AxisShape a = solve_axis(spec, input_plane, axis);
    const bool transposed = spec.op == Op::conv_transpose;
    const std::int64_t shifts = transposed ? a.input : a.output, before = transposed ? a.pad_before : 0;
    std::vector<std::int64_t> count(static_cast<std::size_t>(transposed ? a.output : a.padded));
    for (std::int64_t i = 0; i < shifts; ++i) {
        for (std::int64_t u = 0; u < a.kernel; ++u) {
            const std::int64_t at = i * a.stride + u * a.dilation - before;
            if (at >= 0 && at < std::ssize(count)) ++count[static_cast<std::size_t>(at)];
        }
    }
    return count;
}

Evenness evenness(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    const AxisShape a = solve_axis(spec, input_plane, axis);
    const std::vector<std::int64_t> all = coverage(spec, input_plane, axis);
    const Inner inner = inner_of(spec, a, all);
    Evenness found;
    if (inner.last - inner.first < inner.period) return found;
    std::set<std::int64_t> counts;  // those of one period repeat
    for (std::int64_t i = inner.first; i < inner.first + inner.period; ++i)
        counts.insert(all[static_cast<std::size_t>(i)]);
    found.counts.assign(counts.begin(), counts.end());
    if (counts.size() > 1 && std::gcd(a.stride, a.dilation) == 1)
        found.even_kernel = (a.kernel / a.stride + 1) * a.stride;
    return found;
}

Message pattern_in_words(const ConvSpec& spec, Size2 input_plane) {
    const Evenness h = evenness(spec, input_plane, Axis::h), w = evenness(spec, input_plane, Axis::w);
    const auto uneven = [](const Evenness& e) { return e.counts.size() > 1; };
    if (h.counts.empty() || w.counts.empty() || (!uneven(h) && !uneven(w))) return {};
    const bool both = uneven(h) && uneven(w);
    const bool alike =
        both && spec.kernel.h == spec.kernel.w && spec.stride.h == spec.stride.w && spec.dilation.h == spec.dilation.w;
    std::set<std::int64_t> products;
    for (const std::int64_t row : h.counts)
        for (const std::int64_t col : w.counts) products.insert(row * col);
    const bool transposed = spec.op == Op::conv_transpose;
    const Uneven rows{alike ? key("kernel") : key("kernel height"), spec.kernel.h, spec.stride.h, spec.dilation.h};
    const Uneven cols{key("kernel width"), spec.kernel.w, spec.stride.w, spec.dilation.w};
    Message cause = uneven(h) ? cause_of(rows) : cause_of(cols);
    if (both && !alike) cause = listed({std::move(cause), cause_of(cols)});
    Message text = unevenness(both, transposed, cause, any_of(products));
    const bool curable = (!uneven(h) || h.even_kernel) && (!uneven(w) || w.even_kernel);
    if (!curable) return text;
    ConvSpec cured = spec;
    cured.kernel = {h.even_kernel.value_or(spec.kernel.h), w.even_kernel.value_or(spec.kernel.w)};
    const Even cells = even_cells(cured, input_plane);
    if (cells == Even::none) return text;
    const auto [high, wide] = cured.kernel;
    const std::string size =
        high == wide && spec.kernel.h == spec.kernel.w ? fmt::format("{}", high) : fmt::format("{}×{}", high, wide);
    const auto pattern = "pattern"_is(std::move(text));
    const auto kernel = "size"_is(size);
    if (cells == Even::inner)
        return transposed ? msg("{pattern} Kernel {size} writes all inner cells equally often.", pattern, kernel)
                          : msg("{pattern} Kernel {size} reads all inner cells equally often.", pattern, kernel);
    return transposed ? msg("{pattern} Kernel {size} writes all cells equally often.", pattern, kernel)
                      : msg("{pattern} Kernel {size} reads all cells equally often.", pattern, kernel);
}

}  // namespace convlens
