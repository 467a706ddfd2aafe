// Sums over boxes of pixels, in a time that hardly depends on the box, many samples at a time, with the instructions that
// the machine has (simd_targets.h).
//
// Nothing is ever subtracted, as running sums would do: NaN and infinity stay where they are, and rounding does not add up
// over the image. Sums of whole numbers are exact below 2^24; else the error is below (rows + columns) / 2^24 of the sum
// of the absolute values, and some root of that in practice.
//
// Down, rows fall into segments as long as the box is high. A box that begins at row i of a segment holds the rows from
// there to its end, whose sums are made once a segment, from the last one up, and the first rows of the next one, which are
// added up as the box moves on: two additions a sample, and one of both (van Herk, "A fast algorithm for local minimum and
// maximum filters", 1992, with sums in place of minima).
// Across, sums of four neighbours, of four of those, and so on: a box is a few of each, by its length's digits to base 4.
//
// Example, a box of 3 rows on the rows r0 to r5, two segments:
//
//   box at row                                0          1       2
//   sum of the first segment, to its end      r0+r1+r2   r1+r2   r2        made from the last row up
//   sum of the first rows of the second                  r3      r3+r4     made as the box moves on
//
// The box at row 3 is the second segment, r3+r4+r5, whose sums to its end are made then.
//
// Example, a box of 6 pixels, 12 to base 4: two pixels and one sum of four, x0+x1 + (x2+x3+x4+x5). The sums of four are
// made once for all boxes of the row.
#pragma once

#include <cstdint>

namespace convlens {

// out[i] = in[i] + sums[i] for i in [0, samples); sums null: in[i].
void add_row(const std::uint8_t* in, const float* sums, std::int64_t samples, float* out);
void add_row(const std::uint16_t* in, const float* sums, std::int64_t samples, float* out);
void add_row(const float* in, const float* sums, std::int64_t samples, float* out);

// A row joins the first rows of the next segment: begun[i] += in[i], or = in[i] if it is the first; out[i] = rest[i] +
// begun[i].
struct BoxStep {
    std::int64_t samples = 0;
    bool first = false;
    const float* rest = nullptr;
    float* begun = nullptr;
    float* out = nullptr;
};
void step_box(const std::uint8_t* in, const BoxStep& step);
void step_box(const std::uint16_t* in, const BoxStep& step);
void step_box(const float* in, const BoxStep& step);

// out[i] = weight * sum over v in [0, pixels) of row[i + v * channels] for i in [0, samples). Precondition: `row` begins
// with a line of the cache, holds samples + (pixels - 1) * channels elements, and one line more, which may be read and
// written. What is in it is lost.
struct BoxAcross {
    std::int64_t pixels = 1;
    std::int64_t channels = 1;
    std::int64_t samples = 0;
    float weight = 1;
};
void sum_box_across(float* row, const BoxAcross& box, float* out);

}  // namespace convlens
