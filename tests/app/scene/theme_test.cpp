// The scale of how often: its order is one of lightness, and what is printed on it can be read.
#include "app/scene/theme.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace convlens {
namespace {

// Relative luminance (WCAG 2.1).
double luminance(Colour c) {
    const auto linear = [](std::uint8_t v) {
        const double s = v / 255.0;
        return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

double contrast(Colour a, Colour b) {
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

TEST(Theme, HeatIsOrderedByLightnessAloneAndItsNumbersAreLegible) {
    for (const Theme* theme : {&light_theme(), &dark_theme()}) {
        double before = luminance(heat_colour(*theme, 0));
        for (int i = 1; i <= 40; ++i) {
            const Colour heat = heat_colour(*theme, static_cast<float>(i) / 40);
            const double now = luminance(heat);
            EXPECT_TRUE(theme->dark ? now > before : now < before) << i;
            EXPECT_GE(contrast(heat, ink_on(*theme, heat)), 3.5) << i;
            before = now;
        }
        EXPECT_EQ(heat_colour(*theme, 0), theme->cell);
        EXPECT_EQ(heat_colour(*theme, 2), theme->heat_high);
    }
}

}  // namespace
}  // namespace convlens
