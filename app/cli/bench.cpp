// `convlens bench`: how fast the engine is, on workloads that other programs can be timed on as well.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ostream>
#include <random>
#include <regex>

#include <fmt/format.h>

#include "app/cli/command.h"
#include "app/cli/machine_limits.h"
#include "app/photo/costs_file.h"
#include "core/base/aligned.h"
#include "core/base/parallel.h"
#include "core/conv/shape.h"
#include "core/engine/filter/ready_filter.h"
#include "core/engine/layer/plan.h"

namespace convlens {

namespace {

struct Options {
    std::string filter;
    int threads = 0;
};

// What one run of a workload counts: products times two, and bytes read and written once.
struct Workload {
    std::string name;
    std::string engine;
    double gflop = 0;
    double gbyte = 0;
    std::function<std::function<void()>()> prepare;  // makes the data and gives what is to be timed
};

struct Times {
    double min_ms = 0, median_ms = 0;
};

// At least five runs (three of those that take over a second) and half a second, after one or two to warm up.
Times measure(const std::function<void()>& run) {
    const auto once = [&run] {
        const auto started = std::chrono::steady_clock::now();
        run();
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
    };
    const double first = once();
    if (first < 300) once();
    const std::size_t least = first > 1000 ? 3 : 5;
    std::vector<double> times;
    double spent = 0;
    while (times.size() < least || (spent < 500 && times.size() < 400)) {
        times.push_back(once());
        spent += times.back();
    }
    std::ranges::sort(times);
    return {times.front(), times[times.size() / 2]};
}

struct BenchFormat {
    const char* name;
    int channels;
    Depth in, out;
    bool separable = true;  // whether separable kernels and boxes are timed as well
};
constexpr std::array kFormats{
    BenchFormat{"f32x1", 1, Depth::f32, Depth::f32}, BenchFormat{"f32x3", 3, Depth::f32, Depth::f32},
    BenchFormat{"u8x3_u8", 3, Depth::u8, Depth::u8}, BenchFormat{"u8x3_s16", 3, Depth::u8, Depth::s16, false},
    BenchFormat{"u8x3_f32", 3, Depth::u8, Depth::f32}};

struct ImageSize {
    const char* name;
    std::int64_t width, height;
};
constexpr std::array kSizes{ImageSize{"1080p", 1920, 1080}, ImageSize{"4096", 4096, 4096}};
constexpr std::array kDense{3, 5, 7, 11, 15, 31, 63};
constexpr std::array kSeparable{7, 15, 31};
constexpr std::array kBox{15, 31, 127};

enum class KernelKind { dense, separable, box };
constexpr const char* kKernelKinds[] = {"dense", "separable", "box"};

Image random_image(const ImageSize& size, const BenchFormat& format) {
    Image image(size.width, size.height, format.channels, Depth::u8);
    std::mt19937_64 raw(1);
    for (std::byte& sample : image.bytes()) sample = static_cast<std::byte>(raw() >> 56);
    return format.in == Depth::u8 ? image : converted(image, format.in);
}

Kernel random_kernel(std::int64_t side) {
    Kernel kernel{side, side, {}, static_cast<double>(side * side), 0};
    std::mt19937_64 raw(2);
    for (std::int64_t i = 0; i < side * side; ++i) {
        kernel.weights.push_back(static_cast<double>(raw() >> 11) / 4503599627370496.0 - 1);  // -1 to 1
    }
    return kernel;
}

Kernel kernel_of(KernelKind kind, std::int64_t side) {
    if (kind == KernelKind::dense) return random_kernel(side);
    return make_kernel(kind == KernelKind::box ? "box" : "gaussian", {{"size", static_cast<double>(side)}});
}

Workload image_workload(const ImageSize& size, const BenchFormat& format, KernelKind kind, std::int64_t side,
                        int threads) {
    const auto samples = static_cast<double>(size.width * size.height * format.channels);
    const auto length = static_cast<double>(side);
    const auto bytes = static_cast<double>(bytes_per_sample(format.in) + bytes_per_sample(format.out));
    Workload workload;
    workload.name =
        fmt::format("img_{}_{}_{}{}", size.name, format.name, kKernelKinds[static_cast<std::size_t>(kind)], side);
    workload.engine = "cpu";
    workload.gflop = (kind == KernelKind::dense ? 2 * length * length : 4 * length) * samples / 1e9;
    workload.gbyte = samples * bytes / 1e9;
    workload.prepare = [=]() -> std::function<void()> {
        auto image = std::make_shared<const Image>(random_image(size, format));
        FilterStep step;
        step.kernel = kernel_of(kind, side);
        FilterOptions options;
        options.save_as = format.out;
        options.threads = threads;
        options.costs = machine_filter_costs();
        auto ready = std::make_shared<ReadyFilter>(step, *image, options);
        auto result = std::make_shared<Image>(ready->make_result());
        return [=] { ready->run(*image, *result); };
    };
    return workload;
}

struct LayerWorkload {
    const char* name;
    std::int64_t in, out, kernel, size, stride, padding, dilation, groups;
    bool transposed;
    std::int64_t output_padding;
};
constexpr std::array kLayers{LayerWorkload{"c64_64_k3_112", 64, 64, 3, 112, 1, 1, 1, 1, false, 0},
                             LayerWorkload{"c3_64_k7_s2_224", 3, 64, 7, 224, 2, 3, 1, 1, false, 0},
                             LayerWorkload{"c64_128_k3_s2_56", 64, 128, 3, 56, 2, 1, 1, 1, false, 0},
                             LayerWorkload{"c256_64_k1_56", 256, 64, 1, 56, 1, 0, 1, 1, false, 0},
                             LayerWorkload{"c64_64_k3_dil2_56", 64, 64, 3, 56, 1, 2, 2, 1, false, 0},
                             LayerWorkload{"dw128_k3_56", 128, 128, 3, 56, 1, 1, 1, 128, false, 0},
                             LayerWorkload{"c512_512_k3_14", 512, 512, 3, 14, 1, 1, 1, 1, false, 0},
                             LayerWorkload{"t64_32_k4_s2_p1_56", 64, 32, 4, 56, 2, 1, 1, 1, true, 0},
                             LayerWorkload{"t128_64_k3_s2_p1_op1_28", 128, 64, 3, 28, 2, 1, 1, 1, true, 1}};

ConvSpec layer_spec(const LayerWorkload& layer) {
    ConvSpec spec;
    spec.op = layer.transposed ? Op::conv_transpose : Op::conv;
    spec.kernel = {layer.kernel, layer.kernel};
    spec.stride = {layer.stride, layer.stride};
    spec.dilation = {layer.dilation, layer.dilation};
    spec.output_padding = {layer.output_padding, layer.output_padding};
    spec.pads = Pads::all(layer.padding);
    spec.groups = layer.groups;
    spec.out_channels = layer.out;
    return spec;
}

Tensor<float> random_tensor(const Shape4& shape, unsigned seed) {
    Tensor<float> tensor(shape);
    std::mt19937_64 raw(seed);
    for (float& value : tensor.span()) value = static_cast<float>(raw() >> 40) / 8388608.0F - 1;  // -1 to 1
    return tensor;
}

Workload layer_workload(const LayerWorkload& layer, int threads) {
    const ConvSpec spec = layer_spec(layer);
    const Shape4 input{1, layer.in, layer.size, layer.size};
    const Shape4 weight = weight_shape(spec, layer.in);
    const auto numbers = *element_count(input) + *element_count(weight) + *element_count(output_shape(spec, input));
    Workload workload;
    workload.name = std::string("layer_") + layer.name;
    workload.engine = "fast";
    workload.gflop = 2 * static_cast<double>(cost(spec, input, false).multiply_adds) / 1e9;
    workload.gbyte = static_cast<double>(numbers) * sizeof(float) / 1e9;
    workload.prepare = [=]() -> std::function<void()> {
        auto in = std::make_shared<const Tensor<float>>(random_tensor(input, 1));
        auto out = std::make_shared<Tensor<float>>(output_shape(spec, input));
        const Tensor<float> weights = random_tensor(weight, 2);
        auto plan = std::make_shared<LayerPlan<float>>(plan_layer(spec, input, weights.view(), {}, threads));
        return [=] { run(*plan, in->view(), out->span()); };
    };
    return workload;
}

// What the machine can do at most.
Workload fma_limit(int threads) {
    Workload workload{"limit_fma", "cpu", kFmaGigaflopPerThread * threads, 0, {}};
    workload.prepare = [=] { return [=] { add_products_in_registers(threads); }; };
    return workload;
}
Workload copy_limit(const char* name, std::size_t bytes, bool past_cache, int threads) {
    Workload workload{name, "cpu", 0, 2 * static_cast<double>(bytes) / 1e9, {}};
    workload.prepare = [=]() -> std::function<void()> {
        auto from = std::make_shared<const AlignedVector<float>>(bytes / sizeof(float), 1.0F);
        auto to = std::make_shared<AlignedVector<float>>(from->size());
        return [=] { copy_on_threads(*from, *to, threads, past_cache); };
    };
    return workload;
}

std::vector<Workload> all_workloads(int threads) {
    constexpr std::size_t kMegabyte = 1 << 20;
    std::vector<Workload> all{fma_limit(threads), copy_limit("limit_copy_8MB", 8 * kMegabyte, false, threads),
                              copy_limit("limit_copy_256MB", 256 * kMegabyte, false, threads),
                              copy_limit("limit_copy_past_cache_256MB", 256 * kMegabyte, true, threads)};
    for (const ImageSize& size : kSizes) {
        for (const BenchFormat& format : kFormats) {
            const auto add = [&](KernelKind kind, const auto& sides) {
                for (const int side : sides) all.push_back(image_workload(size, format, kind, side, threads));
            };
            add(KernelKind::dense, kDense);
            if (!format.separable) continue;
            add(KernelKind::separable, kSeparable);
            add(KernelKind::box, kBox);
        }
    }
    for (const LayerWorkload& layer : kLayers) all.push_back(layer_workload(layer, threads));
    return all;
}

double rounded(double value, double per_unit) { return std::round(value * per_unit) / per_unit; }

int run_bench(const Options& options, Console console) {
    std::regex wanted;
    try {
        wanted = std::regex(options.filter);
    } catch (const std::regex_error&) {
        throw WrongUse(msg("--filter must be a regular expression, such as layer_.*k3; it is {value}",
                           "value"_is(options.filter)));
    }
    if (options.threads < 0) throw WrongUse(key("--threads must not be negative; 0 uses all cores"));
    const int threads = thread_count(options.threads);
    bool any = false;
    for (const Workload& workload : all_workloads(threads)) {
        if (!std::regex_search(workload.name, wanted)) continue;
        any = true;
        const Times times = measure(workload.prepare());
        print_json(console.out, {{"workload", workload.name},
                                 {"threads", threads},
                                 {"engine", workload.engine},
                                 {"min_ms", rounded(times.min_ms, 1e4)},
                                 {"median_ms", rounded(times.median_ms, 1e4)},
                                 {"gflops", rounded(workload.gflop / times.min_ms * 1e3, 10)},
                                 {"gbps", rounded(workload.gbyte / times.min_ms * 1e3, 100)}});
        console.out.flush();
    }
    if (!any)
        throw WrongUse(msg("--filter {value}: no workload has such a name; layer_, img_1080p and limit_ do",
                           "value"_is(options.filter)));
    return kDone;
}

}  // namespace

Run declare_bench(OptionList list) {
    auto options = std::make_shared<Options>();
    list.value("--filter", options->filter, key("Only workloads whose name matches this regular expression"))
        .value_name("REGEX");
    list.value("--threads", options->threads, key("Threads (default: all cores)")).value_name("N");
    return [options](Console console) { return run_bench(*options, console); };
}

}  // namespace convlens
