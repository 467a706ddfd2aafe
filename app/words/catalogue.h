// The words of one language, as GNU gettext's msgfmt writes them into an .mo file: for each English text its own, or one
// for each form of its plural. Read from bytes, with no locale of the process, so that several languages are at hand at
// once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/words/plural_rule.h"
#include "core/text/message.h"

namespace convlens {

struct CatalogueRead;

class Catalogue {
public:
    // No words: every text stays English.
    Catalogue() = default;

    // What stands for a text, for a number where the text depends on one; nothing where the catalogue lacks it.
    std::optional<std::string_view> find(const Key& key, std::optional<std::int64_t> count = {}) const;

    struct Entry {
        Key key;
        std::vector<std::string_view> forms;  // one, or as many as the language has plurals
    };
    // All entries but the head, in the order of their texts.
    const std::vector<Entry>& entries() const { return entries_; }

private:
    friend struct CatalogueReader;
    friend CatalogueRead read_catalogue(std::string bytes);
    std::shared_ptr<const std::string> bytes_;  // what all views look at
    std::vector<Entry> entries_;
    PluralRule rule_;
};

struct CatalogueRead {
    Catalogue words;  // empty where there is a problem
    Message problem;  // why the bytes are no catalogue; empty where they are one
};
// The bytes of an .mo file of either byte order, format 0 or 1 without its system-dependent strings, in UTF-8. Damaged
// bytes are a problem, never a fault: every offset, length and text is checked.
CatalogueRead read_catalogue(std::string bytes);

}  // namespace convlens
