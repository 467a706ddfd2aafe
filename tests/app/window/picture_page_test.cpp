// What presenter mode is for: every preset is drawn larger than beside open panels, and can be read from the last row.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/views/build.h"
#include "app/window/first_arrangement.h"
#include "app/window/style.h"

namespace convlens {
namespace {

struct Size {
    float width, height;
};
constexpr std::array kSizes{Size{1280, 720}, Size{1024, 768}, Size{1920, 1080}};

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

struct Drawn {
    Page page;
    Scene scene;
};

Drawn drawn(const Derived& derived, std::int64_t step, const Size& size, bool presenter) {
    const float text = text_pixels(1, 1, presenter, size.height);
    SceneOptions options;
    options.page = picture_page(size.width, size.height, text, presenter);
    return {options.page, build_scene(derived, {step, 0}, dark_theme(), options, fonts())};
}

// The planes of a picture by part: the smallest cells of each, and the smallest of its numbers (0 without any). Of several
// panes the one with the smallest cells decides from where the picture can be read.
struct PlaneSize {
    float pitch = 0, digits = 0;
};
std::map<Part, PlaneSize> planes(const Scene& scene) {
    std::map<Part, PlaneSize> found;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr) continue;
        const float digits = grid->texts.empty() ? 0 : grid->text_size;
        const auto [at, is_new] = found.try_emplace(grid->id.part, PlaneSize{grid->pitch, digits});
        if (is_new) continue;
        at->second.pitch = std::min(at->second.pitch, grid->pitch);
        if (digits > 0) at->second.digits = at->second.digits > 0 ? std::min(at->second.digits, digits) : digits;
    }
    return found;
}

// One size for all numbers of a plane: half of a cell, less where a longer number needs the width, never too small.
void expect_digits(const Drawn& picture, const std::string& where) {
    for (const Mark& mark : picture.scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr || grid->texts.empty()) continue;
        const float cell = std::min(grid->pitch, grid->height());
        EXPECT_GE(grid->text_size, picture.page.least_text) << where;
        std::size_t longest = 0;
        for (const GridText& text : grid->texts) {
            const auto characters = std::ranges::count_if(text.text, [](char c) { return (c & 0xC0) != 0x80; });
            longest = std::max(longest, static_cast<std::size_t>(characters));
            EXPECT_LE(fonts().text_width(text.text, grid->text_size, Face::mono), grid->pitch - 1) << where;
        }
        const bool least = grid->text_size == picture.page.least_text;
        if (least) continue;
        EXPECT_LE(grid->text_size, cell * 0.5F) << where;
        EXPECT_GE(grid->text_size, longest <= 2 ? cell * 0.45F : 0) << where;
    }
}

TEST(PicturePage, PresenterModeEnlargesEveryPreset) {
    for (const PresetInfo& preset : presets()) {
        if (!has_document(preset)) continue;
        const Derived derived = derive_all(*preset_document(preset.name));
        for (const Size& size : kSizes) {
            for (const std::int64_t step : {std::int64_t{1}, step_count(derived)}) {
                const std::string where =
                    fmt::format("{} at {}x{}, step {}", preset.name, size.width, size.height, step);
                const Drawn beside = drawn(derived, step, size, false), presented = drawn(derived, step, size, true);
                const auto before = planes(beside.scene), after = planes(presented.scene);
                ASSERT_EQ(before.size(), after.size()) << where;
                // Above several panes words that are read from the last row take what the hidden panels give.
                const float least = derived.document.panes.size() > 1 ? 0.9F : 1.0F;
                for (const auto& [plane, sizes] : before) {
                    const PlaneSize now = after.at(plane);
                    EXPECT_GT(now.pitch, sizes.pitch * least) << where;
                    EXPECT_TRUE(sizes.digits == 0 || now.digits > sizes.digits * least)
                        << where << ": " << sizes.digits << " to " << now.digits;
                }
                expect_digits(beside, where + ", panels");
                expect_digits(presented, where + ", presenter mode");
            }
        }
    }
}

TEST(PicturePage, WordsCanBeReadFromTheLastRow) {
    for (const Size& size : kSizes) {
        const float text = text_pixels(1, 1, true, size.height);
        EXPECT_GE(picture_page(size.width, size.height, text, true).least_text, size.height / 45);
        EXPECT_LT(text, size.height / 30) << "and leave the room to the cells";
    }
    EXPECT_EQ(picture_page(1280, 720, text_pixels(1, 1, false, 720), false).least_text, 11);
    EXPECT_EQ(picture_page(1920, 1080, text_pixels(1, 2, false, 1080), false).least_text, 22);
}

TEST(PicturePage, ALargerScaleMakesPresenterModeLargerToo) {
    for (const Size& size : kSizes) {
        float before = text_pixels(1, 1, true, size.height);
        for (const float scale : {1.1F, 1.2F, 1.3F, 2.0F}) {
            const float now = text_pixels(1, scale, true, size.height);
            EXPECT_GT(now, before) << scale;
            before = now;
        }
    }
}

}  // namespace
}  // namespace convlens
