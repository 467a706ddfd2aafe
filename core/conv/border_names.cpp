#include "core/conv/border_names.h"

#include <array>

namespace convlens {

namespace {

using Names = std::array<BorderName, 7>;

constexpr Names named(std::string_view numpy, std::string_view ndimage, std::string_view signal,
                      std::string_view opencv, std::string_view matlab, std::string_view torch, std::string_view glsl) {
    return {{{"numpy.pad", numpy},
             {"scipy.ndimage", ndimage},
             {"scipy.signal", signal},
             {"OpenCV", opencv},
             {"MATLAB", matlab},
             {"PyTorch", torch},
             {"GLSL", glsl}}};
}

// In the order of PadMode.
// no words: names of other programs
constexpr std::array kBorders{
    named("constant", "constant", "fill", "BORDER_CONSTANT", "0", "zeros", "CLAMP_TO_BORDER"),
    named("constant", "constant, cval", "fill, fillvalue", "BORDER_CONSTANT, value", "X", "constant, value",
          "CLAMP_TO_BORDER"),
    named("edge", "nearest", "", "BORDER_REPLICATE", "replicate", "replicate", "CLAMP_TO_EDGE"),
    named("reflect", "mirror", "", "BORDER_REFLECT_101", "", "reflect", ""),
    named("symmetric", "reflect", "symm", "BORDER_REFLECT", "symmetric", "", "MIRRORED_REPEAT"),
    named("wrap", "wrap", "wrap", "BORDER_WRAP", "circular", "circular", "REPEAT"),
};
static_assert(static_cast<std::size_t>(PadMode::circular) + 1 == kBorders.size());

}  // namespace

std::span<const BorderName> border_names(PadMode mode) { return kBorders[static_cast<std::size_t>(mode)]; }

}  // namespace convlens
