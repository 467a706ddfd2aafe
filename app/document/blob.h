// Immutable shared data: tensors that documents, undo steps and results hold in common. Compared by content hash.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/tensor/tensor.h"

namespace convlens {

using Sha256 = std::array<std::uint8_t, 32>;

// How a blob's values can be made again, for a short file: "random" (integers low..high, seeded), "ramp" (0, 1, 2,
// ...), "impulse" (a single 1 in the middle of each plane), "ones", "zeros". A cell of "random" depends on its own place
// only, so that a tensor that grows keeps the numbers it had; the same on every machine.
struct Generator {
    std::string name;
    std::uint64_t seed = 1;
    std::int64_t low = 0, high = 9;
    friend bool operator==(const Generator&, const Generator&) = default;
};

struct TensorBlob {
    Tensor<double> values;
    Sha256 hash{};                       // of shape and values
    std::optional<Generator> generator;  // set when generate(*generator, shape) gives these values
    // The tensor of which this one was cut, so that it comes back where the cut does: a slider that is pulled down and up
    // again leaves the numbers as they were. Null for most; not part of the content, and not kept in files.
    std::shared_ptr<const TensorBlob> cut_from;
};

class TensorRef {
public:
    TensorRef() = default;
    explicit TensorRef(Tensor<double> values, std::optional<Generator> generator = {});

    explicit operator bool() const { return blob_ != nullptr; }
    const Tensor<double>& operator*() const { return blob_->values; }
    const Tensor<double>* operator->() const { return &blob_->values; }
    const TensorBlob& blob() const { return *blob_; }
    // The tensor alone, kept alive with the blob. Null where there is no blob.
    std::shared_ptr<const Tensor<double>> values() const { return {blob_, blob_ ? &blob_->values : nullptr}; }
    // The same values, which remember the tensor of which they were cut.
    TensorRef cut_from(const TensorRef& whole) const;
    // That tensor; null where there is none.
    TensorRef whole() const;
    friend bool operator==(const TensorRef& a, const TensorRef& b) {
        return a.blob_ == b.blob_ || (a.blob_ && b.blob_ && a.blob_->hash == b.blob_->hash);
    }

private:
    std::shared_ptr<const TensorBlob> blob_;
};

// Precondition: is_generator(generator.name), low <= high, element_count(shape) is small enough to hold.
TensorRef generate(const Generator& generator, const Shape4& shape);
bool is_generator(std::string_view name);
// The numbers alone. `had`: a tensor of the same generator, of any shape, from which the cells of both are taken where that
// is quicker; may be null.
Tensor<double> generated(const Generator& generator, const Shape4& shape, const Tensor<double>* had = nullptr);
// The numbers of a "random" generator in the plane (n, c) alone.
void fill_plane(Tensor<double>& values, const Generator& random, std::int64_t n, std::int64_t c);

// 64 lower-case hexadecimal digits.
std::string to_hex(const Sha256& hash);

}  // namespace convlens
