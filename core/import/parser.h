// Tokens of a pasted text as calls, numbers, lists. Internal to core/import.
#pragma once

#include <cstddef>

#include "core/import/call.h"

namespace convlens::pasted {

struct Parsed {
    Node node;
    std::size_t after = 0;  // the token behind it
};

// What PastedText::call_at(), value_at() and field_at() tell. Variables within the value count as before token `scope`.
Parsed parse_call(PastedText& text, std::size_t token, std::size_t scope);
Parsed parse_value(PastedText& text, std::size_t token, std::size_t scope);
Parsed parse_arguments(PastedText& text, std::size_t bracket, std::size_t scope);  // as a call without a name
Parsed parse_field(PastedText& text, std::size_t token);

}  // namespace convlens::pasted
