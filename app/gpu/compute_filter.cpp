#include "app/gpu/compute_filter.h"

#include <fmt/format.h>
#include <glad/gl.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "app/gpu/compute_program.h"
#include "app/gpu/gl_state.h"
#include "app/gpu/gl_timer.h"
#include "app/gpu/gpu_image.h"
#include "convlens_assets.h"
#include "core/engine/filter/filter_chain.h"
#include "core/engine/filter/filter_plan.h"
#include "core/engine/filter/row_result.h"

namespace convlens {

namespace {

#include "shaders/filter_params.glsl"

constexpr int kGroup = 16;                              // local size in filter.comp, both ways
constexpr std::int64_t kUnrolled = 49;                  // most weights whose number is compiled in
constexpr std::int64_t kReach = std::int64_t{1} << 28;  // beyond it coordinates would not fit into an int

int border_number(PadMode border) {
    switch (border) {
        case PadMode::zeros:
        case PadMode::constant: return 0;
        case PadMode::replicate: return 1;
        case PadMode::reflect: return 2;
        case PadMode::symmetric: return 3;
        case PadMode::circular: break;
    }
    return 4;
}

bool all_finite(const Image& image) {
    if (image.depth() != Depth::f32) return true;
    for (std::int64_t y = 0; y < image.height(); ++y) {
        const auto row = image.row<float>(y);
        if (!std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); })) return false;
    }
    return true;
}

// One step, ready to be dispatched.
struct Work {
    const GpuImage& source;
    const GpuImage& result;
    const FilterPlan& plan;
    AlphaRule alpha;
    const FilterOptions& options;  // of this step

    Depth scale() const { return scale_of(source.depth, options); }
    bool covers() const { return alpha == AlphaRule::kept && plan.mixes_signs(); }
    bool multiplied() const { return options.filter_alpha && options.place.scale; }

    std::string definitions(int pass) const {
        const bool unrolled = plan.rows * plan.cols <= kUnrolled;
        const auto side = [&](std::int64_t count, const char* name) {
            return unrolled ? std::to_string(count) : std::string("params.") + name;
        };
        const TexelFormat from = source.format();
        const TexelFormat to = result.format();
        return fmt::format(
            "#define PASS {}\n#define CHANNELS {}\n#define SOURCE {}\n#define TARGET {}\n#define FORMAT {}\n"
            "#define WHOLE {}\n#define BORDER {}\n#define ALPHA {}\n#define ROWS {}\n#define COLS {}\n"
            "#define STRIDE {}\n#define DILATION {}\n#define COVERS {}\n#define MULTIPLIED {}\n#define MULTIPLIES {}\n",
            pass, source.channels, from.whole ? "usampler2D" : "sampler2D", to.whole ? "uimage2D" : "image2D",
            to.layout, to.whole ? 1 : 0, border_number(plan.border), static_cast<int>(alpha),
            pass == 2 ? "1" : side(plan.rows, "rows"), pass == 1 ? "1" : side(plan.cols, "cols"), plan.stride,
            plan.dilation, covers() ? 1 : 0, multiplied() ? 1 : 0,
            options.filter_alpha && options.place.goes_on ? 1 : 0);
    }

    FilterParams params() const {
        FilterParams params{};
        params.source_width = static_cast<int>(source.width);
        params.source_height = static_cast<int>(source.height);
        params.rows = static_cast<int>(plan.rows);
        params.cols = static_cast<int>(plan.cols);
        params.top = static_cast<int>(plan.top);
        params.left = static_cast<int>(plan.left);
        params.stride = static_cast<int>(plan.stride);
        params.dilation = static_cast<int>(plan.dilation);
        params.divisor = plan.divisor;
        params.offset = plan.offset;
        params.white = static_cast<float>(white(scale()));
        params.result_white = static_cast<float>(white(result_kind(source.depth, options).scale));
        params.alpha_unit = alpha_unit(scale());
        params.weight_sum = std::accumulate(plan.weights.begin(), plan.weights.end(), 0.0F);
        for (const float weight : plan.weights) params.weight_size += std::abs(weight);
        fill_outside(params);
        return params;
    }

