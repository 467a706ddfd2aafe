#include "core/conv/validate.h"
#include "core/engine/reference.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

TEST(ImportJax, ReadsTheBasicForm) {
    const ImportedLayer layer = import_layer(
        "jax.lax.conv_general_dilated(jnp.zeros((1, 8, 9, 4)), jnp.ones((3, 3, 2, 6)), window_strides=(2, 1), "
        "padding=[(1, 2), (0, 1)],\n"
        "  rhs_dilation=(1, 2), feature_group_count=2, dimension_numbers=('NHWC', 'HWIO', "
        "'NHWC'))");
    EXPECT_EQ(layer.program, "JAX");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 4, 8, 9}));
    EXPECT_EQ(layer.layer.spec.pads, (Pads{1, 2, 0, 1}));
    EXPECT_EQ(layer.layer.spec.stride, (Size2{2, 1}));
    EXPECT_EQ(layer.layer.spec.dilation, (Size2{1, 2}));
    EXPECT_EQ(layer.layer.spec.groups, 2);
    EXPECT_EQ(layer.layer.spec.out_channels, 6);
    expect_contains(refusal("lax.conv_general_dilated(x, w, (2, 1), [(1, 1), (1, 1)], lhs_dilation=(2, 2))"),
                    "beside window_strides (2, 1)");
    expect_contains(refusal("lax.conv_general_dilated(x, w, (1, 1), 'SAME', batch_group_count=2)"),
                    "batch_group_count");
    EXPECT_EQ(spec_of("lax.conv_general_dilated(x, w, (1, 1), 'SAME')").pad_rule, PadRule::tf_SAME);
}

// lhs (1, 2, 3) and rhs (1, 2, 3) under jax 0.10.2, lax.conv_transpose with strides (2,).
TEST(ImportJax, ConvTransposeIsJaxs) {
    const auto output = [](const std::string& rest) {
        const ImportedLayer layer = import_layer(
            "lax.conv_transpose(jnp.array([1., 2, 3]).reshape(1, 1, 3, 1), jnp.array([1., 2, 3]).reshape(1, 3, "
            "1, 1), " +
            rest + ")");
        EXPECT_TRUE(validate(layer.layer).empty());
        LayerData data;
        data.input = *layer.input;
        data.weight = *layer.weight;
        const Tensor<double> out = reference_forward(layer.layer.spec, data);
        return std::vector<double>(out.span().begin(), out.span().end());
    };
    using Row = std::vector<double>;
    EXPECT_EQ(output("(1, 2), 'SAME'"), (Row{3, 2, 7, 4, 11, 6}));
    EXPECT_EQ(output("(1, 2), 'VALID'"), (Row{3, 2, 7, 4, 11, 6, 3}));
    EXPECT_EQ(output("(1, 1), 'SAME'"), (Row{8, 14, 8}));
    EXPECT_EQ(output("(1, 4), 'VALID'"), (Row{3, 2, 1, 0, 6, 4, 2, 0, 9, 6, 3, 0}));
    EXPECT_EQ(output("(1, 2), 'VALID', transpose_kernel=True"), (Row{1, 2, 5, 4, 9, 6, 9}));
    EXPECT_EQ(output("(1, 2), [(0, 0), (1, 0)]"), (Row{2, 7, 4, 11}));
}

TEST(ImportJax, AnInputSpreadWithZerosIsATransposedConvolution) {
    const ConvSpec spec = spec_of(
        "lax.conv_general_dilated(x, jnp.ones((6, 2, 3, 3)), (1, 1), [(2, 2), (1, 0)], lhs_dilation=(2, 3), "
        "feature_group_count=2)");
    EXPECT_EQ(spec.op, Op::conv_transpose);
    EXPECT_EQ(spec.stride, (Size2{2, 3}));
    EXPECT_EQ(spec.pads, (Pads{0, 0, 1, 2}));
    EXPECT_TRUE(spec.flip_kernel);
    EXPECT_EQ(spec.out_channels, 6);
}

