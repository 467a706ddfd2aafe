// Animated GIF by giflib: one palette for all frames, and of every frame only the rectangle that changed, in which what
// did not change is transparent.
#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include <gif_lib.h>

#include "app/export/gif.h"
#include "app/export/palette.h"
#include "core/io/bytes.h"
#include "core/io/error.h"

namespace convlens {

namespace {

constexpr int kMostColours = 255;  // and one for "transparent"
constexpr int kLeastDelay = 2;     // viewers take 0 and 1 for 10
constexpr int kMostDelay = 65535;
constexpr int kMostSide = 65535;

// GIF knows no half transparency: what shines through is white.
void flatten(Bitmap& bitmap) {
    for (std::size_t i = 0; i < bitmap.rgba.size(); i += 4) {
        const int a = bitmap.rgba[i + 3];
        if (a == 255) continue;
        for (std::size_t c = i; c < i + 3; ++c)
            bitmap.rgba[c] = static_cast<std::uint8_t>((bitmap.rgba[c] * a + 255 * (255 - a) + 127) / 255);
        bitmap.rgba[i + 3] = 255;
    }
}

Palette palette_of(int frame_count, const std::function<GifFrame(int)>& frame) {
    ColourCount colours;
    const int sampled = std::min(frame_count, kSampledFrames);
    for (int i = 0; i < sampled; ++i) {
        const int at =
            sampled == 1 ? 0 : static_cast<int>(static_cast<std::int64_t>(i) * (frame_count - 1) / (sampled - 1));
        Bitmap bitmap = frame(at).bitmap;
        flatten(bitmap);
        colours.add(bitmap.rgba);
    }
    return Palette(colours.best(kMostColours));
}

struct Area {
    int x = 0, y = 0, w = 0, h = 0;
};

// giflib writing into memory. Every call that fails throws FileError.
class GifStream {
public:
    explicit GifStream(std::string path) : path_(std::move(path)) {
        int error = 0;
        gif_ = EGifOpen(&bytes_, write, &error);
        if (gif_ == nullptr) fail(error);
        EGifSetGifVersion(gif_, true);
    }
    ~GifStream() {
        if (gif_ != nullptr) EGifCloseFile(gif_, nullptr);
    }
    GifStream(const GifStream&) = delete;
    GifStream& operator=(const GifStream&) = delete;

    void open(int width, int height, const std::vector<Colour>& colours) {
        int size = 2;
        while (size < static_cast<int>(colours.size()) + 1) size *= 2;
        const std::unique_ptr<ColorMapObject, void (*)(ColorMapObject*)> map(GifMakeMapObject(size, nullptr),
                                                                             GifFreeMapObject);
        if (!map) throw std::bad_alloc();
        for (std::size_t i = 0; i < colours.size(); ++i) map->Colors[i] = {colours[i].r, colours[i].g, colours[i].b};
        check(EGifPutScreenDesc(gif_, width, height, 8, 0, map.get()));
    }

    // How often the animation repeats after the first time; 0: for ever.
    void repeat(int times) {
        const std::array<GifByteType, 3> block{1, static_cast<GifByteType>(times & 0xFF),
                                               static_cast<GifByteType>(times >> 8 & 0xFF)};
        check(EGifPutExtensionLeader(gif_, APPLICATION_EXT_FUNC_CODE));
        check(EGifPutExtensionBlock(gif_, 11, "NETSCAPE2.0"));
        check(EGifPutExtensionBlock(gif_, static_cast<int>(block.size()), block.data()));
        check(EGifPutExtensionTrailer(gif_));
    }

    // `indices` is row by row, `stride` apart.
    void picture(const Area& area, const std::uint8_t* indices, int stride, int delay, int transparent) {
        const GraphicsControlBlock control{DISPOSE_DO_NOT, false, delay, transparent};
        std::array<GifByteType, 4> block{};
        EGifGCBToExtension(&control, block.data());
        check(EGifPutExtension(gif_, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(block.size()), block.data()));
        check(EGifPutImageDesc(gif_, area.x, area.y, area.w, area.h, false, nullptr));
        std::vector<GifPixelType> line(static_cast<std::size_t>(area.w));  // giflib wants to write into it
        for (int y = 0; y < area.h; ++y) {
            std::memcpy(line.data(), indices + static_cast<std::ptrdiff_t>(y) * stride, line.size());
            check(EGifPutLine(gif_, line.data(), area.w));
        }
    }

