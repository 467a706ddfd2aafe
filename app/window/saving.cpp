#include "app/window/saving.h"

#include <utility>

#include <fmt/format.h>

#include "app/window/session.h"
#include "app/window/utf8_path.h"

namespace convlens {

void Saving::figure(Figure figure, std::string path) { job_.start(figure_order(std::move(figure), std::move(path))); }

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
                               : !work.result()          ? "there is no photo yet. Open one with Ctrl+O."
                                                         : "";
    if (reason.empty()) {
        job_.start(photo_order(work.result(), std::move(wanted.path)));
        return true;
    }
    complain(ui, fmt::format("{} was not saved: {}", name_of(wanted.path), reason), about);
    return false;
}

bool Saving::tell(UiState& ui, const FileJob::Result& result) {
    const std::string name = name_of(result.path);
    const std::string about = saving_topic(result.path);
    forget(ui, about);
    switch (result.end) {
        case FileJob::Result::End::saved: say(ui, fmt::format("Saved {}", name), about); return true;
        case FileJob::Result::End::cancelled:
            say(ui, fmt::format("Saving {} was cancelled; nothing was written.", name), about);
            return true;
        default: complain(ui, fmt::format("{} was not saved: {}", name, result.reason), about); return false;
    }
}

}  // namespace convlens
