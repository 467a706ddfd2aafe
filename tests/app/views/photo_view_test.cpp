// Where the pixels of a photo lie, which numbers stand in them, and the sum behind one.
#include "app/views/photo_view.h"

#include <gtest/gtest.h>

#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "core/engine/filter/filter_chain.h"
#include "core/engine/filter/pixel_sum.h"
#include "tests/core/engine/filter/naive_filter.h"

namespace convlens {
namespace {

constexpr ImageSize kPicture{640, 480};
constexpr PaneSize kPane{500, 400};

ImageRef counting(std::int64_t width, std::int64_t height, int channels) {
    Image image(width, height, channels, Depth::u8);
    std::uint8_t next = 0;
    for (std::int64_t y = 0; y < height; ++y)
        for (std::uint8_t& sample : image.row<std::uint8_t>(y)) sample = next++;
    return std::make_shared<const Image>(std::move(image));
}

TEST(PhotoCamera, FitsTheWholePicture) {
    const PhotoCamera camera = fitted(kPicture, kPane);
    const Point low = to_pane(camera, kPane, {0, 0}), high = to_pane(camera, kPane, {640, 480});
    EXPECT_GE(low.x, 0);
    EXPECT_GE(low.y, 0);
    EXPECT_LE(high.x, kPane.w);
    EXPECT_LE(high.y, kPane.h);
    EXPECT_GT(high.x - low.x, kPane.w * 0.95F);
}

TEST(PhotoCamera, ZoomsAtThePointer) {
    PhotoCamera camera = zoomed(fitted(kPicture, kPane), 4, {250, 200}, kPicture, kPane);
    const Point at{320, 150};
    const ImagePoint before = to_image(camera, kPane, at);
    camera = zoomed(camera, 1.7, at, kPicture, kPane);
    const ImagePoint after = to_image(camera, kPane, at);
    EXPECT_NEAR(before.x, after.x, 1e-6);
    EXPECT_NEAR(before.y, after.y, 1e-6);
}

TEST(PhotoCamera, FullSizeIsOnePixelForOne) {
    const PhotoCamera camera = full_size(fitted(kPicture, kPane), kPicture, kPane);
    EXPECT_EQ(camera.scale, 1);
    const ImagePoint a = to_image(camera, kPane, {10, 10}), b = to_image(camera, kPane, {11, 10});
    EXPECT_DOUBLE_EQ(b.x - a.x, 1);
}

TEST(PhotoCamera, ThePictureStaysInSight) {
    PhotoCamera camera = full_size(fitted(kPicture, kPane), kPicture, kPane);
    camera = moved(camera, {-9999, 9999}, kPicture, kPane);
    EXPECT_NEAR(to_image(camera, kPane, {kPane.w, 0}).x, 640, 1e-6);
    EXPECT_NEAR(to_image(camera, kPane, {0, 0}).y, 0, 1e-6);
}

TEST(PhotoPicture, PrintsNumbersInsideLargePixels) {
    PhotoPane pane;
    pane.image = counting(4, 3, 3);
    pane.size = {400, 300};
    pane.camera = fitted({4, 3}, pane.size);
    const auto fonts = make_font_metrics();
    const Scene scene = build_photo_pane(pane, light_theme(), *fonts);
    // Pixel (1, 2) holds samples 27, 28, 29.
    std::vector<std::string> found;
    for (const Mark& mark : scene.marks)
        if (const auto* text = std::get_if<TextMark>(&mark); text != nullptr && text->id.y == 2 && text->id.x == 1)
            found.push_back(text->text);
    EXPECT_EQ(found, (std::vector<std::string>{"R 27", "G 28", "B 29"}));
    EXPECT_EQ(text_faults(scene, *fonts), std::vector<std::string>{});
}

TEST(PhotoPicture, NumbersOfEveryKindFitTheirPixels) {
    const auto fonts = make_font_metrics();
    for (const int channels : {1, 2, 3, 4}) {
        for (const Depth depth : {Depth::u8, Depth::u16, Depth::s16, Depth::f32}) {
            for (const float size : {44.0F, 70.0F, 200.0F}) {
                PhotoPane pane;
                Image image = converted(*counting(3, 3, channels), depth);
                if (depth == Depth::s16) std::ranges::fill(image.row<std::int16_t>(1), std::int16_t{-32768});
                pane.image = std::make_shared<const Image>(std::move(image));
                pane.size = {size * 3, size * 3};
                pane.camera = {static_cast<double>(size), 1.5, 1.5};
                const Scene scene = build_photo_pane(pane, dark_theme(), *fonts);
                EXPECT_EQ(text_faults(scene, *fonts), std::vector<std::string>{})
                    << channels << " channels, " << name(depth) << ", " << size;
            }
        }
    }
}

TEST(PhotoPicture, SmallPixelsHoldNoNumbers) {
    PhotoPane pane;
    pane.image = counting(40, 30, 3);
    pane.size = {400, 300};
    pane.camera = fitted({40, 30}, pane.size);
    const Scene scene = build_photo_pane(pane, light_theme(), *make_font_metrics());
    for (const Mark& mark : scene.marks) EXPECT_FALSE(std::holds_alternative<TextMark>(mark));
}

TEST(PhotoPicture, AResultWithAStrideLiesOverTheSamePlace) {
    PhotoPane pane;
    pane.image = counting(20, 15, 1);  // of a picture of 40 by 30
    pane.stride = 2;
    pane.size = {400, 300};
    pane.camera = {10, 20, 15};
    const Scene scene = build_photo_pane(pane, light_theme(), *make_font_metrics());
    const auto& mark = std::get<ImageMark>(scene.marks.front());
    EXPECT_EQ(mark.source, (Rect{0, 0, 20, 15}));
    EXPECT_EQ(mark.target, (Rect{0, 0, 400, 300}));
    EXPECT_TRUE(mark.nearest);
}

TEST(PhotoPicture, LargePicturesAreDrawnFromTheirPreviewUntilTheirPixelsAreSeen) {
    const auto large = std::make_shared<const Image>(4000, 3000, 3, Depth::u8);
    PhotoPane pane;
    pane.image = large;
    pane.preview = make_preview(*large);
    ASSERT_TRUE(pane.preview.image);
    pane.size = {400, 300};
    pane.camera = fitted({4000, 3000}, pane.size);
    const auto drawn = [&] {
        return std::get<ImageMark>(build_photo_pane(pane, light_theme(), *make_font_metrics()).marks.front());
    };
    const ImageMark whole = drawn();
    EXPECT_EQ(whole.image, pane.preview.image);
    EXPECT_NEAR(whole.source.w, 4000.0F / static_cast<float>(pane.preview.factor), 0.01);
    pane.camera = full_size(pane.camera, {4000, 3000}, pane.size);
    EXPECT_EQ(drawn().image, large);
}

TEST(PhotoPreview, IsTheMeanOfBlocksAndColoursCountByTheirAlpha) {
    Image image(3, 2, 4, Depth::u8);
    const std::uint8_t rows[2][12] = {{100, 0, 0, 255, 200, 9, 9, 0, 7, 7, 7, 255},
                                      {50, 0, 0, 255, 200, 9, 9, 0, 9, 9, 9, 255}};
    for (std::int64_t y = 0; y < 2; ++y) std::ranges::copy(rows[y], image.row<std::uint8_t>(y).begin());
    const Image half = averaged(image, 2);
    EXPECT_EQ(half.width(), 2);
    EXPECT_EQ(half.height(), 1);
    EXPECT_EQ(half.sample(0, 0, 0), 75);
    EXPECT_EQ(half.sample(0, 0, 1), 0);
    EXPECT_EQ(half.sample(0, 0, 3), 128);  // 127.5
    EXPECT_EQ(half.sample(1, 0, 0), 8);
    EXPECT_EQ(half.sample(1, 0, 3), 255);
}

TEST(PhotoPreview, SmallPicturesNeedNone) { EXPECT_FALSE(make_preview(*counting(640, 480, 3)).image); }

TEST(PixelSum, LeadsFromTheProductsToTheStoredValue) {
    const ImageRef from = counting(5, 5, 1);
    FilterStep step;
    step.kernel = parse_kernel_text("1 2 1; 2 4 2; 1 2 1 / 16 + 0.5");
    const auto result = std::make_shared<const Image>(*filter(*from, step));
    const PixelSum sum = pixel_sum(from, result, step, 2, 2, 0);
    EXPECT_EQ(sum.taps.size(), 9U);
    EXPECT_EQ(sum.weights, step.kernel.weights);
    EXPECT_EQ(sum.sum, 16 * 12);
    EXPECT_EQ(sum.exact, 12 + 127.5);
    EXPECT_EQ(sum.stored, 140);  // half to even
    EXPECT_TRUE(sum.rounded());
    EXPECT_FALSE(sum.clamped());
}

TEST(PixelSum, SaysWhenTheValueWasClamped) {
    const ImageRef from = counting(5, 5, 1);
    FilterStep step;
    step.kernel = parse_kernel_text("0 0 0; 0 -1 0; 0 0 0");
    const auto result = std::make_shared<const Image>(*filter(*from, step));
    const PixelSum sum = pixel_sum(from, result, step, 3, 3, 0);
    EXPECT_EQ(sum.exact, -18);
    EXPECT_EQ(sum.stored, 0);
    EXPECT_TRUE(sum.clamped());
}

TEST(PixelSum, WhatBinaryFractionsLeaveOverIsNeitherRoundingNorClamping) {
    Image flat(9, 9, 1, Depth::u8);
    for (std::byte& sample : flat.bytes()) sample = std::byte{255};
    const auto from = std::make_shared<const Image>(std::move(flat));
    FilterStep step;
    step.kernel = parse_kernel("gaussian:sigma=1.7,size=7");
    const auto result = std::make_shared<const Image>(*filter(*from, step));
    const PixelSum sum = pixel_sum(from, result, step, 4, 4, 0);
    EXPECT_EQ(sum.stored, 255);
    EXPECT_FALSE(sum.rounded());
    EXPECT_FALSE(sum.clamped());
}

TEST(PixelSum, AgreesWithTheFilterEverywhere) {
    const ImageRef from = counting(7, 6, 3);
    FilterStep step;
    step.kernel = parse_kernel_text("1 -2 3 0; 4 5 -6 1 / 3 + 0.1");
    step.border = PadMode::symmetric;
    step.stride = 2;
    step.dilation = 2;
    for (const bool flip : {false, true}) {
        step.flip = flip;
        const auto result = std::make_shared<const Image>(*filter(*from, step));
        for (std::int64_t y = 0; y < result->height(); ++y) {
            for (std::int64_t x = 0; x < result->width(); ++x) {
                for (int c = 0; c < 3; ++c) {
                    const PixelSum sum = pixel_sum(from, result, step, x, y, c);
                    const double expected = std::clamp(sum.exact, 0.0, 255.0);
                    EXPECT_NEAR(sum.stored, expected, 0.5001) << x << ", " << y << ", channel " << c;
                }
            }
        }
    }
}

// Also where pixels are transparent, and between the steps of a chain: what is shown adds up to what is stored.
TEST(PixelSum, AddsUpUnderAnyAlphaAndBetweenSteps) {
    for (const Depth depth : {Depth::u8, Depth::u16}) {
        for (const PadMode border : test::kBorders) {
            Image image = test::random_image(9, 7, 4, depth, 3);
            test::make_transparent(image, 4);
            const auto before = std::make_shared<const Image>(std::move(image));
            std::vector<FilterStep> chain(3);
            chain[0].kernel = parse_kernel_text("0 1 0; 1 -4 1; 0 1 0 + 0.25");
            chain[1].kernel = parse_kernel_text("1 2 1; 2 4 2; 1 2 1 / 16");
            chain[2].kernel = parse_kernel_text("-1 2; 3 -1 / 3 + 0.1");
            ImageRef from = before;
            for (std::size_t i = 0; i < chain.size(); ++i) {
                chain[i].border = border;
                chain[i].border_value = 40;
                const auto result =
                    std::make_shared<const Image>(*filter(*from, chain[i], step_options({}, depth, i, chain.size())));
                bool by_alpha = false;
                for (std::int64_t y = 0; y < 7; ++y) {
                    for (std::int64_t x = 0; x < 9; ++x) {
                        const PixelSum sum = pixel_sum(from, result, chain[i], x, y, 1, depth);
                        double shown = 0;
                        for (std::size_t t = 0; t < sum.taps.size(); ++t) shown += sum.taps[t].value * sum.weights[t];
                        by_alpha = by_alpha || sum.by_alpha();
                        EXPECT_NEAR(shown, sum.sum, 1e-9 * std::max(1.0, std::abs(shown)));
                        const double expected = std::clamp(sum.exact, least(result->depth()), most(result->depth()));
                        const double error = result->depth() == Depth::f32 ? 2e-5 * white(depth) : 0.51;
                        EXPECT_NEAR(sum.stored, expected, error) << i << ' ' << x << ',' << y;
                    }
                }
                EXPECT_TRUE(by_alpha);
                from = result;
            }
        }
    }
}

TEST(PixelSum, AColourAmongNothingVisibleStays) {
    Image image(3, 1, 2, Depth::u8);
    image.row<std::uint8_t>(0)[2] = 77;
    const auto from = std::make_shared<const Image>(std::move(image));
    for (const char* kernel : {"1 1 1", "3"}) {
        FilterStep step;
        step.kernel = parse_kernel_text(kernel);
        const auto result = std::make_shared<const Image>(*filter(*from, step));
        const PixelSum sum = pixel_sum(from, result, step, 1, 0, 0);
        EXPECT_TRUE(sum.kept_colour);
        EXPECT_EQ(sum.taps.size(), 1U);
        EXPECT_EQ(sum.exact, 77);
        EXPECT_EQ(sum.stored, 77);
    }
}

}  // namespace
}  // namespace convlens
