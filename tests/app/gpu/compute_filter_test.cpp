#include "app/gpu/compute_filter.h"

#include <glad/gl.h>

#include <array>
#include <cmath>
#include <limits>

#include "core/conv/names.h"
#include "core/engine/filter/filter_chain.h"
#include "tests/app/gpu/gl_test.h"
#include "tests/core/engine/filter/naive_filter.h"

namespace convlens {
namespace {

using test::is_near;
using test::kBorders;
using test::naive_sum;
using test::random_image;
using test::random_kernel;

class ComputeFilter : public test::GlTest {
protected:
    void SetUp() override {
        GlTest::SetUp();
        if (!context()->caps().compute) GTEST_SKIP() << english(context()->caps().reason);
    }
};

FilterStep step_of(std::string_view kernel, PadMode border = PadMode::reflect) {
    FilterStep step;
    step.kernel = parse_kernel(kernel);
    step.border = border;
    step.border_value = 0.25;
    return step;
}

// Every sample of `got` is what the processor gives; where they differ it must be a matter of rounding.
void expect_like_cpu(const Image& image, const FilterStep& step, const Image& got, const FilterOptions& options = {}) {
    const Image expected = *filter(image, step, options);
    ASSERT_EQ(got.width(), expected.width());
    ASSERT_EQ(got.height(), expected.height());
    ASSERT_EQ(got.channels(), expected.channels());
    ASSERT_EQ(got.depth(), expected.depth());
    const double scale = white(got.depth()) / white(image.depth());
    std::int64_t differing = 0;
    for (std::int64_t y = 0; y < got.height(); ++y) {
        for (std::int64_t x = 0; x < got.width(); ++x) {
            for (int c = 0; c < got.channels(); ++c) {
                const double a = got.sample(x, y, c);
                const double b = expected.sample(x, y, c);
                if (a == b) continue;
                const auto sum = naive_sum(image, step, x, y, c);
                const test::NaiveSum scaled{sum.value * scale, sum.size * scale};
                // Halfway between two whole numbers the last bit of a float32 decides: either is right.
                const double from_half = std::abs(scaled.value - std::floor(scaled.value) - 0.5);
                if (from_half > 1e-6 * scaled.size) ++differing;
                const bool rounding = got.depth() == Depth::f32
                                          ? std::abs(a - b) <= 2e-5 * std::max(1.0, scaled.size)
                                          : std::abs(a - b) <= 1 && is_near(a, scaled, got.depth());
                ASSERT_TRUE(rounding) << image.width() << 'x' << image.height() << " of " << image.channels() << ' '
                                      << name(image.depth()) << ", kernel " << step.kernel.rows << 'x'
                                      << step.kernel.cols << ", " << name(step.border) << ", stride " << step.stride
                                      << ", dilation " << step.dilation << ": at " << x << ',' << y << " channel " << c
                                      << " GPU " << a << ", CPU " << b;
            }
        }
    }
    if (got.depth() != Depth::f32) {
        EXPECT_LE(differing, 2 + got.width() * got.height() / 1000);
    }
}

void expect_agreement(GpuFilter& gpu, const Image& image, const FilterStep& step, const FilterOptions& options = {}) {
    const GpuFilterResult result = gpu.run(image, step, options);
    ASSERT_TRUE(result.image.has_value()) << english(result.reason);
    expect_like_cpu(image, step, *result.image, options);
}

TEST_F(ComputeFilter, AgreesWithTheProcessorAtSizesAroundTheGroupsOf16) {
    GpuFilter gpu(context()->caps());
    unsigned seed = 1;
    for (const char* kernel : {"sharpen", "box", "sobel_x", "gaussian:size=9", "0.3 -0.1; 0.7 0.2; 0.1 -0.4", "1"}) {
        for (const PadMode border : kBorders) {
            for (const auto& [w, h] : {std::pair{1, 1}, {15, 16}, {16, 17}, {17, 1}, {33, 15}}) {
                for (const int channels : {1, 3, 4}) {
                    Image image = random_image(w, h, channels, Depth::u8, ++seed);
                    if (channels == 4) test::make_opaque(image);
                    ASSERT_NO_FATAL_FAILURE(expect_agreement(gpu, image, step_of(kernel, border)));
                }
            }
        }
    }
}

TEST_F(ComputeFilter, FloatsAreWithinTheTolerance) {
    GpuFilter gpu(context()->caps());
    for (const char* kernel : {"gaussian:sigma=2", "laplacian", "0.3 -0.1; 0.7 0.2; 0.1 -0.4"}) {
        for (const PadMode border : kBorders) {
            const Image image = random_image(33, 17, 3, Depth::f32, 4);
            const FilterStep step = step_of(kernel, border);
            const GpuFilterResult result = gpu.run(image, step);
            ASSERT_TRUE(result.image.has_value()) << english(result.reason);
            for (std::int64_t y = 0; y < 17; ++y)
                for (std::int64_t x = 0; x < 33; ++x)
                    for (int c = 0; c < 3; ++c)
                        ASSERT_TRUE(is_near(result.image->sample(x, y, c), naive_sum(image, step, x, y, c), Depth::f32))
                            << kernel << ' ' << name(border) << ' ' << x << ',' << y;
        }
    }
}

TEST_F(ComputeFilter, TakesStrideDilationFlipOffsetAndEveryDepth) {
    GpuFilter gpu(context()->caps());
    unsigned seed = 100;
    for (const auto& [rows, cols] : {std::pair{3, 3}, {2, 5}, {9, 11}, {1, 40}, {37, 2}}) {
        for (const Depth depth : {Depth::u8, Depth::u16, Depth::f32}) {
            for (const PadMode border : kBorders) {
                ++seed;
                FilterStep step;
                step.kernel = random_kernel(rows, cols, seed % 2 == 0, seed);
                step.kernel.divisor = 3;
                step.kernel.offset = seed % 3 == 0 ? 0.5 : 0;
                step.border = border;
                step.border_value = 0.6 * white(depth);
                step.flip = seed % 4 == 1;
                step.stride = 1 + seed % 3;
                step.dilation = 1 + seed / 3 % 2;
                const Image image = random_image(29, 18, seed % 2 == 0 ? 1 : 3, depth, seed);
                ASSERT_NO_FATAL_FAILURE(expect_agreement(gpu, image, step));
            }
        }
    }
}

TEST_F(ComputeFilter, SavesAsAnotherDepth) {
    GpuFilter gpu(context()->caps());
    for (const Depth from : {Depth::u8, Depth::u16, Depth::f32}) {
        for (const Depth to : {Depth::u8, Depth::u16, Depth::f32}) {
            FilterOptions options;
            options.save_as = to;
            const Image image = random_image(21, 9, 3, from, 7);
            ASSERT_NO_FATAL_FAILURE(expect_agreement(gpu, image, step_of("sharpen"), options))
                << name(from) << name(to);
        }
    }
}

TEST_F(ComputeFilter, TransparencyCountsAsOnTheProcessor) {
    GpuFilter gpu(context()->caps());
    for (const int channels : {2, 4}) {
        for (const Depth depth : {Depth::u8, Depth::u16}) {
            for (const bool filter_alpha : {false, true}) {
                for (const PadMode border : {PadMode::zeros, PadMode::constant, PadMode::reflect}) {
                    for (const char* kernel : {"gaussian", "gaussian:size=9", "sharpen"}) {
                        FilterOptions options;
                        options.filter_alpha = filter_alpha;
                        FilterStep step = step_of(kernel, border);
                        step.border_value = 50;
                        step.stride = 2;
                        const Image image = random_image(35, 18, channels, depth, 9);
                        const GpuFilterResult result = gpu.run(image, step, options);
                        ASSERT_TRUE(result.image.has_value()) << english(result.reason);
                        const Image expected = *filter(image, step, options);
                        // Dividing by a small alpha magnifies rounding: a few levels in 65535.
                        const double most = depth == Depth::u8 ? 1 : 8;
                        for (std::int64_t y = 0; y < expected.height(); ++y)
                            for (std::int64_t x = 0; x < expected.width(); ++x)
                                for (int c = 0; c < channels; ++c)
                                    ASSERT_NEAR(result.image->sample(x, y, c), expected.sample(x, y, c), most)
                                        << kernel << ' ' << name(border) << ' ' << filter_alpha << ": " << x << ','
                                        << y;
                    }
                }
            }
        }
    }
}

// 1921 is 120 groups of 16 and one column more (godotengine/godot#73859).
TEST_F(ComputeFilter, LargePicturesHaveNoColumnLeftOut) {
    GpuFilter gpu(context()->caps());
    for (const int channels : {1, 3, 4}) {
        Image image = random_image(1921, 1081, channels, Depth::u8, 3);
        if (channels == 4) test::make_opaque(image);
        for (const char* kernel : {"box", "sharpen", "gaussian:sigma=1.5"})
            ASSERT_NO_FATAL_FAILURE(expect_agreement(gpu, image, step_of(kernel)));
    }
    ASSERT_NO_FATAL_FAILURE(expect_agreement(gpu, random_image(1921, 1081, 1, Depth::f32, 3), step_of("gaussian")));
}

// Steps whose results lie below 0 and above white.
std::vector<FilterStep> long_chain(PadMode border, double white) {
    std::vector<FilterStep> chain{step_of("laplacian", border), step_of("gaussian:size=9", border),
                                  step_of("-1 0 1; -2 0 2; -1 0 1 + 0.25", border), step_of("3 -1 2 / 8", border)};
    for (FilterStep& step : chain) step.border_value = 0.3 * white;
    chain[1].stride = 2;
    return chain;
}

TEST_F(ComputeFilter, AChainIsFloatFromItsFirstStepToItsLast) {
    GpuFilter gpu(context()->caps());
    unsigned number = 0;  // each depth and number of channels under some borders: shaders take their time to compile
    for (const Depth depth : {Depth::u8, Depth::u16, Depth::f32}) {
        for (const int channels : {1, 2, 3, 4}) {
            for (const PadMode border : {kBorders[number % 6], kBorders[(number + 3) % 6]}) {
                ++number;
                Image image = random_image(45, 32, channels, depth, 5);
                if (image.has_alpha()) test::make_transparent(image, 4);
                const std::vector<FilterStep> chain = long_chain(border, white(depth));
                const test::NaivePicture expected = test::naive_chain(image, chain);
                for (const Depth saved : {number % 2 == 0 ? depth : Depth::f32}) {
                    FilterOptions options;
                    options.save_as = saved;
                    const GpuFilterResult result = gpu.run(image, chain, options);
                    ASSERT_TRUE(result.image.has_value()) << english(result.reason);
                    EXPECT_EQ(result.milliseconds.size(), 4U);
                    for (const double milliseconds : result.milliseconds) EXPECT_GT(milliseconds, 0);
                    const double scale = white(saved) / white(depth);
                    for (std::int64_t y = 0; y < 16; ++y)
                        for (std::int64_t x = 0; x < 23; ++x)
                            for (int c = 0; c < channels; ++c)
                                ASSERT_TRUE(is_near(
                                    result.image->sample(x, y, c),
                                    {expected.sample(x, y, c) * scale, test::size_at(expected, x, y, c) * scale},
                                    saved))
                                    << name(depth) << channels << ' ' << name(border) << ' ' << x << ',' << y << ','
                                    << c << ": " << result.image->sample(x, y, c) << ", expected "
                                    << expected.sample(x, y, c) * scale;
                }
            }
        }
    }
}

// As the window does it, which keeps what lies between.
TEST_F(ComputeFilter, StepsOfAChainOneByOneAreTheChain) {
    GpuFilter gpu(context()->caps());
    const Image image = random_image(45, 32, 3, Depth::u8, 5);
    const std::vector<FilterStep> chain = long_chain(PadMode::constant, 255);
    const GpuFilterResult all = gpu.run(image, chain);
    ASSERT_TRUE(all.image.has_value()) << english(all.reason);
    Image picture = image;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        const GpuFilterResult one = gpu.run(picture, chain[i], step_options({}, Depth::u8, i, chain.size()));
        ASSERT_TRUE(one.image.has_value()) << english(one.reason);
        EXPECT_EQ(one.image->depth(), i + 1 < chain.size() ? Depth::f32 : Depth::u8);
        picture = *one.image;
    }
    EXPECT_TRUE(std::ranges::equal(picture.bytes(), all.image->bytes()));
}

TEST_F(ComputeFilter, KeptAlphaFollowsTheRule) {
    GpuFilter gpu(context()->caps());
    unsigned seed = 0;
    for (const char* kernel : {"sharpen", "sobel_x", "gaussian:size=9", "-1 -2; -3 -1 / 7", "0 0; 2 0", "3", "0"}) {
        for (const PadMode border : kBorders) {
            for (const Depth depth : {std::array{Depth::u8, Depth::u16, Depth::f32}[seed % 3]}) {
                ++seed;
                Image image = random_image(35, 18, seed % 2 == 0 ? 2 : 4, depth, seed);
                test::make_transparent(image, seed);
                FilterStep step = step_of(kernel, border);
                step.border_value = 0.3 * white(depth);
                step.kernel.offset = 0.125;
                const GpuFilterResult result = gpu.run(image, step);
                ASSERT_TRUE(result.image.has_value()) << english(result.reason);
                for (std::int64_t y = 0; y < 18; ++y)
                    for (std::int64_t x = 0; x < 35; ++x)
                        for (int c = 0; c < image.channels(); ++c) {
                            test::NaiveSum sum = naive_sum(image, step, x, y, c);
                            sum.exact = false;  // GLSL's divisions may be off by 2.5 units
                            ASSERT_TRUE(is_near(result.image->sample(x, y, c), sum, depth))
                                << kernel << ' ' << name(border) << ' ' << name(depth) << ": " << x << ',' << y << ','
                                << c << " got " << result.image->sample(x, y, c) << ", expected " << sum.value;
                        }
            }
        }
    }
}

TEST_F(ComputeFilter, AnOffsetAddsToFilteredAlpha) {
    GpuFilter gpu(context()->caps());
    for (const char* kernel : {"-1 + 1", "1 2 1; 2 4 2 / 12 + 0.3", "gaussian:size=9", "2 3; 4 5; 1 6 / 21 - 0.1"}) {
        for (const Depth depth : {Depth::u8, Depth::u16, Depth::f32}) {
            Image image = random_image(35, 18, depth == Depth::u16 ? 2 : 4, depth, 7);
            test::make_transparent(image, 4);
            FilterStep step = step_of(kernel);
            if (step.kernel.offset == 0) step.kernel.offset = 0.2;
            FilterOptions options;
            options.filter_alpha = true;
            options.save_as = Depth::f32;
            const GpuFilterResult result = gpu.run(image, step, options);
            ASSERT_TRUE(result.image.has_value()) << english(result.reason);
            const Image expected = *filter(image, step, options);
            const int last = image.channels() - 1;
            for (std::int64_t y = 0; y < 18; ++y)
                for (std::int64_t x = 0; x < 35; ++x) {
                    const test::NaivePixel naive = test::naive_filtered_alpha(image, step, x, y);
                    ASSERT_NEAR(result.image->sample(x, y, last), naive.samples.back() / white(depth), 1e-5) << kernel;
                    ASSERT_NEAR(expected.sample(x, y, last), naive.samples.back() / white(depth), 1e-5) << kernel;
                    if (std::abs(naive.visible) < 1e-3 || std::abs(naive.samples.back()) < 1e-3) continue;
                    for (int c = 0; c < last; ++c)
                        ASSERT_NEAR(result.image->sample(x, y, c),
                                    naive.samples[static_cast<std::size_t>(c)] / white(depth),
                                    2e-5 / std::min(1.0, std::abs(naive.visible)))
                            << kernel << ' ' << name(depth) << ' ' << x << ',' << y << ',' << c;
                }
        }
    }
}

// Colours are multiplied by alpha up to the end; a step that adds up to 0 keeps alpha.
TEST_F(ComputeFilter, ChainsThatFilterAlphaAreThoseOfTheProcessor) {
    GpuFilter gpu(context()->caps());
    unsigned number = 0;
    for (const PadMode border : kBorders) {
        for (const Depth depth : {std::array{Depth::u8, Depth::u16, Depth::f32}[number++ % 3]}) {
            Image image = random_image(40, 30, 4, depth, 5);
            test::make_transparent(image, 3);
            std::vector<FilterStep> chain{step_of("gaussian:size=9", border), step_of("sobel_x", border),
                                          step_of("1 2 1; 2 4 2; 1 2 1 / 16 + 0.25", border)};
            for (FilterStep& step : chain) step.border_value = 0.3 * white(depth);
            FilterOptions options;
            options.filter_alpha = true;
            options.save_as = Depth::f32;
            const GpuFilterResult result = gpu.run(image, chain, options);
            ASSERT_TRUE(result.image.has_value()) << english(result.reason);
            const Image expected = filter_chain(image, chain, options).value();
            for (std::int64_t y = 0; y < 30; ++y)
                for (std::int64_t x = 0; x < 40; ++x) {
                    const double alpha = expected.sample(x, y, 3);
                    ASSERT_NEAR(result.image->sample(x, y, 3), alpha, 1e-5);
                    for (int c = 0; c < 3; ++c)
                        ASSERT_NEAR(result.image->sample(x, y, c) * result.image->sample(x, y, 3),
                                    expected.sample(x, y, c) * alpha, 1e-4)
                            << name(depth) << ' ' << name(border) << ' ' << x << ',' << y;
                }
        }
    }
}

TEST_F(ComputeFilter, StripsMakeNoDifference) {
    GpuFilterLimits limits;
    limits.work = 40000;
    limits.sums_bytes = 40000;
    GpuFilter strips(context()->caps(), GpuFilter::default_shader(), limits);
    for (const char* kernel : {"gaussian:sigma=3", "sharpen"}) {
        for (const PadMode border : kBorders) {
            for (const std::int64_t stride : {1, 3}) {
                FilterStep step = step_of(kernel, border);
                step.stride = stride;
                ASSERT_NO_FATAL_FAILURE(expect_agreement(strips, random_image(70, 211, 3, Depth::u8, 2), step));
            }
        }
    }
}

TEST_F(ComputeFilter, TheResultCanStayAsATextureToDraw) {
    GpuFilter gpu(context()->caps());
    for (const Depth depth : {Depth::u8, Depth::u16, Depth::f32}) {
        for (const int channels : {1, 3, 4}) {
            const Image image = random_image(19, 17, channels, depth, 11);
            const FilterStep step = step_of("identity");
            const GpuFilterResult result = gpu.run_to_texture(image, {&step, 1});
            ASSERT_TRUE(result.texture) << english(result.reason);
            EXPECT_EQ(result.width, 19);
            EXPECT_EQ(result.height, 17);
            std::vector<float> texels(19 * 17 * 4);
            glBindTexture(GL_TEXTURE_2D, result.texture.id());
            glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_FLOAT, texels.data());
            for (std::int64_t y = 0; y < 17; ++y)
                for (std::int64_t x = 0; x < 19; ++x)
                    for (int c = 0; c < channels; ++c)
                        ASSERT_NEAR(texels[static_cast<std::size_t>((y * 19 + x) * 4 + c)],
                                    image.sample(x, y, c) / white(depth), 1e-6)
                            << name(depth) << channels;
            if (channels == 3) {
                EXPECT_EQ(texels[3], 1);
            }
            GLint red = 0;
            glGetTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_B, &red);
            EXPECT_EQ(red, channels == 1 ? GL_RED : GL_BLUE);
            glBindTexture(GL_TEXTURE_2D, 0);
        }
    }
    EXPECT_EQ(glGetError(), GLenum{GL_NO_ERROR});
}

