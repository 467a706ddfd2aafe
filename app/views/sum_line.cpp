// The line below the planes: what the current output is the sum of.
#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "app/moment/cell.h"
#include "app/views/pane.h"
#include "app/views/wrapped_text.h"
#include "core/engine/pool.h"
#include "core/text/number.h"

namespace convlens {

namespace {

// The output that the line is about.
const Cell4& summed(const PaneScene& scene) { return *scene.moment.out; }

double final_result(const PaneScene& scene) {
    const Cell4& out = summed(scene);
    return scene.layer.output.at(out.n, out.c, out.y, out.x);
}

// Whether a value takes part at all: padding does not in a maximum, and in an average where it is not counted.
bool takes_part(const ConvSpec& spec, const Tap& tap) {
    return !is_pooling(spec.op) || !tap.in_padding || padding_counts(spec);
}

// The products one by one; those that are 0 are counted.
void add_terms(SumContent& content, const PaneScene& scene, std::span<const Tap> added) {
    const ConvSpec& spec = scene.spec();
    for (const Tap& tap : added) {
        if (content.channel && tap.input.c != *content.channel) continue;
        if (!takes_part(spec, tap)) continue;
        content.channel_value += tap.product;
        const double product = scene.pooling() ? tap.value : tap.product;
        if (product == 0 && spec.op != Op::max_pool) {
            ++content.zeros;
            continue;
        }
        SumContent::Term term{{}, shown_number(tap.value), tap.in_padding};
        if (scene.pooling()) {
            const bool alone = spec.op == Op::max_pool || content.terms.empty();
            term.text = alone ? sum_number(tap.value) : factor_text(tap.value);
        } else {
            term.text = sum_number(tap.value) + "·" + factor_text(tap.factor);
            term.shown *= shown_number(tap.factor);
        }
        content.terms.push_back(std::move(term));
    }
}

SumContent::Part part_of(const PaneScene& scene, PartsBy by, const PartSum& part) {
    const std::optional<std::int64_t> channel = by == PartsBy::channels ? std::optional(part.index) : std::nullopt;
    return {part_text(by, part.index, sum_number(part.value), scene.page.lang), shown_number(part.value), channel};
}

// Channels or rows, each with what it comes to; of many the others together.
void add_parts(SumContent& content, const PaneScene& scene, const std::vector<PartSum>& parts) {
    const Moment& m = scene.moment;
    const Size2 positions = window_positions(m);
    const PartsBy by = content.form.by;
    const bool channels = by == PartsBy::channels;
    const std::int64_t count = channels ? m.group_channels() : by == PartsBy::rows ? positions.h : positions.w;
    const std::vector<std::int64_t> told = told_parts(count, content.form.most, channels ? m.channel : -1);
    std::int64_t more = 0;
    double rest = 0;
    for (const PartSum& part : parts) {
        const std::int64_t index = part.index - (channels ? m.first_channel() : 0);
        if (std::ranges::binary_search(told, index)) {
            content.parts.push_back(part_of(scene, by, part));
        } else {
            rest = more++ == 0 ? part.value : together(scene.spec(), rest, part.value);
        }
    }
    if (more > 0) content.parts.push_back({more_text(more, sum_number(rest), scene.page.lang), shown_number(rest), {}});
}

// Too many products to go through them: all that can be told is what they come to together.
void add_whole(SumContent& content, const PaneScene& scene) {
    const std::int64_t count = product_count(scene.moment);
    const double whole = content.result - content.bias.value_or(0);
    const auto value = "value"_is(sum_number(whole));
    const Message words = scene.pooling() ? plural("{n} cell: {value}", "{n} cells: {value}", count, value)
                                          : plural("{n} product: {value}", "{n} products: {value}", count, value);
    content.divisor = 1;
    content.parts.push_back({scene.words(words), shown_number(whole), {}});
}

SumContent content_of(const PaneScene& scene, const Products& products, int coarse) {
    const Moment& m = scene.moment;
    const ConvSpec& spec = scene.spec();
    SumContent content;
    content.op = spec.op;
    content.form = sum_form(m, coarse);
    if (scene.sum.name)
        content.name = scene.words(tensor_cell_name(TensorKind::output, scene.layer.output.shape(), summed(scene)));
    content.so_far = !m.complete;
    content.has_result = m.complete || is_listed(m);
    if (!content.has_result) return content;
    content.result = m.complete ? final_result(scene) : so_far(m, products);
    if (m.complete && scene.layer.layer.bias) content.bias = bias_of(scene.layer.layer, summed(scene).c);
    if (spec.op == Op::avg_pool)
        content.divisor = pool_window(spec, scene.input_shape().plane(), {summed(scene).y, summed(scene).x}).divisor;
    const std::span<const Tap> added = products.added();
    content.only_padding = scene.pooling() && m.complete && is_listed(m) &&
                           std::ranges::none_of(added, [&](const Tap& tap) { return takes_part(spec, tap); });
    if (content.form.channel_terms) content.channel = m.input_channel();
    if (content.form.terms || content.form.channel_terms) add_terms(content, scene, added);
    if (content.form.terms) return content;
    if (const auto parts = part_sums(m, products, content.form.by)) {
        content.only_padding |= scene.pooling() && m.complete && parts->empty();
        add_parts(content, scene, *parts);
    } else {
        add_whole(content, scene);
    }
    return content;
}

// The height that the plan keeps for the lines.
float room_of(const PaneScene& scene) { return wrapped_line(scene.sum.size) * static_cast<float>(scene.sum.lines); }

void draw_rows(Scene& out, const PaneScene& scene, const std::vector<SumPart>& parts, const std::vector<SumRow>& rows,
               float size) {
    const Rect& area = scene.sum_area;
    const float line = wrapped_line(size);
    float y = area.bottom() - room_of(scene);
    std::int64_t row_number = 0;
    for (const SumRow& row : rows) {
        float x = area.x + std::max(0.0F, (area.w - row.w) / 2);
        std::int64_t number = 0;
        for (std::size_t i = row.first; i < row.end; ++i) {
            const SumPart& part = parts[i];
            const std::string text = i == row.first && part.text.starts_with(' ') ? part.text.substr(1) : part.text;
            const float w = scene.fonts.text_width(text, size, part.face);
            if (x + w > area.right() + 0.5F) break;
            if (!text.empty()) {
                const MarkId id = scene.id(Part::sum, 0, row_number, number++);
                const float top = std::round(y + (line - size) / 2);
                out.marks.push_back(TextMark{id, text, {x, top}, size, part.colour, part.face, Align::left});
            }
            x += w;
        }
        y += line;
        ++row_number;
    }
}

}  // namespace

std::vector<std::vector<SumPart>> sum_forms(const PaneScene& scene, const Products& products) {
    std::vector<std::vector<SumPart>> forms;
    for (const int coarse : {scene.sum.coarse, kCoarsest})
        if (forms.empty() || coarse > scene.sum.coarse)
            forms.push_back(sum_text(content_of(scene, products, coarse), scene.theme, scene.page.lang));
    return forms;
}

void add_sum_line(Scene& out, const PaneScene& scene, const std::vector<std::vector<SumPart>>& forms) {
    const Rect& area = scene.sum_area;
    if (area.h <= 0 || forms.empty()) return;
    const float planned = scene.sum.size, least = std::min(scene.page.least_text, planned);
    const float room = room_of(scene);
    std::vector<SumRow> rows;
    for (const std::vector<SumPart>& parts : forms)
        for (float size = planned; size >= least; size -= 1) {
            rows = sum_rows(sum_pieces(parts, size, scene.fonts), area.w);
            const bool fits = wrapped_line(size) * static_cast<float>(rows.size()) <= room + 0.5F;
            if (fits && widest(rows) <= area.w) return draw_rows(out, scene, parts, rows, size);
        }
    rows.resize(std::min(rows.size(), scene.sum.lines));
    draw_rows(out, scene, forms.back(), rows, least);
}

}  // namespace convlens
