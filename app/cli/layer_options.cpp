#include "app/cli/layer_options.h"

#include <algorithm>
#include <charconv>
#include <ostream>
#include <type_traits>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/conv/framework_support.h"
#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/conv/parameters.h"

namespace convlens {

namespace {

// "--output-padding"
std::string option_of(const Parameter& parameter) {
    std::string option = "--" + std::string(parameter.word);
    std::ranges::replace(option, '_', '-');
    return option;
}

// An option without a value: it switches on what is off where nothing is said.
bool takes_no_value(const Parameter& parameter) {
    const auto* const slot = std::get_if<bool ConvSpec::*>(&parameter.slot);
    return slot != nullptr && !(ConvSpec{}.*(*slot));
}

template <typename Enum>
void parse(std::string_view option, const std::string& text, Enum& to) {
    if (const auto value = from_name<Enum>(text)) {
        to = *value;
        return;
    }
    const std::string_view meant = nearest(text, names<Enum>());
    throw WrongUse(fmt::format("{} {}: {}it takes one of {}", option, text,
                               meant.empty() ? "" : fmt::format("did you mean {}? ", meant),
                               fmt::join(names<Enum>(), ", ")));
}

void parse(std::string_view option, const std::string& text, double& to) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw WrongUse(fmt::format("{} {}: it takes a number", option, text));
    }
}

void parse(std::string_view option, const std::string& text, std::int64_t& to) {
    to = parse_numbers(option, text, 1).front();
}

void parse(std::string_view option, const std::string& text, Size2& to) { to = parse_pair(option, text); }

void parse(std::string_view option, const std::string& text, bool& to) {
    to = text == "true" || text == "1";
    if (!to && text != "false" && text != "0")
        throw WrongUse(fmt::format("{} {}: it takes true or false", option, text));
}

void parse(std::string_view option, const std::string& text, Pads& to) {
    if (text.find_first_of("0123456789") == std::string::npos) {
        throw WrongUse(fmt::format("{} {}: it takes numbers; rules are for --pad-rule: {}", option, text,
                                   fmt::join(names<PadRule>(), ", ")));
    }
    const std::vector<std::int64_t> p = parse_numbers(option, text, 4);
    switch (p.size()) {
        case 1: to = Pads::all(p[0]); break;
        case 2: to = {p[0], p[0], p[1], p[1]}; break;
        case 4: to = {p[0], p[1], p[2], p[3]}; break;
        default: throw WrongUse(fmt::format("{} {}: it takes one number, H,W, or top,bottom,left,right", option, text));
    }
}

Shape4 parse_input(const std::string& text) {
    const std::vector<std::int64_t> given = parse_numbers("--input", text, 4);
    if (given.size() == 1) return {1, 1, given[0], given[0]};
    std::array<std::int64_t, 4> nchw{1, 1, 1, 1};
    std::ranges::copy(given, nchw.end() - static_cast<std::ptrdiff_t>(given.size()));
    return {nchw[0], nchw[1], nchw[2], nchw[3]};
}

// The help of an option with all names that it takes, where it is an enumeration.
std::string help_of(const Parameter& parameter) {
    std::string all;
    const ConvSpec any;
    with_setting(any, parameter, [&all]<typename Value>(const Value&) {
        if constexpr (std::is_enum_v<Value>) all = fmt::format("{}", fmt::join(names<Value>(), ", "));
    });
    return english({parameter.help, {}, {{"names", all}}});
}

}  // namespace

void add_layer_options(OptionList list, LayerTexts& texts) {
    for (const Parameter& parameter : parameters()) {
        if (parameter.help.empty()) continue;
        const std::string option = option_of(parameter);
        const auto at = static_cast<std::size_t>(parameter.id);
        if (takes_no_value(parameter)) {
            list.flag(option, texts.switched_on[at], help_of(parameter));
            continue;
        }
        Option added = list.value(option, texts.texts[at], help_of(parameter)).one_value();
        if (parameter.id == Field::input) added.required().value_name("N,C,H,W");
    }
}

LayerShape layer_from_texts(const LayerTexts& texts) {
    LayerShape layer;
    ConvSpec& spec = layer.spec;
    layer.input = parse_input(texts.of(Field::input));
    for (const Parameter& parameter : parameters()) {
        if (!texts.given(parameter.id)) continue;
        const std::string option = option_of(parameter);
        const std::string text = takes_no_value(parameter) ? "true" : texts.of(parameter.id);
        with_setting(spec, parameter, [&](auto& value) { parse(option, text, given(value)); });
    }
    // Settings that follow another one where they are not given.
    if (is_pooling(spec.op) && !texts.given(Field::stride)) spec.stride = spec.kernel;
    if (!texts.given(Field::out_channels)) spec.out_channels = std::max<std::int64_t>(spec.groups, 1);
    if (texts.given(Field::pad_value) && !texts.given(Field::pad_mode)) spec.pad_mode = PadMode::constant;
    return layer;
}

