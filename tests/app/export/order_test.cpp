// What can be ordered is written whole; what cannot is a problem that says how much it would be.
#include "app/export/order.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

FigureOrder first_order() {
    FigureOrder order;
    order.derived = derive_all(first_document());
    order.scene.page.width = 320;
    order.scene.page.height = 180;
    return order;
}

const FigureFormat& format(const char* name) { return *find_figure_format(name); }

TEST(FigureOrder, AStepBehindTheEndIsAProblemOfStillFormatsAlone) {
    FigureOrder order = first_order();
    order.playhead = Playhead{step_count(order.derived), 0};
    EXPECT_FALSE(problem_of(order, format("a.png")));
    ++order.playhead->step;
    const auto problem = problem_of(order, format("a.png"));
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->kind, OrderProblem::Kind::step_beyond_end);
    EXPECT_EQ(problem->steps, step_count(order.derived));
    EXPECT_FALSE(problem_of(order, format("a.GIF")));
}

TEST(FigureOrder, AnAnimationOfTooManyFramesIsAProblem) {
    FigureOrder order = first_order();
    order.animation.glide = 1;
    order.animation.fps = 50;
    EXPECT_FALSE(problem_of(order, format("a.gif")));
    order.animation.glide = 1000;
    const auto problem = problem_of(order, format("a.gif"));
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->kind, OrderProblem::Kind::too_many_frames);
    EXPECT_GT(problem->frames, kMostFrames);
    EXPECT_FALSE(problem_of(order, format("a.png")));
}

TEST(FigureOrder, WhatIsStoppedLeavesNoFile) {
    const TempFolder folder;
    for (const FigureFormat& each : figure_formats()) {
        const std::filesystem::path path = folder.path() / ("figure" + std::string(each.ending));
        std::stop_source stopped;
        stopped.request_stop();
        EXPECT_FALSE(write_figure(first_order(), each, path, Progress{.stopped = stopped.get_token()})) << each.name;
        EXPECT_FALSE(std::filesystem::exists(path)) << each.name;
        EXPECT_TRUE(write_figure(first_order(), each, path)) << each.name;
        EXPECT_TRUE(std::filesystem::exists(path)) << each.name;
    }
}

TEST(FigureOrder, WhatTellsItsProgressStopsOnTheWay) {
    const TempFolder folder;
    for (const char* name : {"a.png", "a.svg", "a.gif"}) {
        std::stop_source stopped;
        std::vector<double> heard;
        const auto listen = [&](double share) {
            heard.push_back(share);
            if (heard.size() == 3) stopped.request_stop();
        };
        EXPECT_FALSE(write_figure(first_order(), format(name), folder / name,
                                  Progress{.stopped = stopped.get_token(), .done = listen}))
            << name;
        EXPECT_EQ(heard.size(), 3U) << name;
        EXPECT_FALSE(std::filesystem::exists(folder / name)) << name;
        heard.clear();
        EXPECT_TRUE(write_figure(first_order(), format(name), folder / name,
                                 Progress{.done = [&](double share) { heard.push_back(share); }}));
        EXPECT_TRUE(std::ranges::is_sorted(heard)) << name;
        EXPECT_GT(heard.size(), 10U) << name;
        EXPECT_GE(heard.front(), 0) << name;
        EXPECT_LE(heard.back(), 1) << name;
        EXPECT_GT(heard.back(), 0.9) << name;
    }
}

}  // namespace
}  // namespace convlens
