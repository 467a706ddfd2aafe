// Animations as giflib reads them back, byte by byte where players differ.
#include <gif_lib.h>

#include <memory>
#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>

#include "app/export/gif.h"
#include "app/render/cairo/figure.h"
#include "core/io/error.h"
#include "tests/app/render/pixels.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

struct ReadFrame {
    Bitmap shown;  // what a viewer has on its screen
    Rect rect;     // what the file had of it
    int delay_cs = 0;
};
struct ReadGif {
    std::vector<ReadFrame> frames;
    std::optional<int> repeats;  // of the NETSCAPE block
    std::string version;
    std::size_t bytes = 0;
};

std::optional<int> netscape(const SavedImage& image) {
    for (int i = 0; i + 1 < image.ExtensionBlockCount; ++i) {
        const ExtensionBlock& block = image.ExtensionBlocks[i];
        if (block.Function != APPLICATION_EXT_FUNC_CODE || block.ByteCount != 11) continue;
        EXPECT_EQ(std::string(reinterpret_cast<const char*>(block.Bytes), 11), "NETSCAPE2.0");
        const ExtensionBlock& data = image.ExtensionBlocks[i + 1];
        EXPECT_EQ(data.ByteCount, 3);
        EXPECT_EQ(data.Bytes[0], 1);
        return data.Bytes[1] | data.Bytes[2] << 8;
    }
    return {};
}

void show(Bitmap& screen, const SavedImage& image, const ColorMapObject& map, int transparent) {
    const GifImageDesc& d = image.ImageDesc;
    const GifByteType* raster = image.RasterBits;
    for (int y = 0; y < d.Height; ++y)
        for (int x = 0; x < d.Width; ++x) {
            const int index = *raster++;
            if (index == transparent) continue;
            const GifColorType c = map.Colors[index];
            std::uint8_t* p = screen.rgba.data() + (std::ptrdiff_t{d.Top + y} * screen.width + d.Left + x) * 4;
            p[0] = c.Red;
            p[1] = c.Green;
            p[2] = c.Blue;
            p[3] = 255;
        }
}

ReadGif read(const TempFolder& folder, std::string_view name) {
    ReadGif result;
    const std::string bytes = folder.read(name);
    result.bytes = bytes.size();
    result.version = bytes.substr(0, 6);
    int error = 0;
    const std::unique_ptr<GifFileType, void (*)(GifFileType*)> gif(DGifOpenFileName((folder / name).c_str(), &error),
                                                                   [](GifFileType* g) { DGifCloseFile(g, nullptr); });
    EXPECT_NE(gif, nullptr);
    EXPECT_EQ(DGifSlurp(gif.get()), GIF_OK);
    Bitmap screen{gif->SWidth, gif->SHeight, {}};
    screen.rgba.resize(static_cast<std::size_t>(gif->SWidth) * static_cast<std::size_t>(gif->SHeight) * 4);
    for (int i = 0; i < gif->ImageCount; ++i) {
        const SavedImage& image = gif->SavedImages[i];
        GraphicsControlBlock control;
        EXPECT_EQ(DGifSavedExtensionToGCB(gif.get(), i, &control), GIF_OK);
        EXPECT_EQ(control.DisposalMode, DISPOSE_DO_NOT);
        if (i == 0) result.repeats = netscape(image);
        show(screen, image, *gif->SColorMap, control.TransparentColor);
        const GifImageDesc& d = image.ImageDesc;
        result.frames.push_back({screen,
                                 {static_cast<float>(d.Left), static_cast<float>(d.Top), static_cast<float>(d.Width),
                                  static_cast<float>(d.Height)},
                                 control.DelayTime});
    }
    return result;
}

// A block moving over a pattern of flat colours.
Bitmap block_at(int width, int height, int x) {
    Bitmap bitmap{width, height, {}};
    for (int v = 0; v < height; ++v)
        for (int u = 0; u < width; ++u) {
            const bool block = u >= x && u < x + 20 && v >= 10 && v < 30;
            const Colour c =
                block ? kRed
                      : Colour{static_cast<std::uint8_t>(u / 16 * 16), static_cast<std::uint8_t>(v / 32 * 32), 90, 255};
            bitmap.rgba.insert(bitmap.rgba.end(), {c.r, c.g, c.b, c.a});
        }
    return bitmap;
}

