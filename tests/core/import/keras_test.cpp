#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

TEST(ImportKeras, ReadsALayer) {
    const ImportedLayer layer = import_layer(
        "keras.layers.Conv2D(32, (3, 5), strides=2, padding='same', activation='relu', input_shape=(28, 30, 3))");
    EXPECT_EQ(layer.program, "Keras");
    EXPECT_EQ(layer.layer.spec.out_channels, 32);
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 5}));
    EXPECT_EQ(layer.layer.spec.stride, (Size2{2, 2}));
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::tf_SAME);
    EXPECT_EQ(layer.layer.spec.dialect, Dialect::tensorflow);
    EXPECT_EQ(layer.layer.input, (Shape4{1, 3, 28, 30}));
    EXPECT_EQ(layer.has_bias, true);
    EXPECT_TRUE(has_note(layer, "activation of Conv2D is not part of the layer"));
    EXPECT_EQ(spec_of("layers.Conv2D(8, 3, use_bias=False, dilation_rate=2, groups=2)").pad_rule, PadRule::tf_VALID);
    EXPECT_EQ(spec_of("Conv1D(8, 3, padding='causal')").pad_rule, PadRule::causal);
}

TEST(ImportKeras, FindsTheInputsShape) {
    EXPECT_EQ(import_layer("Conv2D(8, 3, data_format='channels_first', input_shape=(3, 28, 30))").layer.input,
              (Shape4{1, 3, 28, 30}));
    EXPECT_EQ(import_layer("keras.Sequential([keras.Input(shape=(28, 30, 1)), layers.Conv2D(32, 3)])").layer.input,
              (Shape4{1, 1, 28, 30}));
    EXPECT_EQ(import_layer("Conv2D(8, 3)(tf.zeros((2, 9, 8, 3)))").layer.input, (Shape4{2, 3, 9, 8}));
    const ImportedLayer partly = import_layer("Conv2D(8, 3, input_shape=(None, None, 4))");
    EXPECT_EQ(partly.layer.input, (Shape4{1, 4, 5, 5}));
}

TEST(ImportKeras, DepthwiseHasAGroupAChannel) {
    const ImportedLayer told = import_layer("DepthwiseConv2D(3, depth_multiplier=2, input_shape=(8, 8, 4))");
    EXPECT_EQ(told.layer.spec.groups, 4);
    EXPECT_EQ(told.layer.spec.out_channels, 8);
    const ImportedLayer assumed = import_layer("DepthwiseConv2D(3)");
    EXPECT_EQ(assumed.layer.spec.groups, 3);
    EXPECT_EQ(assumed.layer.input.c, 3);
    EXPECT_TRUE(has_note(assumed, "input channels"));
}

TEST(ImportKeras, TransposedOutputPadding) {
    const auto size = [](std::string_view text) {
        const LayerShape layer = import_layer(text).layer;
        EXPECT_TRUE(validate(layer).empty()) << text;
        return output_shape(layer.spec, layer.input).plane();
    };
    EXPECT_EQ(size("Conv2DTranspose(1, 3, strides=2, padding='same', input_shape=(5, 5, 1))"), (Size2{10, 10}));
    EXPECT_EQ(size("Conv2DTranspose(1, 3, strides=2, padding='same', output_padding=1, input_shape=(5, 5, 1))"),
              (Size2{10, 10}));
    EXPECT_EQ(size("Conv2DTranspose(1, 3, strides=2, padding='same', output_padding=0, input_shape=(5, 5, 1))"),
              (Size2{9, 9}));
    EXPECT_EQ(size("Conv2DTranspose(1, 3, strides=2, padding='valid', output_padding=(1, 0), input_shape=(5, 5, 1))"),
              (Size2{12, 11}));
}

TEST(ImportKeras, PoolsLeaveThePaddingOut) {
    const ConvSpec pool = spec_of("AveragePooling2D(pool_size=(2, 3), padding='same')");
    EXPECT_EQ(pool.op, Op::avg_pool);
    EXPECT_EQ(pool.stride, (Size2{2, 3}));
    EXPECT_FALSE(pool.count_include_pad);
    EXPECT_EQ(spec_of("tf.keras.layers.MaxPooling2D()").kernel, (Size2{2, 2}));
}

