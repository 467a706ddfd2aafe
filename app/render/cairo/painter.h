// The marks of a Scene on paper, whatever that makes of them. One function per kind of mark.
//
// What lies along the axes is fitted to whole pixels and not antialiased, so that cells and frames are crisp; what is
// round or slanted is antialiased. Text is filled outlines: glyphs stand where they were measured, not on whole pixels.
#pragma once

#include <functional>

#include "app/render/cairo/paper.h"
#include "app/scene/scene.h"

namespace convlens {

// All marks in order; the background is the caller's. `share` hears how much of them is drawn. False when the paper was
// stopped: some marks are missing then.
bool paint_marks(Paper& paper, const Scene& scene, const std::function<void(double)>& share = {});

void paint_mark(Paper& paper, const RectMark& mark);
void paint_mark(Paper& paper, const LineMark& mark);
void paint_mark(Paper& paper, const DotMark& mark);
void paint_mark(Paper& paper, const PolygonMark& mark);
void paint_mark(Paper& paper, const TextMark& mark);
void paint_mark(Paper& paper, const FormulaMark& mark);
void paint_mark(Paper& paper, const GridMark& mark);   // paint_grid.cpp
void paint_mark(Paper& paper, const ImageMark& mark);  // paint_image.cpp

// Helpers of the above.
Rect snapped(const Rect& rect);  // to whole pixels; what has an extent keeps at least one pixel of it
void rounded_path(Paper& paper, const Rect& rect, float radius);
void fill_crisp(Paper& paper, const Rect& rect, Colour colour);

}  // namespace convlens
