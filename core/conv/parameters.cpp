#include "core/conv/parameters.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/conv/wide_axis.h"

namespace convlens {

namespace {

constexpr Operations only(Op op) { return {1U << static_cast<unsigned>(op)}; }
constexpr Operations operator|(Operations a, Operations b) { return {a.bits | b.bits}; }
constexpr Operations kTransposed = only(Op::conv_transpose);
constexpr Operations kConvolutions = only(Op::conv) | kTransposed;
constexpr Operations kPoolings = only(Op::max_pool) | only(Op::avg_pool);

constexpr std::array kParameters{
    Parameter{.id = Field::batch,
              .slot = InputPart::batch,
              .name = key("batch size"),
              .word = "batch",
              .usual = 8,
              .place = 7,
              .label = key("N"),
              .about = key("N: how many inputs are computed, each by itself, by the same layer.")},
    Parameter{
        .id = Field::in_channels,
        .slot = InputPart::channels,
        .name = key("input channels"),
        .word = "in_channels",
        .usual = 16,
        .place = 9,
        .label = key("C_in"),
        .about = key("C_in: channels of the input. Each output value sums over all of them (or those of its group).")},
    Parameter{.id = Field::input,
              .slot = InputPart::plane,
              .name = key("input"),
              .word = "input",
              .symbol = "i",
              .role = Role::input,
              .usual = 32,
              .place = 1,
              .about = key("Height H and width W of the input, in cells."),
              .help = key("Input shape N,C,H,W; N and C may be left out")},
    Parameter{.id = Field::op,
              .slot = &ConvSpec::op,
              .name = key("operation"),
              .word = "op",
              .help = key("conv (default), conv_transpose, max_pool or avg_pool")},
    Parameter{.id = Field::kernel,
              .slot = &ConvSpec::kernel,
              .name = key("kernel"),
              .word = "kernel",
              .symbol = "k",
              .role = Role::kernel,
              .usual = 11,
              .place = 2,
              .search_order = 4,
              .about = key("Height and width of the kernel, the window that slides. A convolution has a weight for "
                           "each of its cells."),
              .help = key("Kernel size: one number, or H,W (default 3)"),
              .case_key = "kernel",
              .pool_case = true},
    Parameter{.id = Field::stride,
              .slot = &ConvSpec::stride,
              .name = key("stride"),
              .word = "stride",
              .symbol = "s",
              .role = Role::stride,
              .usual = 8,
              .place = 3,
              .search_order = 5,
              .about = key("How far the window moves from one output to the next. Transposed: the distance between the "
                           "stamps of neighbouring input cells."),
              .help = key("One number, or H,W (default 1; pooling: the kernel)"),
              .case_key = "stride",
              .pool_case = true},
    Parameter{
        .id = Field::dilation,
        .slot = &ConvSpec::dilation,
        .name = key("dilation"),
        .word = "dilation",
        .symbol = "d",
        .role = Role::dilation,
        .usual = 8,
        .place = 5,
        .search_order = 6,
        .about = key("Spacing of the kernel's cells: with 2 there is a gap of one cell between them. The kernel then "
                     "spans dilation·(kernel − 1) + 1 cells."),
        .help = key("One number, or H,W (default 1)"),
        .case_key = "dilation",
        .pool_case = true},
    Parameter{.id = Field::padding,
              .slot = &ConvSpec::pads,
              .name = key("padding"),
              .word = "padding",
              .key = "pads",
              .symbol = "p",
              .role = Role::padding,
              .least = 0,
              .usual = 10,
              .place = 4,
              .search_order = 3,
              .about = key("Cells added around the input on every side. Transposed: cropped from the output instead."),
              .help = key("One number, or H,W, or top,bottom,left,right (default 0)"),
              .case_key = "pads",
              .pool_case = true},
    Parameter{.id = Field::output_padding,
              .slot = &ConvSpec::output_padding,
              .operations = kTransposed,
              .name = key("output padding"),
              .word = "output_padding",
              .symbol = "op",
              .role = Role::output_padding,
              .least = 0,
              .usual = 7,
              .place = 6,
              .search_order = 2,
              .about = key("Adds rows at the bottom and columns at the right of the output. Several input sizes of a "
                           "convolution give the same output size; output padding chooses which one you get back."),
              .help = key("conv_transpose: one number, or H,W (default 0)"),
              .case_key = "output_padding"},
    Parameter{.id = Field::output_size,
              .slot = &ConvSpec::output_size,
              .operations = kTransposed,
              .name = key("output size"),
              .word = "output_size",
              .search_order = 1,
              .help = key("conv_transpose: the output size, one number, or H,W"),
              .case_key = "output_size"},
    Parameter{
        .id = Field::groups,
        .slot = &ConvSpec::groups,
        .operations = kConvolutions,
        .name = key("groups"),
        .word = "groups",
        .usual = 16,
        .place = 8,
        .about = key("Splits the channels into this many independent groups. Must divide C_in and C_out; with groups = "
                     "C_in it is a depthwise convolution."),
        .help = key("Groups of channels (default 1)"),
        .case_key = "groups"},
    Parameter{.id = Field::out_channels,
              .slot = &ConvSpec::out_channels,
              .operations = kConvolutions,
              .name = key("output channels"),
              .word = "out_channels",
              .usual = 16,
              .place = 10,
              .label = key("C_out"),
              .about = key("C_out: channels of the output. Each has its own kernels."),
              .help = key("Output channels (default: as many as groups)")},
    Parameter{.id = Field::pad_mode,
              .slot = &ConvSpec::pad_mode,
              .name = key("padding mode"),
              .word = "pad_mode",
              .help = key("Padding mode, what fills the padding: {names}"),
              .case_key = "pad_mode"},
    Parameter{.id = Field::pad_value,
              .slot = &ConvSpec::pad_value,
              .name = key("pad value"),
              .word = "pad_value",
              .help = key("Value of the padding; implies --pad-mode constant"),
              .case_key = "pad_value"},
    Parameter{.id = Field::pad_rule,
              .slot = &ConvSpec::pad_rule,
              .name = key("padding rule"),
              .word = "pad_rule",
              .help = key("Padding rule, how much is padded: {names}")},
    Parameter{.id = Field::anchor,
              .slot = &ConvSpec::anchor,
              .name = key("anchor"),
              .word = "anchor",
              .least = 0,
              .help = key("Anchor row,column in the kernel (rule opencv_anchor)"),
              .case_key = "anchor"},
    Parameter{
        .id = Field::ceil_mode,
        .slot = &ConvSpec::ceil_mode,
        .operations = kPoolings,
        .name = key("ceil_mode"),
        .word = "ceil_mode",
        .about = key("Rounds the size up: a last window that is only partly on the padded input counts too, unless it "
                     "would start in the padding at the end."),
        .help = key("Pooling: round the size up (ceil_mode)"),
        .case_key = "ceil_mode",
        .pool_case = true},
    Parameter{
        .id = Field::count_include_pad,
        .slot = &ConvSpec::count_include_pad,
        .operations = only(Op::avg_pool),
        .name = key("count_include_pad"),
        .word = "count_include_pad",
        .about = key("Padding counts in the divisor, as cells that hold 0. Off: only cells of the input are averaged."),
        .help = key("avg_pool: padding counts in the divisor, true (default) or false"),
        .case_key = "count_include_pad",
        .pool_case = true},
    Parameter{.id = Field::divisor_override,
              .slot = &ConvSpec::divisor_override,
              .operations = only(Op::avg_pool),
              .name = key("divisor_override"),
              .word = "divisor_override",
              .about = key("What every sum is divided by, whatever its window covers. With 1 the average is a sum."),
              .help = key("avg_pool: the divisor of every window"),
              .case_key = "divisor_override",
              .pool_case = true},
    Parameter{.id = Field::flip_kernel,
              .slot = &ConvSpec::flip_kernel,
              .operations = kConvolutions,
              .name = key("flip kernel"),
              .word = "flip",
              .key = "flip_kernel",
              .about = key(
                  "Flips the kernel (rotates it by 180°) before it slides, as in mathematics and MATLAB's conv2. Deep "
                  "learning does not flip it: its “convolution” is cross-correlation (xcorr2). (T)"),
              .help = key("Flip the kernel (rotate it by 180 degrees): true convolution"),
              .case_key = "flip"},
    Parameter{.id = Field::dialect,
              .slot = &ConvSpec::dialect,
              .name = key("rules"),
              .word = "dialect",
              .help = key("The program whose rules decide what is allowed: {names}")},
};

// The place of each setting's row, by Field; kParameters.size() where it has none.
constexpr auto kPlaces = [] {
    std::array<std::size_t, kFieldCount> places{};
    places.fill(kParameters.size());
    for (std::size_t i = 0; i < kParameters.size(); ++i) places[static_cast<std::size_t>(kParameters[i].id)] = i;
    return places;
}();
// Every field but the weight and the bias has one row.
static_assert(kParameters.size() + 2 == kFieldCount);
static_assert(std::ranges::count(kPlaces, kParameters.size()) == 2);

// The number at a slot, for a layer that may be const.
template <typename Layer>
struct NumberAt {
    using Number = std::conditional_t<std::is_const_v<Layer>, const std::int64_t, std::int64_t>;
    Layer& layer;
    Axis axis;
    End end;

