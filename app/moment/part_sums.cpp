#include "app/moment/part_sums.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/conv/kernel_index.h"
#include "core/engine/pool.h"

namespace convlens {

namespace {

// The most products of one output that are gone through where they are not listed: a millisecond's work.
constexpr std::int64_t kMostCounted = std::int64_t{1} << 20;

// Parts in the order in which they are first added to.
class Parts {
public:
    explicit Parts(const ConvSpec& spec) : spec_(spec) {}
    void add(std::int64_t index, double value) {
        const auto found = std::ranges::lower_bound(parts_, index, {}, &PartSum::index);
        if (found == parts_.end() || found->index != index) {
            parts_.insert(found, {index, value});
        } else {
            found->value = together(spec_, found->value, value);
        }
    }
    std::vector<PartSum> take() { return std::move(parts_); }

private:
    const ConvSpec& spec_;
    std::vector<PartSum> parts_;
};

std::int64_t index_of(PartsBy by, std::int64_t channel, Size2 place) {
    switch (by) {
        case PartsBy::channels: return channel;
        case PartsBy::rows: return place.h;
        case PartsBy::columns: return place.w;
    }
    return 0;
}

// Of a window whose products are not listed: from the padded input and the weights.
std::vector<PartSum> counted_parts(const Moment& m, PartsBy by) {
    const ConvSpec& spec = m.spec();
    const Shape4 in = m.input_shape();
    const Tensor<double>& padded = m.layer->padded;
    const Size2 positions = window_positions(m);
    Parts parts(spec);
    for (std::int64_t c = 0; c < m.group_channels(); ++c)
        for (std::int64_t h = 0; h < positions.h; ++h)
            for (std::int64_t w = 0; w < positions.w; ++w) {
                const std::int64_t row = m.out->y * spec.stride.h + h * spec.dilation.h;
                const std::int64_t col = m.out->x * spec.stride.w + w * spec.dilation.w;
                if (row >= m.layer->h.padded || col >= m.layer->w.padded) continue;
                const std::int64_t channel = m.first_channel() + c;
                double value = padded.at(m.pane.slice.n, channel, row, col);
                if (m.pooling()) {
                    const std::int64_t y = row - m.layer->pads.top, x = col - m.layer->pads.left;
                    const bool inside = y >= 0 && x >= 0 && y < in.h && x < in.w;
                    if (!inside && !padding_counts(spec)) continue;
                    if (!inside) value = 0;
                } else {
                    const Size2 at = stored_cell(spec, {h, w});
                    value *= m.layer->layer.weight->at(m.pane.slice.c_out, c, at.h, at.w);
                }
                parts.add(index_of(by, channel, {h, w}), value);
            }
    return parts.take();
}

}  // namespace

double together(const ConvSpec& spec, double a, double b) {
    if (spec.op != Op::max_pool) return a + b;
    return std::isnan(a) || std::isnan(b) ? a + b : std::max(a, b);  // NaN is the largest value
}

std::optional<std::vector<PartSum>> part_sums(const Moment& m, const Products& products, PartsBy by) {
    if (!is_listed(m)) {
        if (!m.complete || m.transposed() || product_count(m) > kMostCounted) return std::nullopt;
        return counted_parts(m, by);
    }
    Parts parts(m.spec());
    for (const Tap& tap : products.added()) {
        if (m.pooling() && tap.in_padding && !padding_counts(m.spec())) continue;
        parts.add(index_of(by, tap.input.c, product_place(m, tap)), m.pooling() ? tap.value : tap.product);
    }
    return parts.take();
}

std::vector<std::int64_t> told_parts(std::int64_t count, std::int64_t most, std::int64_t looked_at) {
    std::vector<std::int64_t> told;
    if (count <= most) {
        for (std::int64_t i = 0; i < count; ++i) told.push_back(i);
    } else if (most >= 5) {
        const bool beside = looked_at > 2 && looked_at < count - 1;
        told = {0, 1, 2, beside ? looked_at : 3, count - 1};
    } else if (most >= 2) {
        told = {0, count - 1};
    } else {
        told = {0};
    }
    return told;
}

}  // namespace convlens
