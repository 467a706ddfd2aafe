#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "app/cli/command.h"
#include "app/cli/filter_steps.h"
#include "app/document/sample_image.h"
#include "core/engine/filter/filter_work.h"
#include "core/io/image/image_file.h"
#include "core/io/tensor/npy.h"
#include "tests/app/cli/run.h"
#include "tests/app/temp_folder.h"
#include "tests/core/engine/filter/naive_filter.h"
#include "tests/core/io/image/made_files.h"

namespace convlens {
namespace {

void write_text(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

using nlohmann::json;

// A picture of one channel count, with the values 10, 20, 30, ... modulo 256.
std::string picture(const TempFolder& folder, const std::string& name, std::int64_t width, std::int64_t height,
                    int channels) {
    Image image(width, height, channels, Depth::u8);
    int value = 0;
    for (std::byte& sample : image.bytes()) sample = static_cast<std::byte>((value += 10) % 256);
    save_image(image, folder / name);
    return folder / name;
}

// Most tests write one result over and over.
Ran run_filter(std::vector<std::string> words) {
    words.insert(words.begin(), "filter");
    words.emplace_back("--overwrite");
    return run(words);
}

TEST(FilterCommand, FiltersAndReports) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 5, 4, 1);
    const std::string out = folder / "out.png";
    const Ran ran =
        run_filter({in, out, "--kernel", "0 0 0; 1 0 0; 0 0 0", "--border", "zeros", "--json", "--threads", "1"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    const json line = ran.lines().at(0);
    EXPECT_EQ(line.at("in"), in);
    EXPECT_EQ(line.at("out"), out);
    EXPECT_EQ(line.at("steps").at(0).at("backend"), "cpu");
    EXPECT_EQ(line.at("steps").at(0).at("where"), "CPU, 1 thread");
    EXPECT_GE(line.at("ms").get<double>(), 0);
    EXPECT_NE(ran.err.find("CPU, 1 thread"), std::string::npos);
    const Image before = load_image(in);
    const Image after = load_image(out);
    EXPECT_EQ(after.sample(0, 1, 0), 0);
    EXPECT_EQ(after.sample(3, 1, 0), before.sample(2, 1, 0));  // a correlation: the 1 on the left moves it to the right
}

TEST(FilterCommand, TheMethodCanBeForcedAndIsReported) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 40, 30, 3);
    std::vector<std::string> command = {in, folder / "out.png", "--kernel", "gaussian:size=9", "--json"};
    const auto method = [&](std::vector<std::string> options) {
        options.insert(options.begin(), command.begin(), command.end());
        const Ran ran = run_filter(options);
        EXPECT_EQ(ran.code, kDone) << ran.err;
        return ran.lines().at(0).at("steps").at(0).at("method").get<std::string>();
    };
    EXPECT_EQ(method({}), "sums");
    const Image summed = load_image(folder / "out.png");
    EXPECT_EQ(method({"--method", "sums"}), "sums");
    EXPECT_EQ(method({"--method", "fourier"}), "fourier");
    const Image transformed = load_image(folder / "out.png");
    for (std::int64_t y = 0; y < 30; ++y)
        for (std::int64_t x = 0; x < 40; ++x) EXPECT_NEAR(summed.sample(x, y, 1), transformed.sample(x, y, 1), 1);
    EXPECT_EQ(run_filter({in, folder / "out.png", "--kernel", "box", "--method", "quick"}).code, kWrongUse);
}

TEST(FilterCommand, SaysWhereTheForcedMethodIsNotPossible) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 40, 30, 3);
    const Ran strided =
        run_filter({in, folder / "out.png", "--kernel", "box", "--method", "fourier", "--stride", "2", "--json"});
    ASSERT_EQ(strided.code, kDone);
    EXPECT_EQ(strided.lines().at(0).at("steps").at(0).at("method"), "sums");
    EXPECT_NE(strided.err.find("computed by direct sums; --method fourier needs stride 1"), std::string::npos)
        << strided.err;
    const Ran gpu = run_filter({in, folder / "out.png", "--kernel", "box", "--method", "fourier", "--backend", "gpu"});
    EXPECT_EQ(gpu.code, kRefused);
    EXPECT_NE(gpu.err.find("--backend auto does so"), std::string::npos) << gpu.err;
}

TEST(FilterCommand, FlipTurnsTheKernel) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 5, 4, 1);
    ASSERT_EQ(run_filter({in, folder / "out.png", "--kernel", "0 0 0; 1 0 0; 0 0 0", "--flip"}).code, kDone);
    EXPECT_EQ(load_image(folder / "out.png").sample(1, 1, 0), load_image(in).sample(2, 1, 0));
}

TEST(FilterCommand, DilationBorderValueAndAllChannelsAreApplied) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 6, 4, 4);
    const Image before = load_image(in);
    const auto filtered = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {in, folder / "out.png", "--kernel", "1 0 0"});
        const Ran ran = run_filter(options);
        EXPECT_EQ(ran.code, kDone) << ran.err;
        return load_image(folder / "out.png");
    };
    EXPECT_EQ(filtered({"--dilation", "3", "--channels", "all"}).sample(4, 2, 3), before.sample(1, 2, 3));
    EXPECT_EQ(filtered({"--channels", "all"}).sample(4, 2, 3), before.sample(3, 2, 3));
    EXPECT_EQ(filtered({}).sample(4, 2, 3), before.sample(4, 2, 3));  // alpha is kept
    const std::string grey = picture(folder, "grey.png", 6, 4, 1);
    ASSERT_EQ(run_filter({grey, folder / "out.png", "--kernel", "1 0 0", "--border-value", "77"}).code, kDone);
    EXPECT_EQ(load_image(folder / "out.png").sample(0, 2, 0), 77);
    EXPECT_EQ(load_image(folder / "out.png").sample(1, 2, 0), load_image(grey).sample(0, 2, 0));
}

TEST(FilterCommand, ChainsApplyInOrder) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 6, 6, 3);
    ASSERT_EQ(run_filter({in, folder / "both.png", "--kernel", "box", "--kernel", "sharpen"}).code, kDone);
    const std::vector<FilterStep> chain{step_from_text("box"), step_from_text("sharpen")};
    const test::NaivePicture expected = test::naive_chain(load_image(in), chain);
    const Image both = load_image(folder / "both.png");
    for (std::int64_t y = 0; y < 6; ++y)
        for (std::int64_t x = 0; x < 6; ++x)
            EXPECT_TRUE(test::is_near(both.sample(x, y, 1), {expected.sample(x, y, 1), 1}, Depth::u8)) << x << ',' << y;
}

