// How far long work has come, as lines for people: a terminal, a log and a pipe show them alike.
#pragma once

#include <chrono>
#include <ostream>
#include <string>

#include "core/io/progress.h"

namespace convlens {

// "slide.gif: 30%" whenever a tenth more is done, at most once a second and never in the first: work that is done by
// then says nothing. `now` is the clock. `err` must outlive what is returned.
Progress progress_lines(std::ostream& err, std::string name,
                        std::chrono::steady_clock::time_point (*now)() = &std::chrono::steady_clock::now);

}  // namespace convlens
