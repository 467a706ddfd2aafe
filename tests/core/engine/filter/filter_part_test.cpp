#include "core/engine/filter/filter_part.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/core/engine/filter/naive_filter.h"

namespace convlens {
namespace {

using test::kBorders;
using test::random_image;
using test::random_kernel;

TEST(FilterPart, EqualsThatPartOfTheWholeResult) {
    for (unsigned seed = 0; seed < 1500; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        const auto up_to = [&random](std::int64_t most) {
            return static_cast<std::int64_t>(random() >> 8) % (most + 1);
        };
        const int channels = 1 + static_cast<int>(up_to(3));
        const Depth depth = up_to(1) == 0 ? Depth::u8 : Depth::f32;
        const Image image = random_image(1 + up_to(60), 1 + up_to(60), channels, depth, seed);
        std::vector<FilterStep> chain(static_cast<std::size_t>(1 + up_to(2)));
        for (FilterStep& step : chain) {
            step.kernel = random_kernel(1 + up_to(8), 1 + up_to(8), true, random());
            step.kernel.divisor = 0.5;
            for (const double weight : step.kernel.weights) step.kernel.divisor += std::abs(weight) / 2;
            step.border = kBorders[up_to(5)];
            step.border_value = 1;
            step.flip = up_to(1) == 0;
            step.stride = 1 + std::max<std::int64_t>(0, up_to(4) - 2);
            step.dilation = 1 + std::max<std::int64_t>(0, up_to(4) - 2);
        }
        FilterOptions options;
        if (up_to(1) == 0) options.save_as = Depth::f32;
        options.filter_alpha = up_to(3) == 0;
        const Image whole = filter_chain(image, chain, options).value();
        PixelRect wanted{up_to(whole.width() - 1), up_to(whole.height() - 1), 0, 0};
        wanted.w = 1 + up_to(whole.width() - 1 - wanted.x);
        wanted.h = 1 + up_to(whole.height() - 1 - wanted.y);
        const std::optional<Image> part = filter_part(image, chain, wanted, options);
        ASSERT_TRUE(part);
        ASSERT_EQ(part->width(), wanted.w);
        ASSERT_EQ(part->height(), wanted.h);
        for (std::int64_t y = 0; y < wanted.h; ++y)
            for (std::int64_t x = 0; x < wanted.w; ++x)
                for (int c = 0; c < channels; ++c) {
                    const double expected = whole.sample(wanted.x + x, wanted.y + y, c);
                    const bool divided = options.filter_alpha && channels % 2 == 0;  // by an alpha that may be small
                    const double error = part->depth() == Depth::u8 ? 1 : 1e-4 * std::max(1.0, std::abs(expected));
                    if (!divided) {
                        ASSERT_NEAR(part->sample(x, y, c), expected, error) << x << ',' << y << ',' << c;
                    }
                }
    }
}

TEST(FilterPart, KnowsHowMuchItComputes) {
    const Image image = random_image(100, 80, 1, Depth::u8, 1);
    FilterStep step;
    step.kernel = random_kernel(5, 3, true, 2);
    step.kernel.weights.assign(15, 2);
    PartSize size = part_size(image, std::vector{step, step}, {50, 40, 10, 10});
    EXPECT_EQ(size.part, 10 * 10 + 12 * 14 + 14 * 18);
    EXPECT_EQ(size.whole, 3 * 100 * 80);
    step.border = PadMode::circular;
    size = part_size(image, std::vector{step}, {0, 0, 10, 10});
    EXPECT_EQ(size.part, 10 * 10 + 100 * 80);
}

TEST(FilterPart, StopsAndCrops) {
    const Image image = random_image(40, 40, 3, Depth::u8, 1);
    FilterStep step;
    step.kernel = random_kernel(5, 5, true, 2);
    const std::vector<FilterStep> chain(3, step);
    std::stop_source stopped;
    stopped.request_stop();
    EXPECT_FALSE(filter_part(image, chain, {10, 10, 9, 9}, {}, stopped.get_token()));
    EXPECT_EQ(crop(image, {39, 39, 1, 1}).sample(0, 0, 2), image.sample(39, 39, 2));
    EXPECT_TRUE(common({0, 0, 5, 5}, {5, 0, 5, 5}).empty());
    EXPECT_EQ(common({0, 0, 5, 5}, {3, 2, 5, 5}), (PixelRect{3, 2, 2, 3}));
}

}  // namespace
}  // namespace convlens
