// The question before the window closes without having kept something, such as on a full disk.
#pragma once

#include <optional>
#include <vector>

#include "app/words/lang.h"
#include "core/text/message.h"

namespace convlens {

class Unkept {
public:
    // `what` is not kept and why, a line each. Shown from the next draw() on.
    void ask(std::vector<Message> what);
    // It is on the screen, or is going to be.
    bool asks() const { return !what_.empty(); }
    const std::vector<Message>& what() const { return what_; }

    enum class Answer { save_as, try_again, close_anyway };
    // Draws the question over all else; the answer once. Save as has the keyboard, since it loses nothing. Escape leads
    // back to the window, which stays.
    std::optional<Answer> draw(float text_size, Lang lang);

private:
    std::optional<Answer> draw_answers(bool appearing, Lang lang);

    std::vector<Message> what_;
    bool appearing_ = false;
};

}  // namespace convlens
