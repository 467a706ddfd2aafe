// What the picture says of cells that are too small to be drawn one by one, and of planes that are larger than the others.
#include <algorithm>
#include <cmath>

#include "app/views/cell_sizes.h"
#include "app/views/pane.h"
#include "app/views/wrapped_text.h"

namespace convlens {

namespace {

// "kernel" of "kernel [0, 1]", "input" of "input: times read"; marks of other languages end it, too.
std::string plain_name(const std::string& name) {
    std::size_t end = name.find_first_of("[:,");
    for (const char* mark : {"\uFF1A", "\uFF0C"}) end = std::min(end, name.find(mark));
    return name.substr(0, end == std::string::npos || end == 0 ? end : name.find_last_not_of(' ', end - 1) + 1);
}

// The planes whose cells are larger than the others', or no squares so small that their shape is not seen.
std::vector<Message> out_of_scale(const std::vector<PlaneRequest>& planes, const Layout& layout) {
    const bool lined = layout.pitch >= kLeastLinedPitch;
    std::vector<Message> names;
    for (std::size_t i = 0; i < planes.size(); ++i)
        if (layout.planes[i].pitch > layout.pitch || (!lined && layout.planes[i].stretch != 1))
            names.push_back(verbatim(plain_name(planes[i].name)));
    return names;
}

// That a pixel shows several cells; empty where no plane is a picture.
Message mean_of_cells(const Layout& layout) {
    PixelMean rows, cols;
    for (const PlacedPlane& plane : layout.planes) {
        const PixelMean down = pixel_mean(plane.pitch * plane.stretch), across = pixel_mean(plane.pitch);
        if (down.covered > rows.covered) rows = down;
        if (across.covered > cols.covered) cols = across;
    }
    const std::int64_t covered = rows.covered * cols.covered, taken = rows.taken * cols.taken;
    const auto size = "size"_is(size_text(rows.covered, cols.covered));
    if (covered == 1) return {};
    if (covered == taken) return msg("A pixel shows the mean of up to {size} cells.", size);
    return msg("A pixel shows the mean of {taken} of up to {size} cells.", "taken"_is(taken), size);
}

using Lines = std::vector<Message>;

// What there is to say, in as much room as there may be: the longest first.
std::vector<Lines> forms_of(const std::vector<PlaneRequest>& planes, const Layout& layout, float least_number) {
    const Message mean = mean_of_cells(layout);
    const Message small = mean.empty() ? msg("The cells are too small for their numbers.") : mean;
    const Message shorter = mean.empty() ? msg("Too small for numbers.") : msg("Pixels are means of cells.");
    const Message names = in_a_row(out_of_scale(planes, layout));
    if (names.empty()) return {{small}, {shorter}};
    const Message larger = msg("Not to scale: {planes}.", "planes"_is(names));
    if (layout.pitch >= least_number) return {{larger}};
    std::vector<Lines> forms{{msg("{first} {second}", "first"_is(small), "second"_is(larger))}};
    if (mean.empty()) {
        forms.push_back({larger});
    } else {
        forms.push_back({small, larger});
        forms.push_back({shorter, larger});
    }
    return forms;
}

float note_size(const PaneScene& scene) {
    return std::max(std::round(scene.page.text_size * kSmallText), scene.page.least_text);
}

float note_gap(const PaneScene& scene) { return std::round(scene.page.text_size * 0.4F); }

std::vector<std::string> note_lines(const PaneScene& scene, const std::vector<PlaneRequest>& planes,
                                    const Layout& layout) {
    if (layout.pitch >= kLeastLinedPitch && out_of_scale(planes, layout).empty()) return {};
    const float size = note_size(scene);
    std::vector<std::string> lines;
    for (const Lines& form : forms_of(planes, layout, least_number_pitch(scene.page))) {
        lines.clear();
        for (const Message& line : form) lines.push_back(scene.words(line));
        if (std::ranges::all_of(lines, [&](const std::string& line) {
                return scene.fonts.text_width(line, size, Face::text) <= scene.area.w;
            }))
            return lines;
    }
    for (std::string& line : lines) line = fitting(line, size, scene.area.w, Face::text, scene.fonts);
    return lines;
}

}  // namespace

NotedRoom room_above_note(const PaneScene& scene, const std::vector<PlaneRequest>& planes, LayoutRoom room) {
    LayoutRoom whole = room;
    whole.camera = {};
    const Layout layout = place_planes(planes, whole, scene.fonts);
    const std::size_t lines = note_lines(scene, planes, layout).size();
    const float height = wrapped_line(note_size(scene)) * static_cast<float>(lines) + note_gap(scene);
    constexpr float kShare = 4;  // where the words would take more than this part of the room there are none
    if (lines == 0 || height > room.area.h / kShare) return {room, {}, 0};
    room.area.h -= height;
    const Rect note{room.area.x, room.area.bottom() + note_gap(scene), room.area.w, height - note_gap(scene)};
    return {room, note, lines};
}

void add_scale_note(Scene& out, const PaneScene& scene, const std::vector<PlaneRequest>& planes, const Layout& layout,
                    const NotedRoom& room) {
    std::vector<std::string> lines = note_lines(scene, planes, layout);
    lines.resize(std::min(lines.size(), room.lines));
    add_lines(out, {Part::title, scene.index, 0, 0, -8, 0}, lines, room.note, note_size(scene), scene.theme.faint);
}

Layout place_with_note(Scene& out, const PaneScene& scene, const std::vector<PlaneRequest>& planes) {
    const NotedRoom room = room_above_note(scene, planes, scene.room());
    Layout layout = place_planes(planes, room.planes, scene.fonts);
    add_scale_note(out, scene, planes, layout, room);
    return layout;
}

}  // namespace convlens
