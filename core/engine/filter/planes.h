// Pixels of several channels as planes of one, and back, many at a time.
#pragma once

#include <cstdint>

namespace convlens {

// Rows of planes: channel c begins at first + c * apart.
struct PlaneRows {
    float* first = nullptr;
    std::int64_t apart = 0;
};

// planes[c][i] = pixels[i * channels + c] for i in [0, count). 1 to 4 channels.
void split_pixels(const float* pixels, std::int64_t channels, std::int64_t count, const PlaneRows& planes);
void join_pixels(const PlaneRows& planes, std::int64_t channels, std::int64_t count, float* pixels);

}  // namespace convlens
