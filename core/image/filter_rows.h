// The working parts of the CPU filter: rows of the picture as float32 with their border, and weighted sums of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/image/filter_plan.h"
#include "core/image/image.h"

namespace convlens {

// One weight of a sum: it reads source row `row`, `shift` samples to the right of the result's own place.
struct RowTap {
    std::int64_t row = 0;
    std::int64_t shift = 0;
    float weight = 0;
};

// A weighted sum over rows. Taps are summed group by group, and the groups' sums after that: with thousands of taps the
// rounding of float32 stays near that of a few dozen.
struct TapSum {
    std::vector<RowTap> taps;
    std::vector<std::size_t> group_ends;

    void add(const RowTap& tap) { taps.push_back(tap); }
    void end_group() {
        if (!taps.empty() && (group_ends.empty() || group_ends.back() != taps.size()))
            group_ends.push_back(taps.size());
    }
};

// out[i] = sum over taps of weight * rows[row][i + shift]. Every tap must stay inside its row.
void weighted_sum(const TapSum& sum, const float* const* rows, std::span<float> out);

// The same for a stride above 1, with pixels of `channels` samples: result pixel x reads around pixel x * stride.
void weighted_sum_strided(const TapSum& sum, const float* const* rows, std::span<float> out, std::int64_t channels,
                          std::int64_t stride);

// Every value as a sample of T (uint8_t, uint16_t, float): clamped and rounded as to_sample() does. Sizes are equal.
template <typename T>
void to_samples(std::span<const float> from, std::span<T> to);

// Reads rows of a picture as float32, on the depth's own scale, with the border filled in on both sides.
class RowSource {
public:
    // Pixels of a row: from column -left on, as many as the kernel reads for plan.output.w results.
    RowSource(const Image& image, const FilterPlan& plan, AlphaRule alpha);

    std::int64_t row_pixels() const { return pixels_; }
    std::size_t row_samples() const { return static_cast<std::size_t>(pixels_ * image_.channels()); }

    // Row y of the endless picture, 0 being the picture's first. With alpha kept or filtered, colours are multiplied
    // by alpha.
    void read(std::int64_t y, std::span<float> out) const;

    // The sample of channel `c` outside the picture, where the border is a constant; multiplied by alpha likewise.
    float outside(int c) const { return outside_[static_cast<std::size_t>(c)]; }

private:
    template <typename T>
    void read_inside(std::int64_t y, float* out) const;

    const Image& image_;
    const FilterPlan& plan_;
    AlphaRule alpha_;
    std::int64_t pixels_ = 0;
    std::int64_t first_inside_ = 0;  // pixels [first, end) of a row are the picture's own
    std::int64_t end_inside_ = 0;
    std::vector<std::int64_t> left_;  // the picture's columns that stand outside, -1 for a constant
    std::vector<std::int64_t> right_;
    float outside_[4] = {};
};

}  // namespace convlens
