// What the tests of pasted text ask of it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "core/import/import.h"

namespace convlens {

inline ConvSpec spec_of(std::string_view text) { return import_layer(text).layer.spec; }

inline std::string refusal(std::string_view text) {
    try {
        import_layer(text);
    } catch (const ImportError& error) {
        return error.what();
    }
    return "";
}

inline bool has_note(const ImportedLayer& layer, std::string_view part) {
    return std::ranges::any_of(layer.notes,
                               [&](const Message& note) { return english(note).find(part) != std::string::npos; });
}

inline std::vector<std::string> in_words(const std::vector<Message>& notes) {
    std::vector<std::string> all;
    for (const Message& note : notes) all.push_back(english(note));
    return all;
}

// How GoogleTest prints a note.
inline void PrintTo(const Message& note, std::ostream* out) { *out << english(note); }

inline void expect_contains(const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << "in: " << text;
}

inline std::vector<double> numbers(const std::optional<Tensor<double>>& tensor) {
    if (!tensor) return {};
    return {tensor->span().begin(), tensor->span().end()};
}

}  // namespace convlens
