// Samples of an image to float32 and back, and what else is done to rows of them, many at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace convlens {

// out[i] = in[i] as float32. T: uint8_t, uint16_t, int16_t, float.
template <typename T>
void widen(std::span<const T> in, float* out);

// values[i] = (values[i] / divisor + offset) * numerator / denominator, each step rounded to float32.
struct SampleScale {
    float divisor = 1;
    float offset = 0;
    float numerator = 1;    // white of the result
    float denominator = 1;  // white of the image
    bool changes_nothing() const { return divisor == 1 && offset == 0 && numerator == denominator; }
};
void rescale(std::span<float> values, const SampleScale& by);

// out[i] = in[i], rescaled, as a sample of T: clamped and rounded as to_sample() does. T: as above; float32 is neither.
template <typename T>
void narrow(std::span<const float> in, const SampleScale& by, T* out);

// out[i] = in[i], rescaled, written to memory without a place in the cache, which it would only pass through. Other
// threads see it after finish_past_cache().
void put_past_cache(std::span<const float> in, const SampleScale& by, float* out);
void finish_past_cache();

// Each to the nearest whole number, half to even.
void round_to_whole(std::span<float> values);

// Prefetches memory that will soon be read.
void prefetch(const void* at, std::size_t bytes);

// Whether all of them are finite.
bool all_finite(std::span<const float> values);
// The largest |value|; infinity where one of them is NaN. 0 of none.
float peak(std::span<const float> values);

}  // namespace convlens
