#include "app/window/app.h"
#include "app/window/layout_file.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <limits>
#include <utility>

#include <glad/gl.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>
#include <imgui_internal.h>

#include "app/document/file.h"
#include "app/session/deriving.h"
#include "app/session/files.h"
#include "app/window/actions.h"
#include "app/window/close_signals.h"
#include "app/window/file_browser.h"
#include "app/window/keyboard_focus.h"
#include "app/window/lost_display.h"
#include "app/words/choice.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

GlfwOptions glfw_options(const WindowOptions& options, const Kept& kept) {
    GlfwOptions made;
    made.width = options.width;
    made.height = options.height;
    made.headless = options.headless;
    made.newest_gl = options.newest_gl;
    if (!options.headless && !options.fresh) made.place = kept.place;
    return made;
}

// So many frames have shown a work that it has not ended the program.
constexpr std::int64_t kSafeFrames = 3;

// No drag is under way and nothing is being typed; Enter ends what was typed, also where the field keeps the keyboard.
bool is_resting() {
    if (ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false)) return true;
    return ImGui::GetCurrentContext()->ActiveId == 0 && !ImGui::IsAnyMouseDown();
}

bool any_key_down() {
    for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_NamedKey_END; ++key) {
        const bool modifier = key >= ImGuiKey_LeftCtrl && key <= ImGuiKey_RightSuper;
        if (!modifier && ImGui::IsKeyDown(static_cast<ImGuiKey>(key))) return true;
    }
    return false;
}

// To the terminal that the window was started from: in the window's language, with nothing that could steer it.
void print(Lang lang, const Message& message) {
    std::fprintf(stderr, "convlens: %s\n", printable_lines(in(lang, message)).c_str());
}

void print(Lang lang, const Keeping::LastWrite& last) {
    for (const Message& failure : last.lost) print(lang, failure);
    for (const Message& failure : last.lesser) print(lang, failure);
}

Lang first_language(const WindowOptions& options, const Settings& settings) {
    return window_language(options.lang, settings.language, options.headless ? "" : message_locale());
}

}  // namespace

int run_window(const WindowOptions& options) {
    try {
        App app(options);
        return app.run() ? 0 : 1;
    } catch (const WindowError& error) {
        // What may be wrong with the settings is told in a window only.
        const Settings settings = options.fresh ? Settings() : load_kept(config_folder()).settings;
        print(first_language(options, settings), error.words());
        return 1;
    }
}

App::App(const WindowOptions& options)
    : config_folder_(config_folder()),
      kept_(load_kept(config_folder_, &kept_problems_)),
      window_(glfw_options(options, kept_)),
      imgui_(window_),
      keeping_(state_folder(), config_folder_, [this] { wakeup_.wake(); }),
      session_(keeping_.first_work(options.fresh), std::make_unique<NewestJob<Derived>>([this] { wakeup_.wake(); })),
      fonts_(load_fonts()),
      metrics_(make_font_metrics()),
      screen_(fonts_),
      photo_([this] { wakeup_.wake(); }),
      dialogs_(options.native_dialogs && !options.headless),
      saving_([this] { wakeup_.wake(); }),
      file_requests_(session_, photo_, saving_, dialogs_),
      seen_settings_(options.fresh ? Settings() : kept_.settings),
      settings_due_(std::numeric_limits<double>::infinity()) {
    start(options);
}

App::~App() {
    at_lost_display(nullptr);
    if (!closed_) print(session_.ui.lang, keep_last());
}

void App::start(const WindowOptions& options) {
    system_fonts_.watch();
    UiState& ui = session_.ui;
    ui.settings = seen_settings_;
    ui.lang = first_language(options, ui.settings);
    if (options.fresh && kept_ != Kept()) apart_ = kept_;
    ui.show_start_bar = !keeping_.restored();
    ui.playhead = {1, 0};
    const std::string layout = options.fresh ? std::string() : load_layout(config_folder_, &kept_problems_);
    for (const Message& problem : kept_problems_) complain(ui, problem);
    if (!layout.empty()) ImGui::LoadIniSettingsFromMemory(layout.c_str(), layout.size());
    docking_.saved_for(options.fresh ? 0 : kept_.layout_text);
    keeping_.greet(session_);
    open_files(session_, options.files);
    at_lost_display([this] { end_without_display(); });
    pacing_.wake(glfwGetTime());
}

bool App::run() {
    const CloseSignals signals([this] { wakeup_.wake(); });
    do {
        while (!closing()) {
            wait();
            if (signals.came() && !std::exchange(signalled_, true)) {
                quit_ = true;
                take_last_input();
            }
            if (window_.iconified()) update_saving();  // which frames do otherwise
            if (glfwGetTime() >= pacing_.next_frame() && !window_.iconified()) frame();
            if (!closing()) keep();  // else what could not be written stands in the question that close() asks
        }
    } while (!close());
    return !lost_;
}

