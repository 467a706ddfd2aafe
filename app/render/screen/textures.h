// Small GL textures by the content that they show: planes of cells and typeset formulas.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/render/cairo/figure.h"

namespace convlens {

struct ScreenTexture {
    unsigned int id = 0;  // GL name
    int width = 0, height = 0;
    bool linear = false;
    int idle_frames = 0;
};

// Needs a current GL context from the first use to the end.
class ScreenTextures {
public:
    ScreenTextures() = default;
    ~ScreenTextures();
    ScreenTextures(const ScreenTextures&) = delete;
    ScreenTextures& operator=(const ScreenTextures&) = delete;

    // width*height colours, shown without blending between cells. Its key is its content.
    const ScreenTexture& cells(std::span<const Colour> colours, int width, int height);

    // A typeset formula, made when it is not there.
    const ScreenTexture& formula(std::string_view latex, float size, Colour colour);

    // Forgets what was not used for a while. After everything was drawn.
    void end_frame();

    int longest_side();  // that the GL can hold

private:
    ScreenTexture upload(std::span<const std::uint8_t> rgba, int width, int height, bool linear);
    void sweep(std::unordered_map<std::string, ScreenTexture>& textures, int most_idle);

    std::unordered_map<std::string, ScreenTexture> cells_;
    std::unordered_map<std::string, ScreenTexture> formulas_;
    std::vector<ScreenTexture> spare_;  // forgotten ones, to be filled anew
    int longest_side_ = 0;
};

}  // namespace convlens
