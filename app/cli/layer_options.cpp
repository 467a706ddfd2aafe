#include "app/cli/layer_options.h"

#include <algorithm>
#include <charconv>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/conv/framework_support.h"
#include "core/conv/names.h"
#include "core/conv/pad.h"

namespace convlens {

namespace {

template <typename Enum>
Enum parse_word(std::string_view option, const std::string& text) {
    if (const auto value = from_name<Enum>(text)) return *value;
    const std::string_view meant = nearest(text, names<Enum>());
    throw WrongUse(fmt::format("{} {}: {}it takes one of {}", option, text,
                               meant.empty() ? "" : fmt::format("did you mean {}? ", meant),
                               fmt::join(names<Enum>(), ", ")));
}

double parse_real(std::string_view option, std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw WrongUse(fmt::format("{} {}: it takes a number", option, text));
    }
    return value;
}

std::int64_t parse_number(std::string_view option, std::string_view text) {
    return parse_numbers(option, text, 1).front();
}

bool parse_flag(std::string_view option, std::string_view text) {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    throw WrongUse(fmt::format("{} {}: it takes true or false", option, text));
}

Pads parse_pads(const std::string& text) {
    if (text.find_first_of("0123456789") == std::string::npos) {
        throw WrongUse(fmt::format("--padding {}: it takes numbers; rules are for --pad-rule: {}", text,
                                   fmt::join(names<PadRule>(), ", ")));
    }
    const std::vector<std::int64_t> p = parse_numbers("--padding", text, 4);
    switch (p.size()) {
        case 1: return Pads::all(p[0]);
        case 2: return {p[0], p[0], p[1], p[1]};
        case 4: return {p[0], p[1], p[2], p[3]};
        default: throw WrongUse("--padding " + text + ": it takes one number, H,W, or top,bottom,left,right");
    }
}

Shape4 parse_input(const std::string& text) {
    const std::vector<std::int64_t> given = parse_numbers("--input", text, 4);
    if (given.size() == 1) return {1, 1, given[0], given[0]};
    std::array<std::int64_t, 4> nchw{1, 1, 1, 1};
    std::ranges::copy(given, nchw.end() - static_cast<std::ptrdiff_t>(given.size()));
    return {nchw[0], nchw[1], nchw[2], nchw[3]};
}

}  // namespace

void add_layer_options(OptionList list, LayerTexts& texts) {
    const auto option = [&list](const char* name, std::string& to, const std::string& about) {
        return list.value(name, to, about).one_value();
    };
    option("--input", texts.input, "Input shape N,C,H,W; N and C may be left out").required().value_name("N,C,H,W");
    option("--op", texts.op, "conv (default), conv_transpose, max_pool or avg_pool");
    option("--kernel", texts.kernel, "Kernel size: one number, or H,W (default 3)");
    option("--stride", texts.stride, "One number, or H,W (default 1; pooling: the kernel)");
    option("--dilation", texts.dilation, "One number, or H,W (default 1)");
    option("--padding", texts.padding, "One number, or H,W, or top,bottom,left,right (default 0)");
    option("--output-padding", texts.output_padding, "conv_transpose: one number, or H,W (default 0)");
    option("--output-size", texts.output_size, "conv_transpose: the output size, one number, or H,W");
    option("--groups", texts.groups, "Groups of channels (default 1)");
    option("--out-channels", texts.out_channels, "Output channels (default: as many as groups)");
    option("--pad-mode", texts.pad_mode,
           fmt::format("Padding mode, what fills the padding: {}", fmt::join(names<PadMode>(), ", ")));
    option("--pad-value", texts.pad_value, "Value of the padding; implies --pad-mode constant");
    option("--pad-rule", texts.pad_rule,
           fmt::format("Padding rule, how much is padded: {}", fmt::join(names<PadRule>(), ", ")));
    option("--anchor", texts.anchor, "Anchor row,column in the kernel (rule opencv_anchor)");
    list.flag("--ceil-mode", texts.ceil_mode, "Pooling: round the size up (ceil_mode)");
    option("--count-include-pad", texts.count_include_pad,
           "avg_pool: padding counts in the divisor, true (default) or false");
    option("--divisor-override", texts.divisor_override, "avg_pool: the divisor of every window");
    list.flag("--flip", texts.flip, "Flip the kernel (rotate it by 180 degrees): true convolution");
    option("--dialect", texts.dialect,
           fmt::format("The program whose rules decide what is allowed: {}", fmt::join(names<Dialect>(), ", ")));
}

