// Where glyphs come from: the fonts that are compiled into the program, in one order for screen, figures and measuring; and
// behind them fonts of the system, for what people type and name their files.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/scene/scene.h"

namespace convlens {

// A font by its place in the list: the program's own first, then those of the system in the order in which they were
// needed. Stays what it is as long as the process lives.
using FontId = int;

// The program's own. cjk: the Chinese characters of its words, and no others.
namespace own_font {
inline constexpr FontId inter = 0, inter_semibold = 1, jetbrains_mono = 2, dejavu_sans = 3, dejavu_sans_mono = 4,
                        cjk = 5;
}
inline constexpr FontId kOwnFonts = 6;

struct FontFile {
    std::string name;        // "inter"; for identifiers
    std::string_view bytes;  // of the program's own; empty for those of the system
    std::string path;        // of the system's
    int face = 0;            // which one of a collection of fonts
};

// Precondition: system_font() has given the id, or it is one of the program's own. Any thread may call.
const FontFile& font_file(FontId font);

// The program's own fonts that a face takes its glyphs from, in the order in which they are asked.
std::span<const FontId> fonts_of(Face face);

// A font of the system with outlines that has the character, as fontconfig finds it for the user's language; nothing
// where there is none. Any thread may call.
std::optional<FontId> system_font(char32_t character);

}  // namespace convlens
