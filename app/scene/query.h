// Questions to a Scene, for tests and for people who read pictures as data.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/scene/scene.h"

namespace convlens {

// The number that stands in the cell of this id (part, pane, y, x), or nothing if none is printed.
std::optional<std::string> number_at(const Scene& scene, Part part, int pane, std::int64_t y, std::int64_t x);

// Is the cell lit by the step or the pointer?
bool lit_at(const Scene& scene, Part part, int pane, std::int64_t y, std::int64_t x);

// What the step or the pointer does with the cell; plain where no plane has it.
CellState state_at(const Scene& scene, Part part, int pane, std::int64_t y, std::int64_t x);

// Coordinates (y, x) of all lit cells of a part, row-major.
std::vector<std::pair<std::int64_t, std::int64_t>> lit_cells(const Scene& scene, Part part, int pane);

// Where the cell of this id is drawn, in pixels of the scene; nothing where no plane has it.
std::optional<Rect> cell_rect(const Scene& scene, const MarkId& cell);

// All text of a part, in drawing order, run together.
std::string text_of(const Scene& scene, Part part, int pane);

// Text boxes that overlap each other or leave the picture, described in words; empty when all is well.
std::vector<std::string> text_faults(const Scene& scene, const FontMetrics& fonts);

}  // namespace convlens
