// What is written beside the window: a figure as it stands, an animation of the whole play, the filtered photo.
#pragma once

#include <memory>
#include <string>

#include "app/export/order.h"
#include "app/jobs/file_job.h"
#include "app/photo/result.h"
#include "app/session/session.h"

namespace convlens {

// What the window shows, in the format of the path's ending. `path` is UTF-8.
FileJob::Order figure_order(const Session& session, std::string path);
// The photo is written in the depth that the file holds, to which it is rounded and clamped once: what `convlens filter`
// writes of the same steps.
FileJob::Order photo_order(std::shared_ptr<const PhotoResult> result, std::string path);

}  // namespace convlens