// Laplacian twice was off by up to 1,610 levels: its first result is below 0 and above 255.
TEST(FilterCommand, NothingIsClampedOrRoundedBetweenTheStepsOfAChain) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 14, 11, 3);
    const Image before = load_image(in);
    const std::vector<FilterStep> chain{step_from_text("laplacian"), step_from_text("laplacian"),
                                        step_from_text("1 2 1 / 64")};
    const test::NaivePicture expected = test::naive_chain(before, chain);
    for (const std::string channels : {"colour", "gb", "all"}) {
        for (const auto& [depth, file] : {std::pair{Depth::u8, "out.png"}, {Depth::s16, "out.npy"}}) {
            ASSERT_EQ(run_filter({in, folder / file, "--kernel", "laplacian", "--kernel", "laplacian", "--kernel",
                                  "1 2 1 / 64", "--channels", channels, "--save-as", std::string(name(depth))})
                          .code,
                      kDone);
            const auto npy = depth == Depth::s16 ? std::optional(read_npy(folder / file)) : std::nullopt;
            const auto png = depth == Depth::u8 ? std::optional(load_image(folder / file)) : std::nullopt;
            for (std::int64_t y = 0; y < 11; ++y) {
                for (std::int64_t x = 0; x < 14; ++x) {
                    for (int c = 0; c < 3; ++c) {
                        const bool filtered = channels != "gb" || c > 0;
                        const double value = filtered ? expected.sample(x, y, c) : before.sample(x, y, c);
                        const double got =
                            png ? png->sample(x, y, c) : npy->data[static_cast<std::size_t>((y * 14 + x) * 3 + c)];
                        EXPECT_EQ(got, std::nearbyint(std::clamp(value, least(depth), most(depth))))
                            << channels << ' ' << name(depth) << ' ' << x << ',' << y << ',' << c;
                    }
                }
            }
        }
    }
}

TEST(FilterCommand, AKernelThatAddsUpTo0KeepsAlphaAndSaysSo) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 6, 5, 4);
    const Ran zero = run_filter({in, folder / "out.png", "--kernel", "sobel_x", "--channels", "all"});
    ASSERT_EQ(zero.code, kDone);
    EXPECT_TRUE(zero.says("alpha is kept")) << zero.err;
    const Image before = load_image(in), after = load_image(folder / "out.png");
    for (std::int64_t x = 0; x < 6; ++x) EXPECT_EQ(after.sample(x, 2, 3), before.sample(x, 2, 3));
    EXPECT_FALSE(run_filter({in, folder / "out.png", "--kernel", "box", "--channels", "all"}).says("alpha is kept"));
    EXPECT_FALSE(run_filter({in, folder / "out.png", "--kernel", "sobel_x"}).says("alpha is kept"));
}

TEST(FilterCommand, DivisorOffsetAndNormalizeAreApplied) {
    const TempFolder folder;
    Image flat(3, 3, 1, Depth::u8);
    for (std::byte& sample : flat.bytes()) sample = std::byte{100};
    save_image(flat, folder / "in.png");
    const auto middle = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {folder / "in.png", folder / "out.png", "--kernel"});
        EXPECT_EQ(run_filter(options).code, kDone);
        return load_image(folder / "out.png").sample(1, 1, 0);
    };
    EXPECT_EQ(middle({"1 1 1", "--divisor", "6"}), 50);
    EXPECT_EQ(middle({"1 1 1", "--normalize"}), 100);
    EXPECT_EQ(middle({"-1 0 1", "--normalize", "--offset", "0.5"}), 128);  // 127.5, to even
    EXPECT_EQ(middle({"1 1 1"}), 255);
}

TEST(FilterCommand, OtherChannelsStay) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 6, 5, 4);
    ASSERT_EQ(run_filter({in, folder / "out.png", "--kernel", "0", "--channels", "g", "--stride", "2"}).code, kDone);
    const Image before = load_image(in);
    const Image after = load_image(folder / "out.png");
    ASSERT_EQ(after.width(), 3);
    for (const int channel : {0, 2, 3}) EXPECT_EQ(after.sample(1, 1, channel), before.sample(2, 2, channel)) << channel;
    EXPECT_NE(before.sample(2, 2, 1), 0);
    EXPECT_EQ(after.sample(1, 1, 1), 0);
}

TEST(FilterCommand, ChannelsOfAGreyPictureAreOne) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 3, 3, 1);
    ASSERT_EQ(run_filter({in, folder / "red.png", "--kernel", "0", "--channels", "r"}).code, kDone);
    EXPECT_EQ(load_image(folder / "red.png").sample(1, 1, 0), 0);
    const Ran said = run_filter({in, folder / "blue.png", "--kernel", "0", "--channels", "b"});
    EXPECT_TRUE(said.says("is grey: its one channel was filtered as each of --channels b")) << said.err;
    EXPECT_FALSE(run_filter({in, folder / "all.png", "--kernel", "0"}).says("is grey"));
}

TEST(FilterCommand, AlphaThatThereIsNotIsRefused) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 3, 4, 3);
    for (const char* letters : {"a", "ga"}) {
        const Ran ran = run_filter({in, folder / "out.png", "--kernel", "box", "--channels", letters});
        EXPECT_EQ(ran.code, kRefused) << letters;
        EXPECT_TRUE(ran.says("has no alpha")) << ran.err;
        EXPECT_FALSE(std::filesystem::exists(folder / "out.png"));
    }
    EXPECT_EQ(run_filter({in, folder / "out.png", "--kernel", "box", "--channels", "all"}).code, kDone);
}

