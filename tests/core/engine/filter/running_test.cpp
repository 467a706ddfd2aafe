// Running sums, on memory that ends at forbidden pages, at any instruction set.
#include "core/engine/filter/running.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/core/engine/guarded_rows.h"
#include "tests/core/engine/levels.h"

namespace convlens {
namespace {

// What holds any sum.
template <typename Sum>
using Whole = std::conditional_t<std::is_same_v<Sum, double>, double, std::int64_t>;

// Three rows, then the box one row further down.
template <typename T, typename Sum>
void try_columns(std::int64_t samples, GuardSide side) {
    Rows<T> in(4, samples, side);
    for (std::size_t r = 0; r < 4; ++r)
        for (T& sample : in.memory[r].span())
            if constexpr (std::is_integral_v<T>) sample = static_cast<T>(std::numeric_limits<T>::max() - sample);
    Guarded<Sum> sums(static_cast<std::size_t>(samples), side);
    std::ranges::fill(sums.span(), Sum{0});
    const auto expect_rows = [&](std::size_t first) {
        for (std::int64_t i = 0; i < samples; ++i) {
            Whole<Sum> sum = 0;
            for (std::size_t r = first; r < first + 3; ++r) sum += in.at[r][i];
            ASSERT_EQ(sums.data()[i], sum) << "sample " << i << " of " << samples;
        }
    };
    for (std::size_t r = 0; r < 3; ++r) add_to_columns(in.at[r], samples, sums.span().data());
    ASSERT_NO_FATAL_FAILURE(expect_rows(0));
    move_columns(in.at[3], in.at[0], samples, sums.span().data());
    expect_rows(1);
}

TEST(PictureRunning, SumsColumnsAndNothingOutsideThem) {
    at_every_level([] {
        for (const std::int64_t samples : kLengths) {
            for (const GuardSide side : {GuardSide::behind, GuardSide::before}) {
                try_columns<std::uint8_t, std::uint16_t>(samples, side);
                try_columns<std::uint8_t, std::uint32_t>(samples, side);
                try_columns<std::uint16_t, std::uint32_t>(samples, side);
                try_columns<float, double>(samples, side);
            }
        }
    });
}

// Columns of up to `most`, and in the room behind them numbers that belong to nothing.
template <typename Sum>
void try_across(const RunningBox& box, Sum most) {
    const std::int64_t held = box.samples + (box.pixels - 1) * box.channels;
    Guarded<Sum> columns(static_cast<std::size_t>(held + kRunningRoom));
    std::mt19937 random(5);
    for (Sum& column : columns.span()) column = static_cast<Sum>(most - random() % 1000);
    Guarded<RunningTotal<Sum>> running(columns.span().size() + static_cast<std::size_t>(box.channels));
    Guarded<float> out(static_cast<std::size_t>(box.samples));
    std::ranges::fill(out.span(), NAN);
    sum_running_across(columns.data(), box, running.span().data(), out.span().data());
    for (std::int64_t i = 0; i < box.samples; ++i) {
        Whole<Sum> sum = 0;
        for (std::int64_t v = 0; v < box.pixels; ++v) sum += columns.data()[i + v * box.channels];
        ASSERT_EQ(out.data()[i], static_cast<float>(box.weight) * static_cast<float>(sum))
            << "sample " << i << ": " << box.pixels << " pixels of " << box.channels;
    }
}

TEST(PictureRunning, SumsAcrossForEveryLength) {
    at_every_level([] {
        for (std::int64_t pixels = 1; pixels <= 270; pixels += pixels < 40 ? 1 : 37) {
            for (const std::int64_t channels : {1, 2, 3, 4}) {
                for (const std::int64_t samples : kLengths) {
                    for (const std::uint16_t most : {1000, 3825, 7905, 65535})
                        try_across<std::uint16_t>({pixels, channels, samples, 0.1, most}, most);
                    try_across<std::uint32_t>({pixels, channels, samples, -3}, 70'000);
                    try_across<double>({pixels, channels, samples, 0.5}, 62'000);  // sums below 2^24: exact
                }
            }
        }
    });
}

// Longer than what is summed at a time.
TEST(PictureRunning, SumsAcrossLongRows) {
    at_every_level([] {
        for (const std::int64_t samples : {1536, 1537, 3073, 6150}) {
            for (const std::int64_t channels : {1, 2, 3, 4}) {
                for (const std::int64_t pixels : {1, 2, 15, 31, 40, 2000}) {
                    try_across<double>({pixels, channels, samples, 0.5}, 8000);
                    try_across<std::uint16_t>({pixels, channels, samples, 1, 3825}, 3825);
                    try_across<std::uint32_t>({pixels, channels, samples, 1}, 70'000);
                }
            }
        }
    });
}

TEST(PictureRunning, SumsAcrossAreRightWhereTheirTotalHasBegunAgain) {
    at_every_level([] {
        for (const std::int64_t channels : {1, 2, 3, 4})
            try_across<std::uint32_t>({3, channels, 300, 1}, std::numeric_limits<std::int32_t>::max() / 3);
    });
}

}  // namespace
}  // namespace convlens
