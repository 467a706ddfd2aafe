// Saving beside the window: photos wait until they are computed, files until those before them are written, and what
// became of each is told.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "app/jobs/file_job.h"
#include "app/photo/photo_session.h"
#include "app/session/ui_state.h"
#include "app/window/export.h"
#include "core/text/message.h"

namespace convlens {

// Whether the photo is not to be saved yet: a kernel's text was refused, so that the photo is still that of the kernel
// before. That is told, and the next call says false.
bool warn_of_refused_kernel(UiState& ui);

class Saving {
public:
    explicit Saving(std::function<void()> wake) : job_(std::move(wake)) {}

    // What the session shows, in the format of the path's ending.
    void figure(const Session& session, std::string path);
    // What `photo`'s filters give: as soon as it is computed, if it is still asked for then. Several may wait.
    void photo(const Photo& photo, std::string path);

    // Once a frame: begins what can begin and tells what has ended. False when something could not be saved, so that a
    // window that is about to close stays for it to be seen.
    bool update(UiState& ui, const Photo& photo, const PhotoWork& work);

    // Something is being written or waits for it.
    bool busy() const { return job_.busy() || waits_for_photo(); }
    bool waits_for_photo() const { return !photos_.empty(); }
    // Where this photo could not be written when it was last tried, for another try to begin with; else empty.
    std::string failed_path(const Photo& photo) const;

    // Of the file that is written; where none is, of the first that waits for its photo.
    struct State : FileJob::State {
        bool computing = false;  // the photo, before its file is begun
    };
    std::optional<State> state() const;
    // Stops that file.
    void cancel();

private:
    struct WaitingPhoto {
        Photo photo;
        std::string path;
        std::chrono::steady_clock::time_point asked;
        bool cancelled = false;
    };
    void drop_cancelled(UiState& ui);
    bool begin_photo(UiState& ui, WaitingPhoto wanted, const Photo& photo, const PhotoWork& work);
    bool tell(UiState& ui, const FileJob::Result& result);

    FileJob job_;
    std::vector<WaitingPhoto> photos_;
    struct PhotoFile {
        std::string path, of;  // to where, and of which Photo::path
    };
    PhotoFile begun_, failed_;  // the one written last, and the last one where it could not be written
    // By path: which samples the file of a photo holds; empty of a figure that does not show what is being typed.
    std::map<std::string, Message> kept_;
};

}  // namespace convlens
