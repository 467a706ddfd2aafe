#include "app/export/animation.h"

#include <algorithm>
#include <cmath>

namespace convlens {

namespace {

constexpr double kFastest = 50;  // frames a second: a delay of 1/100 s is played as 10/100

double frames_a_second(const AnimationOptions& options) { return std::clamp(options.fps, 0.1, kFastest); }

// Which moment each frame shows. Frames of a step lead from K to K+1, and the last of them shows K+1 at rest.
class Moments {
public:
    Moments(const Derived& derived, const AnimationOptions& options)
        : steps_(step_count(derived)),
          first_(frames_of_step(derived, 0, options)),
          later_(frames_of_step(derived, 1, options)) {}

    std::int64_t count() const { return 1 + (steps_ == 0 ? 0 : first_ + (steps_ - 1) * later_); }
    Playhead at(std::int64_t frame) const {
        if (frame == 0) return {0, 0};
        if (frame <= first_) return within(0, frame, first_);
        const std::int64_t rest = frame - first_ - 1;
        return within(1 + rest / later_, rest % later_ + 1, later_);
    }

private:
    // Only the first step weighs more than others.
    static std::int64_t frames_of_step(const Derived& derived, std::int64_t step, const AnimationOptions& options) {
        const double seconds = options.glide * static_cast<double>(step_weight(derived, step));
        return std::max<std::int64_t>(1, std::llround(seconds * frames_a_second(options)));
    }
    static Playhead within(std::int64_t step, std::int64_t part, std::int64_t parts) {
        if (part == parts) return {step + 1, 0};
        return {step, static_cast<float>(part) / static_cast<float>(parts)};
    }

    std::int64_t steps_, first_, later_;
};

// A reader must see that it is over: whatever a step takes, the end takes longer.
double end_rest(const AnimationOptions& options) {
    return std::max(options.end_pause, 2 * (options.pause + options.glide));
}

// Turns times into delays of whole hundredths, so that rounding does not add up.
class Clock {
public:
    int tick(double seconds) {
        now_ += seconds;
        const auto until = static_cast<std::int64_t>(std::llround(now_ * 100));
        const std::int64_t delay = std::clamp<std::int64_t>(until - written_, 2, 65535);
        written_ += delay;
        return static_cast<int>(delay);
    }

private:
    double now_ = 0;
    std::int64_t written_ = 0;
};

}  // namespace

std::vector<AnimationFrame> plan_animation(const Derived& derived, const AnimationOptions& options) {
    const Moments moments(derived, options);
    const std::int64_t count = moments.count();
    std::vector<AnimationFrame> frames;
    frames.reserve(static_cast<std::size_t>(count));
    Clock clock;
    for (std::int64_t i = 0; i < count; ++i) {
        const Playhead playhead = moments.at(i);
        const double seconds = i + 1 == count        ? end_rest(options)
                               : playhead.phase == 0 ? options.pause
                                                     : 1 / frames_a_second(options);
        frames.push_back({playhead, clock.tick(seconds)});
    }
    return frames;
}

std::int64_t frame_count(const Derived& derived, const AnimationOptions& options) {
    return Moments(derived, options).count();
}

}  // namespace convlens
