#include "core/io/image/image_file.h"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>

#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/tensor/npy.h"
#include "tests/core/engine/filter/naive_filter.h"
#include "tests/core/io/image/made_files.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;
using test::big, test::png_chunk;

// A folder of its own for each test, gone afterwards.
class ImageFile : public testing::Test {
protected:
    ImageFile() {
        const auto* info = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = fs::temp_directory_path() / (std::string("convlens-") + info->name() + std::to_string(::getpid()));
        fs::create_directories(folder_);
    }
    ~ImageFile() override {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    fs::path write(const std::string& name, const Bytes& bytes) const {
        const fs::path path = folder_ / name;
        std::ofstream stream(path, std::ios::binary);
        stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path;
    }
    fs::path write(const std::string& name, const std::string& text) const {
        const auto* first = reinterpret_cast<const std::byte*>(text.data());
        return write(name, Bytes(first, first + text.size()));
    }
    static std::string refusal(const fs::path& path) {
        try {
            load_image(path);
        } catch (const FileError& error) {
            EXPECT_EQ(error.path(), path.string());
            return error.reason();
        }
        return "";
    }

    fs::path folder_;
};

void expect_same(const Image& a, const Image& b, double tolerance = 0) {
    ASSERT_EQ(a.width(), b.width());
    ASSERT_EQ(a.height(), b.height());
    ASSERT_EQ(a.channels(), b.channels());
    ASSERT_EQ(a.depth(), b.depth());
    for (std::int64_t y = 0; y < a.height(); ++y)
        for (std::int64_t x = 0; x < a.width(); ++x)
            for (int c = 0; c < a.channels(); ++c)
                ASSERT_NEAR(a.sample(x, y, c), b.sample(x, y, c), tolerance) << x << ',' << y << ',' << c;
}

Bytes from_hex(std::string_view hex) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<std::byte>(digit(hex[i]) * 16 + digit(hex[i + 1])));
    return bytes;
}

TEST_F(ImageFile, PngKeepsEveryBitOfBytesAndWords) {
    for (const Depth depth : {Depth::u8, Depth::u16}) {
        for (int channels = 1; channels <= 4; ++channels) {
            const Image image = test::random_image(13, 7, channels, depth, 3);
            save_image(image, folder_ / "a.png");
            expect_same(load_image(folder_ / "a.png"), image);
            const ImageInfo info = image_info(folder_ / "a.png");
            EXPECT_EQ(info.width, 13);
            EXPECT_EQ(info.height, 7);
            EXPECT_EQ(info.channels, channels);
            EXPECT_EQ(info.depth, depth);
            EXPECT_EQ(info.format, "PNG");
        }
    }
}

TEST_F(ImageFile, FloatsAreClampedIntoBytes) {
    Image image(3, 1, 1, Depth::f32);
    image.row<float>(0)[0] = -1;
    image.row<float>(0)[1] = 0.5F;
    image.row<float>(0)[2] = 9;
    save_image(image, folder_ / "a.PNG");
    const Image loaded = load_image(folder_ / "a.PNG");
    EXPECT_EQ(loaded.depth(), Depth::u8);
    EXPECT_EQ(loaded.sample(0, 0, 0), 0);
    EXPECT_EQ(loaded.sample(1, 0, 0), 128);
    EXPECT_EQ(loaded.sample(2, 0, 0), 255);
}

TEST_F(ImageFile, BmpAndTgaKeepBytes) {
    for (const char* name : {"a.bmp", "a.tga"}) {
        for (const int channels : {3, 4}) {
            const Image image = test::random_image(5, 6, channels, Depth::u8, 4);
            save_image(image, folder_ / name);
            expect_same(load_image(folder_ / name), image);
        }
    }
    // A BMP has alpha beside three colours only.
    const Image clear = test::random_image(5, 6, 2, Depth::u8, 4);
    save_image(clear, folder_ / "clear.bmp");
    const Image read = load_image(folder_ / "clear.bmp");
    ASSERT_EQ(read.channels(), 4);
    for (std::int64_t y = 0; y < 6; ++y)
        for (std::int64_t x = 0; x < 5; ++x) {
            for (int c = 0; c < 3; ++c) ASSERT_EQ(read.sample(x, y, c), clear.sample(x, y, 0));
            ASSERT_EQ(read.sample(x, y, 3), clear.sample(x, y, 1));
        }
    const Image grey = test::random_image(5, 6, 1, Depth::u8, 4);
    save_image(grey, folder_ / "grey.tga");
    expect_same(load_image(folder_ / "grey.tga"), grey);
}

