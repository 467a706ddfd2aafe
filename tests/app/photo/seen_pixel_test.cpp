#include "app/photo/seen_pixel.h"

#include <gtest/gtest.h>

#include "core/image/kernel_choice.h"

namespace convlens {
namespace {

FilterStep named(const std::string& name, std::int64_t stride = 1) {
    FilterStep step;
    step.name = name;
    step.kernel = parse_kernel(name);
    step.stride = stride;
    return step;
}

ImageRef picture(std::int64_t w, std::int64_t h) { return std::make_shared<const Image>(w, h, 1, Depth::u8); }

// A 40×30 picture: the last result made of `box`, and of a newer chain the part from (10, 5) on, half as fine.
struct TwoResults {
    PhotoResult last{"", picture(40, 30), {{named("box"), picture(40, 30)}}, {}, {}};
    VisibleResult newer{picture(4, 3), {5, 3, 4, 3}, 2, {named("sharpen"), named("gaussian", 2)}};
};

TEST(SeenPixel, InTheVisiblePartTheNewerResultIsSeen) {
    const TwoResults both;
    for (const auto& [x, y] : {std::pair{10, 6}, {11, 7}, {17, 11}}) {
        const SeenPixel seen = seen_pixel(&both.last, both.newer, x, y);
        EXPECT_EQ(seen.image, both.newer.image);
        EXPECT_EQ(seen.chain, both.newer.chain);
        EXPECT_EQ(seen.stride, 2);
        EXPECT_EQ(seen.x, x / 2 - 5);
        EXPECT_EQ(seen.y, y / 2 - 3);
        EXPECT_TRUE(seen.part);
        EXPECT_FALSE(seen.outdated);
    }
}

TEST(SeenPixel, BesideTheVisiblePartTheLastResultIsSeenAndIsOutdated) {
    const TwoResults both;
    for (const auto& [x, y] : {std::pair{9, 6}, {10, 5}, {18, 11}, {17, 12}, {0, 0}, {39, 29}}) {
        const SeenPixel seen = seen_pixel(&both.last, both.newer, x, y);
        EXPECT_EQ(seen.image, both.last.after()) << x << ", " << y;
        EXPECT_EQ(seen.chain, std::vector{named("box")});
        EXPECT_EQ(seen.stride, 1);
        EXPECT_EQ(seen.x, x);
        EXPECT_EQ(seen.y, y);
        EXPECT_FALSE(seen.part);
        EXPECT_TRUE(seen.outdated);
    }
}

TEST(SeenPixel, WithoutAVisiblePartTheResultIsSeen) {
    const TwoResults both;
    const SeenPixel seen = seen_pixel(&both.last, {}, 10, 6);
    EXPECT_EQ(seen.image, both.last.after());
    EXPECT_FALSE(seen.part);
    EXPECT_FALSE(seen.outdated);
}

TEST(SeenPixel, BesideTheFirstVisiblePartThereIsNothing) {
    const TwoResults both;
    EXPECT_TRUE(seen_pixel(nullptr, both.newer, 10, 6).part);
    const SeenPixel beside = seen_pixel(nullptr, both.newer, 0, 0);
    EXPECT_FALSE(beside.image);
    EXPECT_TRUE(beside.chain.empty());
    EXPECT_FALSE(beside.outdated);
}

}  // namespace
}  // namespace convlens
