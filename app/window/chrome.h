// What stands around the panels: menu bar, the strip of the first start, status line, messages, the overlay of keys.
#pragma once

#include <string>
#include <vector>

#include "app/panels/panels.h"
#include "app/render/screen/screen.h"
#include "app/scene/theme.h"
#include "app/session/session.h"
#include "app/window/saving.h"

namespace convlens {

struct ChromeContext {
    Session& session;
    const Theme& theme;
    const ScreenFonts& fonts;
    float text_size;
    bool closing = false;  // the window closes as soon as files are written

    Lang lang() const { return session.ui.lang; }
    std::string words(const Message& message) const { return in(lang(), message); }
    // What an item is called; its id is the English name, so that it is the same one in every language.
    std::string label(const Message& message) const { return item_label(lang(), message); }
};

void draw_menu_bar(ChromeContext& context);
// In presenter mode the same menus behind one button, which begins the line of the timeline. See has_menu_bar().
void draw_presenter_menu(ChromeContext& context);

// The start bar: the hint that Space plays, and five starts. The bar is there until a start is clicked or the bar is
// closed.
void draw_start_bar(ChromeContext& context);

// One line at the bottom: what the pointer and keys do here on the left, how things stand on the right.
struct Status {
    Message graphics;     // "OpenGL 4.5", or why pictures are filtered on the CPU
    Message saving;       // what is wrong with keeping the work; empty when there is nothing to say
    bool paused = false;  // the play waits for the pointer to leave
};
void draw_status(ChromeContext& context, const Status& status);

// Messages at the bottom, the newest lowest. They fade when their time is over, sooner when clicked away. Lowest of all
// stands the file that is being written, with a way to stop it.
void draw_messages(ChromeContext& context, Saving& saving);
// When the next message fades; infinity without one.
double next_message_end(const UiState& ui);

// While session.changed_file is set: whether to replace it, over all else.
void draw_changed_file(ChromeContext& context);

// F1: every key, in two columns.
void draw_keys(ChromeContext& context);

}  // namespace convlens
