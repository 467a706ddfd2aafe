#include "app/document/sample_image.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace convlens {

namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 480;

// Only sums, products and square roots are used: IEEE 754 makes them alike everywhere.
struct Rgb {
    double r = 0, g = 0, b = 0;
};

Rgb mix(const Rgb& a, const Rgb& b, double share) {
    const double t = std::clamp(share, 0.0, 1.0);
    return {a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

// How much of a pixel is covered by a shape whose edge is `distance` away (negative inside): a smooth edge.
double cover(double distance) { return std::clamp(0.5 - distance, 0.0, 1.0); }

double box(double x, double y, double left, double top, double right, double bottom) {
    return std::max({left - x, x - right, top - y, y - bottom});
}

double circle(double x, double y, double centre_x, double centre_y, double radius) {
    return std::sqrt((x - centre_x) * (x - centre_x) + (y - centre_y) * (y - centre_y)) - radius;
}

// Down-pointing if `height` is positive: the edge of a triangle with its flat side at `base_y`.
double triangle(double x, double y, double centre_x, double base_y, double half_width, double height) {
    const double depth = (y - base_y) / height;
    const double side = std::abs(x - centre_x) - half_width * (1 - depth);
    return std::max({side * std::abs(height) / std::sqrt(height * height + half_width * half_width),
                     -depth * std::abs(height), (depth - 1) * std::abs(height)});
}

// 0 up to 1 and back over one period.
double wave(double x) {
    const double part = x - std::floor(x);
    return part < 0.5 ? 2 * part : 2 - 2 * part;
}

// The same as a smooth curve.
double swell(double x) {
    const double t = wave(x);
    return t * t * (3 - 2 * t);
}

// A number 0..1 that looks random, from a cell's place.
double speckle(int x, int y) {
    std::uint32_t bits = static_cast<std::uint32_t>(x) * 0x9e3779b1U ^ static_cast<std::uint32_t>(y) * 0x85ebca77U;
    bits = (bits ^ (bits >> 15)) * 0x2c1b3c6dU;
    bits = (bits ^ (bits >> 12)) * 0x297a2d39U;
    return static_cast<double>((bits ^ (bits >> 15)) & 0xffffU) / 65535;
}

void sky(Rgb& colour, double x, double y) {
    colour = mix({42, 84, 152}, {248, 200, 140}, y / 290);
    const double from_sun = circle(x, y, 445, 200, 0);
    colour = mix(colour, {255, 226, 170}, 0.75 / (1 + from_sun * from_sun / 4200));
    colour = mix(colour, {255, 246, 214}, cover(from_sun - 42));
}

void hills(Rgb& colour, double x, double y) {
    const double far = 236 - 46 * swell(x / 410 + 0.1) - 14 * swell(x / 137);
    colour = mix(colour, mix({96, 106, 152}, {170, 150, 160}, (y - far) / 90), cover(far - y));
    const double near = 282 - 62 * swell(x / 520 + 0.62) - 9 * swell(x / 96);
    colour = mix(colour, mix({44, 92, 84}, {92, 130, 84}, (y - near) / 80), cover(near - y));
}

void water(Rgb& colour, double x, double y) {
    const double depth = y - 296;
    if (depth < -1) return;
    Rgb surface = mix({214, 176, 142}, {34, 78, 120}, depth / 100);
    const double ripple = swell(depth * depth / 310 + 0.15 * swell(x / 90)) * (0.1 + depth / 420);
    surface = mix(surface, {236, 238, 236}, ripple);
    const double glitter = 1 - std::abs(x - 445 - 10 * (swell(depth / 9) - 0.5)) / (26 + depth / 2);
    surface = mix(surface, {255, 232, 178}, 0.8 * glitter);
    colour = mix(colour, surface, cover(-depth));
}

void meadow(Rgb& colour, double x, double y, double grain) {
    const double edge = 398 - 16 * swell(x / 640 + 0.25);
    const Rgb grass = mix({98, 142, 60}, {36, 74, 40}, (y - edge) / 100);
    colour = mix(colour, mix(grass, {182, 196, 104}, 0.35 * grain * grain), cover(edge - y));
}

void house(Rgb& colour, double x, double y) {
    const double wall = box(x, y, 62, 262, 206, 404);
    const double row = std::floor((y - 262) / 9);
    const double mortar =
        std::min(wave((y - 262) / 9) * 4.5, wave((x - 62) / 18 + 0.5 * (row - 2 * std::floor(row / 2))) * 9);
    colour = mix(colour, mix({228, 214, 196}, {176, 82, 62}, mortar - 0.4), cover(wall));
    colour =
        mix(colour, mix({78, 46, 52}, {120, 66, 62}, wave((y - 190) / 8)), cover(triangle(x, y, 134, 266, 92, -82)));
    for (const double left : {80.0, 152.0}) {
        colour = mix(colour, {246, 240, 226}, cover(box(x, y, left, 286, left + 38, 330)));
        const double pane = std::max(box(x, y, left + 3, 289, left + 35, 327),
                                     2.0 - std::min(std::abs(x - left - 19), std::abs(y - 308)));
        colour = mix(colour, mix({255, 214, 110}, {110, 150, 190}, (y - 286) / 44), cover(pane));
    }
    colour = mix(colour, {52, 92, 110}, cover(box(x, y, 120, 346, 148, 404)));
    colour = mix(colour, {240, 206, 90}, cover(circle(x, y, 142, 378, 2.5)));
}

void fence(Rgb& colour, double x, double y) {
    const double in_picket = (x / 20 - std::floor(x / 20)) * 20 - 10;
    const double picket = std::max(std::abs(in_picket) - 5, std::abs(in_picket) + 424 - y);
    const double rail = std::min(std::abs(y - 440), std::abs(y - 464)) - 3.5;
    const Rgb white = mix({250, 248, 240}, {196, 196, 200}, std::abs(in_picket - 3) / 10);
    colour = mix(colour, white, cover(std::min(picket, rail)));
}

void pennants(Rgb& colour, double x, double y) {
    constexpr std::array<Rgb, 6> kColours{
        {{220, 40, 48}, {250, 204, 40}, {40, 150, 72}, {36, 108, 210}, {240, 240, 240}, {150, 60, 160}}};
    const double across = (x - 320) / 320;
    const double string = 74 - 46 * across * across;
    colour = mix(colour, {50, 46, 60}, cover(std::abs(y - string) - 0.9));
    const double number = std::floor(x / 40);
    const auto& own = kColours[static_cast<std::size_t>(number) % kColours.size()];
    const double middle = number * 40 + 20;
    const double top = 75 - 46 * ((middle - 320) / 320) * ((middle - 320) / 320);
    colour = mix(colour, own, cover(triangle(x, y, middle, top, 14, 34)));
}

// 5×7 letters, a row of five bits each from the top.
using Glyph = std::array<unsigned, 7>;
Glyph glyph(char letter) {
    switch (letter) {
        case 'C': return {14, 17, 16, 16, 16, 17, 14};
        case 'O': return {14, 17, 17, 17, 17, 17, 14};
        case 'N': return {17, 25, 21, 19, 17, 17, 17};
        case 'V': return {17, 17, 17, 17, 10, 10, 4};
        case 'L': return {16, 16, 16, 16, 16, 16, 31};
        case 'E': return {31, 16, 16, 30, 16, 16, 31};
        case 'S': return {15, 16, 16, 14, 1, 1, 30};
        case 'A': return {4, 10, 17, 17, 31, 17, 17};
        case 'R': return {30, 17, 17, 30, 20, 18, 17};
        case 'K': return {17, 18, 20, 24, 20, 18, 17};
        case 'I': return {14, 4, 4, 4, 4, 4, 14};
        case 'D': return {30, 17, 17, 17, 17, 17, 30};
        default: return {};
    }
}

bool in_text(std::string_view text, double x, double y, double left, double top, double dot) {
    const double column = std::floor((x - left) / dot);
    const double row = std::floor((y - top) / dot);
    if (column < 0 || row < 0 || row >= 7 || column >= 6 * static_cast<double>(text.size())) return false;
    const auto index = static_cast<std::size_t>(column);
    return (glyph(text[index / 6])[static_cast<std::size_t>(row)] >> (4 - std::min<std::size_t>(index % 6, 4)) & 1U) !=
               0 &&
           index % 6 < 5;
}

// A notice with letters in three sizes, rings and checks that grow finer: what blurs lose and sharpening brings back.
void notice(Rgb& colour, double x, double y) {
    colour = mix(colour, {86, 62, 46}, cover(std::min(box(x, y, 424, 300, 434, 452), box(x, y, 596, 300, 606, 452))));
    colour = mix(colour, {60, 44, 36}, cover(box(x, y, 410, 268, 620, 404)));
    const double board = box(x, y, 415, 273, 615, 399);
    colour = mix(colour, {250, 248, 240}, cover(board));
    if (board > 0) return;
    const Rgb ink{28, 30, 44};
    if (in_text("CONVLENS", x, y, 424, 282, 3.75)) colour = ink;
    if (in_text("KERNELS SLIDE", x, y, 424, 316, 1.5) || in_text("AND ALL IS SEEN", x, y, 424, 331, 1.0)) colour = ink;
    const double rings = circle(x, y, 578, 355, 0);
    if (rings < 36) colour = mix(ink, {250, 248, 240}, swell(rings * rings / 130));
    const double checks_x = x - 424;
    if (checks_x >= 0 && checks_x < 112 && y >= 346 && y < 390) {
        const double size = checks_x < 48 ? 8 : checks_x < 80 ? 4 : checks_x < 96 ? 2 : 1;
        const double parity = std::floor(checks_x / size) + std::floor((y - 346) / size);
        if (parity - 2 * std::floor(parity / 2) == 0) colour = ink;
    }
}

Image paint() {
    Image image(kWidth, kHeight, 3, Depth::u8);
    for (int row = 0; row < kHeight; ++row) {
        const auto samples = image.row<std::uint8_t>(row);
        for (int column = 0; column < kWidth; ++column) {
            const double x = column + 0.5;
            const double y = row + 0.5;
            Rgb colour;
            sky(colour, x, y);
            hills(colour, x, y);
            water(colour, x, y);
            meadow(colour, x, y, speckle(column, row / 2));
            house(colour, x, y);
            notice(colour, x, y);
            fence(colour, x, y);
            pennants(colour, x, y);
            const auto at = 3 * static_cast<std::size_t>(column);
            samples[at] = static_cast<std::uint8_t>(std::lround(colour.r));
            samples[at + 1] = static_cast<std::uint8_t>(std::lround(colour.g));
            samples[at + 2] = static_cast<std::uint8_t>(std::lround(colour.b));
        }
    }
    return image;
}

}  // namespace

const ImageRef& sample_image() {
    static const ImageRef image = std::make_shared<const Image>(paint());
    return image;
}

}  // namespace convlens