    void fill_outside(FilterParams& params) const {
        const bool filtered = alpha == AlphaRule::filtered;
        const float opaque = filtered ? params.white / params.alpha_unit : params.white;
        std::fill(std::begin(params.outside), std::end(params.outside), plan.border_value * (filtered ? opaque : 1));
        if (source.channels % 2 == 0) params.outside[3] = filtered && plan.border == PadMode::zeros ? 0 : opaque;
    }
};

// Of what lies between two passes.
GLenum sums_format(const Work& work) { return work.source.channels == 1 ? GL_R32F : GL_RGBA32F; }

}  // namespace

struct GpuFilter::Impl {
    GpuCaps caps;
    GpuFilterLimits limits;
    ComputePrograms programs;
    GlBuffer buffer;  // FilterParams and weights

    GpuImage run_chain(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                       std::vector<double>& milliseconds);
    void check(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options) const;
    void check(const FilterPlan& plan) const;
    void run_step(const Work& work, GlTimer& timer);
    void run_whole(const Work& work, GlTimer& timer);
    void run_two_passes(const Work& work, GlTimer& timer);
    void begin_pass(const Work& work, int pass, unsigned int sums = 0);
    void dispatch(const FilterParams& params, std::span<const float> weights);
};

// What no step can mend. Images that are not finite: see filter.comp.
void GpuFilter::Impl::check(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options) const {
    if (!caps.compute) throw GpuRefusal{caps.reason};
    if (chain.empty() || image.empty()) throw GpuRefusal{msg("there is nothing to filter")};
    if (std::max(image.width(), image.height()) > caps.max_texture_size)
        throw GpuRefusal{
            msg("the image is {width} x {height}, and textures of {renderer} hold at most {limit} on a side",
                "width"_is(image.width()), "height"_is(image.height()), "renderer"_is(caps.renderer),
                "limit"_is(caps.max_texture_size))};
    if (image.depth() == Depth::s16 || options.save_as == Depth::s16)
        throw GpuRefusal{msg("s16 images are computed on the processor only")};
    if (!all_finite(image)) throw GpuRefusal{msg("the image holds NaN or infinity, which GPUs need not keep")};
}

void GpuFilter::Impl::check(const FilterPlan& plan) const {
    if (std::max({plan.effective_rows(), plan.effective_cols(), std::abs(plan.top), std::abs(plan.left), plan.stride}) >
        kReach)
        throw GpuRefusal{msg("the kernel reaches too far")};
    GLint64 most = 0;
    glGetInteger64v(GL_MAX_SHADER_STORAGE_BLOCK_SIZE, &most);
    const std::size_t bytes = sizeof(FilterParams) + plan.weights.size() * sizeof(float);
    if (static_cast<std::int64_t>(bytes) > most)
        throw GpuRefusal{msg("the kernel takes {bytes} bytes, and the GPU takes at most {limit}", "bytes"_is(bytes),
                             "limit"_is(std::int64_t{most}))};
}

GpuImage GpuFilter::Impl::run_chain(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                                    std::vector<double>& milliseconds) {
    check(image, chain, options);
    // Of all steps: what is opaque stays opaque where alpha is kept.
    const bool opaque = image.has_alpha() && is_opaque(image, scale_of(image.depth(), options));
    const Depth depth = scale_of(image.depth(), options);
    GpuImage on_gpu = upload(image);
    std::vector<GlTimer> timers;
    timers.reserve(chain.size());
    for (std::size_t i = 0; i < chain.size(); ++i) {
        const FilterOptions own = chain.size() == 1 ? options : step_options(options, depth, i, chain.size());
        const FilterPlan plan = plan_filter(chain[i], on_gpu.width, on_gpu.height, scale_of(on_gpu.depth, own));
        check(plan);
        GpuImage result{{}, plan.output.w, plan.output.h, on_gpu.channels, result_kind(on_gpu.depth, own).depth};
        const AlphaRule alpha = image.has_alpha() ? alpha_rule(opaque, plan, own) : AlphaRule::none;
        result.texture = make_storage(result.format().internal, result.width, result.height);
        GlTimer& timer = timers.emplace_back(caps.software);
        run_step({on_gpu, result, plan, alpha, own}, timer);
        on_gpu = std::move(result);
    }
    glMemoryBarrier(GL_TEXTURE_FETCH_BARRIER_BIT | GL_TEXTURE_UPDATE_BARRIER_BIT);  // drawn from, or read back
    for (const GlTimer& timer : timers) milliseconds.push_back(timer.milliseconds());
    check_gl(key("filtering"));
    return on_gpu;
}

