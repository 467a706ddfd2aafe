// Chains of filters: float32 from the first step to the last, rounded and clamped once.
#include "core/engine/filter/filter_chain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/conv/names.h"
#include "tests/core/engine/filter/naive_filter.h"

namespace convlens {
namespace {

using nlohmann::json;
using test::is_near;
using test::kBorders;
using test::random_image;
using test::random_kernel;

FilterStep step_of(std::string_view kernel) {
    FilterStep step;
    step.kernel = parse_kernel(kernel);
    return step;
}

FilterStep read_step(const json& from) {
    FilterStep step;
    const auto rows = from.at("weights").get<std::vector<std::vector<double>>>();
    step.kernel = {static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows.front().size()), {}, 1, 0};
    for (const auto& row : rows) step.kernel.weights.insert(step.kernel.weights.end(), row.begin(), row.end());
    step.kernel.divisor = from.at("divisor");
    step.kernel.offset = from.at("offset");
    step.border = *from_name<PadMode>(from.at("border").get<std::string>());
    step.border_value = from.at("border_value");
    step.stride = from.at("stride");
    step.dilation = from.at("dilation");
    return step;
}

// What SciPy made of it. Where alpha is filtered colours are still multiplied by it, and compared so.
struct PeerCase {
    std::string rule;
    Image image;
    std::vector<FilterStep> chain;
    std::vector<double> expected;
    std::int64_t width = 0, height = 0;

