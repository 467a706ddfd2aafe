#include "app/cli/progress_lines.h"

#include <sstream>

#include <gtest/gtest.h>

namespace convlens {
namespace {

std::chrono::steady_clock::time_point time_now;

TEST(ProgressLines, ATenthMoreAtMostOnceASecond) {
    std::ostringstream err;
    const Progress progress = progress_lines(err, "a.gif", [] { return time_now; });
    const auto at = [&](int ms, double share) {
        time_now += std::chrono::milliseconds(ms);
        progress.report(share);
    };
    at(900, 0.25);  // too early
    at(200, 0.05);  // too little
    at(100, 0.31);
    at(100, 0.45);
    at(1000, 0.36);
    at(1000, 0.57);
    at(1000, 1);
    EXPECT_EQ(err.str(), "a.gif: 30%\na.gif: 50%\n");
}

}  // namespace
}  // namespace convlens
