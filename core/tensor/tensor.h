// A dense array in row-major [N, C, H, W] order, which begins with a line of the cache, and borrowed views of it.
#pragma once

#include <cassert>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <utility>

#include "core/base/aligned.h"
#include "core/tensor/shape.h"

namespace convlens {

// Reads a tensor that somebody else owns. `data` holds n*c*h*w elements.
template <typename T>
struct View {
    const T* data = nullptr;
    Shape4 shape{0, 0, 0, 0};

    std::int64_t offset(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) const {
        assert(n >= 0 && n < shape.n && c >= 0 && c < shape.c);
        assert(y >= 0 && y < shape.h && x >= 0 && x < shape.w);
        return ((n * shape.c + c) * shape.h + y) * shape.w + x;
    }
    const T& at(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) const {
        return data[offset(n, c, y, x)];
    }
    std::int64_t size() const { return shape.n * shape.c * shape.h * shape.w; }
    std::span<const T> span() const { return {data, static_cast<std::size_t>(size())}; }
};

template <typename T>
class Tensor {
public:
    Tensor() = default;
    explicit Tensor(const Shape4& shape, T fill = T{})
        : shape_(shape), data_(static_cast<std::size_t>(shape.n * shape.c * shape.h * shape.w), fill) {}
    Tensor(const Shape4& shape, AlignedVector<T> data) : shape_(shape), data_(std::move(data)) {
        assert(static_cast<std::int64_t>(data_.size()) == shape.n * shape.c * shape.h * shape.w);
    }
    Tensor(const Shape4& shape, std::span<const T> data) : Tensor(shape, AlignedVector<T>(data.begin(), data.end())) {}
    Tensor(const Shape4& shape, std::initializer_list<T> data) : Tensor(shape, AlignedVector<T>(data)) {}

    const Shape4& shape() const { return shape_; }
    std::int64_t size() const { return static_cast<std::int64_t>(data_.size()); }
    std::span<T> span() { return data_; }
    std::span<const T> span() const { return data_; }
    View<T> view() const { return {data_.data(), shape_}; }
    operator View<T>() const { return view(); }

    T& at(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
        return data_[static_cast<std::size_t>(view().offset(n, c, y, x))];
    }
    const T& at(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) const {
        return data_[static_cast<std::size_t>(view().offset(n, c, y, x))];
    }

    friend bool operator==(const Tensor&, const Tensor&) = default;

private:
    Shape4 shape_{0, 0, 0, 0};
    AlignedVector<T> data_;
};

}  // namespace convlens
