// The kernel that a case of op `kernel` asks for: a family of core/image/peer_kernel.h and its numbers.
//
//   {"family": "fspecial_gaussian", "size": [4, 5], "sigma": 1.5}
//
// Families fspecial_average, _disk, _gaussian, _laplacian, _log, _motion, _prewitt, _sobel, _kirsch, _unsharp: keys
// size, radius, sigma, alpha, length, angle_degrees, each with fspecial's own default where it is left out. OpenCV's:
//
//   gaussian_1d  size [n, 1], sigma
//   sobel        dx, dy, size: the kernel's, or [1, 1] for ksize 1 (1 x 3, 3 x 1 or 3 x 3); normalize (false)
//   scharr       dx, dy, size [3, 3] if it is given; normalize (false)
//   gabor        size, sigma, theta, lambd, gamma, psi (pi/2); angles in radians; a side of 0 follows from sigma
//
// A size is [rows, columns], or one number for both (of gaussian_1d, the length). "note" is a remark.
#pragma once

#include "core/image/kernel.h"
#include "core/io/json_value.h"

namespace convlens {

// Throws FileError: an unknown family or key, a key that is missing, a number that the family cannot have or that would
// make a kernel of more than kMaxKernelSide rows or columns before it is flipped.
Kernel kernel_of_params(const JsonValue& params);

}  // namespace convlens
