#include "core/io/image_file.h"

#include <fmt/format.h>
#include <stb_image_write.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>

#include "core/image/sample.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"
#include "core/io/image_decoder.h"
#include "core/io/npy.h"
#include "core/io/png_write.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kReads =
    "Convlens opens PNG, JPEG, BMP, TGA, GIF, PSD, PBM, PGM, PPM, PAM, PFM and Radiance HDR pictures";

std::string lower_ending(const fs::path& path) {
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return ending;
}

// A picture file before its pixels are read: known to be one, not too large, and long enough for its size.
struct Opened {
    std::vector<std::byte> bytes;
    FileKind kind;
    ImageHeader header;
    const ImageDecoder* decoder = nullptr;
};

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) { throw FileError(path.string(), reason); }

void check_kind(const fs::path& path, const FileKind& kind) {
    if (!kind.picture) refuse(path, fmt::format("this is {}; {}", kind.phrase, kReads));
}

constexpr std::int64_t kSmallPixels = std::int64_t{1} << 20;

// The bytes in the file bound what is allocated for the picture.
void check_size(const fs::path& path, const FileKind& kind, const ImageHeader& header, std::size_t size) {
    const std::int64_t width = header.width, height = header.height;
    if (width < 1 || height < 1) refuse(path, fmt::format("this {} picture has no pixels", kind.name));
    const std::int64_t pixels = capped_product(width, height);
    if (pixels > kMaxPixels)
        refuse(path, fmt::format("{} x {} = {} pixels are more than the {} that a picture may have", width, height,
                                 pixels, kMaxPixels));
    const bool believed = !header.bytes_are_exact && pixels <= kSmallPixels;
    if (believed || static_cast<std::int64_t>(size) >= header.least_bytes) return;
    refuse(path, fmt::format("this {} file is truncated: it is too short for the size it announces, {} x {} pixels, "
                             "which need at least {} bytes; it has {}. Copy or download it again",
                             kind.name, width, height, header.least_bytes, size));
}

template <typename Read>
auto named(const fs::path& path, const Read& read) {
    try {
        return read();
    } catch (const ImageError& error) {
        refuse(path, error.what());
    }
}

Opened open(const fs::path& path) {
    const std::string ending = lower_ending(path);
    Opened opened;
    opened.bytes = read_bytes(path);
    opened.kind = file_kind(opened.bytes, ending);
    check_kind(path, opened.kind);
    opened.decoder = image_decoder(opened.kind.name);
    opened.header = named(path, [&] { return opened.decoder->header(opened.bytes); });
    check_size(path, opened.kind, opened.header, opened.bytes.size());
    return opened;
}

// The picture as it is to be seen. Orientations 2 to 4 keep the size, 5 to 8 swap rows and columns.
Image upright(Image image, int orientation) {
    if (orientation == 1) return image;
    const std::int64_t w = image.width(), h = image.height();
    const bool swapped = orientation >= 5;
    Image result(swapped ? h : w, swapped ? w : h, image.channels(), image.depth());
    const std::size_t pixel = image.row_bytes() / static_cast<std::size_t>(w);
    const auto source = [&](std::int64_t x, std::int64_t y) -> std::pair<std::int64_t, std::int64_t> {
        switch (orientation) {
            case 2: return {w - 1 - x, y};
            case 3: return {w - 1 - x, h - 1 - y};
            case 4: return {x, h - 1 - y};
            case 5: return {y, x};
            case 6: return {y, h - 1 - x};
            case 7: return {w - 1 - y, h - 1 - x};
            default: return {w - 1 - y, x};
        }
    };
    for (std::int64_t y = 0; y < result.height(); ++y) {
        for (std::int64_t x = 0; x < result.width(); ++x) {
            const auto [from_x, from_y] = source(x, y);
            std::memcpy(
                &result.bytes()[static_cast<std::size_t>(y) * result.row_bytes() + static_cast<std::size_t>(x) * pixel],
                &image.bytes()[static_cast<std::size_t>(from_y) * image.row_bytes() +
                               static_cast<std::size_t>(from_x) * pixel],
                pixel);
        }
    }
    return result;
}

}  // namespace

ImageInfo image_info(const fs::path& path) {
    const Opened opened = open(path);
    const ImageHeader& header = opened.header;
    // Damage among the samples shows when they are read, which is quick for small pictures.
    if (header.width * header.height <= kSmallPixels) named(path, [&] { return opened.decoder->pixels(opened.bytes); });
    ImageInfo info{header.width, header.height, header.channels, header.depth, std::string(opened.kind.name)};
    if (header.orientation >= 5) std::swap(info.width, info.height);
    return info;
}

Image load_image(const fs::path& path) {
    const Opened opened = open(path);
    Image image = named(path, [&] { return opened.decoder->pixels(opened.bytes); });
    return upright(std::move(image), opened.header.orientation);
}