    // The whole file.
    const std::vector<std::byte>& finish() {
        int error = 0;
        if (EGifCloseFile(std::exchange(gif_, nullptr), &error) == GIF_ERROR) fail(error);
        return bytes_;
    }

private:
    static int write(GifFileType* gif, const GifByteType* bytes, int count) {
        auto& all = *static_cast<std::vector<std::byte>*>(gif->UserData);
        const auto* first = reinterpret_cast<const std::byte*>(bytes);
        all.insert(all.end(), first, first + count);
        return count;
    }
    [[noreturn]] void fail(int error) const {
        const char* reason = GifErrorString(error);
        throw FileError(path_, reason != nullptr ? verbatim(reason) : msg("cannot be written as a GIF"));
    }
    void check(int result) const {
        if (result == GIF_ERROR) fail(gif_->Error);
    }

    std::string path_;
    std::vector<std::byte> bytes_;
    GifFileType* gif_ = nullptr;
};

// What a viewer shows, and what has to be written to make it show the next frame.
class Canvas {
public:
    Canvas(int width, int height) : width_(width), height_(height), shown_(pixels()), change_(pixels()) {}

    // Fills the change with palette indices where the frame differs, `transparent` elsewhere; returns where it does.
    Area change_to(const Bitmap& bitmap, Palette& palette, std::uint8_t transparent) {
        const bool first = rgba_.empty();
        Area area{width_, height_, 0, 0};  // w, h: right and bottom, until it is returned
        for (int y = 0; y < height_; ++y) {
            const std::size_t start = static_cast<std::size_t>(y) * static_cast<std::size_t>(width_);
            const auto row_bytes = static_cast<std::size_t>(width_) * 4;
            if (!first && std::memcmp(bitmap.rgba.data() + start * 4, rgba_.data() + start * 4, row_bytes) == 0) {
                std::fill_n(change_.begin() + static_cast<std::ptrdiff_t>(start), width_, transparent);
                continue;
            }
            for (int x = 0; x < width_; ++x) {
                const std::size_t i = start + static_cast<std::size_t>(x);
                change_[i] = transparent;
                const std::uint8_t* pixel = bitmap.rgba.data() + i * 4;
                if (!first && std::memcmp(pixel, rgba_.data() + i * 4, 4) == 0) continue;
                const std::uint8_t index = palette.index(pixel[0], pixel[1], pixel[2]);
                if (!first && index == shown_[i]) continue;
                shown_[i] = change_[i] = index;
                area = {std::min(area.x, x), std::min(area.y, y), std::max(area.w, x + 1), y + 1};
            }
        }
        rgba_ = bitmap.rgba;
        if (area.w == 0) return {0, 0, 1, 1};  // nothing changed: a frame must still have a pixel
        return {area.x, area.y, area.w - area.x, area.h - area.y};
    }

    const std::uint8_t* change(const Area& area) const {
        return change_.data() + static_cast<std::ptrdiff_t>(area.y) * width_ + area.x;
    }

private:
    std::size_t pixels() const { return static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_); }

    int width_, height_;
    std::vector<std::uint8_t> rgba_;    // the last frame as it was given
    std::vector<std::uint8_t> shown_;   // palette indices
    std::vector<std::uint8_t> change_;  // likewise, or transparent
};

}  // namespace

void save_gif(const std::filesystem::path& path, int frame_count, const std::function<GifFrame(int)>& frame,
              int loops) {
    assert(frame_count > 0 && loops >= 0);
    // A long animation takes its time: the likeliest mistake is told before.
    if (path.has_parent_path() && !std::filesystem::is_directory(path.parent_path()))
        throw FileError(path.string(), msg("there is no folder {path}", "path"_is(path.parent_path().string())));
    Palette palette = palette_of(frame_count, frame);
    const auto transparent = static_cast<std::uint8_t>(palette.colours().size());

    GifFrame current = frame(0);
    const int width = current.bitmap.width;
    const int height = current.bitmap.height;
    if (width > kMostSide || height > kMostSide)
        throw FileError(path.string(),
                        msg("a GIF is at most {most} pixels wide and high; this one would be {width} × {height} px",
                            "most"_is(kMostSide), "width"_is(width), "height"_is(height)));
    GifStream gif(path.string());
    gif.open(width, height, palette.colours());
    if (loops != 1) gif.repeat(loops == 0 ? 0 : std::min(loops - 1, kMostDelay));
    Canvas canvas(width, height);
    for (int i = 0; i < frame_count; ++i) {
        if (i > 0) current = frame(i);
        assert(current.bitmap.width == width && current.bitmap.height == height);
        flatten(current.bitmap);
        const Area area = canvas.change_to(current.bitmap, palette, transparent);
        const int delay = std::clamp(current.delay_cs, kLeastDelay, kMostDelay);
        gif.picture(area, canvas.change(area), width, delay, i == 0 ? NO_TRANSPARENT_COLOR : transparent);
    }
    write_bytes(path, gif.finish());
}

}  // namespace convlens
