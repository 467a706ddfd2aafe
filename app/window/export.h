// What is written beside the window: a PNG of the figure as it stands, a GIF of the whole play, the filtered photo.
#pragma once

#include <memory>
#include <string>

#include "app/derived/derived.h"
#include "app/jobs/file_job.h"
#include "app/photo/result.h"
#include "app/scene/build.h"

namespace convlens {

struct Figure {
    enum class Kind { png, gif };
    Kind kind = Kind::png;
    Derived derived;  // a snapshot; its blobs are shared
    Playhead playhead;
    bool dark = false;
    bool motion = true;
    float speed = 1;
    bool loop = true;
};

// `path` is UTF-8.
FileJob::Order figure_order(Figure figure, std::string path);
// The photo is written in the depth that the file holds, to which it is rounded and clamped once: what `convlens filter`
// writes of the same steps.
FileJob::Order photo_order(std::shared_ptr<const PhotoResult> result, std::string path);

}  // namespace convlens
