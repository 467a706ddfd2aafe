// The results of a StripFilter, strip by strip; strip_filter.cpp plans them.
#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "core/base/parallel.h"
#include "core/engine/filter/box.h"
#include "core/engine/filter/samples.h"
#include "core/engine/filter/strip_filter.h"
#include "core/image/sample.h"

namespace convlens {

// The results of one strip in one band, by one thread.
struct StripFilter::Block {
    const StripFilter& filter;
    Scratch& own;
    const FilterRun& run;
    Strip strip;

    const FilterParts& parts() const { return filter.parts_; }
    const FilterPlan& plan() const { return filter.parts_.plan; }
    std::int64_t samples() const { return strip.pixels * parts().channels; }
    std::int64_t read_pixels() const { return parts().pixels_read(strip.pixels); }
    std::int64_t read_samples() const { return read_pixels() * parts().channels; }

    void rows(std::int64_t first, std::int64_t last) {
        begin();
        if (own.covers) Block{*filter.covers_, *own.covers, run, strip}.begin();
        std::int64_t y = first;
        for (; filter.block_ > 1 && y + filter.block_ <= last && !run.stop.stop_requested(); y += filter.block_)
            for (std::int64_t phase = 0; phase < plan().dilation; ++phase) sum_rows(y + phase, kSumRows);
        for (; y < last && !run.stop.stop_requested(); ++y) sum_rows(y, 1);
        if (parts().past_cache) finish_past_cache();
    }

    // Nothing is held of another strip or band.
    void begin() {
        std::ranges::fill(own.held, kNone);
        own.box.at = -1;
    }

    // `count` rows of results, y, y + dilation, ...
    void sum_rows(std::int64_t y, std::int64_t count) {
        const bool straight = parts().is_straight();
        const std::int64_t first = strip.left * parts().channels;
        float* out[kSumRows] = {};
        for (std::int64_t r = 0; r < count; ++r) {
            out[r] = straight ? run.result.row<float>(y + r * plan().dilation).data() + first
                              : own.sums.data() + r * round_up(samples(), kLineSamples);
        }
        sum_into(out, y, count, RowEnd{*this, y, out});
    }

    // What becomes of row r of those that begin with row y, once its sums are complete.
    struct RowEnd {
        const Block& block;
        std::int64_t y;
        float* const* sums;

        std::int64_t row(std::int64_t r) const { return y + r * block.plan().dilation; }
        void operator()(std::int64_t r) const {
            if (block.parts().is_straight()) return;
            const std::span<float> done(sums[r], static_cast<std::size_t>(block.samples()));
            block.parts().write(done, block.run, row(r), block.strip.left, true, block.covers(row(r)));
        }
        std::uint8_t* bytes(std::int64_t r) const {
            return block.run.result.row<std::uint8_t>(row(r)).data() + block.strip.left * block.parts().channels;
        }
    };

    // The sums of |weight| * alpha of row y, where alpha is kept and they are needed.
    std::span<const float> covers(std::int64_t y) const {
        if (run.alpha != AlphaRule::kept || !own.covers) return {};
        float* sums = own.covers->sums.data();
        Block{*filter.covers_, *own.covers, run, strip}.sum_into(&sums, y, 1, NoEnd());
        return {sums, static_cast<std::size_t>(strip.pixels)};
    }
    struct NoEnd {
        void operator()(std::int64_t) const {}
        std::uint8_t* bytes(std::int64_t) const { return nullptr; }
    };

    // Calls done(r) as soon as the sums of row r are complete.
    template <typename Done>
    void sum_into(float* const* out, std::int64_t y, std::int64_t count, const Done& done) {
        if (filter.box_) {
            sum_box(out[0], y);
            return done(0);
        }
        if (filter.quick_ && count == kSumRows && samples() >= kLineSamples && sum_products(out, y, done)) return;
        const bool two_passes = plan().separable();
        float* between[kSumRows] = {};
        for (std::int64_t r = 0; r < count; ++r) between[r] = two_passes ? own.between.row(r) : out[r];
        down(two_passes ? read_samples() : samples(), y, count, between);
        for (std::int64_t r = 0; r < count; ++r) {
            if (two_passes) across(between[r], out[r]);
            done(r);
        }
    }

