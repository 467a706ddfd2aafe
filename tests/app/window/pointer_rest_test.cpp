// Tips wait for the pointer to be moved; a window that moves beneath it is no move of the pointer's.
#include "app/window/pointer_rest.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

TEST(PointerRest, AKeyHoldsTipsBackUntilThePointerMoves) {
    PointerRest pointer;
    pointer.update({.at = {100, 100}});
    EXPECT_FALSE(pointer.rests());
    for (int i = 0; i < 2; ++i) pointer.update({.at = {100, 100}});
    EXPECT_TRUE(pointer.rests());
    EXPECT_FALSE(pointer.tips_wait());
    pointer.update({.at = {100, 100}, .key_down = true});
    for (int i = 0; i < 100; ++i) pointer.update({.at = {100, 100}});
    EXPECT_TRUE(pointer.tips_wait());
    pointer.update({.at = {103, 100}});
    EXPECT_FALSE(pointer.tips_wait());
    EXPECT_FALSE(pointer.rests());
}

// F11: the window goes to the corner of the screen; where the pointer is in it is told a frame later, and again when the
// desktop has moved the window for good.
TEST(PointerRest, AWindowThatMovesBeneathThePointerIsNoMove) {
    PointerRest pointer;
    for (int i = 0; i < 3; ++i) pointer.update({.at = {100, 100}, .window = {300, 200}});
    pointer.update({.at = {100, 100}, .window = {300, 200}, .key_down = true});
    pointer.update({.at = {100, 100}, .window = {0, 0}, .arranged = true});
    pointer.update({.at = {400, 300}, .window = {0, 0}});
    EXPECT_TRUE(pointer.tips_wait());
    for (int i = 0; i < 3; ++i) pointer.update({.at = {400, 300}, .window = {0, 0}});
    EXPECT_TRUE(pointer.tips_wait());
    EXPECT_TRUE(pointer.rests());
    pointer.update({.at = {410, 300}, .window = {0, 0}});
    EXPECT_FALSE(pointer.tips_wait());
}

TEST(PointerRest, AfterAMenuItemThatRearrangesAClickIsNoMoveEither) {
    PointerRest pointer;
    for (int i = 0; i < 3; ++i) pointer.update({.at = {100, 100}});
    pointer.update({.at = {100, 100}, .used = true});
    pointer.update({.at = {100, 100}, .arranged = true});
    for (int i = 0; i < 3; ++i) pointer.update({.at = {100, 100}});
    EXPECT_TRUE(pointer.tips_wait());
    pointer.update({.at = {90, 100}});
    EXPECT_FALSE(pointer.tips_wait());
}

}  // namespace
}  // namespace convlens