std::vector<std::string> left_out(const LayerTexts& texts, const ConvSpec& spec) {
    std::vector<std::string> all;
    const Op op = spec.op;
    // What convolutions have is told before what pooling has.
    for (const bool of_pooling : {false, true}) {
        for (const Parameter& parameter : parameters()) {
            const Operations& own = parameter.operations;
            if (!texts.given(parameter.id) || own.contain(op) || own.contain(Op::avg_pool) != of_pooling) continue;
            all.push_back(fmt::format("{}: {} has no such setting; it is left out", option_of(parameter), name(op)));
        }
    }
    // Options that the operation has and another option overrules.
    const auto overruled = [&all](const char* option, const std::string& why) {
        all.push_back(fmt::format("{}: {}; it is left out", option, why));
    };
    const bool sized = op == Op::conv_transpose && spec.output_size.has_value();
    if (texts.given(Field::padding) && !reads_own_pads(spec)) {
        const bool by_size = spec.pad_rule == PadRule::onnx_NOTSET;
        overruled("--padding", by_size ? "--output-size chooses the padding"
                                       : fmt::format("the rule {} chooses the padding", name(spec.pad_rule)));
    }
    if (texts.given(Field::pad_value) && spec.pad_mode != PadMode::constant)
        overruled("--pad-value", fmt::format("pad mode {} has no such number, constant has", name(spec.pad_mode)));
    if (spec.anchor && spec.pad_rule != PadRule::opencv_anchor)
        overruled("--anchor", "only --pad-rule opencv_anchor has one");
    if (texts.given(Field::output_padding) && sized && !size_chooses_pads(spec.pad_rule))
        overruled("--output-padding", "--output-size chooses it");
    if (texts.given(Field::count_include_pad) && op == Op::avg_pool && spec.divisor_override)
        overruled("--count-include-pad", "--divisor-override is the divisor of every window");
    return all;
}

std::vector<std::int64_t> parse_numbers(std::string_view option, std::string_view text, std::size_t most) {
    std::vector<std::int64_t> numbers;
    std::string_view rest = text;
    while (true) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + comma, value);
        if (error != std::errc() || end != rest.data() + comma) {
            const char* what = error == std::errc::result_out_of_range ? "the number is too large" : "";
            throw WrongUse(fmt::format("{} {}: {}", option, text,
                                       *what != '\0' ? what : "it takes whole numbers with commas between them"));
        }
        numbers.push_back(value);
        if (comma == rest.size()) break;
        rest.remove_prefix(comma + 1);
    }
    if (numbers.size() > most) {
        throw WrongUse(fmt::format("{} {}: it takes at most {} number{}", option, text, most, most == 1 ? "" : "s"));
    }
    return numbers;
}

Size2 parse_pair(std::string_view option, std::string_view text) {
    const std::vector<std::int64_t> numbers = parse_numbers(option, text, 2);
    return {numbers.front(), numbers.back()};
}

std::string problem_text(const Problem& problem) {
    std::string text = english(problem.message) + "\n";
    for (const Fix& fix : problem.fixes) text += fmt::format("  try: {}\n", english(fix.text));
    return text;
}

Json problem_json(const Problem& problem) {
    Json fixes = Json::array();
    for (const Fix& fix : problem.fixes) fixes.push_back(english(fix.text));
    Json json{{"kind", name(problem.kind)}, {"field", name(problem.field)}};
    if (problem.axis) json["axis"] = *problem.axis == Axis::h ? "rows" : "columns";
    json["message"] = english(problem.message);
    json["fixes"] = fixes;
    return json;
}

int refuse(const std::vector<Problem>& problems, const std::vector<Dialect>& accepted, bool json, Console console) {
    if (json) {
        Json all = Json::array();
        for (const Problem& problem : problems) all.push_back(problem_json(problem));
        Json takers = Json::array();
        for (const Dialect dialect : accepted) takers.push_back(name(dialect));
        print_json(console.out, {{"problems", all}, {"accepted_by", takers}});
    }
    for (const Problem& problem : problems) console.err << problem_text(problem);
    if (!accepted.empty())
        console.err << fmt::format("Accepted by {}: try --dialect {}\n", english(accepted_text(accepted)),
                                   name(accepted.front()));
    return kRefused;
}

}  // namespace convlens
