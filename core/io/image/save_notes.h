// What a filtered image lost on its way into a file, in sentences: the same for the command line and the window.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/image/filter_step.h"
#include "core/io/image/image_file.h"
#include "core/text/message.h"

namespace convlens {

// A result that was written, and what is known of how it came about.
struct SavedImage {
    const ImageInfo& source;    // the file of the image that was filtered
    const Image& written;       // in the depth of the file
    const ImageFormat& format;  // of the file that was written
    bool depth_asked = false;   // the depth was chosen, so that its being smaller is no news
    // The result as float32 with white at 1, neither cut nor rounded, where needs_floats(); else nullptr.
    const Image* floats = nullptr;
    Message uncounted = {};  // why it is not there though it is needed: "there was not enough memory"
};

// A sentence for each loss, the most telling first: alpha, finer steps, values cut, numbers that are not finite, the
// frames behind the first, a colour profile that was not carried, EXIF data. Numbers in them are counted in the samples. Nothing where all
// was kept.
std::vector<Message> save_notes(const SavedImage& saved);

// Whether save_notes() has to see the result in float32 to count what was lost, as `chain` made `written` of `before`.
// It need not where `written` is float32 itself, and where nothing can have been lost. `alpha`: alpha was filtered.
bool needs_floats(const Image& before, std::span<const FilterStep> chain, const Image& written, bool depth_asked,
                  bool alpha);

}  // namespace convlens
