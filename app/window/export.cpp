#include "app/window/export.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/render/figure.h"
#include "app/render/fonts.h"
#include "app/window/playback.h"
#include "app/window/utf8_path.h"

namespace convlens {

namespace {

// A figure for slides, and an animation that is small enough to be sent around.
constexpr float kPngWidth = 1920, kPngHeight = 1080, kPngText = 28;
constexpr float kGifWidth = 960, kGifHeight = 540, kGifText = 16;

SceneOptions options(float width, float height, float text) {
    SceneOptions made;
    made.width = width;
    made.height = height;
    made.text_size = text;
    return made;
}

void write_png(const ExportJob::Order& order) {
    const Theme& theme = order.dark ? dark_theme() : light_theme();
    SceneOptions made = options(kPngWidth, kPngHeight, kPngText);
    made.formula = true;
    const auto fonts = make_font_metrics();
    save_png(draw_figure(build_scene(order.derived, order.playhead, theme, made, *fonts)), from_utf8(order.path));
}

struct Moment {
    Playhead at;
    int delay_cs = 0;
};

// The play as pictures: each step rests, then glides, as it does in the window.
std::vector<Moment> moments(const ExportJob::Order& order) {
    constexpr int kGlideFrames = 8, kGlideDelay = 4, kEndDelay = 150, kShortestDelay = 2;
    const std::int64_t steps = step_count(order.derived);
    std::vector<Moment> all;
    for (std::int64_t step = 0; step < steps; ++step) {
        const float weight = step_weight(order.derived, step);
        const int centiseconds = std::max(kShortestDelay, static_cast<int>(std::lround(80 * weight / order.speed)));
        const int frames = order.motion ? std::clamp(static_cast<int>(std::lround(kGlideFrames * weight)), 1, 40) : 0;
        const int glide = std::min(frames, std::max(0, centiseconds / kGlideDelay - 1));
        all.push_back({{step, 0}, std::max(kShortestDelay, centiseconds - glide * kGlideDelay)});
        for (int i = 1; i <= glide; ++i) {
            const float t = static_cast<float>(i) / static_cast<float>(glide + 1);
            all.push_back({{step, t * t * (3 - 2 * t)}, kGlideDelay});
        }
    }
    all.push_back({{steps, 0}, kEndDelay});
    return all;
}

void write_gif(const ExportJob::Order& order) {
    const Theme& theme = order.dark ? dark_theme() : light_theme();
    const SceneOptions made = options(kGifWidth, kGifHeight, kGifText);
    const std::vector<Moment> all = moments(order);
    const auto fonts = make_font_metrics();
    save_gif(
        from_utf8(order.path), static_cast<int>(all.size()),
        [&](int frame) {
            const Moment& moment = all[static_cast<std::size_t>(frame)];
            return GifFrame{draw_figure(build_scene(order.derived, moment.at, theme, made, *fonts)), moment.delay_cs};
        },
        order.loop ? 0 : 1);
}

ExportJob::Result write(const ExportJob::Order& order) {
    try {
        order.kind == ExportJob::Kind::png ? write_png(order) : write_gif(order);
        return {"Saved " + order.path, false};
    } catch (const std::exception& error) {
        return {std::string("Not exported: ") + error.what(), true};
    }
}

}  // namespace

ExportJob::~ExportJob() = default;

bool ExportJob::start(Order order) {
    if (busy()) return false;
    thread_ = std::jthread([this, order = std::move(order)] {
        Result made = write(order);
        {
            const std::lock_guard lock(mutex_);
            result_ = std::move(made);
        }
        glfwPostEmptyEvent();
    });
    return true;
}

std::optional<ExportJob::Result> ExportJob::take_result() {
    std::optional<Result> taken;
    {
        const std::lock_guard lock(mutex_);
        taken = std::exchange(result_, std::nullopt);
    }
    if (taken) thread_ = {};
    return taken;
}

}  // namespace convlens
