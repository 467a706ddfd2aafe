// A layer while it is read: its arrays, and what is chosen where the text does not tell.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "core/import/arguments.h"

namespace convlens::pasted {

namespace {

Shape4 shape_of(const ToldArray& array) {
    std::array<std::int64_t, 4> lengths{1, 1, 1, 1};
    const std::size_t rank = std::min<std::size_t>(array.shape.size(), 4);
    std::copy_n(array.shape.end() - static_cast<std::ptrdiff_t>(rank), rank,
                lengths.end() - static_cast<std::ptrdiff_t>(rank));
    return {lengths[0], lengths[1], lengths[2], lengths[3]};
}

std::optional<Tensor<double>> tensor_of(const ToldArray& array, const Shape4& shape) {
    if (!array.data || element_count(shape) != static_cast<std::int64_t>(array.data->size())) return {};
    return Tensor<double>(shape, *array.data);
}

// How large an input has to be for the layer, on one axis, and what it is without a reason to be other: 5. Doubles, as
// the settings may be absurd.
constexpr std::int64_t kUsualLength = 5;
constexpr double kLongestChosen = 1024;
constexpr std::int64_t kMostChosenStride = 256;  // of a layer whose guessed input is made larger

double pad_need(const ConvSpec& spec, double before, double after) {
    const double most = std::max(before, after);
    if (spec.pad_mode == PadMode::reflect) return most + 1;
    return spec.pad_mode == PadMode::circular ? most : 1;
}

std::int64_t chosen_length(const ConvSpec& spec, Axis axis) {
    const AxisSpec own = axis_of(spec, axis);
    const auto stride = static_cast<double>(std::max<std::int64_t>(own.stride, 1));
    const auto before = static_cast<double>(own.pad_before);
    const auto after = static_cast<double>(own.pad_after);
    const auto op = static_cast<double>(own.output_padding);
    const double reach = static_cast<double>(own.dilation) * static_cast<double>(own.kernel - 1) + 1;
    const double cut = std::min(before, 0.0) + std::min(after, 0.0);
    double need = std::max(reach - cut, pad_need(spec, before, after));
    if (spec.op == Op::conv_transpose) {
        need = std::ceil((before + after - op - reach + 1) / stride) + 1;
        if (spec.output_size) {  // the size that a convolution shrinks the wanted one to
            const auto size = static_cast<double>(axis == Axis::h ? spec.output_size->h : spec.output_size->w);
            const bool cut = spec.pad_rule == PadRule::tf_VALID;
            need = cut ? std::floor((size - reach) / stride) + 1
                       : std::max(std::ceil(size / stride), std::ceil((size - reach - op) / stride) + 1);
            if (need >= 1 && need <= kLongestChosen) return static_cast<std::int64_t>(need);
        }
    }
    if (!(need >= 1 && need <= kLongestChosen)) return kUsualLength;
    return std::max(kUsualLength, static_cast<std::int64_t>(need));
}

// What of a plane was guessed: all of it, the length of a layer along one axis, or one side.
enum class Guess { size, length, width, height };

// `unread`: the text tells it in a way that is not read.
Message guess_note(Guess guess, bool unread, Size2 plane) {
    const auto height = "height"_is(plane.h);
    const auto width = "width"_is(plane.w);
    switch (guess) {
        case Guess::size:
            return unread ? msg("the input's size is not read; {height}×{width} was taken", height, width)
                          : msg("the input's size is not told; {height}×{width} was taken", height, width);
        case Guess::length:
            return unread ? msg("the input's length is not read; {width} was taken", width)
                          : msg("the input's length is not told; {width} was taken", width);
        case Guess::width:
            return unread ? msg("the input's width is not read; {width} was taken", width)
                          : msg("the input's width is not told; {width} was taken", width);
        default:
            return unread ? msg("the input's height is not read; {height} was taken", height)
                          : msg("the input's height is not told; {height} was taken", height);
    }
}

void choose_plane(Draft& draft) {
    draft.result.size_told = draft.h && draft.w;
    if (draft.result.size_told) return;
    const bool both = !draft.h && !draft.w;
    const Guess guess = both ? Guess::size : draft.h ? (*draft.h == 1 ? Guess::length : Guess::width) : Guess::height;
    draft.h = draft.h.value_or(chosen_length(draft.spec(), Axis::h));
    draft.w = draft.w.value_or(chosen_length(draft.spec(), Axis::w));
    draft.note(guess_note(guess, draft.input_unread, {*draft.h, *draft.w}));
}

}  // namespace

std::int64_t product(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    if (!__builtin_mul_overflow(a, b, &result)) return result;
    return (a < 0) == (b < 0) ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

std::int64_t channels_of(std::int64_t groups, std::int64_t each) {
    std::int64_t all = 0;
    if (!__builtin_mul_overflow(groups, each, &all)) return all;
    throw ImportError(msg("{groups} groups of {channels} channels each are too many to count; write smaller numbers",
                          "groups"_is(groups), "channels"_is(each)));
}

void grow_guessed_plane(ImportedLayer& imported) {
    constexpr std::int64_t kOutputs = 3;  // rows and columns of the result that a larger guess leaves
    const ConvSpec& spec = imported.layer.spec;
    Size2 plane = imported.layer.input.plane();
    const auto grown = [&](std::int64_t length, Axis axis) {
        const AxisSpec own = axis_of(spec, axis);
        const std::int64_t least = chosen_length(spec, axis);
        const bool enough = length >= least || own.stride >= kMostChosenStride;
        if (enough) return length;
        return spec.op == Op::conv_transpose ? least : least + (kOutputs - 1) * std::max<std::int64_t>(own.stride, 1);
    };
    for (const Guess guess : {Guess::size, Guess::length, Guess::width, Guess::height}) {
        for (const bool unread : {false, true}) {
            const auto note = std::ranges::find(imported.notes, guess_note(guess, unread, plane));
            if (note == imported.notes.end()) continue;
            if (guess == Guess::size || guess == Guess::height) plane.h = grown(plane.h, Axis::h);
            if (guess != Guess::height) plane.w = grown(plane.w, Axis::w);
            imported.layer.input.h = plane.h;
            imported.layer.input.w = plane.w;
            *note = guess_note(guess, unread, plane);
            return;
        }
    }
}

void take_input(Draft& draft, const ToldArray& array) {
    const Shape4 shape = shape_of(array);
    draft.n = shape.n;
    draft.c = shape.c;
    draft.h = shape.h;
    draft.w = shape.w;
    draft.result.input = tensor_of(array, shape);
}

void take_weight(Draft& draft, const ToldArray& array) {
    const Shape4 shape = shape_of(array);
    ConvSpec& spec = draft.spec();
    const bool transposed = spec.op == Op::conv_transpose;
    draft.result.layer.weight = shape;
    draft.result.weight = tensor_of(array, shape);
    spec.kernel = shape.plane();
    spec.out_channels = transposed ? channels_of(spec.groups, shape.c) : shape.n;
    if (!draft.c) draft.c = transposed ? shape.n : channels_of(spec.groups, shape.c);
}

Shape4 told_weight_shape(ConvSpec spec, std::int64_t in_channels) {
    spec.groups = std::max<std::int64_t>(spec.groups, 1);
    return weight_shape(spec, in_channels);
}

void take_bias(Draft& draft, const ToldArray& array) {
    const std::int64_t length = array.shape.empty() ? 1 : array.shape.back();
    draft.result.layer.bias_length = length;
    const Shape4 shape{1, length, 1, 1};
    if (array.data && static_cast<std::int64_t>(array.data->size()) == length)
        draft.result.bias = tensor_of(array, shape);
}

namespace {

void note_unread(Draft& draft, const Message& name, const Traced& traced) {
    if (!traced.unread_number.empty()) return draft.note(number_note(name, traced.unread_number));
    draft.note(traced.array ? numbers_note(name, traced.unread) : maker_note(name, traced.unread));
}

}  // namespace

std::optional<ToldArray> taken_input(Draft& draft, Traced traced, const Message& name) {
    if (traced.border) draft.border = traced.border;
    if (!traced.left_out.empty())
        draft.note(change_note(name, traced.left_out));
    else if (!traced.unread.empty() || !traced.unread_number.empty())
        note_unread(draft, name, traced);
    if (traced.is_transposed)
        draft.note(
            msg("{array} is transposed before the layer: the input here is the transposed one", "array"_is(name)));
    draft.input_unread = !traced.array && !(traced.left_out.empty() && traced.unread.empty());
    return traced.array;
}

std::optional<ToldArray> taken_weight(Draft& draft, Traced traced, const Message& name) {
    if (traced.border) {
        traced.left_out = traced.border->made_by;
        traced.array.reset();
    }
    if (!traced.left_out.empty())
        draft.note(change_note(name, traced.left_out));
    else if (traced.array && !(traced.unread.empty() && traced.unread_number.empty()))
        note_unread(draft, name, traced);
    draft.flipped = draft.flipped != traced.flipped;
    return traced.array;
}

ImportedLayer finished(Draft draft) {
    ConvSpec& spec = draft.spec();
    if (draft.flipped) spec.flip_kernel = !spec.flip_kernel;
    take_border(draft);
    if (!draft.c) {
        draft.c = draft.usual_channels > 0 ? draft.usual_channels : std::max<std::int64_t>(spec.groups, 1);
        const auto channels = "channels"_is(*draft.c);
        draft.note(draft.input_unread
                       ? msg("the number of input channels is not read; {channels} was taken", channels)
                       : msg("the number of input channels is not told; {channels} was taken", channels));
    }
    choose_plane(draft);
    draft.result.layer.input = {draft.n.value_or(1), *draft.c, *draft.h, *draft.w};
    if (spec.op == Op::max_pool || spec.op == Op::avg_pool) spec.out_channels = *draft.c;
    if (draft.border) widen_dialect(draft.result);
    return std::move(draft.result);
}

}  // namespace convlens::pasted
