#include "core/conv/kernel_index.h"

namespace convlens {

Size2 stored_cell(const ConvSpec& spec, Size2 window) {
    if (!spec.flip_kernel) return window;
    return {spec.kernel.h - 1 - window.h, spec.kernel.w - 1 - window.w};
}

double pad_constant(const ConvSpec& spec) { return spec.pad_mode == PadMode::constant ? spec.pad_value : 0; }

std::int64_t first_input_channel(const ConvSpec& spec, std::int64_t in_channels, std::int64_t c_out) {
    if (is_pooling(spec.op)) return c_out;
    const std::int64_t group = c_out / (spec.out_channels / spec.groups);
    return group * (in_channels / spec.groups);
}

}  // namespace convlens
