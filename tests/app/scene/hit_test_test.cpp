// The cell under the pointer.
#include <gtest/gtest.h>

#include "app/scene/scene.h"

namespace convlens {
namespace {

GridMark plane(Part part, Point origin, int rows, int cols) {
    GridMark grid;
    grid.id.part = part;
    grid.origin = origin;
    grid.pitch = 10;
    grid.rows = rows;
    grid.cols = cols;
    grid.fill.assign(static_cast<std::size_t>(rows * cols), rgb(0xFFFFFF));
    return grid;
}

std::optional<MarkId> hit(const GridMark& grid, Point point) {
    Scene scene;
    scene.marks.emplace_back(grid);
    return hit_test(scene, point);
}

TEST(HitTest, FindsTheCellInTheTensorsCoordinates) {
    GridMark grid = plane(Part::input, {100, 50}, 3, 4);
    grid.id = {Part::input, 1, 2, 3, -1, -1};
    EXPECT_EQ(hit(grid, {100, 50}), (MarkId{Part::input, 1, 2, 3, -1, -1}));
    EXPECT_EQ(hit(grid, {139.9F, 79.9F}), (MarkId{Part::input, 1, 2, 3, 1, 2}));
    EXPECT_EQ(hit(grid, {125, 65}), (MarkId{Part::input, 1, 2, 3, 0, 1}));
}

TEST(HitTest, FindsCellsThatAreSmallerThanAPixelOrNoSquares) {
    GridMark grid = plane(Part::input, {100, 50}, 3, 4);
    grid.stretch = 2;
    EXPECT_EQ(hit(grid, {125, 95}), (MarkId{Part::input, 0, 0, 0, 2, 2}));
    EXPECT_EQ(hit(grid, {125, 110}), std::nullopt);
    grid.stretch = 1;
    grid.pitch = 0.25F;
    grid.rows = grid.cols = 80;
    grid.picture = {100, 50, 20, 20};
    grid.fill.assign(20UL * 20, rgb(0xFFFFFF));
    EXPECT_EQ(hit(grid, {110.3F, 60}), (MarkId{Part::input, 0, 0, 0, 40, 41}));
}

TEST(HitTest, FindsNothingBesideThePlanes) {
    const GridMark grid = plane(Part::input, {100, 50}, 3, 4);
    for (const Point p : {Point{99.9F, 60}, Point{140, 60}, Point{110, 49.9F}, Point{110, 80}})
        EXPECT_EQ(hit(grid, p), std::nullopt);
    EXPECT_EQ(hit_test(Scene{}, {5, 5}), std::nullopt);
}

TEST(HitTest, CountsRowsBackwardsInATurnedKernel) {
    GridMark grid = plane(Part::kernel, {0, 0}, 3, 3);
    grid.id.y = grid.id.x = 2;
    grid.y_step = grid.x_step = -1;
    EXPECT_EQ(hit(grid, {5, 5}), (MarkId{Part::kernel, 0, 0, 0, 2, 2}));
    EXPECT_EQ(hit(grid, {25, 15}), (MarkId{Part::kernel, 0, 0, 0, 1, 0}));
}

TEST(HitTest, CountsInStepsOfADilatedPlane) {
    GridMark grid = plane(Part::kernel, {0, 0}, 3, 3);
    grid.y_step = 2;
    grid.x_step = 3;
    EXPECT_EQ(hit(grid, {25, 15}), (MarkId{Part::kernel, 0, 0, 0, 2, 6}));
}

TEST(HitTest, TakesTheTopmostPlane) {
    Scene scene;
    scene.marks.emplace_back(plane(Part::input, {0, 0}, 4, 4));
    scene.marks.emplace_back(plane(Part::output, {10, 10}, 2, 2));
    scene.marks.emplace_back(RectMark{});
    EXPECT_EQ(hit_test(scene, {15, 15})->part, Part::output);
    EXPECT_EQ(hit_test(scene, {5, 15})->part, Part::input);
}

TEST(HitTest, LooksThroughCellsThatDrawNothing) {
    Scene scene;
    scene.marks.emplace_back(plane(Part::input, {0, 0}, 1, 2));
    GridMark above = plane(Part::kernel, {0, 0}, 1, 2);
    above.fill[0] = above.fill[1] = {0, 0, 0, 0};
    above.texts = {{0, 1, "3", rgb(0)}};
    scene.marks.emplace_back(above);
    EXPECT_EQ(hit_test(scene, {5, 5})->part, Part::input);
    EXPECT_EQ(hit_test(scene, {15, 5})->part, Part::kernel);
}

TEST(HitTest, FollowsATurnedSheet) {
    GridMark grid = plane(Part::kernel, {0, 0}, 2, 2);
    grid.turn = 90;
    const auto cell = hit(grid, {15, 5});  // where the top left cell has gone
    ASSERT_TRUE(cell);
    EXPECT_EQ(cell->y, 0);
    EXPECT_EQ(cell->x, 0);
    grid.turn = 45;
    EXPECT_EQ(hit(grid, {0.5F, 0.5F}), std::nullopt);  // the corner has turned away
    EXPECT_TRUE(hit(grid, {10, -3}));
}

}  // namespace
}  // namespace convlens
