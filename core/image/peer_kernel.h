// Kernels by name as two other programs make them, weight for weight: Octave's fspecial (image package 2.14.0) and
// OpenCV 5. Unlike the families of core/image/kernel.h they keep each program's own sign, scale and oddities.
//
// All return a kernel with divisor 1 and offset 0. Angles are in the unit named. A default is what the program takes
// for an argument that is left out. Callers keep to the ranges given; core/cases/kernel.h checks what a file says.
#pragma once

#include <cstdint>
#include <numbers>

#include "core/image/kernel.h"
#include "core/tensor/shape.h"

namespace convlens {

// Octave. Sizes are at least 1.

Kernel fspecial_average(const Size2& size = {3, 3});

// Side 2 radius + 1, radius >= 0. A weight is the area of its unit cell that the disk covers, over the disk's area.
Kernel fspecial_disk(std::int64_t radius = 5);

// exp(-(x^2 + y^2) / (2 sigma^2)) about the middle, divided by its sum. sigma > 0.
Kernel fspecial_gaussian(const Size2& size = {3, 3}, double sigma = 0.5);

// 4/(alpha+1) times alpha/4 in the corners, (1-alpha)/4 at the edges, -1 in the middle. 0 <= alpha <= 1.
Kernel fspecial_laplacian(double alpha = 0.2);

// Laplacian of Gaussian: (x^2 + y^2 - 2 sigma^2) g / (2 pi sigma^6 sum g), g the Gaussian before it is divided by its
// sum. MATLAB goes on to take the mean away; Octave does not, so that the weights do not add up to 0. sigma 0: all NaN.
Kernel fspecial_log(const Size2& size = {5, 5}, double sigma = 0.5);

// A line of `length` cells, rotated counter-clockwise with bilinear interpolation and divided by its sum. The line lies
// in the middle row of an odd square; an even length leaves that row's last cell empty, so that it is off the middle.
// What the rotated square loses of its corners is lost. length >= 1. Octave's own answer for length 1 is NaN at angles
// where its rounding falls out so (45 degrees, but not 30); here it is 1.
Kernel fspecial_motion(std::int64_t length = 9, double angle_degrees = 0);

// Brighter above is positive.
Kernel fspecial_prewitt();
Kernel fspecial_sobel();
Kernel fspecial_kirsch();

// The identity less fspecial_laplacian: adds up to 1. 0 <= alpha <= 1.
Kernel fspecial_unsharp(double alpha = 0.2);

// OpenCV.

// cv::getGaussianKernel: a column of `size` >= 1. sigma <= 0: fixed tables for sizes 1, 3, 5, 7 and 9, else
// 0.3 ((size-1) 0.5 - 1) + 0.8. With an even size OpenCV gives the two middle weights the peak's value 1, not
// exp(-1/(8 sigma^2)), before it divides by the sum.
Kernel opencv_gaussian(std::int64_t size, double sigma);
// What it takes for sigma <= 0: the weights of sizes 1, 3, 5, 7 and 9 (else none), and a sigma for the others.
std::vector<double> opencv_gaussian_table(std::int64_t size);
double opencv_default_sigma(std::int64_t size);

// cv::getDerivKernels, column times row: derivatives of order dx along a row and dy down a column, dx, dy >= 0 and
// dx + dy > 0. ksize: odd, 1 to kMaxDerivSize, more than dx and dy; 1 stands for a window of 3 along each derivative
// and of 1 across, so that there orders up to 2 are possible. `normalize` divides by 2^(smoothing steps). Exact, where
// OpenCV rounds to float32 unless ktype is CV_64F: that shows at ksize 31.
inline constexpr std::int64_t kMaxDerivSize = 31;
Kernel opencv_sobel(std::int64_t dx, std::int64_t dy, std::int64_t ksize, bool normalize = false);

// The same with ksize FILTER_SCHARR: 3 x 3; one of dx and dy is 1, the other 0. `normalize` divides by 32.
Kernel opencv_scharr(std::int64_t dx, std::int64_t dy, bool normalize = false);

// cv::getGaborKernel: exp(-(x'^2 + gamma^2 y'^2) / (2 sigma^2)) cos(2 pi x'/lambda + psi), x' = x cos theta + y sin theta,
// y' = y cos theta - x sin theta, angles in radians, rotated by 180 degrees as a convolution has it. A side is made odd
// by adding 1; side <= 0: three standard deviations either way. sigma > 0, lambda != 0, gamma > 0.
struct Gabor {
    Size2 size{0, 0};
    double sigma = 1;
    double theta = 0;
    double lambda = 1;
    double gamma = 1;
    double psi = std::numbers::pi / 2;
};
Kernel opencv_gabor(const Gabor& gabor);

}  // namespace convlens