void GpuFilter::Impl::run_step(const Work& work, GlTimer& timer) {
    const bool room_between = work.plan.effective_cols() + kGroup * work.plan.stride <= caps.max_texture_size;
    if (work.plan.separable() && room_between && !work.covers()) return run_two_passes(work, timer);
    run_whole(work, timer);
}

void GpuFilter::Impl::run_whole(const Work& work, GlTimer& timer) {
    begin_pass(work, 0);
    const auto weights = static_cast<std::int64_t>(work.plan.weights.size());
    const std::int64_t fits = limits.work / (work.result.width * weights) / kGroup * kGroup;
    const std::int64_t strip = std::max<std::int64_t>(fits, kGroup);
    FilterParams params = work.params();
    params.width = static_cast<int>(work.result.width);
    timer.begin();
    for (std::int64_t first = 0; first < work.result.height; first += strip) {
        params.first_row = static_cast<int>(first);
        params.height = static_cast<int>(std::min(strip, work.result.height - first));
        dispatch(params, work.plan.weights);
    }
    timer.end();
}

// Down into a texture of sums, then across: the order of the processor's two passes, so that both round alike. Strip of
// columns by strip, so that the sums take little room. The first pass fills in the border, also to the left and right: a
// strip's sums are columns of the endless image.
void GpuFilter::Impl::run_two_passes(const Work& work, GlTimer& timer) {
    const FilterPlan& plan = work.plan;
    const bool grey = work.source.channels == 1;
    const std::int64_t col_bytes = work.result.height * (grey ? 4 : 16);
    const std::int64_t least_cols = plan.effective_cols() + (kGroup - 1) * plan.stride;
    const std::int64_t needed = plan.effective_cols() + (work.result.width - 1) * plan.stride;
    const std::int64_t most_cols =
        std::min<std::int64_t>(std::max(least_cols, limits.sums_bytes / col_bytes), caps.max_texture_size);
    const std::int64_t sums_cols = std::min(needed, most_cols);
    const std::int64_t strip = (sums_cols - plan.effective_cols()) / plan.stride + 1;
    const GlTexture sums = make_storage(sums_format(work), sums_cols, work.result.height);
    for (const int pass : {1, 2}) begin_pass(work, pass, sums.id());  // compiled before the time is taken

    FilterParams params = work.params();
    params.height = static_cast<int>(work.result.height);
    timer.begin();
    for (std::int64_t first = 0; first < work.result.width; first += strip) {
        const std::int64_t cols = std::min(strip, work.result.width - first);
        params.first_col = static_cast<int>(first);
        params.sums_first = static_cast<int>(first * plan.stride - plan.left);

        begin_pass(work, 1, sums.id());
        params.width = static_cast<int>((cols - 1) * plan.stride + plan.effective_cols());
        dispatch(params, plan.products.front().column);

        begin_pass(work, 2, sums.id());
        params.width = static_cast<int>(cols);
        dispatch(params, plan.products.front().across);
    }
    timer.end();
}

// Program and textures of a pass. `sums` lies between two passes: the first writes it, the second reads it.
void GpuFilter::Impl::begin_pass(const Work& work, int pass, unsigned int sums) {
    const std::size_t known = programs.size();
    Message reason;
    const unsigned int program = programs.get(work.definitions(pass), reason);
    if (program == 0) throw GpuRefusal{reason};
    glUseProgram(program);
    glActiveTexture(GL_TEXTURE1);
    glBindTexture(GL_TEXTURE_2D, pass == 2 ? sums : 0);
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, work.source.texture.id());
    const unsigned int target = pass == 1 ? sums : work.result.texture.id();
    const GLenum format = pass == 1 ? sums_format(work) : work.result.format().internal;
    glBindImageTexture(0, target, 0, GL_FALSE, 0, GL_WRITE_ONLY, format);
    // Drivers leave the last part of compiling to the first dispatch: one that writes nothing.
    if (programs.size() != known) dispatch(FilterParams{}, {});
}

