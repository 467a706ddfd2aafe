// A conv_transpose by its definition, for the layers that phases do not suit: slower, and exact about infinite weights,
// since nothing but the input's own cells is multiplied.
#include <algorithm>

#include "core/base/parallel.h"
#include "core/engine/layer/work.h"
#include "core/engine/reference.h"

namespace convlens {

namespace {

// Cells 0 to `input` - 1 that land on the output, at cell * stride + offset.
struct Landing {
    std::int64_t from, to;
};
Landing landing(std::int64_t input, std::int64_t stride, std::int64_t offset, std::int64_t output) {
    const std::int64_t from = offset < 0 ? (-offset + stride - 1) / stride : 0;
    const std::int64_t to = output > offset ? (output - offset + stride - 1) / stride : 0;
    return {from, std::min(to, input)};
}

template <typename T>
void stamp_plane(const LayerWork<T>& work, const T* in, std::int64_t image, std::int64_t c_out, T* out) {
    const ConvSpec& spec = work.spec;
    const std::int64_t first = first_input_channel(spec, work.in.c, c_out);
    const std::int64_t per_group = spec.out_channels / spec.groups;
    std::fill_n(out, work.out.h * work.out.w,
                work.bare_bias.empty() ? T{} : work.bare_bias[static_cast<std::size_t>(c_out)]);
    for (std::int64_t j = first; j < first + work.in.c / spec.groups; ++j) {
        const T* plane = in + (image * work.in.c + j) * work.in.h * work.in.w;
        const T* kernel = work.weight.data() + (j * per_group + c_out % per_group) * spec.kernel.h * spec.kernel.w;
        for (std::int64_t kh = 0; kh < spec.kernel.h; ++kh) {
            for (std::int64_t kw = 0; kw < spec.kernel.w; ++kw) {
                const Size2 cell = stored_cell(spec, {kh, kw});
                const T weight = kernel[cell.h * spec.kernel.w + cell.w];
                const std::int64_t top = kh * spec.dilation.h - work.pads.top;
                const std::int64_t left = kw * spec.dilation.w - work.pads.left;
                const Landing rows = landing(work.in.h, spec.stride.h, top, work.out.h);
                const Landing cols = landing(work.in.w, spec.stride.w, left, work.out.w);
                for (std::int64_t h = rows.from; h < rows.to; ++h)
                    for (std::int64_t w = cols.from; w < cols.to; ++w)
                        out[(h * spec.stride.h + top) * work.out.w + w * spec.stride.w + left] +=
                            plane[h * work.in.w + w] * weight;
            }
        }
    }
}

}  // namespace

template <typename T>
void run_stamps(const LayerWork<T>& work, const T* in, T* out) {
    for_bands(work.out.n * work.out.c, 1, work.threads, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i)
            stamp_plane(work, in, i / work.out.c, i % work.out.c, out + i * work.out.h * work.out.w);
    });
}

template void run_stamps(const LayerWork<float>&, const float*, float*);
template void run_stamps(const LayerWork<double>&, const double*, double*);

}  // namespace convlens
