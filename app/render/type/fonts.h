// The faces of the program and how wide text is in them: FreeType for screen and figure alike, so both measure alike.
#pragma once

#include <memory>
#include <string_view>

#include "app/scene/scene.h"

namespace convlens {

// Inter for text, JetBrains Mono for numbers, DejaVu behind both for what they lack; all compiled into the program.
// Widths are those of unhinted glyphs without kerning, at the size that FreeType makes of `size` (a JetBrains Mono em
// is a whole number of pixels). Any thread may use an instance: glyphs are cached per thread, formulas under a lock.
std::unique_ptr<FontMetrics> make_font_metrics();

// From the top of a text's box down to its baseline; whole pixels.
float text_baseline(float size, Face face);
// How far digits rise above the baseline. A number looks centred when the middle of its digits is, not that of its box.
float digit_height(float size, Face face);

}  // namespace convlens
