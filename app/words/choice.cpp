#include "app/words/choice.h"

#include <algorithm>
#include <cstdlib>

#include "app/words/words.h"

namespace convlens {

std::optional<Lang> language_of_code(std::string_view code) {
    const auto found = std::ranges::find(languages(), code, &Language::code);
    return found == languages().end() ? std::nullopt : std::optional(found->lang);
}

std::string code_of(Lang lang) { return std::string(std::ranges::find(languages(), lang, &Language::lang)->code); }

std::optional<Lang> language_of_locale(std::string_view locale) {
    return language_of_code(locale.substr(0, locale.find_first_of("_.@-")));
}

std::string message_locale() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* const value = std::getenv(name);
        if (value != nullptr && *value != 0) return value;
    }
    return {};
}

Lang window_language(std::optional<Lang> asked, std::optional<Lang> kept, std::string_view locale) {
    return asked.value_or(kept.value_or(language_of_locale(locale).value_or(Lang::english)));
}

}  // namespace convlens
