// Layers side by side: putting one beside the current, and taking it away again. Internal to app.
#pragma once

#include "app/document/compare.h"
#include "app/panels/panels.h"

namespace convlens {

// The ready comparisons of the current layer, as menu items of the popup or menu that is open.
void draw_comparisons(UiState& ui, const Document& document, Lang lang);

// "Compare with…", which opens them; nothing where no pane is free.
void draw_compare_button(const PanelContext& context);

}  // namespace convlens
