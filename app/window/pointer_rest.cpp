#include "app/window/pointer_rest.h"

#include <cmath>
#include <utility>

namespace convlens {

// A window that goes to full screen moves beneath the pointer: that is no move of the pointer's. Where the window is and
// where the pointer is in it are told one after the other, so the place on the screen is compared when the latter comes.
bool PointerRest::moved(const Frame& frame) {
    if (std::exchange(at_, frame.at) == frame.at) return false;
    const Point now{frame.at.x + frame.window.x, frame.at.y + frame.window.y};
    const Point before = std::exchange(on_screen_, now);
    constexpr float kRounding = 1;  // places on a scaled screen
    return std::abs(now.x - before.x) > kRounding || std::abs(now.y - before.y) > kRounding;
}

void PointerRest::update(const Frame& frame) {
    const bool has_moved = moved(frame);
    const bool acts = has_moved || frame.used;
    rests_ = !std::exchange(acted_, acts) && !acts;
    keyed_ = rests_ && (keyed_ || frame.key_down);
    arranged_ = frame.arranged || (arranged_ && !has_moved);
}

}  // namespace convlens
