#include "app/views/sum_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <span>
#include <string>

#include "app/moment/cell.h"
#include "app/views/sum_text.h"
#include "app/views/wrapped_text.h"
#include "core/text/number.h"

namespace convlens {

namespace {

// Products that are written out one by one, at most.
constexpr std::int64_t kMostTerms = 30;
// Numbers that are looked at to tell how wide those of a tensor are.
constexpr std::int64_t kMostSampled = 128;
// Of the height of a pane the sum takes no more than this, unless it has one line.
constexpr float kShare = 0.22F;
constexpr std::size_t kMostLines = 4;
constexpr float kLowPage = 26;  // text heights

// Letters of a text; those of numbers and signs are all as wide.
std::size_t letters(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// The number of a tensor that takes the most letters, or one like it: of many some are looked at.
double widest_number(std::span<const double> values, double peak) {
    double found = peak;
    bool whole = peak == std::trunc(peak);
    const auto count = std::ssize(values), step = std::max<std::int64_t>(1, count / kMostSampled);
    for (std::int64_t i = 0; i < count; i += step) {
        const double value = values[static_cast<std::size_t>(i)];
        whole = whole && value == std::trunc(value);
        if (letters(sum_number(value)) > letters(sum_number(found))) found = value;
        if (value < 0 && letters(sum_number(-peak)) > letters(sum_number(found))) found = -peak;
    }
    // Others of many digits may have a sign, and zeros behind the point.
    return whole ? found : letters(sum_number(found)) < 9 ? -0.123456 : found;
}

std::string as_wide_as(double value) { return std::string(letters(factor_text(value)), '0'); }

// How many letters the products' second factors take, the longest first: in each place of the kernel that of the channel
// where it is longest; none where all are 0. Of a large kernel, whose places are many, any as long as its longest.
std::vector<std::size_t> factor_letters(const Moment& m) {
    const Size2 k = m.spec().kernel;
    const Tensor<double>& weight = *m.layer->layer.weight;
    if (k.h * k.w > 2 * kMostTerms)
        return std::vector<std::size_t>(kMostTerms,
                                        letters(factor_text(widest_number(weight.span(), m.layer->weight_peak))));
    const std::int64_t channels = m.group_channels(), step = std::max<std::int64_t>(1, channels / 16);
    const auto value_at = [&](std::int64_t c, std::int64_t h, std::int64_t w) {
        if (!m.transposed()) return weight.at(m.pane.slice.c_out, c, h, w);
        return weight.at(m.first_channel() + c, m.pane.slice.c_out % (m.spec().out_channels / m.spec().groups), h, w);
    };
    std::vector<std::size_t> all;
    for (std::int64_t h = 0; h < k.h; ++h)
        for (std::int64_t w = 0; w < k.w; ++w) {
            std::size_t longest = 0;
            for (std::int64_t c = 0; c < channels; c += step)
                if (value_at(c, h, w) != 0) longest = std::max(longest, letters(factor_text(value_at(c, h, w))));
            if (longest > 0) all.push_back(longest);
        }
    std::ranges::sort(all, std::greater());
    return all;
}

std::int64_t parts_of(const Moment& m, PartsBy by) {
    const Size2 positions = window_positions(m);
    return by == PartsBy::channels ? m.group_channels() : by == PartsBy::rows ? positions.h : positions.w;
}

void add_widest_terms(SumContent& content, const Moment& m) {
    const double widest = widest_number(m.layer->input->span(), m.layer->input_peak);
    const std::string value(letters(m.pooling() ? factor_text(widest) : sum_number(widest)), '0');
    const std::int64_t count = product_count(m) / m.group_channels();
    if (m.pooling()) {
        content.terms.assign(static_cast<std::size_t>(count), {value, 0, false});
    } else {
        std::vector<std::size_t> factors = factor_letters(m);
        factors.resize(std::min(factors.size(), static_cast<std::size_t>(count)));
        for (const std::size_t factor : factors)
            content.terms.push_back({value + "·" + std::string(factor, '0'), 0, false});
    }
    if (m.spec().op == Op::max_pool) return;
    // Either all terms, or one less and how many are 0: what is longer.
    constexpr std::size_t kZeros = 7;  // "9 zeros"
    const bool always = std::ssize(content.terms) < count;
    if (!always && letters(content.terms.back().text) >= kZeros) return;
    if (!always) content.terms.pop_back();
    content.zeros = count;
}

// The longest sum that a pane may come to show.
SumContent widest_content(const Moment& m, int coarse, const std::string& name, Lang lang) {
    SumContent content;
    content.op = m.spec().op;
    content.form = sum_form(m, coarse);
    content.name = name;
    content.result = widest_number(m.layer->output.span(), m.layer->output_peak);
    content.channel_value = content.result;
    content.so_far = m.timeline.by != StepBy::output;
    content.divisor = m.spec().kernel.h * m.spec().kernel.w;
    if (m.layer->layer.bias) content.bias = bias_of(m.layer->layer, m.pane.slice.c_out);
    if (content.form.terms || content.form.channel_terms) add_widest_terms(content, m);
    if (content.form.channel_terms) content.channel = m.first_channel() + m.group_channels() - 1;
    if (content.form.terms) return content;
    const std::string number = as_wide_as(content.result) + "0";
    const std::int64_t count = parts_of(m, content.form.by);
    const std::int64_t first = content.form.by == PartsBy::channels ? m.first_channel() : 0;
    const std::vector<std::int64_t> told = told_parts(count, content.form.most, count - 2);
    for (const std::int64_t index : told)
        content.parts.push_back({part_text(content.form.by, first + index, number, lang), 0, {}});
    if (std::ssize(told) < count) content.parts.push_back({more_text(count, number, lang), 0, {}});
    return content;
}

std::string longest_name(const Moment& m, Lang lang) {
    const Shape4 out = m.layer->output.shape();
    return in(lang, tensor_cell_name(TensorKind::output, out, {out.n - 1, out.c - 1, out.h - 1, out.w - 1}));
}

}  // namespace

SumForm sum_form(const Moment& m, int coarse) {
    SumForm form;
    const bool several = m.group_channels() > 1;
    const std::int64_t products = product_count(m) / m.group_channels();
    form.terms = !several && products <= kMostTerms && coarse == 0;
    form.by = several ? PartsBy::channels : window_positions(m).h > 1 ? PartsBy::rows : PartsBy::columns;
    form.most = coarse < 2 ? 8 : coarse == 2 ? 5 : coarse == 3 ? 2 : 1;
    form.channel_terms = several && products <= kMostTerms && is_listed(m) && coarse == 0;
    return form;
}

SumPlan plan_sums(const std::vector<Moment>& moments, const Rect& room, const Page& page, const FontMetrics& fonts) {
    const float least = std::min(page.least_text, page.text_size), text = page.text_size;
    const bool low = room.h < kLowPage * text;  // where each line is taken from cells that are small enough
    const float most = std::round(text * (low ? 1.05F : 1.25F)), gap = std::round(text * (low ? 0.3F : 0.5F));
    SumPlan plan;
    for (const Moment& m : moments)
        plan.name &= fonts.text_width(longest_name(m, page.lang) + " = ", text, Face::mono) <= room.w * 0.3F;
    const auto planned = [&](int coarse, std::size_t lines, float size) {
        return SumPlan{coarse, plan.name, size, lines,
                       std::round(wrapped_line(size) * static_cast<float>(lines)) + gap};
    };
    for (int coarse = 0; coarse <= kCoarsest; ++coarse) {
        std::vector<std::vector<SumPiece>> longest;
        for (const Moment& m : moments) {
            const std::string name = plan.name ? longest_name(m, page.lang) : "";
            const SumContent content = widest_content(m, coarse, name, page.lang);
            longest.push_back(sum_pieces(sum_text(content, light_theme(), page.lang), most, fonts));
        }
        const std::array<float, kMostLines> floors{low ? text * 0.7F : text, low ? text * 0.65F : text * 0.9F,
                                                   low ? text * 0.6F : text * 0.8F, least};
        for (std::size_t lines = 1; lines <= kMostLines; ++lines)
            for (float size = most; size >= std::max(floors[lines - 1], least); size -= 1) {
                const float width = room.w * most / size * 0.99F;  // as it would be at the measured size
                const bool fits = std::ranges::all_of(longest, [&](const std::vector<SumPiece>& pieces) {
                    const std::vector<SumRow> rows = sum_rows(pieces, width);
                    return rows.size() <= lines && widest(rows) <= width;
                });
                const SumPlan found = planned(coarse, lines, size);
                if (fits && (lines == 1 || found.height <= room.h * kShare)) return found;
            }
    }
    plan.name = false;
    const float lines = std::floor((room.h * kShare - gap) / wrapped_line(least));
    return planned(kCoarsest, static_cast<std::size_t>(std::clamp(lines, 1.0F, static_cast<float>(kMostLines))), least);
}

}  // namespace convlens
