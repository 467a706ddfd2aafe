// Where panels stand: a dock space under the menu bar, its first arrangement, and what presenter mode leaves of it.
#pragma once

#include <cstdint>
#include <functional>
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
    // in this frame what it lights. `presenter_menu` begins the line of the timeline in presenter mode.
    void draw_panels(Session& session, PanelContext& context, PhotoWork& photo,
                     const std::function<void()>& presenter_menu);

    // Still pointing at a panel that was asked to be noticed, or fading the line below the picture.
    bool animating() const { return !attention_.empty() || fading_; }

    // How much is seen of the line below the picture, 0..1: it fades while presenter mode plays.
    float line_alpha() const { return line_alpha_; }

private:
    void draw_panel(const Panel& panel, PanelContext& context, PhotoWork& photo,
                    const std::function<void()>& presenter_menu);
    void point_at(const Panel& panel, const Theme& theme);
    void update_line(const Session& session);

    struct Attention {
        std::string name;
        double since = 0;
    };
    std::vector<Attention> attention_;
    std::string keyboard_;  // the panel that has the keyboard, in this frame
    double line_used_ = 0;  // ImGui's time at which pointer or keys were last used
    float line_alpha_ = 1;
    bool fading_ = false;      // it is on its way
    std::uint64_t work_ = 0;   // Session::work whose panels are shown
    bool other_work_ = false;  // another one in this frame: what was scrolled to was of the one before
    int arranged_ = 0;         // frames with side panels until those of the first arrangement have settled
    bool reset_ = false;
    float text_size_ = 0;
};

}  // namespace convlens
