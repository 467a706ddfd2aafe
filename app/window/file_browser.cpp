#include "app/window/file_browser.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <imgui.h>
#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include "app/panels/panels.h"
#include "core/io/bytes.h"
#include "core/text/ascii.h"
#include "core/text/message.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPopup = "###file browser";

fs::path home() {
    const char* value = std::getenv("HOME");
    return value != nullptr && *value != 0 ? fs::path(value) : fs::path("/");
}

}  // namespace

void FileBrowser::open(Request what, const std::string& suggestion, const std::string& photo) {
    what_ = what;
    question_ = file_question(what);
    photo_ = photo;
    replacing_ = replaces_ = chosen_ = false;
    focus_ = Focus::name;
    focused_entry_.clear();
    const fs::path suggested = from_utf8(suggestion);
    name_ = question_.saves ? to_utf8(suggested.filename()) : std::string{};
    std::error_code code;
    if (suggested.has_parent_path() && fs::is_directory(suggested.parent_path(), code)) {
        go_to(suggested.parent_path());
    } else {
        go_to(!folder_.empty() ? folder_ : !first_folder_.empty() ? first_folder_ : home());
    }
    show();
}

void FileBrowser::go_on(Request what, const std::string& path, const std::string& photo) {
    open(what, path, photo);
    std::error_code code;
    const bool known = fs::is_directory(from_utf8(path).parent_path(), code);
    if (!known) name_ = path;  // which says where it is not
    chosen_ = true;
}

void FileBrowser::show() {
    if (open_) return;
    open_ = appearing_ = true;
    ImGuiIO& io = ImGui::GetIO();
    keyboard_before_ = (io.ConfigFlags & ImGuiConfigFlags_NavEnableKeyboard) != 0;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
}

void FileBrowser::close() {
    open_ = false;
    if (!keyboard_before_) ImGui::GetIO().ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;
}

void FileBrowser::go_to(const fs::path& folder) {
    std::error_code code;
    const fs::path target = fs::weakly_canonical(fs::absolute(folder, code), code);
    fs::directory_iterator files(target, code);
    folder_text_ = to_utf8(target);
    if (code) {
        problem_ = msg("{file}: {reason}", "file"_is(folder_text_), "reason"_is(code.message()));
        return;
    }
    problem_ = {};
    replacing_ = false;
    focused_entry_.clear();
    folder_ = target;
    entries_.clear();
    for (; files != fs::directory_iterator() && !code; files.increment(code)) {
        std::error_code of_entry;
        Entry entry{to_utf8(files->path().filename()), files->is_directory(of_entry)};
        if (entry.name.starts_with('.')) continue;
        if (entry.folder || has_ending(entry.name, question_)) entries_.push_back(std::move(entry));
    }
    std::ranges::sort(entries_, [](const Entry& a, const Entry& b) {
        return a.folder != b.folder ? a.folder : lower(a.name) < lower(b.name);
    });
}

void FileBrowser::go_up() {
    const std::string from = to_utf8(folder_.filename());
    go_to(folder_.parent_path());
    focused_entry_ = from;
    focus_ = Focus::list;
}

std::optional<std::string> FileBrowser::update(Lang lang) {
    if (!open_) return {};
    lang_ = lang;
    if (std::exchange(appearing_, false)) ImGui::OpenPopup(kPopup);
    const float size_of_text = ImGui::GetFontSize();
    const ImGuiViewport* viewport = ImGui::GetMainViewport();
    const ImVec2 size{std::min(size_of_text * 42, viewport->WorkSize.x * 0.95F),
                      std::min(size_of_text * 30, viewport->WorkSize.y * 0.95F)};
    ImGui::SetNextWindowSize(size, ImGuiCond_Appearing);
    ImGui::SetNextWindowPos(viewport->GetCenter(), ImGuiCond_Appearing, {0.5F, 0.5F});
    const std::string title = text(question_.title) + kPopup;
    bool stays = true;
    if (!ImGui::BeginPopupModal(title.c_str(), &stays, ImGuiWindowFlags_NoSavedSettings)) {
        close();  // by Escape
        return {};
    }
    if (!ImGui::GetIO().WantTextInput && ImGui::IsKeyPressed(ImGuiKey_Backspace)) go_up();
    if (replacing_ && ImGui::IsKeyPressed(ImGuiKey_Escape, false)) ask_for_another_name();
    draw_places();
    draw_entries(height_below());
    const std::optional<std::string> answer = draw_answer();
    if (answer || !stays) close();
    if (!open_) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    return answer;
}

