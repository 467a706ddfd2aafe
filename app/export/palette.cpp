#include "app/export/palette.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace convlens {

namespace {

constexpr std::size_t kBins = std::size_t{1} << 18U;
constexpr std::size_t kCubes = std::size_t{1} << 15U;
constexpr std::size_t kKnown = std::size_t{1} << 15U;
constexpr std::size_t kDistinct = 256;  // one more than a palette can hold beside the transparent entry

std::uint32_t pack(std::uint8_t r, std::uint8_t g, std::uint8_t b) {
    return 0xFF000000U | static_cast<std::uint32_t>(r) << 16U | static_cast<std::uint32_t>(g) << 8U | b;
}

Colour unpack(std::uint32_t c) {
    return {static_cast<std::uint8_t>(c >> 16U), static_cast<std::uint8_t>(c >> 8U), static_cast<std::uint8_t>(c), 255};
}

// Roughly as the eye weighs the channels.
int distance(int r, int g, int b) { return 3 * r * r + 6 * g * g + 2 * b * b; }

std::size_t bin_of(std::uint32_t c) { return (c >> 18U & 0x3FU) << 12U | (c >> 10U & 0x3FU) << 6U | (c >> 2U & 0x3FU); }

// A bin on its way into a box.
struct Sample {
    std::array<float, 3> mean{};
    float weight = 0;  // the root of the count: small text must not starve beside a large ground
    std::uint64_t count = 0;
    std::uint32_t exact = 0;  // the colour of most of its pixels; 0: there is none
};

// A range of samples, and how much it would gain by being split.
struct ColourBox {
    std::span<Sample> samples;
    std::size_t axis = 0;
    float middle = 0;
    double spread = 0;  // weighted squared distance from the mean along the axis
};

ColourBox box_of(std::span<Sample> samples) {
    ColourBox box{samples};
    if (samples.size() < 2) return box;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        double weight = 0;
        double sum = 0;
        double squares = 0;
        for (const Sample& s : samples) {
            weight += s.weight;
            sum += static_cast<double>(s.weight) * s.mean[axis];
            squares += static_cast<double>(s.weight) * s.mean[axis] * s.mean[axis];
        }
        const double spread = squares - sum * sum / weight;
        if (spread <= box.spread) continue;
        box.spread = spread;
        box.axis = axis;
        box.middle = static_cast<float>(sum / weight);
    }
    return box;
}

// A flat ground keeps its exact colour; a gradient gets its mean.
Colour colour_of(std::span<const Sample> samples) {
    std::uint64_t total = 0;
    std::array<double, 3> sum{};
    const Sample* largest = samples.data();
    for (const Sample& s : samples) {
        total += s.count;
        for (std::size_t axis = 0; axis < 3; ++axis) sum[axis] += static_cast<double>(s.mean[axis]) * s.count;
        if (s.count > largest->count) largest = &s;
    }
    if (largest->exact != 0 && largest->count * 2 >= total) return unpack(largest->exact);
    const auto byte = [&](std::size_t axis) {
        return static_cast<std::uint8_t>(std::lround(sum[axis] / static_cast<double>(total)));
    };
    return {byte(0), byte(1), byte(2), 255};
}

}  // namespace

Palette::Palette(std::vector<Colour> colours) : colours_(std::move(colours)), cubes_(kCubes), known_(kKnown) {}

void Palette::fill(Cube& cube, std::size_t at) const {
    const std::array<int, 3> low{static_cast<int>(at >> 10U & 31U) * 8, static_cast<int>(at >> 5U & 31U) * 8,
                                 static_cast<int>(at & 31U) * 8};
    std::vector<int> least(colours_.size());  // distance of the entry from the cube's nearest corner
    int bound = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < colours_.size(); ++i) {
        const std::array<int, 3> entry{colours_[i].r, colours_[i].g, colours_[i].b};
        std::array<int, 3> near{};
        std::array<int, 3> far{};
        for (std::size_t c = 0; c < 3; ++c) {
            const int below = low[c] - entry[c];
            const int above = entry[c] - (low[c] + 7);
            near[c] = std::max({below, above, 0});
            far[c] = std::max(-below, -above);
        }
        least[i] = distance(near[0], near[1], near[2]);
        bound = std::min(bound, distance(far[0], far[1], far[2]));
    }
    for (std::size_t i = 0; i < colours_.size(); ++i)
        if (least[i] <= bound) cube.push_back(static_cast<std::uint8_t>(i));
}

