// The inner loops of filters, on memory that ends at forbidden pages: nothing outside is read or written, at any
// instruction set, and every result is written.
#include "core/engine/filter/sums.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/conv/spec.h"
#include "core/engine/filter/box.h"
#include "core/engine/filter/passes.h"
#include "core/engine/filter/samples.h"
#include "core/image/sample.h"
#include "tests/core/engine/guarded_rows.h"
#include "tests/core/engine/levels.h"

namespace convlens {
namespace {

std::vector<float> random_weights(std::int64_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<float> weights;
    for (std::int64_t i = 0; i < count; ++i) weights.push_back(static_cast<float>(random() % 2001) / 1000.0F - 1);
    return weights;
}

template <typename T>
void expect_sums(const std::vector<float>& weights, std::int64_t rows, std::int64_t cols,
                 const std::vector<std::int64_t>& shifts, const Rows<T>& in, const float* out, std::int64_t r,
                 std::int64_t samples) {
    for (std::int64_t i = 0; i < samples; ++i) {
        double sum = 0, size = 0;
        for (std::int64_t u = 0; u < rows; ++u) {
            for (std::int64_t v = 0; v < cols; ++v) {
                const double product =
                    static_cast<double>(weights[static_cast<std::size_t>(u * cols + v)]) *
                    static_cast<double>(
                        in.at[static_cast<std::size_t>(r + u)][i + shifts[static_cast<std::size_t>(v)]]);
                sum += product;
                size += std::abs(product);
            }
        }
        ASSERT_NEAR(out[i], sum, 1e-6 * std::max(1.0, size)) << "row " << r << ", sample " << i << " of " << samples;
    }
}

template <typename T>
void try_dense(std::int64_t rows, std::int64_t cols, std::int64_t samples, GuardSide side) {
    std::vector<std::int64_t> shifts;
    for (std::int64_t v = 0; v < cols; ++v) shifts.push_back(3 * v);
    const auto weights = random_weights(rows * cols, 3);
    const DenseKernel kernel = dense_kernel(weights, rows, cols, shifts);
    const Rows<T> in(rows + kSumRows - 1, samples + shifts.back(), side);
    constexpr std::int64_t kLongestVector = 16;
    std::vector<float> alone;  // the first row summed up by itself
    for (const std::int64_t count : {std::int64_t{1}, kSumRows}) {
        Rows<float> out(count, samples, side);
        for (Guarded<float>& row : out.memory) std::ranges::fill(row.span(), NAN);
        dense_sums(kernel, in.rows(), {count, samples, false}, out.at.data());
        for (std::int64_t r = 0; r < count; ++r)
            expect_sums(weights, rows, cols, shifts, in, out.at[static_cast<std::size_t>(r)], r, samples);
        const std::vector<float> first(out.at[0], out.at[0] + samples);
        if (count == 1) alone = first;
        if (samples >= kLongestVector) {
            ASSERT_EQ(first, alone) << "rows are summed up otherwise together";
        }
    }
}

TEST(PictureSamples, AreDividedAsTheProcessorDivides) {
    std::mt19937 random(11);
    std::vector<float> divisors = {1, 2, 3, 7, 9, 255, 961, 65535, 65025, 16777215, 0.3F, 1.99999988F, 1e20F, -49};
    for (int i = 0; i < 200; ++i) divisors.push_back(static_cast<float>(1 + random() % 70000));
    at_every_level([&] {
        for (const float divisor : divisors) {
            std::vector<float> values = {0, INFINITY, -INFINITY, NAN, 1e38F, -3e38F};
            for (int i = 0; i < 3000; ++i) {
                const auto whole = static_cast<float>(random() % 16777216U);
                values.push_back(i % 3 == 0 ? whole : whole * divisor * (i % 3 == 1 ? 1.0F : 1e-9F));
            }
            std::vector<float> got = values;
            rescale(got, {divisor, 0, 1, 1});
            for (std::size_t i = 0; i < values.size(); ++i) {
                const float wanted = values[i] / divisor;
                ASSERT_TRUE(got[i] == wanted || (std::isnan(got[i]) && std::isnan(wanted)))
                    << values[i] << " / " << divisor << ": " << got[i] << ", not " << wanted;
            }
        }
    });
}

TEST(PictureSums, ReadAndWriteNothingOutsideTheirRows) {
    at_every_level([] {
        for (const std::int64_t samples : kLengths) {
            for (const auto& [rows, cols] :
                 {std::pair{1, 1}, {3, 3}, {5, 5}, {7, 2}, {7, 19}, {2, 5}, {9, 4}, {1, 70}, {40, 1}}) {
                for (const GuardSide side : {GuardSide::behind, GuardSide::before}) {
                    try_dense<float>(rows, cols, samples, side);
                    try_dense<std::uint8_t>(rows, cols, samples, side);
                    try_dense<std::uint16_t>(rows, cols, samples, side);
                }
            }
        }
    });
}

// A segment of three rows and the first two of the next one.
template <typename T>
void try_box_rows(std::int64_t samples, GuardSide side) {
    const Rows<T> in(5, samples, side);
    Rows<float> rest(3, samples, side), begun(1, samples, side), out(1, samples, side);
    for (std::size_t r = 3; r-- > 0;) add_row(in.at[r], r < 2 ? rest.at[r + 1] : nullptr, samples, rest.at[r]);
    expect_sums<T>({1, 1, 1}, 3, 1, {0}, in, rest.at[0], 0, samples);
    for (std::size_t r = 1; r < 3; ++r) {
        step_box(in.at[r + 2], {samples, r == 1, rest.at[r], begun.at[0], out.at[0]});
        expect_sums<T>({1, 1, 1}, 3, 1, {0}, in, out.at[0], static_cast<std::int64_t>(r), samples);
    }
}

TEST(PictureBox, SumsRowsAndNothingOutsideThem) {
    at_every_level([] {
        for (const std::int64_t samples : kLengths) {
            for (const GuardSide side : {GuardSide::behind, GuardSide::before}) {
                try_box_rows<std::uint8_t>(samples, side);
                try_box_rows<std::uint16_t>(samples, side);
                try_box_rows<float>(samples, side);
            }
        }
    });
}

TEST(PictureBox, SumsAcrossForEveryLength) {
    at_every_level([] {
        for (std::int64_t pixels = 1; pixels <= 270; pixels += pixels < 70 ? 1 : 37) {
            for (const std::int64_t channels : {1, 3, 4}) {
                for (const std::int64_t samples : {1, 15, 16, 100}) {
                    const std::int64_t held = samples + (pixels - 1) * channels;
                    const Rows<float> in(1, held, GuardSide::behind);
                    AlignedVector<float> row(static_cast<std::size_t>(held) + kCacheLine / sizeof(float), NAN);
                    std::copy_n(in.at[0], held, row.begin());
                    Rows<float> out(1, samples, GuardSide::behind);
                    std::ranges::fill(out.memory[0].span(), NAN);
                    sum_box_across(row.data(), {pixels, channels, samples, 0.5F}, out.at[0]);
                    for (std::int64_t i = 0; i < samples; ++i) {
                        float sum = 0;
                        for (std::int64_t v = 0; v < pixels; ++v) sum += in.at[0][i + v * channels];
                        ASSERT_EQ(out.at[0][i], 0.5F * sum) << pixels << " pixels of " << channels;  // whole: exact
                    }
                }
            }
        }
    });
}

template <typename T>
void try_passes(std::int64_t rows, std::int64_t cols, std::int64_t samples, std::int64_t channels) {
    std::vector<std::int64_t> shifts;
    for (std::int64_t v = 0; v < cols; ++v) shifts.push_back(v * channels);
    const std::int64_t read = samples + shifts.back();
    const Rows<T> in(rows + kSumRows - 1, read, GuardSide::behind);
    const auto column = random_weights(rows, 5), row = random_weights(cols, 6);
    TwinRows between(kSumRows, read);
    float* down[kSumRows];
    for (std::int64_t r = 0; r < kSumRows; ++r) down[r] = between.row(r);
    down_sums(down_column(column), in.rows(), {read, between.twin(), false}, down);
    std::vector<float> product;
    for (const float c : column)
        for (const float w : row) product.push_back(c * w);
    for (std::int64_t r = 0; r < kSumRows; ++r) {
        expect_sums(column, rows, 1, {0}, in, down[r], r, read);
        expect_sums(column, rows, 1, {0}, in, down[r] + between.twin(), r, read);
        Guarded<float> out(static_cast<std::size_t>(samples));
        std::ranges::fill(out.span(), NAN);
        across_sums({row, shifts}, down[r], {samples, between.twin(), false}, out.span().data());
        expect_sums(product, rows, cols, shifts, in, out.data(), r, samples);
        if (cols <= kAcrossAtOnce) {
            Guarded<std::uint8_t> bytes(static_cast<std::size_t>(samples));
            across_sums({row, shifts}, down[r], {samples, between.twin(), false}, bytes.span().data());
            for (std::int64_t i = 0; i < samples; ++i)
                ASSERT_EQ(bytes.data()[i], to_sample<std::uint8_t>(out.data()[i])) << out.data()[i] << " at " << i;
        }
        across_sums({row, shifts}, down[r], {samples, between.twin(), true}, out.span().data());
        for (float& twice : out.span()) twice /= 2;
        expect_sums(product, rows, cols, shifts, in, out.data(), r, samples);
    }
}

TEST(PicturePasses, AgreeWithThePlainLoopAndStayInsideTheirRows) {
    at_every_level([] {
        for (const std::int64_t samples : {16, 17, 113, 211}) {
            for (const auto& [rows, cols] : {Size2{4, 7}, {7, 1}, {23, 23}, {64, 64}, {5, 70}, {4, 130}}) {
                for (const std::int64_t channels : {1, 3}) {
                    try_passes<float>(rows, cols, samples, channels);
                    try_passes<std::uint8_t>(rows, cols, samples, channels);
                    try_passes<std::uint16_t>(rows, cols, samples, channels);
                }
            }
        }
    });
}

TEST(PictureSamples, ReadAndWriteNothingOutsideTheirRows) {
    at_every_level([] {
        for (const std::int64_t samples : kLengths) {
            Rows<float> in(1, samples, GuardSide::behind);
            Rows<float> copy(1, samples, GuardSide::behind);
            const std::span<const float> values = in.memory[0].span();
            put_past_cache(values, {}, copy.at[0]);
            finish_past_cache();
            Rows<std::uint8_t> bytes(1, samples, GuardSide::behind);
            Rows<std::uint16_t> words(1, samples, GuardSide::behind);
            Rows<std::int16_t> whole(1, samples, GuardSide::behind);
            narrow(values, {}, bytes.at[0]);
            narrow(values, {}, words.at[0]);
            narrow(values, {}, whole.at[0]);
            for (std::int64_t i = 0; i < samples; ++i) {
                const float value = in.at[0][i];
                ASSERT_TRUE(copy.at[0][i] == value && bytes.at[0][i] == value && words.at[0][i] == value);
                ASSERT_EQ(whole.at[0][i], value);
            }
            widen(std::span<const std::uint8_t>(bytes.memory[0].span()), copy.at[0]);
            widen(std::span<const std::int16_t>(whole.memory[0].span()), copy.at[0]);
            widen(std::span<const std::uint16_t>(words.memory[0].span()), copy.at[0]);
            rescale(copy.memory[0].span(), {2, 1, 3, 1});
            EXPECT_TRUE(all_finite(copy.memory[0].span()));
            EXPECT_EQ(copy.at[0][samples - 1], (in.at[0][samples - 1] / 2 + 1) * 3);
            put_past_cache(values, {4, 0, 1, 1}, copy.at[0]);
            finish_past_cache();
            round_to_whole(copy.memory[0].span());
            for (std::int64_t i = 0; i < samples; ++i)
                ASSERT_EQ(copy.at[0][i], std::nearbyint(in.at[0][i] / 4)) << in.at[0][i];
        }
    });
}

// In whole vectors and in what is left of a row, at each place in them.
TEST(PictureSamples, SaturateAndRoundHalvesToEven) {
    struct Case {
        float value;
        std::int16_t sample;
    };
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    constexpr Case kCases[] = {{0, 0},           {-0.5F, 0},         {0.5F, 0},
                               {-1.5F, -2},      {1.5F, 2},          {-2.5F, -2},
                               {-200.25F, -200}, {32766.5F, 32766},  {32767.5F, 32767},
                               {1e20F, 32767},   {kInfinity, 32767}, {-32767.5F, -32768},
                               {-32769, -32768}, {-1e20F, -32768},   {-kInfinity, -32768},
                               {NAN, 0},         {-NAN, 0},          {-32766.5F, -32766},
                               {255, 255}};
    at_every_level([&] {
        for (std::size_t shift = 0; shift < std::size(kCases); ++shift) {
            Guarded<float> in(37), back(37);
            Guarded<std::int16_t> out(37);
            Guarded<std::uint8_t> bytes(37);
            Guarded<std::uint16_t> words(37);
            const auto expected = [&](std::size_t i) { return kCases[(i + shift) % std::size(kCases)]; };
            for (std::size_t i = 0; i < 37; ++i) in.span()[i] = expected(i).value;
            narrow(in.span(), {}, out.span().data());
            narrow(in.span(), {}, bytes.span().data());
            narrow(in.span(), {}, words.span().data());
            widen(std::span<const std::int16_t>(out.span()), back.span().data());
            for (std::size_t i = 0; i < 37; ++i) {
                ASSERT_EQ(out.span()[i], expected(i).sample) << expected(i).value << " at " << i;
                ASSERT_EQ(back.span()[i], expected(i).sample) << i;
                ASSERT_EQ(bytes.span()[i], to_sample<std::uint8_t>(expected(i).value)) << expected(i).value;
                ASSERT_EQ(words.span()[i], to_sample<std::uint16_t>(expected(i).value)) << expected(i).value;
            }
        }
    });
}

}  // namespace
}  // namespace convlens