void FileBrowser::draw_places() {
    if (ImGui::Button(label(key_in("folder", "Up")).c_str())) go_up();
    ImGui::SameLine();
    if (ImGui::Button(label(key_in("folder", "Home")).c_str())) go_to(home());
    ImGui::SameLine();
    ImGui::SetNextItemWidth(-1);
    if (!ImGui::InputText("##folder", &folder_text_, ImGuiInputTextFlags_EnterReturnsTrue)) return;
    const fs::path typed = from_utf8(folder_text_);
    std::error_code code;
    if (fs::is_regular_file(typed, code)) {
        go_to(typed.parent_path());
        name_ = to_utf8(typed.filename());
        chosen_ = true;
    } else {
        go_to(typed);
        focus_ = Focus::list;
    }
}

void FileBrowser::draw_entries(float below) {
    if (ImGui::BeginChild("entries", {0, -below}, ImGuiChildFlags_Borders | ImGuiChildFlags_NavFlattened)) {
        const bool known = std::ranges::any_of(entries_, [&](const Entry& e) { return e.name == focused_entry_; });
        if (!known) focused_entry_ = entries_.empty() ? std::string() : entries_.front().name;
        for (const Entry& entry : entries_) draw_entry(entry);
        if (focus_ == Focus::first) begin_list();  // once the field has been left
        if (entries_.empty()) {
            const Message none = msg("Nothing to open in this folder; shown here: {kind}", "kind"_is(question_.kind));
            ImGui::TextDisabled("%s", text(none).c_str());
            if (focus_ == Focus::list) focus_ = Focus::name;
        }
    }
    ImGui::EndChild();
    if (!next_) return;
    entered_ = ImGui::GetTime();
    go_to(folder_ / from_utf8(*std::exchange(next_, std::nullopt)));
    focus_ = Focus::list;
}

void FileBrowser::draw_entry(const Entry& entry) {
    const std::string label = entry.folder ? entry.name + "/" : entry.name;
    const bool taken =
        ImGui::Selectable(label.c_str(), !entry.folder && entry.name == name_, ImGuiSelectableFlags_AllowDoubleClick);
    const ImGuiContext& imgui = *ImGui::GetCurrentContext();
    const ImGuiID id = ImGui::GetItemID();
    if (entry.name == focused_entry_) focus_here(Focus::list);
    // A file that the arrows come to is the one that Open opens. One to be saved keeps the name that was given to it.
    const bool reached = imgui.NavJustMovedToId == id && !imgui.NavJustMovedToIsInit;
    if (reached && !entry.folder && !question_.saves) take(entry, false);
    // The second click of a double click on a folder would fall on whatever its list has there.
    const bool double_click = ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
    if (double_click && ImGui::GetTime() - entered_ < imgui.IO.MouseDoubleClickTime * 2) return;
    if (taken) return take(entry, imgui.NavActivateId == id || double_click);
    // Dear ImGui's Enter presses what has the keyboard's cursor, which a click does not show.
    const bool clicked = imgui.NavId == id && !imgui.NavCursorVisible && entry.name == name_;
    if (clicked && (ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false)))
        take(entry, true);
}

// Down in the name leads to the first entry, and a file to open is taken as where the arrows come to it later.
void FileBrowser::begin_list() {
    focus_ = Focus::list;
    if (entries_.empty()) return;
    focused_entry_ = entries_.front().name;
    if (!entries_.front().folder && !question_.saves) take(entries_.front(), false);
}

void FileBrowser::take(const Entry& entry, bool at_once) {
    if (entry.folder) {
        next_ = entry.name;
        return;
    }
    name_ = entry.name;
    replacing_ = false;
    problem_ = {};
    chosen_ = at_once;
}

std::string FileBrowser::text(const Message& message) const { return in(lang_, message); }

std::string FileBrowser::label(const Message& message) const { return item_label(lang_, message); }

Message FileBrowser::words() const {
    if (!replacing_) return problem_;
    if (!replaces_photo_) return msg("“{file}” already exists. Replace it?", "file"_is(name_));
    return msg("“{file}” is the photo that is open. Replacing it cannot be undone.", "file"_is(name_));
}

// The name, the words below it and the buttons.
float FileBrowser::height_below() const {
    const float width = ImGui::GetContentRegionAvail().x;
    const float lines = ImGui::CalcTextSize(text(words()).c_str(), nullptr, false, width).y;
    const ImGuiStyle& style = ImGui::GetStyle();
    return ImGui::GetFrameHeightWithSpacing() * 2 + std::max(lines, ImGui::GetTextLineHeight()) +
           style.ItemSpacing.y * 2;
}

