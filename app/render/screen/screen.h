// A Scene drawn on Dear ImGui's draw list. Grids become one nearest-filtered texture each plus their numbers.
#pragma once

#include <memory>

#include "app/scene/scene.h"

struct ImDrawList;
struct ImFont;

namespace convlens {

struct ScreenFonts {
    ImFont* text = nullptr;
    ImFont* bold = nullptr;
    ImFont* mono = nullptr;
};

// Owns the textures of grids, formulas and pictures; forgets those not used for a while. Needs a current GL context.
class ScreenRenderer {
public:
    explicit ScreenRenderer(const ScreenFonts& fonts);
    ~ScreenRenderer();
    ScreenRenderer(const ScreenRenderer&) = delete;
    ScreenRenderer& operator=(const ScreenRenderer&) = delete;

    const ScreenFonts& faces() const;

    // Draws `scene` with its origin at `at` (screen pixels), clipped to its size.
    void draw(const Scene& scene, Point at, ImDrawList* list);

    // A formula as an ImGui item of its natural size, e.g. in the Explain panel. `size` in pixels.
    void formula(std::string_view latex, float size, Colour colour);

    // Call once a frame, after everything was drawn.
    void end_frame();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace convlens
