// What is written beside the window: a PNG of the figure as it stands, a GIF of the whole play, the filtered photo.
#pragma once

#include <string>

#include "app/derived/derived.h"
#include "app/scene/build.h"
#include "app/window/file_job.h"
#include "core/image/image.h"

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
FileJob::Order photo_order(ImageRef picture, std::string path);

}  // namespace convlens
