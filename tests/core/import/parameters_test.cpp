// Numbers that a text gives to a layer outside of the call that makes it.
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

// A module that keeps its kernel by self.register_buffer(...), around a convolution with it.
std::string with_buffer(const std::string& registration) {
    return "class Blur(nn.Module):\n"
           "    def __init__(self):\n"
           "        super().__init__()\n"
           "        k = torch.tensor([[1., 2.], [3., 4.]]) / 2\n"
           "        " +
           registration +
           "\n"
           "    def forward(self, x):\n"
           "        return F.conv2d(x, self.kernel, padding=1)\n";
}

TEST(ImportParameters, ARegisteredBufferIsAVariable) {
    for (const char* registration : {"self.register_buffer('kernel', k[None, None])",
                                     "self.register_buffer(name='kernel', tensor=k.view(1, 1, 2, 2))",
                                     "self.register_buffer('kernel', tensor=k.view(1, 1, 2, 2), persistent=False)",
                                     "self.register_parameter('kernel', nn.Parameter(k.reshape(1, 1, 2, 2)))"}) {
        const ImportedLayer layer = import_layer(with_buffer(registration));
        EXPECT_EQ(numbers(layer.weight), (std::vector<double>{0.5, 1, 1.5, 2})) << registration;
        EXPECT_EQ(in_words(layer.notes), (std::vector<std::string>{"the input's size is not told; 5×5 was taken"}))
            << registration;
    }
    const ImportedLayer changed =
        import_layer(with_buffer("self.register_buffer('kernel', k[None, None])\n        self.kernel.mul_(2)"));
    EXPECT_TRUE(has_note(changed, "self.kernel.mul_(2)")) << "what changes a buffer is named";
    const ImportedLayer other = import_layer(with_buffer("self.register_buffer('kernel', make_kernel(3))"));
    EXPECT_TRUE(has_note(other, "weight is made by make_kernel(...)")) << "what makes a buffer is named";
}

std::string with_weight(const std::string& statement) {
    return "conv = nn.Conv2d(1, 2, (1, 2))\nwith torch.no_grad():\n    " + statement + "\ny = conv(x)";
}

TEST(ImportParameters, NumbersThatAreCopiedIntoAWeightAreStretched) {
    const std::vector<double> both{3, 4, 3, 4};
    EXPECT_EQ(numbers(import_layer(with_weight("conv.weight[:] = torch.tensor([3., 4.])")).weight), both);
    EXPECT_EQ(numbers(import_layer(with_weight("conv.weight.copy_(torch.tensor([[[3., 4.]]]))")).weight), both);
    EXPECT_EQ(numbers(import_layer(with_weight("conv.bias.copy_(torch.tensor([7.]))")).bias),
              (std::vector<double>{7, 7}));
    const ImportedLayer wrong = import_layer(with_weight("conv.weight[:] = torch.tensor([3., 4., 5.])"));
    EXPECT_TRUE(has_note(wrong, "changes conv and is not followed")) << "three numbers are no row of two";
}

TEST(ImportParameters, AWeightLikeItselfHasItsShape) {
    const auto weight = [](const std::string& value) {
        return numbers(import_layer(with_weight("conv.weight = nn.Parameter(" + value + ")")).weight);
    };
    EXPECT_EQ(weight("torch.ones_like(conv.weight)"), (std::vector<double>{1, 1, 1, 1}));
    EXPECT_EQ(weight("torch.full_like(conv.weight, 0.5)"), (std::vector<double>{0.5, 0.5, 0.5, 0.5}));
    EXPECT_EQ(weight("torch.ones_like(other.weight)"), std::vector<double>{});
    EXPECT_EQ(numbers(import_layer(with_weight("conv.weight.data = torch.zeros_like(conv.weight.data)")).weight),
              (std::vector<double>{0, 0, 0, 0}));
}

}  // namespace
}  // namespace convlens
