// The window of the program: run_window() for main, App for tests that drive it frame by frame.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/photo/photo_session.h"
#include "app/render/screen/screen.h"
#include "app/render/type/fonts.h"
#include "app/session/keeping.h"
#include "app/session/playback.h"
#include "app/session/session.h"
#include "app/session/settings.h"
#include "app/window/chrome.h"
#include "app/window/dialogs.h"
#include "app/window/docking.h"
#include "app/window/file_requests.h"
#include "app/window/glfw_window.h"
#include "app/window/imgui_scope.h"
#include "app/window/key_feed.h"
#include "app/window/pacing.h"
#include "app/window/pointer_rest.h"
#include "app/window/saving.h"
#include "app/window/style.h"
#include "app/window/unkept.h"
#include "app/window/wakeup.h"

namespace convlens {

struct WindowOptions {
    std::vector<std::string> files;  // opened as if dropped; UTF-8
    std::optional<Lang> lang;        // for this run; else as kept, or the system's
    bool fresh = false;  // as the first start: without work, settings and layout of last time, which stay kept
    int width = 1280, height = 720;
    bool headless = false;       // without a screen (tests, pictures)
    bool native_dialogs = true;  // false: always the file browser inside the window
    int newest_gl = 45;          // tests of older systems ask for less
};

// Opens the window and stays until it is closed. Gives the exit code: 1 when there is no window to be had, with what
// was asked, found and helps on stderr, and when work could not be kept, with a line on stderr that says why.
int run_window(const WindowOptions& options);

// The product's window. Settings, layout and work come from the user's folders (XDG_CONFIG_HOME, XDG_STATE_HOME).
class App {
public:
    explicit App(const WindowOptions& options);  // throws WindowError
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    // Until the window is closed: draws when there is something to draw, else waits for events. False when work is lost
    // because it could not be kept, and whoever closed the window said so or could not be asked.
    bool run();

    // One frame, now: takes events, draws, shows.
    void frame();
    // Seconds until the next frame is due by itself; infinity when only an event brings one. Now is 0.
    double wait_seconds() const;
    // Gives what changed to those who write it, and takes what they say. After each frame; run() does.
    void keep();
    bool closing() const;
    // The end of run(), once closing(): takes the last input and writes what is not kept yet. False when the window
    // stays, to ask about what could not be kept.
    bool close();
    bool asks_to_close() const { return unkept_.asks(); }
    const std::vector<Message>& unkept() const { return unkept_.what(); }  // the lines of that question
    void drop(const std::vector<std::string>& paths);                      // as the system would

    Session& session() { return session_; }
    PhotoWork& photo() { return photo_; }
    Saving& saving() { return saving_; }
    GlfwWindow& window() { return window_; }
    const Docking& docking() const { return docking_; }
    std::int64_t frames() const { return frames_; }
    // Of the last frame, milliseconds: our own code up to the finished draw list, and until it was shown.
    double build_ms() const { return build_ms_; }
    double frame_ms() const { return frame_ms_; }

    // False leaves the drawing out, so that tests without pictures are quick.
    bool draws = true;
    // Called around the swap of the last drawn frame, for the test engine.
    std::function<void()> before_swap, after_swap;

private:
    void start(const WindowOptions& options);
    void wait();
    void update_style();
    void build_frames();
    void build();
    void update_pointer();
    void draw(int width, int height);  // the built frame, in pixels
    std::string window_title();
    void do_requests();
    void do_request(Request request);
    void do_answer(const FileDialogs::Answer& answer);
    void update_saving();
    void save_settings();
    void save_settings(const std::optional<WindowPlace>& place);
    void save_layout_now();
    void take_last_input();
    void answer_unkept(Unkept::Answer answer);
    void stay();
    Keeping::LastWrite keep_last();
    void end_without_display();
    void set_wants(double began);
    const Theme& theme() const { return session_.ui.settings.dark ? dark_theme() : light_theme(); }
    Status status() const;

    Wakeup wakeup_;  // by signals, and by jobs of what stands below it
    std::filesystem::path config_folder_;
    std::vector<Message> kept_problems_;  // with settings and layout, told once the window is there
    Kept kept_;                           // as last written
    std::optional<Kept> apart_;           // of last time, where this start is as the first
    GlfwWindow window_;
    ImGuiScope imgui_;
    Keeping keeping_;
    KeyFeed keys_;
    bool answering_ = false;  // a key asked for something that is going to take the keyboard
    Session session_;
    ScreenFonts fonts_;
    SystemFonts system_fonts_;
    std::unique_ptr<FontMetrics> metrics_;
    ScreenRenderer screen_;
    PhotoWork photo_;
    FileDialogs dialogs_;
    Docking docking_;
    Playback playback_;
    Pacing pacing_;
    Saving saving_;
    FileRequests file_requests_;
    Unkept unkept_;
    std::vector<std::string> not_written_;  // paths of documents whose last write failed, for the next try
    bool closes_when_saved_ = false;        // the open dialog asks where to save on the way out
    bool close_anyway_ = false;             // whoever closes the window knows what is lost
    bool closed_ = false;                   // all was written, or given up
    bool lost_ = false;                     // ... given up
    float text_size_ = 0;                   // with styled_dark_: what the style was made for
    bool styled_dark_ = false;
    Settings seen_settings_;
    double settings_due_;  // when changed settings are written
    std::thread::id own_thread_ = std::this_thread::get_id();
    std::int64_t frames_ = 0;
    bool came_up_ = false;  // enough of them to say that the work can be shown
    double build_ms_ = 0, frame_ms_ = 0;
    bool quit_ = false;
    bool signalled_ = false;  // a signal asked for the end
    PointerRest pointer_;
    struct Arrangement {  // of the panels
        bool presenter = false;
        Point size;
        friend bool operator==(const Arrangement&, const Arrangement&) = default;
    };
    Arrangement arrangement_;    // in the last frame
    bool leaves_field_ = false;  // the next frame takes what is typed in a field
};

}  // namespace convlens
