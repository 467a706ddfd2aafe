#include "app/views/photo_view.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/engine/filter/pixel_sum.h"

namespace convlens {

namespace {

// The part of a picture that is visible, in its own whole pixels.
struct VisibleRegion {
    std::int64_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    bool empty() const { return x1 <= x0 || y1 <= y0; }
};

class PaneScene {
public:
    PaneScene(const PhotoPane& pane, const Theme& theme, const FontMetrics& fonts)
        : pane_(pane), theme_(theme), fonts_(fonts) {
        scene_.width = pane.size.w;
        scene_.height = pane.size.h;
        scene_.background = theme.background;
    }

    Scene build() {
        if (pane_.image && !pane_.image->empty()) {
            const VisibleRegion visible_region =
                find_visible_region(pane_.stride, pane_.image->width(), pane_.image->height());
            if (!visible_region.empty()) {
                draw_picture(visible_region);
                if (!pane_.visible_result.image) draw_numbers(visible_region);
            }
        }
        if (pane_.visible_result.image) draw_visible_result();
        if (pane_.window) outline(*pane_.window, theme_.kernel, 1);
        if (pane_.pixel) outline(*pane_.pixel, theme_.accent, 2);
        return std::move(scene_);
    }

private:
    float pixel_size() const { return static_cast<float>(pane_.camera.scale * static_cast<double>(pane_.stride)); }

    // In the pane; x, y count pixels that are `stride` wide.
    Rect place(double x, double y, double w, double h, std::int64_t stride) const {
        const auto s = static_cast<double>(stride);
        const Point low = to_pane(pane_.camera, pane_.size, {x * s, y * s});
        const Point high = to_pane(pane_.camera, pane_.size, {(x + w) * s, (y + h) * s});
        return {low.x, low.y, high.x - low.x, high.y - low.y};
    }

    // Of a picture of width x height pixels, which are `stride` wide.
    VisibleRegion find_visible_region(std::int64_t stride, std::int64_t width, std::int64_t height) const {
        const auto s = static_cast<double>(stride);
        const ImagePoint low = to_image(pane_.camera, pane_.size, {0, 0});
        const ImagePoint high = to_image(pane_.camera, pane_.size, {pane_.size.w, pane_.size.h});
        const auto first = [s](double v) {
            return std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(v / s)));
        };
        const auto last = [s](double v, std::int64_t end) {
            return std::min(end, static_cast<std::int64_t>(std::ceil(v / s)));
        };
        return {first(low.x), first(low.y), last(high.x, width), last(high.y, height)};
    }

    void draw_picture(const VisibleRegion& visible_region) {
        const auto w = visible_region.x1 - visible_region.x0, h = visible_region.y1 - visible_region.y0;
        const Rect target = place(static_cast<double>(visible_region.x0), static_cast<double>(visible_region.y0),
                                  static_cast<double>(w), static_cast<double>(h), pane_.stride);
        if (pane_.image->has_alpha()) draw_checks(target);
        ImageMark mark;
        mark.id.part = pane_.part;
        mark.image = pane_.image;
        mark.source = {static_cast<float>(visible_region.x0), static_cast<float>(visible_region.y0),
                       static_cast<float>(w), static_cast<float>(h)};
        mark.target = target;
        mark.nearest = pixel_size() >= 1;
        if (pane_.preview.image && pixel_size() * static_cast<float>(pane_.preview.factor) <= 1) {
            const auto part = static_cast<float>(pane_.preview.factor);
            mark.image = pane_.preview.image;
            mark.source = {mark.source.x / part, mark.source.y / part, mark.source.w / part, mark.source.h / part};
        }
        scene_.marks.push_back(mark);
    }

    void draw_visible_result() {
        const VisibleResult& visible_result = pane_.visible_result;
        const PixelRect& part = visible_result.part;
        const VisibleRegion visible_region =
            find_visible_region(visible_result.stride, part.x + part.w, part.y + part.h);
        const std::int64_t x = std::max(visible_region.x0, part.x), y = std::max(visible_region.y0, part.y);
        const auto w = static_cast<double>(visible_region.x1 - x), h = static_cast<double>(visible_region.y1 - y);
        if (w <= 0 || h <= 0) return;
        ImageMark mark;
        mark.id.part = pane_.part;
        mark.image = visible_result.image;
        mark.source = {static_cast<float>(x - part.x), static_cast<float>(y - part.y), static_cast<float>(w),
                       static_cast<float>(h)};
        mark.target = place(static_cast<double>(x), static_cast<double>(y), w, h, visible_result.stride);
        mark.nearest = pane_.camera.scale * static_cast<double>(visible_result.stride) >= 1;
        if (visible_result.image->has_alpha()) draw_checks(mark.target);
        scene_.marks.push_back(mark);
    }

    // What is transparent shows checks.
    void draw_checks(const Rect& under) {
        const float left = std::max(0.0F, std::round(under.x)), top = std::max(0.0F, std::round(under.y));
        const float right = std::min(pane_.size.w, std::round(under.right()));
        const float bottom = std::min(pane_.size.h, std::round(under.bottom()));
        if (right <= left || bottom <= top) return;
        GridMark grid;
        grid.origin = {left, top};
        grid.pitch = std::round(pane_.text_size * 0.6F);
        grid.cols = static_cast<std::int32_t>(std::ceil((right - left) / grid.pitch));
        grid.rows = static_cast<std::int32_t>(std::ceil((bottom - top) / grid.pitch));
        for (std::int32_t row = 0; row < grid.rows; ++row)
            for (std::int32_t col = 0; col < grid.cols; ++col)
                grid.fill.push_back((row + col) % 2 == 0 ? rgb(0xE6E6E6) : rgb(0xB8B8B8));
        const Rect frame = grid.frame();
        scene_.marks.push_back(std::move(grid));
        // Checks are whole: what reaches beyond the picture is covered.
        for (const Rect& over :
             {Rect{right, top, frame.right() - right, frame.h}, Rect{left, bottom, frame.w, frame.bottom() - bottom}}) {
            if (over.w <= 0 || over.h <= 0) continue;
            RectMark cover;
            cover.rect = over;
            cover.fill = theme_.background;
            scene_.marks.push_back(cover);
        }
    }

