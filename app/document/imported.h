// A layer read from another program's text, with numbers in it.
#pragma once

#include "app/document/document.h"
#include "core/import/import.h"

namespace convlens {

// What of an imported layer is refused: its settings, or that it is too large for a document. Empty: layer_from() works.
std::vector<Problem> import_problems(const ImportedLayer& imported);

// Numbers that the text told are taken over where they fit; the others are those of a new layer. A bias where the text has
// one. Precondition: import_problems() is empty.
Layer layer_from(const ImportedLayer& imported);

}  // namespace convlens
