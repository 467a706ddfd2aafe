// A Scene as a page of PDF.
#pragma once

#include <optional>
#include <string>

#include "app/render/cairo/paper.h"
#include "app/scene/scene.h"
#include "core/io/progress.h"

namespace convlens {

// The file's bytes; the same for the same scene, with no date. A pixel of the scene is 1/96 inch, as in SVG. Selectable
// text comes with its faces in the file; formulas stay outlines, with their text unseen over them. Nothing when
// `progress` was stopped. Any thread may call. Throws std::bad_alloc, and
// std::runtime_error with cairo's reason.
std::optional<std::string> pdf_of(const Scene& scene, TextAs text, const Progress& progress = {});

}  // namespace convlens
