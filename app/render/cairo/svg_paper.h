// A Scene as SVG. cairo has a surface for that, too, but it knows no text, numbers its parts by a counter of the whole
// process and loses which edges are crisp; here the marks are painted as on any paper, and every finished path becomes
// an element.
#pragma once

#include <optional>
#include <string>

#include "app/render/cairo/paper.h"
#include "app/scene/scene.h"
#include "core/io/progress.h"

namespace convlens {

// The file's text; the same for the same scene. Pictures are in it as PNG. Ids are made of what they name, so that
// figures can stand beside one another in one page. Selectable text asks for the faces of the program by name and keeps
// its length where there are others; formulas stay outlines, with their text unseen over them. Nothing when `progress`
// was stopped. Any thread may call.
std::optional<std::string> svg_of(const Scene& scene, TextAs text, const Progress& progress = {});

}  // namespace convlens