TEST_F(ImageFile, JpegIsCloseAndLiesOnWhiteWhereItWasTransparent) {
    Image image(16, 16, 4, Depth::u8);
    for (std::int64_t y = 0; y < 16; ++y) {
        for (std::size_t x = 0; x < 16; ++x) {
            image.row<std::uint8_t>(y)[x * 4] = 200;
            image.row<std::uint8_t>(y)[x * 4 + 3] = y < 8 ? 255 : 0;
        }
    }
    save_image(image, folder_ / "a.jpeg");
    const Image loaded = load_image(folder_ / "a.jpeg");
    EXPECT_EQ(loaded.channels(), 3);
    EXPECT_NEAR(loaded.sample(3, 3, 0), 200, 6);
    EXPECT_NEAR(loaded.sample(3, 3, 1), 0, 6);
    EXPECT_NEAR(loaded.sample(3, 13, 1), 255, 6);
}

TEST_F(ImageFile, HdrKeepsWhatIsBrighterThanWhite) {
    Image image(9, 2, 3, Depth::f32);
    for (std::int64_t y = 0; y < 2; ++y)
        for (std::size_t i = 0; i < 27; ++i) image.row<float>(y)[i] = static_cast<float>(i) * 0.75F;
    image.row<float>(1)[0] = -5;
    image.row<float>(1)[1] = std::numeric_limits<float>::quiet_NaN();
    save_image(image, folder_ / "a.hdr");
    const Image loaded = load_image(folder_ / "a.hdr");
    EXPECT_EQ(loaded.depth(), Depth::f32);
    EXPECT_NEAR(loaded.sample(8, 0, 2), 19.5, 0.2);
    EXPECT_EQ(loaded.sample(0, 1, 0), 0);
    EXPECT_EQ(loaded.sample(0, 1, 1), 0);
}

TEST_F(ImageFile, NpyHoldsFloatsUnclamped) {
    Image image(2, 3, 3, Depth::f32);
    image.row<float>(2)[5] = -7.25F;
    save_image(image, folder_ / "a.npy");
    const NpyArray array = read_npy(folder_ / "a.npy");
    EXPECT_EQ(array.shape, (std::vector<std::int64_t>{3, 2, 3}));
    EXPECT_EQ(array.type, "<f4");
    EXPECT_EQ(array.data.back(), -7.25);
    save_image(Image(2, 3, 1, Depth::u8), folder_ / "grey.npy");
    EXPECT_EQ(read_npy(folder_ / "grey.npy").shape, (std::vector<std::int64_t>{3, 2}));
}

