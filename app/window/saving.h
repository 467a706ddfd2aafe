// Saving beside the window: photos wait until they are computed, files until those before them are written, and what
// became of each is told.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

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
    // What `photo`'s filters give: as soon as it is computed, if it is still asked for then.
    void photo(const Photo& photo, std::string path);

    // Once a frame: begins what can begin and tells what has ended. False when something could not be saved, so that a
    // window that is about to close stays for it to be seen.
    bool update(UiState& ui, const Photo& photo, const PhotoWork& work);

    // Something is being written or waits for it.
    bool busy() const { return job_.busy() || photo_; }
    bool waits_for_photo() const { return photo_.has_value(); }
    // Where this photo could not be written when it was last tried, for another try to begin with; else empty.
    std::string failed_path(const Photo& photo) const;
    void cancel() { job_.cancel(); }
    std::optional<FileJob::State> state() const { return job_.state(); }

private:
    struct WaitingPhoto {
        Photo photo;
        std::string path;
    };
    bool begin_photo(UiState& ui, const Photo& photo, const PhotoWork& work);
    bool tell(UiState& ui, const FileJob::Result& result);

    FileJob job_;
    std::optional<WaitingPhoto> photo_;
    struct PhotoFile {
        std::string path, of;  // to where, and of which Photo::path
    };
    PhotoFile begun_, failed_;  // the one written last, and the last one where it could not be written
    // By path: which samples the file of a photo holds; empty of a figure that does not show what is being typed.
    std::map<std::string, Message> kept_;
};

}  // namespace convlens
