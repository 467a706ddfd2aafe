// Where panels stand: a dock space under the menu bar, its first arrangement, and what presenter mode leaves of it.
#pragma once

#include <string>
#include <vector>

#include "app/window/panel_table.h"

struct ImFont;

namespace convlens {

class Docking {
public:
    // Opens the dock space over what menu bar and strips leave of the window. The first time, and after reset(), it
    // gets the standard arrangement. Sizes of panels follow the text size. `heading`: the face of their titles.
    void begin_frame(float text_size, ImFont* heading);
    void reset() { reset_ = true; }
    // The text size that the layout was saved with, before the first frame.
    void saved_for(float text_size) { text_size_ = text_size; }

    // Draws the panels that are open in this workspace: the one under the pointer first, so that all the others already see
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
