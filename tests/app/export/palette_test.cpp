// Few colours stay what they are; many become the best of a few.
#include "app/export/palette.h"

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "tests/app/render/pixels.h"

namespace convlens {
namespace {

std::vector<std::uint8_t> pixels(const std::vector<Colour>& colours) {
    std::vector<std::uint8_t> rgba;
    for (const Colour c : colours) rgba.insert(rgba.end(), {c.r, c.g, c.b, 255});
    return rgba;
}

std::vector<Colour> random_colours(int count, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<Colour> colours;
    for (int i = 0; i < count; ++i) {
        const auto bits = static_cast<std::uint32_t>(random());
        colours.push_back(rgb(bits & 0xFFFFFFU));
    }
    return colours;
}

TEST(Palette, HoldsAllColoursIfTheyAreFew) {
    const std::vector<Colour> seen = random_colours(255, 1);
    ColourCount count;
    count.add(pixels(seen));
    Palette palette(count.best(255));
    EXPECT_EQ(palette.colours().size(), 255U);
    for (const Colour c : seen) EXPECT_EQ(palette.colours()[palette.index(c.r, c.g, c.b)], c);
}

TEST(Palette, NeverHoldsMoreThanItMay) {
    ColourCount count;
    count.add(pixels(random_colours(5000, 2)));
    EXPECT_EQ(count.best(255).size(), 255U);
    EXPECT_EQ(count.best(3).size(), 3U);
}

TEST(Palette, FindsTheNearestEntry) {
    Palette palette(random_colours(200, 3));
    for (const Colour c : random_colours(5000, 4)) {
        const auto distance = [c](Colour e) {
            const int r = e.r - c.r;
            const int g = e.g - c.g;
            const int b = e.b - c.b;
            return 3 * r * r + 6 * g * g + 2 * b * b;
        };
        int best = std::numeric_limits<int>::max();
        for (const Colour e : palette.colours()) best = std::min(best, distance(e));
        EXPECT_EQ(distance(palette.colours()[palette.index(c.r, c.g, c.b)]), best);
    }
}

TEST(Palette, KeepsALargeGroundExactAmongManyColours) {
    const Colour ground = rgb(0xFBFBFA);
    std::vector<Colour> seen;
    // One of five pixels is a little darker, so that the mean of the ground's box is not the ground.
    for (int i = 0; i < 100000; ++i) seen.push_back(i % 5 == 0 ? rgb(0xF8F8F8) : ground);
    for (const Colour c : random_colours(20000, 5)) seen.push_back(c);
    ColourCount count;
    count.add(pixels(seen));
    Palette palette(count.best(255));
    EXPECT_EQ(palette.colours()[palette.index(ground.r, ground.g, ground.b)], ground);
}

TEST(Palette, KeepsASmallSpotOfItsOwnHue) {
    std::vector<Colour> seen;
    seen.reserve(101000);
    for (int i = 0; i < 100000; ++i) seen.push_back(rgb(0x010101U * static_cast<std::uint32_t>(i % 256)));
    for (int i = 0; i < 40; ++i) seen.push_back(rgb(0xC2185B));
    for (int i = 0; i < 300; ++i) seen.push_back({static_cast<std::uint8_t>(i % 256), 10, 200, 255});
    ColourCount count;
    count.add(pixels(seen));
    Palette palette(count.best(255));
    EXPECT_LE(difference(palette.colours()[palette.index(0xC2, 0x18, 0x5B)], rgb(0xC2185B)), 4);
}

}  // namespace
}  // namespace convlens
