// Sums over boxes, in a time that hardly depends on the box, many samples at a time, with the instructions that the
// machine has (simd_targets.h): running sums, and across short boxes sums of blocks (blocks-inl.h).
//
// Whole numbers add up without rounding, so that what was added can be taken away again: a box one row further down is
// the last one plus a row less a row, and along a row it is a difference of two sums from the row's beginning on. These
// may pass 2^32 and begin again from 0, which their difference does not notice. Sums of float32 are float64, and rounded:
// what a large sample leaves behind stays in all that follow. So they are for finite samples, of which none is so large
// that this shows; box.h takes all.
//
// Example: a box of 3 columns, one channel.
//
//   sums of the box's rows, one a column      3  1  4  1  5
//   running, from the row's beginning on   0  3  4  8  9  14
//   sums of the boxes                      8 - 0 = 8,  9 - 3 = 6,  14 - 4 = 10     3 + 1 + 4, 1 + 4 + 1, 4 + 1 + 5
#pragma once

#include <cstdint>
#include <type_traits>

namespace convlens {

// T, samples: uint8_t, uint16_t, float. Sum, of a column: uint16_t where none is larger, of which twice as many go into
// a vector, else uint32_t; double for float.

// Of sums along a row.
template <typename Sum>
using RunningTotal = std::conditional_t<std::is_same_v<Sum, double>, double, std::uint32_t>;

// sums[i] += in[i] for i in [0, samples).
template <typename T, typename Sum>
void add_to_columns(const T* in, std::int64_t samples, Sum* sums);

// sums[i] += in[i] - out[i] for i in [0, samples). Precondition: what is taken away was added.
template <typename T, typename Sum>
void move_columns(const T* in, const T* out, std::int64_t samples, Sum* sums);

// out[i] = weight * sum over v in [0, pixels) of columns[i + v * channels] for i in [0, samples). A whole sum is rounded
// to float32 before it is weighted; of float64 the columns of a short box and their sums may be too, else the weighted
// sum alone. Preconditions: 1 to 4 channels, whole sums below 2^31; `columns` holds samples + (pixels - 1) * channels
// elements and kRunningRoom more, which may be read; `running` has room for `channels` more than that, which are lost.
struct RunningBox {
    std::int64_t pixels = 1;
    std::int64_t channels = 1;
    std::int64_t samples = 0;
    double weight = 1;                 // rounded to float32, but for running sums of float64
    std::int64_t most_column = 65535;  // none of uint16_t is larger
};
inline constexpr std::int64_t kRunningRoom = 64;
template <typename Sum>
void sum_running_across(const Sum* columns, const RunningBox& box, RunningTotal<Sum>* running, float* out);

}  // namespace convlens
