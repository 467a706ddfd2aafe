// From what is drawn to the number that it stands for, and back.
#pragma once

#include <optional>

#include "app/moment/moment.h"
#include "app/scene/scene.h"

namespace convlens {

// The number that a mark of a document's picture stands for. Nothing where it stands for none, as titles and the ruler
// do, or its pane is gone.
std::optional<PaneCell> cell_of(const Document& document, const MarkId& mark);
std::optional<PaneCell> cell_of(const Document& document, const std::optional<MarkId>& mark);

// The id that a cell's mark has in the picture.
MarkId mark_of(const PaneCell& cell);

}  // namespace convlens
