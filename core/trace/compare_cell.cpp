// Why one output cell of two layers differs: the products that only one has, and which setting brings them in. A setting
// counts as the cause when the cell becomes equal once it alone is made alike, whichever layer's value both then have.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "core/conv/pad.h"
#include "core/conv/rules.h"
#include "core/conv/shape.h"
#include "core/trace/compare_values.h"

namespace convlens {

namespace {

// The second layer with one thing as the first has it.
struct Altered {
    ConvSpec spec;
    LayerData data;
};
Altered made_alike(const ComparedPair& p, CauseKind kind) {
    Altered made{p.second(), p.b.data};
    const ConvSpec& like = p.first();
    made.spec.dialect = Dialect::convlens;  // a rule of theirs must not forbid the question
    switch (kind) {
        case CauseKind::op: made.spec.op = like.op; break;
        case CauseKind::input: made.data.input = p.a.data.input; break;
        case CauseKind::kernel:
            made.spec.kernel = like.kernel;
            made.spec.flip_kernel = like.flip_kernel;
            made.data.weight = p.a.data.weight;
            break;
        case CauseKind::window:
            made.spec.pads = resolve_pads(like, p.a.data.input.shape.plane());
            made.spec.pad_rule = PadRule::explicit_;
            break;
        case CauseKind::stride: made.spec.stride = like.stride; break;
        case CauseKind::dilation: made.spec.dilation = like.dilation; break;
        case CauseKind::groups: made.spec.groups = like.groups; break;
        case CauseKind::border:
            made.spec.pad_mode = like.pad_mode;
            made.spec.pad_value = like.pad_value;
            break;
        case CauseKind::pooling:
            made.spec.ceil_mode = like.ceil_mode;
            made.spec.count_include_pad = like.count_include_pad;
            made.spec.divisor_override = like.divisor_override;
            break;
        case CauseKind::bias: made.data.bias = p.a.data.bias; break;
    }
    return made;
}

bool second_becomes_equal(const ComparedPair& p, CauseKind kind) {
    const auto [spec, data] = made_alike(p, kind);
    const bool pooling = is_pooling(spec.op);
    LayerShape shape{spec, data.input.shape, {}, {}};
    if (!pooling) shape.weight = data.weight.shape;
    if (!pooling && data.bias.data) shape.bias_length = data.bias.shape.c;
    if (!find_faults(shape).empty()) return false;
    const Shape4 out = output_shape(spec, data.input.shape);
    const Cell4& at = p.cell;
    if (at.n >= out.n || at.c >= out.c || at.y >= out.h || at.x >= out.w) return false;
    const std::vector<Tap> taps = convlens::taps(spec, data, at);
    const double bias = bias_at(data, at);
    const double value = combined(spec, data.input.shape.plane(), at, taps) + bias;
    return count_as_equal(read(p.a.output, at), value, std::max(magnitude_of(taps, bias), magnitude_at(p.a, at)));
}

bool enough_alone(const ComparedPair& p, CauseKind kind) {
    return second_becomes_equal(p, kind) && second_becomes_equal({p.b, p.a, p.cell}, kind);
}

// What makes two products the same: the cell that is read, or that it is a constant of the padding; both numbers.
using TermKey = std::array<std::int64_t, 7>;
TermKey key_of(const Tap& tap) {
    const auto bits = [](double v) { return std::bit_cast<std::int64_t>(v == 0 ? 0.0 : v); };
    const Cell4 source = tap.has_source ? tap.source : Cell4{};
    return {tap.has_source, source.n, source.c, source.y, source.x, bits(tap.value), bits(tap.factor)};
}

std::map<TermKey, int> counted(const std::vector<Tap>& taps) {
    std::map<TermKey, int> count;
    for (const Tap& tap : taps) ++count[key_of(tap)];
    return count;
}

void share_terms(CellDifference& found, const std::vector<Tap>& first, const std::vector<Tap>& second) {
    std::map<TermKey, int> theirs = counted(second), ours = counted(first);
    for (const Tap& tap : first) (theirs[key_of(tap)]-- > 0 ? found.common : found.only_first).push_back(tap);
    for (const Tap& tap : second)
        if (ours[key_of(tap)]-- <= 0) found.only_second.push_back(tap);
}

// The first `count` causes, one behind the other.
Message all_of(const std::vector<Cause>& causes, std::size_t count) {
    Message all = causes[count - 1].text;
    for (std::size_t i = count - 1; i-- > 0;)
        all = msg("{cause}; {more}", "cause"_is(causes[i].text), "more"_is(std::move(all)));
    return all;
}

Message equal_words(const ComparedPair& p, const CellDifference& found) {
    const bool kernel = std::ranges::count(found.causes, CauseKind::kernel, &Cause::kind) > 0;
    const bool flipped = p.first().op == p.second().op && p.first().flip_kernel != p.second().flip_kernel;
    if (flipped && !kernel && !is_pooling(p.first().op))
        return msg(
            "Only one kernel is flipped, but its weights are the other's rotated by 180°, so the two rotations "
            "cancel.");
    if (found.causes.empty()) return msg("None of the differences affects this cell.");
    const auto causes = "causes"_is(all_of(found.causes, found.causes.size()));
    const bool same_terms = found.only_first.empty() && found.only_second.empty();
    return same_terms ? msg("{^causes}. Both still add the same products.", causes)
                      : msg("{^causes}. The cell is still equal.", causes);
}

Message why(const ComparedPair& p, const CellDifference& found, bool equal) {
    const std::vector<Cause>& causes = found.causes;
    if (equal) return equal_words(p, found);
    if (causes.empty()) return msg("No setting that affects this cell differs.");
    const auto first = "cause"_is(causes.front().text);
    if (causes.size() == 1) return msg("{^cause}.", first);
    const auto alone = static_cast<std::size_t>(std::ranges::count(causes, true, &Cause::alone));
    if (alone == 0)
        return msg("{count} settings differ, and no single one explains it: {causes}.", "count"_is(causes.size()),
                   "causes"_is(all_of(causes, causes.size())));
    if (alone == 1) return msg("{^cause}. If this alone were the same, the cell would be equal.", first);
    return msg("If any one of these were the same, the cell would be equal: {causes}.",
               "causes"_is(all_of(causes, alone)));
}

}  // namespace

bool count_as_equal(double a, double b, double magnitude) {
    if (a == b || (std::isnan(a) && std::isnan(b))) return true;
    return std::isfinite(a) && std::isfinite(b) && std::abs(a - b) <= kEqualTolerance * std::max(1.0, magnitude);
}

double magnitude_of(std::span<const Tap> taps, double bias) {
    double sum = std::abs(bias);
    for (const Tap& tap : taps)
        if (std::isfinite(tap.product)) sum += std::abs(tap.product);
    return sum;
}

double magnitude_at(const ComparedLayer& layer, const Cell4& cell) {
    return magnitude_of(taps(layer.spec, layer.data, cell), bias_at(layer.data, cell));
}

double bias_at(const LayerData& data, const Cell4& cell) { return data.bias.data ? data.bias.at(0, cell.c, 0, 0) : 0; }

CellDifference explain_cell(const ComparedLayer& a, const ComparedLayer& b, const Cell4& cell) {
    const ComparedPair pair{a, b, cell};
    CellDifference found;
    found.cell = cell;
    found.first = read(a.output, cell);
    found.second = read(b.output, cell);
    const std::vector<Tap> first = taps(a.spec, a.data, cell), second = taps(b.spec, b.data, cell);
    share_terms(found, first, second);
    found.causes = find_causes(pair, first, second);
    const double magnitude = std::max(magnitude_at(a, cell), magnitude_at(b, cell));
    const bool equal = count_as_equal(found.first, found.second, magnitude);
    if (!equal)
        for (Cause& cause : found.causes) cause.alone = enough_alone(pair, cause.kind);
    std::ranges::stable_sort(found.causes, std::greater{}, &Cause::alone);
    found.why = why(pair, found, equal);
    return found;
}

}  // namespace convlens
