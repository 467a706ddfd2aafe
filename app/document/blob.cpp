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

// The first numbers of std::mt19937_64(seed), which makes its whole state of 312 words before it gives one: a row of a
// tensor needs a few, and a number k needs no more than the words k, k + 1 and k + 156 of the state.
class FirstNumbers {
public:
    static constexpr std::int64_t kMost = 156;

    // Of the first `count` numbers, at most kMost, those from `next` on.
    FirstNumbers(std::uint64_t seed, std::int64_t next, std::int64_t count) : next_(static_cast<std::size_t>(next)) {
        state_[0] = seed;
        for (std::size_t i = 1; i < static_cast<std::size_t>(count) + kMost; ++i)
            state_[i] = 6364136223846793005U * (state_[i - 1] ^ (state_[i - 1] >> 62U)) + i;
    }

    std::uint64_t operator()() {
        constexpr std::uint64_t kLower = 0x7fffffff;
        const std::uint64_t joined = (state_[next_] & ~kLower) | (state_[next_ + 1] & kLower);
        const std::uint64_t odd = (joined & 1U) != 0 ? 0xb5026f5aa96619e9U : 0;
        std::uint64_t x = state_[next_ + kMost] ^ (joined >> 1U) ^ odd;
        ++next_;
        x ^= (x >> 29U) & 0x5555555555555555U;
        x ^= (x << 17U) & 0x71d67fffeda60000U;
        x ^= (x << 37U) & 0xfff7eee000000000U;
        return x ^ (x >> 43U);
    }

private:
    std::array<std::uint64_t, 2 * kMost> state_;
    std::size_t next_;
};

template <typename Raw>
void fill_row(std::span<double> row, const Generator& generator, Raw raw) {
    const auto low = static_cast<std::uint64_t>(generator.low);
    const std::uint64_t range = static_cast<std::uint64_t>(generator.high) - low + 1;  // 0: all 2^64
    for (double& cell : row) {
        const std::uint64_t drawn = raw();
        cell = static_cast<double>(static_cast<std::int64_t>(low + (range == 0 ? drawn : drawn % range)));
    }
}

// Every row has a sequence of its own, so that rows, planes and columns can be added without moving a number. The
// range is part of the seed: input and weight of one seed are not each other's copies.
// `had`: a tensor of the same generator, whose cells need not be drawn again; may be null.
void fill_random_plane(Tensor<double>& values, const Generator& generator, const Tensor<double>* had, std::int64_t n,
                       std::int64_t c) {
    const Shape4& shape = values.shape();
    const bool in_both = had != nullptr && n < had->shape().n && c < had->shape().c;
    const auto low = static_cast<std::uint64_t>(generator.low);
    const std::uint64_t range = static_cast<std::uint64_t>(generator.high) - low + 1;
    const std::uint64_t seed = spread(spread(generator.seed) ^ spread(low) ^ range);
    const auto place = [](std::int64_t index) { return static_cast<std::uint64_t>(index); };
    const std::uint64_t plane = spread(seed + place(n)) ^ spread(seed * 3 + place(c));
    for (std::int64_t y = 0; y < shape.h; ++y) {
        const std::span<double> row(&values.at(n, c, y, 0), static_cast<std::size_t>(shape.w));
        const std::int64_t known = in_both && y < had->shape().h ? std::min(shape.w, had->shape().w) : 0;
        if (known > 0) std::copy_n(&had->at(n, c, y, 0), known, row.begin());
        if (known == shape.w) continue;
        const std::span<double> rest = row.subspan(static_cast<std::size_t>(known));
        const std::uint64_t own = plane ^ spread(seed * 5 + place(y));
        if (shape.w <= FirstNumbers::kMost) {
            fill_row(rest, generator, FirstNumbers(own, known, shape.w));
        } else {
            std::mt19937_64 raw(own);
            raw.discard(static_cast<unsigned long long>(known));
            fill_row(rest, generator, raw);
        }
    }
}

void fill_random(Tensor<double>& values, const Generator& generator, const Tensor<double>* had) {
    if (values.size() == 0) return;
    for (std::int64_t n = 0; n < values.shape().n; ++n)
        for (std::int64_t c = 0; c < values.shape().c; ++c) fill_random_plane(values, generator, had, n, c);
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
    blob_ = std::make_shared<const TensorBlob>(TensorBlob{std::move(values), hash, std::move(generator), nullptr});
}

TensorRef TensorRef::cut_from(const TensorRef& whole) const {
    TensorBlob blob = *blob_;
    blob.cut_from = whole.blob_;
    TensorRef cut;
    cut.blob_ = std::make_shared<const TensorBlob>(std::move(blob));
    return cut;
}

TensorRef TensorRef::whole() const {
    TensorRef whole;
    if (blob_) whole.blob_ = blob_->cut_from;
    return whole;
}

Tensor<double> generated(const Generator& generator, const Shape4& shape, const Tensor<double>* had) {
    assert(is_generator(generator.name) && generator.low <= generator.high);
    Tensor<double> values(shape);
    if (generator.name == "random") fill_random(values, generator, had);
    if (generator.name == "ramp") fill_ramp(values);
    if (generator.name == "impulse") fill_impulse(values);
    if (generator.name == "ones") fill_ones(values);
    return values;
}

TensorRef generate(const Generator& generator, const Shape4& shape) {
    return TensorRef(generated(generator, shape), generator);
}

void fill_plane(Tensor<double>& values, const Generator& random, std::int64_t n, std::int64_t c) {
    assert(random.name == "random");
    if (values.size() > 0) fill_random_plane(values, random, nullptr, n, c);
}

bool is_generator(std::string_view name) {
    constexpr std::array<std::string_view, 5> kNames{"random", "ramp", "impulse", "ones", "zeros"};
    return std::ranges::find(kNames, name) != kNames.end();
}

std::string to_hex(const Sha256& hash) { return fmt::format("{:02x}", fmt::join(hash, "")); }

}  // namespace convlens
