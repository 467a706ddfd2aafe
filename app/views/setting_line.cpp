#include "app/views/setting_line.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "app/views/pane.h"
#include "app/views/wrapped_text.h"
#include "app/words/words.h"
#include "core/conv/names.h"
#include "core/conv/parameters.h"
#include "core/text/number.h"

namespace convlens {

namespace {

const std::string kMinus = " \u2212 ";

// A layer over a row, which has nothing to tell of its height.
bool is_row(const DerivedLayer& layer) {
    return layer.h.input == 1 && layer.h.output == 1 && layer.h.kernel == 1 && layer.pads.top == 0 &&
           layer.pads.bottom == 0 && layer.h.output_padding == 0;
}

// "3×3"; of a row its length.
std::string extent(const DerivedLayer& layer, std::int64_t rows, std::int64_t cols) {
    return is_row(layer) ? fmt::format("{}", cols) : size_text(rows, cols);
}

// "2", or where rows and columns differ "2, 1"; of a row that of its columns.
std::string steps(const DerivedLayer& layer, std::int64_t rows, std::int64_t cols) {
    return rows == cols || is_row(layer) ? fmt::format("{}", cols) : fmt::format("{}, {}", rows, cols);
}

SettingPart setting(Field field, std::string value) {
    const Parameter& row = parameter(field);
    return {msg("{setting} {value}", "setting"_is(row.name), "value"_is(std::move(value))), row.role};
}

// "padding 1", "padding 1, reflect", "padding 2 (full)"; empty where there is none and no rule that chose it.
Message padding_words(const DerivedLayer& layer) {
    const ConvSpec& spec = layer.layer.spec;
    const bool ruled = spec.pad_rule != PadRule::explicit_;
    Message words = padding_text(layer.pads, is_row(layer));
    if (words.empty() && ruled)
        words = msg("{setting} {value}", "setting"_is(parameter(Field::padding).name), "value"_is(0));
    if (words.empty()) return words;
    const Pads& p = layer.pads;
    const bool filled = spec.op == Op::conv && std::max({p.top, p.bottom, p.left, p.right}) > 0;
    if (filled && spec.pad_mode == PadMode::constant) {
        words = msg("{padding}, {mode} {value}", "padding"_is(std::move(words)), "mode"_is(title(spec.pad_mode)),
                    "value"_is(full_number(spec.pad_value)));
    } else if (filled && spec.pad_mode != PadMode::zeros) {
        words = in_a_row({std::move(words), Message(title(spec.pad_mode))});
    }
    if (ruled) words = msg("{padding} ({rule})", "padding"_is(std::move(words)), "rule"_is(title(spec.pad_rule)));
    return words;
}

// "5 → 3" where both planes are squares, else "5×7 → 3×4".
std::string sizes(const DerivedLayer& layer) {
    const AxisShape &h = layer.h, &w = layer.w;
    if (is_row(layer) || (h.input == w.input && h.output == w.output)) return fmt::format("{} → {}", w.input, w.output);
    return fmt::format("{} → {}", size_text(h.input, w.input), size_text(h.output, w.output));
}

Expr plain(std::string text) { return Expr::leaf(std::move(text)); }

// A number; a negative one behind an operator in brackets.
Expr number(std::int64_t value, Role role) {
    return Expr::leaf(value < 0 ? fmt::format("\u2212{}", -value) : fmt::format("{}", value), role);
}
Expr operand(std::int64_t value, Role role) {
    return value < 0 ? Expr::paren(number(value, role)) : number(value, role);
}

// " + 2·1", " + 4 + 3", or " − 2·1" of a transposed layer, whose padding crops. Sides without any are left out.
void append_pads(std::vector<Expr>& row, const std::string& sign, const AxisShape& a) {
    if (a.pad_before == a.pad_after && a.pad_before != 0) {
        row.push_back(plain(sign + "2·"));
        row.push_back(operand(a.pad_before, Role::padding));
        return;
    }
    for (const std::int64_t pad : {a.pad_before, a.pad_after}) {
        if (pad == 0) continue;
        row.push_back(plain(sign));
        row.push_back(operand(pad, Role::padding));
    }
}

// What the kernel spans: its own length, or of a dilated one "2·(3 − 1) + 1".
Expr span(const AxisShape& a, bool in_brackets) {
    if (a.dilation == 1) return number(a.kernel, Role::kernel);
    Expr spread =
        Expr::row({number(a.dilation, Role::dilation), plain("·"),
                   Expr::paren(Expr::row({number(a.kernel, Role::kernel), plain(kMinus + "1")})), plain(" + 1")});
    return in_brackets ? Expr::paren(std::move(spread)) : spread;
}

Expr size_formula(const AxisShape& a, const ConvSpec& spec) {
    std::vector<Expr> row;
    if (spec.op == Op::conv_transpose) {
        row = {Expr::paren(Expr::row({number(a.input, Role::input), plain(kMinus + "1")})), plain("·"),
               number(a.stride, Role::stride)};
        append_pads(row, kMinus, a);
        row.push_back(plain(" + "));
        row.push_back(span(a, false));
        if (a.output_padding != 0) {
            row.push_back(plain(" + "));
            row.push_back(operand(a.output_padding, Role::output_padding));
        }
    } else {
        std::vector<Expr> above{number(a.input, Role::input)};
        append_pads(above, " + ", a);
        above.push_back(plain(kMinus));
        above.push_back(span(a, true));
        // On one line: a fraction would take the height of two from the cells.
        Expr quotient =
            Expr::row({Expr::paren(Expr::row(std::move(above))), plain("/"), number(a.stride, Role::stride)});
        const bool up = is_pooling(spec.op) && spec.ceil_mode;
        row = {up ? Expr::ceil(std::move(quotient)) : Expr::floor(std::move(quotient)), plain(" + 1")};
        if (a.dropped_window) row.push_back(plain(kMinus + "1"));
    }
    row.push_back(plain(" = "));
    row.push_back(Expr::bold(number(a.output, Role::output)));
    return Expr::row(std::move(row));
}

// One thing of the line: words, or a formula.
struct Item {
    std::string text;
    std::string latex;
    Colour colour;
    float size = 0;
    float w = 0, h = 0;
};

// Items that stand beside one another.
struct Row {
    std::size_t first = 0, end = 0;
    float w = 0, h = 0;
};

// The things of a line at a text size, broken into rows.
class Arranged {
public:
    Arranged(const PaneSettings& settings, const SettingPlan& plan, float width, const Theme& theme, const Page& page,
             const FontMetrics& fonts)
        : size_(plan.size), separator_(fonts.text_width(kSeparator, plan.size, Face::bold)) {
        const float size = plan.size;
        const std::string lead = settings.lead.empty() ? "" : settings.lead + " ";
        for (const SettingPart& part : setting_parts(settings.layer)) {
            const std::string text = (items_.empty() ? lead : "") + in(page.lang, part.words);
            items_.push_back({text, {}, theme.role(part.role), size, fonts.text_width(text, size, Face::bold), size});
        }
        const std::size_t sizes = items_.size() - 1;
        if (plan.formula)
            add_formulas(settings.layer, plan.broken ? width - items_.back().w : width, theme, page, fonts);
        break_rows(width, plan.broken ? sizes : 0);
    }

