// What a plan decides: how the tiles go over the output, what a worker does at a time. See work.h.
#include <algorithm>
#include <bit>

#include "core/conv/shape.h"
#include "core/engine/layer/row_tiles.h"
#include "core/engine/layer/work.h"
#include "core/engine/reference.h"

namespace convlens {

namespace {

// The width of the block that comes next when `left` channels are left: a power of two up to `widest`, or a little more
// than there are.
std::int64_t tile_width(std::int64_t left, std::int64_t widest) {
    const auto wanted = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(left)));
    if (left >= widest) return widest;
    return left >= wanted - wanted / 4 ? wanted : wanted / 2;
}

template <typename T>
std::int64_t block_width(const LayerWork<T>& work, std::int64_t left) {
    if (work.traversal == Traversal::plane) return 1;
    return work.traversal == Traversal::channels ? 2 * work.kernels.lanes : tile_width(left, work.kernels.channels);
}

template <typename T>
void set_blocks(LayerWork<T>& work) {
    std::int64_t slot = 0;
    for (std::int64_t first = 0; first < work.group_out;) {
        const std::int64_t left = work.group_out - first;
        const std::int64_t width = block_width(work, left);
        work.blocks.push_back({first, std::min(left, width), width, slot});
        first += width;
        slot += width;
    }
    work.slots = slot;
}

// Rows of the lattice that a band may have for its padded input to stay in a core's own cache: the second level, less
// where the weights, which are read anew for every band, need it too. Traversal::plane has rows of its own to sum up at
// the begin of each band.
template <typename T>
std::int64_t rows_in_cache(const LayerWork<T>& work, std::int64_t weights) {
    constexpr std::int64_t kBytes = 256 << 10;
    constexpr std::int64_t kBytesOfFewBands = 640 << 10;
    const auto size = static_cast<std::int64_t>(sizeof(T));
    const bool few = weights * size > kBytes || work.traversal == Traversal::plane;
    const std::int64_t budget = few ? kBytesOfFewBands : kBytes;
    const auto planes = static_cast<std::int64_t>(work.rows.phases.size() * work.cols.phases.size());
    const std::int64_t row_bytes = work.group_in * planes * work.pitch * size;
    return std::max<std::int64_t>(budget / row_bytes - work.rows.halo, 1);
}

// As few bands as `least`, or up to twice as many where the busiest thread then has less to do.
std::int64_t even_bands(std::int64_t least, const LayerAxis& axis, std::int64_t layers, std::int64_t threads) {
    constexpr double kFillingCost = 0.1;  // of a row, beside summing one up
    const auto cost_of = [&](std::int64_t bands) {
        const std::int64_t rounds = (layers * bands + threads - 1) / threads;
        const std::int64_t longest = (axis.lattice + bands - 1) / bands;
        const double mean = static_cast<double>(axis.lattice) / static_cast<double>(bands);
        return static_cast<double>(rounds) *
               ((static_cast<double>(longest) + mean) / 2 + kFillingCost * static_cast<double>(axis.halo));
    };
    std::int64_t best = least;
    for (std::int64_t bands = least; bands <= std::min(2 * least, axis.lattice); ++bands)
        if (cost_of(bands) < cost_of(best)) best = bands;
    return best;
}

