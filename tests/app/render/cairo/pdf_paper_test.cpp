// What can be told of a PDF file from its bytes alone; tests/peers reads it as its viewers do.
#include "app/render/cairo/pdf_paper.h"

#include <regex>
#include <thread>

#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/views/build.h"
#include "tests/app/render/pixels.h"

namespace convlens {
namespace {

Scene first_scene() {
    const auto fonts = make_font_metrics();
    SceneOptions options;
    const Derived derived = derive_all(*preset_document("padding_strides"));
    return build_scene(derived, {step_count(derived), 0}, light_theme(), options, *fonts);
}

TEST(Pdf, IsOnePageOfTheFiguresSize) {
    const std::string file = *pdf_of(first_scene(), TextAs::paths);
    EXPECT_TRUE(file.starts_with("%PDF-1."));
    EXPECT_NE(file.find("%%EOF"), std::string::npos);
    EXPECT_TRUE(std::regex_search(file, std::regex(R"(/MediaBox \[ 0 0 720 405 \])")));
    EXPECT_NE(file.find("/Count 1"), std::string::npos);
}

TEST(Pdf, TheSameFigureIsTheSameFileWithoutADate) {
    const Scene scene = first_scene();
    for (const TextAs text : {TextAs::paths, TextAs::selectable}) {
        const std::string file = *pdf_of(scene, text);
        EXPECT_EQ(file.find("CreationDate"), std::string::npos);
        EXPECT_EQ(*pdf_of(scene, text), file);
        std::jthread([&] { EXPECT_EQ(*pdf_of(scene, text), file); }).join();
    }
}

TEST(Pdf, FontsAreInTheFileWhereTextIsSelectable) {
    const std::string paths = *pdf_of(first_scene(), TextAs::paths);
    EXPECT_EQ(paths.find("/Font"), std::string::npos);
    const std::string text = *pdf_of(first_scene(), TextAs::selectable);
    for (const char* font : {"+Inter", "+JetBrains", "/ToUnicode"})
        EXPECT_NE(text.find(font), std::string::npos) << font;
}

TEST(Pdf, PhotosAndBrokenTextDoNotBreakIt) {
    Scene scene = blank_scene(100, 80);
    ImageMark photo;
    Image image(3, 2, 3, Depth::u8);
    photo.image = std::make_shared<const Image>(std::move(image));
    photo.source = {0, 0, 3, 2};
    photo.target = {10, 20, 60, 40};
    photo.nearest = true;
    scene.marks.emplace_back(photo);
    TextMark text;
    text.text = "a\x01\xFF\xED\xA0\x80z";
    text.at = {5, 5};
    scene.marks.emplace_back(text);
    const std::string file = *pdf_of(scene, TextAs::selectable);
    EXPECT_NE(file.find("/Subtype /Image"), std::string::npos);
    EXPECT_NE(file.find("/Interpolate false"), std::string::npos);
}

TEST(Pdf, WhatIsStoppedGivesNothing) {
    std::stop_source stopped;
    stopped.request_stop();
    EXPECT_FALSE(pdf_of(first_scene(), TextAs::paths, Progress{.stopped = stopped.get_token()}));
}

}  // namespace
}  // namespace convlens
