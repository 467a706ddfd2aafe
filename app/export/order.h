// A figure or an animation as somebody wants it: `convlens render` and the window's export fill in the same order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "app/derived/derived.h"
#include "app/export/animation.h"
#include "app/export/formats.h"
#include "app/scene/theme.h"
#include "app/views/build.h"
#include "core/io/progress.h"

namespace convlens {

struct FigureOrder {
    Derived derived;  // what is drawn, with the document that it follows from; its blobs are shared
    std::optional<Playhead>
        playhead;                  // still formats: the moment that is shown; the end of the last step where not given
    const Theme* theme = nullptr;  // the light one where not given
    SceneOptions scene;            // size and text size in pixels, and what is shown
    AnimationOptions animation;    // moving formats
    TextAs text = TextAs::paths;   // formats of vectors
};

// The most frames that an animation may have: some minutes of drawing, some ten megabytes.
inline constexpr std::int64_t kMostFrames = 5000;

// What of an order cannot be done. Whoever ordered says it in words of what was asked.
struct OrderProblem {
    enum class Kind {
        step_beyond_end,  // still formats: the playhead is behind the last step
        too_many_frames,  // moving formats: more than kMostFrames
    };
    Kind kind{};
    std::int64_t steps = 0;   // that there are
    std::int64_t frames = 0;  // that the animation would have
};
std::optional<OrderProblem> problem_of(const FigureOrder& order, const FigureFormat& format);

// Draws what is ordered and writes it: whole, or not at all. The order has no problem in this format. In formats that
// know no transparency the theme's ground stands behind the figure. False when `progress` was stopped. Throws FileError.
bool write_figure(const FigureOrder& order, const FigureFormat& format, const std::filesystem::path& path,
                  const Progress& progress = {});

}  // namespace convlens
