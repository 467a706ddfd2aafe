// The panels of the window. Each draws itself into the current ImGui window, reads Document and Derived, and asks for
// edits through UiState; none calls another, none does arithmetic that core can do.
#pragma once

#include <cmath>

#include "app/derived/derived.h"
#include "app/scene/theme.h"
#include "app/session/ui_state.h"
#include "app/words/words.h"

namespace convlens {

class ScreenRenderer;
class PhotoWork;

// What an item is called, for Dear ImGui: its id is the English name in other languages, too, so that two that are called
// alike there stay two.
inline std::string item_label(Lang lang, const Message& message) {
    return lang == Lang::english ? english(message) : in(lang, message) + "###" + english(message);
}

// The least size of what is written in the picture, pixels: in presenter mode that of labels, which is a 45th of the
// window's height, else eleven pixels at scale 1. `text`: the height of the window's text.
inline float least_text(float text, bool presenter) { return std::round(text * (presenter ? kSmallText : 0.6875F)); }

// What every panel may look at.
struct PanelContext {
    const Document& document;
    // Of `document`; while UiState::computing its layers are older ones, and its panes' slices and readings fit those. What
    // shows computed numbers reads derived.document, what changes settings reads `document`.
    const Derived& derived;
    UiState& ui;
    const Theme& theme;
    const FontMetrics& fonts;
    ScreenRenderer& screen;
    float text_size;  // pixels, scale included
    Lang lang = Lang::english;

    std::string words(const Message& message) const { return in(lang, message); }
    // What a button or an item is called, with an `id` behind ("##copy", "###save") or that of item_label().
    std::string label(const Message& message, std::string_view id = {}) const {
        return id.empty() ? item_label(lang, message) : words(message) + std::string(id);
    }
};

void parameters_panel(PanelContext& context);
void canvas_panel(PanelContext& context);
// In the place of the canvas while there is no picture of the document: that it is being computed, or why it is not.
void no_picture_panel(const PanelContext& context);
void ruler_panel(PanelContext& context);
void timeline_panel(PanelContext& context);
void output_panel(PanelContext& context);
void explain_panel(PanelContext& context);

// The photo workspace: kernel, presets, chain, backend and time on the left; before and after in the middle.
void photo_controls_panel(PanelContext& context, PhotoWork& work);
void photo_view_panel(PanelContext& context, PhotoWork& work);

}  // namespace convlens