    // kSumRows rows by the quick passes. False, and nothing is done, if they are not for what is read.
    template <typename Done>
    bool sum_products(float* const* out, std::int64_t y, const Done& done) {
        RowBlock block{kSumRows, read_samples(), false};
        if (with_rows_in_place(y, block, [&](const auto* const* rows) { sum_products(rows, block.ahead, out, done); }))
            return true;
        const bool finite = gather(y, plan().rows + kSumRows - 1);
        if (finite) sum_products(std::get<std::vector<const float*>>(own.inputs).data(), false, out, done);
        return finite;
    }
    template <typename T, typename Done>
    void sum_products(const T* const* rows, bool ahead, float* const* out, const Done& done) {
        float* between[kSumRows] = {};
        for (std::int64_t r = 0; r < kSumRows; ++r) between[r] = own.between.row(r);
        const std::int64_t twin = own.between.twin();
        for (std::size_t i = 0; i < plan().products.size(); ++i) {
            down_sums(filter.quick_down_[i], rows, {read_samples(), twin, ahead && i == 0}, between);
            const AcrossRow& weights = filter.quick_across_[i];
            const AcrossBlock block{samples(), twin, i > 0};
            for (std::int64_t r = 0; r < kSumRows; ++r) {
                if (filter.bytes_) {
                    across_sums(weights, between[r], block, done.bytes(r));
                    continue;
                }
                across_sums(weights, between[r], block, out[r]);
                if (i + 1 == plan().products.size()) done(r);
            }
        }
    }

    // One row of boxes, below the last one.
    void sum_box(float* out, std::int64_t y) {
        BoxSums& box = own.box;
        const std::int64_t rows = plan().rows;
        const std::int64_t samples = read_samples();
        const auto rest = [&](std::int64_t i) { return box.rest.data() + i * (filter.read_samples_ + kLineSamples); };
        float* sums = box.sums.data();
        if (box.at < 0 || box.at == rows - 1) {
            for (std::int64_t i = rows - 1; i >= 0; --i)
                with_row(input_row(y, i),
                         [&](const auto* in) { add_row(in, i < rows - 1 ? rest(i + 1) : nullptr, samples, rest(i)); });
            box.at = 0;
            sums = rest(0);
        } else {
            ++box.at;
            with_row(input_row(y, rows - 1), [&](const auto* in) {
                step_box(in, {samples, box.at == 1, rest(box.at), box.begun.data(), sums});
            });
        }
        sum_box_across(sums, {plan().cols, parts().channels, this->samples(), plan().weights.front()}, out);
    }

    // Calls use(row) with one row of the endless image: where it lies, if that can be, else from the ring.
    template <typename Use>
    void with_row(std::int64_t row, const Use& use) {
        const std::int64_t in_image = strip.in_place ? parts().source.row(row) : -1;
        if (in_image < 0) return use(ring_row(row));
        const std::int64_t first = (strip.left - plan().left) * parts().channels;
        with_sample_type(parts().depth, [&](auto type) {
            if constexpr (!std::is_same_v<decltype(type), std::int16_t>)
                use(run.image.row<decltype(type)>(in_image).data() + first);
        });
    }
    // Its own slot of the ring, where the ring keeps its rows.
    std::size_t slot_of(std::int64_t row) const {
        return static_cast<std::size_t>((row % filter.slots_ + filter.slots_) % filter.slots_);
    }
    const float* ring_row(std::int64_t row) { return row_in(slot_of(row), row); }
    const float* row_in(std::size_t slot, std::int64_t row) {
        if (own.held[slot] != row) fill(slot, row);
        return own.rows.data() + slot * static_cast<std::size_t>(filter.read_samples_);
    }

    // The sums of the first pass, of `samples` samples, or of all.
    void down(std::int64_t samples, std::int64_t y, std::int64_t count, float* const* out) {
        RowBlock block{count, samples, false};
        if (with_rows_in_place(y, block,
                               [&](const auto* const* rows) { dense_sums(filter.down_.dense, rows, block, out); }))
            return;
        const bool finite = gather(y, plan().rows + count - 1);
        filter.down_.sum(std::get<std::vector<const float*>>(own.inputs).data(), block, finite, out);
    }

    // The second pass.
    void across(const float* between, float* out) {
        const bool finite = !filter.careful_ || all_finite({between, static_cast<std::size_t>(read_samples())});
        const float* row = plan().stride == 1 ? between : split(between, own.by_phase.data());
        filter.across_.sum(&row, {1, samples(), false}, finite, &out);
    }