    double at(std::int64_t x, std::int64_t y, int c) const {
        return expected[static_cast<std::size_t>((y * width + x) * image.channels() + c)];
    }
};

std::vector<PeerCase> peer_cases() {
    std::ifstream file(std::string(CONVLENS_FIXTURES) + "/filters/scipy_filter_chains.json");
    std::vector<PeerCase> cases;
    const json all = json::parse(file);
    for (const json& from : all.at("cases")) {
        PeerCase one{from.at("rule"),
                     {},
                     {},
                     from.at("expect").at("data"),
                     from.at("expect").at("shape").at(1),
                     from.at("expect").at("shape").at(0)};
        const json& shape = from.at("shape");
        one.image = Image(shape.at(1), shape.at(0), shape.at(2), Depth::u8);
        std::size_t at = 0;
        for (const json& sample : from.at("samples"))
            one.image.bytes()[at++] = static_cast<std::byte>(sample.get<int>());
        for (const json& step : from.at("chain")) one.chain.push_back(read_step(step));
        cases.push_back(std::move(one));
    }
    return cases;
}

// The magnitude of what a chain adds up.
double size_of(const PeerCase& one) {
    double size = 255;
    for (const FilterStep& step : one.chain) {
        double weights = 0;
        for (const double weight : step.kernel.weights) weights += std::abs(weight);
        size = std::max(size, std::abs(step.border_value)) * weights / std::abs(step.kernel.divisor) +
               std::abs(step.kernel.offset) * 255;
    }
    return std::max(size, 1.0);
}

TEST(ChainStride, IsTheProductOfTheStridesOfTheFirstSteps) {
    std::vector<FilterStep> chain(3);
    chain[0].stride = 2;
    chain[2].stride = 3;
    EXPECT_EQ(chain_stride(chain, 0), 1);
    EXPECT_EQ(chain_stride(chain, 2), 2);
    EXPECT_EQ(chain_stride(chain, 3), 6);
}

TEST(FilterChain, AgreesWithSciPyInFloat32) {
    int count = 0;
    for (const PeerCase& one : peer_cases()) {
        SCOPED_TRACE(testing::Message() << one.rule << ", case " << count++);
        FilterOptions floats;
        floats.save_as = Depth::f32;
        floats.filter_alpha = one.rule == "filtered";
        const Image got = filter_chain(one.image, one.chain, floats).value();
        ASSERT_EQ(got.width(), one.width);
        ASSERT_EQ(got.height(), one.height);
        const int channels = got.channels();
        for (std::int64_t y = 0; y < one.height; ++y) {
            for (std::int64_t x = 0; x < one.width; ++x) {
                const double alpha = one.at(x, y, channels - 1);
                for (int c = 0; c < channels; ++c) {
                    const bool multiplied = floats.filter_alpha && c + 1 < channels;
                    const double sample = got.sample(x, y, c) * 255;
                    const double error = 1e-5 * size_of(one) * (multiplied ? 255 : 1);
                    if (multiplied && alpha <= 0) {
                        if (std::abs(alpha) > 1e-5 * size_of(one)) {
                            EXPECT_EQ(sample, 0);
                        }
                    } else {
                        EXPECT_NEAR(multiplied ? sample * alpha : sample, one.at(x, y, c), error)
                            << x << ',' << y << ' ' << c;
                    }
                }
            }
        }
    }
    EXPECT_GE(count, 20);
}

TEST(FilterChain, RoundsAndClampsOnceAtItsEnd) {
    ASSERT_FALSE(peer_cases().empty());
    for (const PeerCase& one : peer_cases()) {
        if (one.rule == "filtered") continue;
        for (const Depth depth : {Depth::u8, Depth::s16}) {
            FilterOptions options;
            options.save_as = depth;
            const Image got = filter_chain(one.image, one.chain, options).value();
            for (std::int64_t y = 0; y < one.height; ++y)
                for (std::int64_t x = 0; x < one.width; ++x)
                    for (int c = 0; c < got.channels(); ++c)
                        ASSERT_TRUE(is_near(got.sample(x, y, c), {one.at(x, y, c), size_of(one)}, depth))
                            << one.rule << ' ' << x << ',' << y << " got " << got.sample(x, y, c) << ", SciPy "
                            << one.at(x, y, c);
        }
    }
}

// 1 and 2, then halves of their sums: 1.5, whose own half, 0.75, is 1. Rounded in between it were 2 and 1, or 1 and 0.
TEST(FilterChain, HalvesBetweenStepsAreKept) {
    Image image(4, 1, 1, Depth::u8);
    const std::vector<int> before = {1, 2, 4, 7};
    for (std::size_t x = 0; x < 4; ++x) image.row<std::uint8_t>(0)[x] = static_cast<std::uint8_t>(before[x]);
    const std::vector<FilterStep> chain{step_of("1 1 / 2"), step_of("1 / 2"), step_of("2"), step_of("1 / 2")};
    const Image result = filter_chain(image, chain).value();
    const std::vector<double> expected = {1, 1, 2, 3};  // (2+1)/4, (1+2)/4, (2+4)/4 = 1.5 to even, (4+7)/4
    for (std::int64_t x = 0; x < 4; ++x) EXPECT_EQ(result.sample(x, 0, 0), expected[static_cast<std::size_t>(x)]) << x;
}

TEST(FilterChain, IsTheNaiveChainAtEveryDepthBorderAndAlpha) {
    unsigned seed = 0;
    for (const Depth depth : {Depth::u8, Depth::u16, Depth::s16, Depth::f32}) {
        for (const PadMode border : kBorders) {
            for (const int channels : {1, 2, 3, 4}) {
                ++seed;
                Image image = random_image(11 + seed % 5, 9, channels, depth, seed);
                if (image.has_alpha()) test::make_transparent(image, seed);
                std::vector<FilterStep> chain(2 + seed % 3);
                for (FilterStep& step : chain) {
                    ++seed;
                    step.kernel = random_kernel(1 + seed * 7 % 5, 1 + seed % 4, seed % 2 == 0, seed);
                    step.kernel.divisor = 3;
                    step.kernel.offset = 0.1;
                    step.border = border;
                    step.border_value = 0.4 * white(depth);
                    step.flip = seed % 2 == 0;
                }
                chain.front().stride = 1 + seed % 2;
                for (const Depth saved : {depth, Depth::f32}) {
                    FilterOptions options;
                    options.save_as = saved;
                    options.method = seed % 3 == 0 ? FilterMethod::fourier : FilterMethod::automatic;
                    const Image got = filter_chain(image, chain, options).value();
                    const test::NaivePicture expected = test::naive_chain(image, chain);
                    const double scale = white(saved) / white(depth);
                    for (std::int64_t y = 0; y < got.height(); ++y)
                        for (std::int64_t x = 0; x < got.width(); ++x)
                            for (int c = 0; c < channels; ++c)
                                ASSERT_TRUE(is_near(
                                    got.sample(x, y, c),
                                    {expected.sample(x, y, c) * scale, test::size_at(expected, x, y, c) * scale},
                                    saved))
                                    << name(depth) << ' ' << name(border) << ' ' << channels << " at " << x << ',' << y
                                    << ',' << c << ": " << got.sample(x, y, c) << ", expected "
                                    << expected.sample(x, y, c) * scale;
                }
            }
        }
    }
}

TEST(FilterChain, InBandsItIsTheSame) {
    for (const PadMode border : kBorders) {
        for (const int channels : {1, 4}) {
            Image image = random_image(40, 500, channels, Depth::u8, 4);
            if (image.has_alpha()) test::make_transparent(image, 4);
            std::vector<FilterStep> chain{step_of("laplacian"), step_of("-1 2 3; 4 1 2; 3 2 1 / 16"),
                                          step_of("1 2 1; 2 4 2; 1 2 1 / 16 + 0.25")};
            for (FilterStep& step : chain) {
                step.border = border;
                step.border_value = 77;
            }
            chain[1].stride = 2;
            FilterOptions floats;
            floats.save_as = Depth::f32;
            std::vector<StepTiming> timings;
            const Image bands = filter_chain(image, chain, floats, {}, &timings, 40 * 50 * 4).value();
            const Image whole = filter_chain(image, chain, floats).value();
            ASSERT_EQ(timings.size(), 3U);
            ASSERT_EQ(bands.height(), 250);
            for (std::int64_t y = 0; y < 250; ++y)
                for (std::size_t i = 0; i < whole.row<float>(y).size(); ++i)
                    ASSERT_NEAR(bands.row<float>(y)[i], whole.row<float>(y)[i], 1e-4) << name(border) << ' ' << y;
        }
    }
}

TEST(FilterChain, StopsAndTakesEmptyChains) {
    const Image image = random_image(30, 20, 3, Depth::u8, 4);
    std::stop_source stopped;
    stopped.request_stop();
    const std::vector<FilterStep> chain(2, step_of("box"));
    EXPECT_FALSE(filter_chain(image, chain, {}, stopped.get_token()));
    FilterOptions words;
    words.save_as = Depth::u16;
    const Image same = filter_chain(image, {}, words).value();
    EXPECT_EQ(same.sample(7, 5, 2), image.sample(7, 5, 2) * 257);
}

}  // namespace
}  // namespace convlens
