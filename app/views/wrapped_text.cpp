#include "app/views/wrapped_text.h"

#include <cmath>
#include <string_view>

namespace convlens {

std::string fitting(const std::string& text, float size, float room, Face face, const FontMetrics& fonts) {
    std::string cut = text;
    while (!cut.empty() && fonts.text_width(cut == text ? cut : cut + "…", size, face) > room) {
        std::size_t end = cut.size() - 1;
        while (end > 0 && (static_cast<unsigned char>(cut[end]) & 0xC0U) == 0x80U) --end;  // whole characters
        cut.resize(end);
    }
    return cut == text ? cut : cut + "…";
}

std::vector<std::string> lines_of(const std::string& text, float width, std::size_t most, float size,
                                  const FontMetrics& fonts) {
    std::vector<std::string> lines;
    std::string_view rest = text;
    while (!rest.empty() && lines.size() + 1 < most) {
        const auto fits = [&](std::size_t to) {
            return fonts.text_width(rest.substr(0, to), size, Face::text) <= width;
        };
        std::size_t end = fits(rest.size()) ? std::string_view::npos : rest.find(' ');
        while (end != std::string_view::npos) {
            const std::size_t next = rest.find(' ', end + 1);
            if (next == std::string_view::npos || !fits(next)) break;
            end = next;
        }
        lines.push_back(fitting(std::string(rest.substr(0, end)), size, width, Face::text, fonts));
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    if (!rest.empty()) lines.push_back(fitting(std::string(rest), size, width, Face::text, fonts));
    return lines;
}

float wrapped_line(float size) { return std::round(size * 1.3F); }

float add_lines(Scene& scene, const MarkId& first, const std::vector<std::string>& lines, const Rect& area, float size,
                Colour colour) {
    MarkId id = first;
    float y = area.y;
    for (const std::string& line : lines) {
        scene.marks.push_back(TextMark{id, line, {area.x + area.w / 2, y}, size, colour, Face::text, Align::centre});
        y += wrapped_line(size);
        ++id.x;
    }
    return y - area.y;
}

}  // namespace convlens
