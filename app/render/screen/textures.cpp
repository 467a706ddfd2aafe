#include "app/render/screen/textures.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <glad/gl.h>

namespace convlens {

namespace {

// Planes change with every step of the play, formulas only with the layer.
constexpr int kCellsIdle = 4;
constexpr int kFormulaIdle = 240;
constexpr std::size_t kMostSpare = 16;

template <typename T>
void append(std::string& key, const T& value) {
    key.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

ScreenTextures::~ScreenTextures() {
    for (const auto* map : {&cells_, &formulas_})
        for (const auto& [key, texture] : *map) glDeleteTextures(1, &texture.id);
    for (const ScreenTexture& texture : spare_) glDeleteTextures(1, &texture.id);
}

const ScreenTexture& ScreenTextures::cells(std::span<const Colour> colours, int width, int height) {
    static_assert(sizeof(Colour) == 4, "a Colour is a texel");
    std::string key(reinterpret_cast<const char*>(colours.data()), colours.size_bytes());
    append(key, width);
    const auto [entry, fresh] = cells_.try_emplace(std::move(key));
    if (fresh) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(colours.data());
        entry->second = upload({bytes, colours.size_bytes()}, width, height, false);
    }
    entry->second.idle_frames = 0;
    return entry->second;
}

const ScreenTexture& ScreenTextures::formula(std::string_view latex, float size, Colour colour) {
    std::string key(latex);
    append(key, size);
    append(key, colour);
    const auto [entry, fresh] = formulas_.try_emplace(std::move(key));
    if (fresh) {
        const Bitmap bitmap = draw_formula(latex, size, colour);
        if (!bitmap.rgba.empty()) entry->second = upload(bitmap.rgba, bitmap.width, bitmap.height, true);
    }
    entry->second.idle_frames = 0;
    return entry->second;
}

ScreenTexture ScreenTextures::upload(std::span<const std::uint8_t> rgba, int width, int height, bool linear) {
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    const auto fits = [&](const ScreenTexture& t) {
        return t.width == width && t.height == height && t.linear == linear;
    };
    const auto old = std::ranges::find_if(spare_, fits);
    if (old != spare_.end()) {
        ScreenTexture texture = *old;
        spare_.erase(old);
        glBindTexture(GL_TEXTURE_2D, texture.id);
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
        return texture;
    }
    ScreenTexture texture{0, width, height, linear, 0};
    glGenTextures(1, &texture.id);
    glBindTexture(GL_TEXTURE_2D, texture.id);
    const GLint filter = linear ? GL_LINEAR : GL_NEAREST;
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, filter);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, filter);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
    return texture;
}

void ScreenTextures::end_frame() {
    sweep(cells_, kCellsIdle);
    sweep(formulas_, kFormulaIdle);
    while (spare_.size() > kMostSpare) {
        glDeleteTextures(1, &spare_.front().id);
        spare_.erase(spare_.begin());
    }
}

void ScreenTextures::sweep(std::unordered_map<std::string, ScreenTexture>& textures, int most_idle) {
    for (auto entry = textures.begin(); entry != textures.end();) {
        if (entry->second.idle_frames++ < most_idle) {
            ++entry;
            continue;
        }
        if (entry->second.id != 0) spare_.push_back(entry->second);
        entry = textures.erase(entry);
    }
}

int ScreenTextures::longest_side() {
    if (longest_side_ == 0) glGetIntegerv(GL_MAX_TEXTURE_SIZE, &longest_side_);
    return std::max(longest_side_, 64);
}

}  // namespace convlens
