// The marks of a Scene on Dear ImGui's draw list: the parts of ScreenRenderer, one function per kind of mark.
//
// They keep to what app/render/cairo/painter.h does for figures: what lies along the axes is fitted to whole pixels, hatching
// runs through from one rectangle into the next, dashes close their corners.
#pragma once

#include <imgui.h>

#include "app/gpu/texture.h"
#include "app/render/screen/screen.h"
#include "app/render/screen/textures.h"

namespace convlens {

// Where marks are drawn: `at` is the place of the scene's origin, whole pixels.
struct ScreenTarget {
    ImDrawList* list = nullptr;
    Point at;
    const ScreenFonts& fonts;
    ScreenTextures& textures;
    ImageTextures& pictures;

    ImVec2 place(Point p) const { return {at.x + p.x, at.y + p.y}; }
};

void draw_mark(const ScreenTarget& target, const RectMark& mark);
void draw_mark(const ScreenTarget& target, const LineMark& mark);
void draw_mark(const ScreenTarget& target, const DotMark& mark);
void draw_mark(const ScreenTarget& target, const PolygonMark& mark);
void draw_mark(const ScreenTarget& target, const TextMark& mark);
void draw_mark(const ScreenTarget& target, const FormulaMark& mark);
void draw_mark(const ScreenTarget& target, const ImageMark& mark);
void draw_mark(const ScreenTarget& target, const GridMark& mark);  // grid.cpp

// Text sizes are whole pixels on screen: glyphs are made for them and stay sharp.
float whole_size(float size);
ImFont* face_font(const ScreenFonts& fonts, Face face);
ImU32 packed(Colour colour);

}  // namespace convlens
