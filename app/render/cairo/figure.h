// A Scene drawn by cairo: figures for files. The window draws the same Scene on its own surface (screen.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "app/scene/scene.h"

namespace convlens {

// RGBA, 8 bits, straight alpha, rows from the top.
struct Bitmap {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;
};
// At least a pixel and at most 32767 a side. Any thread may draw.
Bitmap draw_figure(const Scene& scene, bool transparent = false);

// Throws FileError; written beside its place, then renamed. Without alpha where all of it is opaque.
void save_png(const Bitmap& bitmap, const std::filesystem::path& path);

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

// A formula on a transparent ground, for textures: FontMetrics::formula_box rounded up. `size` is the em in pixels.
Bitmap draw_formula(std::string_view latex, float size, Colour colour);

}  // namespace convlens
