// OpenCV's kernel makers: getGaussianKernel, getDerivKernels, getGaborKernel.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/image/peer_kernel.h"

namespace convlens {

namespace {

using Line = std::vector<double>;

Line sampled_gaussian(std::int64_t size, double sigma) {
    Line line(static_cast<std::size_t>(size));
    for (std::int64_t i = 0; i < size; ++i) {
        const std::int64_t halves = std::abs(2 * i - (size - 1));  // twice the distance from the middle
        const double x = static_cast<double>(halves) / 2;
        // The middle, and with an even size the two beside it; of a sigma too small to square, not 0/0 either.
        line[static_cast<std::size_t>(i)] = halves <= 1 ? 1 : std::exp(-x * x / (2 * sigma * sigma));
    }
    const double sum = std::accumulate(line.begin(), line.end(), 0.0);
    for (double& weight : line) weight /= sum;
    return line;
}

// The coefficients of (1 + z)^(size - 1 - order) (z - 1)^order: smoothing steps and differences, one after the other.
Line derivative_line(std::int64_t size, std::int64_t order, bool normalize) {
    assert(order >= 0 && order < size);
    Line line(static_cast<std::size_t>(size), 0.0);
    line[0] = 1;
    for (std::int64_t step = 1; step < size; ++step) {
        const double sign = step <= order ? -1 : 1;
        for (std::size_t i = line.size() - 1; i > 0; --i) line[i] = line[i - 1] + sign * line[i];
        line[0] *= sign;
    }
    const double scale = normalize ? std::ldexp(1.0, -static_cast<int>(size - 1 - order)) : 1;
    for (double& weight : line) weight *= scale;
    return line;
}

Kernel outer_product(const Line& column, const Line& row) {
    Kernel kernel{static_cast<std::int64_t>(column.size()), static_cast<std::int64_t>(row.size()), {}, 1, 0};
    kernel.weights.reserve(column.size() * row.size());
    for (const double y : column)
        for (const double x : row) kernel.weights.push_back(y * x);
    return kernel;
}

// Cells on each side of the middle: half the side, or three standard deviations of the Gabor envelope, seen along this
// axis, where `along` and `across` are the parts of its two axes.
std::int64_t gabor_reach(std::int64_t side, double along, double across) {
    if (side > 0) return side / 2;
    return std::llrint(std::max(std::abs(3 * along), std::abs(3 * across)));
}

}  // namespace

// The binomial weights of 3 and 5, and OpenCV's own of 7 and 9.
std::vector<double> opencv_gaussian_table(std::int64_t size) {
    switch (size) {
        case 1: return {1};
        case 3: return {0.25, 0.5, 0.25};
        case 5: return {0.0625, 0.25, 0.375, 0.25, 0.0625};
        case 7: return {0.03125, 0.109375, 0.21875, 0.28125, 0.21875, 0.109375, 0.03125};
        case 9:
            return {0.015625, 0.05078125, 0.1171875, 0.19921875, 0.234375, 0.19921875, 0.1171875, 0.05078125, 0.015625};
        default: return {};
    }
}

double opencv_default_sigma(std::int64_t size) { return 0.3 * (static_cast<double>(size - 1) * 0.5 - 1) + 0.8; }

Kernel opencv_gaussian(std::int64_t size, double sigma) {
    assert(size >= 1 && !std::isnan(sigma));
    Line line = sigma <= 0 ? opencv_gaussian_table(size) : Line{};
    if (line.empty()) line = sampled_gaussian(size, sigma > 0 ? sigma : opencv_default_sigma(size));
    return {size, 1, std::move(line), 1, 0};
}

Kernel opencv_sobel(std::int64_t dx, std::int64_t dy, std::int64_t ksize, bool normalize) {
    assert(dx >= 0 && dy >= 0 && dx + dy > 0 && ksize % 2 == 1 && ksize <= kMaxDerivSize);
    const auto side = [&](std::int64_t order) { return ksize == 1 && order > 0 ? 3 : ksize; };
    return outer_product(derivative_line(side(dy), dy, normalize), derivative_line(side(dx), dx, normalize));
}

Kernel opencv_scharr(std::int64_t dx, std::int64_t dy, bool normalize) {
    assert(dx >= 0 && dy >= 0 && dx + dy == 1);
    const double scale = normalize ? 1.0 / 32 : 1;
    const Line smoothing = {3 * scale, 10 * scale, 3 * scale};
    const Line difference = {-1, 0, 1};
    return outer_product(dy == 1 ? difference : smoothing, dx == 1 ? difference : smoothing);
}

Kernel opencv_gabor(const Gabor& gabor) {
    const double sigma_y = gabor.sigma / gabor.gamma;
    const double c = std::cos(gabor.theta);
    const double s = std::sin(gabor.theta);
    const std::int64_t reach_x = gabor_reach(gabor.size.w, gabor.sigma * c, sigma_y * s);
    const std::int64_t reach_y = gabor_reach(gabor.size.h, gabor.sigma * s, sigma_y * c);
    Kernel kernel{2 * reach_y + 1, 2 * reach_x + 1, {}, 1, 0};
    kernel.weights.reserve(static_cast<std::size_t>(kernel.rows * kernel.cols));
    for (std::int64_t y = reach_y; y >= -reach_y; --y)
        for (std::int64_t x = reach_x; x >= -reach_x; --x) {
            const double along = static_cast<double>(x) * c + static_cast<double>(y) * s;
            const double across = static_cast<double>(y) * c - static_cast<double>(x) * s;
            const double u = along / gabor.sigma;
            const double v = across / sigma_y;
            kernel.weights.push_back(std::exp(-(u * u + v * v) / 2) *
                                     std::cos(2 * std::numbers::pi / gabor.lambda * along + gabor.psi));
        }
    return kernel;
}

}  // namespace convlens
