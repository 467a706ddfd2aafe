// Questions to ask a drawn picture.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <utility>

#include "app/render/cairo/figure.h"

namespace convlens {

inline void PrintTo(const Colour& c, std::ostream* out) {
    *out << "(" << +c.r << ", " << +c.g << ", " << +c.b << ", " << +c.a << ")";
}
inline void PrintTo(const Rect& r, std::ostream* out) {
    *out << r.w << "×" << r.h << " at (" << r.x << ", " << r.y << ")";
}

inline constexpr Colour kWhite = rgb(0xFFFFFF);
inline constexpr Colour kBlack = rgb(0x000000);
inline constexpr Colour kRed = rgb(0xFF0000);
inline constexpr Colour kBlue = rgb(0x0000FF);

inline Colour at(const Bitmap& bitmap, int x, int y) {
    const std::uint8_t* p = bitmap.rgba.data() + (static_cast<std::ptrdiff_t>(y) * bitmap.width + x) * 4;
    return {p[0], p[1], p[2], p[3]};
}

inline int difference(Colour a, Colour b) {
    return std::max({std::abs(a.r - b.r), std::abs(a.g - b.g), std::abs(a.b - b.b), std::abs(a.a - b.a)});
}

// The smallest rectangle that holds every pixel that differs clearly from the ground; empty if there is none.
inline Rect ink(const Bitmap& bitmap, Colour ground = kWhite) {
    int left = bitmap.width;
    int top = bitmap.height;
    int right = 0;
    int bottom = 0;
    for (int y = 0; y < bitmap.height; ++y)
        for (int x = 0; x < bitmap.width; ++x)
            if (difference(at(bitmap, x, y), ground) > 40) {
                left = std::min(left, x);
                top = std::min(top, y);
                right = std::max(right, x + 1);
                bottom = std::max(bottom, y + 1);
            }
    if (right == 0) return {};
    return {static_cast<float>(left), static_cast<float>(top), static_cast<float>(right - left),
            static_cast<float>(bottom - top)};
}

// How many pixels look just so.
inline int count(const Bitmap& bitmap, Colour colour) {
    int found = 0;
    for (int y = 0; y < bitmap.height; ++y)
        for (int x = 0; x < bitmap.width; ++x) found += at(bitmap, x, y) == colour ? 1 : 0;
    return found;
}

inline Scene blank_scene(float width, float height) {
    Scene scene;
    scene.width = width;
    scene.height = height;
    scene.background = kWhite;
    return scene;
}

template <typename... Marks>
Bitmap drawn(float width, float height, Marks... marks) {
    Scene scene = blank_scene(width, height);
    (scene.marks.push_back(std::move(marks)), ...);
    return draw_figure(scene);
}

}  // namespace convlens