    // In front of a formula there is room instead of a separator.
    static constexpr const char* kSeparator = " · ";
    float gap_before(std::size_t i) const { return items_[i].latex.empty() ? separator_ : formula_gap(); }

    const std::vector<Item>& items() const { return items_; }
    const std::vector<Row>& rows() const { return rows_; }
    float widest() const { return rows_.empty() ? 0 : std::ranges::max(rows_, {}, &Row::w).w; }
    float height() const {
        float total = 0;
        for (const Row& row : rows_) total += row.h;
        return total;
    }

private:
    // A formula that has a row with the sizes is smaller where that lets it stand beside them.
    void add_formulas(const DerivedLayer& layer, float room, const Theme& theme, const Page& page,
                      const FontMetrics& fonts) {
        constexpr float kLeastShare = 0.7F;
        for (const Expr& expr : size_formulas(layer)) {
            const std::string latex = to_latex(expr, latex_colour, &theme);
            Item item{{}, latex, theme.text, size_, 0, 0};
            const auto measure = [&] {
                const FontMetrics::Box box = fonts.formula_box(latex, item.size);
                item.w = box.w;
                item.h = box.h;
            };
            measure();
            const float wanted = std::floor(size_ * (room - formula_gap()) / std::max(item.w, 1.0F));
            if (wanted < size_ && wanted >= std::max(size_ * kLeastShare, page.least_text)) {
                item.size = wanted;
                measure();
            }
            items_.push_back(std::move(item));
        }
    }

