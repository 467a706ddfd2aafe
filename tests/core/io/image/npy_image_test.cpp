#include "core/io/image/npy_image.h"

#include <gtest/gtest.h>

#include "core/io/error.h"
#include "core/io/image/image_file.h"
#include "tests/app/temp_folder.h"
#include "tests/core/engine/filter/naive_filter.h"

namespace convlens {
namespace {

std::string file(const std::string& type, bool fortran, const std::string& shape, const std::string& data) {
    std::string header =
        "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }\n";
    return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header + data;
}

std::string reason(const std::string& path) {
    try {
        load_image(path);
    } catch (const FileError& error) {
        return error.reason();
    }
    return "opened";
}

TEST(NpyImage, EveryDepthIsReadBackAsItWasWritten) {
    const TempFolder folder;
    for (const Depth depth : {Depth::u8, Depth::u16, Depth::s16, Depth::f32}) {
        for (int channels = 1; channels <= 4; ++channels) {
            const Image image = test::random_image(5, 3, channels, depth, 11);
            save_image(image, folder / "a.npy");
            const Image back = load_image(folder / "a.npy");
            ASSERT_EQ(back.width(), 5);
            ASSERT_EQ(back.height(), 3);
            ASSERT_EQ(back.channels(), channels);
            ASSERT_EQ(back.depth(), depth);
            EXPECT_TRUE(std::ranges::equal(back.bytes(), image.bytes()));
            const ImageInfo info = image_info(folder / "a.npy");
            EXPECT_EQ(info.width, 5);
            EXPECT_EQ(info.height, 3);
            EXPECT_EQ(info.channels, channels);
            EXPECT_EQ(info.depth, depth);
            EXPECT_EQ(info.format, "NPY");
        }
    }
}

// np.array([[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]], dtype='>u2'), in both orders: 3 × 2 pixels of grey
// and alpha.
TEST(NpyImage, EitherByteOrderAndEitherIndexOrderIsRead) {
    const TempFolder folder;
    const auto big = [](std::initializer_list<int> numbers) {
        std::string data;
        for (const int number : numbers) data += {static_cast<char>(number / 256), static_cast<char>(number % 256)};
        return data;
    };
    folder.write("c.npy", file(">u2", false, "(2, 3, 2)", big({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 4000})));
    folder.write("f.npy", file(">u2", true, "(2, 3, 2)", big({1, 7, 3, 9, 5, 11, 2, 8, 4, 10, 6, 4000})));
    folder.write("l.npy", file("<i2", true, "(2, 3)", std::string("\x01\0\x07\0\x03\0\xfe\xff\x05\0\x00\x0f", 12)));
    for (const char* name : {"c.npy", "f.npy"}) {
        const Image image = load_image(folder / name);
        ASSERT_EQ(image.width(), 3);
        ASSERT_EQ(image.channels(), 2);
        EXPECT_EQ(image.sample(1, 0, 0), 3) << name;
        EXPECT_EQ(image.sample(2, 0, 1), 6) << name;
        EXPECT_EQ(image.sample(0, 1, 0), 7) << name;
        EXPECT_EQ(image.sample(2, 1, 1), 4000) << name;
    }
    const Image image = load_image(folder / "l.npy");
    EXPECT_EQ(image.sample(1, 0, 0), 3);
    EXPECT_EQ(image.sample(1, 1, 0), -2);
    EXPECT_EQ(image.sample(2, 1, 0), 3840);
}

TEST(NpyImage, RefusesWhatIsNoImageWithWhatMakesItOne) {
    const TempFolder folder;
    const auto refused = [&](const std::string& type, const std::string& shape, std::size_t bytes) {
        return reason(folder.write("a.npy", file(type, false, shape, std::string(bytes, '\1'))));
    };
    EXPECT_NE(refused("<f8", "(2, 3)", 48).find("astype(np.float32)"), std::string::npos);
    EXPECT_NE(refused("|b1", "(2, 3)", 6).find("of type |b1"), std::string::npos);
    EXPECT_NE(refused("|u1", "(3, 7, 5)", 105).find("np.moveaxis(a, 0, -1)"), std::string::npos);
    EXPECT_NE(refused("|u1", "(2, 3, 7, 5)", 210).find("a[0]"), std::string::npos);
    EXPECT_NE(refused("|u1", "(6,)", 6).find("shape (6)"), std::string::npos);
    EXPECT_NE(refused("|u1", "()", 1).find("(height, width)"), std::string::npos);
    EXPECT_NE(refused("|u1", "(0, 3)", 0).find("no pixels"), std::string::npos);
    EXPECT_NE(refused("|u1", "(2, 3)", 5).find("expected 6 numbers"), std::string::npos);
    EXPECT_EQ(refused("|u1", "(2, 3)", 6), "opened");
}

}  // namespace
}  // namespace convlens
