#include "core/conv/names.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/conv/parameters.h"

namespace convlens {

namespace {

using Names = std::span<const std::string_view>;

// Each table in the order of its enumerators.
constexpr std::array<std::string_view, 4> kOps{"conv", "conv_transpose", "max_pool", "avg_pool"};

constexpr std::array<std::string_view, 19> kPadRules{
    "explicit",
    "valid",
    "full",
    "causal",
    "torch_same",
    "torch_valid",
    "tf_SAME",
    "tf_VALID",
    "onnx_SAME_UPPER",
    "onnx_SAME_LOWER",
    "onnx_VALID",
    "onnx_NOTSET",
    "octave_same",
    "octave_imfilter",
    "scipy_convolve2d_same",
    "scipy_correlate2d_same",
    "opencv_anchor",
    "ndimage_correlate",
    "ndimage_convolve",
};

constexpr std::array<Key, 4> kOpTitles{key("Convolution"), key("Transposed convolution"), key("Max pooling"),
                                       key("Average pooling")};

constexpr std::array<Key, kPadRules.size()> kRuleTitles{
    key("as typed"),
    key("valid"),
    key("full"),
    key("causal"),
    key("PyTorch 'same'"),
    key("PyTorch 'valid'"),
    key("TensorFlow SAME"),
    key("TensorFlow VALID"),
    key("ONNX SAME_UPPER"),
    key("ONNX SAME_LOWER"),
    key("ONNX VALID"),
    key("ONNX NOTSET"),
    key("MATLAB 'same'"),
    key("MATLAB imfilter"),
    key("SciPy convolve2d 'same'"),
    key("SciPy correlate2d 'same'"),
    key("OpenCV filter2D"),
    key("ndimage.correlate"),
    key("ndimage.convolve"),
};

constexpr std::array<std::string_view, 6> kPadModes{"zeros",   "constant",  "replicate",
                                                    "reflect", "symmetric", "circular"};

constexpr std::array<Key, kPadModes.size()> kModeTitles{key("zeros"),   key("constant"),  key("replicate"),
                                                        key("reflect"), key("symmetric"), key("circular")};

constexpr std::array<std::string_view, 7> kDialects{"convlens", "torch", "tensorflow", "onnx",
                                                    "octave",   "scipy", "opencv"};

constexpr std::array<std::string_view, 7> kPrograms{"Convlens", "PyTorch", "TensorFlow", "ONNX",
                                                    "Octave",   "SciPy",   "OpenCV"};
static_assert(kPrograms.size() == kDialects.size());

constexpr std::array<std::string_view, 25> kErrorKinds{
    "output_too_small",
    "bad_stride",
    "bad_dilation",
    "bad_groups",
    "bad_kernel",
    "bad_divisor",
    "bad_input",
    "bad_out_channels",
    "bad_anchor",
    "negative_padding",
    "negative_output_padding",
    "channels_mismatch",
    "groups_mismatch",
    "bias_mismatch",
    "output_padding_too_big",
    "output_size_unreachable",
    "reflect_pad_too_big",
    "circular_pad_too_big",
    "pool_pad_too_big",
    "same_needs_stride_1",
    "pad_mode_unsupported",
    "border_unsupported",
    "not_supported",
    "too_large",
    "number_too_large",
};

// The words of the table of parameters, and of the two tensors that are none.
Names field_names() {
    static const auto all = [] {
        std::array<std::string_view, kFieldCount> words{};
        for (const Parameter& parameter : parameters()) words[static_cast<std::size_t>(parameter.id)] = parameter.word;
        words[static_cast<std::size_t>(Field::weight)] = "weight";
        words[static_cast<std::size_t>(Field::bias)] = "bias";
        return words;
    }();
    return all;
}

static_assert(static_cast<std::size_t>(Op::avg_pool) + 1 == kOps.size());
static_assert(static_cast<std::size_t>(PadRule::ndimage_convolve) + 1 == kPadRules.size());
static_assert(static_cast<std::size_t>(PadMode::circular) + 1 == kPadModes.size());
static_assert(static_cast<std::size_t>(Dialect::opencv) + 1 == kDialects.size());
static_assert(static_cast<std::size_t>(ErrorKind::number_too_large) + 1 == kErrorKinds.size());

template <typename Enum>
Names table();
template <>
Names table<Op>() {
    return kOps;
}
template <>
Names table<PadRule>() {
    return kPadRules;
}
template <>
Names table<PadMode>() {
    return kPadModes;
}
template <>
Names table<Dialect>() {
    return kDialects;
}
template <>
Names table<ErrorKind>() {
    return kErrorKinds;
}
template <>
Names table<Field>() {
    return field_names();
}

template <typename Enum>
std::string_view spelled(Enum value) {
    return table<Enum>()[static_cast<std::size_t>(value)];
}

}  // namespace

std::string_view name(Op value) { return spelled(value); }
std::string_view name(PadRule value) { return spelled(value); }
std::string_view name(PadMode value) { return spelled(value); }
std::string_view name(Dialect value) { return spelled(value); }
std::string_view name(ErrorKind value) { return spelled(value); }
std::string_view name(Field value) { return spelled(value); }

std::string_view title(Dialect value) { return kPrograms[static_cast<std::size_t>(value)]; }
Key title(Op value) { return kOpTitles[static_cast<std::size_t>(value)]; }
Key title(PadRule value) { return kRuleTitles[static_cast<std::size_t>(value)]; }
Key title(PadMode value) { return kModeTitles[static_cast<std::size_t>(value)]; }

template <typename Enum>
std::optional<Enum> from_name(std::string_view text) {
    const Names all = table<Enum>();
    const auto found = std::ranges::find(all, text);
    if (found == all.end()) return {};
    return static_cast<Enum>(found - all.begin());
}

template <typename Enum>
std::span<const std::string_view> names() {
    return table<Enum>();
}

template std::optional<Op> from_name<Op>(std::string_view);
template std::optional<PadRule> from_name<PadRule>(std::string_view);
template std::optional<PadMode> from_name<PadMode>(std::string_view);
template std::optional<Dialect> from_name<Dialect>(std::string_view);
template std::optional<ErrorKind> from_name<ErrorKind>(std::string_view);
template std::optional<Field> from_name<Field>(std::string_view);

template Names names<Op>();
template Names names<PadRule>();
template Names names<PadMode>();
template Names names<Dialect>();
template Names names<ErrorKind>();
template Names names<Field>();

}  // namespace convlens
