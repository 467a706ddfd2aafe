// An image in memory: interleaved pixels, rows from the top, values as stored in the file (sRGB bytes stay sRGB).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "core/base/aligned.h"

namespace convlens {

// How a sample is kept.
//   u8   0..255
//   u16  0..65535
//   s16  -32768..32767 on the scale of u8, white is 255: what filters make of a u8 image keeps its own values, with
//        those below 0 and above white (OpenCV's filter2D with ddepth CV_16S)
//   f32  any value (1.0 is white when shown)
enum class Depth { u8, u16, s16, f32 };
std::string_view name(Depth depth);
std::size_t bytes_per_sample(Depth depth);
double white(Depth depth);  // 255, 65535, 255, 1
double least(Depth depth);  // the numbers that fit: 0, 0, -32768, -infinity
double most(Depth depth);   // 255, 65535, 32767, infinity

class Image {
public:
    Image() = default;
    Image(std::int64_t width, std::int64_t height, int channels, Depth depth);

    std::int64_t width() const { return width_; }
    std::int64_t height() const { return height_; }
    int channels() const { return channels_; }  // 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA
    int colour_channels() const { return channels_ <= 2 ? 1 : 3; }
    bool has_alpha() const { return channels_ == 2 || channels_ == 4; }
    Depth depth() const { return depth_; }
    bool empty() const { return bytes_.empty(); }
    std::size_t row_bytes() const { return static_cast<std::size_t>(width_) * channels_ * bytes_per_sample(depth_); }

    std::span<std::byte> bytes() { return bytes_; }
    std::span<const std::byte> bytes() const { return bytes_; }
    // Samples of one row, T matching the depth (uint8_t, uint16_t, int16_t, float): width*channels of them.
    template <typename T>
    std::span<T> row(std::int64_t y) {
        return {reinterpret_cast<T*>(bytes_.data() + static_cast<std::size_t>(y) * row_bytes()), row_samples()};
    }
    template <typename T>
    std::span<const T> row(std::int64_t y) const {
        return {reinterpret_cast<const T*>(bytes_.data() + static_cast<std::size_t>(y) * row_bytes()), row_samples()};
    }
    // One sample as a number on the depth's own scale (0..255 for u8).
    double sample(std::int64_t x, std::int64_t y, int channel) const;

private:
    std::size_t row_samples() const { return static_cast<std::size_t>(width_) * channels_; }
    std::int64_t width_ = 0;
    std::int64_t height_ = 0;
    int channels_ = 0;
    Depth depth_ = Depth::u8;
    AlignedVector<std::byte> bytes_;
};

// Images are shared and never changed after they are made.
using ImageRef = std::shared_ptr<const Image>;

// The same image in another depth: white stays white, whole-number depths clamp and round half to even, NaN becomes
// 0.
Image converted(const Image& image, Depth depth);

}  // namespace convlens
