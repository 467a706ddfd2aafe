#include "core/codegen/emit.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/codegen/emitters.h"

namespace convlens {

namespace {

struct Entry {
    std::string_view name;
    std::string_view title;
    std::string_view ending;
    CodeText (*emit)(const Plan& plan);
};

// In the order of the enumerators.
constexpr std::array kEntries{
    Entry{"torch", "PyTorch", ".py", emit_torch}, Entry{"tf", "TensorFlow", ".py", emit_tf},
    Entry{"keras", "Keras", ".py", emit_keras},   Entry{"jax", "JAX", ".py", emit_jax},
    Entry{"onnx", "ONNX", ".py", emit_onnx},      Entry{"matlab", "MATLAB / Octave", ".m", emit_matlab},
    Entry{"scipy", "SciPy", ".py", emit_scipy},   Entry{"opencv", "OpenCV", ".py", emit_opencv},
};
static_assert(static_cast<std::size_t>(Framework::opencv) + 1 == kEntries.size());

constexpr auto kNames = [] {
    std::array<std::string_view, kEntries.size()> all;
    std::ranges::transform(kEntries, all.begin(), [](const Entry& entry) { return entry.name; });
    return all;
}();

const Entry& entry_of(Framework value) { return kEntries[static_cast<std::size_t>(value)]; }

}  // namespace

CodeText emit_code(const ConvSpec& spec, const LayerData& data, Framework framework) {
    return entry_of(framework).emit(plan_layer(spec, data));
}

std::string_view name(Framework value) { return entry_of(value).name; }
std::string_view title(Framework value) { return entry_of(value).title; }
std::string_view file_ending(Framework value) { return entry_of(value).ending; }

template <>
std::optional<Framework> from_name<Framework>(std::string_view text) {
    const auto found = std::ranges::find(kNames, text);
    if (found == kNames.end()) return {};
    return static_cast<Framework>(found - kNames.begin());
}

template <>
std::span<const std::string_view> names<Framework>() {
    return kNames;
}

}  // namespace convlens
