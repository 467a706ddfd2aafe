// The marks of a Scene on a cairo context, whatever surface is behind it. One function per kind of mark.
//
// What lies along the axes is fitted to whole pixels and not antialiased, so that cells and frames are crisp; what is
// round or slanted is antialiased. Text is filled outlines: glyphs stand where they were measured, not on whole pixels.
#pragma once

#include <string_view>

#include <cairo.h>

#include "app/render/cairo/cairo_handle.h"
#include "app/scene/scene.h"

namespace convlens {

// All marks in order; the background is the caller's.
void paint_marks(cairo_t* context, const Scene& scene);

void paint_mark(cairo_t* context, const RectMark& mark);
void paint_mark(cairo_t* context, const LineMark& mark);
void paint_mark(cairo_t* context, const DotMark& mark);
void paint_mark(cairo_t* context, const PolygonMark& mark);
void paint_mark(cairo_t* context, const TextMark& mark);
void paint_mark(cairo_t* context, const FormulaMark& mark);
void paint_mark(cairo_t* context, const GridMark& mark);   // paint_grid.cpp
void paint_mark(cairo_t* context, const ImageMark& mark);  // paint_image.cpp

// Text whose baseline starts at `start`, exactly there.
void paint_text(cairo_t* context, std::string_view text, Point start, float size, Face face, Colour colour);

// Helpers of the above.
Rect snapped(const Rect& rect);  // to whole pixels; what has an extent keeps at least one pixel of it
void rounded_path(cairo_t* context, const Rect& rect, float radius);
void fill_crisp(cairo_t* context, const Rect& rect, Colour colour);

}  // namespace convlens
