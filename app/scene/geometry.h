// Points, rectangles and colours of a Scene, and the page that it is drawn on. Units: pixels of the figure, y down.
#pragma once

#include <cstdint>

#include "app/words/lang.h"

namespace convlens {

struct Point {
    float x = 0, y = 0;
    friend bool operator==(const Point&, const Point&) = default;
};
struct Rect {
    float x = 0, y = 0, w = 0, h = 0;
    float right() const { return x + w; }
    float bottom() const { return y + h; }
    bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
    friend bool operator==(const Rect&, const Rect&) = default;
};
// What a picture is drawn on.
struct Page {
    float width = 960, height = 540;
    float text_size = 15;  // of labels
    float least_text = 9;  // numbers that would have to be smaller are left out (the presenter's limit)
    bool transparent = false;
    Lang lang = Lang::english;
};
// How a picture is looked at. Zoom 1 fits what shows it, `pan` moves it from there.
struct Camera {
    float zoom = 1;
    Point pan;
};
struct Colour {
    std::uint8_t r = 0, g = 0, b = 0, a = 255;
    friend bool operator==(const Colour&, const Colour&) = default;
    Colour with_alpha(float alpha) const { return {r, g, b, static_cast<std::uint8_t>(alpha * 255.0F + 0.5F)}; }
};
constexpr Colour rgb(std::uint32_t hex) {
    return {static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8), static_cast<std::uint8_t>(hex),
            255};
}

}  // namespace convlens