TEST_F(ComputeFilter, WhatTheCallerHasBoundStaysBound) {
    GLuint textures[2] = {}, sampler = 0, buffers[3] = {};
    glGenTextures(2, textures);
    glGenSamplers(1, &sampler);
    glGenBuffers(3, buffers);
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, textures[0]);
    glTexStorage2D(GL_TEXTURE_2D, 1, GL_RGBA8, 4, 4);
    glBindSampler(0, sampler);
    glActiveTexture(GL_TEXTURE1);
    glBindTexture(GL_TEXTURE_2D, textures[1]);
    glBindImageTexture(0, textures[0], 0, GL_FALSE, 0, GL_READ_WRITE, GL_RGBA8);
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, buffers[0]);
    glBindBuffer(GL_SHADER_STORAGE_BUFFER, buffers[1]);
    glBufferData(GL_SHADER_STORAGE_BUFFER, 4096, nullptr, GL_STATIC_DRAW);
    glBindBufferRange(GL_SHADER_STORAGE_BUFFER, 0, buffers[1], 1024, 512);
    glBindBuffer(GL_SHADER_STORAGE_BUFFER, buffers[2]);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 77);
    glPixelStorei(GL_PACK_ALIGNMENT, 8);

    GpuFilter gpu(context()->caps());
    const Image image = random_image(20, 20, 3, Depth::u8, 1);
    const GpuFilterResult result = gpu.run(image, step_of("gaussian:size=9"));
    ASSERT_TRUE(result.image.has_value()) << english(result.reason);

    const auto integer = [](GLenum name) {
        GLint value = 0;
        glGetIntegerv(name, &value);
        return static_cast<GLuint>(value);
    };
    EXPECT_EQ(integer(GL_ACTIVE_TEXTURE), GLuint{GL_TEXTURE1});
    EXPECT_EQ(integer(GL_TEXTURE_BINDING_2D), textures[1]);
    EXPECT_EQ(integer(GL_CURRENT_PROGRAM), 0U);
    EXPECT_EQ(integer(GL_PIXEL_UNPACK_BUFFER_BINDING), buffers[0]);
    EXPECT_EQ(integer(GL_SHADER_STORAGE_BUFFER_BINDING), buffers[2]);
    EXPECT_EQ(integer(GL_UNPACK_ROW_LENGTH), 77U);
    EXPECT_EQ(integer(GL_PACK_ALIGNMENT), 8U);
    glActiveTexture(GL_TEXTURE0);
    EXPECT_EQ(integer(GL_TEXTURE_BINDING_2D), textures[0]);
    EXPECT_EQ(integer(GL_SAMPLER_BINDING), sampler);
    GLint value = 0;
    glGetIntegeri_v(GL_SHADER_STORAGE_BUFFER_BINDING, 0, &value);
    EXPECT_EQ(static_cast<GLuint>(value), buffers[1]);
    GLint64 start = 0;
    glGetInteger64i_v(GL_SHADER_STORAGE_BUFFER_START, 0, &start);
    EXPECT_EQ(start, 1024);
    glGetIntegeri_v(GL_IMAGE_BINDING_NAME, 0, &value);
    EXPECT_EQ(static_cast<GLuint>(value), textures[0]);
    glGetIntegeri_v(GL_IMAGE_BINDING_ACCESS, 0, &value);
    EXPECT_EQ(value, GL_READ_WRITE);
    EXPECT_EQ(glGetError(), GLenum{GL_NO_ERROR});

    glBindSampler(0, 0);
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glPixelStorei(GL_PACK_ALIGNMENT, 4);
    glDeleteTextures(2, textures);
    glDeleteSamplers(1, &sampler);
    glDeleteBuffers(3, buffers);
}

