#include "app/words/words.h"

#include <array>

#include "app/words/chinese.h"
#include "convlens_assets.h"
#include "core/text/joining.h"

namespace convlens {

namespace {

constexpr std::array kLanguages{
    Language{Lang::english, "en", "English", key("English")},
    Language{Lang::chinese, "zh", "中文", key("Chinese")},
};

// In the order of Lang.
constexpr std::array<Joining, kLanguages.size()> kJoinings{join_as_it_is, join_chinese};

}  // namespace

std::span<const Language> languages() { return kLanguages; }

const CatalogueRead& words_of(Lang lang) {
    // Read when the language is first asked for; never changed.
    static const auto all = [] {
        std::array<CatalogueRead, kLanguages.size()> read;
        for (const Language& language : kLanguages)
            if (language.lang != Lang::english)
                read[static_cast<std::size_t>(language.lang)] =
                    read_catalogue(std::string(assets::words(language.code)));
        return read;
    }();
    return all[static_cast<std::size_t>(lang)];
}

std::string in(Lang lang, const Message& message) {
    const Catalogue& words = words_of(lang).words;
    const auto wording = [&](const Key& key, std::optional<std::int64_t> count) {
        return words.find(key, count).value_or(english_text(key, count));
    };
    return worded(message, wording, kJoinings[static_cast<std::size_t>(lang)]);
}

}  // namespace convlens
