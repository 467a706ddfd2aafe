// Small files of every format, written by other programs (tests/peers/make_images.py, make_tiffs.py), have the samples that these
// programs put into them.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/io/file_kind.h"
#include "core/io/image/decoder.h"
#include "core/io/image/endings.h"
#include "core/io/image/image_file.h"
#include "core/io/json_value.h"
#include "core/io/tensor/npy.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

std::string from_hex(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
}

const nlohmann::json& fixtures() {
    static const nlohmann::json json = read_json(CONVLENS_FIXTURES "/images/formats.json");
    return json;
}

// Those of all fixtures.
const std::vector<nlohmann::json>& files() {
    static const std::vector<nlohmann::json> all = [] {
        std::vector<nlohmann::json> files = fixtures()["files"];
        const nlohmann::json more = read_json(CONVLENS_FIXTURES "/images/tiff_webp.json");
        for (const nlohmann::json& file : more["files"]) files.push_back(file);
        return files;
    }();
    return all;
}

TEST(ImageFormats, EveryFormatThatIsWrittenIsOfferedToBeOpened) {
    const std::vector<std::string> offered = image_endings();
    for (const ImageFormat& format : image_formats()) {
        if (format.ending == ".npy") continue;  // which is an array first
        EXPECT_EQ(std::ranges::count(offered, format.ending), 1) << format.ending;
    }
}

// Where the first sample differs; nothing where all are the same.
std::string difference(const Image& image, const std::vector<double>& samples) {
    std::size_t i = 0;
    for (std::int64_t y = 0; y < image.height(); ++y)
        for (std::int64_t x = 0; x < image.width(); ++x)
            for (int c = 0; c < image.channels(); ++c, ++i)
                if (image.sample(x, y, c) != samples[i])
                    return fmt::format("row {}, column {}, channel {} is {}, not {}", y, x, c, image.sample(x, y, c),
                                       samples[i]);
    return "";
}

TEST(ImageFormats, FilesOfOtherProgramsHaveTheSamplesThatTheyPutIntoThem) {
    const TempFolder folder;
    EXPECT_GT(files().size(), 180U);
    for (const nlohmann::json& file : files()) {
        SCOPED_TRACE(file["name"]);
        const std::string path = folder.write(file["name"].get<std::string>(), from_hex(file["bytes"]));
        const ImageInfo info = image_info(path);
        const Image image = load_image(path);
        EXPECT_EQ(image.width(), file["width"]);
        EXPECT_EQ(image.height(), file["height"]);
        EXPECT_EQ(image.channels(), file["channels"]);
        EXPECT_EQ(name(image.depth()), file["depth"]);
        EXPECT_EQ(info.width, image.width());
        EXPECT_EQ(info.height, image.height());
        EXPECT_EQ(info.channels, image.channels());
        EXPECT_EQ(info.depth, image.depth());
        const auto samples = file["samples"].get<std::vector<double>>();
        ASSERT_EQ(samples.size(), static_cast<std::size_t>(image.width() * image.height() * image.channels()));
        EXPECT_EQ(difference(image, samples), "");
    }
}

// Halved colours are smoothed as libjpeg does it, up to the last column and row.
TEST(ImageFormats, JpegsOfEverySamplingAreWhatLibjpegMakesOfThem) {
    constexpr double kRounding = 1;  // between versions of libjpeg
    const TempFolder folder;
    const nlohmann::json json = read_json(CONVLENS_FIXTURES "/images/jpeg.json");
    ASSERT_GT(json["files"].size(), 20U);
    for (const nlohmann::json& file : json["files"]) {
        SCOPED_TRACE(file["name"]);
        const Image image = load_image(folder.write(file["name"].get<std::string>(), from_hex(file["bytes"])));
        ASSERT_EQ(image.width(), file["width"]);
        ASSERT_EQ(image.height(), file["height"]);
        const auto samples = file["samples"].get<std::vector<double>>();
        std::size_t i = 0;
        for (std::int64_t y = 0; y < image.height(); ++y)
            for (std::int64_t x = 0; x < image.width(); ++x)
                for (int c = 0; c < 3; ++c, ++i)
                    EXPECT_NEAR(image.sample(x, y, c), samples[i], kRounding) << "row " << y << ", column " << x;
    }
}

