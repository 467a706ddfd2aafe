#include "core/io/image_file.h"

#include <fmt/format.h>
#include <stb_image.h>
#include <stb_image_write.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/image/sample.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"
#include "core/io/jpeg_header.h"
#include "core/io/npy.h"
#include "core/io/png_write.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kReads = "Convlens opens PNG, JPEG, BMP, TGA, GIF, PSD, PGM, PPM and Radiance HDR pictures";

// Bytes as stb_image asks for them. It takes zeros for what is missing at the end and draws on, so whether it asked for
// more than there is must be noticed here.
struct Stream {
    std::span<const std::byte> bytes;
    std::size_t at = 0;
    bool overrun = false;

    static int read(void* user, char* to, int wanted) {
        constexpr std::size_t kRefill = 128;  // stb_image's buffer: asked for whole, whatever is needed
        auto& self = *static_cast<Stream*>(user);
        const std::size_t count = std::min(static_cast<std::size_t>(wanted), self.bytes.size() - self.at);
        if (count == 0 || (count < static_cast<std::size_t>(wanted) && static_cast<std::size_t>(wanted) != kRefill))
            self.overrun = true;
        if (count > 0) std::memcpy(to, self.bytes.data() + self.at, count);
        self.at += count;
        return static_cast<int>(count);
    }
    static void skip(void* user, int count) {
        auto& self = *static_cast<Stream*>(user);
        const auto wanted = static_cast<std::int64_t>(self.at) + count;
        self.at =
            static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 0, static_cast<std::int64_t>(self.bytes.size())));
    }
    static int eof(void* user) {
        const auto& self = *static_cast<Stream*>(user);
        return self.at >= self.bytes.size() ? 1 : 0;
    }
};

constexpr stbi_io_callbacks kCallbacks = {Stream::read, Stream::skip, Stream::eof};

std::string lower_ending(const fs::path& path) {
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return ending;
}

// A picture file before its pixels are read: known to be one, and not too large.
struct Opened {
    std::vector<std::byte> bytes;
    FileKind kind;
    ImageInfo info;
    JpegHeader jpeg;
};

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) { throw FileError(path.string(), reason); }

void check_jpeg(const fs::path& path, const JpegHeader& jpeg) {
    if (jpeg.bits > 8) refuse(path, fmt::format("this JPEG has {} bits a sample; only 8 can be read", jpeg.bits));
    if (jpeg.components != 4 || jpeg.adobe_transform == 0 || jpeg.adobe_transform == 2) return;
    refuse(path,
           "this JPEG holds four inks (CMYK) without Adobe's marker that says how they are kept, so its colours "
           "would be a guess; save it as RGB first");
}

Depth stored_depth(std::span<const std::byte> bytes) {
    Stream hdr{bytes};
    if (stbi_is_hdr_from_callbacks(&kCallbacks, &hdr) != 0) return Depth::f32;
    Stream deep{bytes};
    return stbi_is_16_bit_from_callbacks(&kCallbacks, &deep) != 0 ? Depth::u16 : Depth::u8;
}

[[noreturn]] void refuse_damaged(const fs::path& path, const FileKind& kind, const Stream& stream) {
    if (stream.overrun)
        refuse(path, fmt::format("this {} file is truncated: it ends before the picture does", kind.name));
    const char* reason = stbi_failure_reason();
    refuse(path, fmt::format("this {} file is damaged, or of a variety that cannot be read ({})", kind.name,
                             reason == nullptr ? "no reason given" : reason));
}

Opened open(const fs::path& path) {
    Opened opened{read_bytes(path), {}, {}, {}};
    opened.kind = file_kind(opened.bytes, lower_ending(path));
    if (!opened.kind.picture) refuse(path, fmt::format("this is {}; {}", opened.kind.phrase, kReads));
    int width = 0, height = 0, channels = 0;
    Stream stream{opened.bytes};
    if (stbi_info_from_callbacks(&kCallbacks, &stream, &width, &height, &channels) == 0)
        refuse_damaged(path, opened.kind, stream);
    if (width < 1 || height < 1) refuse(path, fmt::format("this {} picture has no pixels", opened.kind.name));
    const std::int64_t pixels = std::int64_t{width} * height;
    if (pixels > kMaxPixels)
        refuse(path, fmt::format("{} x {} = {} pixels are more than the {} that a picture may have", width, height,
                                 pixels, kMaxPixels));
    if (opened.kind.name == "JPEG") {
        opened.jpeg = jpeg_header(opened.bytes);
        check_jpeg(path, opened.jpeg);
    }
    if (opened.jpeg.orientation >= 5) std::swap(width, height);
    opened.info = {width, height, channels, stored_depth(opened.bytes), std::string(opened.kind.name)};
    return opened;
}

// The largest sample of a binary PGM or PPM, which stb_image leaves as it is: 15, 1023, ... Comments run to a line's end.
double pnm_largest(std::span<const std::byte> bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 4096));
    std::size_t at = 2;
    int number = 0;
    for (int field = 0; field < 3; ++field) {
        while (at < text.size() && (std::isspace(static_cast<unsigned char>(text[at])) != 0 || text[at] == '#')) {
            if (text[at] == '#') at = std::min(text.find('\n', at), text.size() - 1);
            ++at;
        }
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
        if (error != std::errc{}) return 0;
        at = static_cast<std::size_t>(end - text.data());
    }
    return number;
}

void stretch(Image& image, double largest) {
    const double most = white(image.depth());
    if (largest <= 0 || largest >= most) return;
    with_sample_type(image.depth(), [&](auto type) {
        using T = decltype(type);
        for (std::int64_t y = 0; y < image.height(); ++y)
            for (T& sample : image.row<T>(y)) sample = to_sample<T>(static_cast<float>(sample * most / largest));
    });
}

struct Freed {
    void operator()(void* pixels) const { stbi_image_free(pixels); }
};

Image decode(const fs::path& path, const Opened& opened) {
    int width = 0, height = 0, channels = 0;
    Stream stream{opened.bytes};
    const auto load = [&]() -> void* {
        switch (opened.info.depth) {
            case Depth::u8: return stbi_load_from_callbacks(&kCallbacks, &stream, &width, &height, &channels, 0);
            case Depth::u16: return stbi_load_16_from_callbacks(&kCallbacks, &stream, &width, &height, &channels, 0);
            case Depth::s16:  // no file that is read holds it
            case Depth::f32: break;
        }
        return stbi_loadf_from_callbacks(&kCallbacks, &stream, &width, &height, &channels, 0);
    };
    const std::unique_ptr<void, Freed> pixels(load());
    if (!pixels || stream.overrun) refuse_damaged(path, opened.kind, stream);
    Image image(width, height, channels, opened.info.depth);
    std::memcpy(image.bytes().data(), pixels.get(), image.bytes().size());
    return image;
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

ImageInfo image_info(const fs::path& path) { return open(path).info; }

Image load_image(const fs::path& path) {
    const Opened opened = open(path);
    Image image = decode(path, opened);
    if (opened.kind.name == "PNM") stretch(image, pnm_largest(opened.bytes));
    return upright(std::move(image), opened.jpeg.orientation);
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
