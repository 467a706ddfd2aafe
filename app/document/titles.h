// Titles of documents and panes that speak of settings ("padding=1", "Transposed, stride 2") are shown only as long as
// they are true.
#pragma once

#include <string_view>

#include "app/document/document.h"

namespace convlens {

// Whether a title speaks of what can be set: an operation, a setting, how the kernel lies.
bool names_settings(std::string_view title);

// False where the layer contradicts the title: another number beside a setting's name ("stride 2", "padding=1"), or
// another operation than a convolution, conv2(…), xcorr2(…), conv2d(…).
bool is_true_of(std::string_view title, const ConvSpec& spec);

// Of a document that was read: drops the title of each pane whose layer contradicts it, and the document's own where all
// layers do.
void drop_untrue_titles(Document& document);

// Before another layer takes the place of one: drops the titles of the panes that show it, and the document's own.
void drop_titles_of(Document& document, int layer);

// After an edit: drops titles that name settings where the edit changed the pane's layer in its settings or weights, and
// the document's own where it changed any layer's settings. Names of files are no titles, and stay.
void drop_changed_titles(const Document& before, Document& after);

}  // namespace convlens
