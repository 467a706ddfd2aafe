// Layers of MLX: classes of mlx.nn, mx.conv2d and mx.conv_transpose2d of mlx.core (ml-explore.github.io/mlx). Arrays are
// [N, H, W, C], weights [O, H, W, I], of transposed layers too.
#include <array>

#include "core/import/kin.h"

namespace convlens::pasted {

namespace {

constexpr Kin kMlx{"MLX", "groups", "OHWI", "OHWI"};
constexpr std::string_view kLayout = "NHWC";

constexpr Signature kConv{"nn.Conv2d", "in_channels out_channels kernel_size stride padding dilation groups bias", ""};
// Versions differ in the order of what stands behind the dilation.
constexpr Signature kConvTranspose{
    "nn.ConvTranspose2d", "in_channels out_channels kernel_size stride padding dilation * output_padding bias", ""};
constexpr Signature kConvFunction{"mx.conv2d", "input weight stride padding dilation groups stream", ""};
constexpr Signature kConvTransposeFunction{"mx.conv_transpose2d",
                                           "input weight stride padding dilation * output_padding groups stream", ""};
constexpr Signature kPool{"nn.MaxPool2d", "kernel_size stride padding", ""};

ImportedLayer read_module(const Found& found) {
    const int axes = axes_of(found.name);
    const bool transposed = found.name.find("Transpose") != std::string_view::npos;
    Draft draft = kin_draft(kMlx, transposed ? Op::conv_transpose : Op::conv, axes);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, transposed ? kConvTranspose : kConv, draft.result.notes);
    take_kin_sizes(draft, arguments, axes);
    take_kin_steps(draft, arguments, kMlx, axes);
    take_kin_padding(draft, arguments, axes, "");
    draft.result.has_bias = arguments.flag("bias", true);
    take_kin_module_input(draft, found, call, kLayout, axes);
    return finished(std::move(draft));
}

ImportedLayer read_function(const Found& found) {
    const int axes = axes_of(found.name);
    const bool transposed = found.name.find("transpose") != std::string_view::npos;
    Draft draft = kin_draft(kMlx, transposed ? Op::conv_transpose : Op::conv, axes);
    const Arguments arguments(found.text, found.text.call_at(found.token),
                              transposed ? kConvTransposeFunction : kConvFunction, draft.result.notes);
    take_kin_steps(draft, arguments, kMlx, axes);
    take_kin_padding(draft, arguments, axes, "");
    arguments.required("input", "x");
    take_kin_input(draft, arguments.input(draft, "input", layout_of(kLayout, axes)), kLayout, axes);
    take_kin_weight(draft, arguments, kMlx, axes);
    draft.result.has_bias = false;
    return finished(std::move(draft));
}

// The mean of a window counts its padding.
ImportedLayer read_pool(const Found& found) {
    const int axes = axes_of(found.name);
    Draft draft = kin_draft(kMlx, found.name.starts_with("Max") ? Op::max_pool : Op::avg_pool, axes);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, kPool, draft.result.notes);
    arguments.required("kernel_size", "2");
    draft.spec().kernel = arguments.lengths("kernel_size", {2, 2}, axes);
    draft.spec().stride = arguments.lengths("stride", draft.spec().kernel, axes);
    take_kin_padding(draft, arguments, axes, "");
    take_kin_module_input(draft, found, call, kLayout, axes);
    return finished(std::move(draft));
}

constexpr std::string_view kModules = "- nn";
constexpr std::string_view kCore = "- mx core";

constexpr std::array kFunctions{
    KnownFunction{"Conv2d", kModules, read_module},          KnownFunction{"Conv1d", kModules, read_module},
    KnownFunction{"ConvTranspose2d", kModules, read_module}, KnownFunction{"ConvTranspose1d", kModules, read_module},
    KnownFunction{"MaxPool2d", kModules, read_pool},         KnownFunction{"MaxPool1d", kModules, read_pool},
    KnownFunction{"AvgPool2d", kModules, read_pool},         KnownFunction{"AvgPool1d", kModules, read_pool},
    KnownFunction{"conv2d", kCore, read_function},           KnownFunction{"conv1d", kCore, read_function},
    KnownFunction{"conv_transpose2d", kCore, read_function}, KnownFunction{"conv_transpose1d", kCore, read_function},
};

}  // namespace

std::span<const KnownFunction> mlx_functions() { return kFunctions; }

}  // namespace convlens::pasted
