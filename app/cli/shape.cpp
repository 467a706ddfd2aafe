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
    const char* one = "";   // "row"
    const char* name = "";  // "rows"
    Derivation derivation;
    std::optional<Unread> unread;  // nothing for an axis with more cells than are looked at one by one
};

AxisReport report_axis(const LayerShape& layer, Axis axis) {
    const AxisShape shape = solve_axis(layer.spec, layer.input.plane(), axis);
    const bool rows = axis == Axis::h;
    AxisReport report{
        rows ? "row" : "column", rows ? "rows" : "columns", derive(layer.spec, layer.input.plane(), axis), {}};
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
std::string some(const std::vector<std::int64_t>& indices) {
    constexpr std::size_t kMost = 12;
    const auto shown = std::span(indices).first(std::min(indices.size(), kMost));
    const std::string more = indices.size() > kMost ? fmt::format(", … ({} in all)", indices.size()) : std::string();
    return fmt::format("{}{}", fmt::join(shown, ", "), more);
}

void print_axis(std::ostream& out, const AxisReport& report) {
    std::string lead = to_text(report.derivation.symbol);
    out << report.name << '\n';
    for (const Expr& line : report.derivation.lines) {
        out << fmt::format("  {} = {}\n", lead, to_text(line));
        lead.assign(lead.size(), ' ');
    }
    if (!report.derivation.note.empty()) out << "  " << english(report.derivation.note) << '\n';
    if (!report.unread) {
        out << fmt::format("  {} that are never read are not listed for an axis of this size\n", report.name);
        return;
    }
    const std::vector<std::int64_t>& input = report.unread->input;
    const std::vector<std::int64_t>& padding = report.unread->padding;
    const auto counted = [&](std::size_t count) { return count == 1 ? report.one : report.name; };
    if (!input.empty()) out << fmt::format("  never read: input {} {}\n", counted(input.size()), some(input));
    if (!padding.empty()) {
        out << fmt::format("  never read: padding {} {} of the padded input{}\n", counted(padding.size()),
                           some(padding), input.empty() ? " (no input is lost)" : "");
    }
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

// "depthwise, multiplier 2", or nothing.
std::string depthwise_text(const LayerShape& layer) {
    const auto multiplier = depth_multiplier(layer.spec, layer.input.c);
    return multiplier ? fmt::format("depthwise convolution (depth multiplier {})", *multiplier) : std::string();
}

// One axis in the words of other programs.
Json formulas_json(const std::vector<FrameworkFormula>& formulas) {
    Json json = Json::array();
    for (const FrameworkFormula& each : formulas)
        json.push_back({{"program", each.program}, {"formula", each.formula}, {"numbers", each.numbers}});
    return json;
}

void print_formulas(std::ostream& out, const LayerShape& layer, Axis axis, std::int64_t output) {
    const Size2 plane = layer.input.plane();
    for (const FrameworkFormula& each : framework_formulas(layer.spec, plane, axis))
        out << fmt::format("  {}: {}\n      = {} = {}\n", each.program, each.formula, each.numbers, output);
    if (const auto plain = plain_equivalent(layer.spec, plane, axis))
        out << fmt::format("  equals a plain convolution: {}\n", english(in_words(*plain)));
}

Json want_json(Size2 wanted, bool reached, const std::vector<SizeAnswer>& answers) {
    Json changes = Json::array();
    for (const SizeAnswer& answer : answers) changes.push_back(english(answer.text));
    Json json{{"size", {wanted.h, wanted.w}}, {"reached", reached}, {"changes", changes}};
    if (!reached && answers.empty()) json["reason"] = english(no_answer_text(wanted));
    return json;
}

void print_want(std::ostream& out, Size2 wanted, bool reached, const std::vector<SizeAnswer>& answers) {
    if (reached) {
        out << fmt::format("the output is already {}×{}\n", wanted.h, wanted.w);
    } else if (answers.empty()) {
        out << english(no_answer_text(wanted)) << '\n';
    } else {
        out << fmt::format("for {}×{}:\n", wanted.h, wanted.w);
        for (const SizeAnswer& answer : answers) out << "  " << english(answer.text) << '\n';
    }
}

// A number; beyond 64 bits, which JSON's readers round, a string of its digits.
Json count_json(const Count& count) {
    const auto whole = count.whole();
    return whole ? Json(*whole) : Json(count.digits());
}

// A layer that is too large to be computed here has its sizes all the same.
std::string size_only_note(LayerShape layer) {
    layer.held = true;
    const std::vector<Problem> problems = validate(layer);
    return problems.empty() ? std::string() : english(problems.front().message);
}

int run_shape(const Options& options, Console console) {
    LayerShape layer = layer_from_texts(options.layer);
    layer.held = false;
    for (const std::string& text : left_out(options.layer, layer.spec)) console.err << text << '\n';
    if (const auto problems = validate(layer); !problems.empty())
        return refuse(problems, accepted_elsewhere(layer), options.json, console);

    const Shape4 output = output_shape(layer.spec, layer.input);
    const AxisReport rows = report_axis(layer, Axis::h);
    const AxisReport columns = report_axis(layer, Axis::w);
    const Cost price = cost(layer.spec, layer.input, true);
    const Shape4 weight = weight_shape(layer.spec, layer.input.c);
    const std::vector<WeightLayout> layouts = weight_layouts(layer.spec, layer.input.c);
    const std::vector<RefusedBy> elsewhere = refused_elsewhere(layer);
    const std::vector<DiffersIn> different = differs_elsewhere(layer);

    std::optional<Size2> wanted;
    if (!options.want.empty()) wanted = parse_pair("--want", options.want);
    const bool reached = wanted && *wanted == output.plane();
    std::vector<SizeAnswer> answers;
    const bool follows = is_pooling(layer.spec.op) && !options.layer.given(Field::stride);
    if (wanted && !reached)
        answers = settings_for_size(layer.spec, layer.input, *wanted, kMostAnswers,
                                    follows ? StrideWas::untold : StrideWas::told);

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
        console.out << fmt::format("output {}\n", to_string(output));
        if (const std::string note = size_only_note(layer); !note.empty()) console.out << note << '\n';
        console.out << '\n';
        print_axis(console.out, rows);
        print_formulas(console.out, layer, Axis::h, output.h);
        print_axis(console.out, columns);
        print_formulas(console.out, layer, Axis::w, output.w);
        if (is_pooling(layer.spec.op)) {
            console.out << fmt::format("\nno weights\ncells read by all windows {}\n", price.window_cells.digits());
        } else {
            const std::string depthwise = depthwise_text(layer);
            console.out << fmt::format("\nweights {}, shape {}{}{}\n", price.weights.digits(), to_string(weight),
                                       depthwise.empty() ? "" : ", ", depthwise);
            print_layouts(console.out, layouts);
            console.out << fmt::format("bias values {}, if the layer has a bias\nmultiply-adds {}\n",
                                       price.biases.digits(), price.multiply_adds.digits());
        }
        for (const RefusedBy& refused : elsewhere) {
            console.out << fmt::format("rejected by {}: {}\n", refused.program, english(refused.reason));
        }
        for (const DiffersIn& program : different) {
            console.out << fmt::format("differs in {}: {}\n", program.program, english(program.text));
        }
        if (wanted) print_want(console.out << '\n', *wanted, reached, answers);
    }
    return wanted && !reached && answers.empty() ? kRefused : kDone;
}

}  // namespace

Run declare_shape(OptionList list) {
    auto options = std::make_shared<Options>();
    add_layer_options(list, options->layer);
    list.value("--want", options->want, "Find the smallest changes that give this output size: one number, or H,W");
    list.flag("--json", options->json, "Print one JSON object");
    return [options](Console console) { return run_shape(*options, console); };
}

}  // namespace convlens