void FileBrowser::draw_name() {
    ImGui::SetNextItemWidth(-1);
    if (focus_ == Focus::name) {
        ImGui::SetKeyboardFocusHere();
        focus_ = Focus::none;
    }
    constexpr ImGuiInputTextFlags kFlags = ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll;
    if (ImGui::InputTextWithHint("##name", text(key("File name")).c_str(), &name_, kFlags)) chosen_ = true;
    if (ImGui::IsItemActive()) {  // Dear ImGui would go on to the buttons
        ImGui::SetKeyOwner(ImGuiKey_DownArrow, ImGui::GetItemID());
        if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) {
            focus_ = Focus::first;
            ImGui::ClearActiveID();
        }
    }
    if (!ImGui::IsItemEdited()) return;
    replacing_ = false;
    problem_ = {};
}

std::optional<std::string> FileBrowser::draw_answer() {
    draw_name();
    const std::string said = text(words());
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(said.empty() ? " " : said.c_str());
    ImGui::PopTextWrapPos();
    draw_buttons();
    return std::exchange(chosen_, false) ? choose() : std::nullopt;
}

void FileBrowser::draw_buttons() {
    const Key verb = !question_.saves ? key("Open") : replacing_ ? key("Replace") : key("Save");
    ImGui::BeginDisabled(name_.empty());
    const std::string choice = text(verb) + "###choose";
    if (replacing_) draw_other_name();
    if (ImGui::Button(choice.c_str())) {
        chosen_ = true;
        replaces_ = replacing_;
    }
    ImGui::EndDisabled();
    ImGui::SameLine();
    if (ImGui::Button(label(key("Cancel")).c_str())) close();
}

void FileBrowser::draw_other_name() {
    const bool pressed = ImGui::Button(label(key("Choose another name")).c_str());
    focus_here(Focus::other_name);
    if (pressed) ask_for_another_name();
    ImGui::SameLine();
}

void FileBrowser::focus_here(Focus wanted) {
    if (focus_ != wanted) return;
    ImGui::FocusItem();
    ImGui::SetFocusID(ImGui::GetItemID(), ImGui::GetCurrentWindow());
    ImGui::SetNavCursorVisible(true);
    focus_ = Focus::none;
}

void FileBrowser::ask_for_another_name() {
    replacing_ = false;
    focus_ = Focus::name;
}

std::optional<std::string> FileBrowser::choose() {
    if (name_.empty()) {
        focus_ = Focus::name;
        return {};
    }
    const fs::path path = folder_ / from_utf8(name_);
    std::error_code code;
    if (fs::is_directory(path, code)) {
        go_to(path);
        name_.clear();
        focus_ = question_.saves ? Focus::name : Focus::list;
        return {};
    }
    return question_.saves ? choose_to_save() : choose_to_open(path);
}

std::optional<std::string> FileBrowser::choose_to_open(const fs::path& path) {
    std::error_code code;
    if (fs::exists(path, code)) return to_utf8(path);
    const bool here = !from_utf8(name_).has_parent_path();
    problem_ = here ? msg("There is no file “{file}” in this folder. Choose one of the list, or type another name.",
                          "file"_is(name_))
                    : msg("There is no file “{file}”. Choose one of the list, or type another name.",
                          "file"_is(to_utf8(path)));
    focus_ = Focus::name;
    return {};
}

std::optional<std::string> FileBrowser::choose_to_save() {
    problem_ = ending_problem(to_utf8(folder_ / from_utf8(name_)), question_);
    if (problem_.empty()) name_ = with_ending(name_, question_);
    const fs::path path = folder_ / from_utf8(name_);
    std::error_code code;
    if (!fs::is_directory(path.parent_path(), code))
        problem_ =
            msg("There is no folder “{folder}”. Choose one that exists.", "folder"_is(to_utf8(path.parent_path())));
    else if (is_no_file(path))
        problem_ = msg("“{file}” is a pipe or a device, which holds no file. Type another name.", "file"_is(name_));
    if (!problem_.empty()) {
        focus_ = Focus::name;
        return {};
    }
    if (std::exchange(replaces_, false) || !fs::exists(path, code)) return to_utf8(path);
    replacing_ = true;
    replaces_photo_ = !photo_.empty() && same_file(path, from_utf8(photo_));
    focus_ = Focus::other_name;
    return {};
}

}  // namespace convlens
