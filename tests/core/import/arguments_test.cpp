#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

// An argument that the function does not have may decide its result in a library that has it.
TEST(ImportArguments, UnknownOnesStopTheImport) {
    expect_contains(refusal("nn.Conv2d(1, 1, 3, padding_mod='reflect')"),
                    "line 1, column 32: padding_mod is not an argument of nn.Conv2d; did you mean padding_mode?");
    expect_contains(refusal("nn.Conv2d(1, 1, 3, zzzzzz=1)"),
                    "zzzzzz is not an argument of nn.Conv2d; it has in_channels");
    expect_contains(refusal("torch.nn.Conv2d(3, 16, 3, pad_mode='pad', has_bias=True)"), "pad_mode is not an argument");
    expect_contains(refusal("Conv2D(8, 3, stride=2)"), "stride is not an argument of Conv2D; did you mean strides?");
    expect_contains(refusal("cv2.filter2D(img, -1, np.ones((3, 3)), border=1)"), "border is not an argument");
    EXPECT_EQ(refusal("nn.Conv2d(1, 1, 3, device='cuda', dtype=torch.float16)"), "");
    EXPECT_EQ(refusal("Conv2D(8, 3, name='first', trainable=False)"), "");
}

TEST(ImportArguments, MissingDoubleAndSurplusOnesAreRefused) {
    expect_contains(refusal("nn.Conv2d(3, 16)"), "kernel_size of nn.Conv2d is missing; add kernel_size=3");
    expect_contains(refusal("nn.Conv2d(3, 16, 3, kernel_size=5)"), "is given twice");
    expect_contains(refusal("nn.MaxPool2d(1, 2, 3, 4, 5, 6, 7)"), "takes 6 arguments");
    expect_contains(refusal("nn.Conv2d(3, 16, *sizes)"), "*sizes does not tell its values");
    expect_contains(refusal("nn.Conv2d(3, 16, 3"), "is not closed");
    expect_contains(refusal("nn.Conv2d(3, 16, (3, 3)"), "is not closed");
    expect_contains(refusal("nn.Conv2d(3, 16, 3, bias='maybe')"), "neither True nor False");
}

TEST(ImportArguments, UnknownFunctionsAreRefusedWithWhatIsUnderstood) {
    expect_contains(refusal("nn.Conv2dd(3, 16, 3)"), "did you mean Conv2d?");
    expect_contains(refusal("\n  nn.Linear(3, 16)"), "line 2, column 3: nn.Linear is not a layer that is known");
    expect_contains(refusal("hello"), "there is no layer in the text");
    expect_contains(refusal(""), "are understood");
    expect_contains(refusal("nn.Conv3d(1, 1, 3)"), "paste a Conv2d");
    try {
        import_layer("\n  nn.Linear(3, 16)");
        FAIL();
    } catch (const ImportError& error) {
        EXPECT_EQ(error.line(), 2U);
        EXPECT_EQ(error.column(), 3U);
    }
}

}  // namespace
}  // namespace convlens
