// Photos in the window: a small picture whose filters are computed in a frame, and waiting for those that take longer.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "core/io/image/image_file.h"
#include "tests/gui/harness/driven_app.h"

namespace convlens {

// 32×24 RGB, every pixel another colour.
inline Image small_picture() {
    Image image(32, 24, 3, Depth::u8);
    for (std::int64_t y = 0; y < image.height(); ++y) {
        const auto row = image.row<std::uint8_t>(y);
        for (std::size_t i = 0; i < row.size(); ++i)
            row[i] = static_cast<std::uint8_t>((i * 37 + static_cast<std::size_t>(y) * 91) % 256);
    }
    return image;
}

inline FilterStep named(const std::string& name) {
    FilterStep step;
    step.name = name;
    step.kernel = parse_kernel(name);
    return step;
}

inline bool same(const Image& a, const Image& b) {
    return a.width() == b.width() && a.height() == b.height() && a.channels() == b.channels() &&
           std::ranges::equal(a.bytes(), b.bytes());
}

inline int largest_difference(const Image& a, const Image& b) {
    int largest = 0;
    for (std::size_t i = 0; i < a.bytes().size(); ++i)
        largest = std::max(largest, std::abs(static_cast<int>(a.bytes()[i]) - static_cast<int>(b.bytes()[i])));
    return largest;
}

// The window with a small picture in a file, which is not opened yet.
class PhotoApp : public DrivenApp {
public:
    explicit PhotoApp(WindowOptions options = {}) : DrivenApp(std::move(options)) {
        ui().show_start_bar = false;
        picture_path = (folders_.root() / "small.png").string();
        save_image(small_picture(), picture_path);
    }

    void open(const std::string& path) {
        app().drop({path});
        wait();
    }
    void show_sample() {
        ui().edit(msg("photo"), {}, [](Document& document) { document.workspace = Workspace::photo; });
        wait();
    }
    // Until nothing is loaded or computed any more.
    void wait() {
        for (int i = 0; i < 3 || (app().photo().busy() && i < 2000); ++i) {
            frames(1);
            if (app().photo().busy()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        EXPECT_FALSE(app().photo().busy());
    }
    static void wait(ImGuiTestContext* ctx, App& app) {
        for (int i = 0; i < 3 || (app.photo().busy() && i < 2000); ++i) {
            ctx->Yield();
            if (app.photo().busy()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        EXPECT_FALSE(app.photo().busy());
    }

    const Photo& photo() { return session().document().photo; }
    PhotoWork& work() { return app().photo(); }
    PhotoState& state() { return ui().panels.photo; }
    std::filesystem::path file(const std::string& name) const { return folders_.root() / name; }

    std::string picture_path;

private:
    UserFolders folders_;
};

}  // namespace convlens
