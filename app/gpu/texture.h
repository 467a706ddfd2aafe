// Images as textures for display: cut into tiles where they are large, uploaded when first seen, kept while there is
// room. White of u16 and 1.0 of f32 become white, what lies outside is clamped, NaN is black.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/image/image.h"

namespace convlens {

// A rectangle in pixels of the image or of the screen; x, y is its top left corner.
struct TextureRect {
    double x = 0, y = 0, w = 0, h = 0;
};

// One textured rectangle to draw: the texture's part u0..u1, v0..v1 onto `target`. v grows downwards in the image.
struct TexturePiece {
    unsigned int texture = 0;  // GL name
    float u0 = 0, v0 = 0, u1 = 0, v1 = 0;
    TextureRect target;
};

struct ImageTextureOptions {
    std::size_t byte_cap = std::size_t{512} << 20;  // of all tiles together; what is in sight is kept beyond it
    int tile = 4096;                                // longest side of a tile, and no more than GL_MAX_TEXTURE_SIZE
};

// Needs a current GL context from the first use to the end. What the caller has bound stays bound.
class ImageTextures {
public:
    explicit ImageTextures(ImageTextureOptions options = {});
    ~ImageTextures();
    ImageTextures(const ImageTextures&) = delete;
    ImageTextures& operator=(const ImageTextures&) = delete;

    // The pieces that draw `source`, in pixels of the image, onto `target`. Parts of `source` outside of the image draw
    // nothing. Made smaller, images are averaged (mipmaps); made larger, they show their pixels as squares. Pieces
    // are good until end_frame().
    std::vector<TexturePiece> pieces(const ImageRef& image, const TextureRect& source, const TextureRect& target);

    // Frees what is over the cap, longest unseen first, and what belongs to images that are gone. Once a frame, after
    // everything was drawn.
    void end_frame();

    std::size_t bytes() const;  // held now

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace convlens
