// Small widgets that several panels share: texts and fields here, the others from this header's own includes. They draw into
// the current ImGui window.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <imgui.h>

#include "app/panels/panels.h"
#include "app/panels/widgets/buttons.h"
#include "app/panels/widgets/shown.h"
#include "app/panels/widgets/slider.h"
#include "app/render/screen/screen.h"

namespace convlens {

inline ImVec4 vec(Colour c, float alpha = 1) {
    return {static_cast<float>(c.r) / 255, static_cast<float>(c.g) / 255, static_cast<float>(c.b) / 255,
            static_cast<float>(c.a) / 255 * alpha};
}
inline ImU32 packed_colour(Colour c) { return IM_COL32(c.r, c.g, c.b, c.a); }

// Words about the item before, in lines that are pleasant to read. Wait until the pointer rests.
void tip(std::string_view text);
void tip(const PanelContext& context, const Message& message);

// The size at which digits of the mono face are as large as those of the text face.
float number_size(const PanelContext& context);

// The text with a line break wherever it is to be wrapped into `width` pixels of the present font, at blanks and between
// Chinese characters: see core/text/line_parts.h. Dear ImGui by itself also breaks behind full stops and commas, inside of
// ".png" or "/home/a,b", and anywhere in Chinese. Words that are wider than a line stay whole.
std::string in_lines(std::string_view text, float width);

// Text that breaks into lines at the panel's edge.
void wrapped(std::string_view text, Colour colour);
void wrapped(const PanelContext& context, const Message& message, Colour colour);

// "Coloured like its part in the picture", with what it means.
void hue_label(const PanelContext& context, std::string_view text, Colour hue, const Message& about);
void hue_label(const PanelContext& context, const Message& text, Colour hue, const Message& about);
// The next widget stands beside the label before it: at `column` text heights, or behind a label that is longer.
void beside_label(const PanelContext& context, float column);

// A heading inside a panel.
void heading(const PanelContext& context, std::string_view text);
void heading(const PanelContext& context, const Message& message);

// A field for a whole number. What is typed is given back once, when the field is left; what is no whole number stays
// in it, see refused_text(). `key` names the field in UiState.
struct FieldLook {
    float width = 0;
    bool problem = false;
};
std::optional<std::int64_t> whole_field(const PanelContext& context, const char* label, const std::string& key,
                                        std::int64_t value, const FieldLook& look);
// The same with a text of its own for the value ("0|1").
std::optional<std::int64_t> whole_field(const PanelContext& context, const char* label, const std::string& key,
                                        std::int64_t value, const std::string& shown, const FieldLook& look);
// A field for a finite number.
std::optional<double> real_field(const PanelContext& context, const char* label, const std::string& key, double value,
                                 const FieldLook& look);
// What stands refused in the field, or nullptr.
const TypedText* refused_text(const UiState& ui, const std::string& key);
void forget_text(UiState& ui, const std::string& key);

// A field of any text, outlined when there is a problem with it. True once, when it is left with another text.
bool text_field(const PanelContext& context, const char* label, std::string& text, const FieldLook& look);

// "!" and why, in the problem colour.
void problem_text(const PanelContext& context, std::string_view text);
void problem_text(const PanelContext& context, const Message& message);

// Puts the next item on the same line if it fits there. A negative gap is the usual one.
void flow(float next_width, float gap = -1);

// A choice of one of several indices 0..count-1 as −, field, +: for n and channels. True with the new index. They are
// shown and typed as first..first+count-1: a group's channels by their place among all.
std::optional<std::int64_t> index_stepper(const PanelContext& context, const char* label, const std::string& key,
                                          std::int64_t index, std::int64_t count, const Message& about,
                                          std::int64_t first = 0);

// A line along the lower (or upper) edge of the current window: bars are set off by one line, not by a box.
void draw_edge(bool lower);

}  // namespace convlens
