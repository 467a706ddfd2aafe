// The first start is legible from a distance: the size of a cell on small screens with large type.
#include <fstream>
#include <variant>

#include "tests/gui/window_driver.h"

namespace convlens {
namespace {

// The smallest cell of the planes, pixels.
float least_pitch(DrivenApp& driven) {
    float least = 1e9F;
    for (const Mark& mark : driven.ui().panels.diagram.scene->marks)
        if (const auto* grid = std::get_if<GridMark>(&mark)) least = std::min(least, grid->pitch);
    return least;
}

std::size_t numbers(DrivenApp& driven) {
    std::size_t count = 0;
    for (const Mark& mark : driven.ui().panels.diagram.scene->marks)
        if (const auto* grid = std::get_if<GridMark>(&mark)) count += grid->texts.size();
    return count;
}

struct Start {
    int width, height;
    float scale;
    bool dark;
};

void expect_legible(const Start& start, float least) {
    const UserFolders folders;
    std::filesystem::create_directories(folders.root() / "config/convlens");
    std::ofstream(folders.root() / "config/convlens/settings.json")
        << "{\"scale\": " << start.scale << ", \"dark\": " << (start.dark ? "true" : "false") << "}";
    WindowOptions options;
    options.width = start.width;
    options.height = start.height;
    DrivenApp driven(options, &folders);
    driven.frames(5);
    EXPECT_GE(least_pitch(driven), least) << start.width << " by " << start.height << " at " << start.scale;
    EXPECT_GE(numbers(driven), 25U + 4U) << "input and kernel";
    if (start.scale > 1 && start.width < 1920)
        driven.screenshot(start.dark ? "first_start_200_dark" : "first_start_200_light");
}

TEST(FirstStart, CellsAreLargeAtTwiceTheSize) {
    for (const bool dark : {true, false}) {
        expect_legible({1920, 1080, 2, dark}, 48);
        expect_legible({1280, 800, 2, dark}, 48);
    }
}

TEST(FirstStart, EveryStartIsThereAtTwiceTheSize) {
    const UserFolders folders;
    std::filesystem::create_directories(folders.root() / "config/convlens");
    std::ofstream(folders.root() / "config/convlens/settings.json") << R"({"scale": 2})";
    WindowOptions options;
    options.height = 800;
    DrivenApp driven(options, &folders);
    driven.drive([&](ImGuiTestContext* ctx) {
        const ImRect last = ctx->ItemInfo("//Start bar/Compare conv2 \\/ xcorr2").RectFull;
        const ImRect cross = ctx->ItemInfo("//Start bar/×###close start bar").RectFull;
        EXPECT_LT(last.Max.x, cross.Min.x);
        EXPECT_LE(cross.Max.x, 1280);
    });
}

TEST(FirstStart, CellsAreLargeAtOrdinarySize) {
    expect_legible({1920, 1080, 1, true}, 48);
    expect_legible({1280, 800, 1, false}, 36);
    expect_legible({1280, 720, 1, true}, 36);
}

}  // namespace
}  // namespace convlens
