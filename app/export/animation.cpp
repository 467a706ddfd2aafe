#include "app/export/animation.h"

#include <algorithm>
#include <cmath>

#include "app/export/gif.h"
#include "app/render/cairo/figure.h"

namespace convlens {

namespace {

constexpr double kFastest = 50;  // frames a second: a delay of 1/100 s is played as 10/100

double frames_a_second(const AnimationOptions& options) { return std::clamp(options.fps, 0.1, kFastest); }

// Frames from step K to K+1, the last of which shows K+1 at rest.
std::int64_t frames_of_step(const Derived& derived, std::int64_t step, const AnimationOptions& options) {
    const double seconds = options.glide * static_cast<double>(step_weight(derived, step));
    return std::max<std::int64_t>(1, std::llround(seconds * frames_a_second(options)));
}

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
    const std::int64_t steps = step_count(derived);
    const double end = end_rest(options);
    std::vector<AnimationFrame> frames;
    Clock clock;
    frames.push_back({{0, 0}, clock.tick(steps == 0 ? end : options.pause)});
    for (std::int64_t step = 0; step < steps; ++step) {
        const std::int64_t count = frames_of_step(derived, step, options);
        for (std::int64_t i = 1; i < count; ++i) {
            const float phase = static_cast<float>(i) / static_cast<float>(count);
            frames.push_back({{step, phase}, clock.tick(1 / frames_a_second(options))});
        }
        frames.push_back({{step + 1, 0}, clock.tick(step + 1 == steps ? end : options.pause)});
    }
    return frames;
}

std::int64_t frame_count(const Derived& derived, const AnimationOptions& options) {
    const std::int64_t steps = step_count(derived);
    if (steps == 0) return 1;
    const std::int64_t first = frames_of_step(derived, 0, options);
    return 1 + first + (steps > 1 ? (steps - 1) * frames_of_step(derived, 1, options) : 0);
}

bool save_animation(const std::filesystem::path& path, const Derived& derived, const Theme& theme,
                    const SceneOptions& scene_options, const FontMetrics& fonts, const AnimationOptions& options,
                    const Progress& progress) {
    const std::vector<AnimationFrame> frames = plan_animation(derived, options);
    const int count = static_cast<int>(frames.size());
    const double all = count + std::min(count, kSampledFrames);
    int drawn = 0;
    const auto draw = [&](int index) {
        if (progress.is_stopped()) throw Stopped();
        progress.report(drawn++ / all);
        const AnimationFrame& frame = frames[static_cast<std::size_t>(index)];
        const Scene scene = build_scene(derived, frame.playhead, theme, scene_options, fonts);
        return GifFrame{draw_figure(scene), frame.delay_cs};
    };
    try {
        save_gif(path, count, draw, options.loops);
    } catch (const Stopped&) {
        return false;
    }
    return true;
}

}  // namespace convlens
