#include "app/document/blob.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <random>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <nettle/sha2.h>

namespace convlens {

namespace {

Sha256 hash_of(const Tensor<double>& values) {
    sha256_ctx context{};
    sha256_init(&context);
    const Shape4& shape = values.shape();
    const std::array<std::int64_t, 4> lengths{shape.n, shape.c, shape.h, shape.w};
    const auto add = [&context](auto bytes) {
        sha256_update(&context, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
    };
    add(std::as_bytes(std::span(lengths)));
    add(std::as_bytes(values.span()));
    Sha256 hash{};
    sha256_digest(&context, hash.size(), hash.data());
    return hash;
}

// One step of SplitMix64 (G. Steele, D. Lea, C. Flood 2014): spreads a small number over all bits.
std::uint64_t spread(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

// Every row has a sequence of its own, so that rows, planes and columns can be added without moving a number. The
// range is part of the seed: input and weight of one seed are not each other's copies.
void fill_random(Tensor<double>& values, const Generator& generator) {
    const Shape4& shape = values.shape();
    const auto low = static_cast<std::uint64_t>(generator.low);
    const std::uint64_t range = static_cast<std::uint64_t>(generator.high) - low + 1;  // 0: all 2^64
    const std::uint64_t seed = spread(spread(generator.seed) ^ spread(low) ^ range);
    for (std::int64_t n = 0; n < shape.n; ++n) {
        for (std::int64_t c = 0; c < shape.c; ++c) {
            for (std::int64_t y = 0; y < shape.h; ++y) {
                const auto place = [](std::int64_t index) { return static_cast<std::uint64_t>(index); };
                std::mt19937_64 raw(spread(seed + place(n)) ^ spread(seed * 3 + place(c)) ^
                                    spread(seed * 5 + place(y)));
                for (std::int64_t x = 0; x < shape.w; ++x) {
                    const std::uint64_t drawn = raw();
                    const std::uint64_t value = low + (range == 0 ? drawn : drawn % range);
                    values.at(n, c, y, x) = static_cast<double>(static_cast<std::int64_t>(value));
                }
            }
        }
    }
}

void fill_impulse(Tensor<double>& values) {
    const Shape4& shape = values.shape();
    if (values.size() == 0) return;
    for (std::int64_t n = 0; n < shape.n; ++n) {
        for (std::int64_t c = 0; c < shape.c; ++c) values.at(n, c, shape.h / 2, shape.w / 2) = 1;
    }
}

void fill_ramp(Tensor<double>& values) { std::iota(values.span().begin(), values.span().end(), 0.0); }

void fill_ones(Tensor<double>& values) { std::ranges::fill(values.span(), 1.0); }

}  // namespace

TensorRef::TensorRef(Tensor<double> values, std::optional<Generator> generator) {
    const Sha256 hash = hash_of(values);
    blob_ = std::make_shared<const TensorBlob>(TensorBlob{std::move(values), hash, std::move(generator)});
}

TensorRef generate(const Generator& generator, const Shape4& shape) {
    assert(is_generator(generator.name) && generator.low <= generator.high);
    Tensor<double> values(shape);
    if (generator.name == "random") fill_random(values, generator);
    if (generator.name == "ramp") fill_ramp(values);
    if (generator.name == "impulse") fill_impulse(values);
    if (generator.name == "ones") fill_ones(values);
    return TensorRef(std::move(values), generator);
}

bool is_generator(std::string_view name) {
    constexpr std::array<std::string_view, 5> kNames{"random", "ramp", "impulse", "ones", "zeros"};
    return std::ranges::find(kNames, name) != kNames.end();
}

std::string to_hex(const Sha256& hash) { return fmt::format("{:02x}", fmt::join(hash, "")); }

}  // namespace convlens
