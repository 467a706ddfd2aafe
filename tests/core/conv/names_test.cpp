#include "core/conv/names.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>
#include <utility>
#include <vector>

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

template <typename Enum>
void expect_words(const std::vector<std::pair<Enum, std::string_view>>& words) {
    EXPECT_EQ(words.size(), names<Enum>().size());
    for (const auto& [value, word] : words) {
        EXPECT_EQ(name(value), word);
        EXPECT_EQ(from_name<Enum>(word), value) << word;
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

// Files and the command line hold these words: each is written here by hand, beside what it means.
TEST(Names, AreSpelledAsTheProgramsSpellTheirRules) {
    expect_words<Op>({{Op::conv, "conv"},
                      {Op::conv_transpose, "conv_transpose"},
                      {Op::max_pool, "max_pool"},
                      {Op::avg_pool, "avg_pool"}});
    expect_words<PadRule>({{PadRule::explicit_, "explicit"},
                           {PadRule::valid, "valid"},
                           {PadRule::full, "full"},
                           {PadRule::causal, "causal"},
                           {PadRule::torch_same, "torch_same"},
                           {PadRule::torch_valid, "torch_valid"},
                           {PadRule::tf_SAME, "tf_SAME"},
                           {PadRule::tf_VALID, "tf_VALID"},
                           {PadRule::onnx_SAME_UPPER, "onnx_SAME_UPPER"},
                           {PadRule::onnx_SAME_LOWER, "onnx_SAME_LOWER"},
                           {PadRule::onnx_VALID, "onnx_VALID"},
                           {PadRule::onnx_NOTSET, "onnx_NOTSET"},
                           {PadRule::octave_same, "octave_same"},
                           {PadRule::octave_imfilter, "octave_imfilter"},
                           {PadRule::scipy_convolve2d_same, "scipy_convolve2d_same"},
                           {PadRule::scipy_correlate2d_same, "scipy_correlate2d_same"},
                           {PadRule::opencv_anchor, "opencv_anchor"},
                           {PadRule::ndimage_correlate, "ndimage_correlate"},
                           {PadRule::ndimage_convolve, "ndimage_convolve"}});
    expect_words<PadMode>({{PadMode::zeros, "zeros"},
                           {PadMode::constant, "constant"},
                           {PadMode::replicate, "replicate"},
                           {PadMode::reflect, "reflect"},
                           {PadMode::symmetric, "symmetric"},
                           {PadMode::circular, "circular"}});
    expect_words<Dialect>({{Dialect::convlens, "convlens"},
                           {Dialect::torch, "torch"},
                           {Dialect::tensorflow, "tensorflow"},
                           {Dialect::onnx, "onnx"},
                           {Dialect::octave, "octave"},
                           {Dialect::scipy, "scipy"},
                           {Dialect::opencv, "opencv"}});
    expect_words<ErrorKind>({{ErrorKind::output_too_small, "output_too_small"},
                             {ErrorKind::bad_stride, "bad_stride"},
                             {ErrorKind::bad_dilation, "bad_dilation"},
                             {ErrorKind::bad_groups, "bad_groups"},
                             {ErrorKind::bad_kernel, "bad_kernel"},
                             {ErrorKind::bad_divisor, "bad_divisor"},
                             {ErrorKind::bad_input, "bad_input"},
                             {ErrorKind::bad_out_channels, "bad_out_channels"},
                             {ErrorKind::bad_anchor, "bad_anchor"},
                             {ErrorKind::negative_padding, "negative_padding"},
                             {ErrorKind::negative_output_padding, "negative_output_padding"},
                             {ErrorKind::channels_mismatch, "channels_mismatch"},
                             {ErrorKind::groups_mismatch, "groups_mismatch"},
                             {ErrorKind::bias_mismatch, "bias_mismatch"},
                             {ErrorKind::output_padding_too_big, "output_padding_too_big"},
                             {ErrorKind::output_size_unreachable, "output_size_unreachable"},
                             {ErrorKind::reflect_pad_too_big, "reflect_pad_too_big"},
                             {ErrorKind::circular_pad_too_big, "circular_pad_too_big"},
                             {ErrorKind::pool_pad_too_big, "pool_pad_too_big"},
                             {ErrorKind::same_needs_stride_1, "same_needs_stride_1"},
                             {ErrorKind::pad_mode_unsupported, "pad_mode_unsupported"},
                             {ErrorKind::border_unsupported, "border_unsupported"},
                             {ErrorKind::not_supported, "not_supported"},
                             {ErrorKind::too_large, "too_large"},
                             {ErrorKind::number_too_large, "number_too_large"}});
    expect_words<Field>({{Field::op, "op"},
                         {Field::batch, "batch"},
                         {Field::in_channels, "in_channels"},
                         {Field::input, "input"},
                         {Field::kernel, "kernel"},
                         {Field::stride, "stride"},
                         {Field::dilation, "dilation"},
                         {Field::padding, "padding"},
                         {Field::output_padding, "output_padding"},
                         {Field::output_size, "output_size"},
                         {Field::pad_rule, "pad_rule"},
                         {Field::pad_mode, "pad_mode"},
                         {Field::pad_value, "pad_value"},
                         {Field::anchor, "anchor"},
                         {Field::groups, "groups"},
                         {Field::out_channels, "out_channels"},
                         {Field::weight, "weight"},
                         {Field::bias, "bias"},
                         {Field::flip_kernel, "flip"},
                         {Field::ceil_mode, "ceil_mode"},
                         {Field::count_include_pad, "count_include_pad"},
                         {Field::divisor_override, "divisor_override"},
                         {Field::dialect, "dialect"}});
}

TEST(Names, ThatDoNotExistAreNothing) {
    EXPECT_EQ(from_name<PadMode>("mirror"), std::nullopt);
    EXPECT_EQ(from_name<PadMode>("Zeros"), std::nullopt);
    EXPECT_EQ(from_name<Op>(""), std::nullopt);
}

}  // namespace
}  // namespace convlens