TEST_F(ComputeFilter, AnErrorThatTheCallerLeftIsNotItsOwn) {
    glEnable(GL_TEXTURE_2D);  // not in a core context
    GpuFilter gpu(context()->caps());
    EXPECT_TRUE(gpu.run(random_image(8, 8, 1, Depth::u8, 1), step_of("box")).image.has_value());
}

TEST_F(ComputeFilter, TheCallerMayMeasureTimeMeanwhile) {
    GLuint query = 0;
    glGenQueries(1, &query);
    glBeginQuery(GL_TIME_ELAPSED, query);
    GpuFilter gpu(context()->caps());
    const GpuFilterResult result = gpu.run(random_image(64, 64, 3, Depth::u8, 1), step_of("box"));
    EXPECT_TRUE(result.image.has_value()) << english(result.reason);
    EXPECT_GT(result.total_milliseconds(), 0);
    glEndQuery(GL_TIME_ELAPSED);
    EXPECT_EQ(glGetError(), GLenum{GL_NO_ERROR});
    glDeleteQueries(1, &query);
}

TEST_F(ComputeFilter, AShaderThatDoesNotCompileIsAReason) {
    GpuFilter gpu(context()->caps(), "this is no shader\n");
    const GpuFilterResult result = gpu.run(random_image(8, 8, 3, Depth::u8, 1), step_of("box"));
    EXPECT_FALSE(result.image.has_value());
    EXPECT_NE(english(result.reason).find("cannot compile"), std::string::npos) << english(result.reason);
    EXPECT_EQ(gpu.program_count(), 0U);
    EXPECT_EQ(glGetError(), GLenum{GL_NO_ERROR});
}

