// What the user is in the middle of in the photo workspace. Part of PanelState.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/photo/camera.h"
#include "app/scene/scene.h"
#include "core/image/kernel.h"
#include "core/text/message.h"

namespace convlens {

struct PixelSum;

struct PhotoState {
    int step = 0;                                // of the chain: what the controls and the inspector speak of
    std::optional<PhotoCamera> camera;           // nothing: the whole picture fits
    bool wants_full_size = false;                // asked for by a key
    std::string camera_path;                     // of the picture that the camera looks at
    bool dragged = false;                        // the button that is down has moved the picture: its end is no click
    std::optional<MarkId> last;                  // pixel pointed at last: y, x of the picture before
    int channel = 0;                             // whose sum the inspector shows
    std::shared_ptr<const PixelSum> sum;         // shown last
    std::shared_ptr<const Scene> before, after;  // of the last frame
    float below_pictures = 0;                    // height of what stands below them in the panel
    std::string kernel_text;                     // refused, with its reason
    Message kernel_text_reason;
    bool kernel_text_edited_since = false;  // as Draft::edited_since
    std::vector<Kernel> kernel_readings;    // of a refused text that can be read in two ways
};

}  // namespace convlens