TEST(ImportKeras, CausalIsForConv1DAlone) {
    expect_contains(refusal("Conv2D(8, 3, padding='causal')"), "write one of valid, same");
    expect_contains(refusal("MaxPooling2D(2, padding='causal')"), "write one of valid, same");
    expect_contains(refusal("DepthwiseConv1D(3, padding='causal')"), "write one of valid, same");
    EXPECT_EQ(spec_of("Conv2D(8, 3, padding='SAME')").pad_rule, PadRule::tf_SAME) << "Keras lowers it";
}

TEST(ImportKeras, NotesAStrideBesideADilation) {
    EXPECT_TRUE(
        has_note(import_layer("Conv2D(8, 3, strides=2, dilation_rate=(1, 2))"), "Conv2D rejects strides above 1"));
    EXPECT_EQ(import_layer("DepthwiseConv2D(3, strides=2, dilation_rate=2, input_shape=(9, 9, 2))").notes.size(), 0U);
}

// Sizes that Keras 3.15.1 gives a 4×4 input: none, 0, 1, 2 as output_padding.
TEST(ImportKeras, SizesWithAnOutputPaddingAreKerass) {
    struct Row {
        int stride, kernel;
        const char* padding;
        int none, zero, one;
    };
    for (const Row& row :
         {Row{2, 3, "valid", 9, 9, 10}, Row{3, 2, "valid", 12, 11, 12}, Row{3, 3, "same", 12, 10, 11},
          Row{2, 3, "same", 8, 7, 8}, Row{4, 2, "valid", 16, 14, 15}, Row{2, 4, "valid", 10, 10, 11}}) {
        const auto height = [&](const std::string& output_padding) {
            const ImportedLayer layer = import_layer("Conv2DTranspose(1, " + std::to_string(row.kernel) +
                                                     ", strides=" + std::to_string(row.stride) + ", padding='" +
                                                     row.padding + "'" + output_padding + ", input_shape=(4, 4, 2))");
            EXPECT_TRUE(validate(layer.layer).empty());
            return output_shape(layer.layer.spec, layer.layer.input).h;
        };
        EXPECT_EQ(height(""), row.none);
        EXPECT_EQ(height(", output_padding=0"), row.zero);
        EXPECT_EQ(height(", output_padding=1"), row.one);
    }
    const auto refused = [](const std::string& text) { return !validate(import_layer(text).layer).empty(); };
    EXPECT_TRUE(refused("Conv2DTranspose(1, 3, strides=2, output_padding=2, input_shape=(4, 4, 2))"));
    EXPECT_TRUE(refused("Conv2DTranspose(1, 3, dilation_rate=2, output_padding=1, input_shape=(4, 4, 2))"));
    EXPECT_TRUE(refused("Conv2DTranspose(1, 2, strides=3, padding='same', output_padding=0, input_shape=(4, 4, 2))"));
}

TEST(ImportKeras, TakesTheWeightsThatAreSet) {
    const ImportedLayer layer = import_layer(
        "x = np.ones((1, 4, 5, 1))\nlayer = keras.layers.Conv2D(1, (1, 2))\n"
        "layer.set_weights([np.array([[[[3]], [[4]]]]), np.array([7])])\ny = layer(x)");
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{3, 4}));
    EXPECT_EQ(numbers(layer.bias), (std::vector<double>{7}));
    EXPECT_EQ(layer.layer.input, (Shape4{1, 1, 4, 5}));
}

TEST(ImportKeras, Keras1HasTheRowsAndColumnsOfTheKernelBehindTheFilters) {
    const ImportedLayer layer =
        import_layer("model.add(Convolution2D(32, 3, 5, border_mode='same', subsample=(2, 2), input_shape=(9, 9, 4)))");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 5}));
    EXPECT_EQ(layer.layer.spec.stride, (Size2{2, 2}));
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::tf_SAME);
    EXPECT_TRUE(has_note(layer, "was taken to be Keras 1's"));
    EXPECT_EQ(spec_of("Conv2D(32, 3, 5)").stride, (Size2{5, 5})) << "of today's the third is the strides";
    EXPECT_EQ(spec_of("Convolution2D(32, (3, 5), 2)").stride, (Size2{2, 2}));
}

}  // namespace
}  // namespace convlens