bool App::close() {
    take_last_input();
    if (!closing()) return false;  // the last input asked for a file that could not be written, and says so
    Keeping::LastWrite last = keep_last();
    if (last.lost.empty() || signalled_ || close_anyway_) {
        closed_ = true;
        lost_ = !last.lost.empty();
        print(session_.ui.lang, last);
        return true;
    }
    stay();
    if (session_.changed_file) return false;  // that has a question of its own
    session_.ui.show_keys = false;
    not_written_ = std::move(last.not_written);
    std::vector<Message> lines = std::move(last.lost);
    lines.insert(lines.end(), last.lesser.begin(), last.lesser.end());  // a document that was saved is among these
    unkept_.ask(std::move(lines));
    return false;
}

void App::stay() {
    quit_ = false;
    glfwSetWindowShouldClose(window_.handle(), GLFW_FALSE);
    if (window_.iconified()) glfwRestoreWindow(window_.handle());
    pacing_.wake(glfwGetTime());
}

void App::answer_unkept(Unkept::Answer answer) {
    const std::vector<std::string> again = std::exchange(not_written_, {});
    switch (answer) {
        case Unkept::Answer::save_as:
            session_.ui.requests.push_back(Request::save_as);
            closes_when_saved_ = true;
            break;
        case Unkept::Answer::close_anyway: close_anyway_ = quit_ = true; break;
        case Unkept::Answer::try_again:
            for (const std::string& path : again) save_file(session_, path);
            quit_ = true;
            break;
    }
}

double App::wait_seconds() const { return std::max(0.0, pacing_.next_frame() - glfwGetTime()); }

// What is being written is finished first; it can be cancelled. A photo that waits to be computed waits for frames.
bool App::closing() const {
    if (!quit_ && !window_.closing()) return false;
    return !saving_.busy() || (saving_.waits_for_photo() && window_.iconified());
}

// Takes the events that come until the next frame is due. Any event asks for a frame, jobs post one at their end.
void App::wait() {
    double seconds = window_.iconified() ? std::numeric_limits<double>::infinity() : wait_seconds();
    seconds = std::min(seconds, std::max(0.0, std::min(keeping_.due(), settings_due_) - glfwGetTime()));
    bool event = false;
    if (wakeup_.asked() || seconds <= 0) {
        glfwPollEvents();
    } else if (std::isinf(seconds)) {
        glfwWaitEvents();
        event = true;
    } else {
        constexpr double kTimerSlack = 0.0005;
        const double end = glfwGetTime() + seconds;
        glfwWaitEventsTimeout(seconds);
        event = glfwGetTime() < end - kTimerSlack;
    }
    event |= ImGui::GetCurrentContext()->InputEventsQueue.Size > 0;
    event |= window_.take_damage();
    event |= wakeup_.take();
    if (event) pacing_.wake(glfwGetTime());
}

void App::frame() {
    const double began = glfwGetTime();
    glfwPollEvents();
    drop(window_.take_dropped());
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_.handle(), &width, &height);
    if (width == 0 || height == 0) {
        pacing_.drew(began);
        return;
    }
    update_style();
    ImGui_ImplOpenGL3_NewFrame();
    build_frames();
    ImGui::Render();
    build_ms_ = (glfwGetTime() - began) * 1000;

    if (draws) draw(width, height);
    screen_.end_frame();
    if (system_fonts_.merge()) pacing_.wake(began);
    if (before_swap) before_swap();
    glfwSwapBuffers(window_.handle());
    if (after_swap) after_swap();
    if (frames_++ == 0) window_.show();

    frame_ms_ = (glfwGetTime() - began) * 1000;
    pacing_.drew(began);
    set_wants(began);
}

// Keys that were pressed while the last frame was drawn get a frame each; only the last of these is drawn.
void App::build_frames() {
    constexpr int kMost = 100;
    constexpr double kMostSeconds = 0.25;  // the rest waits for a picture
    const double began = glfwGetTime();
    for (int i = 1;; ++i) {
        ImGui_ImplGlfw_NewFrame();
        keys_.hold_back(std::exchange(answering_, false) || is_focus_moving());
        ImGui::NewFrame();
        keys_.give_back();
        build();
        if (!is_input_waiting() || i == kMost || glfwGetTime() - began > kMostSeconds) return;
        ImGui::EndFrame();
    }
}

