// Typeset formulas: MicroTeX lays them out, their glyphs are paths on any paper.
//
// The text style is TeX's display style; \textcolor{#rrggbb}{…} colours a part. LaTeX that cannot be typeset becomes
// the reason in red: nothing here throws because of it. Any thread may call; MicroTeX itself works under one lock.
#pragma once

#include <string_view>

#include "app/render/cairo/paper.h"
#include "app/scene/scene.h"

namespace convlens {

// The box that paint_formula fills: layout and ink, whichever is larger. `size` is the em in pixels.
FontMetrics::Box measure_formula(std::string_view latex, float size);

// Draws with the box's top left corner at `at`.
void paint_formula(Paper& paper, std::string_view latex, Point at, float size, Colour colour);

}  // namespace convlens
