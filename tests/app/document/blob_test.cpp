#include "app/document/blob.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace convlens {
namespace {

TEST(Blob, HashIsTheSha256OfLengthsAndValues) {
    // Four little-endian int64 (1, 1, 1, 1) and the double 1.0, by hashlib.sha256 of Python.
    const TensorRef one(Tensor<double>({1, 1, 1, 1}, 1.0));
    EXPECT_EQ(to_hex(one.blob().hash), "0a58c6f6eb0fa5261353b7a26049993cc0ecc9bc92d6a0574e29e8121c6fd44d");
}

TEST(Blob, EqualValuesAreEqualWhereverTheyLie) {
    const TensorRef a(Tensor<double>({1, 1, 2, 2}, {1, 2, 3, 4}));
    const TensorRef b(Tensor<double>({1, 1, 2, 2}, {1, 2, 3, 4}));
    const TensorRef other_shape(Tensor<double>({1, 1, 1, 4}, {1, 2, 3, 4}));
    EXPECT_EQ(a, b);
    EXPECT_NE(a, other_shape);
    EXPECT_NE(a, TensorRef());
    EXPECT_EQ(TensorRef(), TensorRef());
}

TEST(Blob, NotANumberEqualsItself) {
    const TensorRef a(Tensor<double>({1, 1, 1, 1}, std::nan("")));
    const TensorRef b(Tensor<double>({1, 1, 1, 1}, std::nan("")));
    EXPECT_EQ(a, b);
}

TEST(Generator, RandomIsTheSameOnEveryMachine) {
    const TensorRef input = generate({"random", 1, 0, 9}, {1, 1, 2, 5});
    EXPECT_EQ(*input, Tensor<double>({1, 1, 2, 5}, {3, 9, 3, 1, 0, 8, 6, 5, 4, 3}));
    const TensorRef weight = generate({"random", 1, -2, 2}, {1, 1, 2, 2});
    EXPECT_EQ(*weight, Tensor<double>({1, 1, 2, 2}, {0, 0, 0, 2}));
}

TEST(Generator, RandomStaysInItsRangeAndReachesBothEnds) {
    const TensorRef values = generate({"random", 7, -2, 2}, {2, 3, 10, 10});
    double least = 0;
    double most = 0;
    for (const double value : values->span()) {
        EXPECT_EQ(value, std::round(value));
        least = std::min(least, value);
        most = std::max(most, value);
    }
    EXPECT_EQ(least, -2);
    EXPECT_EQ(most, 2);
}

TEST(Generator, RandomWithTheWidestRangeIsDefined) {
    const TensorRef values = generate({"random", 1, INT64_MIN, INT64_MAX}, {1, 1, 2, 2});
    EXPECT_NE(values->at(0, 0, 0, 0), values->at(0, 0, 0, 1));
}

TEST(Generator, ALargerRandomTensorHoldsTheSmallerOne) {
    const Generator generator{"random", 3, 0, 9};
    const TensorRef small = generate(generator, {1, 2, 3, 4});
    const TensorRef large = generate(generator, {2, 3, 5, 7});
    for (std::int64_t c = 0; c < 2; ++c) {
        for (std::int64_t y = 0; y < 3; ++y) {
            for (std::int64_t x = 0; x < 4; ++x) EXPECT_EQ(small->at(0, c, y, x), large->at(0, c, y, x));
        }
    }
}

TEST(Generator, SeedsRowsPlanesAndRangesDiffer) {
    const Shape4 shape{2, 2, 2, 16};
    const TensorRef values = generate({"random", 1, 0, 9}, shape);
    const auto row = [&values](std::int64_t n, std::int64_t c, std::int64_t y) {
        std::vector<double> cells;
        for (std::int64_t x = 0; x < 16; ++x) cells.push_back(values->at(n, c, y, x));
        return cells;
    };
    EXPECT_NE(row(0, 0, 0), row(0, 0, 1));
    EXPECT_NE(row(0, 0, 1), row(0, 1, 0));
    EXPECT_NE(row(0, 1, 0), row(1, 0, 0));
    EXPECT_NE(values, generate({"random", 2, 0, 9}, shape));
    EXPECT_NE(values, generate({"random", 1, 0, 8}, shape));
}

TEST(Generator, TheOthersAreWhatTheirNamesSay) {
    const Shape4 shape{1, 2, 2, 3};
    EXPECT_EQ(*generate({"ramp"}, shape), Tensor<double>(shape, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
    EXPECT_EQ(*generate({"impulse"}, shape), Tensor<double>(shape, {0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0}));
    EXPECT_EQ(*generate({"ones"}, shape), Tensor<double>(shape, 1.0));
    EXPECT_EQ(*generate({"zeros"}, shape), Tensor<double>(shape, 0.0));
    EXPECT_FALSE(is_generator("noise"));
}

// The numbers of a row are those of std::mt19937_64, however many there are and wherever the first of them is wanted.
TEST(Blob, ARandomTensorThatGrowsIsWhatItWouldBeMadeAnew) {
    const Generator generator{"random", 5, -3, 8};
    for (const std::int64_t width : {1, 2, 63, 155, 156, 157, 312, 400}) {
        const Shape4 shape{2, 3, 4, width};
        const TensorRef anew = generate(generator, shape);
        for (const Shape4& smaller : {Shape4{1, 1, 1, 1}, Shape4{2, 3, 4, std::max<std::int64_t>(width - 1, 1)},
                                      Shape4{2, 2, 3, width}, Shape4{2, 3, 5, width + 7}}) {
            const TensorRef had = generate(generator, smaller);
            EXPECT_EQ(generated(generator, shape, &*had), *anew) << width;
        }
        Tensor<double> plane(shape);
        fill_plane(plane, generator, 1, 2);
        for (std::int64_t x = 0; x < width; ++x) EXPECT_EQ(plane.at(1, 2, 3, x), anew->at(1, 2, 3, x));
        EXPECT_EQ(plane.at(0, 2, 3, 0), 0);
    }
}

TEST(Blob, ARowIsTheStandardGeneratorsWhetherShortOrLong) {
    const Generator generator{"random", 1, 0, 999999};
    const TensorRef row = generate(generator, {1, 1, 1, 400});
    const TensorRef first = generate(generator, {1, 1, 1, 100});
    for (std::int64_t x = 0; x < 100; ++x) EXPECT_EQ(first->at(0, 0, 0, x), row->at(0, 0, 0, x)) << x;
}

}  // namespace
}  // namespace convlens