TEST_F(ImageFile, SignedSamplesStayThemselvesInNpyAndAreClampedElsewhere) {
    Image image(2, 1, 3, Depth::s16);
    constexpr std::int16_t kSamples[] = {-32768, -1, 0, 200, 255, 32767};
    std::ranges::copy(kSamples, image.row<std::int16_t>(0).begin());
    save_image(image, folder_ / "a.npy");
    const NpyArray array = read_npy(folder_ / "a.npy");
    EXPECT_EQ(array.type, "<i2");
    EXPECT_EQ(array.shape, (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_TRUE(std::ranges::equal(array.data, kSamples));
    for (const char* name : {"a.png", "a.bmp", "a.tga"}) {
        save_image(image, folder_ / name);
        expect_same(load_image(folder_ / name), converted(image, Depth::u8));
    }
    save_image(image, folder_ / "a.hdr");
    EXPECT_EQ(load_image(folder_ / "a.hdr").sample(0, 0, 0), 0);
}

TEST_F(ImageFile, NamesMayBeInAnyLanguage) {
    const Image image = test::random_image(3, 3, 3, Depth::u8, 1);
    for (const char* name : {"\u044b.png", "\u56fe\u7247.png", "\u00fc b\u00fc\u00df.png", "a b'c.png"}) {
        save_image(image, folder_ / name);
        expect_same(load_image(folder_ / name), image);
    }
}

TEST_F(ImageFile, NothingIsLeftBesideAPictureThatWasSaved) {
    const Image image = test::random_image(3, 3, 3, Depth::u8, 1);
    save_image(image, folder_ / "a.png");
    save_image(image, folder_ / "a.png");
    EXPECT_THROW(save_image(image, folder_ / "missing" / "a.png"), FileError);
    EXPECT_THROW(save_image(image, folder_ / "a.heic"), FileError);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(ImageFile, TellsHowFarItHasComeAndStops) {
    const Image image = test::random_image(150, 90, 3, Depth::u8, 1);
    std::vector<double> shares;
    std::stop_source stop;
    const Progress heard{stop.get_token(), [&](double share) { shares.push_back(share); }};
    EXPECT_TRUE(save_image(image, folder_ / "a.png", heard));
    ASSERT_GE(shares.size(), 5U);
    EXPECT_EQ(shares.front(), 0);
    EXPECT_TRUE(std::ranges::is_sorted(shares));
    EXPECT_LE(shares.back(), 1);
    EXPECT_TRUE(std::ranges::equal(load_image(folder_ / "a.png").bytes(), image.bytes()));

    const Progress half{stop.get_token(), [&](double share) {
                            if (share > 0.5) stop.request_stop();
                        }};
    EXPECT_FALSE(save_image(test::random_image(150, 90, 3, Depth::u8, 2), folder_ / "a.png", half));
    EXPECT_TRUE(std::ranges::equal(load_image(folder_ / "a.png").bytes(), image.bytes())) << "the old file is whole";
    for (const char* name : {"b.png", "b.jpg", "b.tif", "b.webp", "b.bmp", "b.tga", "b.pfm", "b.hdr", "b.npy"}) {
        EXPECT_FALSE(save_image(image, folder_ / name, half)) << name;
        EXPECT_FALSE(fs::exists(folder_ / name)) << name;
    }
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(ImageFile, SaysWhichEndingsCanBeSaved) {
    try {
        save_image(Image(1, 1, 1, Depth::u8), folder_ / "a.heic");
        FAIL();
    } catch (const FileError& error) {
        EXPECT_NE(error.reason().find(
                      "must end in .png, .jpg, .jpeg, .tif, .tiff, .webp, .bmp, .tga, .pgm, .ppm, .pfm, .hdr or "
                      ".npy"),
                  std::string::npos)
            << error.reason();
    }
    try {
        save_image(Image(70000, 1, 1, Depth::u8), folder_ / "a.jpg");
        FAIL();
    } catch (const FileError& error) {
        EXPECT_NE(error.reason().find("65500"), std::string::npos) << error.reason();
    }
}

TEST_F(ImageFile, RefusesNamingWhatWasFound) {
    EXPECT_NE(refusal(write("a.png", "hello\n")).find("this is a text file; Convlens opens PNG, JPEG"),
              std::string::npos);
    EXPECT_NE(refusal(write("a.svg", "<?xml?><svg>")).find("an SVG drawing"), std::string::npos);
    EXPECT_NE(refusal(write("a.jpg", "%PDF-1.4\x01")).find("a PDF document"), std::string::npos);
    EXPECT_NE(refusal(write("b.jpg", std::string("RIFF\x10\0\0\0WEBPVP8 ", 16))).find("this WebP file is truncated"),
              std::string::npos);
    EXPECT_NE(refusal(write("c.jpg", std::string("\0\0\0\x18"
                                                 "ftypheic",
                                                 12)))
                  .find("a HEIC image"),
              std::string::npos);
    EXPECT_NE(refusal(write("d.bin", std::string("\0\1\2\3\4\5\6\7", 8))).find("an unknown kind"), std::string::npos);
    EXPECT_NE(refusal(write("empty.png", "")).find("an empty file"), std::string::npos);
    EXPECT_NE(refusal(folder_).find("folder"), std::string::npos);
    EXPECT_NE(refusal(folder_ / "none.png").find("no such file"), std::string::npos);
}

TEST_F(ImageFile, EveryTruncatedFileIsRefused) {
    const Image image = test::random_image(19, 11, 3, Depth::u8, 8);
    for (const char* name : {"a.png", "a.jpg", "a.tif", "a.webp", "a.bmp", "a.tga", "a.hdr"}) {
        save_image(image, folder_ / name);
        const Bytes whole = read_bytes(folder_ / name);
        for (const double share : {0.1, 0.5, 0.9, 0.99}) {
            const auto length = static_cast<std::ptrdiff_t>(static_cast<double>(whole.size()) * share);
            const std::string reason =
                refusal(write(std::string("cut_") + name, Bytes(whole.begin(), whole.begin() + length)));
            EXPECT_FALSE(reason.empty()) << name << " cut to " << length << " of " << whole.size();
        }
        const fs::path half = write(std::string("half_") + name, Bytes(whole.begin(), whole.end() - 40));
        EXPECT_NE(refusal(half).find("truncated"), std::string::npos) << name << ": " << refusal(half);
    }
}

TEST_F(ImageFile, DamagedFilesAreRefusedOrReadButNeverCrash) {
    const Image image = test::random_image(19, 11, 3, Depth::u8, 8);
    std::mt19937 random(1);
    for (const char* name : {"a.png", "a.jpg", "a.tif", "a.webp", "a.bmp", "a.tga", "a.hdr"}) {
        save_image(image, folder_ / name);
        const Bytes whole = read_bytes(folder_ / name);
        for (int i = 0; i < 60; ++i) {
            Bytes damaged = whole;
            for (int j = 0; j < 3; ++j)
                damaged[random() % std::min<std::size_t>(damaged.size(), 300)] = static_cast<std::byte>(random());
            try {
                load_image(write(std::string("bad_") + name, damaged));
            } catch (const FileError&) {
            }
        }
    }
}

TEST_F(ImageFile, TooManyPixelsAreRefusedBeforeTheyAreAllocated) {
    const std::string reason = refusal(write("a.ppm", "P6\n30000 30000\n255\n"));
    EXPECT_NE(reason.find("30000 × 30000 = 900000000 px"), std::string::npos) << reason;
}

std::string little(std::uint32_t value, int bytes) {
    const std::string text = big(value, bytes);
    return {text.rbegin(), text.rend()};
}

std::string png_of_size(std::uint32_t width, std::uint32_t height) {
    return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", big(width, 4) + big(height, 4) + std::string("\x08\6\0\0\0", 5)) +
           png_chunk("IDAT", "\x78\x9c\x03\x01") + png_chunk("IEND", "");
}

// Peak memory, in MiB, that `work` adds. In a process of its own, whose peak begins anew.
int peak_of(const std::function<void()>& work) {
    const auto peak = [] {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss / 1024;
    };
    const pid_t child = fork();
    if (child == 0) {
        const long before = peak();
        work();
        _exit(static_cast<int>(std::min(peak() - before, 255L)));
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

// A zlib stream of `zeros` zeros: matches of 258 bytes in 13 bits each, in one block of fixed codes.
std::string deflated_zeros(std::size_t zeros) {
    std::string bytes("\x78\x9c");
    unsigned held = 0, bits = 0;
    const auto put = [&](unsigned value, unsigned count) {
        held |= value << bits;
        for (bits += count; bits >= 8; bits -= 8, held >>= 8) bytes += static_cast<char>(held & 0xff);
    };
    constexpr unsigned kLast = 1, kFixed = 1, kZero = 0x0c,
                       kMatch258 = 0xa3;  // codes stand with their first bit lowest
    put(kLast | kFixed << 1, 3);
    put(kZero, 8);
    for (std::size_t made = 1; made < zeros; made += 258) {
        put(kMatch258, 8);
        put(0, 5);  // one byte back
    }
    put(0, 7 + 7);  // the end, and to a whole byte
    return bytes + std::string(4, '\0');
}

// 8 x 8 grey pixels, and behind them more than a hundred megabytes of zeros, in chunks whose last one is damaged: what
// is not needed is not looked at.
TEST_F(ImageFile, PngsAreNotUnpackedBeyondTheirPicture) {
    const std::string stream = deflated_zeros(std::size_t{120} << 20);
    ASSERT_GT(stream.size(), 700000U);
    for (const int interlaced : {0, 1}) {
        for (const std::uint32_t height : {1U, 7U, 8U}) {
            std::string file =
                "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", big(8, 4) + big(height, 4) + std::string("\x08\0\0\0", 4) +
                                                            static_cast<char>(interlaced));
            for (std::size_t at = 0; at < stream.size(); at += 100000)
                file += png_chunk("IDAT", stream.substr(at, 100000));
            file.back() ^= 1;
            const Image image = load_image(write("bomb.png", file + png_chunk("IEND", "")));
            EXPECT_EQ(image.height(), height);
            EXPECT_EQ(image.sample(7, height - 1, 0), 0);
        }
    }
}

// The sum of the data, and of the chunk they stand in, is still looked at.
TEST_F(ImageFile, PngsWithADamagedEndAreRefused) {
    const std::string head =
        "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", big(8, 4) + big(8, 4) + std::string("\x08\0\0\0\0", 5));
    std::string data = png_chunk("IDAT", deflated_zeros(72));
    const std::string whole = head + data + png_chunk("IEND", "");
    data.back() ^= 1;
    EXPECT_NE(refusal(write("sum.png", head + data + png_chunk("IEND", ""))).find("damaged"), std::string::npos);
    EXPECT_NE(whole.size(), 0U);
}

// A row is a buffer for libpng, too.
TEST_F(ImageFile, WidePngsTakeNoMemoryBeforeTheirSizeIsBelieved) {
    for (const auto& [width, height] :
         {std::pair{0x7fffffffU, 1U}, {1000000000U, 3U}, {1U << 28, 1U}, {1U, 0x7fffffffU}}) {
        const fs::path path = write("wide.png", png_of_size(width, height));
        EXPECT_LT(peak_of([&] { refusal(path); }), 64) << width << " x " << height;
    }
}

// Its scan is of a component that the frame does not have.
TEST_F(ImageFile, AJpegThatCannotBeReadIsRefusedWithLibjpegsReason) {
    const std::string jpeg = "\xff\xd8\xff\xc0" + big(11, 2) + "\x08" + big(8, 2) + big(8, 2) +
                             std::string("\1\1\x11\0", 4) + "\xff\xda" + big(8, 2) + std::string("\1\2\0\0\x3f\0", 6) +
                             std::string(8, '\x12') + "\xff\xd9";
    EXPECT_EQ(refusal(write("foreign.jpg", jpeg)),
              "this JPEG file is damaged or uses a feature that Convlens does not support (Invalid component ID 2 in "
              "SOS)");
}

// Each scan goes through all of the image, and takes no more than a dozen bytes.
TEST_F(ImageFile, AJpegOfCountlessScansIsRefused) {
    std::string jpeg("\xff\xd8\xff\xdb\0\x43\0", 7);
    jpeg += std::string(64, '\1');
    jpeg += std::string("\xff\xc2\0\x0b\x08\0\x08\0\x08\1\1\x11\0", 13);
    jpeg += std::string("\xff\xc4\0\x14\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\4", 22);
    const std::string first("\xff\xda\0\x08\1\1\0\0\0\1\x7b", 11), finer("\xff\xda\0\x08\1\1\0\0\0\x10\x7f", 11);
    const auto of_scans = [&](int count) {
        std::string scans = first;
        for (int i = 1; i < count; ++i) scans += finer;
        return write("scans.jpg", jpeg + scans + "\xff\xd9");
    };
    EXPECT_EQ(refusal(of_scans(400)), "");
    EXPECT_EQ(refusal(of_scans(600)), "this JPEG file is damaged: it has more than 500 scans");
}

// 16,000 x 16,000 pixels, announced by a few bytes, in every format.
TEST_F(ImageFile, FilesThatAreTooShortForTheirSizeAreRefusedBeforeAnythingIsAllocated) {
    constexpr std::uint32_t kSide = 16000;
    const std::string side2 = little(kSide, 2), side4 = little(kSide, 4), zeros(64, '\0');
    const std::string bmp_fields =
        "BM" + little(200, 4) + zeros.substr(0, 4) + little(54, 4) + little(40, 4) + side4 + side4;
    const std::string gif = std::string("GIF89a") + side2 + side2 + std::string("\x80\0\0\1\2\3\4\5\6,\0\0\0\0", 14);
    const std::string psd = "8BPS" + big(1, 2) + zeros.substr(0, 6) + big(3, 2) + big(kSide, 4) + big(kSide, 4) +
                            big(8, 2) + big(3, 2) + zeros.substr(0, 12);
    const std::string jpeg = "\xff\xd8\xff\xc0" + big(11, 2) + "\x08" + big(kSide, 2) + big(kSide, 2) +
                             std::string("\1\1\x11\0", 4) + "\xff\xda" + big(8, 2) + std::string("\1\1\0\0\x3f\0", 6) +
                             "\x12\x34\xff\xd9";
    const std::pair<const char*, std::string> files[] = {
        {"a.png", png_of_size(kSide, kSide)},
        {"a.jpg", jpeg},
        {"raw.bmp", bmp_fields + little(1, 2) + little(24, 2) + zeros},
        {"rle.bmp", bmp_fields + little(1, 2) + little(8, 2) + little(1, 4) + zeros},
        {"raw.tga", zeros.substr(0, 2) + "\2" + zeros.substr(0, 9) + side2 + side2 + std::string("\x18\0", 2) + zeros},
        {"rle.tga",
         zeros.substr(0, 2) + "\x0a" + zeros.substr(0, 9) + side2 + side2 + std::string("\x18\0", 2) + zeros},
        {"whole.gif", gif + side2 + side2 + std::string("\0\2\2\x4c\1\0;", 7)},
        {"part.gif", gif + std::string("\1\0\1\0\0\2\2\x4c\1\0;", 11)},
        {"raw.psd", psd + big(0, 2) + zeros},
        {"rle.psd", psd + big(1, 2) + zeros},
        {"raw.pgm", "P5 16000 16000 255 abc"},
        {"text.ppm", "P3 16000 16000 255 1 2 3"},
        {"text.pbm", "P1 16000 16000 101"},
        {"a.pfm", "PF 16000 16000 -1 abcd"},
        {"a.hdr", "#?RADIANCE\n\n-Y 16000 +X 16000\n" + zeros},
    };
    for (const auto& [name, text] : files) {
        const fs::path path = write(name, text);
        const std::string reason = refusal(path);
        EXPECT_NE(reason.find("too short for the size it announces, 16000 × 16000 px"), std::string::npos)
            << name << ": " << reason;
        EXPECT_THROW(image_info(path), FileError) << name;
    }
}

TEST_F(ImageFile, LargePngsAreTooLargeAndNotDamaged) {
    const std::string reason = refusal(write("a.png", png_of_size(17068, 17068)));
    EXPECT_NE(reason.find("17068 × 17068 = 291316624 px; the limit is 268435456"), std::string::npos) << reason;
}

TEST_F(ImageFile, PicturesThatInfoDescribesCanBeRead) {
    const Image image = test::random_image(40, 30, 3, Depth::u8, 8);
    for (const char* name : {"a.png", "a.jpg", "a.tif", "a.webp", "a.bmp", "a.tga", "a.hdr"}) {
        save_image(image, folder_ / name);
        const Bytes whole = read_bytes(folder_ / name);
        for (const double share : {0.3, 0.6, 0.97}) {
            const auto length = static_cast<std::ptrdiff_t>(static_cast<double>(whole.size()) * share);
            const fs::path cut = write(std::string("cut_") + name, Bytes(whole.begin(), whole.begin() + length));
            EXPECT_THROW(image_info(cut), FileError) << name << ' ' << share;
        }
    }
}

TEST_F(ImageFile, PgmIsStretchedFromItsOwnLargestValue) {
    const Image small = load_image(write("a.pgm", std::string("P5\n# comment\n2 1\n15\n\x0f\x05")));
    EXPECT_EQ(small.sample(0, 0, 0), 255);
    EXPECT_EQ(small.sample(1, 0, 0), 85);
    // 770 and 259 of 1023; with their bytes swapped 515 and 769.
    const Image deep = load_image(write("b.pgm", std::string("P5 1 2 1023 \x03\x02\x01\x03", 16)));
    EXPECT_EQ(deep.depth(), Depth::u16);
    EXPECT_EQ(deep.sample(0, 0, 0), 49327);
    EXPECT_EQ(deep.sample(0, 1, 0), 16592);
}

TEST_F(ImageFile, WordsOfPnmHaveTheGreaterByteFirst) {
    const Image grey = load_image(write("a.pgm", std::string("P5 2 1 65535 \xfd\x69\x00\x01", 17)));
    EXPECT_EQ(grey.sample(0, 0, 0), 64873);
    EXPECT_EQ(grey.sample(1, 0, 0), 1);
    const Image colour = load_image(write("a.ppm", std::string("P6 1 1 65535 \x01\x02\x03\x04\x05\x06")));
    EXPECT_EQ(colour.sample(0, 0, 0), 0x0102);
    EXPECT_EQ(colour.sample(0, 0, 1), 0x0304);
    EXPECT_EQ(colour.sample(0, 0, 2), 0x0506);
}

TEST_F(ImageFile, AnymapsSayWhatIsWrongWithThem) {
    EXPECT_NE(refusal(write("a.pgm", "P2 2 1 255 7 300\n")).find("must be at most 255; it is 300"), std::string::npos);
    EXPECT_NE(refusal(write("b.pgm", "P2 2 1 255 7 x\x1b[2J\n")).find("\"x\\x1b[2J\""), std::string::npos);
    EXPECT_NE(refusal(write("c.pgm", "P5 2 1 0 12")).find("1 to 65535; it is 0"), std::string::npos);
    EXPECT_NE(refusal(write("d.pgm", "P5 2 1 65536 12")).find("at most 65535; it is 65536"), std::string::npos);
    EXPECT_NE(refusal(write("e.pgm", "P5 -2 1 255 12")).find("width is not a whole number"), std::string::npos);
    EXPECT_NE(refusal(write("f.pam", "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\n12345")).find("5 channels"),
              std::string::npos);
    EXPECT_NE(refusal(write("g.pfm", "Pf 1 1 0 1234")).find("scale must be a number other than 0"), std::string::npos);
    EXPECT_NE(refusal(write("h.pbm", "P1 3 1 012")).find("must be 0 or 1; one is \"2\""), std::string::npos);
}

// 8x8 of the ink C 20, M 230, Y 240, K 30, kept inverted as Adobe does: red, 207 22 13.
constexpr std::string_view kCmyk =
    "ffd8ffee000e41646f626500640000000000ffdb0043000201010101010201010102020202020403020202020504040304060506060605"
    "060606070908060709070606080b08090a0a0a0a0a06080b0c0b0a0c090a0a0affc000140800080008044311004d11005911004b1100ff"
    "c40014000100000000000000000000000000000009ffc40014100100000000000000000000000000000000ffda000e0443004d0059004b"
    "00003f006b03183b308fffd9";

// nothings/stb#128; LadybirdBrowser/ladybird#6486
TEST_F(ImageFile, CmykJpegsHaveTheRightColoursOrAreRefused) {
    const Image cmyk = load_image(write("cmyk.jpg", from_hex(kCmyk)));
    EXPECT_EQ(cmyk.channels(), 3);
    EXPECT_NEAR(cmyk.sample(3, 3, 0), 207, 2);
    EXPECT_NEAR(cmyk.sample(3, 3, 1), 22, 2);
    EXPECT_NEAR(cmyk.sample(3, 3, 2), 13, 2);

    // The same numbers taken for YCCK: Y 235, Cb 25, Cr 15 are the inks 77 255 52, kept inverted as before.
    std::string ycck(kCmyk);
    ycck.replace(ycck.find("640000000000ffdb") + 10, 2, "02");
    const Image turned = load_image(write("ycck.jpg", from_hex(ycck)));
    EXPECT_NEAR(turned.sample(3, 3, 0), 157, 3);
    EXPECT_NEAR(turned.sample(3, 3, 1), 0, 3);
    EXPECT_NEAR(turned.sample(3, 3, 2), 179, 3);

    std::string unmarked(kCmyk);
    unmarked.erase(4, 32);
    EXPECT_NE(refusal(write("unmarked.jpg", from_hex(unmarked))).find("four inks"), std::string::npos);
}

// An EXIF segment with the orientation alone, in either byte order.
Bytes exif(int orientation, bool little) {
    std::string tiff = little ? std::string("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18)
                              : std::string("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01", 18);
    tiff += little ? std::string{static_cast<char>(orientation), 0, 0, 0}
                   : std::string{0, static_cast<char>(orientation), 0, 0};
    tiff += std::string(4, '\0');
    const std::string segment = std::string("Exif\0\0", 6) + tiff;
    const std::string marked = std::string{'\xff', '\xe1', 0, static_cast<char>(segment.size() + 2)} + segment;
    const auto* first = reinterpret_cast<const std::byte*>(marked.data());
    return {first, first + marked.size()};
}

Bytes with_segment(Bytes jpeg, const Bytes& segment) {
    jpeg.insert(jpeg.begin() + 2, segment.begin(), segment.end());
    return jpeg;
}

// nothings/stb#916; ggml-org/llama.cpp#24196
TEST_F(ImageFile, JpegsComeUprightInEitherByteOrder) {
    Image stored(32, 16, 1, Depth::u8);  // bright in the stored top left corner
    for (std::int64_t y = 0; y < 8; ++y)
        for (std::size_t x = 0; x < 8; ++x) stored.row<std::uint8_t>(y)[x] = 255;
    save_image(stored, folder_ / "plain.jpg");
    const Bytes plain = read_bytes(folder_ / "plain.jpg");
    struct Corner {
        int orientation;
        bool right, bottom;
    };
    for (const Corner& corner : {Corner{1, false, false},
                                 {2, true, false},
                                 {3, true, true},
                                 {4, false, true},
                                 {5, false, false},
                                 {6, true, false},
                                 {7, true, true},
                                 {8, false, true}}) {
        for (const bool little : {true, false}) {
            const fs::path path = write("turned.jpg", with_segment(plain, exif(corner.orientation, little)));
            const Image image = load_image(path);
            const bool swapped = corner.orientation >= 5;
            EXPECT_EQ(image.width(), swapped ? 16 : 32) << corner.orientation;
            EXPECT_EQ(image.height(), swapped ? 32 : 16) << corner.orientation;
            EXPECT_EQ(image_info(path).width, image.width());
            EXPECT_EQ(image_info(path).height, image.height());
            for (const bool right : {false, true}) {
                for (const bool bottom : {false, true}) {
                    const double sample =
                        image.sample(right ? image.width() - 2 : 1, bottom ? image.height() - 2 : 1, 0);
                    EXPECT_EQ(sample > 128, right == corner.right && bottom == corner.bottom) << corner.orientation;
                }
            }
        }
    }
}

Image with_exif(const fs::path& path, const Bytes& plain, const Bytes& segment) {
    const Bytes bytes = with_segment(plain, segment);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return load_image(path);
}

// Orientation 6 would exchange width and height and move the bright corner, so that what is believed is seen.
TEST_F(ImageFile, BrokenExifMeansUpright) {
    Image stored(32, 16, 1, Depth::u8);
    for (std::int64_t y = 0; y < 8; ++y) std::ranges::fill(stored.row<std::uint8_t>(y).first(8), std::uint8_t{255});
    save_image(stored, folder_ / "plain.jpg");
    const Bytes plain = read_bytes(folder_ / "plain.jpg");
    const Image upright = load_image(folder_ / "plain.jpg");
    const fs::path path = folder_ / "broken.jpg";
    const auto is_upright = [&](const Bytes& segment) {
        const Image image = with_exif(path, plain, segment);
        return image.width() == 32 && std::ranges::equal(image.bytes(), upright.bytes());
    };
    constexpr std::size_t kEntry = 4 + 6 + 10, kType = kEntry + 2, kCount = kEntry + 4, kValue = kEntry + 8;
    ASSERT_EQ(with_exif(path, plain, exif(6, true)).width(), 16);
    for (const int none : {0, 9, 255}) {
        EXPECT_TRUE(is_upright(exif(none, true))) << none;
        EXPECT_TRUE(is_upright(exif(none, false))) << none;
    }
    for (int type = 0; type <= 13; ++type) {
        Bytes segment = exif(6, true);
        segment[kType] = static_cast<std::byte>(type);
        EXPECT_EQ(is_upright(segment), type != 3) << type;
    }
    for (const std::size_t at :
         {std::size_t{10}, std::size_t{12}, std::size_t{14}, kEntry - 2, kEntry, kCount, kValue + 1}) {
        Bytes segment = exif(6, true);
        segment[at] = std::byte{0x55};
        EXPECT_EQ(is_upright(segment), at != kEntry - 2) << at;  // more entries may follow
    }
}

// A second segment that says nothing does not take back what the first one said.
TEST_F(ImageFile, BrokenExifBehindAWholeOneIsPassedOver) {
    save_image(Image(32, 16, 1, Depth::u8), folder_ / "plain.jpg");
    const Bytes broken = with_segment(read_bytes(folder_ / "plain.jpg"), exif(0, true));
    EXPECT_EQ(with_exif(folder_ / "two.jpg", broken, exif(6, true)).width(), 16);
}

// 8 x 32, grey: four blocks with a restart after each. Where a restart is not where it has to be, samples are missing or
// were not read.
TEST_F(ImageFile, JpegsWhoseDataBreakOffAreRefused) {
    std::string head("\xff\xd8\xff\xdb\0\x43\0", 7);
    head += std::string(64, '\1');
    head += std::string("\xff\xc0\0\x0b\x08\0\x20\0\x08\1\1\x11\0", 13);
    const std::string one_code("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);  // of one bit: 0
    head += std::string("\xff\xc4\0\x14\0", 5) + one_code + '\4';        // four more bits are the mean
    head += std::string("\xff\xc4\0\x14\x10", 5) + one_code + '\0';      // end of the block
    head += std::string("\xff\xdd\0\4\0\1\xff\xda\0\x08\1\1\0\0\x3f\0", 16);
    const std::string rest = "\xff\xd0\x5b\xff\xd1\x43\xff\xd2\x7b", end = "\xff\xd9";

    const fs::path whole = write("whole.jpg", head + "\x7b" + rest + end + "and more behind the picture");
    EXPECT_EQ(refusal(whole), "");
    EXPECT_EQ(load_image(whole).sample(5, 3, 0), 130);
    EXPECT_EQ(load_image(whole).sample(5, 19, 0), 129);
    const fs::path broken =
        write("broken.jpg", head + "\x7b" + std::string(20, 'x') + rest + std::string(300, 'y') + end);
    EXPECT_NE(refusal(broken).find("damaged"), std::string::npos) << refusal(broken);
    EXPECT_THROW(image_info(broken), FileError);
    EXPECT_NE(refusal(write("cut.jpg", head + "\x7b" + rest)).find("truncated"), std::string::npos);
}

// As cameras and editors leave them: every other program skips them.
TEST_F(ImageFile, StrayBytesBetweenAJpegsSegmentsAreSkipped) {
    const Image image = test::random_image(24, 17, 3, Depth::u8, 5);
    save_image(image, folder_ / "plain.jpg");
    const Bytes plain = read_bytes(folder_ / "plain.jpg");
    const Image expected = load_image(folder_ / "plain.jpg");
    const auto number = [&](std::size_t at) {
        return std::to_integer<std::size_t>(plain[at]) << 8 | std::to_integer<std::size_t>(plain[at + 1]);
    };
    std::vector<std::size_t> segments;  // where each but the first begins
    for (std::size_t at = 2; at + 4 < plain.size(); at += 2 + number(at + 2)) {
        if (at > 2) segments.push_back(at);  // the first one tells a JPEG
        if (plain[at + 1] == std::byte{0xda}) break;
    }
    ASSERT_GT(segments.size(), 3U);
    for (const std::string& strays : {std::string("\0\1\2\3", 4), std::string("\xff\0", 2), std::string("\0", 1)}) {
        for (const std::size_t at : segments) {
            Bytes file = plain;
            const auto* first = reinterpret_cast<const std::byte*>(strays.data());
            file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), first, first + strays.size());
            const fs::path path = write("strays.jpg", file);
            ASSERT_EQ(refusal(path), "") << at;
            expect_same(load_image(path), expected);
            EXPECT_EQ(image_info(path).height, 17);
        }
    }
}

TEST_F(ImageFile, FillBytesInFrontOfAMarkerAreSkipped) {
    save_image(Image(32, 16, 1, Depth::u8), folder_ / "plain.jpg");
    Bytes segment = exif(6, true);
    segment.insert(segment.begin(), 3, std::byte{0xff});
    const Image image = with_exif(folder_ / "filled.jpg", read_bytes(folder_ / "plain.jpg"), segment);
    EXPECT_EQ(image.width(), 16);
    EXPECT_EQ(image.height(), 32);
}

}  // namespace
}  // namespace convlens