TEST(ImportJax, WindowsThatAreReducedArePools) {
    const ConvSpec max = spec_of("lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, 2, 3), (1, 1, 2, 1), 'VALID')");
    EXPECT_EQ(max.op, Op::max_pool);
    EXPECT_EQ(max.kernel, (Size2{2, 3}));
    EXPECT_EQ(max.stride, (Size2{2, 1}));
    const ConvSpec sum = spec_of("lax.reduce_window(x, 0.0, lax.add, (1, 2, 2, 1), (1, 2, 2, 1), 'SAME')");
    EXPECT_EQ(sum.op, Op::avg_pool);
    EXPECT_EQ(sum.divisor_override, 1);
    EXPECT_EQ(sum.kernel, (Size2{2, 2}));
}

TEST(ImportJax, FlaxsLayersPadSame) {
    const ImportedLayer layer =
        import_layer("nn.Conv(features=16, kernel_size=(3, 5), strides=(2, 1), use_bias=False)");
    EXPECT_EQ(layer.program, "JAX");
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::tf_SAME);
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 5}));
    EXPECT_EQ(layer.layer.spec.out_channels, 16);
    EXPECT_EQ(layer.has_bias, false);
    EXPECT_EQ(spec_of("flax.linen.ConvTranspose(4, (3, 3), strides=(2, 2))").op, Op::conv_transpose);
}

TEST(ImportJax, FlaxsPaddingIsAWordOrNumbers) {
    const std::string conv = "import flax.linen as nn\nnn.Conv(16, (2, 3), kernel_dilation=(3, 2), padding=";
    EXPECT_EQ(spec_of(conv + "2)").pads, Pads::all(2));
    EXPECT_EQ(spec_of(conv + "(1, 2))").pads, (Pads{1, 1, 2, 2}));
    EXPECT_EQ(spec_of(conv + "((1, 2), (3, 4)))").pads, (Pads{1, 2, 3, 4}));
    const ConvSpec circular = spec_of(conv + "'CIRCULAR')");
    EXPECT_EQ(circular.pads, (Pads{1, 2, 2, 2}));
    EXPECT_EQ(circular.pad_mode, PadMode::circular);
    EXPECT_EQ(spec_of(conv + "'REFLECT')").pad_mode, PadMode::reflect);
    EXPECT_EQ(spec_of("nn.Conv(16, (3,), kernel_dilation=2, padding='CAUSAL')").pads, (Pads{0, 0, 4, 0}));
    expect_contains(refusal(conv + "'MIRROR')"), "write one of SAME, VALID");
}

TEST(ImportJax, FlaxPools) {
    const ConvSpec average = spec_of("nn.avg_pool(x, window_shape=(3, 2), strides=(2, 1), padding='SAME')");
    EXPECT_EQ(average.op, Op::avg_pool);
    EXPECT_EQ(average.kernel, (Size2{3, 2}));
    EXPECT_EQ(average.stride, (Size2{2, 1}));
    EXPECT_EQ(average.pad_rule, PadRule::tf_SAME);
    EXPECT_TRUE(average.count_include_pad);
    const std::string flax = "from flax import linen as nn\n";
    const ConvSpec max = spec_of(flax + "y = nn.max_pool(x, (2, 2))");
    EXPECT_EQ(max.op, Op::max_pool);
    EXPECT_EQ(max.stride, (Size2{1, 1}));
    EXPECT_EQ(max.pad_rule, PadRule::valid);
    EXPECT_FALSE(
        spec_of(flax + "nn.avg_pool(x, (3, 3), padding=((1, 1), (1, 1)), count_include_pad=False)").count_include_pad);
}

TEST(ImportJax, AWordOfPaddingBesideLhsDilationIsRefused) {
    expect_contains(refusal("lax.conv_general_dilated(x, w, (1, 1), 'SAME', lhs_dilation=(2, 2))"),
                    "is a word beside lhs_dilation, which JAX rejects");
    EXPECT_EQ(refusal("lax.conv_general_dilated(x, w, (1, 1), 'SAME', lhs_dilation=(1, 1))"), "");
}

}  // namespace
}  // namespace convlens
