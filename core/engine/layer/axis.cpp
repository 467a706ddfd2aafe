#include "core/engine/layer/axis.h"

#include <algorithm>

#include "core/conv/pad.h"

namespace convlens {

namespace {

// Where `phase` is listed among the phases; it is added if it is not.
std::int64_t index_of(std::vector<std::int64_t>& phases, std::int64_t phase) {
    const auto at = std::ranges::find(phases, phase);
    const std::int64_t index = at - phases.begin();
    if (at == phases.end()) phases.push_back(phase);
    return index;
}

void set_conv_taps(LayerAxis& axis, const AxisSpec& spec, PadMode mode, std::int64_t before, std::int64_t after) {
    axis.stride = spec.stride;
    axis.phases.clear();
    axis.taps.resize(1);
    for (std::int64_t k = 0; k < spec.kernel; ++k) {
        const std::int64_t position = k * spec.dilation;
        axis.taps[0].push_back({k, index_of(axis.phases, position % spec.stride), position / spec.stride});
    }
    axis.halo = axis.taps[0].back().shift;
    const std::int64_t padded = axis.input + before + after;
    for (std::int64_t i = 0; i < padded; ++i)
        axis.source.push_back(static_cast<std::int32_t>(source_index(i - before, axis.input, mode).value_or(-1)));
}

void set_transposed_taps(LayerAxis& axis, const AxisSpec& spec, std::int64_t crop) {
    axis.spread = spec.stride;
    axis.lattice = (axis.output + spec.stride - 1) / spec.stride;
    axis.taps.resize(static_cast<std::size_t>(std::min(spec.stride, axis.output)));
    std::int64_t least = 0;
    std::int64_t most = 0;
    bool any = false;
    for (std::size_t c = 0; c < axis.taps.size(); ++c) {
        for (std::int64_t k = spec.kernel - 1; k >= 0; --k) {  // in the order of the cells that they read
            const std::int64_t ahead = static_cast<std::int64_t>(c) + crop - k * spec.dilation;
            if (ahead % spec.stride != 0) continue;
            const std::int64_t shift = ahead / spec.stride;
            axis.taps[c].push_back({k, 0, shift});
            least = any ? std::min(least, shift) : shift;
            most = any ? std::max(most, shift) : shift;
            any = true;
        }
    }
    for (std::vector<AxisTap>& taps : axis.taps)
        for (AxisTap& tap : taps) tap.shift -= least;
    axis.halo = most - least;
    for (std::int64_t i = 0; i < axis.lattice + axis.halo; ++i) {
        const std::int64_t cell = i + least;
        axis.source.push_back(static_cast<std::int32_t>(cell >= 0 && cell < axis.input ? cell : -1));
    }
}

// The longest run of lattice positions, from the first input cell on, whose cells are `stride` apart.
void find_inside(LayerAxis& axis, std::int64_t before) {
    for (const std::int64_t phase : axis.phases) {
        const std::int64_t length = axis.lattice + axis.halo;
        std::int64_t from = 0;
        const auto own = [&](std::int64_t at) {
            const std::int64_t cell = at * axis.stride + phase - before;
            return cell >= 0 && cell < axis.input && source_at(axis, at, phase) == cell;
        };
        while (from < length && !own(from)) ++from;
        std::int64_t to = from;
        while (to < length && own(to)) ++to;
        axis.inside_from.push_back(from);
        axis.inside_to.push_back(to);
    }
}

}  // namespace

LayerAxis layer_axis(const ConvSpec& spec, Axis which, std::int64_t input, std::int64_t output, std::int64_t before,
                     std::int64_t after) {
    const AxisSpec one = axis_of(spec, which);
    LayerAxis axis;
    axis.input = input;
    axis.output = output;
    axis.lattice = output;
    if (spec.op == Op::conv) {
        set_conv_taps(axis, one, spec.pad_mode, before, after);
        find_inside(axis, before);
    } else {
        set_transposed_taps(axis, one, before);
        const auto first = std::ranges::find_if(axis.source, [](std::int32_t cell) { return cell >= 0; });
        find_inside(axis, first == axis.source.end() ? 0 : (first - axis.source.begin()) - *first);
    }
    return axis;
}

std::optional<TapSteps> tap_steps(const std::vector<AxisTap>& taps) {
    if (taps.empty()) return std::nullopt;
    const AxisTap& first = taps[0];
    TapSteps steps;
    if (taps.size() > 1 && taps[1].phase != first.phase) {
        steps.stride = 2;
    } else if (taps.size() > 1) {
        steps.apart = taps[1].shift - first.shift;
    }
    for (std::size_t i = 0; i < taps.size(); ++i) {
        const auto at = static_cast<std::int64_t>(i);
        const bool regular = taps[i].phase == first.phase + at % steps.stride &&
                             taps[i].shift == first.shift + at / steps.stride * steps.apart;
        if (!regular) return std::nullopt;
    }
    return steps;
}

}  // namespace convlens
