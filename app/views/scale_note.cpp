// What the picture says of cells that are too small to be drawn one by one, and of planes that are larger than the others.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/views/cell_sizes.h"
#include "app/views/pane.h"
#include "app/views/wrapped_text.h"

namespace convlens {

namespace {

constexpr std::size_t kMostLines = 2;

// "kernel" of "kernel [0, 1]", "input" of "input: times read".
std::string plain_name(const std::string& name) {
    const std::size_t end = name.find_first_of("[:,");
    return name.substr(0, end == std::string::npos ? end : name.find_last_not_of(' ', end - 1) + 1);
}

// The planes whose cells are larger than the others', or no squares.
std::vector<std::string> out_of_scale(const std::vector<PlaneRequest>& planes, const Layout& layout) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < planes.size(); ++i)
        if (layout.planes[i].pitch > layout.pitch || layout.planes[i].stretch != 1)
            names.push_back(plain_name(planes[i].name));
    std::erase(names, "");
    return names;
}

// "up to 2×3 cells", "4 of up to 5×6 cells"; empty where no plane is a picture.
std::string cells_of_pixel(const Layout& layout) {
    PixelMean rows, cols;
    for (const PlacedPlane& plane : layout.planes) {
        const PixelMean down = pixel_mean(plane.pitch * plane.stretch), across = pixel_mean(plane.pitch);
        if (down.covered > rows.covered) rows = down;
        if (across.covered > cols.covered) cols = across;
    }
    const std::int64_t covered = rows.covered * cols.covered, taken = rows.taken * cols.taken;
    if (covered == 1) return {};
    const std::string all = fmt::format("up to {} cells", size_text(rows.covered, cols.covered));
    return covered == taken ? all : fmt::format("{} of {}", taken, all);
}

std::string note_of(const std::vector<PlaneRequest>& planes, const Layout& layout) {
    if (layout.pitch >= kLeastLinedPitch) return {};
    const std::string cells = cells_of_pixel(layout);
    std::string note = cells.empty() ? "The cells are too small for their numbers"
                                     : fmt::format("A pixel shows the mean of {}", cells);
    const std::vector<std::string> names = out_of_scale(planes, layout);
    if (!names.empty()) note += fmt::format("; not to scale: {}", fmt::join(names, ", "));
    return note + ".";
}

float note_size(const PaneScene& scene) {
    return std::max(std::round(scene.page.text_size * kSmallText), scene.page.least_text);
}

float note_gap(const PaneScene& scene) { return std::round(scene.page.text_size * 0.4F); }

std::vector<std::string> note_lines(const PaneScene& scene, const std::vector<PlaneRequest>& planes,
                                    const Layout& layout, std::size_t most) {
    const std::string note = note_of(planes, layout);
    return note.empty() ? std::vector<std::string>{}
                        : lines_of(note, scene.area.w, most, note_size(scene), scene.fonts);
}

}  // namespace

NotedRoom room_above_note(const PaneScene& scene, const std::vector<PlaneRequest>& planes, LayoutRoom room) {
    LayoutRoom whole = room;
    whole.camera = {};
    const Layout layout = place_planes(planes, whole, scene.fonts);
    const std::size_t lines = note_lines(scene, planes, layout, kMostLines).size();
    const float height = wrapped_line(note_size(scene)) * static_cast<float>(lines) + note_gap(scene);
    constexpr float kShare = 4;  // where the words would take more than this part of the room there are none
    if (lines == 0 || height > room.area.h / kShare) return {room, {}, 0};
    room.area.h -= height;
    const Rect note{room.area.x, room.area.bottom() + note_gap(scene), room.area.w, height - note_gap(scene)};
    return {room, note, lines};
}

void add_scale_note(Scene& out, const PaneScene& scene, const std::vector<PlaneRequest>& planes, const Layout& layout,
                    const NotedRoom& room) {
    if (room.lines == 0) return;
    add_lines(out, {Part::title, scene.index, 0, 0, -8, 0}, note_lines(scene, planes, layout, room.lines), room.note,
              note_size(scene), scene.theme.faint);
}

Layout place_with_note(Scene& out, const PaneScene& scene, const std::vector<PlaneRequest>& planes) {
    const NotedRoom room = room_above_note(scene, planes, scene.room());
    Layout layout = place_planes(planes, room.planes, scene.fonts);
    add_scale_note(out, scene, planes, layout, room);
    return layout;
}

}  // namespace convlens
