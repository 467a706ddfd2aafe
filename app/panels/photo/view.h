// What the parts of the Photo panel share. Internal to app/panels.
#pragma once

#include <memory>
#include <optional>

#include "app/panels/panels.h"
#include "app/photo/camera.h"
#include "app/photo/photo_session.h"
#include "app/photo/result.h"
#include "app/photo/seen_pixel.h"
#include "core/engine/filter/pixel_sum.h"

namespace convlens {

// A pixel of the image before, and what became of it.
struct PhotoPixel {
    std::int64_t x = 0, y = 0;
};

struct PhotoView {
    PanelContext& context;
    PhotoWork& work;
    ImageRef before;                            // never missing
    std::shared_ptr<const PhotoResult> result;  // of `before`; nullptr while the first is being made
    PaneSize pane;                              // size of each of the two
    PhotoCamera camera;

    PhotoState& state() const { return context.ui.panels.photo; }
    ImageSize image() const { return {before->width(), before->height()}; }
    std::int64_t stride() const;                // pixels of `before` for one of the result
    std::size_t step(std::size_t count) const;  // of a chain of `count` steps: the one that is explained
    std::optional<PhotoPixel> pixel() const;    // pinned, else under the pointer, else pointed at last
    SeenPixel seen(PhotoPixel pixel) const;     // of the image after
};

// Both images side by side, from the cursor on; the pointer zooms, drags, points and pins.
void draw_photo_panes(PhotoView& view);

// The pixels of the image before that the panes show.
PixelRect visible_region(const PhotoView& view);

void show_whole(PhotoView& view);
void show_full_size(PhotoView& view);

// The numbers of one pixel and the sum behind them, in the present ImGui window.
void draw_photo_inspector(const PhotoView& view);

// What the kernel reads for the pixel: in the coordinates of the selected step's input.
struct PixelBox;
std::optional<PixelBox> read_window(const PhotoView& view);

}  // namespace convlens
