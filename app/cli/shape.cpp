// `convlens shape`: what size comes out of a layer, and why.
#include <algorithm>
#include <optional>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/layer_options.h"
#include "core/conv/framework_formulas.h"
#include "core/conv/framework_support.h"
#include "core/conv/names.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/conv/weight_layout.h"
#include "core/trace/trace.h"
#include "core/trace/unread.h"

namespace convlens {

namespace {

struct Options {
    LayerTexts layer;
    std::string want;
    bool json = false;
};

// One axis, in words and as JSON.
struct AxisReport {
    Axis axis{};
    Derivation derivation;
    std::optional<Unread> unread;  // nothing for an axis with more cells than are looked at one by one
};

AxisReport report_axis(const LayerShape& layer, Axis axis) {
    const AxisShape shape = solve_axis(layer.spec, layer.input.plane(), axis);
    AxisReport report{axis, derive(layer.spec, layer.input.plane(), axis), {}};
    constexpr std::int64_t kMostListed = 1 << 24;
    if (std::max({shape.input, shape.padded, shape.output}) <= kMostListed / std::min(shape.kernel, kMostListed))
        report.unread = unread(layer.spec, layer.input.plane(), axis);
    return report;
}

Json axis_json(const AxisReport& report) {
    Json steps = Json::array();
    for (const Expr& line : report.derivation.lines) steps.push_back(to_text(line));
    Json json{{"size", report.derivation.result}, {"symbol", to_text(report.derivation.symbol)}};
    if (!steps.empty()) json["formula"] = steps[0];
    if (steps.size() > 1) json["numbers"] = steps[1];
    json["steps"] = steps;
    if (!report.derivation.note.empty()) json["note"] = english(report.derivation.note);
    if (report.unread) {
        json["unread_input"] = report.unread->input;
        json["unread_padding"] = report.unread->padding;
    }
    return json;
}

// Long lists of indices are cut: a stride of 16 leaves hundreds unread.
Message some(const std::vector<std::int64_t>& indices) {
    constexpr std::size_t kMost = 12;
    const auto shown = std::span(indices).first(std::min(indices.size(), kMost));
    std::string list = fmt::format("{}", fmt::join(shown, ", "));
    if (indices.size() <= kMost) return verbatim(std::move(list));
    return msg("{indices}, … ({count} in all)", "indices"_is(std::move(list)), "count"_is(indices.size()));
}

Message unread_input(Axis axis, const std::vector<std::int64_t>& indices) {
    const auto count = static_cast<std::int64_t>(indices.size());
    const auto list = "list"_is(some(indices));
    if (axis == Axis::h) return plural("never read: input row {list}", "never read: input rows {list}", count, list);
    return plural("never read: input column {list}", "never read: input columns {list}", count, list);
}

Message unread_padding(Axis axis, const std::vector<std::int64_t>& indices) {
    const auto count = static_cast<std::int64_t>(indices.size());
    const auto list = "list"_is(some(indices));
    if (axis == Axis::h)
        return plural("never read: padding row {list} of the padded input",
                      "never read: padding rows {list} of the padded input", count, list);
    return plural("never read: padding column {list} of the padded input",
                  "never read: padding columns {list} of the padded input", count, list);
}

void print_unread(const AxisReport& report, const Console& console) {
    const auto line = [&console](const Message& message) { console.out << "  " << console.text(message) << '\n'; };
    if (!report.unread)
        return line(report.axis == Axis::h
                        ? key("rows that are never read are not listed for an axis of this size")
                        : key("columns that are never read are not listed for an axis of this size"));
    const std::vector<std::int64_t>& input = report.unread->input;
    const std::vector<std::int64_t>& padding = report.unread->padding;
    if (!input.empty()) line(unread_input(report.axis, input));
    if (padding.empty()) return;
    const Message unread = unread_padding(report.axis, padding);
    line(input.empty() ? msg("{unread} (no input is lost)", "unread"_is(unread)) : unread);
}

void print_axis(const AxisReport& report, const Console& console) {
    std::ostream& out = console.out;
    std::string lead = to_text(report.derivation.symbol);
    out << console.text(report.axis == Axis::h ? key("rows") : key("columns")) << '\n';
    for (const Expr& line : report.derivation.lines) {
        out << fmt::format("  {} = {}\n", lead, to_text(line));
        lead.assign(lead.size(), ' ');
    }
    if (!report.derivation.note.empty()) out << "  " << console.text(report.derivation.note) << '\n';
    print_unread(report, console);
}

// The weight's shape in the order of each program.
Json layouts_json(const std::vector<WeightLayout>& layouts) {
    Json json = Json::array();
    for (const WeightLayout& layout : layouts)
        json.push_back({{"order", layout.order}, {"programs", layout.programs}, {"shape", layout.shape}});
    return json;
}

void print_layouts(std::ostream& out, const std::vector<WeightLayout>& layouts) {
    for (const WeightLayout& layout : layouts)
        out << fmt::format("  {:<28} {:<5} [{}]\n", layout.programs, layout.order, fmt::join(layout.shape, ", "));
}

Message weights_text(const LayerShape& layer, const Cost& price, const Shape4& weight) {
    const auto count = "count"_is(price.weights.digits());
    const auto shape = "shape"_is(to_string(weight));
    if (const auto multiplier = depth_multiplier(layer.spec, layer.input.c))
        return msg("weights {count}, shape {shape}, depthwise convolution (depth multiplier {multiplier})", count,
                   shape, "multiplier"_is(*multiplier));
    return msg("weights {count}, shape {shape}", count, shape);
}

// One axis in the words of other programs.
Json formulas_json(const std::vector<FrameworkFormula>& formulas) {
    Json json = Json::array();
    for (const FrameworkFormula& each : formulas)
        json.push_back({{"program", each.program}, {"formula", each.formula}, {"numbers", each.numbers}});
    return json;
}

void print_formulas(const LayerShape& layer, Axis axis, std::int64_t output, const Console& console) {
    const Size2 plane = layer.input.plane();
    for (const FrameworkFormula& each : framework_formulas(layer.spec, plane, axis))
        console.out << fmt::format("  {}: {}\n      = {} = {}\n", each.program, each.formula, each.numbers, output);
    if (const auto plain = plain_equivalent(layer.spec, plane, axis))
        console.out << "  " << console.text(msg("equals a plain convolution: {layer}", "layer"_is(in_words(*plain))))
                    << '\n';
}

Json want_json(Size2 wanted, bool reached, const std::vector<SizeAnswer>& answers) {
    Json changes = Json::array();
    for (const SizeAnswer& answer : answers) changes.push_back(english(answer.text));
    Json json{{"size", {wanted.h, wanted.w}}, {"reached", reached}, {"changes", changes}};
    if (!reached && answers.empty()) json["reason"] = english(no_answer_text(wanted));
    return json;
}

void print_want(Size2 wanted, bool reached, const std::vector<SizeAnswer>& answers, const Console& console) {
    const auto height = "height"_is(wanted.h);
    const auto width = "width"_is(wanted.w);
    const Message head = reached           ? msg("the output is already {height}×{width}", height, width)
                         : answers.empty() ? no_answer_text(wanted)
                                           : msg("for {height}×{width}:", height, width);
    console.out << console.text(head) << '\n';
    if (reached) return;
    for (const SizeAnswer& answer : answers) console.out << "  " << console.text(answer.text) << '\n';
}

// What gives the wanted size where the settings as they stand are not allowed.
struct Wanted {
    Size2 size;
    std::vector<SizeAnswer> answers;

