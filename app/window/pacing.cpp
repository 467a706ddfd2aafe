#include "app/window/pacing.h"

#include <algorithm>
#include <limits>

namespace convlens {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kFrameSeconds = 1.0 / 60;
constexpr int kSettleFrames = 3;
constexpr double kRestSeconds = 0.5;  // a little over ImGui's delay for tips

}  // namespace

void Pacing::wake(double now) {
    settle_frames_ = kSettleFrames;
    rest_ = now + kRestSeconds;
}

void Pacing::drew(double now) {
    last_frame_ = now;
    if (settle_frames_ > 0) --settle_frames_;
    if (rest_ > 0 && now >= rest_) {
        rest_ = 0;
        settle_frames_ = 2;
    }
}

void Pacing::want(double when) { wanted_ = std::min(wanted_, when); }

void Pacing::clear_wants() { wanted_ = kNever; }

double Pacing::next_frame() const {
    const double soonest = last_frame_ + kFrameSeconds;
    if (settle_frames_ > 0) return soonest;
    const double next = std::min(wanted_, rest_ > 0 ? rest_ : kNever);
    return std::max(next, soonest);
}

}  // namespace convlens
