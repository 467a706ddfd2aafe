// A filtered image together with how it came about.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "app/photo/preview.h"
#include "core/engine/filter/filter_part.h"
#include "core/image/image.h"
#include "core/image/sample_loss.h"
#include "core/io/image/image_file.h"

namespace convlens {

struct PhotoStep {
    FilterStep filter;
    ImageRef image;  // the result of this step; between steps float32 on the scale of the image before (ChainPlace)
    double ms = 0;   // of the computing alone
    double whole_ms = 0;  // with the transfers to and from the GPU
    bool gpu = false;
};

// The visible region of a result that is still being made.
struct VisibleResult {
    ImageRef image;                      // nullptr: there is none
    PixelRect part;                      // of the result
    std::int64_t stride = 1;             // pixels of the image before for one of the result
    std::vector<FilterStep> chain = {};  // that made it
};

struct PhotoResult {
    std::string path;  // of the image before; empty: the sample
    ImageRef before;
    std::vector<PhotoStep> steps;
    PhotoPreview before_preview, after_preview;
    std::string content = {};   // content_hash() of that file; empty of the sample
    ImageInfo source = {};      // the file of the image before; of the sample its depth alone
    NotFinite not_finite = {};  // of the last step's samples, where it was made on the processor

    const ImageRef& input(std::size_t step) const { return step == 0 ? before : steps[step - 1].image; }
    const ImageRef& after() const { return input(steps.size()); }
    std::vector<FilterStep> chain() const {
        std::vector<FilterStep> filters;
        for (const PhotoStep& step : steps) filters.push_back(step.filter);
        return filters;
    }
    double sum(double PhotoStep::*of) const {
        double total = 0;
        for (const PhotoStep& step : steps) total += step.*of;
        return total;
    }
    // How many of the first steps serve in a chain of `count` steps, where they are as long as the last one is last in
    // both: it alone is rounded.
    std::size_t serving(std::size_t count) const {
        std::size_t i = 0;
        const auto depth = [&] { return i + 1 < count ? Depth::f32 : before->depth(); };
        while (i < std::min(steps.size(), count) && steps[i].image->depth() == depth()) ++i;
        return i;
    }
    double ms() const { return sum(&PhotoStep::ms); }
    double whole_ms() const { return sum(&PhotoStep::whole_ms); }
};

}  // namespace convlens
