#include "app/gpu/texture.h"

#include <glad/gl.h>

#include <algorithm>
#include <unordered_map>

#include "app/gpu/gl_object.h"
#include "app/gpu/gl_state.h"
#include "core/image/sample.h"

namespace convlens {

namespace {

// One axis of a tile. It draws the pixels [first, end) and holds [held_first, held_end): a little more on both sides,
// so that filtering at its edge sees the same neighbours as the tile beside it.
struct TileSpan {
    std::int64_t first = 0, end = 0;
    std::int64_t held_first = 0, held_end = 0;
    std::int64_t held() const { return held_end - held_first; }
};

// Tiles begin at multiples of the overlap. With 16 the texels of the first four mipmap levels then lie where they would
// lie in one large texture; coarser levels are seen at less than a sixteenth of the size.
std::vector<TileSpan> cut(std::int64_t length, std::int64_t tile) {
    if (length <= tile) return {{0, length, 0, length}};
    const std::int64_t overlap = tile >= 512 ? 16 : 1;
    const std::int64_t step = (tile - 2 * overlap) / overlap * overlap;
    std::vector<TileSpan> spans;
    for (std::int64_t first = 0; first < length; first += step) {
        const std::int64_t end = std::min(first + step, length);
        spans.push_back({first, end, std::max<std::int64_t>(first - overlap, 0), std::min(end + overlap, length)});
    }
    return spans;
}

struct Tile {
    TileSpan x, y;
    GlTexture texture;
    std::size_t bytes = 0;
    std::int64_t last_frame = -1;
};

struct Entry {
    std::weak_ptr<const Image> image;  // its address may be given to another image once it is gone
    std::vector<Tile> tiles;
};

GLenum client_format(int channels) {
    constexpr GLenum kFormats[] = {GL_RED, GL_RG, GL_RGB, GL_RGBA};
    return kFormats[channels - 1];
}

// Three channels as four: what GPUs keep anyway.
GLint internal_format(int channels) {
    constexpr GLint kFormats[] = {GL_R8, GL_RG8, GL_RGBA8, GL_RGBA8};
    return kFormats[channels - 1];
}

std::size_t texel_bytes(int channels) { return channels == 3 ? 4 : static_cast<std::size_t>(channels); }

// The tile's part of the image in bytes.
std::vector<std::uint8_t> display_bytes(const Image& image, const Tile& tile) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(tile.x.held() * tile.y.held() * image.channels()));
    const auto scale = static_cast<float>(255 / white(image.depth()));
    const auto row_samples = static_cast<std::size_t>(tile.x.held() * image.channels());
    with_sample_type(image.depth(), [&](auto type) {
        auto* to = bytes.data();
        for (std::int64_t y = tile.y.held_first; y < tile.y.held_end; ++y) {
            const auto row = image.row<decltype(type)>(y);
            const auto* from = &row[static_cast<std::size_t>(tile.x.held_first * image.channels())];
            for (std::size_t i = 0; i < row_samples; ++i)
                *to++ = to_sample<std::uint8_t>(static_cast<float>(from[i]) * scale);
        }
    });
    return bytes;
}

void set_drawing(int channels) {
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    if (channels > 2) return;
    const GLint swizzle[] = {GL_RED, GL_RED, GL_RED, channels == 2 ? GL_GREEN : GL_ONE};
    glTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, swizzle);
}

// Leaves the tile without a texture where the GPU has no room for it.
void upload(const Image& image, Tile& tile) {
    const TextureState state;
    clear_gl_errors();
    tile.texture = make_texture();
    glBindTexture(GL_TEXTURE_2D, tile.texture.id());
    set_drawing(image.channels());
    const auto fill = [&](const void* bytes) {
        glTexImage2D(GL_TEXTURE_2D, 0, internal_format(image.channels()), static_cast<GLsizei>(tile.x.held()),
                     static_cast<GLsizei>(tile.y.held()), 0, client_format(image.channels()), GL_UNSIGNED_BYTE, bytes);
    };
    if (image.depth() == Depth::u8) {
        glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(image.width()));
        fill(&image.row<std::uint8_t>(
            tile.y.held_first)[static_cast<std::size_t>(tile.x.held_first * image.channels())]);
    } else {
        fill(display_bytes(image, tile).data());
    }
    glGenerateMipmap(GL_TEXTURE_2D);
    tile.bytes = static_cast<std::size_t>(tile.x.held() * tile.y.held()) * texel_bytes(image.channels()) * 4 / 3;
    if (take_gl_error()) {
        tile.texture.reset();
        tile.bytes = 0;
    }
}

