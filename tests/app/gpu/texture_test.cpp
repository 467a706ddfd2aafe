#include "app/gpu/texture.h"

#include <glad/gl.h>

#include <cmath>
#include <limits>

#include "tests/app/gpu/gl_test.h"
#include "tests/core/engine/filter/naive_filter.h"

namespace convlens {
namespace {

using test::random_image;

class ImageTexturesTest : public test::GlTest {};

ImageRef shared(Image image) { return std::make_shared<const Image>(std::move(image)); }

TextureRect whole(const Image& image) {
    return {0, 0, static_cast<double>(image.width()), static_cast<double>(image.height())};
}

struct Texels {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;
    int at(int x, int y, int c) const { return rgba[static_cast<std::size_t>((y * width + x) * 4 + c)]; }
};

Texels read(unsigned int texture, int level = 0) {
    Texels texels;
    glBindTexture(GL_TEXTURE_2D, texture);
    glGetTexLevelParameteriv(GL_TEXTURE_2D, level, GL_TEXTURE_WIDTH, &texels.width);
    glGetTexLevelParameteriv(GL_TEXTURE_2D, level, GL_TEXTURE_HEIGHT, &texels.height);
    texels.rgba.resize(static_cast<std::size_t>(texels.width * texels.height) * 4);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glGetTexImage(GL_TEXTURE_2D, level, GL_RGBA, GL_UNSIGNED_BYTE, texels.rgba.data());
    glBindTexture(GL_TEXTURE_2D, 0);
    return texels;
}

TEST_F(ImageTexturesTest, ASmallPictureIsOnePiece) {
    ImageTextures textures;
    const ImageRef image = shared(random_image(13, 7, 3, Depth::u8, 1));
    const auto pieces = textures.pieces(image, whole(*image), {100, 50, 26, 14});
    ASSERT_EQ(pieces.size(), 1U);
    EXPECT_EQ(pieces[0].u0, 0);
    EXPECT_EQ(pieces[0].v1, 1);
    EXPECT_EQ(pieces[0].target.x, 100);
    EXPECT_EQ(pieces[0].target.h, 14);
    const Texels texels = read(pieces[0].texture);
    for (int y = 0; y < 7; ++y)
        for (int x = 0; x < 13; ++x)
            for (int c = 0; c < 3; ++c) ASSERT_EQ(texels.at(x, y, c), image->sample(x, y, c));
}

TEST_F(ImageTexturesTest, APartIsDrawnWhereItBelongs) {
    ImageTextures textures;
    const ImageRef image = shared(Image(100, 50, 1, Depth::u8));
    const auto pieces = textures.pieces(image, {25, 10, 50, 20}, {0, 0, 200, 80});
    ASSERT_EQ(pieces.size(), 1U);
    EXPECT_FLOAT_EQ(pieces[0].u0, 0.25F);
    EXPECT_FLOAT_EQ(pieces[0].u1, 0.75F);
    EXPECT_FLOAT_EQ(pieces[0].v0, 0.2F);
    EXPECT_FLOAT_EQ(pieces[0].v1, 0.6F);
    // What lies outside of the picture draws nothing: here the left half of the target.
    const auto outside = textures.pieces(image, {-50, 0, 100, 50}, {0, 0, 200, 100});
    ASSERT_EQ(outside.size(), 1U);
    EXPECT_EQ(outside[0].target.x, 100);
    EXPECT_EQ(outside[0].target.w, 100);
    EXPECT_EQ(outside[0].u0, 0);
    EXPECT_TRUE(textures.pieces(image, {200, 0, 10, 10}, {0, 0, 10, 10}).empty());
    EXPECT_TRUE(textures.pieces(image, {0, 0, 0, 10}, {0, 0, 10, 10}).empty());
    EXPECT_TRUE(textures.pieces(nullptr, {0, 0, 1, 1}, {0, 0, 10, 10}).empty());
}

TEST_F(ImageTexturesTest, LargePicturesAreTilesWithoutSeams) {
    ImageTextureOptions options;
    options.tile = 32;
    ImageTextures textures(options);
    const ImageRef image = shared(random_image(100, 70, 3, Depth::u8, 2));
    const auto pieces = textures.pieces(image, whole(*image), {0, 0, 100, 70});
    EXPECT_EQ(pieces.size(), 12U);
    double area = 0;
    for (const TexturePiece& piece : pieces) {
        area += piece.target.w * piece.target.h;
        const Texels texels = read(piece.texture);
        EXPECT_LE(texels.width, 32);
        EXPECT_LE(texels.height, 32);
        // Every pixel of the piece, and its neighbours on both sides, are the picture's.
        const int first_x = static_cast<int>(std::lround(piece.u0 * static_cast<float>(texels.width)));
        const int first_y = static_cast<int>(std::lround(piece.v0 * static_cast<float>(texels.height)));
        const auto left = static_cast<std::int64_t>(piece.target.x), top = static_cast<std::int64_t>(piece.target.y);
        for (std::int64_t y = std::max<std::int64_t>(top - 1, 0);
             y < std::min<std::int64_t>(top + std::lround(piece.target.h) + 1, 70); ++y)
            for (std::int64_t x = std::max<std::int64_t>(left - 1, 0);
                 x < std::min<std::int64_t>(left + std::lround(piece.target.w) + 1, 100); ++x)
                ASSERT_EQ(texels.at(static_cast<int>(x - left) + first_x, static_cast<int>(y - top) + first_y, 1),
                          image->sample(x, y, 1));
    }
    EXPECT_EQ(area, 7000);
    EXPECT_EQ(textures.pieces(image, {40, 40, 5, 5}, {0, 0, 10, 10}).size(), 1U);
}

// Edges of neighbours are the same number, whatever the zoom.
TEST_F(ImageTexturesTest, NothingShowsBetweenTiles) {
    ImageTextureOptions options;
    options.tile = 32;
    ImageTextures textures(options);
    const ImageRef image = shared(Image(100, 20, 1, Depth::u8));
    const auto pieces = textures.pieces(image, {3.3, 0, 91.7, 20}, {0.123, 0, 1234.567, 20});
    ASSERT_EQ(pieces.size(), 4U);
    for (std::size_t i = 1; i < pieces.size(); ++i)
        EXPECT_NEAR(pieces[i - 1].target.x + pieces[i - 1].target.w, pieces[i].target.x, 1e-9);
}

TEST_F(ImageTexturesTest, MipmapsOfTilesLieWhereThoseOfOneTextureWould) {
    ImageTextureOptions options;
    options.tile = 512;
    ImageTextures tiled(options);
    ImageTextures one;
    const ImageRef image = shared(random_image(1024, 16, 1, Depth::u8, 3));
    const Texels expected = read(one.pieces(image, whole(*image), {0, 0, 1024, 16})[0].texture, 2);
    const auto pieces = tiled.pieces(image, whole(*image), {0, 0, 1024, 16});
    ASSERT_EQ(pieces.size(), 3U);
    const Texels second = read(pieces[1].texture, 2);
    for (int x = 0; x < second.width - 1; ++x) EXPECT_NEAR(second.at(x, 1, 0), expected.at(x + 464 / 4, 1, 0), 1) << x;
}

TEST_F(ImageTexturesTest, EveryDepthAndChannelCountIsShown) {
    ImageTextures textures;
    Image words(2, 1, 2, Depth::u16);
    words.row<std::uint16_t>(0)[0] = 65535;
    words.row<std::uint16_t>(0)[1] = 32768;
    const ImageRef deep = shared(std::move(words));
    const auto piece = textures.pieces(deep, whole(*deep), {0, 0, 2, 1});
    ASSERT_EQ(piece.size(), 1U);
    glBindTexture(GL_TEXTURE_2D, piece[0].texture);
    GLint swizzle[4] = {};
    glGetTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, swizzle);
    EXPECT_EQ(swizzle[2], GL_RED);
    EXPECT_EQ(swizzle[3], GL_GREEN);
    EXPECT_EQ(read(piece[0].texture).at(0, 0, 0), 255);
    EXPECT_EQ(read(piece[0].texture).at(0, 0, 1), 128);

