#include "app/moment/scatter.h"

#include <algorithm>
#include <numeric>

#include "app/document/compare.h"

namespace convlens {

namespace {

constexpr std::int64_t kMostKept = std::int64_t{32} << 20;  // bytes, of all panes together

// What of a layer lays its stamps.
struct Stamper {
    const DerivedLayer& layer;
    std::int64_t n = 0, c_out = 0;

    const ConvSpec& spec() const { return layer.layer.spec; }
    const Tensor<double>& input() const { return *layer.input; }
    std::int64_t first_channel() const { return first_input_channel(spec(), input().shape().c, c_out); }
    double weight(std::int64_t channel, std::int64_t r, std::int64_t c) const {
        const Size2 at = stored_cell(spec(), {r, c});
        const std::int64_t per_group = spec().out_channels / spec().groups;
        return layer.layer.weight->at(first_channel() + channel, c_out % per_group, at.h, at.w);
    }
    // Adds the first `products` products of the stamp of an input cell; `visit` has each place before it changes.
    template <typename Visit>
    void stamp(StampedPlane& plane, const Cell4& source, std::int64_t products, const Visit& visit) const {
        const double value = input().at(n, first_channel() + source.c, source.y, source.x);
        for (std::int64_t i = 0; i < products; ++i) {
            const std::int64_t r = i / spec().kernel.w, c = i % spec().kernel.w;
            const std::size_t at = plane.index(source.y * spec().stride.h + r * spec().dilation.h,
                                               source.x * spec().stride.w + c * spec().dilation.w);
            visit(at);
            plane.values[at] += value * weight(source.c, r, c);
            plane.covered[at] = 1;
        }
    }
};

// Every cell starts at the bias, and stamps add to it: at the end the plane is the output and what is cut away.
StampedPlane empty_plane(const DerivedLayer& layer, std::int64_t c_out) {
    StampedPlane plane;
    plane.size = {layer.h.padded, layer.w.padded};
    const auto cells = static_cast<std::size_t>(plane.size.h * plane.size.w);
    plane.values.assign(cells, bias_of(layer.layer, c_out));
    plane.covered.assign(cells, 0);
    return plane;
}

}  // namespace

Scatter::Scatter(std::shared_ptr<const DerivedLayer> layer, std::int64_t n, std::int64_t c_out, std::int64_t most_kept)
    : layer_(std::move(layer)), n_(n), c_out_(c_out) {
    const Shape4 in = layer_->input->shape();
    const ConvSpec& spec = layer_->layer.spec;
    const std::int64_t stamps = in.c / spec.groups * in.h * in.w;
    const std::int64_t cells = layer_->h.padded * layer_->w.padded;
    const std::int64_t planes = most_kept / (cells * static_cast<std::int64_t>(sizeof(double) + sizeof(char)));
    interval_ = std::max<std::int64_t>({1, cells / (spec.kernel.h * spec.kernel.w), stamps / (planes + 1) + 1});
}

bool Scatter::is_of(const Moment& m) const {
    return layer_ == m.layer && n_ == m.pane.slice.n && c_out_ == m.pane.slice.c_out;
}

StampedPlane Scatter::after(std::int64_t count) {
    const Shape4 in = layer_->input->shape();
    const ConvSpec& spec = layer_->layer.spec;
    const Stamper stamper{*layer_, n_, c_out_};
    const std::int64_t from = std::min(count / interval_, std::ssize(kept_));
    StampedPlane plane = from == 0 ? empty_plane(*layer_, c_out_) : kept_[static_cast<std::size_t>(from - 1)];
    for (std::int64_t i = from * interval_; i < count; ++i) {
        const Cell4 source{0, i / in.w / in.h, i / in.w % in.h, i % in.w};
        stamper.stamp(plane, source, spec.kernel.h * spec.kernel.w, [](std::size_t) {});
        ++made_;
        if ((i + 1) % interval_ == 0 && (i + 1) / interval_ == std::ssize(kept_) + 1) kept_.push_back(plane);
    }
    return plane;
}

double stamp_weight(const Moment& m, std::int64_t channel, std::int64_t r, std::int64_t c) {
    return Stamper{*m.layer, m.pane.slice.n, m.pane.slice.c_out}.weight(channel, r, c);
}

Stamping Scatters::at(const Moment& m) {
    auto found = std::ranges::find_if(kept_, [&](const Scatter& scatter) { return scatter.is_of(m); });
    if (found == kept_.end()) {
        constexpr auto kMostScatters = kMostPanes;
        if (kept_.size() >= kMostScatters) kept_.pop_back();
        const auto share = kMostKept / static_cast<std::int64_t>(kMostScatters);
        found = kept_.insert(kept_.begin(), Scatter(m.layer, m.pane.slice.n, m.pane.slice.c_out, share));
    } else {
        std::rotate(kept_.begin(), found, found + 1);
    }
    Scatter& scatter = kept_.front();
    Stamping stamping;
    const Shape4 in = m.input_shape();
    const Cell4& source = m.step.cell;
    stamping.plane = scatter.after(m.step.before_first ? 0 : (source.c * in.h + source.y) * in.w + source.x);
    const std::size_t cells = stamping.plane.values.size();
    stamping.before.assign(cells, 0);
    stamping.touched.assign(cells, 0);
    const Stamper stamper{*m.layer, m.pane.slice.n, m.pane.slice.c_out};
    stamper.stamp(stamping.plane, source, m.landed, [&](std::size_t at) {
        stamping.before[at] = stamping.plane.values[at];
        stamping.touched[at] = stamping.plane.covered[at] != 0 ? 2 : 1;
    });
    return stamping;
}

std::int64_t Scatters::stamps_made() const {
    return std::accumulate(kept_.begin(), kept_.end(), std::int64_t{0},
                           [](std::int64_t sum, const Scatter& scatter) { return sum + scatter.stamps_made(); });
}

}  // namespace convlens
