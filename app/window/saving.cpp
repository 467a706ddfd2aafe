#include "app/window/saving.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/session/session.h"
#include "core/io/image/save.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

// ", 8 bits a sample."
std::string kept_text(Depth photo, const std::string& path) {
    const ImageFormat* format = find_image_format(from_utf8(path));
    if (format == nullptr) return {};
    const Depth stored = format->stored(photo);
    const char* const samples = stored == Depth::f32  ? "float samples"
                                : stored == Depth::u8 ? "8 bits a sample"
                                                      : "16 bits a sample";
    return fmt::format(", {}.", samples);
}

// The file's folder as people write it, "~/pictures".
std::string folder_of(const std::string& path) {
    std::error_code error;
    const std::string folder = to_utf8(std::filesystem::absolute(from_utf8(path), error).parent_path());
    const char* const home = std::getenv("HOME");
    const std::string own = home != nullptr ? home : "";
    const bool at_home = own.size() > 1 && (folder == own || folder.starts_with(own + "/"));
    return at_home ? "~" + folder.substr(own.size()) : folder;
}

}  // namespace

bool warn_of_refused_kernel(UiState& ui) {
    constexpr const char* kTopic = "refused kernel";
    const bool told = std::ranges::any_of(ui.messages, [](const Notice& message) { return message.about == kTopic; });
    forget(ui, kTopic);
    if (told || ui.panels.photo.kernel_text_reason.empty()) return false;
    std::string reason = ui.panels.photo.kernel_text_reason;
    if (reason.ends_with('.')) reason.pop_back();
    complain(
        ui,
        fmt::format("The kernel that you typed is not in use: {}. Correct it, or save again to save the photo with "
                    "the kernel before it.",
                    reason),
        kTopic);
    return true;
}

std::string Saving::failed_path(const Photo& photo) const { return failed_.of == photo.path ? failed_.path : ""; }

void Saving::figure(const Session& session, std::string path) {
    kept_.erase(path);
    if (session.ui.draft) kept_[path] = ". It shows the last settings that worked, not those of the Layer panel.";
    job_.start(figure_order(session, std::move(path)));
}

void Saving::photo(const Photo& photo, std::string path) { photo_ = WaitingPhoto{photo, std::move(path)}; }

bool Saving::update(UiState& ui, const Photo& photo, const PhotoWork& work) {
    bool well = true;
    if (photo_ && !work.busy()) well = begin_photo(ui, photo, work);
    while (const auto result = job_.take_result()) well = tell(ui, *result) && well;
    return well;
}

bool Saving::begin_photo(UiState& ui, const Photo& photo, const PhotoWork& work) {
    WaitingPhoto wanted = *std::exchange(photo_, std::nullopt);
    const std::string about = saving_topic(wanted.path);
    const std::string reason = wanted.photo != photo
                                   ? "the filters were changed before the photo was computed. Save it again."
                               : !work.problem().empty() ? work.problem()
                               : !work.result()          ? "there is no image yet. Open one with Ctrl+O."
                                                         : "";
    if (reason.empty()) {
        kept_[wanted.path] = kept_text(work.result()->before->depth(), wanted.path);
        begun_ = {wanted.path, wanted.photo.path};
        job_.start(photo_order(work.result(), std::move(wanted.path)));
        return true;
    }
    complain(ui, fmt::format("{} was not saved: {}", name_of(wanted.path), reason), about);
    return false;
}

bool Saving::tell(UiState& ui, const FileJob::Result& result) {
    const std::string name = name_of(result.path), folder = folder_of(result.path);
    const std::string about = saving_topic(result.path);
    forget(ui, about);
    const auto known = kept_.extract(result.path);
    if (begun_.path == result.path) failed_ = result.end == FileJob::Result::End::failed ? begun_ : PhotoFile();
    const std::string kept = known ? known.mapped() : "";
    switch (result.end) {
        case FileJob::Result::End::saved:
            say(ui,
                fmt::format("Saved {} in {}{}{}{}", name, folder, kept, result.notes.empty() ? "" : " ",
                            fmt::join(result.notes, " ")),
                about);
            return true;
        case FileJob::Result::End::cancelled:
            say(ui, fmt::format("Saving {} was cancelled; nothing was written.", name), about);
            return true;
        default:
            complain(ui, fmt::format("{} was not saved in {}: {}", name, folder, result.reason), about);
            return false;
    }
}

}  // namespace convlens
