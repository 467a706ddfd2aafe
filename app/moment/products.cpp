#include "app/moment/products.h"

#include <algorithm>
#include <cmath>

namespace convlens {

namespace {

// How many products of an output stand before this one in the order of the play.
std::int64_t order_of(const Moment& m, const Tap& tap) {
    const Size2 k = m.spec().kernel, at = product_place(m, tap);
    return (tap.input.c - m.first_channel()) * k.h * k.w + at.h * k.w + at.w;
}

}  // namespace

Size2 window_positions(const Moment& m) {
    const Size2 k = m.spec().kernel, d = m.spec().dilation;
    if (m.transposed()) return k;
    return {std::min(k.h, (m.layer->h.padded - 1) / d.h + 1), std::min(k.w, (m.layer->w.padded - 1) / d.w + 1)};
}

std::int64_t product_count(const Moment& m) {
    Size2 positions = window_positions(m);
    if (m.transposed()) {
        const Size2 s = m.spec().stride;
        positions.h = std::min((positions.h - 1) / s.h + 1, m.input_shape().h);
        positions.w = std::min((positions.w - 1) / s.w + 1, m.input_shape().w);
    }
    return m.group_channels() * positions.h * positions.w;
}

bool is_listed(const Moment& m) { return product_count(m) <= kMostListed; }

Products products_of(const Moment& m) {
    Products products{taps(m.spec(), m.layer->data(), *m.out), 0};
    const auto order = [&](const Tap& tap) { return order_of(m, tap); };
    std::ranges::stable_sort(products.taps, {}, order);
    products.reached = std::ssize(products.taps);
    if (m.complete) return products;
    const Size2 k = m.spec().kernel;
    const std::int64_t within = m.timeline.by == StepBy::product ? m.step.product : k.h * k.w - 1;
    const std::int64_t last = m.step.channel * k.h * k.w + within;
    products.reached = std::ranges::upper_bound(products.taps, last, {}, order) - products.taps.begin();
    return products;
}

Products listed_products(const Moment& m) { return m.out && is_listed(m) ? products_of(m) : Products{}; }

std::optional<double> product_at(const Moment& m, Size2 place) {
    if (!m.out || !m.complete || m.transposed()) return std::nullopt;
    const Size2 s = m.spec().stride, d = m.spec().dilation;
    const std::int64_t row = m.out->y * s.h + place.h * d.h, col = m.out->x * s.w + place.w * d.w;
    if (row >= m.layer->h.padded || col >= m.layer->w.padded) return std::nullopt;
    const double value = m.layer->padded.at(m.pane.slice.n, m.input_channel(), row, col);
    if (m.pooling()) return value;
    const Size2 at = stored_cell(m.spec(), place);
    return value * m.layer->layer.weight->at(m.pane.slice.c_out, m.channel, at.h, at.w);
}

double so_far(const Moment& m, const Products& products) {
    return combined(m.spec(), m.input_shape().plane(), *m.out, products.added());
}

std::optional<Size2> largest_place(const Moment& m, const Products& products) {
    const double most = so_far(m, products);
    for (const Tap& tap : products.added()) {
        const bool same = tap.value == most || (std::isnan(tap.value) && std::isnan(most));
        if (!tap.in_padding && same) return tap.window;
    }
    return {};
}

Size2 product_place(const Moment& m, const Tap& tap) {
    if (!m.transposed() || m.stamps()) return tap.window;
    const Size2 k = m.spec().kernel;
    return m.turned() ? Size2{k.h - 1 - tap.weight.y, k.w - 1 - tap.weight.x} : Size2{tap.weight.y, tap.weight.x};
}

Sum sum_of(const Moment& m) {
    const Products products = products_of(m);
    Sum sum;
    sum.parts.assign(static_cast<std::size_t>(m.group_channels()), 0);
    sum.so_far = so_far(m, products);
    sum.bias = bias_of(m.layer->layer, m.out->c);
    for (const Tap& tap : products.taps) {
        const std::int64_t channel = tap.input.c - m.first_channel();
        sum.parts[static_cast<std::size_t>(channel)] += tap.product;
        sum.size += std::abs(tap.product);
        const bool reached = &tap - products.taps.data() < products.reached;
        if (channel == m.channel) sum.terms.push_back({tap, reached});
    }
    return sum;
}

}  // namespace convlens