// Every byte less than the whole: a reason, and the same verdict by image_info, which looks at less.
TEST(ImageFormats, FilesThatEndTooEarlyAreRefusedWithAReason) {
    for (const nlohmann::json& file : files()) {
        if (file["name"] == "three_pages.tif") continue;  // of which later pages may be missing
        SCOPED_TRACE(file["name"]);
        const std::string whole = from_hex(file["bytes"]);
        const auto* first = reinterpret_cast<const std::byte*>(whole.data());
        const FileKind kind = file_kind({first, whole.size()}, ".tga");
        const ImageDecoder* decoder = image_decoder(kind.name);
        ASSERT_NE(decoder, nullptr);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const FileBytes cut(first, length);
            try {
                decoder->header(cut);
                decoder->pixels(cut);
            } catch (const ImageError& error) {
                EXPECT_GT(std::string(error.what()).size(), 20U);
                continue;
            }
            // Only the mark of the end and the filling of the last row may be missing.
            EXPECT_GE(length + 30, whole.size());
        }
    }
}

// What is announced and what is there: no byte of the file, whatever its value, makes more of an image than its bytes
// can fill.
TEST(ImageFormats, ChangedBytesAreRefusedOrReadButNeverMoreThanTheFileCanHold) {
    constexpr std::int64_t kSmall = std::int64_t{1} << 20;
    for (const nlohmann::json& file : files()) {
        const std::string whole = from_hex(file["bytes"]);
        const FileKind kind = file_kind(std::as_bytes(std::span(whole)), ".tga");
        const ImageDecoder* decoder = image_decoder(kind.name);
        for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 80); ++at) {
            for (const unsigned value : {0x00U, 0x01U, 0x7fU, 0x80U, 0xffU}) {
                std::string changed = whole;
                changed[at] = static_cast<char>(value);
                const FileBytes bytes = std::as_bytes(std::span(changed));
                try {
                    const ImageHeader header = decoder->header(bytes);
                    const std::int64_t pixels = capped_product(header.width, header.height);
                    if (pixels == 0 || pixels > kSmall) continue;  // load_image refuses them
                    if (header.bytes_are_exact && static_cast<std::int64_t>(bytes.size()) < header.least_bytes)
                        continue;
                    const Image image = decoder->pixels(bytes);
                    EXPECT_EQ(image.width(), header.width);
                    EXPECT_EQ(image.channels(), header.channels);
                } catch (const ImageError&) {
                }
            }
        }
    }
}

// Anywhere in the file, several bytes at a time.
TEST(ImageFormats, DamageAnywhereIsRefusedOrRead) {
    constexpr std::int64_t kSmall = std::int64_t{1} << 20;
    std::mt19937 random(5);
    for (const nlohmann::json& file : files()) {
        const std::string whole = from_hex(file["bytes"]);
        const ImageDecoder* decoder = image_decoder(file_kind(std::as_bytes(std::span(whole)), ".tga").name);
        for (int i = 0; i < 60; ++i) {
            std::string changed = whole;
            for (int j = 0; j < 1 + i % 4; ++j) changed[random() % changed.size()] = static_cast<char>(random());
            const FileBytes bytes = std::as_bytes(std::span(changed));
            try {
                const ImageHeader header = decoder->header(bytes);
                const std::int64_t pixels = capped_product(header.width, header.height);
                if (pixels == 0 || pixels > kSmall) continue;
                if (header.bytes_are_exact && static_cast<std::int64_t>(bytes.size()) < header.least_bytes) continue;
                EXPECT_EQ(decoder->pixels(bytes).width(), header.width);
            } catch (const ImageError&) {
            }
        }
    }
}

TEST(ImageFormats, ArraysOfNumPyHaveItsNumbersInEveryTypeAndByteOrder) {
    EXPECT_GT(fixtures()["arrays"].size(), 30U);
    for (const nlohmann::json& array : fixtures()["arrays"]) {
        SCOPED_TRACE(array["type"].get<std::string>() + array["order"].get<std::string>());
        const std::string bytes = from_hex(array["bytes"]);
        const NpyArray read = parse_npy(std::as_bytes(std::span(bytes)), "a.npy");
        EXPECT_EQ(read.type, array["type"]);
        EXPECT_EQ(read.shape, (std::vector<std::int64_t>{2, 3}));
        EXPECT_EQ(std::vector<double>(read.data.begin(), read.data.end()), array["data"].get<std::vector<double>>());
    }
}

TEST(ImageFormats, LargestSamplesOfAnyKindAreScaledExactlyWithHalvesToEven) {
    EXPECT_EQ(scaled(1, 6, 255), 42U);   // 42.5
    EXPECT_EQ(scaled(5, 6, 255), 212U);  // 212.5
    EXPECT_EQ(scaled(1, 2, 255), 128U);  // 127.5
    EXPECT_EQ(scaled(64873, 65535, 65535), 64873U);
    EXPECT_EQ(scaled(7, 31, 255), 58U);  // 57.58
    EXPECT_EQ(scaled(300, 200, 255), 255U);
}

}  // namespace
}  // namespace convlens