void GpuFilter::Impl::dispatch(const FilterParams& params, std::span<const float> weights) {
    std::vector<std::byte> bytes(sizeof params + weights.size_bytes());
    std::memcpy(bytes.data(), &params, sizeof params);
    std::ranges::copy(std::as_bytes(weights), bytes.begin() + sizeof params);
    if (!buffer) buffer = make_buffer();
    glBindBuffer(GL_SHADER_STORAGE_BUFFER, buffer.id());
    glBufferData(GL_SHADER_STORAGE_BUFFER, static_cast<GLsizeiptr>(bytes.size()), bytes.data(), GL_DYNAMIC_DRAW);
    glBindBufferBase(GL_SHADER_STORAGE_BUFFER, 0, buffer.id());
    const auto groups = [](int length) { return static_cast<GLuint>(std::max(1, (length + kGroup - 1) / kGroup)); };
    glDispatchCompute(groups(params.width), groups(params.height), 1);
    // The next dispatch fetches what this one stored, or stores where this one fetched.
    glMemoryBarrier(GL_TEXTURE_FETCH_BARRIER_BIT | GL_SHADER_IMAGE_ACCESS_BARRIER_BIT);
    glFlush();
}

double GpuFilterResult::total_milliseconds() const {
    return std::accumulate(milliseconds.begin(), milliseconds.end(), 0.0);
}

GpuFilter::GpuFilter(GpuCaps caps) : GpuFilter(std::move(caps), default_shader()) {}

GpuFilter::GpuFilter(GpuCaps caps, std::string shader, GpuFilterLimits limits)
    : impl_(new Impl{std::move(caps), limits, ComputePrograms(std::move(shader)), {}}) {}

std::string GpuFilter::default_shader() {
    return std::string(assets::shader("filter_params.glsl")) + "#line 1\n" + std::string(assets::shader("filter.comp"));
}

GpuFilter::~GpuFilter() = default;

const GpuCaps& GpuFilter::caps() const { return impl_->caps; }

std::size_t GpuFilter::program_count() const { return impl_->programs.size(); }

namespace {

// Runs `work` with the caller's state put aside; a GpuRefusal becomes the result's reason.
template <typename Body>
GpuFilterResult guarded(const GpuCaps& caps, const Body& body) {
    GpuFilterResult result;
    if (!caps.compute) {  // state that such a context has not may not be asked for
        result.reason = caps.reason.empty() ? msg("there is no OpenGL context") : caps.reason;
        return result;
    }
    const TextureState textures;
    const ComputeState compute;
    clear_gl_errors();
    try {
        body(result);
    } catch (const GpuRefusal& refusal) {
        result = {};
        result.reason = refusal.reason;
    } catch (const std::bad_alloc&) {
        result = {};
        result.reason = msg("out of memory");
    }
    return result;
}

}  // namespace

GpuFilterResult GpuFilter::run(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options) {
    return guarded(impl_->caps, [&](GpuFilterResult& result) {
        const GpuImage on_gpu = impl_->run_chain(image, chain, options, result.milliseconds);
        result.image = read_back(on_gpu);
        result.width = on_gpu.width;
        result.height = on_gpu.height;
    });
}

GpuFilterResult GpuFilter::run_to_texture(const Image& image, std::span<const FilterStep> chain,
                                          const FilterOptions& options) {
    return guarded(impl_->caps, [&](GpuFilterResult& result) {
        const GpuImage on_gpu = impl_->run_chain(image, chain, options, result.milliseconds);
        result.texture = display_view(on_gpu);
        result.width = on_gpu.width;
        result.height = on_gpu.height;
    });
}

}  // namespace convlens