TEST(FilterCommand, AlphaIsInvertedByMinusOneAndAnOffset) {
    const TempFolder folder;
    Image image(3, 1, 4, Depth::u8);
    const std::vector<int> samples = {9, 8, 7, 255, 60, 50, 40, 200, 1, 2, 3, 0};
    for (std::size_t i = 0; i < samples.size(); ++i) image.bytes()[i] = static_cast<std::byte>(samples[i]);
    save_image(image, folder / "in.png");
    for (const char* channels : {"a", "all", "ra"}) {
        ASSERT_EQ(run_filter({folder / "in.png", folder / "out.png", "--kernel", "-1", "--offset", "1", "--channels",
                              channels})
                      .code,
                  kDone);
        const Image result = load_image(folder / "out.png");
        EXPECT_EQ(result.sample(0, 0, 3), 0) << channels;
        EXPECT_EQ(result.sample(1, 0, 3), 55) << channels;
        EXPECT_EQ(result.sample(2, 0, 3), 255) << channels;
    }
    EXPECT_EQ(load_image(folder / "out.png").sample(1, 0, 1), 50);  // green was not asked for
}

// Offset, divisor, stride and dilation of one kernel of a chain; an option counts in place of them, and says so.
TEST(FilterCommand, AKernelOfAChainHasSettingsOfItsOwn) {
    const auto step = [](const std::string& text) { return step_from_text(text); };
    const FilterStep own = step("gaussian:offset=0.5,sigma=1.5, divisor=1/4,stride=2,dilation=3");
    EXPECT_EQ(own.kernel.weights, parse_kernel("gaussian:sigma=1.5").weights);
    EXPECT_EQ(own.kernel.offset, 0.5);
    EXPECT_EQ(own.kernel.divisor, 0.25);
    EXPECT_EQ(own.stride, 2);
    EXPECT_EQ(own.dilation, 3);
    for (const char* wrong : {"box:offset=", "box:stride=0", "box:stride=1.5", "box:dilation=1000", "box:offset=x",
                              "box:divisor=0", "box:colour=2"})
        EXPECT_THROW(
            {
                const FilterStep made = step(wrong);
                if (const auto reason = not_finite(made.kernel)) throw WrongUse(*reason);
            },
            WrongUse)
            << wrong;

    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 9, 7, 1);
    const Ran ran = run_filter(
        {in, folder / "out.png", "--kernel", "laplacian", "--kernel", "1 2 1:offset=0.5", "--offset", "0.25"});
    EXPECT_EQ(ran.code, kWrongUse) << "rows have no name whose settings they could be";
    const Ran chain = run_filter(
        {in, folder / "out.png", "--kernel", "sobel_x", "--kernel", "sobel_y:Offset=0.5,STRIDE=2", "--json"});
    ASSERT_EQ(chain.code, kDone) << chain.err;
    const json steps = chain.lines().at(0).at("steps");
    EXPECT_EQ(steps.at(0).at("offset"), 0);
    EXPECT_EQ(steps.at(1).at("offset"), 0.5);
    EXPECT_EQ(steps.at(0).at("stride"), 1);
    EXPECT_EQ(steps.at(1).at("stride"), 2);
    EXPECT_TRUE(chain.says("sobel_x, kernel 3×3, on CPU")) << chain.err;
    EXPECT_TRUE(chain.says("kernel 3×3, offset 0.5, stride 2, on CPU")) << chain.err;
    std::vector<FilterStep> expected{step("sobel_x"), step("sobel_y:stride=2,offset=0.5")};
    const test::NaivePicture naive = test::naive_chain(load_image(in), expected);
    const Image got = load_image(folder / "out.png");
    ASSERT_EQ(got.width(), 5);
    for (std::int64_t x = 0; x < 5; ++x)
        EXPECT_TRUE(test::is_near(got.sample(x, 1, 0), {naive.sample(x, 1, 0), 1}, Depth::u8)) << x;
}

// However a kernel says it, a name or rows or a file: the option counts, and a line names what it overrules.
TEST(FilterCommand, OptionsCountInPlaceOfWhatAKernelSaysOfItself) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 9, 7, 1);
    write_text(folder / "k.txt", "1 2 1 / 8 + 0.5");
    for (const std::string& kernel : {std::string("box:offset=0.5,divisor=8,stride=2,dilation=3"),
                                      std::string("1 2 1 / 8 + 0.5"), "@" + (folder / "k.txt")}) {
        const Ran ran = run_filter({in, folder / "out.png", "--kernel", kernel, "--offset", "0.25", "--divisor", "5",
                                    "--stride", "1", "--dilation", "2", "--json"});
        ASSERT_EQ(ran.code, kDone) << ran.err;
        const json step = ran.lines().at(0).at("steps").at(0);
        EXPECT_EQ(step.at("offset"), 0.25) << kernel;
        EXPECT_EQ(step.at("divisor"), 5) << kernel;
        EXPECT_EQ(step.at("stride"), 1) << kernel;
        EXPECT_EQ(step.at("dilation"), 2) << kernel;
        EXPECT_TRUE(ran.says("--offset 0.25 counts in place of its own offset 0.5")) << ran.err;
        EXPECT_TRUE(ran.says("--divisor 5 counts in place of its own divisor 8")) << ran.err;
        const Ran normal = run_filter({in, folder / "out.png", "--kernel", kernel, "--normalize"});
        EXPECT_TRUE(normal.says("counts in place of its own divisor 8")) << normal.err;
    }
    const Ran quiet = run_filter({in, folder / "out.png", "--kernel", "sobel_x", "--offset", "0.5"});
    EXPECT_FALSE(quiet.says("in place of")) << quiet.err;
}

TEST(FilterCommand, ASettingOfAKernelThatIsGivenTwiceIsRefused) {
    for (const char* text : {"box:size=3,size=5", "sobel_x:offset=0.5,offset=1", "box:stride=2,size=5,Stride=2",
                             "box:dilation=1,dilation=2", "box:divisor=2,divisor=3"})
        EXPECT_THROW(step_from_text(text), WrongUse) << text;
    try {
        step_from_text("sobel_x:offset=0.5,offset=1");
    } catch (const WrongUse& error) {
        EXPECT_STREQ(error.what(), "sobel_x: offset is given twice; leave one out");
    }
    EXPECT_EQ(step_from_text("box:size=5,stride=2,offset=0.5").stride, 2);
}

TEST(FilterCommand, PercentSignsOfNumbersAreRefused) {
    for (const char* text : {"identity:offset=50%", "box:divisor=50%", "1 2 1 + 50%", "1 2 1 / 50%", "box:size=3%"})
        EXPECT_THROW(step_from_text(text), WrongUse) << text;
    EXPECT_EQ(step_from_text("1 2 1 % a comment").kernel.cols, 3);
    EXPECT_EQ(step_from_text("1 2 1 %% of a cell").kernel.cols, 3);
}

