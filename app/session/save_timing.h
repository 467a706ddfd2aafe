// When the work is saved: at once after an edit that has ended, within half a second of the first change while one goes
// on (a drag, a number being typed), however busy the user is. Knows no clock and writes nothing: times are given, in
// seconds of any clock that only goes forward.
#pragma once

#include <cstdint>
#include <limits>

namespace convlens {

class SaveTiming {
public:
    static constexpr double kNever = std::numeric_limits<double>::infinity();
    static constexpr double kLongest = 0.5;                   // from the first change of an edit that goes on to a save
    static constexpr double kSpacing = 0.05;                  // at least, between two saves
    static constexpr double kFirstRetry = 1, kLastRetry = 2;  // after a save that failed; twice as long each time

    // Call often. `changes` counts the document's changes, `resting`: no drag and no typing is under way.
    void see(std::uint64_t changes, bool resting, double now);
    // When a save is due; never when all is saved.
    double due() const { return due_; }
    // What see() saw last is being saved from now on.
    void began(double now);
    // The save that began last has ended, or failed.
    void ended(bool well, double now);
    // Nothing is left to be saved, as far as is known.
    bool all_saved() const { return seen_ == begun_ && failures_ == 0; }

private:
    void decide(bool resting, double now);

    std::uint64_t seen_ = 0, begun_ = 0;  // changes
    double since_ = kNever;               // when the first change came that is not being saved
    double last_ = -kNever;               // when the last save began
    double retry_ = kNever;
    int failures_ = 0;  // in a row
    double due_ = kNever;
};

}  // namespace convlens
