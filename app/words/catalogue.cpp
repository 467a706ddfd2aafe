#include "app/words/catalogue.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "core/text/printable.h"

namespace convlens {

namespace {

// The file begins with this, in the byte order of whoever wrote it.
constexpr std::uint32_t kMagic = 0x950412de;
constexpr std::uint32_t kMagicSwapped = 0xde120495;
// magic, revision, count, the tables of the texts and of what stands for them; then a hash table that is not used here.
constexpr std::size_t kHead = 20;
constexpr std::size_t kMostForms = 16;

struct Damaged {
    Message why;
};

// The value of "name: value" in the head.
std::string_view field(std::string_view head, std::string_view name) {
    while (!head.empty()) {
        const std::size_t end = std::min(head.find('\n'), head.size());
        std::string_view line = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        if (line.starts_with(name) && line.substr(name.size()).starts_with(": ")) return line.substr(name.size() + 2);
    }
    return {};
}

// What stands behind "name=" up to a semicolon.
std::string_view assigned(std::string_view text, std::string_view name) {
    for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        const bool whole_word = at == 0 || text[at - 1] == ' ' || text[at - 1] == ';';
        const std::string_view behind = text.substr(at + name.size());
        if (whole_word && behind.starts_with('=')) return behind.substr(1, behind.find(';') - 1);
    }
    return {};
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80   ? 1
                                   : lead < 0xc2 ? 0
                                   : lead < 0xe0 ? 2
                                   : lead < 0xf0 ? 3
                                   : lead < 0xf5 ? 4
                                                 : 0;
        if (length == 0 || at + length > text.size()) return false;
        for (std::size_t i = 1; i < length; ++i)
            if ((static_cast<unsigned char>(text[at + i]) & 0xc0U) != 0x80U) return false;
        at += length;
    }
    return true;
}

// The parts between NULs.
std::vector<std::string_view> parts(std::string_view text) {
    std::vector<std::string_view> all;
    while (true) {
        const std::size_t end = text.find('\0');
        all.push_back(text.substr(0, end));
        if (end == text.npos) return all;
        text.remove_prefix(end + 1);
    }
}

Key key_of(std::string_view original) {
    Key key;
    if (const std::size_t end = original.find('\4'); end != original.npos) {
        key.context = original.substr(0, end);
        original.remove_prefix(end + 1);
    }
    const std::vector<std::string_view> forms = parts(original);
    key.text = forms[0];
    if (forms.size() > 1) key.many = forms[1];
    return key;
}

auto order(const Key& key) { return std::tie(key.context, key.text); }

}  // namespace

struct CatalogueReader {
    std::string_view bytes;
    bool swapped = false;

    std::uint32_t number(std::size_t at) const {
        if (at > bytes.size() || bytes.size() - at < 4)
            throw Damaged{
                msg("the words are damaged: they end at byte {end}, where more is announced", "end"_is(bytes.size()))};
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto byte = static_cast<unsigned char>(bytes[at + i]);
            value |= static_cast<std::uint32_t>(byte) << 8 * (swapped ? 3 - i : i);
        }
        return value;
    }

    // The text whose length and place stand at `at`.
    std::string_view text(std::size_t at) const {
        const std::size_t length = number(at);
        const std::size_t start = number(at + 4);
        if (start >= bytes.size() || length >= bytes.size() - start)
            throw Damaged{
                msg("the words are damaged: they end at byte {end}, where more is announced", "end"_is(bytes.size()))};
        const std::string_view found = bytes.substr(start, length);
        if (bytes[start + length] != '\0' || !is_utf8(found))
            throw Damaged{msg("the words are damaged: the text at byte {start} is not UTF-8 with a zero behind it",
                              "start"_is(start))};
        return found;
    }

    // The head says how the rest is to be read.
    static PluralRule rule_of(std::string_view head, std::size_t& forms) {
        if (assigned(field(head, "Content-Type"), "charset") != "UTF-8")
            throw Damaged{msg("the words are not in UTF-8, or do not say so")};
        const std::string_view plurals = field(head, "Plural-Forms");
        const std::string_view count = assigned(plurals, "nplurals");
        const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), forms);
        if (error != std::errc{} || end != count.data() + count.size() || forms < 1 || forms > kMostForms)
            throw Damaged{
                msg("the words do not say how many plurals their language has, 1 to {most}", "most"_is(kMostForms))};
        auto rule = PluralRule::parse(assigned(plurals, "plural"), forms);
        if (!rule) throw Damaged{msg("the rule for plurals cannot be read: {rule}", "rule"_is(printable(plurals)))};
        return *std::move(rule);
    }

    void read(Catalogue& words) {
        if (number(0) != kMagic) swapped = true;
        if (number(0) != kMagic) throw Damaged{msg("these bytes are not a catalogue made by GNU msgfmt")};
        if (number(4) >> 16U > 1)
            throw Damaged{msg("format {version} of the catalogue is unknown", "version"_is(number(4) >> 16U))};
        const std::size_t count = number(8);
        const std::size_t texts = number(12), meanings = number(16);
        if (bytes.size() < kHead || count > (bytes.size() - kHead) / 8)
            throw Damaged{
                msg("the words are damaged: they end at byte {end}, where more is announced", "end"_is(bytes.size()))};
        std::size_t forms = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::string_view original = text(texts + 8 * i);
            const std::string_view meaning = text(meanings + 8 * i);
            if (original.empty()) {
                words.rule_ = rule_of(meaning, forms);
                continue;
            }
            const Key key = key_of(original);
            words.entries_.push_back({key, parts(meaning)});
        }
        if (forms == 0) throw Damaged{msg("the words are damaged: their head is missing")};
        for (const Catalogue::Entry& entry : words.entries_) {
            if (entry.forms.size() != (entry.key.many.empty() ? 1 : forms))
                throw Damaged{msg("the words are damaged: “{text}” does not have one form for each plural",
                                  "text"_is(printable(entry.key.text)))};
        }
        std::ranges::sort(words.entries_, {}, [](const Catalogue::Entry& entry) { return order(entry.key); });
    }
};

std::optional<std::string_view> Catalogue::find(const Key& key, std::optional<std::int64_t> count) const {
    const auto found =
        std::ranges::lower_bound(entries_, order(key), {}, [](const Entry& entry) { return order(entry.key); });
    if (found == entries_.end() || found->key != key) return {};
    if (found->forms.size() == 1 || !count) return found->forms.front();
    const auto magnitude =
        *count < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(*count) : static_cast<std::uint64_t>(*count);
    return found->forms[rule_.form(magnitude)];
}

CatalogueRead read_catalogue(std::string bytes) {
    CatalogueRead read;
    read.words.bytes_ = std::make_shared<const std::string>(std::move(bytes));
    try {
        CatalogueReader{*read.words.bytes_}.read(read.words);
    } catch (Damaged& damaged) {
        read = {{}, std::move(damaged.why)};
    }
    return read;
}

}  // namespace convlens
