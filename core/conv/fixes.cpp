#include "core/conv/fixes.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/conv/adjustments.h"
#include "core/conv/changes.h"
#include "core/conv/parameters.h"
#include "core/conv/rules.h"

namespace convlens {

namespace {

constexpr std::size_t kMostFixes = 4;
constexpr std::int64_t kScan = 48;  // up to here every value is tried; beyond, only where the fault ends
constexpr int kMostRepairs = 16;    // faults mended one after the other

using Way = Adjustment::Way;
constexpr Adjustment kNoNegativePadding{Field::padding, Way::no_negative};
constexpr Adjustment kOwnPads{Field::pad_rule, Way::own_numbers};
constexpr Adjustment kChannelsAlone{Field::in_channels, Way::weight_stays};
constexpr Adjustment kFitWeight{Field::weight, Way::follow};
constexpr Adjustment kFitBias{Field::bias, Way::follow};
constexpr Adjustment kTakeWeight{Field::weight, Way::lead};

// What is worth adjusting for each kind of fault; where two changes are of one size, the first here comes first.
struct Remedy {
    ErrorKind kind;
    std::array<Adjustment, 11> adjustments;
    std::size_t count;

    template <typename... Adjustments>
    constexpr explicit Remedy(ErrorKind of, Adjustments... turn)
        : kind(of), adjustments{turn...}, count(sizeof...(turn)) {}
    std::span<const Adjustment> span() const { return std::span(adjustments).first(count); }
};

const std::array kRemedies{
    Remedy(ErrorKind::output_too_small, Field::padding, Field::kernel, Field::dilation, Field::input,
           choose(PadRule::tf_SAME), Field::output_padding, Field::stride, kPadAfter, kPadBefore),
    Remedy(ErrorKind::bad_stride, Field::stride),
    Remedy(ErrorKind::bad_dilation, Field::dilation),
    Remedy(ErrorKind::bad_groups, Field::groups),
    Remedy(ErrorKind::bad_kernel, Field::kernel),
    Remedy(ErrorKind::bad_input, Field::batch, Field::in_channels, Field::input),
    Remedy(ErrorKind::bad_out_channels, Field::out_channels),
    Remedy(ErrorKind::bad_anchor, Field::anchor, drop(Field::anchor)),
    Remedy(ErrorKind::negative_padding, Field::padding, kPadAfter, kPadBefore, kNoNegativePadding),
    Remedy(ErrorKind::negative_output_padding, Field::output_padding),
    Remedy(ErrorKind::groups_mismatch, Field::groups, Field::out_channels, Field::in_channels),
    Remedy(ErrorKind::bias_mismatch, kFitBias),
    Remedy(ErrorKind::output_padding_too_big, Field::output_padding, Field::stride, Field::dilation),
    Remedy(ErrorKind::output_size_unreachable, Field::output_size, drop(Field::output_size)),
    Remedy(ErrorKind::reflect_pad_too_big, Field::padding, kPadAfter, kPadBefore, choose(PadMode::replicate),
           choose(PadMode::zeros), Field::input, Field::kernel, Field::dilation),
    Remedy(ErrorKind::circular_pad_too_big, Field::padding, kPadAfter, kPadBefore, choose(PadMode::replicate),
           choose(PadMode::zeros), Field::input, Field::kernel, Field::dilation),
    Remedy(ErrorKind::same_needs_stride_1, Field::stride, choose(PadRule::tf_SAME)),
    Remedy(ErrorKind::pad_mode_unsupported, choose(PadMode::zeros), choose(PadMode::reflect),
           choose(PadMode::replicate)),
    Remedy(ErrorKind::border_unsupported, choose(PadMode::reflect), choose(PadMode::replicate), choose(PadMode::zeros)),
    Remedy(ErrorKind::pool_pad_too_big, Field::padding, kPadAfter, kPadBefore, Field::kernel, Field::dilation,
           Field::input, switch_on(Field::count_include_pad), kOwnPads),
    Remedy(ErrorKind::bad_divisor, drop(Field::divisor_override)),
    Remedy(ErrorKind::not_supported, Field::dilation, Field::padding, kOwnPads, kPadAfter, kPadBefore),
};

// Where a given weight does not fit, of whatever kind the misfit is.
constexpr auto kForWeight = std::to_array<Adjustment>({kChannelsAlone, kTakeWeight, kFitWeight});

// Where a tensor is too large: the settings that its size is made of.
std::span<const Adjustment> adjustments_of_size(Field blamed) {
    static constexpr auto kInput = std::to_array<Adjustment>({Field::input, Field::in_channels, Field::batch});
    static constexpr auto kWeight = std::to_array<Adjustment>({Field::kernel, Field::out_channels, Field::in_channels});
    static constexpr auto kPadded = std::to_array<Adjustment>(
        {Field::padding, kPadAfter, kPadBefore, Field::input, Field::in_channels, Field::batch});
    static constexpr auto kOutput = std::to_array<Adjustment>({Field::out_channels, Field::input, Field::batch});
    static constexpr auto kStamped = std::to_array<Adjustment>(
        {Field::stride, Field::dilation, Field::kernel, Field::input, Field::batch, Field::padding, Field::out_channels,
         Field::in_channels, Field::output_padding, Field::output_size});
    switch (blamed) {
        case Field::input: return kInput;
        case Field::kernel: return kWeight;
        case Field::padding: return kPadded;
        case Field::out_channels: return kOutput;
        default: return kStamped;
    }
}

// Where a number is beyond those that are counted with: that number.
constexpr auto kForLargeNumber =
    std::to_array<Adjustment>({Field::batch, Field::in_channels, Field::input, Field::kernel, Field::stride,
                               Field::dilation, Field::padding, kPadAfter, kPadBefore, Field::output_padding,
                               Field::output_size, Field::anchor, Field::groups, Field::out_channels});

// Where none of those helps.
constexpr auto kEveryAdjustment = std::to_array<Adjustment>({
    Field::padding,
    kPadAfter,
    kPadBefore,
    kNoNegativePadding,
    Field::kernel,
    Field::stride,
    Field::dilation,
    Field::input,
    Field::output_padding,
    drop(Field::output_size),
    Field::groups,
    Field::out_channels,
    kFitWeight,
    Field::in_channels,
    Field::batch,
    choose(PadMode::zeros),
    choose(PadRule::tf_SAME),
    drop(Field::divisor_override),
    kOwnPads,
});

std::span<const Adjustment> remedy_for(const Fault& fault) {
    if (fault.field == Field::weight) return kForWeight;
    if (fault.kind == ErrorKind::number_too_large) return kForLargeNumber;
    if (fault.kind == ErrorKind::too_large) return adjustments_of_size(fault.field);
    const auto* const found = std::ranges::find(kRemedies, fault.kind, &Remedy::kind);
    return found == kRemedies.end() ? std::span<const Adjustment>(kEveryAdjustment) : found->span();
}

// The trouble is the same though another tensor may be the one that is too large.
bool same_trouble(const Fault& a, const Fault& b) {
    return a.kind == b.kind && (a.field == b.field || a.kind == ErrorKind::too_large);
}

bool about_axes(const Fault& fault) { return fault.rows || fault.columns; }

bool still_there(std::span<const Fault> now, const Fault& fault, Axes axes) {
    return std::ranges::any_of(now, [&](const Fault& f) {
        if (!same_trouble(f, fault) || about_axes(f) != about_axes(fault)) return false;
        return !about_axes(f) || (f.rows && fault.rows && axes.h) || (f.columns && fault.columns && axes.w);
    });
}

bool nothing_new(std::span<const Fault> now, std::span<const Fault> before) {
    return std::ranges::all_of(now, [&](const Fault& f) {
        return std::ranges::any_of(before, [&](const Fault& b) {
            return same_trouble(f, b) && about_axes(f) == about_axes(b) && f.rows <= b.rows && f.columns <= b.columns;
        });
    });
}

// The value nearest to `start`, which is not good itself, for which `good` holds; down before up. Beyond kScan only the
// values where `cured` begins to hold are tried: `cured` is monotone there.
template <typename Cured, typename Good>
std::optional<std::int64_t> nearest(std::int64_t start, std::int64_t least, Cured cured, Good good) {
    if (start < least) {
        start = least;
        if (good(start)) return start;
    }
    if (start > kWidest) {
        start = kWidest;
        if (good(start)) return start;
    }
    const std::int64_t room_down = std::min(kScan, start - least);
    for (std::int64_t d = 1; d <= kScan; ++d) {
        if (d <= room_down && good(start - d)) return start - d;
        if (good(start + d)) return start + d;
    }
    const auto boundary = [&](std::int64_t sign, std::int64_t most) -> std::optional<std::int64_t> {
        std::int64_t off = kScan;
        std::int64_t on = kScan;
        while (on < most && !cured(start + sign * on)) {
            off = on;
            on = on > most / 2 ? most : on * 2;
        }
        if (on <= kScan || !cured(start + sign * on)) return {};
        while (on - off > 1) {
            const std::int64_t middle = off + (on - off) / 2;
            (cured(start + sign * middle) ? on : off) = middle;
        }
        return good(start + sign * on) ? std::optional(on) : std::nullopt;
    };
    const auto down = boundary(-1, narrow(static_cast<Wide>(start) - least));
    const auto up = boundary(1, kWidest - std::max<std::int64_t>(start, 0));
    if (down && (!up || *down <= *up)) return start - *down;
    if (up) return start + *up;
    return {};
}

// One way to adjust a layer for a fault: the axes in the order in which they are adjusted.
using Attempt = std::vector<Axes>;

std::vector<Attempt> attempts(const LayerShape& layer, const Fault& fault, const Adjustment& adjustment) {
    constexpr Axes kRows = only(Axis::h), kColumns = only(Axis::w);
    const Axes at_fault = about_axes(fault) ? Axes{fault.rows, fault.columns} : Axes{};
    if (adjustment.one_end() && !ends_differ(layer, at_fault)) return {};
    if (!per_axis(adjustment)) return {{at_fault}};
    if (fault.rows && fault.columns) return {{kRows, kColumns}};
    if (fault.rows) return {{kRows}};
    if (fault.columns) return {{kColumns}};
    // Not about an axis (the memory, say): both together if they are alike.
    if (alike_on_axes(layer, adjustment)) return {{Axes{}}};
    return {{kRows}, {kColumns}};
}

// Whether a cure may bring faults that were not there before. They are mended as well, but a cure without is better.
enum class Manner { strict, loose };

std::optional<LayerShape> turn(const LayerShape& layer, std::span<const Fault> before, const Fault& fault,
                               const Adjustment& adjustment, const Attempt& attempt, Manner manner) {
    LayerShape changed = layer;
    for (const Axes axes : attempt) {
        const auto start = value_of(changed, adjustment, axes);
        if (!start) return {};
        const auto faults_at = [&](std::int64_t value) {
            return find_faults(adjusted(changed, adjustment, axes, value));
        };
        const auto cured = [&](std::int64_t value) { return !still_there(faults_at(value), fault, axes); };
        const auto clean = [&](std::int64_t value) { return faults_at(value).empty(); };
        const auto better = [&](std::int64_t value) {
            const std::vector<Fault> now = faults_at(value);
            return !still_there(now, fault, axes) && (manner == Manner::loose || nothing_new(now, before));
        };
        // One number that mends two faults is better than two numbers. With more faults than two that is not looked for.
        const bool last = &axes == &attempt.back();
        const std::int64_t least = least_value(changed, adjustment, axes);
        auto value = last && before.size() == 2 ? nearest(*start, least, cured, clean) : std::nullopt;
        if (!value) value = nearest(*start, least, cured, better);
        if (!value) return {};
        changed = adjusted(changed, adjustment, axes, *value);
    }
    return changed;
}

std::optional<LayerShape> adjust(const LayerShape& layer, std::span<const Fault> before, const Fault& fault,
                                 const Adjustment& adjustment, Axes axes, Manner manner) {
    std::optional<LayerShape> changed = adjusted(layer, adjustment, axes);
    if (!changed) return {};
    const std::vector<Fault> now = find_faults(*changed);
    if (still_there(now, fault, Axes{})) return {};
    if (manner == Manner::strict && !nothing_new(now, before)) return {};
    return changed;
}

// The rule that keeps the size, as the program whose rules hold has it. PyTorch's asks for stride 1, and no pooling has it.
PadRule same_rule_of(const ConvSpec& spec) {
    switch (spec.dialect) {
        case Dialect::torch:
            return spec.stride == Size2{1, 1} && !is_pooling(spec.op) ? PadRule::torch_same : PadRule::tf_SAME;
        case Dialect::onnx: return PadRule::onnx_SAME_UPPER;
        case Dialect::octave: return PadRule::octave_same;
        case Dialect::scipy: return PadRule::scipy_correlate2d_same;
        case Dialect::opencv: return PadRule::opencv_anchor;
        default: return PadRule::tf_SAME;
    }
}

// Layers without `fault`, one for each adjustment that helps, not yet sorted.
std::vector<LayerShape> cures(const LayerShape& layer, std::span<const Fault> before, const Fault& fault,
                              std::span<const Adjustment> adjustments, Manner manner) {
    std::vector<LayerShape> found;
    for (const Adjustment& listed : adjustments) {
        const Adjustment adjustment = listed == choose(PadRule::tf_SAME) ? choose(same_rule_of(layer.spec)) : listed;
        for (const Attempt& attempt : attempts(layer, fault, adjustment)) {
            auto changed = adjustment.is_number() ? turn(layer, before, fault, adjustment, attempt, manner)
                                                  : adjust(layer, before, fault, adjustment, attempt.front(), manner);
            if (changed) found.push_back(*changed);
        }
    }
    return found;
}

std::vector<LayerShape> cures(const LayerShape& layer, std::span<const Fault> before, const Fault& fault) {
    std::vector<LayerShape> found = cures(layer, before, fault, remedy_for(fault), Manner::strict);
    if (found.empty()) found = cures(layer, before, fault, remedy_for(fault), Manner::loose);
    if (found.empty()) found = cures(layer, before, fault, kEveryAdjustment, Manner::strict);
    return found;
}

// Mends what is left, one fault after the other, each in the smallest way.
std::optional<LayerShape> mended(LayerShape layer) {
    for (int i = 0; i < kMostRepairs; ++i) {
        const std::vector<Fault> faults = find_faults(layer);
        if (faults.empty()) return layer;
        const std::vector<LayerShape> found = cures(layer, faults, faults.front());
        if (found.empty()) return {};
        layer = *std::ranges::min_element(found, {}, [&](const LayerShape& l) { return size_of_change(layer, l); });
    }
    return {};
}

// One number of a fix, as near to what it was as it can be while the rest of the fix stands.
void draw_back(const LayerShape& original, LayerShape& fixed, const Adjustment& adjustment, Axes axes) {
    const auto from = value_of(original, adjustment, axes);
    const auto to = value_of(fixed, adjustment, axes);
    if (!from || !to || *from == *to) return;
    if (adjustment.one_end() && !ends_differ(original, axes)) return;  // they stay together
    const std::int64_t least = std::min(*to, least_value(original, adjustment, axes));
    const auto clean = [&](Wide v) {
        if (v < least || v > kWidest) return false;
        const LayerShape changed = adjusted(fixed, adjustment, axes, static_cast<std::int64_t>(v));
        const bool weight_stays = fixed.weight != original.weight || changed.weight == fixed.weight;
        return weight_stays && find_faults(changed).empty();
    };
    const Wide moved = *to > *from ? static_cast<Wide>(*to) - *from : static_cast<Wide>(*from) - *to;
    const int towards = *to > *from ? 1 : -1;
    std::optional<Wide> value;
    for (Wide d = 0; d < moved && d <= kScan && !value; ++d) {
        if (clean(*from - d)) value = *from - d;
        if (!value && clean(*from + d)) value = *from + d;
    }
    if (!value && moved > kScan) {
        Wide off = kScan;
        Wide on = moved;
        while (on - off > 1) {
            const Wide middle = off + (on - off) / 2;
            (clean(*from + towards * middle) ? on : off) = middle;
        }
        value = *from + towards * on;
    }
    if (value) fixed = adjusted(fixed, adjustment, axes, static_cast<std::int64_t>(*value));
}

// Every number that a layer has, in the order of Field. The input's channels change without the weight.
std::vector<Adjustment> every_number() {
    std::vector<Adjustment> all;
    for (const Parameter& row : parameters()) {
        if (!is_number(row)) continue;
        all.emplace_back(row.id, row.id == Field::in_channels ? Way::weight_stays : Way::number);
        if (row.id == Field::padding) all.insert(all.end(), {kPadBefore, kPadAfter});
    }
    std::ranges::stable_sort(all, {}, &Adjustment::field);
    return all;
}

// Where faults were mended in turn, an early change may have become larger than it need be.
LayerShape drawn_back(const LayerShape& original, LayerShape fixed) {
    const std::vector<Adjustment> numbers = every_number();
    for (int round = 0; round < kMostRepairs; ++round) {
        const LayerShape before = fixed;
        for (const Adjustment& adjustment : numbers) {
            if (!per_axis(adjustment) || (alike_on_axes(original, adjustment) && alike_on_axes(fixed, adjustment))) {
                draw_back(original, fixed, adjustment, {});
            } else {
                draw_back(original, fixed, adjustment, only(Axis::h));
                draw_back(original, fixed, adjustment, only(Axis::w));
            }
        }
        if (fixed == before) break;
    }
    return fixed;
}

// Always possible. What no rule can refuse stays.
LayerShape started_over(const LayerShape& layer) {
    LayerShape fresh;
    fresh.spec.op = layer.spec.op;
    fresh.spec.flip_kernel = layer.spec.flip_kernel;
    fresh.spec.pad_value = layer.spec.pad_value;
    fresh.spec.dialect = layer.spec.dialect;
    if (layer.weight) fresh.weight = weight_shape(fresh.spec, fresh.input.c);
    if (layer.bias_length) fresh.bias_length = fresh.spec.out_channels;
    return fresh;
}

bool more_cells(const std::array<Wide, 4>& a, const std::array<Wide, 4>& b) {
    const auto cells = [](const std::array<Wide, 4>& lengths) {
        long double count = 1;
        for (const Wide length : lengths) count *= static_cast<long double>(length);
        return count;
    };
    return cells(a) > cells(b);
}

// Whether every tensor of a fix could be computed or is, at least, no larger than the input was. Where sizes alone are asked
// for, a rule would accept more, but a fix is a layer to go on with.
bool holdable(const LayerShape& original, LayerShape fixed) {
    fixed.held = true;
    const Shape4& in = original.input;
    return std::ranges::all_of(held_tensors(fixed), [&](const HeldTensor& tensor) {
        return !too_large(fixed, tensor) || !more_cells(tensor.lengths, {in.n, in.c, in.h, in.w});
    });
}

}  // namespace

std::vector<Fix> find_fixes(const LayerShape& layer, const Fault& fault) {
    const std::vector<Fault> before = find_faults(layer);
    std::vector<Fix> fixes;
    for (const LayerShape& cured : cures(layer, before, fault)) {
        std::optional<LayerShape> after = mended(cured);
        if (!after) continue;
        after = drawn_back(layer, *after);
        if (!holdable(layer, *after)) continue;
        const bool known = std::ranges::any_of(fixes, [&](const Fix& fix) { return fix.after == *after; });
        if (!known) fixes.push_back({changes_text(layer, *after), *after});
    }
    std::ranges::stable_sort(fixes, {}, [&](const Fix& fix) { return size_of_change(layer, fix.after); });
    if (fixes.size() > kMostFixes) fixes.resize(kMostFixes);
    if (fixes.empty()) {
        LayerShape fresh = started_over(layer);
        fresh.held = true;  // while its numbers are drawn back
        fresh = drawn_back(layer, fresh);
        fresh.held = layer.held;
        fixes.push_back({changes_text(layer, fresh), fresh});
    }
    return fixes;
}

}  // namespace convlens