std::uint8_t Palette::index(std::uint8_t r, std::uint8_t g, std::uint8_t b) {
    const std::uint32_t colour = pack(r, g, b);
    Known& known = known_[(colour * 2654435761U) >> 17U];  // Knuth's multiplicative hash, upper 15 bits
    if (known.colour == colour) return known.index;
    const std::size_t at = (r >> 3U) << 10U | (g >> 3U) << 5U | b >> 3U;
    Cube& cube = cubes_[at];
    if (cube.empty()) fill(cube, at);
    known = {colour, cube.front()};
    int best = std::numeric_limits<int>::max();
    for (const std::uint8_t i : cube) {
        const int d = distance(colours_[i].r - r, colours_[i].g - g, colours_[i].b - b);
        if (d >= best) continue;
        best = d;
        known.index = i;
    }
    return known.index;
}

ColourCount::ColourCount() : bins_(kBins) {}

void ColourCount::remember(std::uint32_t colour) {
    if (distinct_.size() >= kDistinct) return;
    const auto at = std::lower_bound(distinct_.begin(), distinct_.end(), colour);
    if (at == distinct_.end() || *at != colour) distinct_.insert(at, colour);
}

void ColourCount::count(std::uint32_t colour, std::uint64_t times) {
    remember(colour);
    Bin& bin = bins_[bin_of(colour)];
    bin.count += times;
    bin.r += times * (colour >> 16U & 0xFFU);
    bin.g += times * (colour >> 8U & 0xFFU);
    bin.b += times * (colour & 0xFFU);
    const auto votes = static_cast<std::int64_t>(times);
    if (bin.candidate == colour) {
        bin.votes += votes;
    } else if (bin.votes >= votes) {
        bin.votes -= votes;
    } else {
        bin.votes = votes - bin.votes;
        bin.candidate = colour;
    }
}

void ColourCount::add(const std::vector<std::uint8_t>& rgba) {
    std::uint32_t last = 0;
    std::uint64_t run = 0;
    for (std::size_t i = 0; i + 3 < rgba.size(); i += 4) {
        const std::uint32_t colour = pack(rgba[i], rgba[i + 1], rgba[i + 2]);
        if (colour == last) {
            ++run;
            continue;
        }
        if (run > 0) count(last, run);
        last = colour;
        run = 1;
    }
    if (run > 0) count(last, run);
}

std::vector<Colour> ColourCount::best(int most) const {
    if (distinct_.size() > static_cast<std::size_t>(most) || distinct_.size() >= kDistinct) return cut(most);
    std::vector<Colour> colours;
    for (const std::uint32_t c : distinct_) colours.push_back(unpack(c));
    return colours;
}

std::vector<Colour> ColourCount::cut(int most) const {
    std::vector<Sample> samples;
    for (const Bin& bin : bins_) {
        if (bin.count == 0) continue;
        const auto n = static_cast<float>(bin.count);
        const bool one = bin.votes * 2 >= static_cast<std::int64_t>(bin.count);
        samples.push_back(
            {{static_cast<float>(bin.r) / n, static_cast<float>(bin.g) / n, static_cast<float>(bin.b) / n},
             std::sqrt(n),
             bin.count,
             one ? bin.candidate : 0});
    }
    std::vector<ColourBox> boxes{box_of(samples)};
    const auto less = [](const ColourBox& a, const ColourBox& b) { return a.spread < b.spread; };
    while (boxes.size() < static_cast<std::size_t>(most)) {  // a heap with the widest box on top
        std::pop_heap(boxes.begin(), boxes.end(), less);
        const ColourBox widest = boxes.back();
        if (widest.spread <= 0) break;
        boxes.pop_back();
        const auto upper = std::partition(widest.samples.begin(), widest.samples.end(),
                                          [&](const Sample& s) { return s.mean[widest.axis] <= widest.middle; });
        const auto lower = static_cast<std::size_t>(upper - widest.samples.begin());
        if (lower == 0 || lower == widest.samples.size()) {  // rounding put the mean outside
            boxes.push_back({widest.samples});
            std::push_heap(boxes.begin(), boxes.end(), less);
            continue;
        }
        for (const auto part : {widest.samples.first(lower), widest.samples.subspan(lower)}) {
            boxes.push_back(box_of(part));
            std::push_heap(boxes.begin(), boxes.end(), less);
        }
    }
    std::vector<Colour> colours;
    colours.reserve(boxes.size());
    for (const ColourBox& box : boxes) colours.push_back(colour_of(box.samples));
    return colours;
}

}  // namespace convlens
