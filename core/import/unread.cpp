// Arrays whose numbers are not read are replaced by others, which a note has to say: here is what it says.
#include "core/import/unread.h"

#include "core/import/arguments.h"

namespace convlens::pasted {

Message unread_text(PastedText& text, const Node& node, const Message& array) {
    Unread unread;
    array_of(text, node, &unread);
    if (unread.is_number) return number_note(array, unread.what);
    const Node value = resolved(text, node);
    if (value.kind == Node::Kind::call)
        return msg("{array} is made by {function}(...), whose numbers are not read; others were taken",
                   "array"_is(array), "function"_is(value.text));
    return msg("the numbers of {array} are not told; others were taken", "array"_is(array));
}

}  // namespace convlens::pasted
