#include "app/document/document.h"

#include <algorithm>
#include <array>
#include <utility>

#include "app/document/chain.h"

namespace convlens {

namespace {

const Generator kNewInput{"random", 1, 0, 9};
const Generator kNewWeight{"random", 1, -2, 2};
const Generator kNewBias{"random", 1, -3, 3};

constexpr std::array<std::string_view, 4> kReadings{"slide", "stamp", "gather", "zero_inserted"};
constexpr std::array<std::string_view, 3> kBackends{"auto", "cpu", "gpu"};
constexpr std::array<std::string_view, 2> kWorkspaces{"grid", "photo"};
constexpr std::array<std::string_view, 3> kStepBys{"output", "channel", "product"};

template <typename Enum, std::size_t size>
std::optional<Enum> find(const std::array<std::string_view, size>& names, std::string_view text) {
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

template <std::size_t size, typename Enum>
std::string_view spelled(const std::array<std::string_view, size>& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

bool contains(const Shape4& shape, std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
    return n < shape.n && c < shape.c && y < shape.h && x < shape.w;
}

bool contains(const Shape4& shape, const Shape4& other) {
    return other.n <= shape.n && other.c <= shape.c && other.h <= shape.h && other.w <= shape.w;
}

// Copies what both have.
void copy_overlap(const Tensor<double>& from, Tensor<double>& to) {
    const Shape4 &old = from.shape(), &shape = to.shape();
    for (std::int64_t n = 0; n < std::min(old.n, shape.n); ++n)
        for (std::int64_t c = 0; c < std::min(old.c, shape.c); ++c)
            for (std::int64_t y = 0; y < std::min(old.h, shape.h); ++y)
                for (std::int64_t x = 0; x < std::min(old.w, shape.w); ++x) to.at(n, c, y, x) = from.at(n, c, y, x);
}

// `values`, made of `from` by a new shape: what that cuts off is remembered, as is what was cut off before and is not back.
TensorRef remembering(Tensor<double> values, const TensorRef& from) {
    const TensorRef before = from.whole(), &whole = before ? before : from;
    const bool cut = !contains(values.shape(), whole->shape());
    TensorRef made(std::move(values));
    return cut ? made.cut_from(whole) : made;
}

// `from` in a new shape; new cells are those that it had before it was cut, else of `filler`.
TensorRef resized(const TensorRef& from, const Shape4& shape, const Generator& filler) {
    if (from->shape() == shape) return from;
    const auto& own = from.blob().generator;
    // These give any cell the same number whatever the shape: the overlap is kept by making them anew.
    if (own && (own->name == "random" || own->name == "ones" || own->name == "zeros"))
        return TensorRef(generated(*own, shape, &*from), own);
    Tensor<double> values = generated(filler, shape);
    if (const TensorRef whole = from.whole()) copy_overlap(*whole, values);
    copy_overlap(*from, values);
    return remembering(std::move(values), from);
}

// Where the kernel at (n, c) of a weight tensor stood in the other operation's tensor: conv has [C_out, C_in/g],
// conv_transpose [C_in, C_out/g]; the pair of channels (within its group) is the same.
std::pair<std::int64_t, std::int64_t> swapped(const Shape4& shape, std::int64_t groups, std::int64_t n,
                                              std::int64_t c) {
    const std::int64_t per_group = shape.n / groups;
    return {n / per_group * shape.c + c, n % per_group};
}

TensorRef refitted_weight(const Layer& layer, const LayerShape& to, const Shape4& shape) {
    const Shape4& old = layer.weight->shape();
    const bool swap = (layer.spec.op == Op::conv_transpose) != (to.spec.op == Op::conv_transpose);
    if (old == shape && !swap) return layer.weight;
    Tensor<double> values(shape);
    const TensorRef whole = swap ? TensorRef() : layer.weight.whole();
    for (std::int64_t n = 0; n < shape.n; ++n) {
        for (std::int64_t c = 0; c < shape.c; ++c) {
            const auto [old_n, old_c] = swap ? swapped(shape, to.spec.groups, n, c) : std::pair(n, c);
            if (!contains(old, old_n, old_c, 0, 0)) {
                fill_plane(values, kNewWeight, n, c);
                continue;
            }
            for (std::int64_t y = 0; y < shape.h; ++y) {
                for (std::int64_t x = 0; x < shape.w; ++x) {
                    const bool kept = contains(old, old_n, old_c, y, x);
                    values.at(n, c, y, x) = kept ? layer.weight->at(old_n, old_c, y, x) : 0;
                }
            }
        }
    }
    if (whole) copy_overlap(*whole, values);
    if (whole) copy_overlap(*layer.weight, values);
    return swap ? TensorRef(std::move(values)) : remembering(std::move(values), layer.weight);
}

void settle_pane(Pane& pane, const std::vector<Layer>& layers) {
    pane.layer = std::clamp(pane.layer, 0, static_cast<int>(layers.size()) - 1);
    const Layer& layer = layers[static_cast<std::size_t>(pane.layer)];
    const Shape4 input = input_shape(layer);
    const auto within = [](std::int64_t& index, std::int64_t count) {
        index = std::clamp<std::int64_t>(index, 0, std::max<std::int64_t>(count - 1, 0));
    };
    within(pane.slice.n, input.n);
    within(pane.slice.c_out, output_channels(layer.spec, input.c));
    within(pane.slice.c_in, input.c / std::max<std::int64_t>(group_count(layer.spec, input.c), 1));
    if (pane.view.empty()) pane.view = kPlanesView;
    const bool transposed = layer.spec.op == Op::conv_transpose;
    if (!transposed) pane.reading = Reading::slide;
    if (transposed && pane.reading == Reading::slide) pane.reading = Reading::stamp;
}

}  // namespace

std::string_view name(Reading value) { return spelled(kReadings, value); }
std::string_view name(Backend value) { return spelled(kBackends, value); }
std::string_view name(Workspace value) { return spelled(kWorkspaces, value); }
std::string_view name(StepBy value) { return spelled(kStepBys, value); }

template <>
std::optional<Reading> from_name<Reading>(std::string_view text) {
    return find<Reading>(kReadings, text);
}
template <>
std::optional<Backend> from_name<Backend>(std::string_view text) {
    return find<Backend>(kBackends, text);
}
template <>
std::optional<Workspace> from_name<Workspace>(std::string_view text) {
    return find<Workspace>(kWorkspaces, text);
}
template <>
std::optional<StepBy> from_name<StepBy>(std::string_view text) {
    return find<StepBy>(kStepBys, text);
}
template <>
std::span<const std::string_view> names<Reading>() {
    return kReadings;
}
template <>
std::span<const std::string_view> names<Backend>() {
    return kBackends;
}
template <>
std::span<const std::string_view> names<Workspace>() {
    return kWorkspaces;
}
template <>
std::span<const std::string_view> names<StepBy>() {
    return kStepBys;
}

Shape4 input_shape(const Layer& layer) {
    if (const auto* const output = std::get_if<LayerOutput>(&layer.input)) return output->shape;
    return std::get<TensorRef>(layer.input)->shape();
}

const TensorRef& own_input(const Layer& layer) {
    static const TensorRef kNone;
    const auto* const tensor = std::get_if<TensorRef>(&layer.input);
    return tensor != nullptr ? *tensor : kNone;
}

std::optional<int> source_of(const Layer& layer) {
    const auto* const output = std::get_if<LayerOutput>(&layer.input);
    return output != nullptr ? std::optional(output->layer) : std::nullopt;
}

std::int64_t kept_cells(const Layer& layer) {
    std::int64_t cells = 0;
    for (const TensorRef* tensor : {&own_input(layer), &layer.weight, &layer.bias})
        if (*tensor) cells += (*tensor)->size();
    return cells;
}

LayerShape layer_shape(const Layer& layer) { return {layer.spec, input_shape(layer), std::nullopt, std::nullopt}; }

Layer reshaped(const Layer& layer, const LayerShape& shape) {
    Layer result{layer.name, shape.spec, {}, {}, {}};
    if (const auto source = source_of(layer)) {
        result.input = LayerOutput{*source, shape.input};
    } else {
        result.input = resized(own_input(layer), shape.input, kNewInput);
    }
    const bool pooling = is_pooling(shape.spec.op);
    result.weight = pooling ? layer.weight : refitted_weight(layer, shape, weight_shape(shape.spec, shape.input.c));
    if (layer.bias && !pooling) result.bias = resized(layer.bias, {1, shape.spec.out_channels, 1, 1}, kNewBias);
    return result;
}

bool same_shapes(const Document& a, const Document& b) {
    return std::ranges::equal(a.layers, b.layers, {}, layer_shape, layer_shape);
}

void settle(Document& document) {
    if (document.layers.empty()) document.layers.push_back(new_layer({}, false));
    if (document.panes.empty()) document.panes.emplace_back();
    if (const auto broken = follow_chain(document)) throw ChainError(document, *broken);
    for (Pane& pane : document.panes) settle_pane(pane, document.layers);
}

Shape4 new_weight_shape(const LayerShape& shape) {
    if (is_pooling(shape.spec.op)) return {1, 1, 3, 3};
    return weight_shape(shape.spec, shape.input.c);
}

TensorRef new_input(const LayerShape& shape) { return generate(kNewInput, shape.input); }
TensorRef new_weight(const LayerShape& shape) { return generate(kNewWeight, new_weight_shape(shape)); }

Layer new_layer(const LayerShape& shape, bool bias) {
    Layer layer{{}, shape.spec, {}, {}, {}};
    layer.input = new_input(shape);
    layer.weight = new_weight(shape);
    if (bias && !is_pooling(shape.spec.op)) layer.bias = generate(kNewBias, {1, shape.spec.out_channels, 1, 1});
    return layer;
}

}  // namespace convlens
