// PNG files as libpng reads them.
#include <png.h>

#include <gtest/gtest.h>

#include "app/export/png.h"
#include "app/render/cairo/figure.h"
#include "core/io/error.h"
#include "tests/app/render/pixels.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

struct PngFile {
    Bitmap bitmap;
    bool alpha = false;
};

PngFile read(const std::string& path) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    PngFile file;
    EXPECT_NE(png_image_begin_read_from_file(&image, path.c_str()), 0) << image.message;
    file.alpha = (image.format & PNG_FORMAT_FLAG_ALPHA) != 0;
    image.format = PNG_FORMAT_RGBA;
    file.bitmap = {static_cast<int>(image.width), static_cast<int>(image.height), {}};
    file.bitmap.rgba.resize(PNG_IMAGE_SIZE(image));
    EXPECT_NE(png_image_finish_read(&image, nullptr, file.bitmap.rgba.data(), 0, nullptr), 0) << image.message;
    return file;
}

Bitmap gradient() {
    Bitmap bitmap{64, 48, {}};
    for (int y = 0; y < 48; ++y)
        for (int x = 0; x < 64; ++x)
            for (const int v : {x * 4, y * 5, (x * y) % 256, (x + y) * 2})
                bitmap.rgba.push_back(static_cast<std::uint8_t>(v));
    return bitmap;
}

TEST(Png, KeepsColoursAndAlpha) {
    const TempFolder folder;
    const Bitmap bitmap = gradient();
    save_png(bitmap, folder / "a.png");
    const PngFile file = read(folder / "a.png");
    EXPECT_TRUE(file.alpha);
    EXPECT_EQ(file.bitmap.width, 64);
    EXPECT_EQ(file.bitmap.rgba, bitmap.rgba);
}

TEST(Png, OpaquePicturesHaveNoAlpha) {
    const TempFolder folder;
    const Bitmap bitmap = drawn(40, 30, DotMark{{}, {20, 15}, 8, kRed});
    save_png(bitmap, folder / "a.png");
    const PngFile file = read(folder / "a.png");
    EXPECT_FALSE(file.alpha);
    EXPECT_EQ(file.bitmap.rgba, bitmap.rgba);
}

TEST(Png, ReplacesWhatWasThereAndLeavesNothingElse) {
    const TempFolder folder;
    folder.write("a.png", "old");
    save_png(gradient(), folder / "a.png");
    EXPECT_EQ(read(folder / "a.png").bitmap.height, 48);
    EXPECT_EQ(folder.entries(), 1);
}

TEST(Png, SaysWhichFileCannotBeWritten) {
    const TempFolder folder;
    const std::string path = folder / "none/a.png";
    try {
        save_png(gradient(), path);
        FAIL();
    } catch (const FileError& error) {
        EXPECT_EQ(error.path(), path);
        EXPECT_FALSE(error.reason().empty());
    }
    EXPECT_EQ(folder.entries(), 0);
}

}  // namespace
}  // namespace convlens
