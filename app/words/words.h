// The languages that the program speaks, and a message in the words of one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/words/catalogue.h"
#include "app/words/lang.h"
#include "core/text/message.h"

namespace convlens {

struct Language {
    Lang lang{};
    std::string_view code;   // "zh", as its file in assets/words is called
    std::string_view title;  // in its own words: "中文"
    Key name;                // "Chinese"
};
// All of them, in the order of Lang.
std::span<const Language> languages();

// The message in the words of the language; English where it lacks the text.
std::string in(Lang lang, const Message& message);

// The words of a language and, if they are damaged, so that it stays English, why. English itself has none.
const CatalogueRead& words_of(Lang lang);

}  // namespace convlens