// matwey/fips3#47; CesiumGS/cesium#9439
TEST_F(ComputeFilter, PicturesLargerThanATextureAreAReason) {
    GpuCaps caps = context()->caps();
    const Image wide(caps.max_texture_size + 1, 1, 1, Depth::u8);
    GpuFilter gpu(caps);
    const GpuFilterResult result = gpu.run(wide, step_of("box"));
    EXPECT_FALSE(result.image.has_value());
    EXPECT_NE(english(result.reason).find(std::to_string(caps.max_texture_size)), std::string::npos)
        << english(result.reason);
}

TEST_F(ComputeFilter, WhatAGpuNeedNotKeepIsLeftToTheProcessor) {
    GpuFilter gpu(context()->caps());
    Image image(8, 8, 1, Depth::f32);
    image.row<float>(3)[3] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_NE(english(gpu.run(image, step_of("box")).reason).find("NaN"), std::string::npos);
    EXPECT_NE(english(gpu.run(Image(8, 8, 1, Depth::s16), step_of("box")).reason).find("processor only"),
              std::string::npos);
    FilterOptions signed_result;
    signed_result.save_as = Depth::s16;
    EXPECT_FALSE(gpu.run(Image(8, 8, 1, Depth::u8), step_of("box"), signed_result).image.has_value());
    FilterStep far = step_of("box");
    far.stride = std::int64_t{1} << 40;
    EXPECT_NE(english(gpu.run(Image(8, 8, 1, Depth::u8), far).reason).find("reaches too far"), std::string::npos);
    EXPECT_FALSE(gpu.run(Image(8, 8, 1, Depth::u8), std::span<const FilterStep>{}).reason.empty());
}

