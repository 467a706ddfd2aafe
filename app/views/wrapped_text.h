// Sentences in a picture, in as many lines as they need.
#pragma once

#include <string>
#include <vector>

#include "app/scene/scene.h"

namespace convlens {

// `text`, cut at its end where it is wider than `room` pixels.
std::string fitting(const std::string& text, float size, float room, Face face, const FontMetrics& fonts);

// The words of a text in lines of at most `width` pixels; at most `most` lines, the last one cut where more would be needed.
std::vector<std::string> lines_of(const std::string& text, float width, std::size_t most, float size,
                                  const FontMetrics& fonts);

// The height of a line of wrapped text, pixels.
float wrapped_line(float size);

// Lines one below the other, each in the middle of `area`, from its top on. Ids count on from `first` in x. Returns the
// height that they take.
float add_lines(Scene& scene, const MarkId& first, const std::vector<std::string>& lines, const Rect& area, float size,
                Colour colour);

}  // namespace convlens