TEST(FilterCommand, OptionsGoForEveryKernelOfAChain) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 9, 7, 1);
    const Ran ran = run_filter({in, folder / "out.png", "--kernel", "box", "--kernel", "1 2 1 / 8", "--divisor", "7",
                                "--offset", "0.125", "--dilation", "2", "--json"});
    const json steps = ran.lines().at(0).at("steps");
    for (const int i : {0, 1}) {
        EXPECT_EQ(steps.at(static_cast<std::size_t>(i)).at("divisor"), 7) << i;
        EXPECT_EQ(steps.at(static_cast<std::size_t>(i)).at("offset"), 0.125) << i;
        EXPECT_EQ(steps.at(static_cast<std::size_t>(i)).at("dilation"), 2) << i;
    }
    EXPECT_TRUE(ran.says("box, kernel 3×3, divisor 7, offset 0.125, dilation 2")) << ran.err;
    const Ran help = run_filter({"--help"});
    std::size_t told = 0;
    for (std::size_t at = help.out.find("every"); at != std::string::npos; at = help.out.find("every", at + 1)) ++told;
    EXPECT_GE(told, 5U) << help.out;
}

// An offset in an early step makes what follows white.
TEST(FilterCommand, AChainIsGivenAdviceThatHelpsIt) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 9, 7, 1);
    const auto said = [&](std::vector<std::string> kernels) {
        std::vector<std::string> command = {in, folder / "out.png"};
        for (std::string& kernel : kernels) command.insert(command.end(), {"--kernel", std::move(kernel)});
        return run_filter(command).err;
    };
    EXPECT_NE(said({"laplacian"}).find("Offset 0.5 shows"), std::string::npos);
    const std::string first = said({"laplacian", "box"});
    EXPECT_NE(first.find("add up to 0"), std::string::npos) << first;
    EXPECT_EQ(first.find("0.5"), std::string::npos) << first;
    EXPECT_NE(said({"box", "laplacian"}).find("laplacian:offset=0.5 shows them on mid-grey"), std::string::npos);
    EXPECT_NE(said({"box", "laplacian:diagonals=1"}).find("laplacian:diagonals=1,offset=0.5 shows"), std::string::npos);
    EXPECT_NE(said({"box", "1 0 -1"}).find("\"+ 0.5\" behind its weights shows"), std::string::npos);
    EXPECT_NE(said({"1 2 1", "box"}).find("\"/ 4\" behind its weights keeps"), std::string::npos);
    EXPECT_EQ(said({"box", "laplacian:offset=0.5"}).find("add up"), std::string::npos);
}

TEST(FilterCommand, HopelessWorkIsRefusedWithItsNumber) {
    const TempFolder folder;
    save_image(Image(4000, 3000, 1, Depth::u8), folder / "large.png");
    std::string kernel;  // of full rank, as far as floats tell
    for (int row = 0; row < 300; ++row) {
        for (int col = 0; col < 999; ++col)
            kernel += std::to_string((row * row * 7 + col * col * 13 + row * col) % 997) + " ";
        kernel += ";";
    }
    const std::string file = folder.write("kernel.txt", kernel);
    const Ran wide =
        run_filter({folder / "large.png", folder / "out.png", "--kernel", "box:size=999", "--dilation", "999"});
    EXPECT_EQ(wide.code, kRefused);
    EXPECT_TRUE(wide.says("GiB of memory")) << wide.err;
    EXPECT_TRUE(wide.says("a dilation of at most 4 ")) << wide.err;
    EXPECT_FALSE(std::filesystem::exists(folder / "out.png"));
    const auto reason = too_much_work(step_from_text("@" + file), 40000, 3000, 3, Depth::u8);
    ASSERT_TRUE(reason.has_value());
    EXPECT_NE(english(*reason).find("1.1e+14 products"), std::string::npos) << english(*reason);
    EXPECT_FALSE(too_much_work(step_from_text("@" + file), 4000, 3000, 3, Depth::u8).has_value());
}

TEST(FilterCommand, APixelUnderAKernelThatReachesFarIsQuick) {
    const TempFolder folder;
    const std::string in = picture(folder, "one.png", 1, 1, 3);
    const Ran ran = run_filter({in, folder / "out.png", "--kernel", "box:size=999", "--dilation", "999"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    for (int c = 0; c < 3; ++c) EXPECT_EQ(load_image(folder / "out.png").sample(0, 0, c), 10 * (c + 1));
}

TEST(FilterCommand, NumbersThatFloat32DoesNotHoldAreRefused) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 3, 1);
    const auto with = [&](const char* option, const char* value) {
        return run_filter({in, folder / "out.npy", "--kernel", "box", "--save-as", "f32", option, value});
    };
    for (const auto& [option, value] : {std::pair{"--offset", "1e300"},
                                        {"--offset", "-1e38"},
                                        {"--divisor", "1e39"},
                                        {"--divisor", "1e-39"},
                                        {"--border-value", "1e300"}})
        EXPECT_EQ(with(option, value).code, kWrongUse) << option << ' ' << value;
    EXPECT_FALSE(std::filesystem::exists(folder / "out.npy"));
    EXPECT_EQ(with("--border-value", "1e30").code, kDone);
}