TEST_F(ComputeFilter, WithoutComputeTheReasonIsTheContexts) {
    GpuCaps caps = context()->caps();
    caps.compute = false;
    caps.reason = verbatim("compute shaders need OpenGL 4.3");
    GpuFilter gpu(caps);
    EXPECT_EQ(gpu.run(Image(8, 8, 1, Depth::u8), step_of("box")).reason, caps.reason);
}

int count_objects() {
    int count = 0;
    for (GLuint name = 1; name < 10000; ++name)
        count += glIsTexture(name) + glIsBuffer(name) + glIsProgram(name) + glIsShader(name) + glIsQuery(name);
    return count;
}

TEST_F(ComputeFilter, NothingIsLeftBehind) {
    const int before = count_objects();
    {
        GpuFilter gpu(context()->caps());
        for (int i = 0; i < 20; ++i) {
            gpu.run(random_image(16, 16, 3, Depth::u8, 1), step_of("gaussian:size=9"));
            const FilterStep step = step_of("box");
            gpu.run_to_texture(random_image(16, 16, 3, Depth::u8, 1), {&step, 1});
        }
        EXPECT_EQ(gpu.program_count(), 3U);
        EXPECT_EQ(count_objects(), before + 4);  // the programs and one buffer
        EXPECT_FALSE(gpu.run(Image(8, 8, 1, Depth::f32), std::span<const FilterStep>{}).image.has_value());
    }
    EXPECT_EQ(count_objects(), before);
}

}  // namespace
}  // namespace convlens
