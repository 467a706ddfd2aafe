#include "app/scene/theme.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace convlens {

namespace {

// Hues after the palette of M. Okabe and K. Ito, which people with colour vision deficiencies tell apart; darkened for
// the light ground and lightened for the dark one. Values have their own pair (blue, orange-red).
Theme make_light() {
    Theme t;
    t.dark = false;
    t.background = rgb(0xFBFBFA);
    t.panel = rgb(0xF1F1EF);
    t.text = rgb(0x1B1D21);
    t.faint = rgb(0x5B616B);
    t.line = rgb(0xC9CCD1);
    t.frame = rgb(0x4A5059);
    t.cell = rgb(0xFFFFFF);
    t.padding = rgb(0xEDEDEB);
    t.empty = rgb(0xF4F4F2);
    t.accent = rgb(0xC2185B);
    t.hover = rgb(0x6A3FA0);
    t.reading = rgb(0x640A40);
    t.pointing = rgb(0x33155F);
    t.weight_ink = rgb(0x043A26);
    t.problem = rgb(0xB3261E);
    t.negative = rgb(0x3F7BC6);
    t.positive = rgb(0xD06E18);
    t.heat_low = rgb(0xFFF1CC);
    t.heat_middle = rgb(0xF2A65A);
    t.heat_high = rgb(0x8E2743);
    t.kernel = rgb(0x0B7A5B);
    t.stride = rgb(0x9A5B00);
    t.pad = rgb(0x0B6E99);
    t.dilation = rgb(0x8A3FA0);
    t.output_padding = rgb(0xB0413E);
    t.input = rgb(0x1F4E8C);
    t.output = rgb(0xC2185B);
    t.weight = t.kernel;
    t.bias = rgb(0x6B6200);
    t.anchor = rgb(0x3F7D00);
    return t;
}

Theme make_dark() {
    Theme t;
    t.dark = true;
    t.background = rgb(0x17191D);
    t.panel = rgb(0x1F2227);
    t.text = rgb(0xF0F1F3);
    t.faint = rgb(0xA7ADB7);
    t.line = rgb(0x3A3F47);
    t.frame = rgb(0xB4BAC4);
    t.cell = rgb(0x262A30);
    t.padding = rgb(0x1C1F24);
    t.empty = rgb(0x1D2025);
    t.accent = rgb(0xFF5C9A);
    t.hover = rgb(0xC7A6FF);
    t.reading = rgb(0xFFDCEB);
    t.pointing = rgb(0xF0E8FF);
    t.weight_ink = rgb(0xCFFAE8);
    t.problem = rgb(0xFF7A70);
    t.negative = rgb(0x3F82D8);
    t.positive = rgb(0xD9822B);
    t.heat_low = rgb(0x3D2A45);
    t.heat_middle = rgb(0xB5443F);
    t.heat_high = rgb(0xFFD98A);
    t.kernel = rgb(0x3CCF9F);
    t.stride = rgb(0xF2B134);
    t.pad = rgb(0x56C1F0);
    t.dilation = rgb(0xD48BE8);
    t.output_padding = rgb(0xFF9388);
    t.input = rgb(0x8AB8FF);
    t.output = rgb(0xFF5C9A);
    t.weight = t.kernel;
    t.bias = rgb(0xDDD36B);
    t.anchor = rgb(0xA8E34A);
    return t;
}

std::uint8_t mix(std::uint8_t from, std::uint8_t to, double amount) {
    return static_cast<std::uint8_t>(std::lround(from + (to - from) * amount));
}

Colour mix(Colour from, Colour to, double amount) {
    return {mix(from.r, to.r, amount), mix(from.g, to.g, amount), mix(from.b, to.b, amount), 255};
}

// Relative luminance (WCAG 2.1), for choosing an ink.
double luminance(Colour c) {
    static const std::array<double, 256> linear = [] {  // asked for every cell of a plane
        std::array<double, 256> table{};
        for (std::size_t v = 0; v < table.size(); ++v) {
            const double s = static_cast<double>(v) / 255.0;
            table[v] = s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
        }
        return table;
    }();
    return 0.2126 * linear[c.r] + 0.7152 * linear[c.g] + 0.0722 * linear[c.b];
}

double contrast(Colour a, Colour b) {
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace

Colour Theme::role(Role role) const {
    switch (role) {
        case Role::input: return input;
        case Role::kernel: return kernel;
        case Role::stride: return stride;
        case Role::padding: return pad;
        case Role::dilation: return dilation;
        case Role::output_padding: return output_padding;
        case Role::output: return output;
        case Role::weight: return weight;
        case Role::bias: return bias;
        case Role::plain:
        case Role::channels: break;
    }
    return text;
}

const Theme& light_theme() {
    static const Theme theme = make_light();
    return theme;
}

const Theme& dark_theme() {
    static const Theme theme = make_dark();
    return theme;
}

Colour value_colour(const Theme& theme, double value, double peak) {
    if (!std::isfinite(value)) return mix(theme.cell, theme.problem, 0.5);
    if (peak <= 0 || value == 0) return theme.cell;
    // The power lets small values show, and those of over half the scale stand out from their faded selves; the end
    // stays short of full saturation so that ink and outlines are seen on it.
    const double most = theme.dark ? 0.76 : 0.88;
    const double amount = std::pow(std::min(1.0, std::abs(value) / peak), 0.42) * most;
    return mix(theme.cell, value < 0 ? theme.negative : theme.positive, amount);
}

Colour faded(Colour fill, Colour ground) { return mix(ground, fill, 0.34); }

Colour faded_ink(Colour ink, Colour fill) {
    constexpr double kLegible = 3.6;  // more than is asked for: people see colours differently
    for (const double amount : {0.4, 0.3, 0.2, 0.1}) {
        const Colour paler = mix(ink, fill, amount);
        if (contrast(paler, fill) >= kLegible) return paler;
    }
    return ink;
}

Colour heat_colour(const Theme& theme, float share) {
    if (!(share > 0)) return theme.cell;
    const double at = std::min(static_cast<double>(share), 1.0) * 2;
    return at <= 1 ? mix(theme.heat_low, theme.heat_middle, at) : mix(theme.heat_middle, theme.heat_high, at - 1);
}

Colour ink_on(const Theme& theme, Colour ground) {
    const Colour ink = theme.dark ? rgb(0xFFFFFF) : rgb(0x14161A);
    const Colour other = theme.dark ? rgb(0x0E1013) : rgb(0xFFFFFF);
    return contrast(ink, ground) >= contrast(other, ground) * 0.8 ? ink : other;
}

std::string latex_colour(Role role, const void* theme) {
    if (role == Role::plain || role == Role::channels) return {};
    const Colour c = static_cast<const Theme*>(theme)->role(role);
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "#%02x%02x%02x", c.r, c.g, c.b);
    return text.data();
}

}  // namespace convlens
