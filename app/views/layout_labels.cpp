// The words at a plane: made shorter where room is scarce, and drawn.
#include <cctype>
#include <cmath>
#include <string_view>

#include "app/views/layout.h"

namespace convlens {

bool shorten_label(std::string& label) {
    const auto cut = [&label](std::size_t at) {
        label.resize(at);
        return true;
    };
    constexpr std::string_view kAngle = " 180°";
    if (label.ends_with(kAngle)) return cut(label.size() - kAngle.size());
    for (const std::string_view sign : {" = ", ": ", "："})
        if (const std::size_t at = label.find(sign); at != std::string::npos) return cut(at);
    // A part begins with a word; what begins with a number goes on with the part before it, and so do brackets.
    const auto word_at = [&label](std::size_t i) {
        const auto c = static_cast<unsigned char>(i < label.size() ? label[i] : '0');
        return std::isalpha(c) != 0 || c >= 0x80;  // a letter, of Chinese, too
    };
    int depth = 0;
    for (std::size_t i = label.size(); i-- > 0;) {
        const std::string_view rest = std::string_view(label).substr(i);
        if (rest.starts_with(')') || rest.starts_with(']')) ++depth;
        if (rest.starts_with('(') || rest.starts_with('[')) --depth;
        for (const std::string_view comma : {", ", "，"})
            if (depth == 0 && rest.starts_with(comma) && word_at(i + comma.size())) return cut(i);
    }
    return false;
}

void add_labels(Scene& scene, int pane, const std::vector<PlaneRequest>& planes, const Layout& layout,
                const Theme& theme, const Page& page, const FontMetrics& fonts) {
    if (layout.rows > 0) return add_row_labels(scene, pane, planes, layout, theme, page, fonts);
    const float size = page.text_size;
    const float line = std::round(size * 1.25F);
    for (std::size_t i = 0; i < planes.size(); ++i) {
        const PlaneRequest& plane = planes[i];
        const PlacedPlane& placed = layout.planes[i];
        const float centre = placed.box.x + placed.box.w / 2;
        const float bottom = placed.cells(0, 0, static_cast<double>(plane.rows), 0).bottom();
        const MarkId id{Part::title, pane, 0, 0, 0, static_cast<std::int64_t>(i)};
        const auto text = [&](const std::string& words, float y, Colour colour, Face face) {
            if (!words.empty())
                scene.marks.push_back(TextMark{id, words, {centre, y}, size, colour, face, Align::centre});
        };
        if (layout.one_line && !placed.name.empty() && !placed.detail.empty()) {
            const float name = fonts.text_width(placed.name, size, Face::bold) + label_gap(page);
            const float left = centre - (name + fonts.text_width(placed.detail, size, Face::text)) / 2;
            const auto beside = [&](const std::string& words, float x, Colour colour, Face face) {
                scene.marks.push_back(TextMark{id, words, {x, placed.box.y}, size, colour, face, Align::left});
            };
            beside(placed.name, left, plane.colour, Face::bold);
            beside(placed.detail, left + name, theme.faint, Face::text);
        } else {
            text(placed.name, placed.box.y, plane.colour, Face::bold);
            text(placed.detail, layout.one_line && placed.name.empty() ? placed.box.y : placed.box.y + line,
                 theme.faint, Face::text);
        }
        text(placed.note, bottom + std::round(size * 0.3F), theme.faint, Face::text);
    }
    for (const PlacedOperator& op : layout.operators) {
        const float big = size * 1.5F;
        scene.marks.push_back(TextMark{{Part::title, pane},
                                       op.text,
                                       {op.centre.x, op.centre.y - big / 2},
                                       big,
                                       theme.faint,
                                       Face::text,
                                       Align::centre});
    }
}

}  // namespace convlens
