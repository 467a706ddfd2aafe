#include "core/conv/names.h"

#include <gtest/gtest.h>

#include <set>

namespace convlens {
namespace {

template <typename Enum>
void expect_round_trip() {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < names<Enum>().size(); ++i) {
        const auto value = static_cast<Enum>(i);
        EXPECT_EQ(name(value), names<Enum>()[i]);
        EXPECT_EQ(from_name<Enum>(name(value)), value) << name(value);
        EXPECT_TRUE(seen.insert(name(value)).second) << name(value) << " twice";
    }
}

TEST(Names, OfEveryEnumeratorAreDistinctAndReadBack) {
    expect_round_trip<Op>();
    expect_round_trip<PadRule>();
    expect_round_trip<PadMode>();
    expect_round_trip<Dialect>();
    expect_round_trip<ErrorKind>();
    expect_round_trip<Field>();
}

TEST(Names, AreSpelledAsTheProgramsSpellTheirRules) {
    EXPECT_EQ(name(PadRule::explicit_), "explicit");
    EXPECT_EQ(name(PadRule::tf_SAME), "tf_SAME");
    EXPECT_EQ(name(PadRule::onnx_SAME_LOWER), "onnx_SAME_LOWER");
    EXPECT_EQ(name(PadRule::scipy_correlate2d_same), "scipy_correlate2d_same");
    EXPECT_EQ(name(PadRule::ndimage_convolve), "ndimage_convolve");
    EXPECT_EQ(name(Op::conv_transpose), "conv_transpose");
    EXPECT_EQ(name(PadMode::circular), "circular");
    EXPECT_EQ(name(Dialect::opencv), "opencv");
    EXPECT_EQ(name(ErrorKind::same_needs_stride_1), "same_needs_stride_1");
    EXPECT_EQ(name(ErrorKind::too_large), "too_large");
    EXPECT_EQ(name(Field::output_padding), "output_padding");
    EXPECT_EQ(name(Field::divisor_override), "divisor_override");
}

TEST(Names, ThatDoNotExistAreNothing) {
    EXPECT_EQ(from_name<PadMode>("mirror"), std::nullopt);
    EXPECT_EQ(from_name<PadMode>("Zeros"), std::nullopt);
    EXPECT_EQ(from_name<Op>(""), std::nullopt);
}

}  // namespace
}  // namespace convlens
