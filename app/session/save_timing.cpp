#include "app/session/save_timing.h"

#include <algorithm>
#include <cmath>

namespace convlens {

void SaveTiming::see(std::uint64_t changes, bool resting, double now) {
    if (changes != seen_) {
        seen_ = changes;
        since_ = std::min(since_, now);
    }
    decide(resting, now);
}

void SaveTiming::decide(bool resting, double now) {
    if (seen_ == begun_) {
        due_ = retry_;
        return;
    }
    const double spacing = failures_ > 0 ? kFirstRetry : kSpacing;
    due_ = std::max(resting ? now : since_ + kLongest, last_ + spacing);
}

void SaveTiming::began(double now) {
    begun_ = seen_;
    last_ = now;
    since_ = retry_ = due_ = kNever;
}

void SaveTiming::ended(bool well, double now) {
    failures_ = well ? 0 : failures_ + 1;
    retry_ = well ? kNever : now + std::min(kLastRetry, kFirstRetry * std::exp2(failures_ - 1));
    if (seen_ == begun_) due_ = retry_;
}

}  // namespace convlens
