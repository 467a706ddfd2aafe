#include "app/views/wrapped_text.h"

#include <cmath>
#include <string_view>

#include "core/text/line_parts.h"

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
    const auto printed = [](std::string_view line) { return line.substr(0, line.find_last_not_of(' ') + 1); };
    while (!rest.empty() && lines.size() + 1 < most) {
        std::size_t end = 0;
        for (const std::string_view part : line_parts(rest)) {
            const std::string_view line = printed(rest.substr(0, end + part.size()));
            if (end > 0 && fonts.text_width(line, size, Face::text) > width) break;
            end += part.size();
        }
        lines.push_back(fitting(std::string(printed(rest.substr(0, end))), size, width, Face::text, fonts));
        rest.remove_prefix(end);
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