ReadGif moved(const TempFolder& folder, int count, int delay, int loops) {
    save_gif(
        folder / "a.gif", count,
        [&](int i) {
            return GifFrame{block_at(160, 90, i), delay};
        },
        loops);
    return read(folder, "a.gif");
}

TEST(Gif, NoDelayIsBelowTwoHundredths) {
    const TempFolder folder;
    for (const int delay : {-5, 0, 1, 2})
        for (const ReadFrame& frame : moved(folder, 3, delay, 0).frames) EXPECT_EQ(frame.delay_cs, 2);
    EXPECT_EQ(moved(folder, 2, 37, 0).frames[1].delay_cs, 37);
    EXPECT_EQ(moved(folder, 2, 1000000, 0).frames[0].delay_cs, 65535);
}

TEST(Gif, PlaysOnceThreeTimesOrForEver) {
    const TempFolder folder;
    EXPECT_EQ(moved(folder, 3, 5, 1).repeats, std::nullopt);
    EXPECT_EQ(moved(folder, 3, 5, 3).repeats, 2);
    EXPECT_EQ(moved(folder, 3, 5, 0).repeats, 0);
    EXPECT_EQ(moved(folder, 3, 5, 1).version, "GIF89a");
}

TEST(Gif, ShowsEveryFrameExactlyIfColoursAreFew) {
    const TempFolder folder;
    const ReadGif gif = moved(folder, 40, 4, 0);
    ASSERT_EQ(gif.frames.size(), 40U);
    for (int i = 0; i < 40; ++i)
        EXPECT_EQ(gif.frames[static_cast<std::size_t>(i)].shown.rgba, block_at(160, 90, i).rgba) << i;
}

TEST(Gif, WritesOnlyWhatChanged) {
    const TempFolder folder;
    const ReadGif gif = moved(folder, 20, 4, 0);
    EXPECT_EQ(gif.frames[0].rect, (Rect{0, 0, 160, 90}));
    for (std::size_t i = 1; i < gif.frames.size(); ++i)
        EXPECT_EQ(gif.frames[i].rect, (Rect{static_cast<float>(i) - 1, 10, 21, 20}));
}

TEST(Gif, AFewChangesCostLittle) {
    // 120 frames in which 3 % of the pixels change, on a ground that does not compress.
    const TempFolder folder;
    constexpr int width = 320;
    constexpr int height = 200;
    const auto frame = [](int i) {
        GifFrame result{{width, height, {}}, 4};
        std::uint32_t noise = 7;
        for (int p = 0; p < width * height; ++p) {
            noise = noise * 1664525U + 1013904223U;
            const auto v = static_cast<std::uint8_t>(noise >> 26U);
            const bool spot = p % width >= i && p % width < i + 40 && p / width >= 60 && p / width < 108;
            const auto s = static_cast<std::uint8_t>(spot ? 200 : v);
            result.bitmap.rgba.insert(result.bitmap.rgba.end(), {s, v, v, 255});
        }
        return result;
    };
    save_gif(folder / "first.gif", 1, frame, 0);
    save_gif(folder / "all.gif", 120, frame, 0);
    const std::size_t first = read(folder, "first.gif").bytes;
    const ReadGif all = read(folder, "all.gif");
    EXPECT_LT(all.bytes, first * 10);  // 120 times as much with full frames
    EXPECT_EQ(all.frames[119].shown.rgba, frame(119).bitmap.rgba);
}

TEST(Gif, AFrameWithoutChangeKeepsItsTime) {
    const TempFolder folder;
    save_gif(
        folder / "a.gif", 4,
        [](int i) {
            return GifFrame{block_at(60, 40, i / 2), 10 + i};
        },
        0);
    const ReadGif gif = read(folder, "a.gif");
    ASSERT_EQ(gif.frames.size(), 4U);
    EXPECT_EQ(gif.frames[3].delay_cs, 13);
    EXPECT_EQ(gif.frames[3].rect, (Rect{0, 0, 1, 1}));
    EXPECT_EQ(gif.frames[3].shown.rgba, block_at(60, 40, 1).rgba);
}

