// What the photo controls do to a filter step.
#include "core/image/kernel_choice.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

FilterStep preset(const std::string& name) {
    FilterStep step;
    step.name = name;
    step.kernel = parse_kernel(name);
    return step;
}

TEST(PhotoKernel, KnowsTheFamilyAndItsParametersFromTheName) {
    const auto choice = kernel_choice(preset("gaussian:sigma=2,size=7"));
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->family->name, "gaussian");
    EXPECT_EQ(choice->values, (std::vector<double>{2, 7}));
    EXPECT_EQ(to_name(*choice), "gaussian:sigma=2,size=7");
}

TEST(PhotoKernel, LeavesOutParametersThatHaveTheirUsualValue) {
    const auto choice = kernel_choice(preset("box:size=3"));
    ASSERT_TRUE(choice);
    EXPECT_EQ(to_name(*choice), "box");
}

TEST(PhotoKernel, EveryFamilyIsFoundAgainByItsName) {
    for (const KernelFamily& family : kernel_families()) {
        const auto choice = kernel_choice(preset(std::string(family.name)));
        ASSERT_TRUE(choice) << family.name;
        EXPECT_EQ(choice->family, &family);
        EXPECT_EQ(step_title(preset(std::string(family.name))), Message(family.title));
    }
}

TEST(PhotoKernel, ChangedWeightsAreNoLongerTheFamilys) {
    FilterStep step = preset("sharpen");
    Kernel kernel = step.kernel;
    kernel.weights[4] = 6;
    step = with_kernel(step, kernel);
    EXPECT_EQ(step.name, "custom");
    EXPECT_FALSE(kernel_choice(step));
    // Nor where only the name still says so, as in a document made by hand.
    step.name = "sharpen";
    EXPECT_FALSE(kernel_choice(step));
    EXPECT_EQ(english(step_title(step)), "Custom");
}

TEST(PhotoKernel, AnOffsetLeavesTheFamily) {
    FilterStep step = preset("sobel_x");
    step.kernel.offset = 0.5;
    const auto choice = kernel_choice(step);
    ASSERT_TRUE(choice);
    EXPECT_EQ(with_choice(step, *choice, true).kernel.offset, 0.5);
    EXPECT_EQ(with_choice(step, *choice, false).kernel.offset, 0);
}

TEST(PhotoKernel, NamesThatAreNoFamilysAreNone) {
    FilterStep step = preset("box");
    for (const char* name :
         {"", "custom", "box:", "box:size", "box:size=", "box:girth=3", "box:size=5", "box:size=1e9"}) {
        step.name = name;
        EXPECT_EQ(kernel_choice(step).has_value(), std::string(name) == "box:") << name;
    }
}

TEST(PhotoKernel, ResizingKeepsTheTopLeft) {
    FilterStep step;
    step.kernel = parse_kernel_text("1 2 3; 4 5 6; 7 8 9 / 3 + 0.5");
    const Kernel smaller = with_size(step, 2, 2).kernel;
    EXPECT_EQ(smaller.weights, (std::vector<double>{1, 2, 4, 5}));
    const Kernel larger = with_size(step, 3, 4).kernel;
    EXPECT_EQ(larger.weights, (std::vector<double>{1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0}));
    EXPECT_EQ(larger.divisor, 3);
    EXPECT_EQ(larger.offset, 0.5);
}

TEST(PhotoKernel, WeightsInCellsAreShortAndNeverHideThatTheyAreNotZero) {
    const std::vector<double> weights{0.162103, -0.0029690, 0.00001, 0, 0.5};
    EXPECT_EQ(weight_texts(weights, false),
              (std::vector<std::string>{"0.1621", "\u22120.002969", "1e\u22125", "0", "0.5"}));
    EXPECT_EQ(weight_texts(weights, true), (std::vector<std::string>{"0.162", "\u22120.003", "1e\u22125", "0", "0.5"}));
    EXPECT_EQ(weight_texts({1.859375, -0.00390625}, true), (std::vector<std::string>{"1.86", "\u22120.004"}));
    EXPECT_EQ(weight_texts({12345, 3}, true), (std::vector<std::string>{"12345", "3"}));
}

// What stands for 0 is what the kernel is made with.
TEST(PhotoKernel, SaysWhatAutomaticParametersAre) {
    const auto automatic = [](const std::string& name, std::size_t parameter) {
        const FilterStep step = preset(name);
        return automatic_value(*kernel_choice(step), parameter, step.kernel);
    };
    EXPECT_EQ(automatic("gaussian", 1), 5);
    EXPECT_EQ(automatic("gaussian", 0), std::nullopt) << "weights of OpenCV's table have no sigma";
    EXPECT_EQ(automatic("gaussian:sigma=2", 1), 13);
    EXPECT_EQ(automatic("gaussian:sigma=2", 0), std::nullopt);
    EXPECT_NEAR(*automatic("gaussian:size=15", 0), 2.6, 1e-12);
    EXPECT_EQ(automatic("gaussian:size=7", 1), std::nullopt);
    EXPECT_EQ(automatic("unsharp:sigma=1", 2), 7);
    EXPECT_EQ(automatic("unsharp:amount=0", 0), std::nullopt) << "an amount of 0 is 0";
    EXPECT_EQ(automatic("laplacian", 0), std::nullopt);
    EXPECT_EQ(automatic("box", 0), std::nullopt);
    const auto text = [](const std::string& name, std::size_t parameter) {
        const FilterStep step = preset(name);
        return english(automatic_text(*kernel_choice(step), parameter, step.kernel));
    };
    for (const char* name : {"gaussian", "gaussian:size=1", "gaussian:size=7", "gaussian:size=9", "unsharp:size=3"})
        EXPECT_EQ(text(name, name[0] == 'u' ? 1 : 0), "automatic: OpenCV's table") << name;
    EXPECT_EQ(text("gaussian:size=15", 0), "automatic: 2.6");
    EXPECT_EQ(text("gaussian:size=4", 0), "automatic: 0.95");
    EXPECT_EQ(text("gaussian", 1), "automatic: 5");
    EXPECT_EQ(text("gaussian:sigma=2", 0), "");
    EXPECT_EQ(text("box", 0), "");
    // The sigma that is told makes the same kernel, for sizes without a table of OpenCV's.
    const double sigma = *automatic("gaussian:size=11", 0);
    EXPECT_EQ(make_kernel("gaussian", {{"size", 11}, {"sigma", sigma}}), preset("gaussian:size=11").kernel);
}

}  // namespace
}  // namespace convlens