LayerShape layer_from_texts(const LayerTexts& texts) {
    LayerShape layer;
    ConvSpec& spec = layer.spec;
    layer.input = parse_input(texts.input);
    const auto pair = [](const char* option, const std::string& text, Size2& to) {
        if (!text.empty()) to = parse_pair(option, text);
    };
    if (!texts.op.empty()) spec.op = parse_word<Op>("--op", texts.op);
    pair("--kernel", texts.kernel, spec.kernel);
    if (is_pooling(spec.op)) spec.stride = spec.kernel;
    pair("--stride", texts.stride, spec.stride);
    pair("--dilation", texts.dilation, spec.dilation);
    pair("--output-padding", texts.output_padding, spec.output_padding);
    if (!texts.padding.empty()) spec.pads = parse_pads(texts.padding);
    if (!texts.output_size.empty()) spec.output_size = parse_pair("--output-size", texts.output_size);
    if (!texts.anchor.empty()) spec.anchor = parse_pair("--anchor", texts.anchor);
    if (!texts.groups.empty()) spec.groups = parse_number("--groups", texts.groups);
    spec.out_channels = texts.out_channels.empty() ? std::max<std::int64_t>(spec.groups, 1)
                                                   : parse_number("--out-channels", texts.out_channels);
    if (!texts.pad_mode.empty()) spec.pad_mode = parse_word<PadMode>("--pad-mode", texts.pad_mode);
    if (!texts.pad_value.empty()) {
        spec.pad_value = parse_real("--pad-value", texts.pad_value);
        if (texts.pad_mode.empty()) spec.pad_mode = PadMode::constant;
    }
    if (!texts.pad_rule.empty()) spec.pad_rule = parse_word<PadRule>("--pad-rule", texts.pad_rule);
    if (!texts.dialect.empty()) spec.dialect = parse_word<Dialect>("--dialect", texts.dialect);
    spec.flip_kernel = texts.flip;
    spec.ceil_mode = texts.ceil_mode;
    if (!texts.count_include_pad.empty()) {
        spec.count_include_pad = parse_flag("--count-include-pad", texts.count_include_pad);
    }
    if (!texts.divisor_override.empty()) {
        spec.divisor_override = parse_number("--divisor-override", texts.divisor_override);
    }
    return layer;
}

std::vector<std::string> left_out(const LayerTexts& texts, const ConvSpec& spec) {
    struct Own {
        const char* option;
        bool given, fits;
    };
    const Op op = spec.op;
    const bool pooling = is_pooling(op), transposed = op == Op::conv_transpose;
    const Own own[] = {
        {"--output-padding", !texts.output_padding.empty(), transposed},
        {"--output-size", !texts.output_size.empty(), transposed},
        {"--groups", !texts.groups.empty(), !pooling},
        {"--out-channels", !texts.out_channels.empty(), !pooling},
        {"--flip", texts.flip, !pooling},
        {"--ceil-mode", texts.ceil_mode, pooling},
        {"--count-include-pad", !texts.count_include_pad.empty(), op == Op::avg_pool},
        {"--divisor-override", !texts.divisor_override.empty(), op == Op::avg_pool},
    };
    std::vector<std::string> all;
    for (const Own& o : own) {
        if (o.given && !o.fits)
            all.push_back(fmt::format("{}: {} has no such setting; it is left out", o.option, name(op)));
    }
    // Options that the operation has and another option overrules.
    const auto overruled = [&all](const char* option, const std::string& why) {
        all.push_back(fmt::format("{}: {}; it is left out", option, why));
    };
    const bool sized = transposed && spec.output_size.has_value();
    if (!texts.padding.empty() && !reads_own_pads(spec)) {
        const bool by_size = spec.pad_rule == PadRule::onnx_NOTSET;
        overruled("--padding", by_size ? "--output-size chooses the padding"
                                       : fmt::format("the rule {} chooses the padding", name(spec.pad_rule)));
    }
    if (!texts.pad_value.empty() && spec.pad_mode != PadMode::constant)
        overruled("--pad-value", fmt::format("pad mode {} has no such number, constant has", name(spec.pad_mode)));
    if (spec.anchor && spec.pad_rule != PadRule::opencv_anchor)
        overruled("--anchor", "only --pad-rule opencv_anchor has one");
    if (!texts.output_padding.empty() && sized && !size_chooses_pads(spec.pad_rule))
        overruled("--output-padding", "--output-size chooses it");
    if (!texts.count_include_pad.empty() && op == Op::avg_pool && spec.divisor_override)
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
    std::string text = problem.message + "\n";
    for (const Fix& fix : problem.fixes) text += fmt::format("  try: {}\n", fix.text);
    return text;
}

Json problem_json(const Problem& problem) {
    Json fixes = Json::array();
    for (const Fix& fix : problem.fixes) fixes.push_back(fix.text);
    Json json{{"kind", name(problem.kind)}, {"field", name(problem.field)}};
    if (problem.axis) json["axis"] = *problem.axis == Axis::h ? "rows" : "columns";
    json["message"] = problem.message;
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
        console.err << fmt::format("Accepted by {}: try --dialect {}\n", accepted_text(accepted),
                                   name(accepted.front()));
    return kRefused;
}

}  // namespace convlens
