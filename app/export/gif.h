// Drawn figures as GIF files.
#pragma once

#include <filesystem>
#include <functional>

#include "app/render/cairo/figure.h"

namespace convlens {

// An animated GIF. Frames come from `frame(i)` one at a time, so a long animation needs no memory for all.
// Delays are in hundredths of a second, at least 2 (viewers play 1 as 10). `loops` 0: forever; 1: once, without a
// NETSCAPE block; n: n times. Unchanged parts are left out of each frame. Transparency becomes white. All frames have
// the size of the first. `frame` is called twice for up to kSampledFrames of them, the first time to choose at most 255 colours:
// all that occur there if they are that few. Throws FileError, and passes on what `frame` throws; then nothing is
// written.
struct GifFrame {
    Bitmap bitmap;
    int delay_cs = 10;
};
inline constexpr int kSampledFrames = 64;
void save_gif(const std::filesystem::path& path, int frame_count, const std::function<GifFrame(int)>& frame, int loops);

}  // namespace convlens
