// An animated figure: which moment each of its frames shows, and for how long.
#pragma once

#include <cstdint>
#include <vector>

#include "app/moment/moment.h"

namespace convlens {

struct AnimationOptions {
    double fps = 20;       // frames a second while something glides, at most 50: GIF viewers play no faster
    double pause = 0.4;    // seconds each step rests
    double glide = 0.4;    // seconds from one step to the next
    double end_pause = 2;  // seconds the finished picture rests at least; it always rests for two steps
    int loops = 0;         // 0: forever, n: n times
};

struct AnimationFrame {
    Playhead playhead;
    int delay_cs = 10;  // hundredths of a second, at least 2
};

// The frames of the whole animation. Delays are rounded so that they add up to the time they should. Their number is
// (steps + 1) * fps * glide and a little: the caller asks frame_count() first.
std::vector<AnimationFrame> plan_animation(const Derived& derived, const AnimationOptions& options);
std::int64_t frame_count(const Derived& derived, const AnimationOptions& options);

// The longest pause whose end, twice as long, a GIF can still say: a frame is shown for at most 655 seconds.
inline constexpr double kMostPause = 300;

}  // namespace convlens
