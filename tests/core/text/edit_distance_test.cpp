#include "core/text/edit_distance.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsAndReplacements) {
    EXPECT_EQ(edit_distance("sobel_x", "sobel_x"), 0U);
    EXPECT_EQ(edit_distance("sobl_x", "sobel_x"), 1U);
    EXPECT_EQ(edit_distance("shapes", "shape"), 1U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(EditDistance, OfAnEmptyWordIsTheOthersLength) {
    EXPECT_EQ(edit_distance("", "info"), 4U);
    EXPECT_EQ(edit_distance("info", ""), 4U);
}

}  // namespace
}  // namespace convlens
