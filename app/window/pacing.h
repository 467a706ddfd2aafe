// When the next frame is due. The window draws because something happened or moves, and otherwise not at all.
#pragma once

namespace convlens {

class Pacing {
public:
    // An event arrived, or something changed by itself: a few frames follow, as Dear ImGui needs more than one to
    // settle a layout, and one a little later for tips that appear when the pointer rests.
    void wake(double now);
    // A frame was drawn.
    void drew(double now);
    // Something else wants a frame at this time: a step of the play, a blinking caret, a message that fades.
    void want(double when);
    // Forgets what was wanted; before a frame asks anew.
    void clear_wants();

    // When the next frame is due; infinity when only an event brings one. Never sooner than a 60th of a second after
    // the last, with or without a display that keeps its own pace.
    double next_frame() const;

private:
    double last_frame_ = 0;
    int settle_frames_ = 0;
    double rest_ = 0;  // when the pointer has rested
    double wanted_ = 0;
};

}  // namespace convlens
