// Filter chains on the processor or the GPU, whichever was asked for, with what ran where and for how long.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "core/engine/filter/filter.h"

namespace convlens {

struct StepReport {
    std::string kernel;                        // the step's name
    std::string backend;                       // "cpu" or "gpu"
    FilterMethod method = FilterMethod::sums;  // or fourier
    std::string where;                         // "CPU, 2 threads", "GPU compute: llvmpipe"
    double ms = 0;                             // without the ways to the GPU and back
    std::string note;                          // what a person should know of it: a sentence, or empty
};

class PictureFilter {
public:
    explicit PictureFilter(Backend backend);
    ~PictureFilter();
    PictureFilter(const PictureFilter&) = delete;
    PictureFilter& operator=(const PictureFilter&) = delete;

    // The chain applied in order, in float32 from its first step to its last; a report for each step is added.
    // Backend::automatic takes the GPU where there is a real one and the work is large enough to pay for waking it, and
    // never for s16 results or the Fourier transform. Throws RefusedInput where Backend::gpu was asked for and cannot be had: it is never replaced silently.
    // Precondition: the chain is not empty.
    Image filter(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                 std::vector<StepReport>& reports);

private:
    struct Gpu;
    Image filter_somewhere(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                           std::vector<StepReport>& reports);
    bool wants_gpu(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options);

    Backend backend_;
    std::unique_ptr<Gpu> gpu_;  // made when first wanted
};

}  // namespace convlens
