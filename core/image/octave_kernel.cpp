// Octave's fspecial.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "core/image/peer_kernel.h"

namespace convlens {

namespace {

constexpr double kPi = std::numbers::pi;

Kernel filled(const Size2& size, double value) {
    assert(size.h >= 1 && size.w >= 1);
    return {size.h, size.w, std::vector<double>(static_cast<std::size_t>(size.h * size.w), value), 1, 0};
}

double& cell(Kernel& kernel, std::int64_t row, std::int64_t col) {
    return kernel.weights[static_cast<std::size_t>(row * kernel.cols + col)];
}

Kernel square3(std::vector<double> weights) { return {3, 3, std::move(weights), 1, 0}; }

// f of the squared distance from the middle, which of an even size lies between cells.
template <typename Function>
Kernel radial(const Size2& size, Function f) {
    Kernel kernel = filled(size, 0);
    for (std::int64_t row = 0; row < size.h; ++row)
        for (std::int64_t col = 0; col < size.w; ++col) {
            const double y = static_cast<double>(row) - static_cast<double>(size.h - 1) / 2;
            const double x = static_cast<double>(col) - static_cast<double>(size.w - 1) / 2;
            cell(kernel, row, col) = f(x * x + y * y);
        }
    return kernel;
}

// Area under the circle of this radius between x = 0 and `x`, 0 <= x <= radius: a triangle and a sector.
double area_under_circle(double radius, double x) {
    const double y = std::sqrt(radius * radius - x * x);
    return (x * y + radius * radius * std::atan2(x, y)) / 2;
}

// Area that a disk about the origin has of the box [left, right] x [bottom, top], all sides >= 0.
double covered_area(double radius, double left, double right, double bottom, double top) {
    if (left * left + bottom * bottom >= radius * radius) return 0;
    if (right * right + top * top <= radius * radius) return (right - left) * (top - bottom);
    // The circle stays above `top` up to x = whole and above `bottom` up to x = end.
    const double whole = std::sqrt(std::max(radius * radius - top * top, 0.0));
    const double end = std::min(right, std::sqrt(radius * radius - bottom * bottom));
    const double begin = std::clamp(whole, left, end);
    const double under = area_under_circle(radius, end) - area_under_circle(radius, begin);
    return (begin - left) * (top - bottom) + under - (end - begin) * bottom;
}

// The same of the unit cell about (x, y). A cell on an axis is twice its half beyond the axis.
double covered_cell(double radius, std::int64_t x, std::int64_t y) {
    const auto column = static_cast<double>(std::abs(x));
    const auto row = static_cast<double>(std::abs(y));
    const double left = x == 0 ? 0 : column - 0.5;
    const double bottom = y == 0 ? 0 : row - 0.5;
    const double halves = (x == 0 ? 2 : 1) * (y == 0 ? 2 : 1);
    return halves * covered_area(radius, left, column + 0.5, bottom, row + 0.5);
}

// Cosine and sine, exact at multiples of 90 degrees.
struct Rotation {
    double cos = 1;
    double sin = 0;
};
Rotation rotation_of(double degrees) {
    const double quarters = std::remainder(degrees, 360) / 90;
    if (quarters == std::floor(quarters)) {
        const auto quarter = static_cast<int>(quarters);
        return {quarter % 2 != 0 ? 0.0 : 1.0 - std::abs(quarter), quarter % 2 == 0 ? 0.0 : 1.0 * quarter};
    }
    return {std::cos(quarters * kPi / 2), std::sin(quarters * kPi / 2)};
}

// Bilinear, 0 outside of the cells' middles.
double sampled(const Kernel& kernel, double y, double x) {
    const auto last_row = static_cast<double>(kernel.rows - 1);
    const auto last_col = static_cast<double>(kernel.cols - 1);
    if (y < 0 || y > last_row || x < 0 || x > last_col) return 0;
    const auto row = static_cast<std::int64_t>(std::min(y, last_row - 1));
    const auto col = static_cast<std::int64_t>(std::min(x, last_col - 1));
    const double down = y - static_cast<double>(row);
    const double right = x - static_cast<double>(col);
    return (1 - down) * ((1 - right) * kernel.at(row, col) + right * kernel.at(row, col + 1)) +
           down * ((1 - right) * kernel.at(row + 1, col) + right * kernel.at(row + 1, col + 1));
}

// imrotate(kernel, angle, "bilinear", "loose") of a square of side >= 2: counter-clockwise about the middle, in the
// square whose side is the rotated square's extent between corner middles, rounded.
Kernel rotated(const Kernel& kernel, double degrees) {
    const Rotation rotation = rotation_of(degrees);
    const auto span = static_cast<double>(kernel.rows - 1);
    const auto side =
        static_cast<std::int64_t>(std::round(span * (std::abs(rotation.cos) + std::abs(rotation.sin)))) + 1;
    Kernel result = filled({side, side}, 0);
    for (std::int64_t row = 0; row < side; ++row)
        for (std::int64_t col = 0; col < side; ++col) {
            const double y = static_cast<double>(row) - static_cast<double>(side - 1) / 2;
            const double x = static_cast<double>(col) - static_cast<double>(side - 1) / 2;
            cell(result, row, col) = sampled(kernel, rotation.sin * x + rotation.cos * y + span / 2,
                                             rotation.cos * x - rotation.sin * y + span / 2);
        }
    return result;
}

Kernel divided_by_sum(Kernel kernel) {
    const double sum = kernel.weight_sum();
    for (double& weight : kernel.weights) weight /= sum;
    return kernel;
}

}  // namespace

Kernel fspecial_average(const Size2& size) { return filled(size, 1 / static_cast<double>(size.h * size.w)); }

Kernel fspecial_disk(std::int64_t radius) {
    assert(radius >= 0);
    if (radius == 0) return filled({1, 1}, 1);
    Kernel kernel = filled({2 * radius + 1, 2 * radius + 1}, 0);
    const auto r = static_cast<double>(radius);
    for (std::int64_t row = 0; row < kernel.rows; ++row)
        for (std::int64_t col = 0; col < kernel.cols; ++col)
            cell(kernel, row, col) = covered_cell(r, col - radius, row - radius) / (kPi * r * r);
    return kernel;
}

Kernel fspecial_gaussian(const Size2& size, double sigma) {
    assert(sigma > 0);
    return divided_by_sum(radial(size, [&](double squared) { return std::exp(-squared / (2 * sigma * sigma)); }));
}

Kernel fspecial_laplacian(double alpha) {
    assert(alpha >= 0 && alpha <= 1);
    const double scale = 4 / (alpha + 1);
    const double corner = scale * (alpha / 4);
    const double edge = scale * ((1 - alpha) / 4);
    return square3({corner, edge, corner, edge, -scale, edge, corner, edge, corner});
}

Kernel fspecial_log(const Size2& size, double sigma) {
    const double variance = sigma * sigma;
    const auto gauss = [&](double squared) { return std::exp(-squared / (2 * variance)); };
    const double scale = 2 * kPi * variance * variance * variance * radial(size, gauss).weight_sum();
    return radial(size, [&](double squared) { return (squared - 2 * variance) * gauss(squared) / scale; });
}

Kernel fspecial_motion(std::int64_t length, double angle_degrees) {
    assert(length >= 1 && std::isfinite(angle_degrees));
    if (length == 1) return filled({1, 1}, 1);
    const std::int64_t side = length | 1;
    Kernel line = filled({side, side}, 0);
    for (std::int64_t col = 0; col < length; ++col) cell(line, side / 2, col) = 1;
    return divided_by_sum(rotated(line, angle_degrees));
}

Kernel fspecial_prewitt() { return square3({1, 1, 1, 0, 0, 0, -1, -1, -1}); }

Kernel fspecial_sobel() { return square3({1, 2, 1, 0, 0, 0, -1, -2, -1}); }

Kernel fspecial_kirsch() { return square3({3, 3, 3, 3, 0, 3, -5, -5, -5}); }

Kernel fspecial_unsharp(double alpha) {
    Kernel kernel = fspecial_laplacian(alpha);
    for (double& weight : kernel.weights) weight = 0 - weight;  // of 0 this is 0, not -0
    cell(kernel, 1, 1) += 1;
    return kernel;
}

}  // namespace convlens
