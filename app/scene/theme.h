// Colours and how values become them. Two themes; every parameter owns one hue.
#pragma once

#include "app/scene/geometry.h"
#include "core/conv/expr.h"

namespace convlens {

struct Theme {
    bool dark = false;
    Colour background;  // of the canvas
    Colour panel;       // of panels and menus
    Colour text;
    Colour faint;    // secondary text
    Colour line;     // grid lines
    Colour frame;    // outlines of planes
    Colour cell;     // a cell with value 0
    Colour padding;  // a padding cell
    Colour empty;    // an output cell not yet written
    Colour accent;   // the current step, in words and lines
    Colour hover;    // what the pointer lights
    // On planes, where values have colours of their own: the window's frame and the outlines of what it reads, the
    // outlines of what the pointer lights, and the weights that stand in the cells. At least 3:1 against every value's
    // colour, however colours are seen.
    Colour reading, pointing, weight_ink;
    Colour problem;
    Colour negative, positive;                // ends of the value scale (blue - neutral - orange)
    Colour heat_low, heat_middle, heat_high;  // how often: from seldom to often, in steps of lightness
    Colour kernel, stride, pad, dilation, output_padding, input, output, weight, bias,
        anchor;  // hues of parameters

    Colour role(Role role) const;
};

const Theme& light_theme();
const Theme& dark_theme();

// Diverging scale: -peak .. 0 .. peak; not-a-number and infinities have a look of their own.
Colour value_colour(const Theme& theme, double value, double peak);
// What a step does not read steps back: the fill most of the way to the cell's ground, the ink after it as far as it
// stays legible (3:1). `fill` is what the ink then stands on.
Colour faded(Colour fill, Colour ground);
Colour faded_ink(Colour ink, Colour fill);
// Sequential scale for how often something happens: `share` 0 is never, the colour of a plain cell; up to 1 it goes from the
// theme's low over its middle to its high heat. Lightness alone tells the order, so that it is read in grey, too.
Colour heat_colour(const Theme& theme, float share);
// Black or white, whichever reads better on `ground`; `ground` is opaque.
Colour ink_on(const Theme& theme, Colour ground);
// "#rrggbb" of a role, for to_latex(); `theme` points to a Theme.
std::string latex_colour(Role role, const void* theme);

// Text that is secondary is this much smaller; nothing goes below it.
inline constexpr float kSmallText = 0.85F;

}  // namespace convlens
