// What a filtered image lost on its way into a file, in sentences: the same for the command line and the window.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/io/image/image_file.h"

namespace convlens {

// A result that was written, and what is known of how it came about.
struct SavedPicture {
    const ImageInfo& source;    // the file of the image that was filtered
    const Image& written;       // in the depth of the file
    const ImageFormat& format;  // of the file that was written
    bool depth_asked = false;   // the depth was chosen, so that its being smaller is no news
    std::int64_t cut = 0;       // samples that were beyond what the depth holds, see cut_samples()
};

// A sentence for each loss, the most telling first: alpha, numbers below 0, finer steps, values cut, numbers that are
// not finite, the frames behind the first, the colour profile, EXIF data. Nothing where all was kept.
std::vector<std::string> save_notes(const SavedPicture& saved);

// Whether values that `source` holds are cut in `stored`: f32 and s16 hold numbers below 0 and above white, bytes and
// words do not. Then the cut samples should be counted though nobody asked for a depth.
bool holds_more(Depth source, Depth stored);

}  // namespace convlens
