// Arrays whose numbers are not read are replaced by others, which a note has to say: here is what it says.
#include "core/import/unread.h"

#include <fmt/format.h>

namespace convlens::pasted {

std::string unread_text(PastedText& text, const Node& node, std::string_view of) {
    Unread unread;
    array_of(text, node, &unread);
    if (unread.is_number)
        return fmt::format("{} of {} is not read, so none of its numbers are; others were taken", unread.what, of);
    const Node value = resolved(text, node);
    if (value.kind == Node::Kind::call)
        return fmt::format("{} is made by {}(...), whose numbers are not read; others were taken", of, value.text);
    return fmt::format("the numbers of {} are not told; others were taken", of);
}

}  // namespace convlens::pasted