TEST(FilterCommand, ResultsThatAreNoNumbersAreCounted) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 3, 1);
    const Ran ran =
        run_filter({in, folder / "out.npy", "--kernel", "3e38", "--kernel", "laplacian", "--save-as", "f32"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    EXPECT_TRUE(ran.says("12 of the result's numbers are not finite (12 NaN, 0 infinite): ")) << ran.err;
    EXPECT_FALSE(run_filter({in, folder / "o.npy", "--kernel", "3", "--save-as", "f32"}).says("NaN"));
    const Ran bytes = run_filter({in, folder / "out.png", "--kernel", "3e38", "--kernel", "laplacian"});
    EXPECT_TRUE(bytes.says("12 of the result's numbers are not finite (12 NaN, 0 infinite): ")) << bytes.err;
    EXPECT_TRUE(bytes.says("The file has NaN as 0")) << bytes.err;
}

// 12 samples of 10, 20, ... 120.
TEST(FilterCommand, ValuesThatAreCutAreCountedWhateverTheDepth) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 3, 1);
    const auto err = [&](const std::string& kernel, const std::string& out, const std::string& depth) {
        std::vector<std::string> command = {in, folder / out, "--kernel", kernel};
        if (!depth.empty()) command.insert(command.end(), {"--save-as", depth});
        const Ran ran = run_filter(command);
        EXPECT_EQ(ran.code, kDone) << ran.err;
        return ran.err;
    };
    const std::string bright = err("3", "o.png", "u8");  // 30, 60, ... 360
    EXPECT_NE(bright.find("4 of the result's 12 values were below 0 or above 255 and were cut to that range; "
                          "--save-as f32 keeps them in .npy."),
              std::string::npos)
        << bright;
    const std::string words = err("3", "o.png", "u16");
    EXPECT_NE(words.find("4 of the result's 12 values were below 0 or above 65535 and were cut"), std::string::npos)
        << words;
    const std::string one = err("-300", "o.npy", "s16");  // -3000, ... -36000
    EXPECT_NE(one.find("2 of the result's 12 values were below -32768 or above 32767 and were cut"), std::string::npos)
        << one;
    const std::string single = err("2.15", "o.png", "u8");  // 258 alone
    EXPECT_NE(single.find("1 of the result's 12 values was below 0 or above 255 and was cut"), std::string::npos)
        << single;
    EXPECT_EQ(err("2", "o.png", "u8").find("cut"), std::string::npos);
    EXPECT_EQ(err("2.125", "o.png", "u8").find("cut"), std::string::npos) << "255 itself is kept";
    EXPECT_EQ(err("3", "o.npy", "f32").find("cut"), std::string::npos);
    const std::string own = err("3", "o.png", "");
    EXPECT_NE(own.find("4 of the result's 12 values were below 0 or above 255 and were cut to that range; convlens "
                       "filter --save-as f32 keeps them in .npy."),
              std::string::npos)
        << own;
}

// Nobody asks for bytes where floats go into a PNG.
TEST(FilterCommand, ValuesThatAreCutAreCountedWhereThePictureHeldMore) {
    const TempFolder folder;
    Image floats(4, 3, 1, Depth::f32);
    float value = 0;
    for (std::int64_t y = 0; y < 3; ++y)
        for (float& sample : floats.row<float>(y)) sample = value += 0.1F;  // 0.1 to 1.2
    save_image(floats, folder / "in.npy");
    const auto err = [&](const std::string& kernel, const std::string& out) {
        const Ran ran = run_filter({folder / "in.npy", folder / out, "--kernel", kernel});
        EXPECT_EQ(ran.code, kDone) << ran.err;
        return ran.err;
    };
    for (const char* out : {"o.png", "o.jpg"}) {
        const std::string said = err("1", out);
        EXPECT_NE(
            said.find("2 of the result's 12 values were below 0 or above 1 and were cut to that range; .tif or .npy "
                      "keep them."),
            std::string::npos)
            << said;
    }
    EXPECT_EQ(err("0.5", "o.png").find("cut"), std::string::npos);
    EXPECT_EQ(err("2", "o.npy").find("cut"), std::string::npos);
    // Signed numbers, too: -10, -20, ... -120.
    const std::string in = picture(folder, "in.png", 4, 3, 1);
    ASSERT_EQ(run_filter({in, folder / "signed.npy", "--kernel", "-1", "--save-as", "s16"}).code, kDone);
    const Ran signs = run_filter({folder / "signed.npy", folder / "o.png", "--kernel", "identity"});
    EXPECT_TRUE(signs.says("12 of the result's 12 values were below 0 or above 255")) << signs.err;
    EXPECT_FALSE(signs.says("rounded")) << signs.err;
}

TEST(FilterCommand, WhatIsLeftOutOfAPictureIsSaidAndIsInTheJson) {
    const TempFolder folder;
    save_image(Image(3, 2, 3, Depth::u8), folder / "plain.jpg");
    const std::string jpeg =
        folder.write("in.jpg", test::jpeg_with_profile(folder.read("plain.jpg"), test::adobe_rgb()));
    const std::string gif = folder.write("in.gif", test::animated_gif(3));
    const auto check = [&](const std::string& in, const std::string& words, const char* out = "out.png") {
        const Ran ran = run_filter({in, folder / out, "--kernel", "sobel_x", "--json"});
        ASSERT_EQ(ran.code, kDone) << ran.err;
        EXPECT_NE(ran.err.find(words), std::string::npos) << ran.err;
        const json notes = ran.lines().at(0).at("notes");
        ASSERT_EQ(notes.size(), 2U) << notes;
        EXPECT_NE(notes.at(0).get<std::string>().find("add up to 0"), std::string::npos) << notes;
        EXPECT_NE(notes.at(1).get<std::string>().find(words), std::string::npos) << notes;
    };
    check(jpeg, "The image's colour profile (Adobe RGB (1998)) was left out", "out.bmp");
    check(gif, "The image has 3 frames; only the first was filtered.");
    save_image(Image(3, 2, 3, Depth::u8), folder / "plain.png");
    const std::string png =
        folder.write("in.png", test::with_chunk(folder.read("plain.png"), "gAMA", test::big(100000, 4)));
    check(png, "The image's colour profile (gAMA 1: linear light) was left out: its values were used as stored");
    const Ran plain = run_filter({folder / "plain.jpg", folder / "out.png", "--kernel", "box", "--json"});
    EXPECT_EQ(plain.lines().at(0).at("notes"), json::array());
}

TEST(FilterCommand, TheColourProfileAndTheResolutionAreInTheNewFile) {
    const TempFolder folder;
    save_image(Image(6, 4, 3, Depth::u8), folder / "plain.jpg", {}, {{}, {300, 300}});
    const std::string in = folder.write("in.jpg", test::jpeg_with_profile(folder.read("plain.jpg"), test::adobe_rgb()));
    for (const char* name : {"out.png", "out.jpg"}) {
        const Ran ran = run_filter({in, folder / name, "--kernel", "box", "--json"});
        EXPECT_EQ(ran.lines().at(0).at("notes"), json::array()) << name;
        const ImageInfo info = image_info(folder / name);
        EXPECT_EQ(english(info.profile.name), "Adobe RGB (1998)") << name;
        EXPECT_NEAR(info.tags.resolution.x, 300, 0.01) << name;
        // Every second pixel is left out, so that there are half as many to the inch.
        ASSERT_EQ(run_filter({in, folder / name, "--kernel", "box", "--stride", "2"}).code, kDone);
        EXPECT_NEAR(image_info(folder / name).tags.resolution.y, 150, 0.02) << name;
    }
}