    void draw_numbers(const VisibleRegion& visible_region) {
        const float size = pixel_size();
        if (size < kLeastNumbered) return;
        const Image& image = *pane_.image;
        const int channels = image.channels();
        const float most_rows = std::floor(size / (static_cast<float>(channels) + 0.8F));
        const bool named = channels > 1 && size >= kLeastNumbered * 1.6F;
        const float widest = widest_text(visible_region, named);
        const float text = std::floor(std::min({most_rows, widest * 0.94F * size, pane_.text_size * 1.5F}));
        if (text < pane_.least_text) return;
        for (std::int64_t y = visible_region.y0; y < visible_region.y1; ++y)
            for (std::int64_t x = visible_region.x0; x < visible_region.x1; ++x) draw_pixel_numbers(x, y, text, named);
    }

    std::string number(std::int64_t x, std::int64_t y, int channel, bool named) const {
        const Image& image = *pane_.image;
        const std::string value = sample_text(image.sample(x, y, channel), image.depth());
        return named ? fmt::format("{} {}", channel_name(image, channel), value) : value;
    }

    // The text size, for a pixel of size 1, at which the longest visible number just fits.
    float widest_text(const VisibleRegion& visible_region, bool named) const {
        const Image& image = *pane_.image;
        std::string longest = sample_text(image.depth() == Depth::u16 ? 65535 : 255, image.depth());
        if (named) longest = "R " + longest;
        if (image.depth() == Depth::f32 || image.depth() == Depth::s16) {
            for (std::int64_t y = visible_region.y0; y < visible_region.y1; ++y)
                for (std::int64_t x = visible_region.x0; x < visible_region.x1; ++x)
                    for (int c = 0; c < image.channels(); ++c)
                        if (std::string text = number(x, y, c, named); text.size() > longest.size()) longest = text;
        }
        constexpr float kProbe = 16;
        return kProbe / std::max(fonts_.text_width(longest, kProbe, Face::mono), 1.0F);
    }

    void draw_pixel_numbers(std::int64_t x, std::int64_t y, float text, bool named) {
        const int channels = pane_.image->channels();
        const Rect box = place(static_cast<double>(x), static_cast<double>(y), 1, 1, pane_.stride);
        const Colour ink = ink_on(theme_, shown_colour(x, y));
        // Rows of one pixel stand closer together than those of its neighbours.
        const float most = std::floor(box.h * 0.9F / static_cast<float>(channels));
        const float row = std::min(std::round(text * (named ? 1.25F : 1.05F)), std::max(most, text));
        const float top = box.y + (box.h - row * static_cast<float>(channels - 1) - text) / 2;
        for (int c = 0; c < channels; ++c) {
            TextMark mark;
            mark.id = {pane_.part, 0, 0, c, y, x};
            mark.text = number(x, y, c, named);
            mark.at = {box.x + box.w / 2, std::round(top + row * static_cast<float>(c))};
            mark.size = text;
            mark.colour = ink;
            mark.face = Face::mono;
            mark.align = Align::centre;
            scene_.marks.push_back(std::move(mark));
        }
    }

    // As it looks on screen, over the checks.
    Colour shown_colour(std::int64_t x, std::int64_t y) const {
        const Image& image = *pane_.image;
        const double scale = 255 / white(image.depth());
        const double alpha = image.has_alpha() ? image.sample(x, y, image.channels() - 1) / white(image.depth()) : 1;
        constexpr double kUnder = 0xCF;
        const auto channel = [&](int c) {
            const double value = image.sample(x, y, image.colour_channels() == 1 ? 0 : c) * scale;
            const double mixed = alpha * (std::isnan(value) ? 0 : value) + (1 - alpha) * kUnder;
            return static_cast<std::uint8_t>(std::clamp(mixed, 0.0, 255.0));
        };
        return {channel(0), channel(1), channel(2), 255};
    }

    // On any picture: a line in the colour between two that are darker or lighter.
    void outline(const PixelBox& box, Colour colour, float width) {
        Rect rect = place(static_cast<double>(box.x), static_cast<double>(box.y), static_cast<double>(box.w),
                          static_cast<double>(box.h), box.stride);
        const float least = std::round(pane_.text_size * 0.4F);  // smaller ones would not be seen
        const float grow_x = std::max(0.0F, least - rect.w) / 2, grow_y = std::max(0.0F, least - rect.h) / 2;
        rect = {rect.x - grow_x, rect.y - grow_y, rect.w + 2 * grow_x, rect.h + 2 * grow_y};
        const auto ring = [&](float out, Colour stroke, float stroke_width) {
            RectMark mark;
            mark.id.part = pane_.part;
            mark.rect = {rect.x - out, rect.y - out, rect.w + 2 * out, rect.h + 2 * out};
            mark.stroke = stroke;
            mark.stroke_width = stroke_width;
            scene_.marks.push_back(mark);
        };
        ring(width + 1, theme_.background, width + 2);
        ring(width, colour, width);
    }

    const PhotoPane& pane_;
    const Theme& theme_;
    const FontMetrics& fonts_;
    Scene scene_;
};

}  // namespace

Scene build_photo_pane(const PhotoPane& pane, const Theme& theme, const FontMetrics& fonts) {
    return PaneScene(pane, theme, fonts).build();
}

}  // namespace convlens