    Message head() const {
        const auto height = "height"_is(size.h);
        const auto width = "width"_is(size.w);
        if (!answers.empty()) return msg("for {height}×{width}:", height, width);
        if (std::min(size.h, size.w) < 1) return no_answer_text(size);
        return msg(
            "No small change of these settings that is allowed is known to give {height}×{width}. Mend the "
            "settings first, then ask again.",
            height, width);
    }
};

int refuse_wanted(const LayerShape& layer, const std::vector<Problem>& problems, const std::optional<Wanted>& wanted,
                  bool json, Console console) {
    Json more = Json::object();
    if (wanted) {
        more["want"] = want_json(wanted->size, false, wanted->answers);
        if (wanted->answers.empty()) more["want"]["reason"] = english(wanted->head());
    }
    const int code = refuse(problems, accepted_elsewhere(layer), json, console, more);
    if (!wanted) return code;
    console.say(wanted->head());
    for (const SizeAnswer& answer : wanted->answers) console.err << "  " << console.text(answer.text) << '\n';
    return code;
}

// A number; beyond 64 bits, which JSON's readers round, a string of its digits.
Json count_json(const Count& count) {
    const auto whole = count.whole();
    return whole ? Json(*whole) : Json(count.digits());
}

// A layer that is too large to be computed here has its sizes all the same.
Message size_only_note(LayerShape layer) {
    layer.held = true;
    const std::vector<Problem> problems = validate(layer);
    return problems.empty() ? Message() : problems.front().message;
}

int run_shape(const Options& options, Console console) {
    LayerShape layer = layer_from_texts(options.layer);
    layer.held = false;
    for (const Message& text : left_out(options.layer, layer.spec)) console.say(text);
    std::optional<Size2> wanted;
    if (!options.want.empty()) wanted = parse_pair("--want", options.want);
    const bool follows = is_pooling(layer.spec.op) && !options.layer.given(Field::stride);
    const auto found = [&](Size2 size) {
        return settings_for_size(layer.spec, layer.input, size, kMostAnswers,
                                 follows ? StrideWas::untold : StrideWas::told);
    };
    if (const auto problems = validate(layer); !problems.empty())
        return refuse_wanted(layer, problems, wanted ? std::optional(Wanted{*wanted, found(*wanted)}) : std::nullopt,
                             options.json, console);

    const Shape4 output = output_shape(layer.spec, layer.input);
    const AxisReport rows = report_axis(layer, Axis::h);
    const AxisReport columns = report_axis(layer, Axis::w);
    const Cost price = cost(layer.spec, layer.input, true);
    const Shape4 weight = weight_shape(layer.spec, layer.input.c);
    const std::vector<WeightLayout> layouts = weight_layouts(layer.spec, layer.input.c);
    const std::vector<RefusedBy> elsewhere = refused_elsewhere(layer);
    const std::vector<DiffersIn> different = differs_elsewhere(layer);

    const bool reached = wanted && *wanted == output.plane();
    std::vector<SizeAnswer> answers;
    if (wanted && !reached) answers = found(*wanted);

    if (options.json) {
        Json json{{"input", {layer.input.n, layer.input.c, layer.input.h, layer.input.w}},
                  {"output", {output.n, output.c, output.h, output.w}},
                  {"rows", axis_json(rows)},
                  {"columns", axis_json(columns)},
                  {"refused_by", Json::array()},
                  {"differs_in", Json::array()},
                  {"weights", count_json(price.weights)},
                  {"biases", count_json(price.biases)},
                  {"multiply_adds", count_json(price.multiply_adds)}};
        for (const RefusedBy& refused : elsewhere) {
            json["refused_by"].push_back(Json{
                {"dialect", name(refused.dialect)}, {"program", refused.program}, {"reason", english(refused.reason)}});
        }
        for (const DiffersIn& program : different) {
            json["differs_in"].push_back(Json{
                {"dialect", name(program.dialect)}, {"program", program.program}, {"what", english(program.text)}});
        }
        json["rows"]["forms"] = formulas_json(framework_formulas(layer.spec, layer.input.plane(), Axis::h));
        json["columns"]["forms"] = formulas_json(framework_formulas(layer.spec, layer.input.plane(), Axis::w));
        if (is_pooling(layer.spec.op)) {
            json["window_cells"] = count_json(price.window_cells);
        } else {
            json["weight"] = {weight.n, weight.c, weight.h, weight.w};
            json["weight_layouts"] = layouts_json(layouts);
            if (const auto m = depth_multiplier(layer.spec, layer.input.c)) json["depth_multiplier"] = *m;
        }
        if (wanted) json["want"] = want_json(*wanted, reached, answers);
        print_json(console.out, json);
    } else {
        const auto line = [&console](const Message& message) { console.out << console.text(message) << '\n'; };
        line(msg("output {shape}", "shape"_is(to_string(output))));
        if (const Message note = size_only_note(layer); !note.empty()) line(note);
        console.out << '\n';
        print_axis(rows, console);
        print_formulas(layer, Axis::h, output.h, console);
        print_axis(columns, console);
        print_formulas(layer, Axis::w, output.w, console);
        console.out << '\n';
        if (is_pooling(layer.spec.op)) {
            line(key("no weights"));
            line(msg("cells read by all windows {count}", "count"_is(price.window_cells.digits())));
        } else {
            line(weights_text(layer, price, weight));
            print_layouts(console.out, layouts);
            line(msg("bias values {count}, if the layer has a bias", "count"_is(price.biases.digits())));
            line(msg("multiply-adds {count}", "count"_is(price.multiply_adds.digits())));
        }
        for (const RefusedBy& refused : elsewhere)
            line(msg("rejected by {program}: {reason}", "program"_is(refused.program), "reason"_is(refused.reason)));
        for (const DiffersIn& program : different)
            line(msg("differs in {program}: {what}", "program"_is(program.program), "what"_is(program.text)));
        if (!wanted) return kDone;
        console.out << '\n';
        print_want(*wanted, reached, answers, console);
    }
    return wanted && !reached && answers.empty() ? kRefused : kDone;
}

}  // namespace

Run declare_shape(OptionList list) {
    auto options = std::make_shared<Options>();
    add_layer_options(list, options->layer);
    list.value("--want", options->want,
               key("Find the smallest changes that give this output size: one number, or H,W"));
    list.flag("--json", options->json, key("Print one JSON object"));
    return [options](Console console) { return run_shape(*options, console); };
}

}  // namespace convlens
