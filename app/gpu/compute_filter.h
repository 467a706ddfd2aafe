// Filter steps on the GPU, as compute shaders. The same results as filter() (core/engine/filter/filter.h): sums in
// float32, divisor, offset, alpha, clamp and rounding to even all happen in the shader, so a chain needs no way back in
// between. What lies between its steps is float32, as on the processor.
// |GPU - CPU| <= 1e-5 * max(1, sum of |weight * sample|) for f32; for whole-number depths the samples are equal, but
// for sums that lie so near to a half that either neighbour is right.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/gpu/gl_context.h"
#include "app/gpu/gl_object.h"
#include "core/engine/filter/filter.h"
#include "core/text/message.h"

namespace convlens {

struct GpuFilterResult {
    std::optional<Image> image;  // GpuFilter::run
    GlTexture texture;           // GpuFilter::run_to_texture: for display, size width x height
    std::int64_t width = 0, height = 0;
    std::vector<double> milliseconds;  // on the GPU, one for each step, without the transfers to it and back
    Message reason;                    // why there is no result, for people: the caller goes on on the CPU

    double total_milliseconds() const;
};

// How much one dispatch does and holds. Smaller numbers cut the work into more strips; the results are the same.
struct GpuFilterLimits {
    std::int64_t work = std::int64_t{1} << 31;         // weights times pixels: drivers stop what takes seconds
    std::int64_t sums_bytes = std::int64_t{64} << 20;  // of what lies between the two passes of a separable kernel
};

// Keeps compiled programs; make one and use it often. All calls need the context that was current at the first, on
// its thread; what the caller has bound stays bound. Failure of any kind is a reason, never an exception or an image.
class GpuFilter {
public:
    explicit GpuFilter(GpuCaps caps = read_gpu_caps());
    // With another text in place of the program's own shader.
    GpuFilter(GpuCaps caps, std::string shader, GpuFilterLimits limits = {});
    ~GpuFilter();
    GpuFilter(const GpuFilter&) = delete;
    GpuFilter& operator=(const GpuFilter&) = delete;

    const GpuCaps& caps() const;

    // Applies the chain in order and reads the result back, as filter_chain() does; a single step may have its place in a
    // chain (FilterOptions::place). An empty chain and s16 are refused.
    GpuFilterResult run(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options = {});
    GpuFilterResult run(const Image& image, const FilterStep& step, const FilterOptions& options = {}) {
        return run(image, {&step, 1}, options);
    }

    // The same, but the result stays on the GPU as a texture that can be drawn: 1 is white, grey images have their
    // value in red, green and blue. It has no mipmaps; u16 and f32 are kept in their full depth.
    GpuFilterResult run_to_texture(const Image& image, std::span<const FilterStep> chain,
                                   const FilterOptions& options = {});

    // The program's own shader: shaders/filter_params.glsl and shaders/filter.comp.
    static std::string default_shader();

    // Compiled programs that are kept, for tests.
    std::size_t program_count() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace convlens
