// What the panels show of the work at this moment.
#pragma once

#include <optional>

#include "app/panels/panels.h"
#include "core/text/message.h"

namespace convlens {

// What the highlight follows: the pin, else the cell under the pointer.
const std::optional<MarkId>& highlight(const UiState& ui);
// The number that it is on; nothing where it is on none.
std::optional<PaneCell> highlighted_cell(const PanelContext& context);
// Whether what is shown of a layer is of older settings or numbers: while newer ones are computed beside the window, or where
// that failed.
bool is_stale(const PanelContext& context, int layer);
// Fades what is drawn from here to its end where the layer is stale.
class StaleLook {
public:
    StaleLook(const PanelContext& context, int layer);
    ~StaleLook();
    StaleLook(const StaleLook&) = delete;
    StaleLook& operator=(const StaleLook&) = delete;
};
// The moment that a pane shows.
Moment shown_moment(const PanelContext& context, int pane);
// Why an input channel cannot be chosen while Moment::channel_played.
inline constexpr Key kPlayedChannel =
    key("The animation goes through the input channels one after another. To choose one yourself, step one output at a "
        "time (B).");

}  // namespace convlens