TEST(FilterCommand, NormalizeSaysWhereItCannot) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 3, 1);
    const Ran zero = run_filter({in, folder / "out.png", "--kernel", "sobel_x", "--normalize"});
    EXPECT_TRUE(zero.says("sobel_x: --normalize has no effect")) << zero.err;
    EXPECT_FALSE(run_filter({in, folder / "out.png", "--kernel", "1 2 1", "--normalize"}).says("no effect"));
}

TEST(FilterCommand, AnAutomaticSigmaIsSaid) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 3, 1);
    const auto err = [&](const std::string& kernel) {
        return run_filter({in, folder / "out.png", "--kernel", kernel}).err;
    };
    const std::string table = err("gaussian:sigma=0");
    EXPECT_NE(table.find("kernel 5×5, sigma automatic (OpenCV's table)"), std::string::npos) << table;
    const std::string formula = err("gaussian:size=11");  // 0.3·(5 − 1) + 0.8
    EXPECT_NE(formula.find("kernel 11×11, sigma 2 (automatic)"), std::string::npos) << formula;
    EXPECT_EQ(err("gaussian:sigma=1.5").find("automatic"), std::string::npos);
    EXPECT_EQ(err("box").find("automatic"), std::string::npos);
}

TEST(FilterCommand, ChannelsThatStayAreNotCountedAsCut) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 2, 2, 3);  // red 10, 40, 70, 100
    const Ran ran = run_filter({in, folder / "o.png", "--kernel", "3", "--channels", "r", "--save-as", "u8"});
    EXPECT_TRUE(ran.says("1 of the result's 12 values was below 0")) << ran.err;
}

TEST(FilterCommand, OptionsThatContradictEachOtherAreRefused) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 3, 1);
    const auto with = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {in, folder / "out.png", "--kernel", "box"});
        return run_filter(options).code;
    };
    EXPECT_EQ(with({"--border", "reflect", "--border-value", "200"}), kWrongUse);
    EXPECT_EQ(with({"--normalize", "--divisor", "3"}), kWrongUse);
    EXPECT_EQ(with({"--threads", "1000000000"}), kWrongUse);
    const Ran threads = run_filter({in, folder / "out.png", "--kernel", "box", "--threads", "1000000000"});
    EXPECT_TRUE(threads.says("--threads must be from 0 to 1024 (0: all cores, ")) << threads.err;
    EXPECT_EQ(with({"--border", "constant", "--border-value", "200"}), kDone);
    EXPECT_EQ(with({"--threads", "3"}), kDone);
}

TEST(FilterCommand, TheLossOfDepthIsSaid) {
    const TempFolder folder;
    Image deep(5, 4, 1, Depth::u16);
    for (std::int64_t y = 0; y < 4; ++y) std::ranges::fill(deep.row<std::uint16_t>(y), std::uint16_t{1000});
    save_image(deep, folder / "deep.png");
    const std::string shallow = picture(folder, "shallow.png", 5, 4, 1);
    const auto err = [&](const std::string& in, const std::string& out) {
        return run_filter({in, folder / out, "--kernel", "box"}).err;
    };
    for (const char* ending : {".jpg", ".bmp", ".tga"}) {
        const std::string said = err(folder / "deep.png", std::string("o") + ending);
        EXPECT_NE(said.find(std::string(ending) + " holds 8 bits a sample"), std::string::npos) << said;
        EXPECT_NE(said.find(".png, .tif or .npy keep them"), std::string::npos) << said;
        EXPECT_EQ(err(shallow, std::string("s") + ending).find("holds"), std::string::npos);
    }
    EXPECT_EQ(err(folder / "deep.png", "o.png").find("holds"), std::string::npos);
}

TEST(FilterCommand, NamesOfFilesAreMadePrintable) {
    const TempFolder folder;
    const std::string in = picture(folder, "a\nb.png", 4, 3, 1);
    const Ran ran = run_filter({in, folder / "c\nd.png", "--kernel", "box"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    EXPECT_TRUE(ran.says("a\\nb.png")) << ran.err;
    EXPECT_EQ(std::ranges::count(ran.err, '\n'), 1) << ran.err;
}

TEST(FilterCommand, KeepsOrChangesTheDepth) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 4, 3);
    ASSERT_EQ(run_filter({in, folder / "u16.png", "--kernel", "identity", "--save-as", "u16"}).code, kDone);
    EXPECT_EQ(image_info(folder / "u16.png").depth, Depth::u16);
    ASSERT_EQ(run_filter({in, folder / "f32.npy", "--kernel", "-1", "--save-as", "f32"}).code, kDone);
    EXPECT_LT(read_npy(folder / "f32.npy").data.at(0), 0);  // not clamped
    EXPECT_EQ(run_filter({in, folder / "f64.npy", "--kernel", "box", "--save-as", "f64"}).code, kWrongUse);
}

