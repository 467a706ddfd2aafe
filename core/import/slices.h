// Parts of arrays, as Python and MATLAB write them: [..., 1:-1, ::2], (2:end-1, 1:2:end). Internal to core/import.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/import/value.h"

namespace convlens::pasted {

// What is taken of one axis, in Python's terms: positions count from 0, those below 0 from the end.
struct Slice {
    enum class Kind { range, index, new_axis, ellipsis };
    Kind kind = Kind::range;
    std::optional<std::int64_t> start;  // of an index: its position
    std::optional<std::int64_t> stop;
    std::int64_t step = 1;

    bool is_whole() const { return kind == Kind::range && !start && !stop && step == 1; }
    bool is_backwards() const { return kind == Kind::range && !start && !stop && step == -1; }
};

// Of a subscript "[..., 1:-1]" without blanks. Nothing where anything in it is no number or slice.
std::optional<std::vector<Slice>> slices_of(std::string_view subscript);

// Of MATLAB's x(2:end-1, :), from the arguments of that call.
std::optional<std::vector<Slice>> matlab_slices_of(const Node& call);

// Whether such a call has a slice among its arguments, so that it takes a part and calls no function.
bool is_matlab_part(const Node& call);

// One slice an axis of an array of `rank` axes: an ellipsis, and what is not written, is whole. Nothing where the
// slices are more than the axes, or there are indices or new axes.
std::optional<std::vector<Slice>> along_axes(const std::vector<Slice>& slices, std::size_t rank);

// The positions that a slice takes of an axis of `length`. `count` is 0 where there are none.
struct Taken {
    std::int64_t first = 0;
    std::int64_t count = 0;
    std::int64_t step = 1;
};
Taken taken(const Slice& slice, std::int64_t length);

// The array with cells that are set: to the one number of `part`, or to its cells in their order. Nothing where the
// slices do not fit the axes, or the cells are not as many.
std::optional<ToldArray> with_part(ToldArray array, const std::vector<Slice>& slices, const ToldArray& part);

// The part of an array. Nothing where the slices do not fit its axes.
std::optional<ToldArray> part_of(const ToldArray& array, const std::vector<Slice>& slices);

}  // namespace convlens::pasted