std::vector<Tile> make_tiles(const Image& image, std::int64_t side) {
    std::vector<Tile> tiles;
    for (const TileSpan& y : cut(image.height(), side))
        for (const TileSpan& x : cut(image.width(), side)) tiles.push_back({x, y, {}, 0, -1});
    return tiles;
}

// The part of a tile that a source rectangle shows, and where it is drawn. Neighbours compute their common edge from
// the same numbers, so that nothing shows between them.
struct Cut {
    double first, end;  // pixels of the image
    double target_first, target_end;
    bool empty() const { return end <= first; }
};

Cut cut_axis(const TileSpan& tile, double source, double length, double target, double target_length) {
    Cut part{};
    part.first = std::max(source, static_cast<double>(tile.first));
    part.end = std::min(source + length, static_cast<double>(tile.end));
    const auto place = [&](double pixel) { return target + (pixel - source) / length * target_length; };
    part.target_first = place(part.first);
    part.target_end = place(part.end);
    return part;
}

float texture_coordinate(const TileSpan& tile, double pixel) {
    return static_cast<float>((pixel - static_cast<double>(tile.held_first)) / static_cast<double>(tile.held()));
}

}  // namespace

struct ImageTextures::Impl {
    ImageTextureOptions options;
    std::int64_t side = 0;  // of a tile
    std::unordered_map<const Image*, Entry> entries;
    std::size_t bytes = 0;
    std::int64_t frame = 0;

    Entry& entry_of(const ImageRef& image);
    void forget(Entry& entry);
    void keep_to_cap();
};

ImageTextures::ImageTextures(ImageTextureOptions options) : impl_(new Impl{options, 0, {}, 0, 0}) {}
ImageTextures::~ImageTextures() = default;

std::size_t ImageTextures::bytes() const { return impl_->bytes; }

Entry& ImageTextures::Impl::entry_of(const ImageRef& image) {
    if (side == 0) {
        GLint most = 0;
        glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
        side = std::clamp<std::int64_t>(options.tile, 4, std::max(most, 64));
    }
    Entry& entry = entries[image.get()];
    if (entry.image.lock() != image) {
        forget(entry);
        entry = {image, make_tiles(*image, side)};
    }
    return entry;
}

std::vector<TexturePiece> ImageTextures::pieces(const ImageRef& image, const TextureRect& source,
                                                const TextureRect& target) {
    std::vector<TexturePiece> pieces;
    if (!image || image->empty() || !(source.w > 0) || !(source.h > 0)) return pieces;
    Entry& entry = impl_->entry_of(image);
    for (Tile& tile : entry.tiles) {
        const Cut x = cut_axis(tile.x, source.x, source.w, target.x, target.w);
        const Cut y = cut_axis(tile.y, source.y, source.h, target.y, target.h);
        if (x.empty() || y.empty()) continue;
        if (!tile.texture) {
            upload(*image, tile);
            impl_->bytes += tile.bytes;
        }
        tile.last_frame = impl_->frame;
        if (!tile.texture) continue;
        pieces.push_back(
            {tile.texture.id(),
             texture_coordinate(tile.x, x.first),
             texture_coordinate(tile.y, y.first),
             texture_coordinate(tile.x, x.end),
             texture_coordinate(tile.y, y.end),
             {x.target_first, y.target_first, x.target_end - x.target_first, y.target_end - y.target_first}});
    }
    return pieces;
}

void ImageTextures::Impl::forget(Entry& entry) {
    for (const Tile& tile : entry.tiles) bytes -= tile.bytes;
    entry.tiles.clear();
}

void ImageTextures::Impl::keep_to_cap() {
    std::vector<Tile*> unseen;
    for (auto& [image, entry] : entries)
        for (Tile& tile : entry.tiles)
            if (tile.texture && tile.last_frame < frame) unseen.push_back(&tile);
    std::sort(unseen.begin(), unseen.end(), [](const Tile* a, const Tile* b) { return a->last_frame < b->last_frame; });
    for (Tile* tile : unseen) {
        if (bytes <= options.byte_cap) return;
        bytes -= tile->bytes;
        tile->bytes = 0;
        tile->texture.reset();
    }
}

void ImageTextures::end_frame() {
    Impl& self = *impl_;
    for (auto entry = self.entries.begin(); entry != self.entries.end();) {
        if (!entry->second.image.expired()) {
            ++entry;
            continue;
        }
        self.forget(entry->second);
        entry = self.entries.erase(entry);
    }
    if (self.bytes > self.options.byte_cap) self.keep_to_cap();
    ++self.frame;
}

}  // namespace convlens
