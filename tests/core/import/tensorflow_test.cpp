#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

TEST(ImportTensorFlow, ReadsConv2d) {
    const ImportedLayer same =
        import_layer("tf.nn.conv2d(x, w, strides=[1, 2, 3, 1], padding='SAME', dilations=[1, 1, 1, 1])");
    EXPECT_EQ(same.program, "TensorFlow");
    EXPECT_EQ(same.layer.spec.stride, (Size2{2, 3}));
    EXPECT_EQ(same.layer.spec.pad_rule, PadRule::tf_SAME);
    EXPECT_EQ(spec_of("tf.nn.conv2d(x, w, 1, [[0, 0], [1, 2], [3, 4], [0, 0]])").pads, (Pads{1, 2, 3, 4}));
    EXPECT_EQ(spec_of("tf.nn.conv2d(x, w, [1, 1, 2, 2], [[0, 0], [0, 0], [1, 2], [3, 4]], data_format='NCHW')").pads,
              (Pads{1, 2, 3, 4}));
    EXPECT_EQ(spec_of("tf.nn.conv2d(x, w, [1, 1, 2, 2], 'VALID', 'NCHW')").stride, (Size2{2, 2}));
    expect_contains(refusal("tf.nn.conv2d(x, w, 1, [[0, 0], [1, 2]])"), "padding of tf.nn.conv2d");
}

TEST(ImportTensorFlow, TurnsTheAxesOfItsArrays) {
    // Filter [H, W, I, O] = [1, 2, 2, 1] of 1 2 / 3 4: channel 0 has 1 3, channel 1 has 2 4.
    const ImportedLayer layer =
        import_layer("tf.nn.conv2d(tf.zeros((1, 6, 7, 2)), tf.constant([[[[1], [2]], [[3], [4]]]]), 1, 'VALID')");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 2, 6, 7}));
    EXPECT_EQ(layer.layer.weight, (Shape4{1, 2, 1, 2}));
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, 3, 2, 4}));
    const ImportedLayer depthwise =
        import_layer("tf.nn.depthwise_conv2d(x, np.zeros((3, 3, 4, 2)), [1, 1, 1, 1], 'SAME')");
    EXPECT_EQ(depthwise.layer.spec.groups, 4);
    EXPECT_EQ(depthwise.layer.spec.out_channels, 8);
    EXPECT_EQ(depthwise.layer.input.c, 4);
}

TEST(ImportTensorFlow, TransposedTakesItsOutputShape) {
    const ImportedLayer layer = import_layer(
        "tf.nn.conv2d_transpose(x, tf.zeros([3, 3, 8, 4]), output_shape=[2, 10, 9, 8], strides=2, padding='SAME')");
    EXPECT_EQ(layer.layer.spec.output_size, (Size2{10, 9}));
    EXPECT_EQ(layer.layer.spec.out_channels, 8);
    EXPECT_EQ(layer.layer.input, (Shape4{2, 4, 5, 5}));
    EXPECT_TRUE(validate(layer.layer).empty());
    EXPECT_EQ(output_shape(layer.layer.spec, layer.layer.input), (Shape4{2, 8, 10, 9}));
}

TEST(ImportTensorFlow, OnlyTheTransposedLayerPadsWithoutBeingTold) {
    const ImportedLayer layer = import_layer("tf.nn.conv2d_transpose(x, tf.zeros([3, 3, 8, 4]), [2, 10, 9, 8], 2)");
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::tf_SAME);
    expect_contains(refusal("tf.nn.conv2d(x, w, 2)"), "padding of tf.nn.conv2d is missing");
    expect_contains(refusal("tf.nn.max_pool2d(x, 2, 2)"), "padding of tf.nn.max_pool2d is missing");
}

TEST(ImportTensorFlow, TheNoteOfAnUntoldFilterSaysTheChannelsThatTheLayerHas) {
    const ImportedLayer told = import_layer("tf.nn.conv2d_transpose(x, w, [1, 8, 8, 3], 2, 'SAME')");
    EXPECT_EQ(told.layer.spec.out_channels, 3);
    EXPECT_TRUE(has_note(told, "a kernel of 3×3 was taken")) << testing::PrintToString(told.notes);
    EXPECT_FALSE(has_note(told, "output channels")) << testing::PrintToString(told.notes);
    const ImportedLayer plane = import_layer("tf.nn.conv2d_transpose(x, w, [8, 8], 2, 'SAME')");
    EXPECT_EQ(plane.layer.spec.out_channels, 1);
    EXPECT_TRUE(has_note(plane, "for output channels 1"));
}

TEST(ImportTensorFlow, WordsAreInCapitals) {
    expect_contains(refusal("tf.nn.conv2d(x, w, 2, 'same')"), "did you mean \"SAME\"?");
    expect_contains(refusal("tf.nn.max_pool2d(x, 2, 2, 'causal')"), "write one of SAME, VALID");
    expect_contains(refusal("tf.nn.avg_pool2d(x, 2, 2, [[0, 0], [1, 1], [1, 1], [0, 0]])"), "accepts no numbers");
    EXPECT_EQ(spec_of("tf.nn.max_pool2d(x, 2, 2, [[0, 0], [1, 1], [1, 1], [0, 0]])").pads, Pads::all(1));
}

}  // namespace
}  // namespace convlens