    float formula_gap() const { return std::round(size_ * 1.2F); }

    // `at`: an item that begins a row in any case.
    void break_rows(float width, std::size_t at) {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const Item& item = items_[i];
            const float h = std::max(wrapped_line(size_), item.latex.empty() ? 0 : std::ceil(item.h + size_ * 0.2F));
            const bool beside = !rows_.empty() && i != at && rows_.back().w + gap_before(i) + item.w <= width;
            if (!beside) rows_.push_back({i, i, 0, 0});
            Row& row = rows_.back();
            row.w += (beside ? gap_before(i) : 0) + item.w;
            row.h = std::max(row.h, h);
            row.end = i + 1;
        }
    }

    float size_, separator_;
    std::vector<Item> items_;
    std::vector<Row> rows_;
};

// Of the room's height the line takes no more than this: with the formula, also in a page of few text heights, whose cells
// are small enough; and without it.
constexpr float kShareWithFormula = 0.17F, kShareOfLow = 0.1F, kShare = 0.3F;
constexpr float kLowPage = 26;  // text heights

float gap_below(const Page& page) {
    const bool low = page.height < kLowPage * page.text_size;
    return std::round(page.text_size * (low ? 0.25F : 0.5F));
}

}  // namespace

std::vector<SettingPart> setting_parts(const DerivedLayer& layer) {
    const ConvSpec& spec = layer.layer.spec;
    const AxisShape &h = layer.h, &w = layer.w;
    std::vector<SettingPart> parts;
    switch (spec.op) {
        case Op::conv: break;
        case Op::conv_transpose: parts.push_back({msg("transposed"), Role::plain}); break;
        case Op::max_pool: parts.push_back({msg("max pool"), Role::plain}); break;
        case Op::avg_pool: parts.push_back({msg("average pool"), Role::plain}); break;
    }
    parts.push_back(setting(Field::kernel, extent(layer, h.kernel, w.kernel)));
    parts.push_back(setting(Field::stride, steps(layer, h.stride, w.stride)));
    if (const std::string apart = steps(layer, h.dilation, w.dilation); apart != "1")
        parts.push_back(setting(Field::dilation, apart));
    if (Message padding = padding_words(layer); !padding.empty()) parts.push_back({std::move(padding), Role::padding});
    if (spec.op == Op::conv_transpose && (h.output_padding != 0 || w.output_padding != 0))
        parts.push_back(setting(Field::output_padding, steps(layer, h.output_padding, w.output_padding)));
    if (!is_pooling(spec.op) && spec.groups != 1)
        parts.push_back(setting(Field::groups, fmt::format("{}", spec.groups)));
    if (is_pooling(spec.op) && spec.ceil_mode) parts.push_back({parameter(Field::ceil_mode).name, Role::plain});
    parts.push_back({verbatim(sizes(layer)), Role::output});
    return parts;
}

