// How the sum below the planes is written. This is chosen once for all panes and all steps of a picture, from the shapes of
// its layers and from how wide their numbers may become: nothing changes its form or its place as the play goes on.
// Internal to app/views.
#pragma once

#include <cstdint>
#include <vector>

#include "app/moment/part_sums.h"
#include "app/scene/scene.h"

namespace convlens {

// What a sum lists.
struct SumForm {
    bool terms = true;  // the products one by one; else parts, each with what it comes to
    PartsBy by = PartsBy::channels;
    std::int64_t most = 8;       // parts that are told one by one
    bool channel_terms = false;  // above them the products of the channel that is looked at
};

// Sums that are more coarse list less: 0 is as its layer wants it, kCoarsest the first part and what the others come to.
inline constexpr int kCoarsest = 4;
SumForm sum_form(const Moment& moment, int coarse);

struct SumPlan {
    int coarse = 0;
    bool name = true;       // it begins with "output[1, 2] = "
    float size = 0;         // of the text, pixels; where a sum is wider than was foreseen its text is smaller
    std::size_t lines = 1;  // for which there is room
    float height = 0;       // that is kept for them below the planes, with the gap above
};
// `moments`: of the panes; `room`: what each pane has. The finest form whose longest sum fits, at the largest text.
SumPlan plan_sums(const std::vector<Moment>& moments, const Rect& room, const Page& page, const FontMetrics& fonts);

}  // namespace convlens
