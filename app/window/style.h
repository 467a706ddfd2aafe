// How the window looks: faces, sizes and colours of Dear ImGui, all from the Theme and one text size.
#pragma once

#include <string_view>

#include "app/render/screen/screen.h"
#include "app/scene/theme.h"
#include "app/session/settings.h"

namespace convlens {

// Loads the faces into the current ImGui context. They are compiled into the program; glyphs are made when first used.
ScreenFonts load_fonts();

// Adds a Chinese, Japanese and Korean face behind all faces, where the system has one and `text` needs it. File names
// may be in any language; the program's own words are not, so a missing face is no error.
class WiderFonts {
public:
    void need(std::string_view text);

private:
    bool tried_ = false;
};

// The size of text in pixels. `content_scale` is the monitor's, `settings_scale` the user's. In presenter mode nothing
// is smaller than a fortieth of the window's height, labels (0.85 of the text size) included.
float text_pixels(float content_scale, float settings_scale, bool presenter, float window_height);

// Sets sizes and colours of the current ImGui context. The text size is final: no other factor is applied to it.
void apply_style(const Theme& theme, float text_size);

}  // namespace convlens