    bool rows() const { return axis == Axis::h; }
    Number* operator()(InputPart part) const {
        switch (part) {
            case InputPart::batch: return &layer.input.n;
            case InputPart::channels: return &layer.input.c;
            case InputPart::plane: return rows() ? &layer.input.h : &layer.input.w;
        }
        return nullptr;
    }
    Number* operator()(std::int64_t ConvSpec::*slot) const { return &(layer.spec.*slot); }
    Number* operator()(Size2 ConvSpec::*slot) const { return of(layer.spec.*slot); }
    Number* operator()(std::optional<Size2> ConvSpec::*slot) const {
        auto& size = layer.spec.*slot;
        return size ? of(*size) : nullptr;
    }
    Number* operator()(Pads ConvSpec::*slot) const {
        auto& pads = layer.spec.*slot;
        if (end == End::before) return rows() ? &pads.top : &pads.left;
        return rows() ? &pads.bottom : &pads.right;
    }
    Number* operator()(auto) const { return nullptr; }

    template <typename Size>
    Number* of(Size& size) const {
        return rows() ? &size.h : &size.w;
    }
};

bool holds_pads(const Parameter& parameter) { return std::holds_alternative<Pads ConvSpec::*>(parameter.slot); }

void put_pads(LayerShape& layer, std::optional<Axis> axis, std::int64_t value) {
    Pads pads = shown_pads(layer);
    if (axis != Axis::w) pads.top = pads.bottom = value;
    if (axis != Axis::h) pads.left = pads.right = value;
    layer.spec.pads = pads;
    layer.spec.pad_rule = PadRule::explicit_;
}

std::string digits(std::int64_t value) {
    return value < 0 ? fmt::format("\u2212{}", -static_cast<Wide>(value)) : fmt::format("{}", value);
}
Message both_text(Size2 size) { return verbatim(digits(size.h) + "×" + digits(size.w)); }
Message text_of(std::int64_t value) { return verbatim(digits(value)); }
Message text_of(Size2 size) { return size.h == size.w ? text_of(size.h) : both_text(size); }
Message text_of(const Pads& p) {
    if (p.top == p.bottom && p.left == p.right) return text_of(Size2{p.top, p.left});
    return msg("top {top}, bottom {bottom}, left {left}, right {right}", "top"_is(p.top), "bottom"_is(p.bottom),
               "left"_is(p.left), "right"_is(p.right));
}
Message text_of(bool on) { return on ? key("on") : key("off"); }
Message text_of(double value) { return verbatim(fmt::format("{}", value)); }
Message text_of(Op op) { return title(op); }
Message text_of(PadRule rule) { return title(rule); }
Message text_of(PadMode mode) { return title(mode); }
Message text_of(Dialect dialect) { return verbatim(title(dialect)); }
template <typename Value>
Message text_of(const std::optional<Value>& value) {
    return value ? text_of(*value) : Message();
}

Message text_of(const Shape4& input, InputPart part) {
    switch (part) {
        case InputPart::batch: return text_of(input.n);
        case InputPart::channels: return text_of(input.c);
        case InputPart::plane: return both_text(input.plane());
    }
    return {};
}

}  // namespace

std::span<const Parameter> parameters() { return kParameters; }

const Parameter& parameter(Field field) { return kParameters[kPlaces[static_cast<std::size_t>(field)]]; }

bool is_number(const Parameter& parameter) {
    return per_axis(parameter) || std::holds_alternative<InputPart>(parameter.slot) ||
           std::holds_alternative<std::int64_t ConvSpec::*>(parameter.slot);
}

bool per_axis(const Parameter& parameter) {
    if (const auto* const part = std::get_if<InputPart>(&parameter.slot)) return *part == InputPart::plane;
    return holds_pads(parameter) || std::holds_alternative<Size2 ConvSpec::*>(parameter.slot) ||
           std::holds_alternative<std::optional<Size2> ConvSpec::*>(parameter.slot);
}

std::int64_t* number_of(LayerShape& layer, const Parameter& parameter, Axis axis, End end) {
    return std::visit(NumberAt<LayerShape>{layer, axis, end}, parameter.slot);
}

const std::int64_t* number_of(const LayerShape& layer, const Parameter& parameter, Axis axis, End end) {
    return std::visit(NumberAt<const LayerShape>{layer, axis, end}, parameter.slot);
}

Size2 shown_number(const LayerShape& layer, Field field) {
    const Parameter& row = parameter(field);
    if (holds_pads(row)) {
        const Pads pads = shown_pads(layer);
        return {pads.top, pads.left};
    }
    const auto along = [&](Axis axis) {
        const std::int64_t* const number = number_of(layer, row, axis);
        return number != nullptr ? *number : 0;
    };
    return {along(Axis::h), along(Axis::w)};
}

void set_number(LayerShape& layer, Field field, std::optional<Axis> axis, std::int64_t value) {
    const Parameter& row = parameter(field);
    if (holds_pads(row)) return put_pads(layer, axis, value);
    for (const Axis each : {Axis::h, Axis::w}) {
        std::int64_t* const number = number_of(layer, row, each);
        if (number != nullptr && axis.value_or(each) == each) *number = value;
    }
}

Pads shown_pads(const LayerShape& layer) {
    const ConvSpec& spec = layer.spec;
    if (spec.pad_rule == PadRule::explicit_) return spec.pads;
    const auto positive = [](Size2 size) { return size.h > 0 && size.w > 0; };
    const bool solvable =
        positive(spec.kernel) && positive(spec.stride) && positive(spec.dilation) && positive(layer.input.plane());
    return solvable ? resolve_pads(spec, layer.input.plane()) : Pads{};
}

bool one_row(const LayerShape& layer) {
    const Pads pads = shown_pads(layer);
    return layer.input.h == 1 && layer.spec.kernel.h == 1 && pads.top == 0 && pads.bottom == 0;
}

Message value_text(const LayerShape& layer, Field field) {
    const Parameter& row = parameter(field);
    Message text;
    const std::optional<Size2>& anchor = layer.spec.anchor;  // a cell, not a size
    if (field == Field::anchor && anchor && anchor->h != anchor->w)
        return verbatim(fmt::format("({}, {})", digits(anchor->h), digits(anchor->w)));
    if (const auto* const part = std::get_if<InputPart>(&row.slot)) text = text_of(layer.input, *part);
    with_setting(layer.spec, row, [&text](const auto& value) { text = text_of(value); });
    return text;
}

Message parameter_text(const LayerShape& layer, Field field) {
    const Size2 value = shown_number(layer, field);
    const auto setting = "setting"_is(parameter(field).name);
    if (value.h == value.w) return msg("{setting} {value}", setting, "value"_is(value.h));
    return msg("{setting} {h}, {w}", setting, "h"_is(value.h), "w"_is(value.w));
}

}  // namespace convlens