TEST(FilterCommand, DerivativesKeepTheirNegativeHalfAsSignedNumbers) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 31, 9, 3);
    const Ran ran = run_filter({in, folder / "out.npy", "--kernel", "sobel_x", "--save-as", "s16", "--json"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    EXPECT_EQ(ran.lines().at(0).at("depth"), "s16");
    const NpyArray array = read_npy(folder / "out.npy");
    EXPECT_EQ(array.type, "<i2");
    ASSERT_EQ(array.shape, (std::vector<std::int64_t>{9, 31, 3}));
    EXPECT_LT(std::ranges::min(array.data), -255);
    const Image before = load_image(in);
    const FilterStep step = step_from_text("sobel_x");
    std::size_t at = 0;
    for (std::int64_t y = 0; y < 9; ++y)
        for (std::int64_t x = 0; x < 31; ++x)
            for (int c = 0; c < 3; ++c) ASSERT_EQ(array.data[at++], test::naive_sum(before, step, x, y, c).value);
}

TEST(FilterCommand, ADepthThatTheEndingDoesNotHoldIsRefusedBeforeAnythingIsComputed) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 3, 3);
    const auto with = [&](const std::string& name, const char* depth) {
        return run_filter({in, folder / name, "--kernel", "sobel_x", "--save-as", depth});
    };
    struct Pair {
        const char* name;
        const char* depth;
        bool held;
        const char* endings;  // that hold it
    };
    constexpr Pair kPairs[] = {
        {"o.png", "u8", true, ""},
        {"o.png", "u16", true, ""},
        {"o.png", "s16", false, ".npy"},
        {"o.png", "f32", false, "f32; .tif or .npy does"},
        {"o.jpg", "u16", false, ".png, .tif or .npy"},
        {"o.JPEG", "f32", false, "f32; .tif or .npy does"},
        {"o.bmp", "u16", false, ".png, .tif or .npy"},
        {"o.tga", "s16", false, ".npy"},
        {"o.hdr", "f32", true, ""},
        {"o.hdr", "u8", false, ".png, .tif, .webp, .bmp, .tga or .npy"},
        {"o.npy", "u8", true, ""},
        {"o.npy", "u16", true, ""},
        {"o.npy", "s16", true, ""},
        {"o.npy", "f32", true, ""},
    };
    for (const Pair& pair : kPairs) {
        const Ran ran = with(pair.name, pair.depth);
        EXPECT_EQ(ran.code, pair.held ? kDone : kWrongUse) << pair.name << ' ' << pair.depth;
        EXPECT_EQ(std::filesystem::exists(folder / pair.name), pair.held) << pair.name;
        if (pair.held) {
            EXPECT_EQ(name(image_info(folder / pair.name).depth), pair.depth);
        } else {
            EXPECT_TRUE(ran.says(pair.endings)) << ran.err;
        }
        std::filesystem::remove(folder / pair.name);
    }
    // Before anything is read, even.
    const Ran missing = run_filter({folder / "no.png", folder / "o.jpg", "--kernel", "box", "--save-as", "f32"});
    EXPECT_TRUE(missing.says("does not hold f32")) << missing.err;
}

TEST(FilterCommand, InAFolderTheEndingFollowsTheDepth) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.jpg", 4, 3, 3);
    const auto entry = [&](const char* depth, const char* name) {
        EXPECT_EQ(run_filter({in, folder / "out/", "--kernel", "box", "--save-as", depth}).code, kDone);
        return std::filesystem::exists(folder / name);
    };
    EXPECT_TRUE(entry("u8", "out/in.jpg"));
    EXPECT_TRUE(entry("u16", "out/in.png"));
    EXPECT_TRUE(entry("f32", "out/in.npy"));
    EXPECT_EQ(image_info(folder / "out/in.npy").depth, Depth::f32);
}

// Rounded and clamped once, to what the file holds; the report says that depth.
TEST(FilterCommand, WithoutSaveAsTheFilesOwnDepthIsReported) {
    const TempFolder folder;
    Image deep(2, 1, 1, Depth::u16);
    deep.row<std::uint16_t>(0)[0] = 385;  // 1.498 of 255
    deep.row<std::uint16_t>(0)[1] = 60000;
    save_image(deep, folder / "deep.png");
    const auto depth = [&](const char* out) {
        const Ran ran = run_filter({folder / "deep.png", folder / out, "--kernel", "identity", "--json"});
        EXPECT_EQ(ran.code, kDone) << ran.err;
        return ran.lines().at(0).at("depth").get<std::string>();
    };
    EXPECT_EQ(depth("o.png"), "u16");
    EXPECT_EQ(depth("o.bmp"), "u8");
    EXPECT_EQ(depth("o.npy"), "u16");
    EXPECT_EQ(depth("o.hdr"), "f32");
    EXPECT_EQ(load_image(folder / "o.bmp").sample(0, 0, 0), 1);
    EXPECT_EQ(load_image(folder / "o.bmp").sample(1, 0, 0), 233);
    EXPECT_EQ(load_image(folder / "o.npy").sample(0, 0, 0), 385);
}

// What filter writes it reads, with the same numbers, and filters on.
TEST(FilterCommand, ArraysAreFilteredLikeTheImagesThatTheyAre) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 31, 9, 3);
    const auto filtered = [&](const std::string& from, const char* to, const char* kernel, const char* depth) {
        const Ran ran = run_filter({from, folder / to, "--kernel", kernel, "--save-as", depth});
        EXPECT_EQ(ran.code, kDone) << ran.err;
        return folder / to;
    };
    for (const char* depth : {"u8", "u16", "s16", "f32"}) {
        const std::string array = filtered(in, "a.npy", "sobel_x", depth);
        const Image before = load_image(array);
        ASSERT_EQ(name(before.depth()), depth);
        const std::string same = filtered(array, "b.npy", "identity", depth);
        EXPECT_EQ(folder.read("a.npy"), folder.read("b.npy")) << depth;
        for (const char* kernel : {"box:size=5", "gaussian:size=9", "scharr_y", "0 0 0.5 0.25; 1 0 -0.75 2"}) {
            const Image after = load_image(filtered(array, "c.npy", kernel, "f32"));
            const FilterStep step = step_from_text(kernel);
            for (const auto& [x, y, c] : {std::array{0, 0, 2}, std::array{17, 4, 0}, std::array{30, 8, 1}}) {
                const double expected = test::naive_sum(before, step, x, y, c).value / white(before.depth());
                EXPECT_NEAR(after.sample(x, y, c), expected, 2e-5) << depth << ' ' << kernel << ' ' << x;
            }
        }
    }
}

TEST(FilterCommand, TheSizeOfTheKernelIsSaid) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 5, 4, 1);
    const Ran ran = run_filter({in, folder / "o.png", "--kernel", "0,5 0,25; 1 2", "--kernel", "1 2 3 / 6", "--json"});
    EXPECT_EQ(ran.code, kDone) << ran.err;
    EXPECT_TRUE(ran.says("custom, kernel 2×2,")) << ran.err;
    EXPECT_TRUE(ran.says("custom, kernel 1×3,")) << ran.err;
    EXPECT_EQ(ran.lines().at(0).at("steps").at(1).at("size"), json({1, 3}));
    const Ran open = run_filter({in, folder / "p.png", "--kernel", "0,25;0,5;0,25"});
    EXPECT_EQ(open.code, kWrongUse);
    EXPECT_TRUE(open.says("3×2 (0 25; 0 5; 0 25)")) << open.err;
    EXPECT_TRUE(open.says("3×1 (0.25; 0.5; 0.25)")) << open.err;
    EXPECT_FALSE(std::filesystem::exists(folder / "p.png"));
}