void App::draw(int width, int height) {
    glViewport(0, 0, width, height);
    const Colour ground = theme().background;
    glClearColor(static_cast<float>(ground.r) / 255, static_cast<float>(ground.g) / 255,
                 static_cast<float>(ground.b) / 255, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void App::update_style() {
    int width = 0, height = 0;
    glfwGetWindowSize(window_.handle(), &width, &height);
    const UiState& ui = session_.ui;
    const auto text = [&](bool presenter) {
        return text_pixels(window_.content_scale(), ui.settings.scale, presenter, static_cast<float>(height));
    };
    // Presenter mode leaves the ordinary arrangement alone: side panels are hidden and shown for its type only.
    const float ordinary = text(false), size = text(ui.presenter);
    change_room(session_, static_cast<float>(width) / ordinary);
    if (size == text_size_ && styled_dark_ == ui.settings.dark) return;
    text_size_ = size;
    styled_dark_ = ui.settings.dark;
    apply_style(theme(), size);
}

void App::build() {
    UiState& ui = session_.ui;
    ui.now = ImGui::GetTime();
    take_derived(session_);
    playback_.update(ui, session_.derived, ui.now);
    const bool paused = is_held(ui);
    // Escape at the question whether to replace a file leads back to its name, not out of the dialog.
    if (!dialogs_.takes_escape() || !ImGui::IsKeyPressed(ImGuiKey_Escape)) run_keys(session_);
    ui.hover.reset();  // keys have seen it: a step by key passes over the cell under a resting pointer
    update_pointer();
    if (std::exchange(leaves_field_, false)) ImGui::ClearActiveID();  // as by Enter, before the panels draw it
    update_keyboard(session_);

    ChromeContext chrome{session_, theme(), fonts_, text_size_, quit_ || window_.closing()};
    draw_menu_bar(chrome);
    draw_start_bar(chrome);
    Status shown = status();
    shown.paused = paused;
    draw_status(chrome, shown);
    docking_.begin_frame(text_size_, fonts_.bold);

    if (session_.document().workspace == Workspace::photo || saving_.waits_for_photo())
        photo_.update(session_.document().photo);
    photo_was_read(session_, photo_.before_path(), photo_.before_content());
    PanelContext context{session_.document(), session_.derived, ui, theme(), *metrics_, screen_, text_size_, ui.lang};
    docking_.draw_panels(session_, context, photo_, [&chrome] { draw_presenter_menu(chrome); });

    draw_messages(chrome, saving_);
    draw_keys(chrome);
    draw_changed_file(chrome);
    if (const auto answer = unkept_.draw(text_size_, ui.lang)) answer_unkept(*answer);
    dialogs_.speak(ui.lang);
    if (const auto answer = dialogs_.update()) do_answer(*answer);
    apply_edits(session_);
    do_requests();
    closes_when_saved_ &= dialogs_.is_open();  // whoever leaves the dialog without a name stays
    keeping_.open_wanted(session_);
    keeping_.write_saves(session_);
    window_.set_title(window_title());
}

void App::update_pointer() {
    UiState& ui = session_.ui;
    const ImGuiIO& io = ImGui::GetIO();
    const Arrangement now{ui.presenter, {io.DisplaySize.x, io.DisplaySize.y}};
    pointer_.update({.at = {io.MousePos.x, io.MousePos.y},
                     .window = window_.corner(),
                     .used = io.MouseWheel != 0 || io.MouseWheelH != 0 || ImGui::IsAnyMouseDown(),
                     .key_down = any_key_down(),
                     .arranged = std::exchange(arrangement_, now) != now});
    ui.pointer_rests = pointer_.rests();
    ui.tips_wait = pointer_.tips_wait();
    if (ui.tips_wait) ImGui::GetCurrentContext()->MouseStationaryTimer = 0;  // for which Dear ImGui's tips wait
}

std::string App::window_title() {
    std::string name = in(session_.ui.lang, shown_name(session_));
    if (!session_.file.empty() && !session_.named_and_saved()) name += " •";
    return name + " — Convlens";
}

Status App::status() const {
    Status status;
    const int version = window_.gl_version();
    const std::string number = std::to_string(version / 10) + "." + std::to_string(version % 10);
    status.graphics = version >= 43 ? verbatim("OpenGL " + number)
                                    : msg("OpenGL {version}: no compute shaders, images are filtered on the CPU",
                                          "version"_is(number));
    status.saving = keeping_.status();
    return status;
}

void App::drop(const std::vector<std::string>& paths) {
    if (paths.empty()) return;
    open_files(session_, paths);
    pacing_.wake(glfwGetTime());
}

void App::do_requests() {
    answering_ = !session_.ui.requests.empty();
    for (const Request request : std::exchange(session_.ui.requests, {})) do_request(request);
    update_saving();
}

// Whoever closes the window sees what could not be saved first; a signal closes it all the same.
void App::update_saving() {
    if (saving_.update(session_.ui, session_.document().photo, photo_) || signalled_) return;
    quit_ = close_anyway_ = false;
    glfwSetWindowShouldClose(window_.handle(), GLFW_FALSE);
}

void App::do_request(Request request) {
    switch (request) {
        case Request::reset_layout:
            session_.ui.settings.closed.clear();
            session_.ui.settings.opened.clear();
            session_.ui.panels_hidden = session_.ui.panels_hidden_for_room = false;
            docking_.reset();
            break;
        case Request::fullscreen: window_.toggle_fullscreen(); break;
        case Request::quit: quit_ = true; break;
        default: file_requests_.run(request);
    }
}

void App::do_answer(const FileDialogs::Answer& answer) {
    file_requests_.take(answer);
    // close() waits for the document's file, and asks again where it cannot be written.
    if (answer.what == Request::save_as && std::exchange(closes_when_saved_, false)) quit_ = true;
}

// What outlives the window: the work as keeping_ has it, settings and layout a moment after they changed.
void App::keep() {
    const double now = glfwGetTime();
    if (keeping_.update(session_, is_resting(), now)) pacing_.wake(now);
    if (frames_ >= kSafeFrames && !std::exchange(came_up_, true)) keeping_.came_up();
    constexpr double kRestSeconds = 1;
    if (session_.ui.settings != seen_settings_) {
        seen_settings_ = session_.ui.settings;
        settings_due_ = now + kRestSeconds;
    }
    if (now < settings_due_ && !ImGui::GetIO().WantSaveIniSettings) return;
    settings_due_ = std::numeric_limits<double>::infinity();
    save_settings();
    if (std::exchange(ImGui::GetIO().WantSaveIniSettings, false)) save_layout_now();
}

void App::save_settings() { save_settings(window_.place()); }

void App::save_settings(const std::optional<WindowPlace>& place) {
    Kept now{session_.ui.settings, place, text_size_};
    // What nobody has touched since a start as the first stays as it was kept, and so does the layout.
    if (apart_) now = {with_changes(apart_->settings, Settings(), now.settings), apart_->place, apart_->layout_text};
    if (now == kept_) return;
    kept_ = std::move(now);  // a failure is told once, not tried again each frame
    keeping_.write_settings("settings", [kept = kept_, folder = config_folder_] { save_kept(kept, folder); });
}

void App::save_layout_now() {
    if (apart_) return;
    keeping_.write_settings("layout", [layout = std::string(ImGui::SaveIniSettingsToMemory()),
                                       folder = config_folder_] { save_layout(layout, folder); });
}

// What the user did before the end counts, also where the events of it have not been looked at yet, and where a number
// was typed without Enter.
void App::take_last_input() {
    constexpr double kMostSeconds = 1;
    const double end = glfwGetTime() + kMostSeconds;
    do {
        frame();
    } while (ImGui::GetCurrentContext()->InputEventsQueue.Size > 0 && glfwGetTime() < end);
    leaves_field_ = true;
    frame();
}

// Waits until all is written.
Keeping::LastWrite App::keep_last() {
    save_settings();
    save_layout_now();
    return keeping_.finish(session_, glfwGetTime());
}

// On whichever thread found the display gone: the session is the window's own, and only its thread may look into it.
// Elsewhere the window's thread is about to find out, too.
void App::end_without_display() {
    const bool own = std::this_thread::get_id() == own_thread_;
    if (!own) return print(Lang::english, msg("the display is gone"));
    print(session_.ui.lang, msg("the display is gone; the work is being kept"));
    save_settings(kept_.place);  // where the window stood nobody can say any more
    save_layout_now();
    print(session_.ui.lang, keeping_.finish(session_, glfwGetTime()));
}

// When frames are wanted without an event.
void App::set_wants(double began) {
    pacing_.clear_wants();
    const ImGuiContext& imgui = *ImGui::GetCurrentContext();
    const double now = glfwGetTime();
    const double offset = began - ImGui::GetTime();  // between ImGui's clock, read when the frame began, and ours
    const UiState& ui = session_.ui;
    pacing_.want(playback_.next_change(ui, session_.derived, ImGui::GetTime()) + offset);
    pacing_.want(next_message_end(ui) + offset);
    // The diagram makes room for what stood over it.
    if (ui.panels.diagram.covered != ui.panels.diagram.covered_before) pacing_.want(now);
    const bool dimming = imgui.DimBgRatio > 0 && imgui.DimBgRatio < 1;
    if (docking_.animating() || dimming || ImGui::IsAnyMouseDown() || any_key_down()) pacing_.want(now);
    constexpr double kBlinkSeconds = 0.2, kPollSeconds = 0.1, kProgressSeconds = 0.05;
    if (imgui.IO.WantTextInput) pacing_.want(now + kBlinkSeconds);
    if (dialogs_.polling() || photo_.busy()) pacing_.want(now + kPollSeconds);
    if (saving_.busy()) pacing_.want(began + kProgressSeconds);
}

}  // namespace convlens