// Splits the work into bands of rows and, where these are too few for the threads, the blocks of channels into parts.
// Each part fills the band's padded input for itself; narrow bands fill the rows that they share once each.
template <typename T>
void split(LayerWork<T>& work, std::int64_t weights, int threads) {
    constexpr std::int64_t kPartsPerThread = 2;
    constexpr std::int64_t kManyWeightBytes = 1 << 20;  // to be read as few times as possible
    const std::int64_t rows = work.rows.lattice;
    const std::int64_t most = std::min(rows_in_cache(work, weights), rows);
    const std::int64_t layers = work.in.n * work.groups;
    work.bands = (rows + most - 1) / most;
    if (threads > 1) {
        const std::int64_t wanted = kPartsPerThread * threads;
        if (weights * static_cast<std::int64_t>(sizeof(T)) < kManyWeightBytes) {
            const std::int64_t wide = rows / (2 * work.rows.halo + 1);
            work.bands = std::max(work.bands, std::min((wanted + layers - 1) / layers, wide));
            work.bands = even_bands(work.bands, work.rows, layers, threads);
        }
        const std::int64_t items = layers * work.bands;
        if (items < wanted)
            work.block_chunks = std::min((wanted + items - 1) / items, static_cast<std::int64_t>(work.blocks.size()));
        if (const std::int64_t parts = items * work.block_chunks; parts < wanted)
            work.bands = std::min(rows, work.bands * ((wanted + parts - 1) / parts));
    }
    work.band_rows = (rows + work.bands - 1) / work.bands;
    // Widely dilated kernels reach over many rows, and every worker has a band of its own.
    constexpr std::int64_t kMostBytes = std::int64_t{512} << 20;
    const std::int64_t bytes = band_elements(work) * static_cast<std::int64_t>(sizeof(T));
    work.threads = static_cast<int>(std::clamp<std::int64_t>(kMostBytes / bytes, 1, work.threads));
}

// Whether LayerKernels::sum_plane does it all.
template <typename T>
bool sums_planes(const LayerWork<T>& work) {
    constexpr std::int64_t kFewChannels = 4;  // more share what is read as well in tiles
    return work.group_out <= kFewChannels && std::ranges::all_of(work.rows.taps, [](const std::vector<AxisTap>& taps) {
               return taps.size() <= kMostPlaneRows && tap_steps(taps);
           });
}

// The part of all kernel rows, over all rows of the output, that does not lie wholly in the padding.
double rows_on_input(const LayerAxis& rows) {
    std::int64_t all = 0;
    std::int64_t on_input = 0;
    for (const std::vector<AxisTap>& taps : rows.taps) {
        for (const AxisTap& tap : taps) {
            for (std::int64_t row = 0; row < rows.lattice; ++row, ++all)
                if (source_at(rows, row + tap.shift, rows.phases[static_cast<std::size_t>(tap.phase)]) >= 0) ++on_input;
        }
    }
    return all > 0 ? static_cast<double>(on_input) / static_cast<double>(all) : 1;
}

// Chooses the traversal that takes the fewest vector instructions.
template <typename T>
void choose_traversal(LayerWork<T>& work) {
    if (sums_planes(work)) {
        work.traversal = Traversal::plane;
        return;
    }
    const std::int64_t lanes = work.kernels.lanes;
    const std::int64_t cols = work.cols.lattice;
    const std::int64_t flat = ((work.rows.lattice - 1) * work.pitch + cols + lanes - 1) / lanes;
    const std::int64_t by_row = work.rows.lattice * ((cols + lanes - 1) / lanes);
    if (by_row <= flat) work.traversal = cols <= lanes ? Traversal::across_rows : Traversal::along_rows;
    constexpr std::int64_t kTapsWorthTransposing = 64;
    if (most_taps(work) < kTapsWorthTransposing) return;
    std::vector<TilePlace> tiles;
    const std::int64_t blocks = (work.group_out + 2 * lanes - 1) / (2 * lanes);
    const double by_channels = choose_row_tiles(work.kernels, cols, tiles) *
                               static_cast<double>(work.rows.lattice * 2 * blocks) *
                               (work.skips_padding ? rows_on_input(work.rows) : 1);
    const double by_cells =
        work.kernels.cost_of_lanes_as_cells * static_cast<double>(std::min(flat, by_row) * work.group_out);
    if (by_channels >= by_cells) return;
    work.traversal = Traversal::channels;
    work.row_tiles = tiles;
    for (const TilePlace& tile : tiles) work.most_cells = std::max(work.most_cells, tile.cells);
}

// Each tile reads all planes: whether these are so many, of a page or more each, that what it reads in place comes
// from far away, but for blocks of channels that follow at once.
template <typename T>
bool has_many_planes(const LayerWork<T>& work) {
    constexpr std::int64_t kManyPlanes = 64;
    constexpr std::int64_t kPageBytes = 4096;
    const bool pages = work.in.h * work.in.w * static_cast<std::int64_t>(sizeof(T)) >= kPageBytes;
    return pages && work.group_in >= kManyPlanes;
}

