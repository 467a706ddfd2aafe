// The line below the planes: what the current output is the sum of.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "app/moment/cell.h"
#include "app/views/pane.h"
#include "core/engine/pool.h"
#include "core/text/number.h"

namespace convlens {

namespace {

float width(const PaneScene& scene, const std::vector<SumPart>& parts, float size) {
    float total = 0;
    for (const SumPart& part : parts) total += scene.fonts.text_width(part.text, size, part.face);
    return total;
}

// "2·(−3)": a negative second factor stands in brackets.
std::string factor_text(double value) {
    const std::string text = sum_number(value);
    return value < 0 ? "(" + text + ")" : text;
}

Message bias_text(double bias) { return msg("bias {value}", "value"_is(factor_text(bias))); }

struct SumWriter {
    const PaneScene& scene;
    double result = 0;  // what is in the output's cell: the line's own sum may be rounded otherwise
    std::vector<SumPart> parts{};
    double left = 0;  // the value of what is shown so far
    double size = 0;  // Σ|x| of it

    // What is shown goes into the value of the line.
    void add(double shown) {
        left += shown;
        size += std::abs(shown);
    }

    void plain(std::string text) { parts.push_back({std::move(text), scene.theme.text}); }
    void faint(std::string text) { parts.push_back({std::move(text), scene.theme.faint}); }
    void strong(std::string text) { parts.push_back({std::move(text), scene.theme.accent}); }
    void term(const std::string& text, bool first, bool grey) {
        if (!first) plain(" + ");
        grey ? faint(text) : plain(text);
    }
};

// The output that the line is about.
const Cell4& summed(const PaneScene& scene) { return *scene.moment.out; }

std::string output_name(const PaneScene& scene) {
    return scene.words(tensor_cell_name(TensorKind::output, scene.layer.output.shape(), summed(scene)));
}

double final_result(const PaneScene& scene) {
    const Cell4& out = summed(scene);
    return scene.layer.output.at(out.n, out.c, out.y, out.x);
}

// "7", "5 so far"
void add_result(SumWriter& line) {
    line.strong(sum_number(line.result));
    if (!line.scene.moment.complete) line.faint(line.scene.words(msg(" so far")));
}

// " = 7", " = 5 so far": the result, and whether what stands before it adds up to it as shown.
void end(SumWriter& line) {
    line.plain(fmt::format(" {} ", equals_sign(line.left, shown_number(line.result), line.size)));
    add_result(line);
}

void finish(SumWriter& line) {
    const PaneScene& scene = line.scene;
    if (scene.moment.complete && scene.layer.layer.bias) {  // which is added last
        const double bias = bias_of(scene.layer.layer, summed(scene).c);
        line.plain(" + ");
        line.parts.push_back({scene.words(bias_text(bias)), scene.theme.bias});
        line.add(shown_number(bias));
    }
    end(line);
}

std::vector<SumPart> term_form(const PaneScene& scene, std::span<const Tap> taps, double result, bool factors) {
    SumWriter line{scene, result};
    line.plain(output_name(scene) + " = ");
    if (taps.empty() && !(scene.moment.complete && scene.layer.layer.bias)) {  // no stamp covers the cell, or none yet
        add_result(line);
        return std::move(line.parts);
    }
    bool first = true;
    for (const Tap& tap : taps) {
        const std::string text = factors ? sum_number(tap.value) + "·" + factor_text(tap.factor)
                                         : (first ? sum_number(tap.product) : factor_text(tap.product));
        line.term(text, first, tap.in_padding);
        first = false;
        line.add(factors ? shown_number(tap.value) * shown_number(tap.factor) : shown_number(tap.product));
    }
    if (taps.empty()) line.plain("0");
    finish(line);
    return std::move(line.parts);
}

std::vector<SumPart> channel_form(const PaneScene& scene, std::span<const Tap> taps, double result) {
    SumWriter line{scene, result};
    line.plain(output_name(scene) + " = ");
    std::size_t i = 0;
    bool first = true;
    while (i < taps.size()) {
        const std::int64_t channel = taps[i].input.c;
        double part = 0;
        for (; i < taps.size() && taps[i].input.c == channel; ++i) part += taps[i].product;
        line.term(fmt::format("{} (c {})", factor_text(part), channel), first, false);
        line.add(shown_number(part));
        first = false;
    }
    finish(line);
    return std::move(line.parts);
}

Message products_text(std::int64_t count) { return plural("sum of {n} product", "sum of {n} products", count); }

std::vector<SumPart> count_form(const PaneScene& scene, std::size_t shown, double result) {
    SumWriter line{scene, result};
    line.plain(output_name(scene) + " = ");
    line.plain(scene.words(products_text(static_cast<std::int64_t>(shown))));
    line.add(scene.moment.complete ? result - bias_of(scene.layer.layer, summed(scene).c) : result);
    finish(line);
    return std::move(line.parts);
}

void finish_unlisted(SumWriter& line) {
    const PaneScene& scene = line.scene;
    line.add(line.result);
    if (const double bias = bias_of(scene.layer.layer, summed(scene).c); scene.layer.layer.bias) {
        line.parts.push_back({" + " + scene.words(bias_text(bias)), scene.theme.bias});
        line.add(shown_number(bias) - bias);
    }
    end(line);
}

// For panes with little room: "output[0, 1] = 7", "= 7"; without a result, which a sum of products that are not listed
// has in the end only, "= …".
void add_least_forms(std::vector<std::vector<SumPart>>& forms, const PaneScene& scene, std::optional<double> result) {
    for (const std::string& name : {output_name(scene) + " ", std::string()}) {
        SumWriter line{scene, result.value_or(0)};
        const double shown = shown_number(line.result);
        line.plain(name + std::string(equals_sign(line.result, shown, std::abs(line.result))) + " ");
        result ? add_result(line) : line.faint("…");
        forms.push_back(std::move(line.parts));
    }
}

std::int64_t divisor_of(const PaneScene& scene) {
    const Cell4& out = summed(scene);
    return pool_window(scene.spec(), scene.input_shape().plane(), {out.y, out.x}).divisor;
}

// "max(1, 5, 2)", "(1 + 5 + 2) / 4": padding that takes no part is left out.
std::vector<SumPart> pooled_form(const PaneScene& scene, std::span<const Tap> taps, double result) {
    const ConvSpec& spec = scene.spec();
    const bool complete = scene.moment.complete;
    const bool largest = spec.op == Op::max_pool;
    SumWriter line{scene, result};
    if (std::ranges::all_of(taps, &Tap::in_padding) && complete && !padding_counts(spec)) {
        line.plain(output_name(scene) + " = ");
        line.strong(sum_number(result));
        line.faint(scene.words(msg(": no cell of the input")));
        return std::move(line.parts);
    }
    line.plain(output_name(scene) + (largest ? " = max(" : " = ("));
    bool first = true;
    double most = -std::numeric_limits<double>::infinity();
    for (const Tap& tap : taps) {
        if (tap.in_padding && !padding_counts(spec)) continue;
        if (!first) line.plain(largest ? ", " : " + ");
        const std::string text = largest || first ? sum_number(tap.value) : factor_text(tap.value);
        tap.in_padding ? line.faint(text) : line.plain(text);
        line.add(shown_number(tap.value));
        most = std::max(most, shown_number(tap.value));
        first = false;
    }
    if (first && !complete) line.faint("…");  // no value yet
    const std::int64_t divisor = divisor_of(scene);
    line.plain(largest ? ")" : fmt::format(") / {}", divisor));
    line.left = !largest ? line.left / static_cast<double>(divisor) : std::isnan(result) ? result : most;
    if (!first || complete) end(line);
    return std::move(line.parts);
}

std::vector<std::vector<SumPart>> pooling_forms(const PaneScene& scene, std::span<const Tap> taps, double result) {
    std::vector<std::vector<SumPart>> forms;
    if (taps.size() <= 64) forms.push_back(pooled_form(scene, taps, result));
    SumWriter count{scene, result};
    count.plain(output_name(scene) + " = ");
    const ConvSpec& spec = scene.spec();
    const auto counted =
        std::ranges::count_if(taps, [&](const Tap& tap) { return !tap.in_padding || padding_counts(spec); });
    const std::int64_t divisor = divisor_of(scene);
    count.plain(scene.words(
        spec.op == Op::max_pool
            ? plural("largest of {n} value", "largest of {n} values", counted)
            : plural("sum of {n} value / {divisor}", "sum of {n} values / {divisor}", counted, "divisor"_is(divisor))));
    const bool any = counted > 0 || scene.moment.complete;
    count.add(result);
    any ? end(count) : count.faint(" …");
    forms.push_back(std::move(count.parts));
    add_least_forms(forms, scene, any ? std::optional(result) : std::nullopt);
    return forms;
}

// Of products that are too many to list them.
std::vector<std::vector<SumPart>> unlisted_forms(const PaneScene& scene) {
    const bool complete = scene.moment.complete;
    SumWriter line{scene, final_result(scene)};
    line.plain(output_name(scene) + " = ");
    switch (scene.spec().op) {
        case Op::conv: line.plain(scene.words(products_text(product_count(scene.moment)))); break;
        case Op::conv_transpose: line.plain(scene.words(msg("sum of its products"))); break;
        case Op::max_pool: line.plain(scene.words(msg("largest of its window"))); break;
        case Op::avg_pool: line.plain(scene.words(msg("average of its window"))); break;
    }
    complete ? finish_unlisted(line) : line.faint(" …");
    std::vector<std::vector<SumPart>> forms{std::move(line.parts)};
    add_least_forms(forms, scene, complete ? std::optional(line.result) : std::nullopt);
    return forms;
}

}  // namespace

std::vector<std::vector<SumPart>> sum_forms(const PaneScene& scene, const Products& products) {
    if (!is_listed(scene.moment)) return unlisted_forms(scene);
    const std::span<const Tap> added = products.added();
    const double result = scene.moment.complete ? final_result(scene) : so_far(scene.moment, products);
    if (scene.pooling()) return pooling_forms(scene, added, result);
    const bool by_channel = scene.moment.timeline.by == StepBy::channel && !scene.moment.borrowed;
    std::vector<std::vector<SumPart>> forms;
    const auto add_channels = [&] {
        if (scene.group_channels() > 1 && !added.empty()) forms.push_back(channel_form(scene, added, result));
    };
    if (by_channel) add_channels();
    if (added.size() <= 64) {  // more never fit on a line
        forms.push_back(term_form(scene, added, result, true));
        forms.push_back(term_form(scene, added, result, false));
    }
    if (!by_channel) add_channels();
    forms.push_back(count_form(scene, added.size(), result));
    add_least_forms(forms, scene, result);
    return forms;
}

void add_sum_line(Scene& out, const PaneScene& scene, const std::vector<std::vector<SumPart>>& forms) {
    const Rect& area = scene.sum_area;
    if (area.h <= 0 || forms.empty()) return;
    const float size = std::max(scene.page.text_size * 1.1F, scene.page.least_text);
    std::size_t chosen = 0;
    while (chosen + 1 < forms.size() && width(scene, forms[chosen], size) > area.w) ++chosen;
    float x = area.x + std::max(0.0F, (area.w - width(scene, forms[chosen], size)) / 2);
    std::int64_t number = 0;
    for (const SumPart& part : forms[chosen]) {
        const float w = scene.fonts.text_width(part.text, size, part.face);
        if (x + w > area.right()) break;
        const MarkId id = scene.id(Part::sum, 0, 0, number++);
        out.marks.push_back(
            TextMark{id, part.text, {x, area.y + (area.h - size) / 2}, size, part.colour, part.face, Align::left});
        x += w;
    }
}

}  // namespace convlens
