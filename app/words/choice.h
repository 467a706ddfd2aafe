// Which language the program speaks: what is asked for goes before what is kept, and that before the system's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/words/lang.h"

namespace convlens {

// "zh" and "en"; nothing of any other code.
std::optional<Lang> language_of_code(std::string_view code);
std::string code_of(Lang lang);

// The language of a locale such as "zh_CN.UTF-8"; nothing where the program does not speak it, and of "C".
std::optional<Lang> language_of_locale(std::string_view locale);

// The locale of messages by the environment: LC_ALL, else LC_MESSAGES, else LANG; the first that is not empty counts.
std::string message_locale();

// Of a window that starts: `asked` by --lang or CONVLENS_LANG, `kept` by the settings; else that of `locale`, else English.
Lang window_language(std::optional<Lang> asked, std::optional<Lang> kept, std::string_view locale);

}  // namespace convlens
