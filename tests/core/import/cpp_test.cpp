// OpenCV's C++, as tutorials and questions have it.
#include <fmt/format.h>

#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

using Numbers = std::vector<double>;

// The weight of a filter2D with the kernel that the statements make.
Numbers kernel_of(const std::string& statements) {
    return numbers(import_layer(statements + "\ncv::filter2D(src, dst, CV_32F, kernel);").weight);
}

TEST(ImportCpp, CommasFillAMatrix) {
    const Numbers edge{1, 0, -1, 2, 0, -2};
    for (const char* statements :
         {"cv::Mat kernel = (cv::Mat_<float>(2, 3) << 1, 0, -1, 2, 0, -2);",
          "using namespace cv;\nMat kernel = (Mat_<double>(2,3) <<\n    1, 0, -1,  // above\n    2, 0, -2); /* below "
          "*/",
          "cv::Mat kernel = cv::Mat_<float>(2,3) << 1,0,-1,2,0,-2;",
          "cv::Mat_<float> kernel(2, 3);\nkernel << 1, 0, -1, 2, 0, -2;",
          "cv::Mat_<float> kernel(2, 3);\n(kernel << 1, 0, -1, 2, 0, -2);",
          "cv::Mat kernel;\nkernel = (cv::Mat_<float>(2, 3) << 1, 0, -1, 2, 0, -2);",
          "const int n = 2;\ncv::Mat kernel((cv::Mat_<float>(n, n + 1) << 1, 0, -1, 2, 0, -n));",
          "cv::Mat kernel = cv::Mat_<float>({2, 3}, {1, 0, -1, 2, 0, -2});"})
        EXPECT_EQ(kernel_of(statements), edge) << statements;
    EXPECT_EQ(numbers(import_layer("cv::filter2D(src, dst, -1, (cv::Mat_<float>(1, 2) << 1, -1));").weight),
              (Numbers{1, -1}));
    expect_contains(refusal("cv::Mat k = (cv::Mat_<float>(2, 2) << 1, 2, 3);\ncv::filter2D(a, b, -1, k);"),
                    "a matrix of 2 by 2 takes 4 numbers; << gives it 3");
}

TEST(ImportCpp, AnArrayInTheMemoryIsAMatrix) {
    const Numbers sharp{0, -1, 0, -1, 5, -1, 0, -1, 0};
    for (const char* statements :
         {"float data[] = {0, -1, 0, -1, 5, -1, 0, -1, 0};\ncv::Mat kernel(3, 3, CV_32F, data);",
          "float data[3][3] = {{0, -1, 0}, {-1, 5, -1}, {0, -1, 0}};\ncv::Mat kernel = cv::Mat(3, 3, CV_32FC1, data);",
          "double m[9] = {0, -1, 0, -1, 5, -1, 0, -1};\ncv::Mat kernel(cv::Size(3, 3), CV_64F, m);",
          "std::vector<float> v = {0, -1, 0, -1, 5, -1, 0, -1, 0};\ncv::Mat kernel(3, 3, CV_32F, v.data());",
          "std::vector<float> v{0, -1, 0, -1, 5, -1, 0, -1, 0};\ncv::Mat kernel(3, 3, CV_32F, &v[0]);",
          "cv::Matx33f kernel(0, -1, 0, -1, 5, -1, 0, -1, 0);"})
        EXPECT_EQ(kernel_of(statements), sharp) << statements;
    EXPECT_EQ(kernel_of("float k[] = {1/3, 1.f/4, 1/2.0, 3/2};\ncv::Mat kernel(1, 4, CV_32F, k);"),
              (Numbers{0, 0.25, 0.5, 1}))
        << "whole numbers divide to whole numbers";
}

