#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

TEST(ImportOpenCV, AnchorsAreColumnFirst) {
    const ImportedLayer layer = import_layer(
        "kernel = np.ones((5, 4), np.float32) / 20\ndst = cv2.filter2D(src, -1, kernel, anchor=(1, 3), delta=2, "
        "borderType=cv2.BORDER_REFLECT)");
    EXPECT_EQ(layer.program, "OpenCV");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{5, 4}));
    EXPECT_EQ(layer.layer.spec.anchor, (Size2{3, 1}));
    EXPECT_EQ(layer.layer.spec.pad_mode, PadMode::symmetric);
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::opencv_anchor);
    EXPECT_EQ(numbers(layer.weight), std::vector<double>(20, 0.05));
    EXPECT_EQ(numbers(layer.bias), (std::vector<double>{2}));
    const ConvSpec plain = spec_of("cv.filter2D(src, -1, k, (-1, -1))");
    EXPECT_EQ(plain.anchor, std::nullopt);
    EXPECT_EQ(plain.pad_mode, PadMode::reflect);
    EXPECT_EQ(spec_of("cv2.filter2D(src, -1, k, borderType=1)").pad_mode, PadMode::replicate);
    EXPECT_EQ(spec_of("cv::filter2D(src, dst, -1, k, cv::Point(0, 2), 0, cv::BORDER_CONSTANT);").anchor, (Size2{2, 0}));
    expect_contains(refusal("cv2.filter2D(src, -1, k, borderType=cv2.BORDER_REFLEC)"),
                    "did you mean \"BORDER_REFLECT\"?");
}

// After `using namespace cv` the call has no prefix, and the third argument is a depth, no kernel.
TEST(ImportOpenCV, FilterOfCppWithoutItsPrefixHasADepthForItsThirdArgument) {
    const ImportedLayer imported = import_layer("filter2D(src, dst, -1, kernel, Point(-1,-1), 0, BORDER_DEFAULT)");
    EXPECT_EQ(imported.layer.spec.kernel, (Size2{3, 3}));
    EXPECT_FALSE(imported.weight);
}

TEST(ImportOpenCV, SeparableFiltersAreOneKernel) {
    const ImportedLayer layer =
        import_layer("cv2.sepFilter2D(src, -1, np.array([1, 2, 3]), np.array([1, 5]), delta=4)");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{2, 3})) << "kernelX runs along a row";
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, 2, 3, 5, 10, 15}));
    EXPECT_EQ(numbers(layer.bias), (std::vector<double>{4}));
    const ImportedLayer named =
        import_layer("k = cv2.getGaussianKernel(5, 0)\ncv2.sepFilter2D(src, -1, k, np.array([1, 2]))");
    EXPECT_EQ(named.layer.spec.kernel, (Size2{2, 5}));
    EXPECT_EQ(numbers(named.weight),
              (std::vector<double>{0.0625, 0.25, 0.375, 0.25, 0.0625, 0.125, 0.5, 0.75, 0.5, 0.125}));
    EXPECT_TRUE(has_note(import_layer("cv2.sepFilter2D(src, -1, kx, ky)"), "a 3×3 kernel was taken"));
}

TEST(ImportOpenCV, BoxesGiveTheirWidthFirst) {
    const ImportedLayer layer = import_layer("cv2.blur(img, (4, 3))");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 4}));
    EXPECT_EQ(numbers(layer.weight), std::vector<double>(12, 1.0 / 12));
    EXPECT_EQ(layer.layer.spec.pad_mode, PadMode::reflect);
    EXPECT_EQ(numbers(import_layer("cv2.boxFilter(img, -1, (2, 1), normalize=False)").weight),
              (std::vector<double>{1, 1}));
    expect_contains(refusal("cv2.blur(img, 3)"), "is not a size");
}

TEST(ImportOpencv, DepthsThatRoundAndCutResultsAreNamed) {
    const auto cuts = [](const std::string& text) { return has_note(import_layer(text), "rounded and cut"); };
    EXPECT_TRUE(cuts("img = cv2.imread('a.png')\ny = cv2.filter2D(img, -1, np.ones((3, 3)))"));
    EXPECT_TRUE(cuts("y = cv2.filter2D(img, cv2.CV_8U, np.ones((3, 3)))"));
    EXPECT_TRUE(cuts("y = cv2.boxFilter(np.ones((5, 5)), cv2.CV_16S, (3, 3))"));
    EXPECT_TRUE(cuts("y = cv2.blur(img, (3, 3))"));
    EXPECT_TRUE(cuts("cv::filter2D(src, dst, CV_8U, kernel)"));
    EXPECT_TRUE(cuts("y = cv2.filter2D(np.full((3, 4), 200, np.uint8), -1, np.ones((3, 3)))")) << "told, and of bytes";
    EXPECT_FALSE(cuts("y = cv2.filter2D(img, cv2.CV_64F, np.ones((3, 3)))"));
    EXPECT_FALSE(cuts("y = cv2.sepFilter2D(img, cv2.CV_32F, np.ones(3), np.ones(3))"));
    EXPECT_FALSE(cuts("y = cv2.filter2D(img, 5, np.ones((3, 3)))")) << "CV_32F";
    EXPECT_FALSE(cuts("y = cv2.filter2D(np.ones((5, 5)), -1, np.ones((3, 3)))"));
}

TEST(ImportOpencv, AConstantThatIsNoBorderHereIsNamed) {
    for (const char* border : {"cv2.BORDER_ISOLATED", "cv2.BORDER_CONSTANT | cv2.BORDER_ISOLATED", "16"})
        expect_contains(refusal(std::string("cv2.filter2D(img, -1, k, borderType=") + border + ")"),
                        "BORDER_ISOLATED is a constant of OpenCV that is not supported");
    expect_contains(refusal("cv2.filter2D(img, -1, k, borderType=cv2.BORDER_TRANSPARENT)"),
                    "BORDER_TRANSPARENT is a border that OpenCV's filters reject");
}

}  // namespace
}  // namespace convlens