// Whether the input is read where it is. Precondition: it has no pads and no phases.
template <typename T>
bool reads_in_place(const LayerWork<T>& work) {
    const std::int64_t lanes = work.kernels.lanes;
    const std::int64_t cols = work.cols.lattice;
    if (work.traversal == Traversal::plane) return cols >= lanes;
    if (work.traversal == Traversal::channels) return cols >= work.most_cells;
    // In place its rows lie end to end: a copy is quicker where that means more cells and it serves many blocks.
    constexpr std::size_t kManyBlocks = 4;
    const bool more_cells = work.traversal != Traversal::flat && work.cols.halo > 0;
    if (more_cells && has_many_planes(work) && work.blocks.size() >= kManyBlocks) return false;
    return (work.rows.lattice / work.bands - 1) * work.pitch + cols >= lanes;
}

template <typename T>
void set_columns(LayerWork<T>& work) {
    const LayerAxis& cols = work.cols;
    work.columns.reserve(cols.phases.size());
    for (std::size_t i = 0; i < cols.phases.size(); ++i) {
        ColumnPhase& column = work.columns.emplace_back();
        column = {cols.phases[i], cols.inside_from[i], cols.inside_to[i]};
        if (column.begin < column.end) column.cell = source_at(cols, column.begin, column.phase);
        column.plane = static_cast<std::int64_t>(i) * plane_elements(work) + plane_begin(work, i);
    }
}

}  // namespace

template <typename T>
int useful_threads(const LayerWork<T>& work, int threads) {
    constexpr double kWorthAThread = 500'000;  // multiply-adds
    constexpr double kElementCost = 8;         // multiply-adds that take as long as reading or writing one
    const auto elements =
        static_cast<double>(work.in.n * (work.in.c * work.in.h * work.in.w + work.out.c * work.out.h * work.out.w));
    const auto products = static_cast<double>(cost(work.spec, work.in, false).multiply_adds);
    return static_cast<int>(
        std::clamp((products + kElementCost * elements) / kWorthAThread, 1.0, static_cast<double>(threads)));
}

template <typename T>
void choose_geometry(LayerWork<T>& work, bool finite, int threads) {
    const ConvSpec& spec = work.spec;
    work.groups = spec.groups;
    work.group_in = work.in.c / spec.groups;
    work.group_out = spec.out_channels / spec.groups;
    work.constant = static_cast<T>(spec.op == Op::conv ? pad_constant(spec) : 0);
    work.rows = layer_axis(spec, Axis::h, work.in.h, work.out.h, work.pads.top, work.pads.bottom);
    work.cols = layer_axis(spec, Axis::w, work.in.w, work.out.w, work.pads.left, work.pads.right);
    work.pitch = work.cols.lattice + work.cols.halo;
    work.skips_padding = finite && work.constant == 0;
    choose_traversal(work);
    const bool bare = spec.op == Op::conv && spec.stride == Size2{1, 1} && work.pads == Pads{};
    work.aligned = work.traversal == Traversal::plane && !(bare && work.cols.lattice >= work.kernels.lanes);
    if (work.aligned) work.pitch = (work.pitch + work.kernels.lanes - 1) / work.kernels.lanes * work.kernels.lanes;
    set_blocks(work);
    const std::int64_t weights = work.group_in * work.slots * spec.kernel.h * spec.kernel.w;
    work.threads = useful_threads(work, threads);
    split(work, weights, work.threads);
    work.part_channels = work.group_in;
    work.in_place = bare && reads_in_place(work);
    if (work.in_place && (work.traversal == Traversal::along_rows || work.traversal == Traversal::across_rows))
        work.traversal = Traversal::flat;
    work.blocks_in_tiles = work.in_place && work.traversal == Traversal::flat && has_many_planes(work);
    if (!work.in_place) set_columns(work);
    if (work.traversal == Traversal::channels) set_row_tiles(work);
}

template int useful_threads(const LayerWork<float>&, int);
template int useful_threads(const LayerWork<double>&, int);
template void choose_geometry(LayerWork<float>&, bool, int);
template void choose_geometry(LayerWork<double>&, bool, int);

}  // namespace convlens
