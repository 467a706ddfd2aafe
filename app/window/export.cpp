#include "app/window/export.h"

#include <utility>

#include "app/export/animation.h"
#include "app/export/png.h"
#include "app/photo/worker.h"
#include "app/render/cairo/figure.h"
#include "app/render/type/fonts.h"
#include "app/session/playback.h"
#include "core/io/image/image_file.h"
#include "core/text/utf8_path.h"

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

bool write_png(const Figure& figure, const std::string& path) {
    const Theme& theme = figure.dark ? dark_theme() : light_theme();
    SceneOptions made = options(kPngWidth, kPngHeight, kPngText);
    made.formula = true;
    const auto fonts = make_font_metrics();
    save_png(draw_figure(build_scene(figure.derived, figure.playhead, theme, made, *fonts)), from_utf8(path));
    return true;
}

// The play as it goes in the window: each step rests, then glides.
bool write_gif(const Figure& figure, const std::string& path, const Progress& progress) {
    const Theme& theme = figure.dark ? dark_theme() : light_theme();
    const double seconds = step_seconds(figure.speed);
    AnimationOptions timing;
    timing.pause = seconds * kStepRest;
    timing.glide = figure.motion ? seconds - timing.pause : 0;
    if (!figure.motion) timing.pause = seconds;
    timing.loops = figure.loop ? 0 : 1;
    const auto fonts = make_font_metrics();
    return save_animation(from_utf8(path), figure.derived, theme, options(kGifWidth, kGifHeight, kGifText), *fonts,
                          timing, progress);
}

bool write_photo(const PhotoResult& result, const std::string& path, const Progress& progress) {
    const Depth depth = image_format(from_utf8(path)).stored(result.before->depth());
    const ImageRef picture = in_depth(result, depth, progress.stopped);
    return picture && save_image(*picture, from_utf8(path), progress);
}

}  // namespace

FileJob::Order figure_order(Figure figure, std::string path) {
    return {path, [figure = std::move(figure), path](const Progress& progress) {
                const bool gif = figure.kind == Figure::Kind::gif;
                return gif ? write_gif(figure, path, progress) : write_png(figure, path);
            }};
}

FileJob::Order photo_order(std::shared_ptr<const PhotoResult> result, std::string path) {
    return {path, [result = std::move(result), path](const Progress& progress) {
                return write_photo(*result, path, progress);
            }};
}

}  // namespace convlens
