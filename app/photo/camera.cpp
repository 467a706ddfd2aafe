#include "app/photo/camera.h"

#include <algorithm>

namespace convlens {

namespace {

constexpr double kMostScale = 128;  // a few pixels with large numbers

double fit_scale(ImageSize image, PaneSize pane) {
    constexpr double kRoom = 0.985;
    const double w = static_cast<double>(std::max<std::int64_t>(image.w, 1));
    const double h = static_cast<double>(std::max<std::int64_t>(image.h, 1));
    return std::max(1e-6, kRoom * std::min(static_cast<double>(pane.w) / w, static_cast<double>(pane.h) / h));
}

// Along an axis where the image is smaller than the pane it stands in the middle; else it covers the pane.
double in_view(double at, std::int64_t image, float pane, double scale) {
    const double half = static_cast<double>(pane) / scale / 2, whole = static_cast<double>(image);
    if (whole <= 2 * half) return whole / 2;
    return std::clamp(at, half, whole - half);
}

PhotoCamera kept_in_view(PhotoCamera camera, ImageSize image, PaneSize pane) {
    camera.x = in_view(camera.x, image.w, pane.w, camera.scale);
    camera.y = in_view(camera.y, image.h, pane.h, camera.scale);
    return camera;
}

}  // namespace

PhotoCamera fitted(ImageSize image, PaneSize pane) {
    return {std::min(fit_scale(image, pane), kMostScale), static_cast<double>(image.w) / 2,
            static_cast<double>(image.h) / 2};
}

PhotoCamera full_size(PhotoCamera camera, ImageSize image, PaneSize pane) {
    camera.scale = 1;
    return kept_in_view(camera, image, pane);
}

PhotoCamera zoomed(PhotoCamera camera, double factor, Point at, ImageSize image, PaneSize pane) {
    const double least = std::min(1.0, fit_scale(image, pane)) / 2;
    const double scale = std::clamp(camera.scale * factor, least, std::max(kMostScale, camera.scale));
    const double dx = static_cast<double>(at.x - pane.w / 2), dy = static_cast<double>(at.y - pane.h / 2);
    camera.x += dx / camera.scale - dx / scale;
    camera.y += dy / camera.scale - dy / scale;
    camera.scale = scale;
    return kept_in_view(camera, image, pane);
}

PhotoCamera moved(PhotoCamera camera, Point by, ImageSize image, PaneSize pane) {
    camera.x -= static_cast<double>(by.x) / camera.scale;
    camera.y -= static_cast<double>(by.y) / camera.scale;
    return kept_in_view(camera, image, pane);
}

ImagePoint to_image(const PhotoCamera& camera, PaneSize pane, Point at) {
    return {camera.x + static_cast<double>(at.x - pane.w / 2) / camera.scale,
            camera.y + static_cast<double>(at.y - pane.h / 2) / camera.scale};
}

Point to_pane(const PhotoCamera& camera, PaneSize pane, ImagePoint at) {
    return {static_cast<float>(static_cast<double>(pane.w) / 2 + (at.x - camera.x) * camera.scale),
            static_cast<float>(static_cast<double>(pane.h) / 2 + (at.y - camera.y) * camera.scale)};
}

}  // namespace convlens