namespace {

using Bytes = std::vector<std::byte>;

// Where stb's encoders write to.
struct Writer {
    Bytes bytes;
    const Progress& progress;
    std::size_t asked = 0;  // the bytes there were when the stop was last looked at
};

// Leaves the encoder when it is stopped: those of JPEG, BMP and TGA own no memory that would be lost.
void append(void* writer, void* data, int size) {
    auto& to = *static_cast<Writer*>(writer);
    const auto* first = static_cast<const std::byte*>(data);
    to.bytes.insert(to.bytes.end(), first, first + size);
    constexpr std::size_t kPiece = std::size_t{1} << 16;
    if (to.bytes.size() - to.asked < kPiece) return;
    to.asked = to.bytes.size();
    if (to.progress.is_stopped()) throw Stopped();
}

// Without alpha, on white.
Image flattened(const Image& image) {
    if (!image.has_alpha()) return image;
    Image result(image.width(), image.height(), image.colour_channels(), Depth::u8);
    for (std::int64_t y = 0; y < image.height(); ++y) {
        const auto to = result.row<std::uint8_t>(y);
        for (std::size_t i = 0; i < to.size(); ++i) {
            const auto colours = static_cast<std::size_t>(image.colour_channels());
            const auto pixel = image.row<std::uint8_t>(y).subspan(i / colours * (colours + 1), colours + 1);
            const float alpha = static_cast<float>(pixel[colours]) / 255;
            to[i] = to_sample<std::uint8_t>(static_cast<float>(pixel[i % colours]) * alpha + 255 * (1 - alpha));
        }
    }
    return result;
}

using Encode = Bytes (*)(const Image& image, const Progress& progress);

Bytes jpeg_bytes(const Image& image, const Progress& progress) {
    const Image flat = flattened(converted(image, Depth::u8));
    Writer writer{{}, progress};
    stbi_write_jpg_to_func(append, &writer, static_cast<int>(flat.width()), static_cast<int>(flat.height()),
                           flat.channels(), flat.bytes().data(), 95);
    return std::move(writer.bytes);
}

Bytes bmp_bytes(const Image& image, const Progress& progress) {
    Image plain = converted(image, Depth::u8);
    if (plain.channels() == 2) plain = flattened(plain);
    Writer writer{{}, progress};
    stbi_write_bmp_to_func(append, &writer, static_cast<int>(plain.width()), static_cast<int>(plain.height()),
                           plain.channels(), plain.bytes().data());
    return std::move(writer.bytes);
}

Bytes tga_bytes(const Image& image, const Progress& progress) {
    const Image plain = converted(image, Depth::u8);
    Writer writer{{}, progress};
    stbi_write_tga_to_func(append, &writer, static_cast<int>(plain.width()), static_cast<int>(plain.height()),
                           plain.channels(), plain.bytes().data());
    return std::move(writer.bytes);
}

// Radiance keeps a common exponent a pixel and no sign: negative values and NaN become 0. stb's encoder owns memory, so
// that it is not left on its way.
Bytes hdr_bytes(const Image& image, const Progress& /*progress*/) {
    Image floats = converted(image, Depth::f32);
    for (std::int64_t y = 0; y < floats.height(); ++y)
        for (float& value : floats.row<float>(y)) value = value > 0 ? std::min(value, 1e30F) : 0;
    const Progress unstoppable;
    Writer writer{{}, unstoppable};
    stbi_write_hdr_to_func(append, &writer, static_cast<int>(floats.width()), static_cast<int>(floats.height()),
                           floats.channels(), reinterpret_cast<const float*>(floats.bytes().data()));
    return std::move(writer.bytes);
}

// [H, W] for one channel, [H, W, C] for more: s16 as it is, else float32, where 1 is white.
Bytes npy_image_bytes(const Image& image, const Progress& /*progress*/) {
    std::vector<std::int64_t> shape{image.height(), image.width()};
    if (image.channels() > 1) shape.push_back(image.channels());
    const bool whole = image.depth() == Depth::s16;
    const Image kept = whole ? image : converted(image, Depth::f32);
    const auto samples = static_cast<std::size_t>(image.width() * image.channels());
    std::vector<double> data(samples * static_cast<std::size_t>(image.height()));
    for (std::int64_t y = 0; y < image.height(); ++y)
        with_sample_type(kept.depth(), [&](auto type) {
            std::ranges::copy(kept.row<decltype(type)>(y), data.begin() + y * static_cast<std::ptrdiff_t>(samples));
        });
    return npy_bytes(shape, data, whole ? NpyType::i2 : NpyType::f4);
}

struct Format {
    std::string_view ending;
    std::int64_t most_side;  // what the format's own fields can count
    Encode encode;
};
constexpr Format kFormats[] = {
    {".png", 0x7fffffff, png_bytes},       {".jpg", 0xffff, jpeg_bytes}, {".jpeg", 0xffff, jpeg_bytes},
    {".bmp", 0x7fff, bmp_bytes},           {".tga", 0xffff, tga_bytes},  {".hdr", 0xffffff, hdr_bytes},
    {".npy", kMaxPixels, npy_image_bytes},
};

}  // namespace

bool save_image(const Image& image, const fs::path& path, const Progress& progress) {
    const std::string ending = lower_ending(path);
    const auto* format = std::find_if(std::begin(kFormats), std::end(kFormats),
                                      [&](const Format& candidate) { return candidate.ending == ending; });
    if (format == std::end(kFormats))
        refuse(path,
               fmt::format("pictures cannot be saved as \"{}\"; use .png, .jpg, .bmp, .tga, .hdr or .npy", ending));
    if (image.empty()) refuse(path, "there is no picture to save");
    if (std::max(image.width(), image.height()) > format->most_side)
        refuse(path,
               fmt::format("{} x {} pixels are more than a {} file can hold, which has at most {} on a side; use .png",
                           image.width(), image.height(), ending.substr(1), format->most_side));
    Bytes bytes;
    try {
        bytes = format->encode(image, progress);
    } catch (const Stopped&) {
        return false;
    } catch (const std::runtime_error& error) {
        refuse(path, fmt::format("cannot be saved: {}", error.what()));
    }
    if (progress.is_stopped()) return false;
    if (bytes.empty()) refuse(path, "cannot be saved: the encoder gave nothing");
    write_bytes(path, bytes);
    return true;
}

}  // namespace convlens
