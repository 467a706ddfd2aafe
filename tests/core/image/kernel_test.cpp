#include "core/image/kernel.h"

#include <gtest/gtest.h>

#include <cmath>

namespace convlens {
namespace {

using Weights = std::vector<double>;

std::string refusal(std::string_view text) {
    try {
        parse_kernel(text);
    } catch (const KernelError& error) {
        return english(error.message);
    }
    return "";
}

TEST(KernelFamilies, HaveTheFieldsOwnWeights) {
    EXPECT_EQ(parse_kernel("identity"), (Kernel{1, 1, {1}}));
    EXPECT_EQ(parse_kernel("sobel_x"), (Kernel{3, 3, {-1, 0, 1, -2, 0, 2, -1, 0, 1}}));
    EXPECT_EQ(parse_kernel("sobel_y"), (Kernel{3, 3, {-1, -2, -1, 0, 0, 0, 1, 2, 1}}));
    EXPECT_EQ(parse_kernel("scharr_x"), (Kernel{3, 3, {-3, 0, 3, -10, 0, 10, -3, 0, 3}}));
    EXPECT_EQ(parse_kernel("scharr_y"), (Kernel{3, 3, {-3, -10, -3, 0, 0, 0, 3, 10, 3}}));
    EXPECT_EQ(parse_kernel("prewitt_x"), (Kernel{3, 3, {-1, 0, 1, -1, 0, 1, -1, 0, 1}}));
    EXPECT_EQ(parse_kernel("prewitt_y"), (Kernel{3, 3, {-1, -1, -1, 0, 0, 0, 1, 1, 1}}));
    EXPECT_EQ(parse_kernel("laplacian"), (Kernel{3, 3, {0, 1, 0, 1, -4, 1, 0, 1, 0}}));
    EXPECT_EQ(parse_kernel("laplacian:diagonals=1"), (Kernel{3, 3, {1, 1, 1, 1, -8, 1, 1, 1, 1}}));
    EXPECT_EQ(parse_kernel("sharpen"), (Kernel{3, 3, {0, -1, 0, -1, 5, -1, 0, -1, 0}}));
    EXPECT_EQ(parse_kernel("sharpen:amount=0.25"), (Kernel{3, 3, {0, -0.25, 0, -0.25, 2, -0.25, 0, -0.25, 0}}));
    EXPECT_EQ(parse_kernel("emboss"), (Kernel{3, 3, {-2, -1, 0, -1, 1, 1, 0, 1, 2}}));
    EXPECT_EQ(parse_kernel("box:size=2"), (Kernel{2, 2, {1, 1, 1, 1}, 4}));
    EXPECT_EQ(parse_kernel("box").divisor, 9);
}

TEST(KernelFamilies, AreFoundInAnySpelling) {
    EXPECT_EQ(parse_kernel("sobel-x"), parse_kernel("sobel_x"));
    EXPECT_EQ(parse_kernel(" Sobel-X "), parse_kernel("sobel_x"));
    EXPECT_EQ(parse_kernel("Box: Size = 5"), parse_kernel("box:size=5"));
}

TEST(KernelFamilies, AllCanBeMadeAndDescribed) {
    for (const KernelFamily& family : kernel_families()) {
        const Kernel kernel = make_kernel(family.name);
        EXPECT_EQ(kernel.weights.size(), static_cast<std::size_t>(kernel.rows * kernel.cols)) << family.name;
        EXPECT_FALSE(family.title.empty());
        EXPECT_TRUE(family.about.text.ends_with('.')) << family.name;
        for (const KernelParameter& parameter : family.parameters) {
            EXPECT_GE(parameter.fallback, parameter.least) << family.name << ' ' << parameter.name;
            EXPECT_LE(parameter.fallback, parameter.most) << family.name << ' ' << parameter.name;
            for (const double value : {parameter.least, parameter.most}) {
                std::vector<KernelSetting> settings{{std::string(parameter.name), value}};
                if (parameter.name == "sigma") settings.push_back({"size", 7});  // the widest has no size by itself
                EXPECT_NO_THROW(make_kernel(family.name, settings)) << family.name;
            }
        }
    }
}

// cv2.getGaussianKernel(5, 1.5), (11, 0), (9, 0) and the fixed table of (5, 0).
TEST(KernelFamilies, GaussianIsThatOfOpenCV) {
    const Kernel sigma = parse_kernel("gaussian:sigma=1.5,size=5");
    EXPECT_NEAR(sigma.at(0, 0), 0.12007838424321347 * 0.12007838424321347, 1e-15);
    EXPECT_NEAR(sigma.at(2, 1), 0.2920817183428724 * 0.2338807565853503, 1e-15);
    EXPECT_NEAR(parse_kernel("gaussian:size=11").at(5, 5), 0.20056541423882085 * 0.20056541423882085, 1e-15);
    EXPECT_EQ(parse_kernel("gaussian:size=9").at(4, 3), 0.234375 * 0.19921875);
    EXPECT_EQ(parse_kernel("gaussian").rows, 5);
    EXPECT_EQ(parse_kernel("gaussian").at(2, 2), 0.375 * 0.375);
    EXPECT_EQ(parse_kernel("gaussian:sigma=2").rows, 13);
    EXPECT_NEAR(parse_kernel("gaussian:sigma=7").sum(), 1, 1e-12);
}

TEST(KernelFamilies, EverySigmaGivesFiniteWeightsDownToAnImpulse) {
    for (const char* sigma : {"5e-324", "1e-300", "1e-160", "1e-8", "0.01", "0.2", "1", "42"}) {
        for (const char* size : {"", ",size=1", ",size=2", ",size=4", ",size=7", ",size=254"}) {
            for (const char* family : {"gaussian", "unsharp"}) {
                const std::string text = std::string(family) + ":sigma=" + sigma + size;
                const Kernel kernel = parse_kernel(text);
                EXPECT_EQ(not_finite(kernel), std::nullopt) << text;
                EXPECT_NEAR(kernel.sum(), 1, 1e-9) << text;
            }
        }
    }
    EXPECT_EQ(parse_kernel("gaussian:sigma=1e-300,size=3").weights, (std::vector<double>{0, 0, 0, 0, 1, 0, 0, 0, 0}));
    EXPECT_EQ(parse_kernel("gaussian:sigma=1e-300,size=2").weights, (std::vector<double>{0.25, 0.25, 0.25, 0.25}));
}

TEST(KernelFamilies, WhatCannotBeAppliedIsRefusedWithItsCell) {
    EXPECT_EQ(not_finite({1, 2, {1, 1e30}, 1e-5, 0}), std::nullopt);
    const auto refused = [](const Kernel& kernel) { return english(not_finite(kernel).value_or(key("accepted"))); };
    EXPECT_NE(refused({2, 3, {1, 2, 3, 4, 1e300, 6}, 1, 0}).find("row 2, column 2"), std::string::npos);
    EXPECT_NE(refused({1, 2, {1, 1e10}, 1e-30, 0}).find("row 1, column 2"), std::string::npos);
    EXPECT_NE(refused({1, 1, {1}, 1e-320, 0}).find("the divisor must be"), std::string::npos);
    EXPECT_NE(refused({1, 1, {std::nan("")}, 1, 0}).find("nan"), std::string::npos);
    EXPECT_NE(refused({1, 1, {1}, std::nan(""), 0}).find("divisor"), std::string::npos);
    EXPECT_NE(refused({1, 1, {1}, 1, HUGE_VAL}).find("offset"), std::string::npos);
    for (const char* text : {"1e999", "nan", "0/0", "1 inf 1", "1 2 1 / 1e-320", "1e300", "gaussian:sigma=nan",
                             "gaussian:sigma=1e999", "sharpen:amount=inf"})
        EXPECT_THROW(parse_kernel(text), KernelError) << text;
}

TEST(Kernel, IsTheSameAsItselfBitByBit) {
    const Kernel nan{1, 2, {std::nan(""), 0.0}, 1, 0};
    EXPECT_TRUE(nan == Kernel(nan));
    EXPECT_FALSE(nan == (Kernel{1, 2, {std::nan(""), -0.0}, 1, 0}));
    EXPECT_FALSE(nan == (Kernel{1, 2, {std::nan("7"), 0.0}, 1, 0}));
}

TEST(KernelFamilies, UnsharpAddsUpToOne) {
    EXPECT_NEAR(parse_kernel("unsharp:amount=2,sigma=1.5").sum(), 1, 1e-12);
    EXPECT_EQ(parse_kernel("unsharp:amount=0").at(2, 2), 1);
}

TEST(KernelFamilies, RefuseWithTheNearestThingThatWorks) {
    EXPECT_NE(refusal("gausian").find("Did you mean \"gaussian\"?"), std::string::npos) << refusal("gausian");
    EXPECT_NE(refusal("sobel").find("sobel_x"), std::string::npos);
    EXPECT_NE(refusal("box:sigma=2").find("it has: size"), std::string::npos);
    EXPECT_NE(refusal("identity:size=3").find("takes no parameters"), std::string::npos);
    EXPECT_EQ(refusal("box:size=3,size=5"), "\"box\": size is given twice; leave one out");
    EXPECT_EQ(refusal("gaussian:sigma=2,size=7,Sigma=2"), "\"gaussian\": sigma is given twice; leave one out");
    EXPECT_NE(refusal("box:size=0").find("from 1 to 999"), std::string::npos);
    EXPECT_NE(refusal("box:size=1001").find("999, not 1001: no kernel has more"), std::string::npos);
    EXPECT_EQ(parse_kernel("box:size=301").rows, 301);  // as many rows as text may have
    EXPECT_EQ(parse_kernel("gaussian:sigma=166").rows, 997);
    EXPECT_EQ(parse_kernel("gaussian:sigma=250,size=31").rows, 31);
    const std::string wide = refusal("gaussian:sigma=250");
    EXPECT_NE(wide.find("at most 166"), std::string::npos) << wide;
    EXPECT_NE(wide.find("it is 250, which needs 1501 rows"), std::string::npos) << wide;
    EXPECT_NE(refusal("unsharp:sigma=167").find("at most 166"), std::string::npos);
    EXPECT_NE(refusal("box:size=2.5").find("whole number"), std::string::npos);
    EXPECT_NE(refusal("box:size=nan").find("not a number"), std::string::npos);
    EXPECT_NE(refusal("box:7").find("name=value"), std::string::npos);
}

TEST(Kernel, NormalisingKeepsFlatAreas) {
    EXPECT_EQ(normalized(parse_kernel("1 2 1; 2 4 2; 1 2 1")).divisor, 16);
    // Sum zero: no division by zero, and what was there stays.
    const Kernel edges = normalized(parse_kernel("sobel_x"));
    EXPECT_EQ(edges.divisor, 1);
    EXPECT_EQ(edges.offset, 0);
    EXPECT_EQ(normalized(parse_kernel("0.1 0.2 -0.3")).divisor, 1);
    // A negative sum inverts, as GEGL has it.
    const Kernel negative = normalized(parse_kernel("1 -4 1"));
    EXPECT_EQ(negative.divisor, 2);
    EXPECT_EQ(negative.offset, 1);
}

// rayryeng/laplacianBlend#2: a 5x5 binomial of sum 256 times 1/16.
TEST(Kernel, SaysWhenBrightnessChangesAndWhatKeepsIt) {
    const Kernel kernel = parse_kernel("1 4 6 4 1; 4 16 24 16 4; 6 24 36 24 6; 4 16 24 16 4; 1 4 6 4 1 * 1/16");
    EXPECT_EQ(kernel.sum(), 16);
    const std::string note = english(brightness_note(kernel).value_or(Message()));
    EXPECT_NE(note.find("16 times as bright"), std::string::npos) << note;
    EXPECT_NE(note.find("Divisor 256 keeps the brightness"), std::string::npos) << note;
    EXPECT_EQ(brightness_note(parse_kernel("box")), std::nullopt);
    EXPECT_NE(english(brightness_note(parse_kernel("sobel_x")).value_or(Message())).find("0.5"), std::string::npos);
    EXPECT_EQ(english(brightness_note(parse_kernel("0 0; 0 0")).value()), "All weights are 0: the result is black.");
}

TEST(Kernel, TheBrightnessIsJudgedWithTheOffset) {
    const auto note = [](const char* kernel) {
        return english(brightness_note(parse_kernel(kernel)).value_or(Message()));
    };
    EXPECT_NE(note("1 2 1 / 1 + 0.1").find("add up to 4"), std::string::npos);
    EXPECT_NE(note("1 2 1 / 1 + 0.1").find("mid-grey turns white"), std::string::npos);
    EXPECT_NE(note("1 2 1 / 1 + 0.1").find("Divisor 4 and no offset keep the brightness"), std::string::npos);
    EXPECT_NE(note("1 / 2 - 0.9").find("mid-grey turns black"), std::string::npos) << "0.25 - 0.9 is below 0";
    EXPECT_NE(note("laplacian").find("mid-grey"), std::string::npos);
    Kernel gimp = parse_kernel("laplacian");
    gimp.offset = 128;
    EXPECT_NE(
        english(brightness_note(gimp).value_or(Message())).find("Offsets are fractions of white; 0.5 is mid-grey"),
        std::string::npos);
    // What is meant, and keeps mid-grey in sight.
    for (const char* kernel : {"-1 + 1", "2 / 1 - 0.5", "1 -1 + 0.5", "box", "1 / 2 + 0.25", "4 / 1 - 1.5"})
        EXPECT_EQ(note(kernel), "") << kernel;
    gimp = parse_kernel("box");
    gimp.offset = 0.125;
    EXPECT_EQ(brightness_note(gimp), std::nullopt);
}

TEST(Kernel, NumbersBeyondFloat32AreNoDivisorAndNoOffset) {
    Kernel kernel = parse_kernel("1 2; 3 4");
    for (const double offset : {1e34, -1e300}) {
        kernel.offset = offset;
        EXPECT_TRUE(not_finite(kernel).has_value()) << offset;
    }
    kernel.offset = 1e33;
    EXPECT_FALSE(not_finite(kernel).has_value());
    for (const double divisor : {1e39, -1e300, 1e-39}) {
        kernel.divisor = divisor;
        EXPECT_TRUE(not_finite(kernel).has_value()) << divisor;
    }
}

}  // namespace
}  // namespace convlens
