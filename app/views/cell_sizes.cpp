#include "app/views/cell_sizes.h"

#include <algorithm>
#include <cmath>

namespace convlens {

namespace {

constexpr std::int64_t kMostSmall = 16;  // cells along a side
constexpr std::int64_t kTimesSmaller = 4;
constexpr float kLeastSide = 8, kLeastPictureSide = kLeastStrip;  // of a plane, pixels

std::int64_t longest_side(const PlaneRequest& plane) { return std::max(plane.rows, plane.cols); }

std::int64_t longest_side(const std::vector<PlaneRequest>& planes) {
    std::int64_t longest = 1;
    for (const PlaneRequest& plane : planes) longest = std::max(longest, longest_side(plane));
    return longest;
}

// Cells of fewer pixels would make a plane of so many of them a line that nobody sees.
float least_length(std::int64_t count, float pitch) {
    const float share = (pitch < 1 ? kLeastPictureSide : kLeastSide) / static_cast<float>(count);
    const float most = pitch < 1 ? kLeastPictureSide : kLeastLinedPitch;
    return std::min(most, share >= 1 ? std::floor(share) : share);
}

}  // namespace

std::vector<bool> small_planes(const std::vector<PlaneRequest>& planes) {
    const std::int64_t longest = longest_side(planes);
    std::vector<bool> small;
    for (const PlaneRequest& plane : planes)
        small.push_back(longest_side(plane) <= std::min(kMostSmall, longest / kTimesSmaller));
    return small;
}

CellSize cell_size(const PlaneRequest& plane, bool small, const CellPitches& pitches) {
    const float pitch = small ? std::max(pitches.small, pitches.common) : pitches.common;
    return {std::max(pitch, least_length(plane.cols, pitch)), std::max(pitch, least_length(plane.rows, pitch))};
}

CellPitches zoomed(const CellPitches& pitches, float zoom) {
    const auto fitted = [](float pitch) { return pitch >= 1 ? std::round(pitch) : pitch; };
    const float common = fitted(pitches.common * zoom);
    return {common, std::max(common, fitted(pitches.small * std::min(zoom, 1.0F)))};
}

float least_small_pitch(const std::vector<PlaneRequest>& planes, const Rect& area, float wanted) {
    const std::vector<bool> small = small_planes(planes);
    std::int64_t longest = 0;
    for (std::size_t i = 0; i < planes.size(); ++i)
        if (small[i]) longest = std::max(longest, longest_side(planes[i]));
    if (longest == 0) return 0;
    constexpr float kShare = 4;
    const float most = std::floor(std::min(area.w, area.h) / kShare / static_cast<float>(longest));
    return std::clamp(most, 0.0F, wanted);
}

float most_small_pitch(const Page& page, float most) { return std::min(most, std::round(page.text_size * 2)); }

}  // namespace convlens