TEST(FilterCommand, SignedNumbersAreMadeOnTheProcessor) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 4, 1);
    const auto on = [&](const char* backend) {
        return run_filter({in, folder / "out.npy", "--kernel", "sobel_x", "--save-as", "s16", "--backend", backend});
    };
    const Ran gpu = on("gpu");
    EXPECT_EQ(gpu.code, kRefused);
    EXPECT_TRUE(gpu.says("processor only"));
    EXPECT_EQ(on("auto").code, kDone);
    EXPECT_EQ(on("cpu").code, kDone);
}

TEST(FilterCommand, TheSampleNeedsNoFile) {
    const TempFolder folder;
    ASSERT_EQ(run_filter({"sample", folder / "out.png", "--kernel", "identity"}).code, kDone);
    EXPECT_EQ(load_image(folder / "out.png").sample(100, 100, 1), sample_image()->sample(100, 100, 1));
}

TEST(FilterCommand, SeveralPicturesGoIntoAFolder) {
    const TempFolder folder;
    const std::string a = picture(folder, "a.png", 3, 3, 1);
    const std::string b = picture(folder, "b.png", 3, 3, 1);
    const std::string out = folder / "new/results";
    const Ran ran = run_filter({a, b, out, "--kernel", "box", "--json"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    EXPECT_EQ(ran.lines().size(), 2U);
    EXPECT_TRUE(std::filesystem::exists(out + "/a.png"));
    EXPECT_TRUE(std::filesystem::exists(out + "/b.png"));
    const Ran twice = run_filter({a, a, out, "--kernel", "box"});
    EXPECT_EQ(twice.code, kRefused);
    EXPECT_TRUE(twice.says("would both be written"));
}

TEST(FilterCommand, KernelsComeFromFilesToo) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 4, 1);
    const std::string kernel = folder.write("kernel.txt", "1 1 1\n1 1 1\n1 1 1 / 9\n");
    ASSERT_EQ(run_filter({in, folder / "file.png", "--kernel", "@" + kernel}).code, kDone);
    ASSERT_EQ(run_filter({in, folder / "name.png", "--kernel", "box"}).code, kDone);
    EXPECT_EQ(folder.read("file.png"), folder.read("name.png"));
    const Ran empty = run_filter({in, folder / "out.png", "--kernel", "@" + folder.write("empty.txt", "")});
    EXPECT_EQ(empty.code, kRefused);
    EXPECT_TRUE(empty.says("empty.txt"));
    EXPECT_EQ(run_filter({in, folder / "out.png", "--kernel", "@" + (folder / "missing.txt")}).code, kRefused);
    const Ran nameless = run_filter({in, folder / "out.png", "--kernel", "@"});
    EXPECT_EQ(nameless.code, kWrongUse);
    EXPECT_TRUE(nameless.says("--kernel @: write the name of a file")) << nameless.err;
    const Ran no_text = run_filter({in, folder / "out.png", "--kernel", "@" + in});
    EXPECT_EQ(no_text.code, kRefused);
    EXPECT_TRUE(no_text.says("in.png: is a PNG image, not a text with a kernel's numbers")) << no_text.err;
}

TEST(FilterCommand, RefusesWithReasonAndFix) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 4, 1);
    const std::string out = folder / "out.png";
    const Ran misspelt = run_filter({in, out, "--kernel", "gausian"});
    EXPECT_EQ(misspelt.code, kWrongUse);
    EXPECT_TRUE(misspelt.says("gaussian"));
    EXPECT_EQ(run_filter({in, out, "--kernel", "1 2; 3"}).code, kWrongUse);
    EXPECT_EQ(run_filter({in, out, "--kernel", "box", "--threads", "-1"}).code, kWrongUse);
    const Ran negative = run_filter({in, out, "--kernel", "gaussian:sigma=-1"});
    EXPECT_TRUE(negative.says("sigma must be from 0 to 999, not -1\n")) << negative.err;
    EXPECT_EQ(run_filter({in, out, "--kernel", "box", "--divisor", "0"}).code, kWrongUse);
    EXPECT_EQ(run_filter({in, out, "--kernel", "box", "--offset", "nan"}).code, kWrongUse);
    EXPECT_EQ(run_filter({in, out, "--kernel", "box", "--stride", "0"}).code, kWrongUse);
    EXPECT_EQ(run_filter({in, out, "--kernel", "box", "--dilation", "-1"}).code, kWrongUse);
    EXPECT_EQ(run_filter({in, out}).code, kWrongUse);
    EXPECT_EQ(run_filter({in, "--kernel", "box"}).code, kWrongUse);
    EXPECT_EQ(run_filter({in, out, "--kernel", "box", "--border", "mirror"}).code, kWrongUse);
    EXPECT_EQ(run_filter({in, out, "--kernel", "box", "--channels", "x"}).code, kWrongUse);
    EXPECT_FALSE(std::filesystem::exists(out));
}

TEST(FilterCommand, BrokenPicturesAndPlacesAreRefusedAndLeaveNothing) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 4, 1);
    const std::string half = folder.write("half.png", folder.read("in.png").substr(0, 40));
    EXPECT_EQ(run_filter({half, folder / "out.png", "--kernel", "box"}).code, kRefused);
    EXPECT_EQ(run_filter({folder / "missing.png", folder / "out.png", "--kernel", "box"}).code, kRefused);
    EXPECT_EQ(run_filter({folder.path().string(), folder / "out.png", "--kernel", "box"}).code, kRefused);
    const Ran ending = run_filter({in, folder / "out.xyz", "--kernel", "box"});
    EXPECT_EQ(ending.code, kRefused);
    EXPECT_TRUE(ending.says("out.xyz"));
    EXPECT_EQ(run_filter({in, folder / "no/such/out.png", "--kernel", "box"}).code, kRefused);
    EXPECT_EQ(folder.entries(), 2);
}

TEST(FilterCommand, WarnsWhereTheBrightnessChanges) {
    const TempFolder folder;
    const std::string in = picture(folder, "in.png", 4, 4, 1);
    EXPECT_TRUE(run_filter({in, folder / "out.png", "--kernel", "1 1 1"}).says("add up to 3"));
    EXPECT_FALSE(run_filter({in, folder / "out.png", "--kernel", "box"}).says("add up"));
}

}  // namespace
}  // namespace convlens
