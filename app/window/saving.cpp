#include "app/window/saving.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "app/session/session.h"
#include "core/io/image/save.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

// What each sample has in the file.
Message kept_text(Depth photo, const std::string& path) {
    const ImageFormat* format = find_image_format(from_utf8(path));
    if (format == nullptr) return {};
    const Depth stored = format->stored(photo);
    return stored == Depth::f32  ? msg("float samples")
           : stored == Depth::u8 ? msg("8 bits a sample")
                                 : msg("16 bits a sample");
}

// `kept`: as in Saving::kept_; nothing of a figure that shows all.
template <typename File, typename Folder>
Message saved_text(const File& file, const Folder& folder, const std::optional<Message>& kept) {
    if (!kept) return msg("Saved {file} in {folder}", file, folder);
    if (kept->empty())
        return msg("Saved {file} in {folder}. It shows the last settings that worked, not those of the Layer panel.",
                   file, folder);
    return msg("Saved {file} in {folder}, {samples}.", file, folder, "samples"_is(*kept));
}

Message with_notes(Message saved, const std::vector<Message>& notes) {
    for (const Message& note : notes)
        saved = msg("{sentence} {next}", "sentence"_is(std::move(saved)), "next"_is(note));
    return saved;
}

Message cancelled_text(const std::string& path) {
    return msg("Saving {file} was cancelled; nothing was written.", "file"_is(name_of(path)));
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
    constexpr const char* kTopic = "refused-kernel";
    const bool told = std::ranges::any_of(ui.messages, [](const Notice& message) { return message.about == kTopic; });
    forget(ui, kTopic);
    if (told || ui.panels.photo.kernel_text_reason.empty()) return false;
    const auto reason = "reason"_is(ui.panels.photo.kernel_text_reason);
    complain(ui,
             english(ui.panels.photo.kernel_text_reason).ends_with('.')
                 ? msg("The kernel that you typed is not in use: {reason} Correct it, or save again to save the photo "
                       "with the kernel before it.",
                       reason)
                 : msg("The kernel that you typed is not in use: {reason}. Correct it, or save again to save the photo "
                       "with the kernel before it.",
                       reason),
             kTopic);
    return true;
}

std::string Saving::failed_path(const Photo& photo) const { return failed_.of == photo.path ? failed_.path : ""; }

void Saving::figure(const Session& session, std::string path) {
    kept_.erase(path);
    if (session.ui.draft) kept_[path] = {};
    job_.start(figure_order(session, std::move(path)));
}

void Saving::photo(const Photo& photo, std::string path) {
    std::erase_if(photos_, [&](const WaitingPhoto& waiting) { return waiting.path == path; });
    photos_.push_back({photo, std::move(path), std::chrono::steady_clock::now()});
}

std::optional<Saving::State> Saving::state() const {
    if (auto writing = job_.state()) {
        writing->waiting += photos_.size();
        return State{std::move(*writing)};
    }
    if (photos_.empty()) return std::nullopt;
    const WaitingPhoto& first = photos_.front();
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - first.asked;
    return State{{first.path, std::nullopt, waited.count(), photos_.size() - 1, first.cancelled}, true};
}

void Saving::cancel() {
    if (job_.busy()) return job_.cancel();
    if (!photos_.empty()) photos_.front().cancelled = true;
}

void Saving::drop_cancelled(UiState& ui) {
    for (const WaitingPhoto& photo : photos_)
        if (photo.cancelled) say(ui, cancelled_text(photo.path), saving_topic(photo.path));
    std::erase_if(photos_, &WaitingPhoto::cancelled);
}

bool Saving::update(UiState& ui, const Photo& photo, const PhotoWork& work) {
    bool well = true;
    drop_cancelled(ui);
    if (!work.busy())
        for (WaitingPhoto& wanted : std::exchange(photos_, {})) well &= begin_photo(ui, std::move(wanted), photo, work);
    while (const auto result = job_.take_result()) well = tell(ui, *result) && well;
    return well;
}

bool Saving::begin_photo(UiState& ui, WaitingPhoto wanted, const Photo& photo, const PhotoWork& work) {
    const std::string about = saving_topic(wanted.path);
    const Message reason = wanted.photo != photo
                               ? msg("the filters were changed before the photo was computed. Save it again.")
                           : !work.problem().empty() ? work.problem()
                           : !work.result()          ? msg("there is no image yet. Open one with Ctrl+O.")
                                                     : Message();
    if (reason.empty()) {
        kept_[wanted.path] = kept_text(work.result()->before->depth(), wanted.path);
        begun_ = {wanted.path, wanted.photo.path};
        job_.start(photo_order(work.result(), std::move(wanted.path)));
        return true;
    }
    complain(ui, msg("{file} was not saved: {reason}", "file"_is(name_of(wanted.path)), "reason"_is(reason)), about);
    return false;
}

bool Saving::tell(UiState& ui, const FileJob::Result& result) {
    const auto file = "file"_is(name_of(result.path));
    const auto folder = "folder"_is(folder_of(result.path));
    const std::string about = saving_topic(result.path);
    forget(ui, about);
    const auto known = kept_.extract(result.path);
    if (begun_.path == result.path) failed_ = result.end == FileJob::Result::End::failed ? begun_ : PhotoFile();
    switch (result.end) {
        case FileJob::Result::End::saved:
            say(ui,
                with_notes(saved_text(file, folder, known ? std::optional(known.mapped()) : std::nullopt),
                           result.notes),
                about);
            return true;
        case FileJob::Result::End::cancelled: say(ui, cancelled_text(result.path), about); return true;
        default:
            complain(ui, msg("{file} was not saved in {folder}: {reason}", file, folder, "reason"_is(result.reason)),
                     about);
            return false;
    }
}

}  // namespace convlens
