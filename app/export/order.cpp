#include "app/export/order.h"

#include <cassert>
#include <utility>
#include <vector>

#include "app/render/type/fonts.h"

namespace convlens {

namespace {

// The moment of a still figure, or all moments of a moving one.
std::vector<AnimationFrame> moments(const FigureOrder& order, const FigureFormat& format) {
    if (format.moves) return plan_animation(order.derived, order.animation);
    return {{order.playhead.value_or(Playhead{step_count(order.derived), 0}), 0}};
}

}  // namespace

std::optional<OrderProblem> problem_of(const FigureOrder& order, const FigureFormat& format) {
    using Kind = OrderProblem::Kind;
    const std::int64_t steps = step_count(order.derived);
    if (!format.moves) {
        if (order.playhead && order.playhead->step > steps) return OrderProblem{Kind::step_beyond_end, steps, 0};
        return std::nullopt;
    }
    const std::int64_t frames = frame_count(order.derived, order.animation);
    if (frames > kMostFrames) return OrderProblem{Kind::too_many_frames, steps, frames};
    return std::nullopt;
}

bool write_figure(const FigureOrder& order, const FigureFormat& format, const std::filesystem::path& path,
                  const Progress& progress) {
    assert(!problem_of(order, format));
    const std::vector<AnimationFrame> shown = moments(order, format);
    const Theme& theme = order.theme != nullptr ? *order.theme : light_theme();
    SceneOptions options = order.scene;
    options.page.transparent = options.page.transparent && format.transparent;
    const auto fonts = make_font_metrics();
    Scatters scatters;
    Scene scene;
    std::optional<Playhead> drawn;  // what `scene` shows
    FigureFrames frames;
    frames.count = static_cast<int>(shown.size());
    frames.loops = order.animation.loops;
    frames.text = order.text;
    frames.frame = [&](int index) {
        const AnimationFrame& frame = shown[static_cast<std::size_t>(index)];
        const Playhead seen = seen_playhead(order.derived, frame.playhead, options.shown.motion);
        if (seen != drawn) scene = build_scene(order.derived, seen, theme, options, *fonts, &scatters);
        drawn = seen;
        return FigureFrame{scene, frame.delay_cs};
    };
    return format.write(frames, path, progress);
}

}  // namespace convlens
