// Layers with random settings and numbers, the same on every machine for the same seed.
#pragma once

#include <cstdint>
#include <random>

#include "core/conv/problem.h"
#include "core/engine/reference.h"

namespace convlens {

// mt19937_64 gives the same numbers everywhere; the standard's distributions do not.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    std::int64_t from(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool coin() { return from(0, 1) == 1; }
    double real() { return static_cast<double>(from(-1'000'000, 1'000'000)) / 250'000.0; }
    Size2 size(std::int64_t low, std::int64_t high) {
        const std::int64_t h = from(low, high);
        return {h, from(low, high)};
    }
    Tensor<double> tensor(const Shape4& shape) {
        Tensor<double> t(shape);
        for (double& value : t.span()) value = real();
        return t;
    }

private:
    std::mt19937_64 engine_;
};

// A layer that can be computed, with its numbers.
struct RandomLayer {
    ConvSpec spec;
    Tensor<double> input, weight, bias;
    bool has_bias = false;

    LayerData data() const { return {input, weight, has_bias ? bias.view() : View<double>{}}; }
    LayerShape shape() const;
    std::string describe() const;
};

// Every pad mode (conv), four-sided pads from -2 to 4 (conv_transpose: crops), strides and dilations to 3, kernels to
// 4x4, groups to 3, flips, bias, output padding.
RandomLayer random_layer(Random& random, Op op);

// |a-b| <= tol * max(1, sum |w x|) for every cell. Names the first that differs, or is empty.
std::string difference(const Tensor<double>& a, const Tensor<double>& b, const Tensor<double>& magnitude, double tol);

}  // namespace convlens