    Image floats(4, 1, 1, Depth::f32);
    floats.row<float>(0)[0] = 1;
    floats.row<float>(0)[1] = -4;
    floats.row<float>(0)[2] = 40;
    floats.row<float>(0)[3] = std::numeric_limits<float>::quiet_NaN();
    const ImageRef wide = shared(std::move(floats));
    const Texels texels = read(textures.pieces(wide, whole(*wide), {0, 0, 4, 1})[0].texture);
    EXPECT_EQ(texels.at(0, 0, 0), 255);
    EXPECT_EQ(texels.at(1, 0, 0), 0);
    EXPECT_EQ(texels.at(2, 0, 0), 255);
    EXPECT_EQ(texels.at(3, 0, 0), 0);
}

TEST_F(ImageTexturesTest, APictureIsUploadedOnceAndFreedWithIt) {
    ImageTextures textures;
    ImageRef image = shared(random_image(64, 64, 3, Depth::u8, 1));
    const unsigned int first = textures.pieces(image, whole(*image), {0, 0, 64, 64})[0].texture;
    textures.end_frame();
    EXPECT_EQ(textures.pieces(image, whole(*image), {0, 0, 64, 64})[0].texture, first);
    EXPECT_GT(textures.bytes(), 64U * 64 * 4);
    image.reset();
    textures.end_frame();
    EXPECT_EQ(textures.bytes(), 0U);
    EXPECT_EQ(glIsTexture(first), GL_FALSE);
}

TEST_F(ImageTexturesTest, OverTheCapTheLongestUnseenGoFirst) {
    ImageTextureOptions options;
    options.byte_cap = 64 * 64 * 4 * 3;
    ImageTextures textures(options);
    std::vector<ImageRef> images;
    for (unsigned i = 0; i < 4; ++i) images.push_back(shared(random_image(64, 64, 3, Depth::u8, i)));
    for (const ImageRef& image : images) {
        textures.pieces(image, whole(*image), {0, 0, 64, 64});
        textures.end_frame();
    }
    EXPECT_LE(textures.bytes(), options.byte_cap);
    EXPECT_EQ(textures.pieces(images[3], whole(*images[3]), {0, 0, 64, 64}).size(), 1U);
    // What is in sight is kept, whatever its size.
    for (const ImageRef& image : images) textures.pieces(image, whole(*image), {0, 0, 64, 64});
    textures.end_frame();
    EXPECT_GT(textures.bytes(), options.byte_cap);
}

TEST_F(ImageTexturesTest, LeavesTheCallersBindingsAlone) {
    GLuint texture = 0;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 5);
    ImageTextures textures;
    const ImageRef image = shared(random_image(9, 9, 3, Depth::u8, 1));
    textures.pieces(image, whole(*image), {0, 0, 9, 9});
    GLint value = 0;
    glGetIntegerv(GL_TEXTURE_BINDING_2D, &value);
    EXPECT_EQ(static_cast<GLuint>(value), texture);
    glGetIntegerv(GL_UNPACK_ROW_LENGTH, &value);
    EXPECT_EQ(value, 5);
    EXPECT_EQ(glGetError(), GLenum{GL_NO_ERROR});
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glDeleteTextures(1, &texture);
}

}  // namespace
}  // namespace convlens
