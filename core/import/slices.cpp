#include "core/import/slices.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace convlens::pasted {

namespace {

constexpr std::int64_t kFarthest = std::int64_t{1} << 53;  // positions beyond it are not followed

std::optional<std::int64_t> whole_in(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value >= -kFarthest && value <= kFarthest ? std::optional(value) : std::nullopt;
}

std::vector<std::string_view> split(std::string_view text, char sign) {
    std::vector<std::string_view> parts;
    for (std::size_t at = text.find(sign); at != std::string_view::npos; at = text.find(sign)) {
        parts.push_back(text.substr(0, at));
        text.remove_prefix(at + 1);
    }
    parts.push_back(text);
    return parts;
}

// One of "1:-1", "::2", "...", "None", "3".
std::optional<Slice> slice_of(std::string_view text) {
    if (text == "...") return Slice{Slice::Kind::ellipsis, {}, {}, 1};
    if (text == "None" || text == "np.newaxis" || text == "tf.newaxis" || text == "jnp.newaxis")
        return Slice{Slice::Kind::new_axis, {}, {}, 1};
    const std::vector<std::string_view> parts = split(text, ':');
    if (parts.size() > 3) return {};
    Slice slice;
    const auto read = [](std::string_view part, std::optional<std::int64_t>& into) {
        if (part.empty()) return true;
        into = whole_in(part);
        return into.has_value();
    };
    std::optional<std::int64_t> step = 1;
    if (!read(parts[0], slice.start)) return {};
    if (parts.size() > 1 && !read(parts[1], slice.stop)) return {};
    if (parts.size() > 2 && !read(parts[2], step)) return {};
    if (parts.size() == 1 && !slice.start) return {};
    if (parts.size() == 1) slice.kind = Slice::Kind::index;
    slice.step = *step;
    return slice.step == 0 ? std::nullopt : std::optional(slice);
}

// "3", "end", "end-2" as a position from 1, those of the end from 0 downwards.
std::optional<std::int64_t> matlab_position(std::string_view text) {
    if (text == "end") return 0;
    if (!text.starts_with("end-")) return whole_in(text);
    const auto back = whole_in(text.substr(4));
    return back && *back >= 0 ? std::optional(-*back) : std::nullopt;
}

// 2:end-1 is Python's 1:-1: both ends are taken, and the first position is 1.
std::optional<Slice> matlab_slice_of(std::string_view written) {
    std::string text(written);
    std::erase(text, ' ');
    if (text == ":") return Slice{};
    const std::vector<std::string_view> parts = split(text, ':');
    if (parts.size() != 2 && parts.size() != 3) return {};
    const auto first = matlab_position(parts.front());
    const auto last = matlab_position(parts.back());
    const auto step = parts.size() == 3 ? whole_in(parts[1]) : std::optional<std::int64_t>(1);
    if (!first || !last || !step || *step == 0) return {};
    if (*step < 0) {
        const bool all = *step == -1 && *first == 0 && *last == 1;
        return all ? std::optional(Slice{Slice::Kind::range, {}, {}, -1}) : std::nullopt;
    }
    Slice slice{Slice::Kind::range, {}, {}, *step};
    if (*first != 1) slice.start = *first - 1;
    if (*last != 0) slice.stop = *last;
    return slice;
}

// One slice for each axis, in their order, with new axes in between.
std::optional<std::vector<Slice>> for_axes(const std::vector<Slice>& slices, std::size_t rank) {
    const auto of_kind = [&](Slice::Kind kind) { return std::ranges::count(slices, kind, &Slice::kind); };
    const auto axes = static_cast<std::size_t>(of_kind(Slice::Kind::range) + of_kind(Slice::Kind::index));
    const auto dots = of_kind(Slice::Kind::ellipsis);
    if (axes > rank || dots > 1) return {};
    std::vector<Slice> all;
    for (const Slice& slice : slices) {
        if (slice.kind == Slice::Kind::ellipsis)
            all.resize(all.size() + rank - axes);
        else
            all.push_back(slice);
    }
    if (dots == 0) all.resize(all.size() + rank - axes);
    return all;
}

// The places of the cells that walks along the axes meet, row-major.
std::vector<std::size_t> places_of(const std::vector<std::int64_t>& shape, const std::vector<Taken>& walks) {
    std::vector<std::size_t> places;
    if (std::ranges::any_of(walks, [](const Taken& walk) { return walk.count == 0; })) return places;
    std::vector<std::int64_t> steps(walks.size(), 1);
    for (std::size_t i = walks.size(); i-- > 1;) steps[i - 1] = steps[i] * shape[i];
    std::vector<std::int64_t> index(walks.size(), 0);
    for (bool more = true; more;) {
        std::int64_t at = 0;
        for (std::size_t i = 0; i < walks.size(); ++i) at += (walks[i].first + index[i] * walks[i].step) * steps[i];
        places.push_back(static_cast<std::size_t>(at));
        more = false;
        for (std::size_t i = walks.size(); i-- > 0 && !more;) {
            more = ++index[i] < walks[i].count;
            if (!more) index[i] = 0;
        }
    }
    return places;
}

// What slices take of an array: one walk an axis, and the lengths that remain.
struct Region {
    std::vector<Taken> walks;
    std::vector<std::int64_t> shape;
};

std::optional<Region> region_of(const std::vector<std::int64_t>& shape, const std::vector<Slice>& slices) {
    const auto all = for_axes(slices, shape.size());
    if (!all) return {};
    Region region;
    for (const Slice& slice : *all) {
        if (slice.kind == Slice::Kind::new_axis) {
            region.shape.push_back(1);
            continue;
        }
        const std::int64_t length = shape[region.walks.size()];
        if (slice.kind == Slice::Kind::range) {
            region.walks.push_back(taken(slice, length));
            region.shape.push_back(region.walks.back().count);
            continue;
        }
        const std::int64_t at = *slice.start < 0 ? *slice.start + length : *slice.start;
        if (at < 0 || at >= length) return {};
        region.walks.push_back({at, 1, 1});
    }
    return region;
}

}  // namespace

