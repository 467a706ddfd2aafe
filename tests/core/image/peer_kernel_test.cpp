// The kernels of Octave's fspecial and of OpenCV: the fixtures, and what those programs (Octave 7.3.0 with image
// 2.14.0, OpenCV 5.0.0) give where the fixtures do not look.
#include "core/image/peer_kernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/cases/kernel.h"
#include "core/io/error.h"

namespace convlens {

namespace {

using Weights = std::vector<double>;

void expect_kernel(const Kernel& kernel, Size2 size, const Weights& weights) {
    EXPECT_EQ(kernel.rows, size.h);
    EXPECT_EQ(kernel.cols, size.w);
    EXPECT_EQ(kernel.divisor, 1);
    EXPECT_EQ(kernel.offset, 0);
    ASSERT_EQ(kernel.weights.size(), weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
        EXPECT_NEAR(kernel.weights[i], weights[i], 1e-14) << "weight " << i;
}

Kernel kernel_of(const std::string& params) {
    const nlohmann::json json = nlohmann::json::parse(params);
    return kernel_of_params(JsonValue(json, "k.json", "params"));
}

std::string refusal(const std::string& params) {
    try {
        kernel_of(params);
    } catch (const FileError& error) {
        return error.reason();
    }
    return "read";
}

class PeerKernels : public testing::TestWithParam<std::string> {};

}  // namespace

TEST_P(PeerKernels, AreThoseOfTheFixtures) {
    const std::string path = (std::filesystem::path(CONVLENS_FIXTURES) / (GetParam() + ".json")).string();
    const nlohmann::json json = read_json(path);
    EXPECT_GE(json["cases"].size(), 15U);
    for (const nlohmann::json& c : json["cases"]) {
        SCOPED_TRACE(c["name"]);
        const nlohmann::json& expect = c["expect"];
        expect_kernel(kernel_of_params(JsonValue(c["params"], path, "params")),
                      {expect["shape"][0].get<std::int64_t>(), expect["shape"][1].get<std::int64_t>()},
                      expect["data"].get<Weights>());
    }
}

INSTANTIATE_TEST_SUITE_P(Files, PeerKernels, testing::Values("octave_fspecial", "opencv_kernels"),
                         [](const auto& topic) { return topic.param; });

TEST(OctaveKernels, DiskWeighsTheCoveredAreaOfEachCell) {
    const double corner = 0.02507858102383299;
    const double edge = 0.14534394743021936;
    expect_kernel(fspecial_disk(1), {3, 3},
                  {corner, edge, corner, edge, 0.3183098861837907, edge, corner, edge, corner});
    const Kernel three = fspecial_disk(3);
    EXPECT_EQ(three.at(0, 0), 0);
    EXPECT_NEAR(three.at(0, 1), 0.00028091918666532976, 1e-15);
    EXPECT_NEAR(three.at(0, 2), 0.011025027879660542, 1e-15);
    EXPECT_NEAR(three.at(5, 5), 0.024516742650502306, 1e-15);
    expect_kernel(fspecial_disk(0), {1, 1}, {1});
    for (std::int64_t radius = 1; radius <= 64; ++radius) EXPECT_NEAR(fspecial_disk(radius).sum(), 1, 1e-12) << radius;
}

TEST(OctaveKernels, GaussianOfAnEvenSizeHasItsMiddleBetweenCells) {
    const Weights half = {0.06723535534249878, 0.18276464465750122, 0.18276464465750122, 0.06723535534249878};
    Weights both = half;
    both.insert(both.end(), half.begin(), half.end());
    expect_kernel(fspecial_gaussian({2, 4}, 1), {2, 4}, both);
}

TEST(OctaveKernels, LaplacianOfGaussianKeepsItsMean) {
    const double end = -0.016357265801234682;
    const double middle = -0.06292666813297992;
    expect_kernel(fspecial_log({2, 3}, 1), {2, 3}, {end, middle, end, end, middle, end});
    EXPECT_TRUE(std::isnan(fspecial_log({3, 3}, 0).at(1, 1)));
}

TEST(OctaveKernels, MotionOfAnEvenLengthTurnsOffTheMiddle) {
    expect_kernel(fspecial_motion(2, 0), {3, 3}, {0, 0, 0, 0.5, 0.5, 0, 0, 0, 0});
    expect_kernel(fspecial_motion(2, 90), {3, 3}, {0, 0, 0, 0, 0.5, 0, 0, 0.5, 0});
    expect_kernel(fspecial_motion(2, 180), {3, 3}, {0, 0, 0, 0, 0.5, 0.5, 0, 0, 0});
    expect_kernel(fspecial_motion(2, 270), {3, 3}, {0, 0.5, 0, 0, 0.5, 0, 0, 0, 0});
    const Kernel slanted = fspecial_motion(4, 30);
    EXPECT_EQ(slanted.rows, 6);
    EXPECT_EQ(slanted.cols, 6);
    EXPECT_NEAR(slanted.at(2, 2), 0.09726596165428164, 1e-14);
    EXPECT_NEAR(slanted.at(2, 4), 0.0945121518436795, 1e-14);
    EXPECT_NEAR(slanted.at(3, 1), 0.20957901994245615, 1e-14);
    EXPECT_NEAR(slanted.sum(), 1, 1e-14);
}

TEST(OctaveKernels, MotionGoesOnTurningPastAFullCircle) {
    EXPECT_EQ(fspecial_motion(7, -90), fspecial_motion(7, 270));
    EXPECT_EQ(fspecial_motion(7, 720), fspecial_motion(7, 0));
    const double on = 0.3867295401695068;
    const double beside = 0.11327045983049323;
    expect_kernel(fspecial_motion(3, -45), {4, 4}, {0, 0, 0, 0, 0, on, beside, 0, 0, beside, on, 0, 0, 0, 0, 0});
    expect_kernel(fspecial_motion(1, 45), {1, 1}, {1});
}

TEST(OctaveKernels, UnsharpIsTheIdentityLessTheLaplacian) {
    expect_kernel(fspecial_unsharp(1), {3, 3}, {-0.5, 0, -0.5, 0, 3, 0, -0.5, 0, -0.5});
    for (const double weight : fspecial_unsharp(0).weights) EXPECT_FALSE(weight == 0 && std::signbit(weight));
}

TEST(OpenCvKernels, GaussianOfAnEvenSizeHasAFlatTop) {
    expect_kernel(opencv_gaussian(4, 1.5), {4, 1},
                  {0.18877033439907273, 0.3112296656009273, 0.3112296656009273, 0.18877033439907273});
    expect_kernel(opencv_gaussian(6, -1), {6, 1},
                  {0.0417163932174844, 0.1500388370534733, 0.3082447697290423, 0.3082447697290423, 0.1500388370534733,
                   0.0417163932174844});
    expect_kernel(opencv_gaussian(2, 0), {2, 1}, {0.5, 0.5});
}

TEST(OpenCvKernels, GaussianOfNoWidthIsTheMiddleAlone) {
    expect_kernel(opencv_gaussian(3, 1e-200), {3, 1}, {0, 1, 0});
    expect_kernel(opencv_gaussian(4, 1e-200), {4, 1}, {0, 0.5, 0.5, 0});
}

TEST(OpenCvKernels, SobelOfKsizeOneSmoothsNotAcross) {
    expect_kernel(opencv_sobel(1, 0, 1), {1, 3}, {-1, 0, 1});
    expect_kernel(opencv_sobel(0, 2, 1), {3, 1}, {1, -2, 1});
    expect_kernel(opencv_sobel(1, 1, 1), {3, 3}, {1, 0, -1, 0, 0, 0, -1, 0, 1});
}

TEST(OpenCvKernels, SobelTakesMixedOrdersAndNormalises) {
    expect_kernel(opencv_sobel(2, 3, 5, true), {5, 5},
                  {-0.125, 0, 0.25,  0, -0.125, 0.25, 0,     -0.5,  0, 0.25,  0, 0,    0,
                   0,      0, -0.25, 0, 0.5,    0,    -0.25, 0.125, 0, -0.25, 0, 0.125});
    const Kernel widest = opencv_sobel(1, 0, 31);
    EXPECT_EQ(widest.at(15, 30), 155117520.0);  // (30 over 15) times 1
    EXPECT_EQ(widest.sum(), 0);
}

TEST(OpenCvKernels, ScharrNormalisesItsSmoothing) {
    expect_kernel(opencv_scharr(0, 1, true), {3, 3}, {-0.09375, -0.3125, -0.09375, 0, 0, 0, 0.09375, 0.3125, 0.09375});
}

TEST(OpenCvKernels, GaborIsTurnedAndOfOddSides) {
    expect_kernel(opencv_gabor({.size = {2, 3}, .sigma = 1.5, .theta = 0.4, .lambda = 4, .gamma = 0.5, .psi = 1}),
                  {3, 3},
                  {-0.6697882755498308, -0.03771414780678709, 0.8420834881189145, -0.6308600662102666,
                   0.5403023058681398, 0.7406168927638099, -0.2230105118627216, 0.853684135077928, 0.3294559183351025});
    // cv2.getGaborKernel((0, 0), 0.5, 0.3, 3, 0.8): the sides follow from sigma, psi is a quarter turn.
    const Kernel kernel = opencv_gabor({.sigma = 0.5, .theta = 0.3, .lambda = 3, .gamma = 0.8});
    EXPECT_EQ(kernel.rows, 5);
    EXPECT_EQ(kernel.cols, 3);
    EXPECT_NEAR(kernel.at(1, 1), -0.15147795949414014, 1e-14);
}

TEST(KernelParams, TakeThePeersOwnDefaults) {
    EXPECT_EQ(kernel_of(R"({"family": "fspecial_average"})"), fspecial_average({3, 3}));
    EXPECT_EQ(kernel_of(R"({"family": "fspecial_disk"})"), fspecial_disk(5));
    EXPECT_EQ(kernel_of(R"({"family": "fspecial_gaussian"})"), fspecial_gaussian({3, 3}, 0.5));
    EXPECT_EQ(kernel_of(R"({"family": "fspecial_laplacian"})"), fspecial_laplacian(0.2));
    EXPECT_EQ(kernel_of(R"({"family": "fspecial_log"})"), fspecial_log({5, 5}, 0.5));
    EXPECT_EQ(kernel_of(R"({"family": "fspecial_motion"})"), fspecial_motion(9, 0));
    EXPECT_EQ(kernel_of(R"({"family": "fspecial_unsharp"})"), fspecial_unsharp(0.2));
    EXPECT_EQ(kernel_of(R"({"family": "scharr", "dx": 1, "dy": 0})"), opencv_scharr(1, 0));
}

TEST(KernelParams, SizeIsOneNumberOrRowsAndColumns) {
    EXPECT_EQ(kernel_of(R"({"family": "fspecial_average", "size": 4})"), fspecial_average({4, 4}));
    EXPECT_EQ(kernel_of(R"({"family": "gaussian_1d", "size": 7, "sigma": 2})"), opencv_gaussian(7, 2));
    EXPECT_EQ(kernel_of(R"({"family": "sobel", "dx": 1, "dy": 0, "size": [1, 1]})"), opencv_sobel(1, 0, 1));
    EXPECT_EQ(kernel_of(R"({"family": "sobel", "dx": 1, "dy": 0, "size": [1, 3]})"), opencv_sobel(1, 0, 1));
    EXPECT_EQ(kernel_of(R"({"family": "sobel", "dx": 0, "dy": 2, "size": 5, "normalize": true})"),
              opencv_sobel(0, 2, 5, true));
    EXPECT_EQ(kernel_of(R"({"family": "gabor", "size": [0, 3], "sigma": 1, "theta": 0, "lambd": 4, "gamma": 1})").rows,
              7);
}

TEST(KernelParams, RefuseWhatIsUnknownOrMissing) {
    EXPECT_EQ(refusal(R"({"family": "fspecial_dsik"})").substr(0, 58),
              "params.family: the kernel 'fspecial_dsik' is unknown; ther");
    EXPECT_EQ(refusal(R"({"family": "fspecial_disk", "radios": 3})"),
              "params: \"radios\" is not a parameter of fspecial_disk");
    EXPECT_EQ(refusal(R"({"family": "gaussian_1d", "size": 3})"), "params: \"sigma\" is missing");
    EXPECT_EQ(refusal(R"({"size": 3})"), "params: \"family\" is missing");
}

TEST(KernelParams, RefuseNumbersThatMakeNoKernel) {
    const auto octave = [](const std::string& rest) { return refusal(R"({"family": "fspecial_)" + rest + "}"); };
    EXPECT_EQ(octave(R"(average", "size": [0, 3])"), "params.size[0]: must be from 1 to 999, not 0");
    EXPECT_EQ(octave(R"(average", "size": [1, 2, 3])"), "params.size: must be 2 numbers, [rows, columns]; it has 3");
    EXPECT_EQ(octave(R"(disk", "radius": 2.5)"), "params.radius: expected a whole number, found 2.5");
    EXPECT_EQ(octave(R"(disk", "radius": 500)"), "params.radius: must be from 0 to 499, not 500");
    EXPECT_EQ(octave(R"(gaussian", "sigma": 0)"), "params.sigma: must be greater than 0, not 0");
    EXPECT_EQ(octave(R"(laplacian", "alpha": 1.5)"), "params.alpha: must be from 0 to 1, not 1.5");
    EXPECT_EQ(octave(R"(motion", "length": 0)"), "params.length: must be from 1 to 999, not 0");
    EXPECT_EQ(octave(R"(motion", "angle_degrees": "inf")"), "params.angle_degrees: must be a finite number, not inf");
}

TEST(KernelParams, RefuseWhatOpenCvDoes) {
    const auto sobel = [](const std::string& rest) { return refusal(R"({"family": "sobel", )" + rest + "}"); };
    EXPECT_EQ(sobel(R"("dx": 0, "dy": 0, "size": 3)"), "params: dx and dy are both 0: there is no derivative");
    EXPECT_EQ(sobel(R"("dx": 1, "dy": 0, "size": 4)"), "params.size: must be odd and at most 31, not 4");
    EXPECT_EQ(sobel(R"("dx": 3, "dy": 0, "size": 3)"),
              "params.size: must be greater than the order of the derivative, 3");
    EXPECT_EQ(sobel(R"("dx": 3, "dy": 0, "size": 1)"),
              "params.size: must be greater than the order of the derivative, 3");
    EXPECT_EQ(sobel(R"("dx": 1, "dy": 0, "size": [3, 5])"), "params.size: is [3, 5], where OpenCV makes [3, 3]");
    EXPECT_EQ(refusal(R"({"family": "scharr", "dx": 1, "dy": 1})"), "params: one of dx and dy must be 1, the other 0");
    EXPECT_EQ(refusal(R"({"family": "scharr", "dx": 1, "dy": 0, "size": 5})"), "params.size: must be [3, 3]");
    EXPECT_EQ(refusal(R"({"family": "gaussian_1d", "size": [1, 3], "sigma": 1})"),
              "params.size: OpenCV makes a column, [1, 1], not [1, 3]");
    EXPECT_EQ(refusal(R"({"family": "gabor", "size": 0, "sigma": 1e9, "theta": 0, "lambd": 4, "gamma": 1})"),
              "params.sigma: makes a kernel of more than 999 rows or columns");
}

}  // namespace convlens