TEST(ImportCpp, MatricesAreMadeAndComputed) {
    EXPECT_EQ(kernel_of("cv::Mat kernel = cv::Mat::ones(2, 2, CV_32F) / 4;"), Numbers(4, 0.25));
    EXPECT_EQ(kernel_of("int n = 2;\ncv::Mat kernel = cv::Mat::ones(n, n, CV_32F) / (float)(n * n);"),
              Numbers(4, 0.25));
    EXPECT_EQ(kernel_of("cv::Mat kernel = cv::Mat::eye(2, 3, CV_64F);"), (Numbers{1, 0, 0, 0, 1, 0}));
    EXPECT_EQ(kernel_of("cv::Mat kernel(2, 2, CV_32F, cv::Scalar(0.5));"), Numbers(4, 0.5));
    EXPECT_EQ(kernel_of("cv::Mat_<float> kernel(2, 2, 3.f);"), Numbers(4, 3));
    EXPECT_EQ(kernel_of("cv::Mat kernel = cv::Mat_<float>::ones(1, 2) * 2;"), (Numbers{2, 2}));
    EXPECT_EQ(kernel_of("cv::Mat kernel = cv::Mat::zeros(cv::Size(3, 1), CV_32F);\nkernel.at<float>(0, 1) = 7;"),
              (Numbers{0, 7, 0}));
    EXPECT_EQ(kernel_of("cv::Mat g = cv::getGaussianKernel(3, 0);\ncv::Mat kernel = g * g.t();"),
              (Numbers{0.0625, 0.125, 0.0625, 0.125, 0.25, 0.125, 0.0625, 0.125, 0.0625}));
    EXPECT_EQ(kernel_of("cv::Mat a = (cv::Mat_<float>(2, 2) << 1, 2, 3, 4);\ncv::Mat kernel = a * a;"),
              (Numbers{7, 10, 15, 22}))
        << "the product of matrices";
    EXPECT_EQ(kernel_of("cv::Mat a = (cv::Mat_<float>(1, 2) << 1, 3);\ncv::Mat kernel = a / cv::sum(a)[0];"),
              (Numbers{0.25, 0.75}));
    EXPECT_EQ(kernel_of("cv::Mat kernel = cv::Mat::ones(2, 2, CV_32F);\nkernel /= 4;"), Numbers(4, 0.25));
}

TEST(ImportCpp, WhatIsNotReadOfAKernelIsNamed) {
    const auto note = [](const std::string& statements, const std::string& part) {
        return has_note(import_layer(statements + "\ncv::filter2D(src, dst, CV_32F, kernel);"), part);
    };
    EXPECT_TRUE(note("cv::Mat kernel = cv::Mat::ones(3, 3, CV_8U) / 9;", "an operation (/)")) << "rounded to 0";
    EXPECT_TRUE(note("cv::Mat kernel = (cv::Mat_<float>(1, 2) << a, 2);", "a of kernel of cv::filter2D is not read"));
    EXPECT_TRUE(note("cv::Mat kernel = makeKernel(3);", "makeKernel(...)"));
    EXPECT_TRUE(note("cv::Mat kernel = cv::Mat::ones(3, 3, CV_32FC3);", "cv::Mat::ones(...)"));
    EXPECT_TRUE(note("cv::Mat kernel = cv::Mat::ones(3, 3, CV_32F);\ncv::normalize(kernel, kernel);",
                     "cv::normalize(kernel, kernel) changes kernel and is not followed"));
    EXPECT_TRUE(
        note("cv::Mat kernel = cv::Mat::ones(3, 3, CV_32F);\n"
             "for (int i = 0; i < 3; i++)\n    kernel.at<float>(i, i) = 2;",
             "line 3"));
}

const std::string kProgram =
    "#include <opencv2/opencv.hpp>\nusing namespace cv;\nint main(int argc, char** argv) {\n"
    "    Mat src = imread(\"a.png\", IMREAD_GRAYSCALE);\n    if (src.empty()) { return -1; }\n    Mat dst;\n"
    "    Point anchor = Point(0, 1);\n    double delta = 2;\n    int ddepth = CV_32F;\n"
    "    Mat kernel = (Mat_<float>(2, 2) << 1, 2, 3, 4);\n"
    "    filter2D(src, dst, ddepth, kernel, anchor, delta, BORDER_REPLICATE);\n";