std::vector<Expr> size_formulas(const DerivedLayer& layer) {
    const ConvSpec& spec = layer.layer.spec;
    const Expr across = size_formula(layer.w, spec), down = size_formula(layer.h, spec);
    if (is_row(layer) || to_text(across) == to_text(down)) return {across};
    return {Expr::row({layer.size_h.symbol, plain(" = "), down}),
            Expr::row({layer.size_w.symbol, plain(" = "), across})};
}

SettingPlan plan_setting_lines(const std::vector<PaneSettings>& panes, const Rect& room, const Page& page,
                               const FontMetrics& fonts) {
    const float least = std::min(page.least_text, page.text_size), most = std::round(page.text_size * 1.2F);
    const float with_formula = room.h < kLowPage * page.text_size ? kShareOfLow : kShareWithFormula;
    const auto arranged_with = [&](const PaneSettings& pane, const SettingPlan& plan) {
        return Arranged(pane, plan, room.w, light_theme(), page, fonts);
    };
    struct Tried {
        SettingPlan plan;
        std::size_t rows = 0;
        bool fits = false;
    };
    const auto at = [&](float size, bool formula) {
        Tried tried{{size, formula, false, 0}};
        SettingPlan& plan = tried.plan;
        plan.broken = formula && std::ranges::any_of(panes, [&](const PaneSettings& pane) {
                          return arranged_with(pane, plan).rows().size() > 1;
                      });
        float widest = 0;
        for (const PaneSettings& pane : panes) {
            const Arranged arranged = arranged_with(pane, plan);
            widest = std::max(widest, arranged.widest());
            tried.rows = std::max(tried.rows, arranged.rows().size());
            plan.height = std::max(plan.height, arranged.height());
        }
        tried.fits = widest <= room.w && plan.height <= room.h * (formula ? with_formula : kShare);
        plan.height = std::round(plan.height) + gap_below(page);
        return tried;
    };
    // More than two rows only where smaller text would not spare them.
    struct Wish {
        bool formula;
        std::size_t rows;
        float least;
    };
    constexpr std::size_t kAny = 99;
    SettingPlan plan;
    for (const Wish& wish :
         {Wish{true, 2, std::max(least, page.text_size * 0.75F)}, Wish{true, kAny, least}, Wish{false, kAny, least}})
        for (float size = most; size >= wish.least; size -= 1) {
            const Tried tried = at(size, wish.formula);
            if (tried.fits && tried.rows <= wish.rows) return tried.plan;
            plan = tried.plan;
        }
    return plan.height <= room.h ? plan : SettingPlan{};  // cut where it is drawn
}

void add_setting_line(Scene& scene, int pane, const PaneSettings& settings, const SettingPlan& plan, const Rect& area,
                      const Theme& theme, const Page& page, const FontMetrics& fonts) {
    if (plan.size <= 0) return;
    const Arranged arranged(settings, plan, area.w, theme, page, fonts);
    const MarkId id{Part::title, pane, 0, 0, -10};
    const auto put = [&](const std::string& text, Point at, Colour colour) {
        scene.marks.push_back(TextMark{id, text, at, plan.size, colour, Face::bold, Align::left});
    };
    float y = area.y;
    for (const Row& row : arranged.rows()) {
        float x = area.x + std::max(0.0F, std::round((area.w - row.w) / 2));
        for (std::size_t i = row.first; i < row.end; ++i) {
            const Item& item = arranged.items()[i];
            const float top = std::round(y + (row.h - item.h) / 2);
            if (i > row.first) {
                if (item.latex.empty()) put(Arranged::kSeparator, {x, top}, theme.faint);
                x += arranged.gap_before(i);
            }
            if (item.latex.empty()) {
                put(fitting(item.text, plan.size, area.w, Face::bold, fonts), {x, top}, item.colour);
            } else {
                scene.marks.push_back(
                    FormulaMark{{Part::title, pane, 0, 0, -2}, item.latex, {x, top}, item.size, item.colour});
            }
            x += item.w;
        }
        y += row.h;
    }
}

}  // namespace convlens
