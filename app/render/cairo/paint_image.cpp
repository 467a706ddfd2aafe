// Part of a picture: its pixels as cairo wants them, scaled into place.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "app/render/cairo/painter.h"

namespace convlens {

namespace {

// Whole pixels of the image.
struct Region {
    std::int64_t x = 0, y = 0, w = 0, h = 0;
};

Region region_of(const Image& image, const Rect& source) {
    const auto first = [](float v) { return std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(v))); };
    const auto last = [](float v) { return static_cast<std::int64_t>(std::ceil(v)); };
    Region r{first(source.x), first(source.y), 0, 0};
    r.w = std::min(last(source.right()), image.width()) - r.x;
    r.h = std::min(last(source.bottom()), image.height()) - r.y;
    return r;
}

float byte_scale(std::uint8_t v) { return v; }
float byte_scale(std::uint16_t v) { return static_cast<float>(v) / 257; }
float byte_scale(std::int16_t v) { return std::clamp<float>(v, 0, 255); }
float byte_scale(float v) { return std::isnan(v) ? 0 : std::clamp(v, 0.0F, 1.0F) * 255; }

// Premultiplied, 0..255.
struct Premultiplied {
    float r = 0, g = 0, b = 0, a = 0;
};

template <typename T>
Premultiplied pixel(const T* samples, int channels) {
    const float a = channels == 2 || channels == 4 ? byte_scale(samples[channels - 1]) : 255;
    const float part = a / 255;
    const float r = byte_scale(samples[0]) * part;
    if (channels <= 2) return {r, r, r, a};
    return {r, byte_scale(samples[1]) * part, byte_scale(samples[2]) * part, a};
}

std::uint32_t packed(const Premultiplied& p, float count) {
    const auto byte = [count](float v) { return static_cast<std::uint32_t>(v / count + 0.5F); };
    return byte(p.a) << 24U | byte(p.r) << 16U | byte(p.g) << 8U | byte(p.b);
}

// The region with each block of reduce*reduce pixels averaged into one.
template <typename T>
CairoSurface converted(const Image& image, const Region& region, std::int64_t reduce) {
    const std::int64_t width = (region.w + reduce - 1) / reduce;
    const std::int64_t height = (region.h + reduce - 1) / reduce;
    CairoSurface surface(
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, static_cast<int>(width), static_cast<int>(height)));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return nullptr;
    unsigned char* bytes = cairo_image_surface_get_data(surface.get());
    const std::int64_t stride = cairo_image_surface_get_stride(surface.get());
    for (std::int64_t y = 0; y < height; ++y) {
        auto* out = reinterpret_cast<std::uint32_t*>(bytes + y * stride);
        const std::int64_t y_end = std::min((y + 1) * reduce, region.h);
        for (std::int64_t x = 0; x < width; ++x) {
            Premultiplied sum;
            const std::int64_t x_end = std::min((x + 1) * reduce, region.w);
            for (std::int64_t v = y * reduce; v < y_end; ++v) {
                const T* row = image.row<T>(region.y + v).data() + region.x * image.channels();
                for (std::int64_t u = x * reduce; u < x_end; ++u) {
                    const Premultiplied p = pixel(row + u * image.channels(), image.channels());
                    sum = {sum.r + p.r, sum.g + p.g, sum.b + p.b, sum.a + p.a};
                }
            }
            out[x] = packed(sum, static_cast<float>((y_end - y * reduce) * (x_end - x * reduce)));
        }
    }
    cairo_surface_mark_dirty(surface.get());
    return surface;
}

CairoSurface converted(const Image& image, const Region& region, std::int64_t reduce) {
    switch (image.depth()) {
        case Depth::u8: return converted<std::uint8_t>(image, region, reduce);
        case Depth::u16: return converted<std::uint16_t>(image, region, reduce);
        case Depth::s16: return converted<std::int16_t>(image, region, reduce);
        case Depth::f32: return converted<float>(image, region, reduce);
    }
    return nullptr;
}

}  // namespace

void paint_mark(Paper& paper, const ImageMark& mark) {
    if (!mark.image || mark.image->empty() || mark.target.w <= 0 || mark.target.h <= 0) return;
    const Region region = region_of(*mark.image, mark.source);
    if (region.w <= 0 || region.h <= 0) return;
    const float sx = mark.source.w / mark.target.w;  // image pixels per pixel
    const float sy = mark.source.h / mark.target.h;
    // Averaging blocks leaves cairo's own filter a factor below 4 and keeps a 24-megapixel photo out of memory twice.
    const auto reduce = mark.nearest ? 1 : std::max<std::int64_t>(1, static_cast<std::int64_t>(std::min(sx, sy) / 2));
    const CairoSurface surface = converted(*mark.image, region, reduce);
    if (!surface) return;

    cairo_matrix_t matrix;
    cairo_matrix_init_scale(&matrix, 1.0 / static_cast<double>(reduce), 1.0 / static_cast<double>(reduce));
    cairo_matrix_translate(&matrix, mark.source.x - static_cast<double>(region.x),
                           mark.source.y - static_cast<double>(region.y));
    cairo_matrix_scale(&matrix, sx, sy);
    cairo_matrix_translate(&matrix, -mark.target.x, -mark.target.y);

    const CairoSaved saved(paper);
    // A source that reaches beyond the image shows nothing there.
    const Rect drawn{mark.target.x + (static_cast<float>(region.x) - mark.source.x) / sx,
                     mark.target.y + (static_cast<float>(region.y) - mark.source.y) / sy,
                     static_cast<float>(region.w) / sx, static_cast<float>(region.h) / sy};
    const float left = std::max(drawn.x, mark.target.x);
    const float top = std::max(drawn.y, mark.target.y);
    const Rect seen = snapped({left, top, std::min(drawn.right(), mark.target.right()) - left,
                               std::min(drawn.bottom(), mark.target.bottom()) - top});
    cairo_set_antialias(paper, CAIRO_ANTIALIAS_NONE);
    paper.fill_with(surface.get(), matrix, mark.nearest, seen);
}

}  // namespace convlens
