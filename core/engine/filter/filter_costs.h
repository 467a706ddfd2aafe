// What the methods to compute a filter step cost on a machine: the choice between them goes by it.
#pragma once

namespace convlens {

// In products of a direct sum: the time that a full kernel takes for one of its weights and one sample. Where nothing
// was measured they are a guess, within a factor of two of what was measured on x86-64.
struct FilterCosts {
    double tiles = 25e6;  // two tiles through the Fourier transform (fft.h)
    double pass = 1.5;    // a weight of a column or row, for one sample, where two passes do
    double box = 40;      // a sample of a box of float32, whatever its size
    friend bool operator==(const FilterCosts&, const FilterCosts&) = default;
};

// Seconds that one thread takes for an image of 448×448 samples of float32.
struct FilterTimes {
    double dense = 0;   // a full kernel of 13×13 as sums
    double tiles = 0;   // through the Fourier transform in 2×2 tiles
    double passes = 0;  // a separable kernel of 31×31
    double box = 0;     // a box of 31×31
};
// To two digits, and within a factor of four of what is assumed.
FilterCosts filter_costs(const FilterTimes& times);

// Measured, in about 30 ms on one thread: to two digits, and within a factor of four of the above, so that a machine
// that is busy meanwhile is not misjudged by more.
FilterCosts measure_filter_costs();

}  // namespace convlens
