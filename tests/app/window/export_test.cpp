// Figures and photos are written as the command line writes them.
#include "app/window/export.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "app/photo/worker.h"
#include "core/io/error.h"
#include "core/io/image/image_file.h"
#include "tests/app/cli/run.h"
#include "tests/app/temp_folder.h"
#include "tests/core/io/image/made_files.h"

namespace convlens {
namespace {

// All samples differ from their neighbours by much, so that filters leave the range.
template <typename Sample>
Image picture(int channels, Depth depth, float white) {
    Image image(23, 17, channels, depth);
    std::uint32_t state = 5;
    for (std::int64_t y = 0; y < image.height(); ++y)
        for (Sample& sample : image.row<Sample>(y)) {
            state = state * 1664525U + 1013904223U;
            sample = static_cast<Sample>(static_cast<float>(state >> 8U) / static_cast<float>(1U << 24U) * white);
        }
    return image;
}

std::vector<FilterStep> chain_of(const std::vector<std::string>& names) {
    std::vector<FilterStep> chain;
    for (const std::string& name : names) {
        FilterStep step;
        step.name = name;
        step.kernel = parse_kernel(name);
        chain.push_back(step);
    }
    return chain;
}

// As the window has it.
std::shared_ptr<const PhotoResult> filtered(const std::string& path, const std::vector<FilterStep>& chain) {
    PhotoWorker worker([] {});
    worker.filter(*load_photo(path).result, chain);
    for (int i = 0; i < 20000; ++i) {
        if (const auto outcome = worker.take()) return std::make_shared<const PhotoResult>(*outcome->result);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return nullptr;
}

// Writes the photo at `in` in every format, by the window and by the command line.
void compare(const TempFolder& folder, const std::string& in, const std::vector<std::string>& kernels) {
    const auto result = filtered(in, chain_of(kernels));
    ASSERT_TRUE(result);
    const bool coloured = load_image(in).colour_channels() > 1;
    for (const ImageFormat& format : image_formats()) {
        if (format.ending == ".pgm" && coloured) continue;  // holds grey only, and says so
        const std::string ours = "window" + std::string(format.ending), theirs = "line" + std::string(format.ending);
        const FileJob::Order order = photo_order(result, folder / ours);
        ASSERT_TRUE(order.write({}));
        std::vector<std::string> arguments{"filter", in, folder / theirs, "--backend", "cpu", "--overwrite"};
        for (const std::string& kernel : kernels) arguments.insert(arguments.end(), {"--kernel", kernel});
        const Ran ran = run(arguments);
        ASSERT_EQ(ran.code, 0) << ran.err;
        EXPECT_TRUE(folder.read(ours) == folder.read(theirs)) << in << " as " << format.ending;
        std::string said;
        for (const Message& note : *order.notes) said += folder / theirs + ": " + english(note) + '\n';
        EXPECT_NE(ran.err.find("ms\n" + said), std::string::npos) << said << "is not in\n" << ran.err;
        EXPECT_EQ(said.empty(), ran.err.find("\n" + (folder / theirs) + ": ") == std::string::npos) << ran.err;
    }
}

TEST(PhotoOrder, WritesWhatTheCommandLineWrites) {
    const TempFolder folder;
    for (const int channels : {1, 2, 3, 4}) {
        const std::string c = std::to_string(channels);
        save_image(picture<std::uint8_t>(channels, Depth::u8, 255), folder / ("u8 " + c + ".png"));
        save_image(picture<std::uint16_t>(channels, Depth::u16, 65535), folder / ("u16 " + c + ".png"));
        save_image(picture<float>(channels, Depth::f32, 1), folder / ("f32 " + c + ".npy"));
        for (const std::string& name : {"u8 " + c + ".png", "u16 " + c + ".png", "f32 " + c + ".npy"}) {
            compare(folder, folder / name, {"sharpen"});
            compare(folder, folder / name, {"unsharp", "sobel_x"});
        }
    }
    save_image(picture<float>(3, Depth::f32, 3), folder / "bright.hdr");
    compare(folder, folder / "bright.hdr", {"sharpen"});
}

TEST(PhotoOrder, SaysWhatTheFileDoesNotHold) {
    const TempFolder folder;
    save_image(picture<std::uint8_t>(3, Depth::u8, 255), folder / "plain.jpg");
    const std::string in = folder.write("in.jpg", test::jpeg_with_profile(folder.read("plain.jpg"), test::adobe_rgb()));
    const auto result = filtered(in, chain_of({"laplacian"}));
    ASSERT_TRUE(result);
    const FileJob::Order order = photo_order(result, folder / "a.hdr");
    ASSERT_TRUE(order.write({}));
    ASSERT_EQ(order.notes->size(), 3U);
    EXPECT_NE(english(order.notes->at(0)).find("values were rounded"), std::string::npos)
        << english(order.notes->at(0));
    EXPECT_NE(english(order.notes->at(1)).find("were below 0 or above 1.7e+38 and were cut"), std::string::npos)
        << english(order.notes->at(1));
    EXPECT_NE(english(order.notes->at(2)).find("Adobe RGB (1998)"), std::string::npos) << english(order.notes->at(2));
    // Its own bytes cut as much.
    const FileJob::Order bytes = photo_order(result, folder / "a.png");
    ASSERT_TRUE(bytes.write({}));
    ASSERT_EQ(bytes.notes->size(), 1U);
    EXPECT_EQ(english(image_info(folder / "a.png").profile.name), "Adobe RGB (1998)");
    EXPECT_NE(english(bytes.notes->at(0)).find("values were below 0 or above 255 and were cut"), std::string::npos)
        << english(bytes.notes->at(0));
    compare(folder, in, {"laplacian"});
}

TEST(PhotoOrder, LosesNothingThatTheFileHolds) {
    const TempFolder folder;
    save_image(picture<std::uint8_t>(3, Depth::u8, 255), folder / "a.png");
    const auto result = filtered(folder / "a.png", chain_of({"sharpen"}));
    ASSERT_TRUE(result);
    ASSERT_TRUE(photo_order(result, folder / "a.hdr").write({}));
    float most = 0;
    const Image read = load_image(folder / "a.hdr");
    for (std::int64_t y = 0; y < read.height(); ++y)
        for (const float sample : read.row<float>(y)) most = std::max(most, sample);
    EXPECT_GT(most, 2) << "white is 1";
    ASSERT_TRUE(photo_order(result, folder / "a.npy").write({}));
    EXPECT_EQ(load_image(folder / "a.npy").depth(), Depth::u8) << "an array keeps the photo's own depth";
}

TEST(PhotoOrder, StopsWhileTheLastStepIsComputedAnew) {
    const TempFolder folder;
    save_image(picture<std::uint8_t>(3, Depth::u8, 255), folder / "a.png");
    const auto result = filtered(folder / "a.png", chain_of({"sharpen"}));
    ASSERT_TRUE(result);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(photo_order(result, folder / "a.hdr").write({stop.get_token(), {}}));
    EXPECT_EQ(folder.entries(), 1);
}

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(WindowExport, AFigureIsWrittenAsItsNameEnds) {
    const TempFolder folder;
    const Session session(first_document());
    const std::pair<const char*, const char*> beginnings[] = {
        {"a.png", "\x89PNG"}, {"a.SVG", "<?xml"}, {"a.pdf", "%PDF-"}, {"a.gif", "GIF89a"}};
    EXPECT_EQ(std::size(beginnings), figure_formats().size());
    for (const auto& [name, beginning] : beginnings) {
        EXPECT_TRUE(figure_order(session, folder / name).write({})) << name;
        EXPECT_TRUE(bytes_of(folder / name).starts_with(beginning)) << name;
    }
}

TEST(WindowExport, LettersOfVectorsAreSelectableOnDemand) {
    const TempFolder folder;
    Session session(first_document());
    ASSERT_TRUE(figure_order(session, folder / "a.svg").write({}));
    EXPECT_EQ(bytes_of(folder / "a.svg").find("<text"), std::string::npos);
    session.ui.settings.selectable_text = true;
    ASSERT_TRUE(figure_order(session, folder / "a.svg").write({}));
    EXPECT_NE(bytes_of(folder / "a.svg").find("<text"), std::string::npos);
}

TEST(WindowExport, ANameThatNoFormatHasIsRefusedWithTheNamesThatDo) {
    const TempFolder folder;
    const Session session(first_document());
    try {
        figure_order(session, folder / "a.bmp").write({});
        FAIL() << "something was written";
    } catch (const FileError& error) {
        for (const FigureFormat& format : figure_formats())
            EXPECT_NE(error.reason().find(format.ending), std::string::npos) << error.reason();
    }
    EXPECT_EQ(folder.entries(), 0);
}

TEST(Export, AFigureIsInTheLanguageOfTheWindow) {
    const TempFolder folder;
    Session session(first_document());
    session.ui.settings.selectable_text = true;
    const auto figure = [&](Lang lang) {
        session.ui.lang = lang;
        EXPECT_TRUE(figure_order(session, folder / "a.svg").write({}));
        return folder.read("a.svg");
    };
    const std::string english = figure(Lang::english), chinese = figure(Lang::chinese);
    EXPECT_NE(english.find("input"), std::string::npos);
    EXPECT_EQ(english.find("输入"), std::string::npos);
    EXPECT_NE(chinese.find("输入"), std::string::npos);
}

}  // namespace
}  // namespace convlens
