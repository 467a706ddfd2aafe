#include "app/views/kernel_picture.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace convlens {

namespace {

std::int64_t parts(std::int64_t whole, std::int64_t part) { return (whole + part - 1) / part; }

// Of each block the weight that is farthest from 0, row by row.
std::vector<double> strongest(const Kernel& kernel, std::int64_t block) {
    const std::int64_t cols = parts(kernel.cols, block);
    std::vector<double> result(static_cast<std::size_t>(parts(kernel.rows, block) * cols));
    for (std::int64_t row = 0; row < kernel.rows; ++row) {
        for (std::int64_t col = 0; col < kernel.cols; ++col) {
            double& most = result[static_cast<std::size_t>(row / block * cols + col / block)];
            const double weight = kernel.at(row, col);
            if (std::abs(weight) > std::abs(most)) most = weight;
        }
    }
    return result;
}

}  // namespace

KernelPicture build_kernel_picture(const Kernel& kernel, const Theme& theme, float width, float height) {
    const auto pixels = [](float room) { return std::max(std::int64_t{1}, static_cast<std::int64_t>(room)); };
    KernelPicture picture;
    picture.block = std::max(parts(kernel.cols, pixels(width)), parts(kernel.rows, pixels(height)));
    GridMark grid;
    grid.id.part = Part::kernel;
    grid.rows = static_cast<std::int32_t>(parts(kernel.rows, picture.block));
    grid.cols = static_cast<std::int32_t>(parts(kernel.cols, picture.block));
    const float fits = std::min(width / static_cast<float>(grid.cols), height / static_cast<float>(grid.rows));
    grid.pitch = std::max(1.0F, std::floor(fits));
    const std::vector<double> weights = strongest(kernel, picture.block);
    double peak = 0;
    for (const double weight : weights) peak = std::max(peak, std::abs(weight));
    for (const double weight : weights) grid.fill.push_back(value_colour(theme, weight, peak));
    picture.scene.width = grid.frame().w;
    picture.scene.height = grid.frame().h;
    picture.scene.background = {0, 0, 0, 0};
    picture.scene.marks.push_back(std::move(grid));
    return picture;
}

}  // namespace convlens
