// Filter chains on the processor or the GPU, whichever is asked for, with what ran where and for how long. For whoever
// has no window: the context of the GPU is the runner's own.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "app/photo/backend_rule.h"
#include "core/engine/filter/filter.h"
#include "core/text/message.h"

namespace convlens {

struct StepReport {
    std::string kernel;                        // the step's name
    std::string backend;                       // "cpu" or "gpu"
    FilterMethod method = FilterMethod::sums;  // or fourier
    std::string where;                         // "CPU, 2 threads", "GPU compute: llvmpipe"
    double ms = 0;                             // without the ways to the GPU and back
    Message note;                              // what a person should know of it: a sentence, or empty
};

// Why the GPU does not do what it alone was asked for; what() is the reason, for people.
struct NotOnGpu : std::runtime_error {
    enum class Why {
        cannot,  // such results are computed on the processor only
        absent,  // there is no GPU that could be used
        failed,  // it began, and this picture or chain was too much for it
    };
    NotOnGpu(Why the_why, const Message& reason) : std::runtime_error(english(reason)), why(the_why) {}
    Why why;
};

class FilterRunner {
public:
    explicit FilterRunner(Backend backend);
    ~FilterRunner();
    FilterRunner(const FilterRunner&) = delete;
    FilterRunner& operator=(const FilterRunner&) = delete;

    // The chain applied in order, in float32 from its first step to its last; a report for each step is added.
    // Backend::automatic goes by the BackendRule, and never takes the GPU for s16 results or the Fourier transform.
    // Throws NotOnGpu where Backend::gpu was asked for and cannot be had: it is never replaced silently.
    // Precondition: the chain is not empty.
    Image filter(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                 std::vector<StepReport>& reports);

private:
    struct Gpu;
    Image filter_somewhere(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                           std::vector<StepReport>& reports);
    // `work` is the chain's where the rule decides, and nothing where the backend was asked for.
    Image filter_on_cpu(const Image& image, std::span<const FilterStep> chain, FilterOptions options,
                        std::optional<double> work, std::vector<StepReport>& reports);
    bool wants_gpu(std::optional<double> work, const FilterOptions& options);
    bool rule_takes_gpu(double work);

    Backend backend_;
    BackendRule rule_;
    std::unique_ptr<Gpu> gpu_;  // made when first wanted
};

}  // namespace convlens
