// Pixels as planes and back, on memory that ends at forbidden pages, at any instruction set.
#include "core/engine/filter/planes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/engine/guarded_rows.h"
#include "tests/core/engine/levels.h"

namespace convlens {
namespace {

TEST(PicturePlanes, PixelsArePartedAndJoinedForEveryLength) {
    at_every_level([] {
        for (const std::int64_t channels : {1, 2, 3, 4}) {
            for (const std::int64_t count : kLengths) {
                for (const GuardSide side : {GuardSide::behind, GuardSide::before}) {
                    const auto samples = static_cast<std::size_t>(count * channels);
                    Guarded<float> pixels(samples, side);
                    Guarded<float> planes(samples, side);
                    Guarded<float> again(samples, side);
                    for (std::size_t i = 0; i < samples; ++i) pixels.span()[i] = static_cast<float>(i);
                    const PlaneRows rows{planes.span().data(), count};
                    split_pixels(pixels.data(), channels, count, rows);
                    for (std::int64_t c = 0; c < channels; ++c)
                        for (std::int64_t i = 0; i < count; ++i)
                            ASSERT_EQ(planes.data()[c * count + i], static_cast<float>(i * channels + c));
                    join_pixels(rows, channels, count, again.span().data());
                    ASSERT_TRUE(std::ranges::equal(again.span(), pixels.span())) << count << " of " << channels;
                }
            }
        }
    });
}

}  // namespace
}  // namespace convlens
