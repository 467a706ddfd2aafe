#include "app/window/export.h"

#include <exception>
#include <utility>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/render/animation.h"
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

// The play as it goes in the window: each step rests, then glides.
void write_gif(const ExportJob::Order& order) {
    const Theme& theme = order.dark ? dark_theme() : light_theme();
    const double seconds = step_seconds(order.speed);
    AnimationOptions timing;
    timing.pause = seconds * kStepRest;
    timing.glide = order.motion ? seconds - timing.pause : 0;
    if (!order.motion) timing.pause = seconds;
    timing.loops = order.loop ? 0 : 1;
    const auto fonts = make_font_metrics();
    save_animation(from_utf8(order.path), order.derived, theme, options(kGifWidth, kGifHeight, kGifText), *fonts,
                   timing);
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