TEST(Gif, ManyColoursAreApproachedAndFlatOnesKept) {
    const TempFolder folder;
    const auto frame = [](int i) {
        GifFrame result{{200, 100, {}}, 4};
        for (int y = 0; y < 100; ++y)
            for (int x = 0; x < 200; ++x) {
                // A fifth of the ground is a little darker: its mean is not the ground.
                const Colour ground = rgb((x + y) % 5 == 1 ? 0xF8F8F8 : 0xFBFBFA);
                const Colour c = x < 100 ? ground
                                         : Colour{static_cast<std::uint8_t>(2 * (x - 100) + i),
                                                  static_cast<std::uint8_t>(y * 2), 128, 255};
                result.bitmap.rgba.insert(result.bitmap.rgba.end(), {c.r, c.g, c.b, 255});
            }
        return result;
    };
    save_gif(folder / "a.gif", 5, frame, 0);
    const ReadGif gif = read(folder, "a.gif");
    for (int i = 0; i < 5; ++i) {
        const Bitmap wanted = frame(i).bitmap;
        const Bitmap& shown = gif.frames[static_cast<std::size_t>(i)].shown;
        EXPECT_EQ(at(shown, 50, 50), rgb(0xFBFBFA));
        for (int y = 0; y < 100; ++y)
            for (int x = 0; x < 200; ++x) ASSERT_LE(difference(at(shown, x, y), at(wanted, x, y)), 16) << x << " " << y;
    }
}

TEST(Gif, TransparencyBecomesWhite) {
    const TempFolder folder;
    save_gif(
        folder / "a.gif", 1,
        [](int) {
            return GifFrame{{2, 1, {255, 0, 0, 0, 0, 0, 0, 128}}, 4};
        },
        1);
    const Bitmap shown = read(folder, "a.gif").frames[0].shown;
    EXPECT_EQ(at(shown, 0, 0), kWhite);
    EXPECT_EQ(at(shown, 1, 0), (Colour{127, 127, 127, 255}));
}

TEST(Gif, ASlidingWindowIsSmall) {
    const TempFolder folder;
    const auto frame = [](int i) {
        Scene scene = blank_scene(960, 540);
        GridMark plane;
        plane.origin = {100, 100};
        plane.pitch = 48;
        plane.rows = plane.cols = 7;
        plane.line = rgb(0xC9CCD1);
        plane.text_size = 22;
        for (int cell = 0; cell < 49; ++cell) {
            plane.fill.push_back(
                {static_cast<std::uint8_t>(200 + cell), 230, static_cast<std::uint8_t>(255 - 2 * cell), 255});
            plane.texts.push_back({cell / 7, cell % 7, std::to_string(cell * 7 % 19), rgb(0x14161A)});
        }
        scene.marks.emplace_back(plane);
        RectMark window;
        const int row = i / 33;
        window.rect = {100 + 6.0F * static_cast<float>(i % 33), 100 + 48.0F * static_cast<float>(row), 144, 144};
        window.stroke = rgb(0xC2185B);
        window.stroke_width = 3;
        scene.marks.emplace_back(window);
        return GifFrame{draw_figure(scene), 4};
    };
    save_gif(folder / "a.gif", 100, frame, 0);
    EXPECT_LT(read(folder, "a.gif").bytes, 120000U);
}

TEST(Gif, WhatCannotBeWrittenIsSaidBeforeAnythingIsDrawn) {
    const TempFolder folder;
    int asked = 0;
    const auto frame = [&](int i) {
        ++asked;
        return GifFrame{block_at(60, 40, i), 4};
    };
    EXPECT_THROW(save_gif(folder / "none/a.gif", 3, frame, 0), FileError);
    EXPECT_EQ(asked, 0);
    EXPECT_EQ(folder.entries(), 0);
}

TEST(Gif, AnAnimationThatBreaksOffLeavesTheOldFile) {
    const TempFolder folder;
    folder.write("a.gif", "old");
    const auto frame = [](int i) -> GifFrame {
        if (i == 2) throw std::runtime_error("cancelled");
        return {block_at(60, 40, i), 4};
    };
    EXPECT_THROW(save_gif(folder / "a.gif", 4, frame, 0), std::runtime_error);
    EXPECT_EQ(folder.read("a.gif"), "old");
    EXPECT_EQ(folder.entries(), 1);
}

}  // namespace
}  // namespace convlens
