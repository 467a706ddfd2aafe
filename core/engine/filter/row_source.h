// Rows of an image as float32, with the border filled in on both sides: what a filter reads.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/conv/pad.h"
#include "core/engine/filter/filter_plan.h"
#include "core/image/image.h"

namespace convlens {

// For images of one width, height, depth and number of channels. Values are on the scale of ChainPlace; with alpha kept
// or filtered, alpha is in units of alpha_unit(), and colours are multiplied by it.
class RowSource {
public:
    RowSource(const FilterPlan& plan, const Image& like, const FilterOptions& options);

    // Reads alpha alone, as AlphaRule::kept counts it, as rows of one channel.
    RowSource of_alpha() const;

    // The kernel reads a row from column -left on: writes `pixels` pixels of it, from the one of number `first` on, of
    // row y of the endless image (0 is the image's first row). `out` holds that many times the channels.
    void read(const Image& image, AlphaRule alpha, std::int64_t y, std::int64_t first, std::int64_t pixels,
              float* out) const;

    // The image's row that stands in row y of the endless image; -1 where that is a constant.
    std::int64_t row(std::int64_t y) const {
        return y >= 0 && y < height_ ? y : source_index(y, height_, border_).value_or(-1);
    }

private:
    using Pixel = std::array<float, 4>;
    // A pixel outside the image, where the border is a constant; its alpha is given later where it is kept.
    Pixel outside(AlphaRule alpha) const;
    void read_alpha(const Image& image, std::int64_t y, std::int64_t first, std::int64_t pixels, float* out) const;
    void multiply_outside(const Image& image, std::int64_t y, std::int64_t first, std::int64_t pixels,
                          float* out) const;
    // The image's column that is pixel `i` of a row; -1 where that is a constant.
    std::int64_t column(std::int64_t i) const;
    // The image's pixel that is nearest to pixel `i` of row y of the endless image.
    std::int64_t nearest_row(std::int64_t y) const;
    std::int64_t nearest_column(std::int64_t i) const;
    template <typename T>
    void read_inside(std::span<const T> row, const Pixel& outside, std::int64_t first, std::int64_t pixels,
                     float* out) const;

    PadMode border_;
    float border_value_ = 0;
    std::int64_t left_reach_ = 0;  // columns before the image's first
    std::int64_t width_ = 0;
    std::int64_t height_ = 0;
    std::int64_t channels_ = 0;
    bool has_alpha_ = false;
    bool alpha_only_ = false;
    bool multiplied_ = false;  // colours in the image are multiplied by alpha already
    bool constant_ = false;    // what stands outside is no pixel of the image
    float white_ = 1;
    float unit_ = 1;                 // of alpha
    std::int64_t pixels_ = 0;        // that are read for all results
    std::int64_t first_inside_ = 0;  // pixels [first, end) of a row are the image's own
    std::int64_t end_inside_ = 0;
    std::vector<std::int64_t> left_;  // the image's columns that stand outside, -1 for a constant
    std::vector<std::int64_t> right_;
};

}  // namespace convlens
