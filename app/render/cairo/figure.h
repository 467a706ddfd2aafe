// A Scene drawn by cairo: figures for files. The window draws the same Scene on its own surface (screen.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "app/scene/scene.h"
#include "core/io/progress.h"

namespace convlens {

// RGBA, 8 bits, straight alpha, rows from the top.
struct Bitmap {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;
};
// At least a pixel and at most 32767 a side. Any thread may draw.
Bitmap draw_figure(const Scene& scene, bool transparent = false);
// The same; nothing when `progress` was stopped.
std::optional<Bitmap> draw_figure(const Scene& scene, const Progress& progress);

// A formula on a transparent ground, for textures: FontMetrics::formula_box rounded up. `size` is the em in pixels.
Bitmap draw_formula(std::string_view latex, float size, Colour colour);

}  // namespace convlens
