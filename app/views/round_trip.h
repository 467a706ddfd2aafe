// A convolution and its transpose in one strip: a bar for each length that the layer does not tell apart, arrows to the
// one length that they all become, and back, each with the output padding that chooses it.
#pragma once

#include "app/views/build.h"
#include "core/conv/size_ambiguity.h"

namespace convlens {

// Marks of Part::round_trip: y of a bar's id is its length (its number a text of the same id), -1 the short side's. Of
// more than five lengths the first two and the last are drawn, and their count told. As wide as page.width, as high as
// it comes out (Scene::height).
Scene build_round_trip(const SizeAmbiguity& trip, bool transposed, Axis axis, const Theme& theme, const Page& page,
                       const FontMetrics& fonts);

}  // namespace convlens
