#include "core/import/turns.h"

#include <cmath>

#include "core/import/given.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

// The letter of an axis, which counts from the end below 0; nothing where there is no such axis.
std::optional<char> letter_of(std::int64_t axis, std::string_view letters) {
    if (axis < 0) axis += std::ssize(letters);
    if (axis < 0 || axis >= std::ssize(letters)) return {};
    return letters[static_cast<std::size_t>(axis)];
}

// H and W in the order of the array's axes: "WH" of one that is transposed behind. "" where either is missing.
std::string plane_of(std::string_view letters) {
    const std::size_t h = letters.find('H');
    const std::size_t w = letters.find('W');
    if (h == std::string_view::npos || w == std::string_view::npos) return "";
    return h < w ? "HW" : "WH";
}

bool is_of_plane(std::string_view names) { return names == "H" || names == "W" || names == "HW" || names == "WH"; }

std::optional<Turn> reversing(std::string_view names) {
    return is_of_plane(names) ? std::optional(Turn{std::string(names)}) : std::nullopt;
}

// OpenCV's cv2.flip(x, -1), x.flip(2, 3), np.flip(x) of a matrix.
std::optional<Turn> flip_of(PastedText& text, const Node& call, std::string_view letters, std::size_t first) {
    const std::vector<std::int64_t> axes = axes_in(text, call, first);
    if (is_one_of(first_parts(call.text), "cv2 cv")) {
        if (axes.size() != 1 || letters.size() < 2) return {};
        return reversing(axes[0] < 0 ? letters.substr(0, 2) : letters.substr(axes[0] == 0 ? 0 : 1, 1));
    }
    if (axes.empty()) return call.items.size() == first && letters.size() == 2 ? reversing(letters) : std::nullopt;
    std::string names;
    for (const std::int64_t axis : axes) {
        const auto letter = letter_of(axis, letters);
        if (!letter) return {};
        names += *letter;
    }
    return reversing(names);
}

// rot90(x, k, axes): by quarter turns from the first of two axes towards the second; tf.image's are those of the plane.
std::optional<Turn> rotation_of(PastedText& text, const Node& call, std::string_view letters, std::size_t first) {
    Given given(call, first, "k axes");
    const Node* turns = given.take("k");
    const auto quarters = quarter_turns(turns ? number_of(text, *turns) : std::optional(1.0));
    if (!quarters) return {};
    std::string names(letters.substr(0, 2));
    if (first_parts(call.text) == "tf.image") names = plane_of(letters);
    if (const Node* told = given.take("axes dims")) {
        names.clear();
        const Node list = resolved(text, *told);
        for (const Node& item : list.items) {
            const auto axis = number_of(text, item);
            const bool whole = axis && *axis == std::floor(*axis) && std::abs(*axis) <= 8;
            const auto letter = whole ? letter_of(static_cast<std::int64_t>(*axis), letters) : std::nullopt;
            if (!letter) return {};
            names += *letter;
        }
    }
    if (!given.is_done() || (names != "HW" && names != "WH")) return {};
    if (*quarters == 0) return Turn{};
    if (*quarters == 2) return Turn{names};
    return Turn{names.substr(*quarters == 1 ? 0 : 1, 1), true};
}

// cv2.rotate(x, cv2.ROTATE_90_CLOCKWISE)
std::optional<Turn> opencv_rotation_of(const Node& call, std::string_view letters) {
    if (call.items.size() != 2 || letters.size() < 2) return {};
    const std::string names(letters.substr(0, 2));
    const std::string_view code = last_part(call.items[1].text);
    if (names != "HW" && names != "WH") return {};
    if (code == "ROTATE_180") return Turn{names};
    if (code == "ROTATE_90_COUNTERCLOCKWISE") return Turn{names.substr(0, 1), true};
    return code == "ROTATE_90_CLOCKWISE" ? std::optional(Turn{names.substr(1, 1), true}) : std::nullopt;
}

}  // namespace

bool is_turn(std::string_view written, std::string_view method) {
    if (method == "reverse") return first_parts(written) == "tf";
    if (method == "rotate") return is_one_of(first_parts(written), "cv2 cv");
    return is_one_of(method, "flip fliplr flipud flip_left_right flip_up_down rot90");
}

std::optional<Turn> turn_of(PastedText& text, const Node& call, std::string_view method, std::string_view letters,
                            std::size_t first) {
    if (method == "rotate") return opencv_rotation_of(call, letters);
    if (method == "rot90") return rotation_of(text, call, letters, first);
    if (method == "flip" || method == "reverse") return flip_of(text, call, letters, first);
    if (call.items.size() != first || letters.size() < 2) return {};
    const std::string plane = plane_of(letters);
    if (method == "flip_left_right") return plane.empty() ? std::nullopt : reversing(plane.substr(1));
    if (method == "flip_up_down") return plane.empty() ? std::nullopt : reversing(plane.substr(0, 1));
    return reversing(letters.substr(method == "fliplr" ? 1 : 0, 1));
}

std::optional<std::int64_t> quarter_turns(std::optional<double> times) {
    if (!times || *times != std::floor(*times) || std::abs(*times) > 0x1p31) return {};
    return ((static_cast<std::int64_t>(*times) % 4) + 4) % 4;
}

std::vector<std::int64_t> axes_in(PastedText& text, const Node& call, std::size_t first) {
    std::vector<std::int64_t> numbers;
    for (std::size_t i = first; i < call.items.size(); ++i) {
        const Node item = resolved(text, call.items[i]);
        for (const Node& part : item.kind == Node::Kind::list ? item.items : std::vector<Node>{item}) {
            const auto value = number_of(text, part);
            if (!value || !(*value >= -8 && *value <= 8)) return {};
            numbers.push_back(static_cast<std::int64_t>(*value));
        }
    }
    return numbers;
}

}  // namespace convlens::pasted
