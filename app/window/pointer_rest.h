// Whether the pointer rests, and what has come since: tips that come up by themselves are for whoever moves the pointer.
#pragma once

#include "app/scene/geometry.h"

namespace convlens {

class PointerRest {
public:
    struct Frame {
        Point at = {};          // the pointer in the window
        Point window = {};      // the window on the screen; 0, 0 where that is not known
        bool used = false;      // a button is down, or the wheel was turned
        bool key_down = false;  // any but those that change others
        bool arranged = false;  // the panels stand elsewhere now: full screen, presenter mode
    };
    // Once a frame.
    void update(const Frame& frame);

    // It is not being moved, turned or pressed. What lies under it is found in the frame after the one in which it has
    // come there, and rests only then.
    bool rests() const { return rests_; }
    // What is under it came there by itself, or a key was pressed since: tips stay away until the pointer is moved.
    bool tips_wait() const { return keyed_ || arranged_; }

private:
    bool moved(const Frame& frame);

    Point at_, on_screen_;
    bool acted_ = false, rests_ = false;
    bool keyed_ = false;     // at rest
    bool arranged_ = false;  // and not moved since
};

}  // namespace convlens
