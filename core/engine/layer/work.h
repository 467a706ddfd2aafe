// What a LayerPlan holds: everything that planning decides and a run follows. See plan.h.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/aligned.h"
#include "core/engine/layer/axis.h"
#include "core/engine/layer/kernels.h"

namespace convlens {

// One phase of the output: a plain convolution with some of the kernel's cells.
template <typename T>
struct OutputPhase {
    // Of its taps, [row][channel][column], from the tile's place in the padded band.
    // Traversal::channels: [part of the channels][column][row][channel].
    std::vector<std::uint32_t> offsets;
    std::int64_t row_taps = 0;  // taps of one row of the kernel; one after the other but in Traversal::channels
    AlignedVector<T> weights;   // [group][channel block][tap][channel in block]
};

// Output channels of a group that are summed together. A block may be wider than the channels that it has.
struct ChannelBlock {
    std::int64_t first = 0;     // within the group
    std::int64_t channels = 0;  // that there are
    std::int64_t width = 1;
    std::int64_t slot = 0;  // sum of the widths before it
};

// How the tiles go over a band of the lattice.
enum class Traversal {
    flat,         // lanes are cells, over rows and what the padding adds to them, end to end
    along_rows,   // lanes are cells of one row
    across_rows,  // a vector is a row, tiles are vectors below each other
    channels,     // lanes are channels, tiles lie in a row
    plane,        // no tiles: all rows of a channel in a go, see LayerKernels::sum_plane
};

// One column phase of the padded input: lattice columns [begin, end) hold the input's own cells from `cell` on.
struct ColumnPhase {
    std::int64_t phase = 0;
    std::int64_t begin = 0, end = 0;
    std::int64_t cell = 0;
    std::int64_t plane = 0;  // where it begins, from the first phase's plane on
};

// A tile of a row whose lanes are channels. It may overlap its neighbour, and reach beyond the row's end
// if it is alone.
struct TilePlace {
    std::int64_t col = 0;
    std::int64_t cells = 0;
};

// Columns of the kernel that lie side by side, and the cells of a tile that they are added to: at least those that meet
// them on the input.
struct TileColumns {
    std::int64_t first = 0, count = 0;
    std::int64_t first_cell = 0, cells = 0;
};

// Tiles of a row whose sums are transposed and written to the output together.
struct RowPiece {
    TilePlace place;  // all their cells
    std::size_t first_tile = 0, end_tile = 0;
};

// The memory that one worker (thread) runs in.
template <typename T>
struct LayerScratch {
    AlignedVector<T> band;  // padded input, [channel][phase row][phase column][row][column]
    // Of a tile, a piece or a band, for each column phase of the output.
    AlignedVector<T> sums;
    AlignedVector<T> transposed;  // Traversal::channels: of a piece, [column phase of the output][channel][cell]
    std::int64_t filled = -1;     // which band it holds
};

template <typename T>
struct LayerWork {
    ConvSpec spec;
    Shape4 in, out;
    Pads pads;
    LayerKernels<T> kernels;
    std::int64_t groups = 1;
    std::int64_t group_in = 1, group_out = 1;  // channels
    LayerAxis rows, cols;
    std::int64_t pitch = 1;  // of a row of the band
    T constant{};            // what a padded cell holds

    std::vector<ColumnPhase> columns;  // unless in_place

    int threads = 1;
    Traversal traversal = Traversal::flat;
    bool aligned = false;          // each plane of the band begins so that the input's own cells lie on whole vectors
    bool in_place = false;         // the input is read where it is: it has no pads and no phases
    bool blocks_in_tiles = false;  // run_cells takes a tile for many blocks, while the caches hold what it reads
    bool skips_padding = false;    // what lies in the padding is zero and changes no sum
    bool stamped = false;          // run_stamps() does it: inserted zeros could show, or phases are too many

    std::vector<OutputPhase<T>> phases;  // [row phase][column phase]
    std::vector<ChannelBlock> blocks;
    std::int64_t slots = 0;  // sum of the blocks' widths
    AlignedVector<T> bias;   // [group][slot]

    std::int64_t band_rows = 1;  // the most lattice rows of a band
    std::int64_t bands = 1;
    std::int64_t block_chunks = 1;     // parts that the blocks are split into
    std::vector<TilePlace> row_tiles;  // Traversal::channels: the tiles of a row, the last ones first
    std::int64_t most_cells = 0;       // of them
    // Traversal::channels: [column phase of the output][tile], those that all cells meet first.
    std::vector<std::vector<TileColumns>> tile_columns;
    std::vector<RowPiece> row_pieces;      // without overlapping tiles where these meet their taps by parts
    std::int64_t part_channels = 1;        // of the input: all tiles of a band meet so many before the next ones come
    std::vector<LayerScratch<T>> scratch;  // of each worker

    std::vector<T> weight, bare_bias;  // `stamped`: as given
};

// Taps of one sum; a phase of a transposed layer's output has fewer.
template <typename T>
std::int64_t most_taps(const LayerWork<T>& work) {
    return work.group_in * work.spec.kernel.h * work.spec.kernel.w;
}

// Elements of one phase of one channel of a band's padded input; of all of it.
template <typename T>
std::int64_t plane_elements(const LayerWork<T>& work) {
    constexpr auto kLine = static_cast<std::int64_t>(kCacheLine / sizeof(T));
    const std::int64_t elements =
        (work.band_rows + work.rows.halo) * work.pitch + (work.aligned ? work.kernels.lanes : 0);
    // An odd number of lines: the same place of all channels would else share few lines of the cache.
    return ((elements + kLine - 1) / kLine | 1) * kLine;
}
// Where in its plane a column phase begins.
template <typename T>
std::int64_t plane_begin(const LayerWork<T>& work, std::size_t phase) {
    return work.aligned ? -work.cols.inside_from[phase] & (work.kernels.lanes - 1) : 0;
}
template <typename T>
std::int64_t band_elements(const LayerWork<T>& work) {
    const auto planes = static_cast<std::int64_t>(work.rows.phases.size() * work.cols.phases.size());
    return work.group_in * planes * plane_elements(work);
}

// Rows of the lattice.
struct Band {
    std::int64_t first = 0;
    std::int64_t rows = 0;
};

// A thread for every few microseconds of work, up to `threads`.
template <typename T>
int useful_threads(const LayerWork<T>& work, int threads);

// Fills in all of `work` from `groups` on but what depends on the elements of weight and bias, and the scratch.
// `finite`: all weights are finite. Precondition: spec, in, out, pads and kernels are set.
template <typename T>
void choose_geometry(LayerWork<T>& work, bool finite, int threads);

// Writes the padded rows that the band needs, of a group's channels; `in` is the first one's plane.
template <typename T>
void fill_band(const LayerWork<T>& work, const T* in, const Band& band, T* to);

// A conv_transpose by its definition: every input cell times the kernel is added to the output.
template <typename T>
void run_stamps(const LayerWork<T>& work, const T* in, T* out);

}  // namespace convlens
