// Filter chains on the processor or the GPU: which of them takes a chain, by one rule for the window and the command line,
// and what becomes of the chain there.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "app/document/document.h"
#include "app/photo/backend_rule.h"
#include "app/photo/result.h"
#include "core/engine/filter/filter.h"
#include "core/text/message.h"

namespace convlens {

struct StepReport {
    std::string kernel;                        // the step's name
    std::string backend;                       // "cpu" or "gpu"
    FilterMethod method = FilterMethod::sums;  // or fourier
    Message where;                             // "CPU, 2 threads", "GPU compute: llvmpipe"
    double ms = 0;                             // without the transfers to and from the GPU
    Message note;                              // what a person should know of it: a sentence, or empty
};

// Why the GPU does not do what it was asked for; what() and `words` are the reason, for people.
struct NotOnGpu : std::runtime_error {
    enum class Why {
        cannot,  // such results are computed on the processor only
        absent,  // there is no GPU that could be used
        slower,  // the processor is the faster one: of Backend::automatic alone
        failed,  // it began, and this image or chain was too much for it
    };
    NotOnGpu(Why the_why, Message reason)
        : std::runtime_error(english(reason)), why(the_why), words(std::move(reason)) {}
    Why why;
    Message words;
};

// Where a chain runs.
struct FilterPlace {
    bool gpu = false;
    NotOnGpu::Why why = NotOnGpu::Why::slower;  // not on the GPU
    Message reason;                             // the same for people; empty of a chain that nobody wants there
};

// The GL context that the GPU is used in.
enum class GpuContext {
    own,      // of the runner, without a window, made when it is first worth it
    current,  // the window's: current on the calling thread from the first call to the runner's end
};

class FilterRunner {
public:
    explicit FilterRunner(GpuContext context);
    ~FilterRunner();
    FilterRunner(const FilterRunner&) = delete;
    FilterRunner& operator=(const FilterRunner&) = delete;

    // Backend::automatic goes by the BackendRule. Neither it nor Backend::gpu takes the GPU for s16 results, the Fourier
    // transform or an empty chain.
    FilterPlace place(Backend backend, const Image& image, std::span<const FilterStep> chain,
                      const FilterOptions& options);

    // The chain applied in order, in float32 from its first step to its last; a report for each step is added. A GPU that
    // fails is replaced by the processor, but not where Backend::gpu was asked for: this throws NotOnGpu where it cannot
    // be had. Precondition: the chain is not empty.
    Image filter(Backend backend, const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                 std::vector<StepReport>& reports);

    // Adds the steps of `chain` that `known` has not, on the GPU. Throws NotOnGpu, in a window's context also for work
    // that would keep the window still for more than a second. Precondition: place() said so.
    void add_steps_on_gpu(PhotoResult& known, std::span<const FilterStep> chain);
    // A chain has taken so many milliseconds on the processor, for whoever ran it there: see add_steps_on_cpu().
    void took_on_cpu(const Image& image, std::span<const FilterStep> chain, double ms);

    std::string renderer() const;  // "llvmpipe"; empty as long as the GPU has not been wanted

private:
    struct Gpu;
    Gpu& gpu();
    FilterPlace place_by_rule();
    Image filter_whole_on_gpu(Backend backend, const Image& image, std::span<const FilterStep> chain,
                              const FilterOptions& options, std::vector<StepReport>& reports);
    Image filter_whole_on_cpu(Backend backend, const Image& image, std::span<const FilterStep> chain,
                              const FilterOptions& options, std::vector<StepReport>& reports);

    GpuContext context_;
    BackendRule rule_;
    std::unique_ptr<Gpu> gpu_;  // made when first wanted
};

// The options with this machine's costs, where they decide: measured at the first call of all, which takes a while. From
// any thread.
FilterOptions cpu_options(FilterOptions options = {});

// Adds the steps of `chain` that `known` has not, on the processor; false when stopped. From any thread. May throw
// std::bad_alloc.
bool add_steps_on_cpu(PhotoResult& known, std::span<const FilterStep> chain, const std::stop_token& stopped);

}  // namespace convlens
