// Filter steps one after another, with float32 between them: rounding and clamping to a depth happen once, at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "core/engine/filter/filter.h"

namespace convlens {

// What filter() and ReadyFilter are given for step `step` of `count`, in a chain that begins with an image of `depth`
// and is filtered by `options`. The image's depth is the result's, where options.save_as says nothing else.
FilterOptions step_options(const FilterOptions& options, Depth depth, std::size_t step, std::size_t count);

// Pixels of the image for one of what the first `steps` steps make of it, either way.
std::int64_t chain_stride(std::span<const FilterStep> chain, std::size_t steps);

// How one step was computed.
struct StepTiming {
    double ms = 0;
    FilterMethod method = FilterMethod::sums;  // or fourier
};

// One step of a chain that begins with an image of `depth`; `before` is what the steps in front of it made of that image.
// Adds to the timing's ms. Returns nothing when stopped. Precondition: as filter().
std::optional<Image> filter_chain_step(const Image& before, std::span<const FilterStep> chain, std::size_t step,
                                       Depth depth, const FilterOptions& options, const std::stop_token& stop,
                                       StepTiming& timing);

// Most bytes of what lies between two steps.
inline constexpr std::int64_t kBetweenBytes = std::int64_t{256} << 20;

// The chain applied in order; of an empty chain the image as it is, in its new depth. Where more than `between` bytes
// would lie between two steps, the result is made in bands of rows, one after another, as long as bands do not repeat
// much of each other's work; samples then differ by rounding at most. `timings`, if given, gets one entry a step. Returns
// nothing when stopped. Precondition: as filter().
std::optional<Image> filter_chain(const Image& image, std::span<const FilterStep> chain,
                                  const FilterOptions& options = {}, const std::stop_token& stop = {},
                                  std::vector<StepTiming>* timings = nullptr, std::int64_t between = kBetweenBytes);

}  // namespace convlens
