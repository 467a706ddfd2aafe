// The picture of a large kernel fits its panel, whatever its size, and shows every weight that stands out.
#include "app/views/kernel_picture.h"

#include <cmath>
#include <variant>

#include <gtest/gtest.h>

namespace convlens {
namespace {

Kernel of_size(std::int64_t rows, std::int64_t cols) {
    Kernel kernel;
    kernel.rows = rows;
    kernel.cols = cols;
    kernel.weights.assign(static_cast<std::size_t>(rows * cols), 0);
    return kernel;
}

const GridMark& grid_of(const KernelPicture& picture) { return std::get<GridMark>(picture.scene.marks.at(0)); }

TEST(KernelPicture, FitsTheRoom) {
    for (const auto& [rows, cols] : {std::pair(17, 17), {30, 17}, {224, 224}, {361, 361}, {1, 1001}, {361, 1}}) {
        for (const float room : {90.5F, 224.0F, 300.0F}) {
            const KernelPicture picture = build_kernel_picture(of_size(rows, cols), dark_theme(), room, 224);
            const GridMark& grid = grid_of(picture);
            EXPECT_LE(grid.frame().w, room) << rows << "×" << cols;
            EXPECT_LE(grid.frame().h, 224) << rows << "×" << cols;
            EXPECT_EQ(grid.fill.size(), static_cast<std::size_t>(grid.rows * grid.cols));
            EXPECT_EQ(grid.pitch, std::floor(grid.pitch)) << "whole pixels";
            EXPECT_EQ(picture.scene.width, grid.frame().w);
            EXPECT_EQ(picture.scene.height, grid.frame().h);
            EXPECT_GE(grid.rows * picture.block, rows);
            EXPECT_GE(grid.cols * picture.block, cols);
        }
    }
}

TEST(KernelPicture, OneWeightOfManyIsStillSeen) {
    Kernel kernel = of_size(361, 361);
    kernel.weights[361 * 180 + 181] = -2;
    kernel.weights[361 * 180 + 182] = 1;
    const KernelPicture picture = build_kernel_picture(kernel, dark_theme(), 224, 224);
    EXPECT_EQ(picture.block, 2);
    const GridMark& grid = grid_of(picture);
    const Colour nothing = value_colour(dark_theme(), 0, 2);
    EXPECT_EQ(grid.fill[static_cast<std::size_t>(90 * grid.cols + 90)], value_colour(dark_theme(), -2, 2));
    EXPECT_EQ(grid.fill[static_cast<std::size_t>(90 * grid.cols + 91)], value_colour(dark_theme(), 1, 2));
    EXPECT_EQ(grid.fill[0], nothing);
}

TEST(KernelPicture, EachWeightHasACellWhereThereIsRoom) {
    const KernelPicture picture = build_kernel_picture(of_size(17, 20), dark_theme(), 224, 224);
    EXPECT_EQ(picture.block, 1);
    EXPECT_EQ(grid_of(picture).pitch, 11);
}

}  // namespace
}  // namespace convlens