    // Calls use(rows) with the rows that results from row y on read, if they can be read where they lie.
    template <typename Use>
    bool with_rows_in_place(std::int64_t y, RowBlock& block, const Use& use) {
        if (!strip.in_place) return false;
        return with_sample_type(parts().depth, [&](auto type) {
            if constexpr (std::is_same_v<decltype(type), std::int16_t>) {
                return false;
            } else {
                const auto* const rows = find_rows<decltype(type)>(y, block);
                if (rows) use(rows);
                return rows != nullptr;
            }
        });
    }

    // The row of the endless image that the i-th row of weights meets for results in row y.
    std::int64_t input_row(std::int64_t y, std::int64_t i) const {
        return y * plan().stride + i * plan().dilation - plan().top;
    }

    // The rows of the image that results from row y on read, and those that the next block will. Null if one of the
    // former is a constant border, which no image holds.
    template <typename T>
    const T* const* find_rows(std::int64_t y, RowBlock& block) {
        const std::int64_t first = (strip.left * plan().stride - plan().left) * parts().channels;
        const std::int64_t needed = plan().rows + block.count - 1;
        block.ahead = block.count > 1 && plan().dilation == 1;
        std::vector<const T*>& found = std::get<std::vector<const T*>>(own.inputs);
        const T* const top = run.image.row<T>(0).data() + first;
        const std::int64_t pitch = parts().image_size.w * parts().channels;
        for (std::int64_t i = 0; i < needed + (block.ahead ? kSumRows : 0); ++i) {
            const std::int64_t row = parts().source.row(input_row(y, i));
            if (row < 0 && i < needed) {
                block.ahead = false;
                return nullptr;
            }
            found[static_cast<std::size_t>(i)] = top + std::max<std::int64_t>(row, 0) * pitch;
        }
        return found.data();
    }

    // Sees to it that the ring holds the `count` rows that results from row y on read. Says whether all are finite.
    bool gather(std::int64_t y, std::int64_t count) {
        bool finite = true;
        for (std::int64_t i = 0; i < count; ++i) {
            const std::int64_t row = input_row(y, i);
            const std::size_t slot = filter.keeps_ ? slot_of(row) : static_cast<std::size_t>(i);
            std::get<std::vector<const float*>>(own.inputs)[static_cast<std::size_t>(i)] = row_in(slot, row);
            finite = finite && own.finite[slot];
        }
        return finite;
    }

    void fill(std::size_t slot, std::int64_t row) {
        float* to = own.rows.data() + slot * static_cast<std::size_t>(filter.read_samples_);
        const bool straight = plan().separable() || plan().stride == 1;
        float* plain = straight ? to : own.plain.data();
        own.held[slot] = row;
        parts().source.read(run.image, run.alpha, row, strip.left * plan().stride, read_pixels(), plain);
        if (!straight) split(plain, to);
        prefetch_row(row + filter.block_ * plan().stride);
        if (filter.careful_) own.finite[slot] = all_finite({plain, static_cast<std::size_t>(read_samples())}) ? 1 : 0;
    }

    // Prefetches a row that the next block will read.
    void prefetch_row(std::int64_t row) const {
        const std::int64_t in_image = parts().source.row(row);
        if (in_image < 0) return;
        const std::int64_t first = std::max<std::int64_t>(strip.left * plan().stride - plan().left, 0);
        const std::int64_t pixels = std::min(read_pixels(), parts().image_size.w - first);
        if (pixels <= 0) return;
        with_sample_type(parts().depth, [&](auto type) {
            const auto pixel = static_cast<std::size_t>(parts().channels) * sizeof(type);
            const auto* at = run.image.row<decltype(type)>(in_image).data() + first * parts().channels;
            prefetch(at, static_cast<std::size_t>(pixels) * pixel);
        });
    }

    // A row as it is read, by phase.
    const float* split(const float* from, float* to) const {
        const std::int64_t channels = parts().channels;
        const std::int64_t stride = filter.phases_.stride;
        for (std::int64_t phase = 0; phase < stride; ++phase) {
            float* out = to + phase * filter.phases_.length * channels;
            for (std::int64_t x = phase; x < read_pixels(); x += stride)
                for (std::int64_t c = 0; c < channels; ++c) *out++ = from[x * channels + c];
        }
        return to;
    }
};

void StripFilter::run(const FilterRun& run) {
    const FilterPlan& plan = parts_.plan;
    for_bands(plan.output.h, band(), parts_.threads, [&](std::int64_t first, std::int64_t last, int worker) {
        for (const Strip& strip : strips_)
            Block{*this, scratch_[static_cast<std::size_t>(worker)], run, strip}.rows(first, last);
    });
}

}  // namespace convlens
