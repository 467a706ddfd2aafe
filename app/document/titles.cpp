#include "app/document/titles.h"
#include "core/text/ascii.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>

namespace convlens {

namespace {

// Beginnings of words that speak of a setting, in lower case.
constexpr std::array<std::string_view, 19> kWords{
    "padding",    "stride", "dilat", "kernel", "group",  "causal", "conv2",  "xcorr2", "correl", "pool",
    "transposed", "turned", "flip",  "bias",   "border", "valid",  "rotate", "revers", "same"};

// A setting by its name in titles, and whether it has this value along both axes.
struct Named {
    std::string_view name;
    bool (*is)(const ConvSpec& spec, std::int64_t value);
};
constexpr std::array<Named, 6> kSettings{{
    {"output_padding",
     [](const ConvSpec& s, std::int64_t v) {
         return s.output_padding == Size2{v, v};
     }},
    {"padding", [](const ConvSpec& s, std::int64_t v) { return s.pads == Pads::all(v); }},
    {"stride",
     [](const ConvSpec& s, std::int64_t v) { return s.stride.w == v && (s.stride.h == v || s.stride.h == 1); }},
    {"dilation",
     [](const ConvSpec& s, std::int64_t v) { return s.dilation.w == v && (s.dilation.h == v || s.dilation.h == 1); }},
    {"kernel",
     [](const ConvSpec& s, std::int64_t v) { return s.kernel.w == v && (s.kernel.h == v || s.kernel.h == 1); }},
    {"groups", [](const ConvSpec& s, std::int64_t v) { return s.groups == v; }},
}};

// A call at the beginning of a title, and whether the layer is what it calls.
struct Call {
    std::string_view begins;
    bool (*is)(const ConvSpec& spec);
};
constexpr std::array<Call, 3> kCalls{{
    {"conv2(", [](const ConvSpec& s) { return s.op == Op::conv && s.flip_kernel; }},
    {"xcorr2(", [](const ConvSpec& s) { return s.op == Op::conv && !s.flip_kernel; }},
    {"conv2d(", [](const ConvSpec& s) { return s.op == Op::conv && !s.flip_kernel; }},
}};

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The whole number that stands at `at`, after one '=' or blank: of "=1", " 2".
std::optional<std::int64_t> number_at(std::string_view text, std::size_t at) {
    if (at >= text.size() || (text[at] != '=' && text[at] != ' ')) return std::nullopt;
    std::int64_t value = 0;
    const char* begin = text.data() + at + 1;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
    if (error != std::errc() || end == begin) return std::nullopt;
    return value;
}

// Whether every number that the text has beside the setting's name is the layer's.
bool agrees(std::string_view text, const Named& setting, const ConvSpec& spec) {
    for (std::size_t at = text.find(setting.name); at != std::string_view::npos; at = text.find(setting.name, at + 1)) {
        if (at > 0 && in_word(text[at - 1])) continue;  // "padding" of "output_padding"
        const auto value = number_at(text, at + setting.name.size());
        if (value && !setting.is(spec, *value)) return false;
    }
    return true;
}

const Layer& layer_of(const Document& document, const Pane& pane) {
    return document.layers[static_cast<std::size_t>(pane.layer)];
}

bool same_settings(const Layer& a, const Layer& b) { return a.spec == b.spec && a.weight == b.weight; }

// Whether the title stood over the same settings before.
bool stood(const std::string& title, const Layer& layer, const Document& before) {
    return std::ranges::any_of(before.panes, [&](const Pane& pane) {
        return pane.title == title && same_settings(layer_of(before, pane), layer);
    });
}

bool is_true_of_some(const std::string& title, const Document& document) {
    return std::ranges::any_of(document.layers, [&](const Layer& layer) { return is_true_of(title, layer.spec); });
}

bool had_pane(const std::string& title, const Document& document) {
    return std::ranges::any_of(document.panes, [&](const Pane& pane) { return pane.title == title; });
}

// Such a title speaks of what the settings make of the input's size.
bool names_remainder(std::string_view title) {
    const std::string text = lower(title);
    // "with a rest" is what the presets' titles said in documents that were saved earlier.
    return text.find("with a remainder") != std::string::npos || text.find("with a rest") != std::string::npos;
}

bool same_inputs(const Document& a, const Document& b) {
    return std::ranges::equal(a.layers, b.layers, {}, input_shape, input_shape);
}

}  // namespace

bool names_settings(std::string_view title) {
    const std::string text = lower(title);
    return std::ranges::any_of(kWords, [&text](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool is_true_of(std::string_view title, const ConvSpec& spec) {
    const std::string text = lower(title);
    const bool calls =
        std::ranges::all_of(kCalls, [&](const Call& call) { return !text.starts_with(call.begins) || call.is(spec); });
    if (is_pooling(spec.op) && text.find("convolution") != std::string::npos) return false;
    return calls && std::ranges::all_of(kSettings, [&](const Named& setting) { return agrees(text, setting, spec); });
}

void drop_untrue_titles(Document& document) {
    for (Pane& pane : document.panes) {
        if (!is_true_of(pane.title, layer_of(document, pane).spec)) pane.title.clear();
    }
    if (!is_true_of_some(document.title, document)) document.title.clear();
}

void drop_titles_of(Document& document, int layer) {
    for (Pane& pane : document.panes)
        if (pane.layer == layer) pane.title.clear();
    document.title.clear();
}

void drop_changed_titles(const Document& before, Document& after) {
    if (names_remainder(after.title) && after.title == before.title && !same_inputs(before, after)) after.title.clear();
    for (Pane& pane : after.panes) {
        if (!names_settings(pane.title) || !had_pane(pane.title, before)) continue;
        if (!stood(pane.title, layer_of(after, pane), before)) pane.title.clear();
    }
    const bool same = std::ranges::equal(before.layers, after.layers, {}, &Layer::spec, &Layer::spec);
    if (!same && after.title == before.title && names_settings(after.title)) after.title.clear();
    if (!is_true_of_some(after.title, after)) after.title.clear();
}

}  // namespace convlens
