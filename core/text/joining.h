// How a language puts the parts of a sentence side by side.
#pragma once

#include <string>
#include <string_view>

#include "core/text/message.h"

namespace convlens {

// Puts the next stretch of a sentence behind those before it: what stands in a place, or what is between two places.
using Joining = void (*)(std::string& words, std::string_view next);

inline void join_as_it_is(std::string& words, std::string_view next) { words += next; }

// As worded(message, wording), with the parts joined in the language's way, those of messages in places, too.
std::string worded(const Message& message, const Wording& wording, Joining join);

}  // namespace convlens
