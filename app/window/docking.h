// Where panels stand: a dock space under the menu bar, its first arrangement, and what presenter mode leaves of it.
#pragma once

#include <span>
#include <string_view>

#include "app/panels/panels.h"
#include "app/session/session.h"

struct ImFont;

namespace convlens {

// One panel of the window. `draw` runs inside its ImGui window.
struct Panel {
    std::string_view name;  // title, and what settings call it
    Mode mode;
    bool bare;       // a picture: without margin and scrollbar
    bool presented;  // stays in presenter mode, and always: it cannot be closed
    void (*draw)(PanelContext&, PhotoWork&);
};
std::span<const Panel> panels();

// Is it part of the window now? One that stands behind another in a tab is.
bool is_open(const Panel& panel, const Session& session);

class Docking {
public:
    // Opens the dock space over what menu bar and strips leave of the window. The first time, and after reset(), it
    // gets the standard arrangement. Sizes of panels follow the text size. `heading`: the face of their titles.
    void begin_frame(float text_size, ImFont* heading);
    void reset() { reset_ = true; }
    // The text size that the layout was saved with, before the first frame.
    void saved_for(float text_size) { text_size_ = text_size; }

    // Draws the panels that are open in this mode: the one under the pointer first, so that all the others already see
    // in this frame what it lights.
    void draw_panels(Session& session, PanelContext& context, PhotoWork& photo);

    // Still pointing at a panel that was asked to be noticed.
    bool animating() const { return !attention_.empty(); }

private:
    void draw_panel(const Panel& panel, PanelContext& context, PhotoWork& photo);
    void point_at(const Panel& panel, const Theme& theme);

    struct Attention {
        std::string name;
        double since = 0;
    };
    std::vector<Attention> attention_;
    std::string keyboard_;  // the panel that has the keyboard, in this frame
    bool reset_ = false;
    float text_size_ = 0;
};

}  // namespace convlens