TEST(ImportCpp, AProgramAroundTheCallIsNoChange) {
    const ImportedLayer layer =
        import_layer(kProgram + "    imshow(\"result\", dst);\n    waitKey(0);\n    return 0;\n}\n");
    EXPECT_EQ(numbers(layer.weight), (Numbers{1, 2, 3, 4}));
    EXPECT_EQ(layer.layer.spec.anchor, (Size2{1, 0}));
    EXPECT_EQ(layer.layer.spec.pad_mode, PadMode::replicate);
    EXPECT_EQ(numbers(layer.bias), (Numbers{2}));
    EXPECT_EQ(in_words(layer.notes), (std::vector<std::string>{"the input's size is not told; 5×5 was taken"}));
    const ImportedLayer changed = import_layer(kProgram + "    dst.convertTo(dst, CV_8U);\n    return 0;\n}\n");
    EXPECT_TRUE(has_note(changed, "the result is changed after the layer by dst.convertTo(dst, CV_8U), at line 12"));
    EXPECT_FALSE(has_note(changed, "int main"));
}

TEST(ImportCpp, ArgumentsAreInTheOrderOfCpp) {
    const ImportedLayer layer = import_layer(
        "cv::Mat kx = cv::getGaussianKernel(3, 0), ky = cv::Mat::ones(1, 2, CV_64F);\n"
        "cv::sepFilter2D(src, dst, CV_32F, kx, ky);");
    EXPECT_EQ(numbers(layer.weight), (Numbers{0.25, 0.5, 0.25, 0.25, 0.5, 0.25}));
    EXPECT_FALSE(has_note(layer, "rounded"));
    const ImportedLayer blur = import_layer("using namespace cv;\nMat dst;\nblur(src, dst, Size(3, 2));");
    EXPECT_EQ(blur.layer.spec.kernel, (Size2{2, 3}));
    EXPECT_EQ(spec_of("cv::boxFilter(src, dst, -1, cv::Size(4, 1), cv::Point(-1, -1), false);").kernel, (Size2{1, 4}));
}

TEST(ImportCpp, MembersAndMacrosAreVariables) {
    const ImportedLayer layer = import_layer(
        "#define SIZE 2\nclass Filter {\npublic:\n"
        "    Filter() : n_(3) { kernel_ = cv::Mat::ones(SIZE, 1, CV_32F) / 4; this->delta = 5; }\n"
        "    void apply(const cv::Mat& in, cv::Mat& out) const {\n"
        "        cv::filter2D(in, out, CV_32F, kernel_, cv::Point(-1, -1), this->delta);\n    }\n"
        "private:\n    cv::Mat kernel_;\n};\n");
    EXPECT_EQ(numbers(layer.weight), (Numbers{0.25, 0.25}));
    EXPECT_EQ(numbers(layer.bias), (Numbers{5}));
}

TEST(ImportCpp, LoopsSetTheirCountersAlone) {
    const ImportedLayer layer = import_layer(
        "const int k = 3;\nfloat w[k * k];\nfor (int i = 0; i < k * k; i++) w[i] = 1.0f / (k * k);\n"
        "cv::Mat kernel(k, k, CV_32F, w);\ncv::filter2D(src, dst, CV_32F, kernel);");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 3}));
    EXPECT_TRUE(
        has_note(layer, "the numbers of kernel of cv::filter2D are made by cv::Mat(..., w), which is not read"));
    EXPECT_TRUE(has_note(layer, "line 3: w[i] = 1.0f / (k * k) changes w and is not followed"));
    EXPECT_FALSE(has_note(layer, "changes k"));
}

TEST(ImportCpp, PythonStaysPython) {
    const ImportedLayer layer = import_layer(
        "import cv2 as cv\nimport numpy as np\nk = cv.getGaussianKernel(3, 0)\ny = cv.filter2D(x, cv.CV_32F, k @ k.T)");
    EXPECT_EQ(numbers(layer.weight), (Numbers{0.0625, 0.125, 0.0625, 0.125, 0.25, 0.125, 0.0625, 0.125, 0.0625}));
    EXPECT_EQ(numbers(import_layer("k = cv2.getGaussianKernel(3, 0)\ny = cv2.filter2D(x, -1, np.outer(k, k))").weight),
              numbers(layer.weight))
        << "np.outer takes the cells of matrices one after the other";
    EXPECT_EQ(numbers(import_layer("k = np.array([[1, 2], [3, 4]])\ny = convolve2d(x, np.matmul(k, k))").weight),
              (Numbers{7, 10, 15, 22}));
    EXPECT_EQ(numbers(import_layer("k = np.ones((1, 2)) / float(4)\ny = convolve2d(x, k)").weight),
              (Numbers{0.25, 0.25}));
}

}  // namespace
}  // namespace convlens
