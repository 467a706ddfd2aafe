#include "app/render/cairo/figure.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <new>

#include "app/render/cairo/cairo_handle.h"
#include "app/render/cairo/painter.h"
#include "app/render/type/formula.h"

namespace convlens {

namespace {

constexpr int kMostPixels = 32767;  // a side: cairo's limit

CairoSurface blank(float width, float height) {
    const auto side = [](float v) { return std::clamp(static_cast<int>(std::ceil(v)), 1, kMostPixels); };
    CairoSurface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, side(width), side(height)));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) throw std::bad_alloc();
    return surface;
}

// cairo keeps native-endian ARGB with premultiplied alpha.
void unpremultiply(const std::uint32_t* from, std::uint8_t* to, int count) {
    for (int i = 0; i < count; ++i, to += 4) {
        const std::uint32_t p = from[i];
        const std::uint32_t a = p >> 24U;
        if (a == 0) {
            to[0] = to[1] = to[2] = to[3] = 0;
            continue;
        }
        const auto straight = [a](std::uint32_t v) {
            return static_cast<std::uint8_t>(a == 255 ? v : std::min<std::uint32_t>(255, (v * 255 + a / 2) / a));
        };
        to[0] = straight(p >> 16U & 0xFFU);
        to[1] = straight(p >> 8U & 0xFFU);
        to[2] = straight(p & 0xFFU);
        to[3] = static_cast<std::uint8_t>(a);
    }
}

Bitmap bitmap_of(cairo_surface_t* surface) {
    cairo_surface_flush(surface);
    Bitmap bitmap;
    bitmap.width = cairo_image_surface_get_width(surface);
    bitmap.height = cairo_image_surface_get_height(surface);
    bitmap.rgba.resize(static_cast<std::size_t>(bitmap.width) * static_cast<std::size_t>(bitmap.height) * 4);
    const unsigned char* bytes = cairo_image_surface_get_data(surface);
    const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < bitmap.height; ++y)
        unpremultiply(reinterpret_cast<const std::uint32_t*>(bytes + y * stride),
                      bitmap.rgba.data() + static_cast<std::ptrdiff_t>(y) * bitmap.width * 4, bitmap.width);
    return bitmap;
}

std::optional<Bitmap> drawn(const Scene& scene, bool transparent, const Progress& progress) {
    assert(scene.width > 0 && scene.height > 0);
    const CairoSurface surface = blank(scene.width, scene.height);
    const CairoContext context(cairo_create(surface.get()));
    if (!transparent) {
        set_colour(context.get(), scene.background);
        cairo_paint(context.get());
    }
    Paper paper(context.get(), progress.stopped);
    if (!paint_marks(paper, scene, progress.done)) return std::nullopt;
    return bitmap_of(surface.get());
}

}  // namespace

Bitmap draw_figure(const Scene& scene, bool transparent) { return *drawn(scene, transparent, {}); }

std::optional<Bitmap> draw_figure(const Scene& scene, const Progress& progress) {
    return drawn(scene, false, progress);
}

Bitmap draw_formula(std::string_view latex, float size, Colour colour) {
    const FontMetrics::Box box = measure_formula(latex, size);
    const CairoSurface surface = blank(box.w, box.h);
    const CairoContext context(cairo_create(surface.get()));
    Paper paper(context.get());
    paint_formula(paper, latex, {0, 0}, size, colour);
    return bitmap_of(surface.get());
}

}  // namespace convlens
