// The inner loops of layers, with the instructions that the machine has (simd_targets.h).
//
// A tile is a few output channels of a few output cells. Its sums stay in registers while the taps go by. There are two
// kinds: lanes are neighbouring cells, and each tap's weights are spread over a vector; or lanes are channels, and each
// cell's number is.
#pragma once

#include <array>
#include <cstdint>

namespace convlens {

template <typename T>
struct TileJob {
    const T* in = nullptr;                   // what the first cell reads for a tap of offset 0
    const std::uint32_t* offsets = nullptr;  // of each tap, in numbers
    const T* weights = nullptr;              // [tap][channel]
    const T* bias = nullptr;                 // of each channel; null: the sums go on from what they are
    std::int64_t taps = 0;
    std::int64_t step = 0;        // lanes are cells: from one vector's input to the next one's, in numbers
    T* sums = nullptr;            // lanes are cells: [channel][vectors * lanes]; lanes are channels: [cell][2 * lanes]
    std::int64_t sums_pitch = 0;  // lanes are cells: from one channel's sums to the next one's
};

// Rows of numbers, several at a time: row i of each begins i * its pitch further on.
template <typename T>
struct RowsJob {
    const T* from = nullptr;  // one source, or the first of those that are woven
    std::int64_t from_pitch = 0;
    std::int64_t from_next = 0;  // from one woven source to the next
    T* to = nullptr;
    std::int64_t to_pitch = 0;
    std::int64_t rows = 0;
    std::int64_t count = 0;  // numbers of each row and source
};

// One channel of input and one of output, all rows in a go: what a row reads serves the rows below too.
template <typename T>
struct PlaneJob {
    const T* in = nullptr;  // padded, what the first cell reads for the kernel's first cell
    std::int64_t in_pitch = 0;
    const std::uint32_t* offsets = nullptr;  // of the taps of the kernel's first row
    const T* weights = nullptr;              // [row][column]
    T bias{};
    T* out = nullptr;
    std::int64_t rows = 0, cols = 0;  // of the output, which has no gaps
};

inline constexpr std::int64_t kMaxVectors = 8;       // of neighbouring cells
inline constexpr std::int64_t kMaxTileVectors = 24;  // channels times vectors
inline constexpr std::int64_t kMostCells = 14;       // of a tile whose lanes are channels

template <typename T>
using SumTile = void (*)(const TileJob<T>& job);

// All sums over taps are added up in groups, so that rounding stays near that of a group.
template <typename T>
struct LayerKernels {
    std::int64_t lanes = 1;  // numbers of a vector

    // Lanes are cells: sum_tile[log2 channels][vectors]; those that there are not are null. One vector there always is.
    std::int64_t channels = 1;  // the most that a tile has: a power of two
    std::array<std::array<SumTile<T>, kMaxVectors + 1>, 4> sum_tile{};

    // Lanes are channels, two vectors of them: sum_cells[cells], null where there is none, kMostCells at most.
    std::array<SumTile<T>, kMostCells + 1> sum_cells{};
    // For choosing between the two kinds, measured. In cells of a large tile of sum_cells: the price of a small tile,
    // whose sums have to wait for each other. In the same price for as many products: that of sum_tile.
    double least_price_of_cells = 1;
    double price_of_lanes_as_cells = 1;

    // sum_plane[side / 2 - 1] for kernels of 3x3 and 5x5 whose rows are one below the other. Reads no further than the
    // last cell needs if there are at least `lanes` columns, else up to `lanes` numbers from each row's first cell on.
    std::array<void (*)(const PlaneJob<T>& job), 2> sum_plane{};

    void (*copy_rows)(const RowsJob<T>& job) = nullptr;
    // to[2i] = the first source's number i, to[2i + 1] = the second's.
    void (*weave_rows)(const RowsJob<T>& job) = nullptr;
    // Row i of the result is column i of the source: `count` rows of it, from_pitch apart, with `rows` columns.
    void (*turn_rows)(const RowsJob<T>& job) = nullptr;
    // to[i] = from[2i]; reads from[0] to from[2 * count - 2].
    void (*take_even)(const T* from, T* to, std::int64_t count) = nullptr;
};

// Those of the best instruction set that the machine has. T: float, double.
template <typename T>
LayerKernels<T> layer_kernels();

}  // namespace convlens
