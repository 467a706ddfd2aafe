#include "app/window/file_browser.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <imgui.h>
#include <imgui_stdlib.h>

#include "app/window/utf8_path.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPopup = "###file browser";

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool has_ending(const std::string& name, const FileQuestion& question) {
    const std::string folded = lower(name);
    return std::ranges::any_of(question.endings, [&](const std::string& ending) { return folded.ends_with(ending); });
}

fs::path home() {
    const char* value = std::getenv("HOME");
    return value != nullptr && *value != 0 ? fs::path(value) : fs::path("/");
}

}  // namespace

FileQuestion file_question(Request what) {
    const std::vector<std::string> pictures = {".png", ".jpg", ".jpeg", ".bmp", ".tga", ".gif",
                                               ".psd", ".pnm", ".pgm",  ".ppm", ".hdr"};
    switch (what) {
        case Request::open: {
            FileQuestion question{"Open", "documents, pictures, arrays", {".convlens", ".npy"}, false};
            question.endings.insert(question.endings.end(), pictures.begin(), pictures.end());
            return question;
        }
        case Request::open_photo: return {"Open a photo", "pictures", pictures, false};
        case Request::export_png: return {"Export figure", "PNG pictures", {".png"}, true};
        case Request::export_gif: return {"Export animation", "GIF animations", {".gif"}, true};
        case Request::save_photo:
            return {"Save filtered photo", "pictures", {".png", ".jpg", ".jpeg", ".bmp", ".tga", ".hdr", ".npy"}, true};
        default: return {"Save as", "Convlens documents", {".convlens"}, true};
    }
}

std::string with_ending(std::string path, const FileQuestion& question) {
    if (!question.endings.empty() && !has_ending(path, question)) path += question.endings.front();
    return path;
}

void FileBrowser::open(Request what, const std::string& suggestion) {
    what_ = what;
    question_ = file_question(what);
    open_ = appearing_ = true;
    replacing_ = chosen_ = false;
    problem_.clear();
    const fs::path suggested = from_utf8(suggestion);
    name_ = question_.saves ? to_utf8(suggested.filename()) : std::string{};
    std::error_code code;
    if (suggested.has_parent_path() && fs::is_directory(suggested.parent_path(), code)) {
        go_to(suggested.parent_path());
    } else {
        go_to(folder_.empty() ? home() : folder_);
    }
}

void FileBrowser::go_to(const fs::path& folder) {
    std::error_code code;
    const fs::path target = fs::weakly_canonical(fs::absolute(folder, code), code);
    fs::directory_iterator files(target, code);
    folder_text_ = to_utf8(target);
    if (code) {
        problem_ = folder_text_ + ": " + code.message();
        return;
    }
    problem_.clear();
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

std::optional<std::string> FileBrowser::update() {
    if (!open_) return {};
    if (std::exchange(appearing_, false)) ImGui::OpenPopup(kPopup);
    const float text = ImGui::GetFontSize();
    const ImGuiViewport* viewport = ImGui::GetMainViewport();
    const ImVec2 size{std::min(text * 42, viewport->WorkSize.x * 0.95F),
                      std::min(text * 30, viewport->WorkSize.y * 0.95F)};
    ImGui::SetNextWindowSize(size, ImGuiCond_Appearing);
    ImGui::SetNextWindowPos(viewport->GetCenter(), ImGuiCond_Appearing, {0.5F, 0.5F});
    std::optional<std::string> answer;
    const std::string title = question_.title + kPopup;
    if (!ImGui::BeginPopupModal(title.c_str(), &open_, ImGuiWindowFlags_NoSavedSettings)) {
        open_ = false;  // closed by Escape
        return {};
    }
    draw_places();
    draw_entries();
    answer = draw_answer();
    if (answer) open_ = false;
    if (!open_) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    return answer;
}

void FileBrowser::draw_places() {
    if (ImGui::Button("Up")) go_to(folder_.parent_path());
    ImGui::SameLine();
    if (ImGui::Button("Home")) go_to(home());
    ImGui::SameLine();
    ImGui::SetNextItemWidth(-1);
    if (ImGui::InputText("##folder", &folder_text_, ImGuiInputTextFlags_EnterReturnsTrue)) {
        const fs::path typed = from_utf8(folder_text_);
        std::error_code code;
        if (fs::is_regular_file(typed, code)) {
            go_to(typed.parent_path());
            name_ = to_utf8(typed.filename());
            chosen_ = true;
        } else {
            go_to(typed);
        }
    }
}

void FileBrowser::draw_entries() {
    const float below = ImGui::GetFrameHeightWithSpacing() * 2 + ImGui::GetTextLineHeightWithSpacing();
    std::optional<fs::path> next;
    if (ImGui::BeginChild("entries", {0, -below}, ImGuiChildFlags_Borders)) {
        for (const Entry& entry : entries_) {
            const std::string label = entry.folder ? entry.name + "/" : entry.name;
            const bool clicked = ImGui::Selectable(label.c_str(), !entry.folder && entry.name == name_,
                                                   ImGuiSelectableFlags_AllowDoubleClick);
            if (!clicked) continue;
            if (entry.folder) {
                next = folder_ / from_utf8(entry.name);
            } else {
                name_ = entry.name;
                replacing_ = false;
                chosen_ = ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
            }
        }
        if (entries_.empty()) ImGui::TextDisabled("There is nothing of this kind here: %s", question_.kind.c_str());
    }
    ImGui::EndChild();
    if (next) go_to(*next);
}

std::optional<std::string> FileBrowser::draw_answer() {
    ImGui::SetNextItemWidth(-1);
    if (ImGui::InputTextWithHint("##name", "File name", &name_, ImGuiInputTextFlags_EnterReturnsTrue)) chosen_ = true;
    if (ImGui::IsItemEdited()) replacing_ = false;
    const char* verb = !question_.saves ? "Open" : replacing_ ? "Replace" : "Save";
    ImGui::BeginDisabled(name_.empty());
    const std::string label = std::string(verb) + "###choose";
    if (ImGui::Button(label.c_str())) chosen_ = true;
    ImGui::EndDisabled();
    ImGui::SameLine();
    if (ImGui::Button("Cancel")) open_ = false;
    if (!problem_.empty()) {
        ImGui::SameLine();
        ImGui::TextUnformatted(problem_.c_str());
    }
    return std::exchange(chosen_, false) ? choose() : std::nullopt;
}

std::optional<std::string> FileBrowser::choose() {
    if (name_.empty()) return {};
    std::error_code code;
    if (!question_.saves) {
        const fs::path path = folder_ / from_utf8(name_);
        if (fs::is_directory(path, code)) {
            go_to(path);
            return {};
        }
        if (fs::exists(path, code)) return to_utf8(path);
        problem_ = "There is no " + name_ + " here.";
        return {};
    }
    name_ = with_ending(name_, question_);
    const fs::path path = folder_ / from_utf8(name_);
    if (fs::exists(path, code) && !replacing_) {
        replacing_ = true;
        problem_ = name_ + " exists.";
        return {};
    }
    return to_utf8(path);
}

}  // namespace convlens
