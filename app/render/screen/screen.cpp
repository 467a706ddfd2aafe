#include "app/render/screen/screen.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include <imgui.h>

#include "app/render/screen/draw.h"

namespace convlens {

namespace {

// Formulas are pictures: made for the pixels of the screen, which may be finer than the units that ImGui counts in.
float pixel_density() { return std::max(1.0F, ImGui::GetIO().DisplayFramebufferScale.x); }

ImVec2 formula_size(const ScreenTexture& texture, float density) {
    return {static_cast<float>(texture.width) / density, static_cast<float>(texture.height) / density};
}

}  // namespace

struct ScreenRenderer::Impl {
    ScreenFonts fonts;
    ScreenTextures textures;
    // Small tiles: of a large picture that is looked at closely only what is in sight is handed over.
    ImageTextures pictures{{.tile = 1024}};
};

ScreenRenderer::ScreenRenderer(const ScreenFonts& fonts) : impl_(std::make_unique<Impl>()) { impl_->fonts = fonts; }
ScreenRenderer::~ScreenRenderer() = default;

const ScreenFonts& ScreenRenderer::faces() const { return impl_->fonts; }

void ScreenRenderer::draw(const Scene& scene, Point at, ImDrawList* list) {
    const Point origin{std::round(at.x), std::round(at.y)};
    const ScreenTarget target{list, origin, impl_->fonts, impl_->textures, impl_->pictures};
    const ImVec2 low = target.place({0, 0}), high = target.place({scene.width, scene.height});
    list->PushClipRect(low, high, true);
    if (scene.background.a > 0) list->AddRectFilled(low, high, packed(scene.background));
    const SceneClip* clip = nullptr;
    for (std::size_t i = 0; i < scene.marks.size(); ++i) {
        if (const SceneClip* next = clip_of(scene, i); next != clip) {
            if (clip != nullptr) list->PopClipRect();
            if (next != nullptr) {
                const Rect& r = next->rect;
                list->PushClipRect(target.place({r.x, r.y}), target.place({r.right(), r.bottom()}), true);
            }
            clip = next;
        }
        std::visit([&](const auto& one) { draw_mark(target, one); }, scene.marks[i]);
    }
    if (clip != nullptr) list->PopClipRect();
    list->PopClipRect();
}

void ScreenRenderer::formula(std::string_view latex, float size, Colour colour) {
    const float density = pixel_density();
    const ScreenTexture& texture = impl_->textures.formula(latex, size * density, colour);
    if (texture.id == 0) return;
    ImGui::Image(ImTextureRef(static_cast<ImTextureID>(texture.id)), formula_size(texture, density));
}

void ScreenRenderer::end_frame() {
    impl_->textures.end_frame();
    impl_->pictures.end_frame();
}

void draw_mark(const ScreenTarget& target, const FormulaMark& mark) {
    const float density = pixel_density();
    const ScreenTexture& texture = target.textures.formula(mark.latex, mark.size * density, mark.colour);
    if (texture.id == 0) return;
    const ImVec2 at = target.place({std::round(mark.at.x), std::round(mark.at.y)});
    const ImVec2 size = formula_size(texture, density);
    target.list->AddImage(ImTextureRef(static_cast<ImTextureID>(texture.id)), at, {at.x + size.x, at.y + size.y});
}

void draw_mark(const ScreenTarget& target, const ImageMark& mark) {
    if (!mark.image || mark.image->empty()) return;
    const auto wide = [](const Rect& r) { return TextureRect{r.x, r.y, r.w, r.h}; };
    // Dear ImGui's own sampler knows neither mipmaps nor squares; the textures say how they want to be read.
    const ImGuiPlatformIO& platform = ImGui::GetPlatformIO();
    target.list->AddCallback(platform.DrawCallback_SetSamplerFromTex, nullptr);
    for (const TexturePiece& piece : target.pictures.pieces(mark.image, wide(mark.source), wide(mark.target))) {
        const TextureRect& r = piece.target;
        const ImVec2 low = target.place({static_cast<float>(r.x), static_cast<float>(r.y)});
        const ImVec2 high = target.place({static_cast<float>(r.x + r.w), static_cast<float>(r.y + r.h)});
        target.list->AddImage(ImTextureRef(static_cast<ImTextureID>(piece.texture)), low, high, {piece.u0, piece.v0},
                              {piece.u1, piece.v1});
    }
    target.list->AddCallback(platform.DrawCallback_ResetRenderState, nullptr);
}

}  // namespace convlens
