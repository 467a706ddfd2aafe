// A photo that is to be saved, in a folder of its own.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/gui/photo_app.h"
#include "tests/gui/window_driver.h"

namespace convlens {

namespace fs = std::filesystem;

// Stripes that are no multiple of a pixel long, so that a large one is compressed in a second.
inline Image picture(std::int64_t width, std::int64_t height) {
    Image image(width, height, width > 5000 ? 1 : 3, Depth::u8);  // a large one is grey, so that tests are quick
    for (std::size_t i = 0; i < image.bytes().size(); ++i) image.bytes()[i] = static_cast<std::byte>(i / 37 * 11);
    return image;
}

// A frame, and a moment for what works in the background.
inline void rest(ImGuiTestContext* ctx) {
    ctx->Yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// A photo in a folder of its own, filtered.
class PhotoToSave : public DrivenApp {
public:
    PhotoToSave(std::int64_t width, std::int64_t height, const std::string& filter)
        : PhotoToSave(picture(width, height), filter) {}
    PhotoToSave(const Image& photo, const std::string& filter) {
        ui().show_start_bar = false;
        const fs::path path = folder() / "at sea.bmp";
        save_image(photo, path);
        app().drop({path.string()});
        ui().edit(msg("filter"), {}, [filter](Document& document) {
            document.photo.backend = Backend::cpu;
            document.photo.chain = {named(filter)};
        });
        for (int i = 0; i < 3 || (app().photo().busy() && i < 10000); ++i) {
            frames(1);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    fs::path folder() const { return fs::canonical(folders_.root()); }

    // Ctrl+S, and Enter for the name that is proposed.
    void save(ImGuiTestContext* ctx, ImGuiKeyChord answer = ImGuiKey_Enter) {
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(10);
        ctx->KeyPress(answer);
        ctx->Yield(2);
    }
    void wait() {
        for (int i = 0; i < 20000 && app().saving().busy(); ++i) {
            frames(1);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        EXPECT_FALSE(app().saving().busy());
    }
    void wait(ImGuiTestContext* ctx) {
        for (int i = 0; i < 20000 && app().saving().busy(); ++i) rest(ctx);
        EXPECT_FALSE(app().saving().busy());
    }

private:
    UserFolders folders_;
};

}  // namespace convlens
