// What two layers have that is not alike, as far as it bears on one output cell.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/engine/pool.h"
#include "core/trace/compare_values.h"

namespace convlens {

namespace {

std::string size_text(Size2 size) {
    return size.h == size.w ? fmt::format("{}", size.h) : fmt::format("{}×{}", size.h, size.w);
}

// With the minus sign of the rest of the window.
std::string number_text(double value) {
    std::string text = fmt::format("{:.6g}", value);
    return text[0] == '-' ? "\u2212" + text.substr(1) : text;
}

std::string index_text(const Shape4& shape, const Cell4& cell) {
    if (shape.n == 1 && shape.c == 1) return fmt::format("[{}, {}]", cell.y, cell.x);
    return fmt::format("[{}, {}, {}, {}]", cell.n, cell.c, cell.y, cell.x);
}

bool same_number(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// Numbers that two tensors of the same shape do not have in common, and the first of them.
struct Apart {
    std::int64_t count = 0;
    Cell4 first;
};
template <typename Read>
Apart numbers_apart(const Shape4& shape, const Read& same) {
    Apart apart;
    for (Cell4 at; at.n < shape.n; ++at.n)
        for (at.c = 0; at.c < shape.c; ++at.c)
            for (at.y = 0; at.y < shape.h; ++at.y)
                for (at.x = 0; at.x < shape.w; ++at.x)
                    if (!same(at) && apart.count++ == 0) apart.first = at;
    return apart;
}

constexpr std::array kOperations{key("convolution"), key("transposed convolution"), key("max pooling"),
                                 key("average pooling")};
static_assert(kOperations.size() == static_cast<std::size_t>(Op::avg_pool) + 1);
Key operation(Op op) { return kOperations[static_cast<std::size_t>(op)]; }

// "stride 1 vs 2"
Message versus(Key setting, std::string first, std::string second) {
    return msg("{setting} {first} vs {second}", "setting"_is(setting), "first"_is(std::move(first)),
               "second"_is(std::move(second)));
}

std::optional<Cause> op_cause(const ComparedPair& p) {
    if (p.first().op == p.second().op) return {};
    return Cause{CauseKind::op, msg("the operation is {first} vs {second}", "first"_is(operation(p.first().op)),
                                    "second"_is(operation(p.second().op)))};
}

// Input cells, or weights, whose value some product depends on: the other factor is not 0. `taps`, here and below: those
// of the cell in both layers.
std::set<Cell4> inputs_that_count(const std::vector<Tap>& taps) {
    std::set<Cell4> cells;
    for (const Tap& tap : taps)
        if (tap.has_source && tap.factor != 0) cells.insert(tap.source);
    return cells;
}
std::set<Cell4> weights_that_count(const std::vector<Tap>& taps) {
    std::set<Cell4> cells;
    for (const Tap& tap : taps)
        if (tap.value != 0) cells.insert(tap.weight);
    return cells;
}

std::optional<Cause> input_cause(const ComparedPair& p, const std::vector<Tap>& taps) {
    const View<double> a = p.a.data.input, b = p.b.data.input;
    if (a.shape != b.shape) {
        const bool plane = a.shape.n == b.shape.n && a.shape.c == b.shape.c;
        const auto text = [plane](const Shape4& s) { return plane ? fmt::format("{}×{}", s.h, s.w) : to_string(s); };
        return Cause{CauseKind::input,
                     msg("the input is {first} vs {second}", "first"_is(text(a.shape)), "second"_is(text(b.shape)))};
    }
    const std::set<Cell4> count = inputs_that_count(taps);
    const Apart apart = numbers_apart(
        a.shape, [&](const Cell4& at) { return same_number(read(a, at), read(b, at)) || !count.contains(at); });
    if (apart.count == 0) return {};
    return Cause{CauseKind::input,
                 plural("{n} input cell differs, the first at input{index}: {first} vs {second}",
                        "{n} input cells differ, the first at input{index}: {first} vs {second}", apart.count,
                        "index"_is(index_text(a.shape, apart.first)), "first"_is(number_text(read(a, apart.first))),
                        "second"_is(number_text(read(b, apart.first))))};
}

// The kernel as it lies on the input, after flip_kernel, read through a mirror.
struct Mirror {
    bool rows = false, columns = false;
};
bool kernels_match(const ComparedPair& p, Mirror mirror) {
    const Size2 k = p.first().kernel;
    const auto same = [&](const Cell4& at) {
        const Size2 seen{mirror.rows ? k.h - 1 - at.y : at.y, mirror.columns ? k.w - 1 - at.x : at.x};
        const Size2 a = stored_cell(p.first(), {at.y, at.x}), b = stored_cell(p.second(), seen);
        return same_number(p.a.data.weight.at(at.n, at.c, a.h, a.w), p.b.data.weight.at(at.n, at.c, b.h, b.w));
    };
    return numbers_apart(p.a.data.weight.shape, same).count == 0;
}

std::optional<Cause> kernel_cause(const ComparedPair& p, const std::vector<Tap>& taps) {
    const ConvSpec& a = p.first();
    const ConvSpec& b = p.second();
    const View<double> first = p.a.data.weight, second = p.b.data.weight;
    if (is_pooling(a.op) || a.kernel != b.kernel) {
        if (a.kernel == b.kernel) return {};
        return Cause{CauseKind::kernel, versus(key("kernel"), size_text(a.kernel), size_text(b.kernel))};
    }
    if (first.shape != second.shape)
        return Cause{CauseKind::kernel, versus(key("weight"), to_string(first.shape), to_string(second.shape))};
    if (kernels_match(p, {})) return {};
    // A kernel of one row is flipped by the mirror that swaps its columns: said as what was set.
    const bool flip = a.flip_kernel != b.flip_kernel;
    if (flip && kernels_match(p, {true, true})) return Cause{CauseKind::kernel, msg("the kernel is rotated by 180°")};
    if (kernels_match(p, {true, false}))
        return Cause{CauseKind::kernel, msg("the kernel is mirrored up-down: its rows are reversed")};
    if (kernels_match(p, {false, true}))
        return Cause{CauseKind::kernel, msg("the kernel is mirrored left-right: its columns are reversed")};
    if (kernels_match(p, {true, true})) return Cause{CauseKind::kernel, msg("the kernel is rotated by 180°")};
    const std::set<Cell4> count = weights_that_count(taps);
    const Apart apart = numbers_apart(first.shape, [&](const Cell4& at) {
        return same_number(read(first, at), read(second, at)) || (!flip && !count.contains(at));
    });
    if (apart.count == 0 && !flip) return {};
    if (apart.count == 0) return Cause{CauseKind::kernel, msg("one kernel is rotated by 180°")};
    const auto index = "index"_is(index_text(first.shape, apart.first));
    const auto one = "first"_is(number_text(read(first, apart.first)));
    const auto other = "second"_is(number_text(read(second, apart.first)));
    if (flip)
        return Cause{CauseKind::kernel,
                     plural("{n} weight differs, the first at weight{index}: {first} vs {second}, and one kernel is "
                            "rotated by 180°",
                            "{n} weights differ, the first at weight{index}: {first} vs {second}, and one kernel is "
                            "rotated by 180°",
                            apart.count, index, one, other)};
    return Cause{CauseKind::kernel, plural("{n} weight differs, the first at weight{index}: {first} vs {second}",
                                           "{n} weights differ, the first at weight{index}: {first} vs {second}",
                                           apart.count, index, one, other)};
}

// What the first layer's windows, or stamps, are off by: `by` cells later, or earlier where it is negative.
Message shift_text(bool stamps, Axis axis, std::int64_t by) {
    const std::int64_t cells = std::abs(by);
    if (axis == Axis::h && stamps)
        return by > 0 ? plural("the first layer's stamps start {n} row later",
                               "the first layer's stamps start {n} rows later", cells)
                      : plural("the first layer's stamps start {n} row earlier",
                               "the first layer's stamps start {n} rows earlier", cells);
    if (axis == Axis::h)
        return by > 0 ? plural("the first layer's windows start {n} row later",
                               "the first layer's windows start {n} rows later", cells)
                      : plural("the first layer's windows start {n} row earlier",
                               "the first layer's windows start {n} rows earlier", cells);
    if (stamps)
        return by > 0 ? plural("the first layer's stamps start {n} column later",
                               "the first layer's stamps start {n} columns later", cells)
                      : plural("the first layer's stamps start {n} column earlier",
                               "the first layer's stamps start {n} columns earlier", cells);
    return by > 0 ? plural("the first layer's windows start {n} column later",
                           "the first layer's windows start {n} columns later", cells)
                  : plural("the first layer's windows start {n} column earlier",
                           "the first layer's windows start {n} columns earlier", cells);
}

// "padding of columns 1|2 vs 2|1: the first layer's windows start 1 column later"
Message window_text(const ComparedPair& p, Axis axis) {
    const AxisShape a = solve_axis(p.first(), p.a.data.input.shape.plane(), axis);
    const AxisShape b = solve_axis(p.second(), p.b.data.input.shape.plane(), axis);
    const std::int64_t by = b.pad_before - a.pad_before;  // cells that the first one's window starts later
    if (by == 0 && (!is_pooling(p.first().op) || a.pad_after == b.pad_after)) return {};
    const auto first = "first"_is(fmt::format("{}|{}", a.pad_before, a.pad_after));
    const auto second = "second"_is(fmt::format("{}|{}", b.pad_before, b.pad_after));
    Message padding = axis == Axis::h ? msg("padding of rows {first} vs {second}", first, second)
                                      : msg("padding of columns {first} vs {second}", first, second);
    if (by == 0) return padding;
    return msg("{padding}: {shift}", "padding"_is(std::move(padding)),
               "shift"_is(shift_text(p.first().op == Op::conv_transpose, axis, by)));
}

std::optional<Cause> window_cause(const ComparedPair& p) {
    Message rows = window_text(p, Axis::h), columns = window_text(p, Axis::w);
    if (rows.empty() && columns.empty()) return {};
    if (rows.empty()) return Cause{CauseKind::window, std::move(columns)};
    if (columns.empty()) return Cause{CauseKind::window, std::move(rows)};
    return Cause{CauseKind::window, msg("{cause}; {more}", "cause"_is(std::move(rows)), "more"_is(std::move(columns)))};
}

std::optional<Cause> size_cause(CauseKind kind, Key setting, Size2 a, Size2 b) {
    if (a == b) return {};
    return Cause{kind, versus(setting, size_text(a), size_text(b))};
}

// What stands at a cell of the input's plane under a layer's pad mode.
struct Border {
    double value = 0;
    Message text;
};
Border border_at(const ComparedLayer& layer, const Cell4& at) {
    const Shape4& in = layer.data.input.shape;
    const auto row = source_index(at.y, in.h, layer.spec.pad_mode);
    const auto column = source_index(at.x, in.w, layer.spec.pad_mode);
    if (!row || !column) return {pad_constant(layer.spec), verbatim(number_text(pad_constant(layer.spec)))};
    const Cell4 source{at.n, at.c, *row, *column};
    const double value = read(layer.data.input, source);
    return {value,
            msg("{value}, a copy of input{index}", "value"_is(number_text(value)), "index"_is(index_text(in, source)))};
}

// The first cell of the padding that holds different values and, with them, gives different products.
std::optional<Cause> border_cause(const ComparedPair& p, const std::vector<Tap>& taps) {
    const bool alike = p.first().pad_mode == p.second().pad_mode && pad_constant(p.first()) == pad_constant(p.second());
    if (alike || is_pooling(p.first().op) || !p.same_input_plane()) return {};
    const Shape4 a_shape = p.a.data.input.shape, b_shape = p.b.data.input.shape;
    for (const Tap& tap : taps) {
        const bool there = tap.input.n < std::min(a_shape.n, b_shape.n) && tap.input.c < std::min(a_shape.c, b_shape.c);
        if (!tap.in_padding || !there || tap.factor == 0) continue;
        const Border a = border_at(p.a, tap.input), b = border_at(p.b, tap.input);
        if (same_number(a.value, b.value)) continue;
        return Cause{CauseKind::border,
                     msg("at row {row}, column {column} the padding is {first} vs {second}", "row"_is(tap.input.y),
                         "column"_is(tap.input.x), "first"_is(a.text), "second"_is(b.text))};
    }
    return {};
}

std::optional<Cause> pooling_cause(const ComparedPair& p) {
    if (p.first().op != Op::avg_pool) return {};
    const Size2 out{p.cell.y, p.cell.x};
    const std::int64_t a = pool_window(p.first(), p.a.data.input.shape.plane(), out).divisor;
    const std::int64_t b = pool_window(p.second(), p.b.data.input.shape.plane(), out).divisor;
    if (a == b) return {};
    return Cause{CauseKind::pooling, msg("the sum is divided by {first} vs {second}", "first"_is(a), "second"_is(b))};
}

std::optional<Cause> bias_cause(const ComparedPair& p) {
    const double a = bias_at(p.a.data, p.cell), b = bias_at(p.b.data, p.cell);
    if (same_number(a, b)) return {};
    return Cause{CauseKind::bias, versus(key("bias"), number_text(a), number_text(b))};
}

}  // namespace

std::vector<Cause> find_causes(const ComparedPair& p, const std::vector<Tap>& first, const std::vector<Tap>& second) {
    std::vector<Tap> taps = first;
    taps.insert(taps.end(), second.begin(), second.end());
    std::vector<Cause> causes;
    const auto take = [&causes](std::optional<Cause> cause) {
        if (cause) causes.push_back(std::move(*cause));
    };
    take(op_cause(p));
    take(input_cause(p, taps));
    if (!causes.empty() && causes.front().kind == CauseKind::op) return causes;  // the rest means another thing in each
    take(kernel_cause(p, taps));
    take(window_cause(p));
    take(size_cause(CauseKind::stride, key("stride"), p.first().stride, p.second().stride));
    take(size_cause(CauseKind::dilation, key("dilation"), p.first().dilation, p.second().dilation));
    const std::int64_t a = p.first().groups, b = p.second().groups;
    if (a != b && !is_pooling(p.first().op))
        take(Cause{CauseKind::groups, versus(key("groups"), std::to_string(a), std::to_string(b))});
    take(border_cause(p, taps));
    take(pooling_cause(p));
    take(bias_cause(p));
    return causes;
}

}  // namespace convlens
