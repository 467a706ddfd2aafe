// The line above the planes that says what a layer is set to: "kernel 3×3 · stride 2 · padding 1 · 5 → 3", and the size
// formula with its numbers behind it or below. Internal to app/views.
#pragma once

#include <string>
#include <vector>

#include "app/derived/derived.h"
#include "app/scene/scene.h"
#include "app/scene/theme.h"
#include "core/conv/expr.h"
#include "core/text/message.h"

namespace convlens {

// A setting in words, and the role whose hue it is written in.
struct SettingPart {
    Message words;
    Role role = Role::plain;
};

// What the line names: "transposed" or how a layer pools, the kernel, the stride, what else is not as it is usually, and
// the sizes that go in and come out. A layer of height 1 is told by its columns alone.
std::vector<SettingPart> setting_parts(const DerivedLayer& layer);

// The output's size from its numbers: "⌊(5 + 2·1 − 3)/2⌋ + 1 = 3"; where the axes' numbers differ one for each,
// "H_o = …" and "W_o = …".
std::vector<Expr> size_formulas(const DerivedLayer& layer);

// What stands above one pane.
struct PaneSettings {
    const DerivedLayer& layer;
    std::string lead;  // before the settings: "2:", or nothing
};

// How the lines of all panes of a picture are drawn, so that their planes begin at one height. Pixels.
struct SettingPlan {
    float size = 0;        // of the text; 0: there is no line
    bool formula = false;  // the size formula, too
    bool broken = false;   // the sizes and the formula have a row of their own
    float height = 0;      // that is taken from each pane, with the gap below
};
// The largest text at which the lines of all panes, broken at their separators, are no wider than `room` and take a small
// part of its height. The formula is left out where it would be smaller than the least text.
SettingPlan plan_setting_lines(const std::vector<PaneSettings>& panes, const Rect& room, const Page& page,
                               const FontMetrics& fonts);

// Draws the line of one pane at the top of `area`, in its middle.
void add_setting_line(Scene& scene, int pane, const PaneSettings& settings, const SettingPlan& plan, const Rect& area,
                      const Theme& theme, const Page& page, const FontMetrics& fonts);

}  // namespace convlens
