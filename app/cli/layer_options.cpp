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
    throw WrongUse(not_one_of(option, text, names<Enum>()));
}

void parse(std::string_view option, const std::string& text, double& to) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw WrongUse(msg("{option} must be a number; it is {value}", "option"_is(option), "value"_is(text)));
    }
}

void parse(std::string_view option, const std::string& text, std::int64_t& to) {
    to = parse_numbers(option, text, 1).front();
}

void parse(std::string_view option, const std::string& text, Size2& to) { to = parse_pair(option, text); }

void parse(std::string_view option, const std::string& text, bool& to) {
    to = text == "true" || text == "1";
    if (!to && text != "false" && text != "0")
        throw WrongUse(msg("{option} must be true or false; it is {value}", "option"_is(option), "value"_is(text)));
}

void parse(std::string_view option, const std::string& text, Pads& to) {
    if (text.find_first_of("0123456789") == std::string::npos) {
        throw WrongUse(msg("{option} must be numbers; it is {value}. Rules are for --pad-rule: {rules}",
                           "option"_is(option), "value"_is(text),
                           "rules"_is(fmt::format("{}", fmt::join(names<PadRule>(), ", ")))));
    }
    const std::vector<std::int64_t> p = parse_numbers(option, text, 4);
    switch (p.size()) {
        case 1: to = Pads::all(p[0]); break;
        case 2: to = {p[0], p[0], p[1], p[1]}; break;
        case 4: to = {p[0], p[1], p[2], p[3]}; break;
        default:
            throw WrongUse(msg("{option} must be one number, H,W, or top,bottom,left,right; it is {value}",
                               "option"_is(option), "value"_is(text)));
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
Message help_of(const Parameter& parameter) {
    std::string all;
    const ConvSpec any;
    with_setting(any, parameter, [&all]<typename Value>(const Value&) {
        if constexpr (std::is_enum_v<Value>) all = fmt::format("{}", fmt::join(names<Value>(), ", "));
    });
    return {parameter.help, {}, {{"names", all}}};
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

std::vector<Message> left_out(const LayerTexts& texts, const ConvSpec& spec) {
    std::vector<Message> all;
    const Op op = spec.op;
    // What convolutions have is told before what pooling has.
    for (const bool of_pooling : {false, true}) {
        for (const Parameter& parameter : parameters()) {
            const Operations& own = parameter.operations;
            if (!texts.given(parameter.id) || own.contain(op) || own.contain(Op::avg_pool) != of_pooling) continue;
            all.push_back(msg("{option} is ignored: {operation} has no such setting", "option"_is(option_of(parameter)),
                              "operation"_is(name(op))));
        }
    }
    // Options that the operation has and another option overrules.
    const bool sized = op == Op::conv_transpose && spec.output_size.has_value();
    if (texts.given(Field::padding) && !reads_own_pads(spec)) {
        all.push_back(
            spec.pad_rule == PadRule::onnx_NOTSET
                ? msg("--padding is ignored: --output-size chooses the padding")
                : msg("--padding is ignored: the rule {rule} chooses the padding", "rule"_is(name(spec.pad_rule))));
    }
    if (texts.given(Field::pad_value) && spec.pad_mode != PadMode::constant)
        all.push_back(msg("--pad-value is ignored: padding mode {mode} has no such value; constant has one",
                          "mode"_is(name(spec.pad_mode))));
    if (spec.anchor && spec.pad_rule != PadRule::opencv_anchor)
        all.push_back(key("--anchor is ignored: only --pad-rule opencv_anchor has one"));
    if (texts.given(Field::output_padding) && sized && !size_chooses_pads(spec.pad_rule))
        all.push_back(key("--output-padding is ignored: --output-size chooses it"));
    if (texts.given(Field::count_include_pad) && op == Op::avg_pool && spec.divisor_override)
        all.push_back(key("--count-include-pad is ignored: --divisor-override is the divisor of every window"));
    return all;
}

std::vector<std::int64_t> parse_numbers(std::string_view option, std::string_view text, std::size_t most) {
    const auto named = "option"_is(option);
    const auto given = "value"_is(text);
    std::vector<std::int64_t> numbers;
    std::string_view rest = text;
    while (true) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + comma, value);
        if (error != std::errc() || end != rest.data() + comma) {
            throw WrongUse(
                error == std::errc::result_out_of_range
                    ? msg("{option} {value}: the number is too large", named, given)
                    : msg("{option} must be whole numbers with commas between them; it is {value}", named, given));
        }
        numbers.push_back(value);
        if (comma == rest.size()) break;
        rest.remove_prefix(comma + 1);
    }
    if (numbers.size() > most) {
        throw WrongUse(plural("{option} must be one number; it is {value}",
                              "{option} must be at most {n} numbers; it is {value}", static_cast<std::int64_t>(most),
                              named, given));
    }
    return numbers;
}

Size2 parse_pair(std::string_view option, std::string_view text) {
    const std::vector<std::int64_t> numbers = parse_numbers(option, text, 2);
    return {numbers.front(), numbers.back()};
}

void say_problem(const Problem& problem, Console console) {
    console.say(problem.message);
    for (const Fix& fix : problem.fixes)
        console.err << "  " << console.text(msg("try: {suggestion}", "suggestion"_is(fix.text))) << '\n';
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

int refuse(const std::vector<Problem>& problems, const std::vector<Dialect>& accepted, bool json, Console console,
           const Json& more) {
    if (json) {
        Json all = Json::array();
        for (const Problem& problem : problems) all.push_back(problem_json(problem));
        Json takers = Json::array();
        for (const Dialect dialect : accepted) takers.push_back(name(dialect));
        Json told{{"problems", all}, {"accepted_by", takers}};
        told.update(more);
        print_json(console.out, told);
    }
    for (const Problem& problem : problems) say_problem(problem, console);
    if (!accepted.empty())
        console.say(msg("Accepted by {programs}: try --dialect {dialect}", "programs"_is(accepted_text(accepted)),
                        "dialect"_is(name(accepted.front()))));
    return kRefused;
}

}  // namespace convlens
