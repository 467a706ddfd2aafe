// The inner loops of layers, with the instructions that the machine has (simd_targets.h).
//
// A tile is a few output channels of a few output cells. Its sums stay in registers while the taps go by. There are two
// kinds: lanes are neighbouring cells, and each tap's weights are spread over a vector; or lanes are channels, and each
// cell's element is. Where no channels share what is read, sum_plane goes down the rows instead, which do.
//
// Example: a row of one input channel, 1 2 3 4 5; a kernel of two columns, so two taps, at offsets 0 and 1; two output
// channels with the weights 10 20 and 1 2; bias 0. Four lanes.
//
//   lanes are cells: one vector of cells,      tap 0 reads 1 2 3 4    tap 1 reads 2 3 4 5    sums
//   two channels                   channel 0   + 10 * (1 2 3 4)       + 20 * (2 3 4 5)       50 80 110 140
//                                  channel 1   +  1 * (1 2 3 4)       +  2 * (2 3 4 5)        5  8  11  14
//
//   lanes are channels: four cells,            tap 0 reads the cell   tap 1 reads the next   sums of the lanes 0, 1
//   two of the lanes are shown     cell 0      + 1 * (10 1)           + 2 * (20 2)            50  5
//                                  cell 1      + 2 * (10 1)           + 3 * (20 2)            80  8
//                                  cell 2      + 3 * (10 1)           + 4 * (20 2)           110 11
//                                  cell 3      + 4 * (10 1)           + 5 * (20 2)           140 14
//
// Both kinds make the same sums, the second kind with rows and columns exchanged, which transpose_rows sets right.
#pragma once

#include <array>
#include <cstdint>

namespace convlens {

template <typename T>
struct TileJob {
    const T* in = nullptr;                   // the element that the tile's first cell reads for a tap of offset 0
    const std::uint32_t* offsets = nullptr;  // of each tap, from `in` on, in elements
    const T* weights = nullptr;              // [tap][channel]
    const T* bias = nullptr;                 // of each channel; null: the products are added to `sums`
    std::int64_t taps = 0;
    std::int64_t step = 0;        // lanes are cells: from one vector's input to the next one's, in elements
    T* sums = nullptr;            // lanes are cells: [channel][vectors * lanes]; lanes are channels: [cell][2 * lanes]
    std::int64_t sums_pitch = 0;  // lanes are cells: from one channel's sums to the next one's
    std::int64_t ahead = 0;       // from the element that a tap reads to the one to prefetch, in elements; 0: none
};

// Rows of elements to copy, interleave, deinterleave or transpose. Row i of the source begins at from + i * from_pitch,
// row i of the target at to + i * to_pitch; pitches are in elements.
template <typename T>
struct RowsJob {
    const T* from = nullptr;
    std::int64_t from_pitch = 0;
    T* to = nullptr;
    std::int64_t to_pitch = 0;
    std::int64_t rows = 0;
    std::int64_t count = 0;  // elements of each row, source and target
    std::int64_t next = 0;   // from the first source (interleave_rows) or target (deinterleave_rows) to the second
    std::int64_t ahead = 0;  // from an element of the source to the one to prefetch, in elements; 0: none
};

// All rows of one output channel in a go: what a row reads serves the output rows below too.
//
// Output row i is the sum over kernel rows k and the taps t of a row of weights[k][t] times what lies at
// offsets[k % stride][t] from row i + k / stride of the input on.
template <typename T>
struct PlaneJob {
    const T* in = nullptr;  // padded, what the first cell reads for a tap of offset 0
    std::int64_t in_pitch = 0;
    const std::uint32_t* offsets = nullptr;  // [kernel row][tap]; those of the first `stride` rows are read
    const T* weights = nullptr;              // [kernel row][tap]
    std::int64_t row_taps = 0;               // of a kernel row: input channels times columns
    T bias{};
    T* out = nullptr;
    std::int64_t out_pitch = 0;
    std::int64_t rows = 0, cols = 0;  // of the output
};

inline constexpr std::int64_t kMaxVectors = 8;       // of neighbouring cells
inline constexpr std::int64_t kMaxTileVectors = 24;  // channels times vectors
inline constexpr std::int64_t kMostCells = 14;       // of a tile whose lanes are channels
inline constexpr std::size_t kMostPlaneRows = 7;     // of the kernel, in sum_plane
inline constexpr std::int64_t kGroupTaps = 256;      // of a sum that are added up before they join the others

template <typename T>
using SumTile = void (*)(const TileJob<T>& job);
template <typename T>
using SumPlane = void (*)(const PlaneJob<T>& job);

// All sums over taps are added up in groups, so that rounding stays near that of a group.
template <typename T>
struct LayerKernels {
    std::int64_t lanes = 1;  // elements of a vector

    // Lanes are cells: sum_tile[log2 channels][vectors]; those that there are not are null. One vector there always is.
    std::int64_t channels = 1;  // the most that a tile has: a power of two
    std::array<std::array<SumTile<T>, kMaxVectors + 1>, 4> sum_tile{};

    // Lanes are channels, two vectors of them: sum_cells[cells], null where there is none, kMostCells at most.
    std::array<SumTile<T>, kMostCells + 1> sum_cells{};
    // Measured costs, by which choose_traversal() decides between the two kinds; the unit is one cell of a large tile of
    // sum_cells. least_cost_of_cells is the cost of a small tile, whose sums have to wait for each other;
    // cost_of_lanes_as_cells is the cost of sum_tile for as many products.
    double least_cost_of_cells = 1;
    double cost_of_lanes_as_cells = 1;
    // The most bytes of weights that the tiles of a band meet before the next ones come, lanes being channels: what the
    // first level of the cache holds beside the input; or, with many registers, whose tiles want less of it, more.
    std::int64_t bytes_of_a_part = 72 << 10;

    // sum_plane[stride - 1][kernel rows - 1]. Reads no further than the last cell needs if there are at least `lanes`
    // columns, else up to `lanes` elements from each row's first cell on; and all `stride` rows of the last step.
    std::array<std::array<SumPlane<T>, kMostPlaneRows>, 2> sum_plane{};

    void (*copy_rows)(const RowsJob<T>& job) = nullptr;
    // Of each row to[i] = from[2i]; reads from[0] to from[2 * count - 2].
    void (*take_even)(const RowsJob<T>& job) = nullptr;
    // interleave_rows: to[2i] is element i of the first source, to[2i + 1] element i of the second; deinterleave_rows is
    // its inverse.
    void (*interleave_rows)(const RowsJob<T>& job) = nullptr;
    void (*deinterleave_rows)(const RowsJob<T>& job) = nullptr;
    // Row i of the result is column i of the source: `count` rows of it, from_pitch apart, with `rows` columns.
    void (*transpose_rows)(const RowsJob<T>& job) = nullptr;
};

// Those of the best instruction set that the machine has. T: float, double.
template <typename T>
LayerKernels<T> layer_kernels();

}  // namespace convlens