std::optional<std::vector<Slice>> slices_of(std::string_view subscript) {
    if (subscript.size() < 3 || !subscript.starts_with('[') || !subscript.ends_with(']')) return {};
    std::vector<Slice> slices;
    std::string_view inside = subscript.substr(1, subscript.size() - 2);
    if (inside.ends_with(',')) inside.remove_suffix(1);
    for (const std::string_view part : split(inside, ',')) {
        const auto slice = slice_of(part);
        if (!slice) return {};
        slices.push_back(*slice);
    }
    return slices;
}

std::optional<std::vector<Slice>> matlab_slices_of(const Node& call) {
    std::vector<Slice> slices;
    for (const Node& item : call.items) {
        auto slice = item.kind == Node::Kind::opaque ? matlab_slice_of(item.text) : std::nullopt;
        const bool position = item.kind == Node::Kind::number && item.number >= 1 && item.number <= 0x1p53 &&
                              item.number == std::floor(item.number);
        if (position) slice = Slice{Slice::Kind::index, static_cast<std::int64_t>(item.number) - 1, {}, 1};
        if (!slice) return {};
        slices.push_back(*slice);
    }
    return slices;
}

bool is_matlab_part(const Node& call) {
    return std::ranges::any_of(call.items, [](const Node& item) { return item.kind == Node::Kind::opaque; }) &&
           matlab_slices_of(call);
}

std::optional<std::vector<Slice>> along_axes(const std::vector<Slice>& slices, std::size_t rank) {
    auto all = for_axes(slices, rank);
    if (!all || std::ranges::any_of(*all, [](const Slice& slice) { return slice.kind != Slice::Kind::range; }))
        return {};
    return all;
}

Taken taken(const Slice& slice, std::int64_t length) {
    const std::int64_t step = slice.step;
    const auto position = [&](std::int64_t at) {
        if (at < 0) at += length;
        return step > 0 ? std::clamp<std::int64_t>(at, 0, length) : std::clamp<std::int64_t>(at, -1, length - 1);
    };
    const std::int64_t first = slice.start ? position(*slice.start) : step > 0 ? 0 : length - 1;
    const std::int64_t stop = slice.stop ? position(*slice.stop) : step > 0 ? length : -1;
    const std::int64_t span = step > 0 ? stop - first : first - stop;
    const std::int64_t reach = step > 0 ? step : -step;
    return {first, span <= 0 ? 0 : (span - 1) / reach + 1, step};
}

std::optional<ToldArray> part_of(const ToldArray& array, const std::vector<Slice>& slices) {
    const auto region = region_of(array.shape, slices);
    if (!region) return {};
    ToldArray result{region->shape, {}, array.type, array.is_list};
    if (!array.data) return result;
    result.data.emplace();
    for (const std::size_t place : places_of(array.shape, region->walks)) result.data->push_back((*array.data)[place]);
    return result;
}

std::optional<ToldArray> with_part(ToldArray array, const std::vector<Slice>& slices, const ToldArray& part) {
    const auto region = region_of(array.shape, slices);
    if (!region || !array.data || !part.data) return {};
    const std::vector<std::size_t> places = places_of(array.shape, region->walks);
    const bool one = part.data->size() == 1;
    if (!one && part.data->size() != places.size()) return {};
    for (std::size_t i = 0; i < places.size(); ++i) (*array.data)[places[i]] = (*part.data)[one ? 0 : i];
    return array;
}

}  // namespace convlens::pasted
