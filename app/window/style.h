// How the window looks: faces, sizes and colours of Dear ImGui, all from the Theme and one text size.
#pragma once

#include <set>

#include <imgui.h>

#include "app/render/screen/screen.h"
#include "app/render/type/font_files.h"
#include "app/scene/theme.h"
#include "app/session/settings.h"

namespace convlens {

// Loads the faces into the current ImGui context. They are compiled into the program; glyphs are made when first used.
ScreenFonts load_fonts();

// Puts fonts of the system behind the program's own where a text needs them: what people type and name their files may be
// in any script.
class SystemFonts {
public:
    // Adds the last source to each face, which hears of the characters that no other one has. Once, after load_fonts().
    void watch();
    // Between two frames: merges what the last one lacked. True if there is something new, so that it can be drawn again.
    bool merge();

private:
    static int note(ImFontAtlas*, ImFontConfig* source, ImWchar character);

    std::set<ImWchar> wanted_;  // in this frame
    std::set<FontId> merged_;
};

// The size of text in pixels. `content_scale` is the monitor's, `settings_scale` the user's. In presenter mode nothing
// is smaller than a 45th of the window's height, labels (0.85 of the text size) included, and a scale above 1 makes all of it
// larger.
float text_pixels(float content_scale, float settings_scale, bool presenter, float window_height);

// Sets sizes and colours of the current ImGui context. The text size is final: no other factor is applied to it.
void apply_style(const Theme& theme, float text_size);

}  // namespace convlens
