#include "app/window/export.h"

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "app/photo/worker.h"
#include "app/session/playback.h"
#include "core/io/error.h"
#include "core/io/image/save_notes.h"
#include "core/text/message.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

// A figure for slides, and an animation that is small enough to be sent around.
constexpr float kStillWidth = 1920, kStillHeight = 1080, kStillText = 28;
constexpr float kMovingWidth = 960, kMovingHeight = 540, kMovingText = 16;

void set_size(SceneOptions& scene, bool moves) {
    scene.page.width = moves ? kMovingWidth : kStillWidth;
    scene.page.height = moves ? kMovingHeight : kStillHeight;
    scene.page.text_size = moves ? kMovingText : kStillText;
}

// The play as it goes in the window: each step rests, then glides.
AnimationOptions timing_of(const Settings& settings) {
    const double seconds = step_seconds(settings.speed);
    AnimationOptions timing;
    timing.pause = settings.motion ? seconds * kStepRest : seconds;
    timing.glide = settings.motion ? seconds - timing.pause : 0;
    timing.loops = settings.loop ? 0 : 1;
    return timing;
}

// An order of the window shows a step that there is, so that only its length can be a problem.
Message words_of(const OrderProblem& problem) {
    return msg(
        "its {steps} steps would make {frames} frames, more than {limit}. Choose larger steps or a higher speed, or "
        "export a figure.",
        "steps"_is(problem.steps), "frames"_is(problem.frames), "limit"_is(kMostFrames));
}

Message unknown_format() {
    std::vector<Message> endings;
    for (const FigureFormat& format : figure_formats()) endings.push_back(verbatim(format.ending));
    return msg("its name must end in {endings}", "endings"_is(either(std::move(endings))));
}

// What save_notes() counts losses in: the result in float32, which cuts and rounds nothing. nullptr where that was
// stopped, or where there is no memory for it.
ImageRef in_floats(const PhotoResult& result, const Progress& progress) {
    try {
        return in_depth(result, Depth::f32, progress.stopped);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

bool write_photo(const PhotoResult& result, const std::string& path, const Progress& progress,
                 std::vector<Message>& notes) {
    const ImageFormat& format = image_format(from_utf8(path));
    const ImageRef image = in_depth(result, format.stored(result.before->depth()), progress.stopped);
    if (!image) return false;
    const std::vector<FilterStep> chain = result.chain();
    const ImageTags tags = carried(result.source.tags, image->colour_channels(), chain_stride(chain, chain.size()));
    if (!save_image(*image, from_utf8(path), progress, tags)) return false;
    const bool counts = needs_floats(*result.before, chain, *image, false, false);
    const ImageRef floats = counts ? in_floats(result, progress) : nullptr;
    SavedImage saved{result.source, *image, format, false, floats.get()};
    if (counts && !floats)
        saved.uncounted = progress.is_stopped() ? key("that was stopped") : key("there was not enough memory");
    notes = save_notes(saved);
    return true;
}

}  // namespace

FileJob::Order figure_order(const Session& session, std::string path) {
    const FigureFormat* format = find_figure_format(from_utf8(path));
    if (format == nullptr) return {path, [path](const Progress&) -> bool { throw FileError(path, unknown_format()); }};
    FigureOrder order;
    order.derived = session.derived;
    order.playhead = session.ui.playhead;
    order.theme = session.ui.settings.dark ? &dark_theme() : &light_theme();
    order.animation = timing_of(session.ui.settings);
    if (session.ui.settings.selectable_text) order.text = TextAs::selectable;
    order.scene.page.lang = session.ui.lang;
    set_size(order.scene, format->moves);
    // The layers that are being computed beside the window are waited for, which is to say computed here.
    return {path,
            [order = std::move(order), document = session.document(), format, path](const Progress& progress) mutable {
                auto whole = derive_all(document, &order.derived, progress.stopped);
                if (!whole) return false;
                order.derived = std::move(*whole);
                order.playhead->step = std::min(order.playhead->step, step_count(order.derived));
                if (const auto problem = problem_of(order, *format)) throw FileError(path, words_of(*problem));
                return write_figure(order, *format, from_utf8(path), progress);
            }};
}

FileJob::Order photo_order(std::shared_ptr<const PhotoResult> result, std::string path) {
    const auto notes = std::make_shared<std::vector<Message>>();
    return {path,
            [result = std::move(result), path, notes](const Progress& progress) {
                return write_photo(*result, path, progress, *notes);
            },
            notes};
}

}  // namespace convlens
