// Whatever the layer, every number in the picture stands where it belongs and what is lit is what the step reads: the
// pictures of random layers (several channels, groups, a bias, a turned kernel, four different pads, strides and
// dilations) are compared with what core/engine and core/trace say about them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "app/document/document.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"
#include "app/views/plane.h"
#include "core/conv/pad.h"
#include "core/text/number.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

using Cell = std::pair<std::int64_t, std::int64_t>;
using Cells = std::vector<Cell>;

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

// Whole numbers: their sums are exact in any order.
TensorRef whole_numbers(Random& random, const Shape4& shape, std::int64_t most) {
    Tensor<double> values(shape);
    for (double& value : values.span()) value = static_cast<double>(random.from(-most, most));
    return TensorRef(std::move(values));
}

Document any_document(Random& random, Op op, Reading reading) {
    const RandomLayer made = random_layer(random, op);
    Document document;
    Layer layer;
    layer.spec = made.spec;
    layer.input = whole_numbers(random, made.input.shape(), 9);
    layer.weight = whole_numbers(random, made.weight.shape(), 3);
    if (made.has_bias) layer.bias = whole_numbers(random, {1, made.spec.out_channels, 1, 1}, 20);
    document.layers = {layer};
    Pane pane;
    pane.reading = reading;
    const Shape4 in = input_shape(layer);
    pane.slice = {random.from(0, in.n - 1), random.from(0, made.spec.out_channels - 1),
                  random.from(0, in.c / made.spec.groups - 1)};
    document.panes = {pane};
    constexpr std::array kSteps{StepBy::output, StepBy::channel, StepBy::product};
    document.step_by = kSteps[static_cast<std::size_t>(random.from(0, 2))];
    settle(document);
    return document;
}

// A picture with room for every number and word.
SceneOptions roomy(std::optional<MarkId> hover = {}) {
    SceneOptions options;
    options.page.width = 5200;
    options.page.height = 3000;
    options.hover = hover;
    return options;
}

struct Shown {
    Derived derived;
    std::int64_t step = 0;
    Scene scene;
    std::optional<MarkId> hover;

    explicit Shown(const Document& document) : derived(derive_all(document)) {}
    void draw(std::int64_t at, std::optional<MarkId> pointer = {}) {
        step = at;
        hover = pointer;
        scene = build_scene(derived, {at, 0}, light_theme(), roomy(pointer), fonts());
    }

    const Pane& pane() const { return derived.document.panes[0]; }
    const DerivedLayer& layer() const { return *derived.layers[0]; }
    const ConvSpec& spec() const { return layer().layer.spec; }
    const Tensor<double>& input() const { return *layer().input; }
    std::int64_t channels() const { return input().shape().c / spec().groups; }  // of a group
    std::int64_t first_channel() const {
        return pane().slice.c_out / (spec().out_channels / spec().groups) * channels();
    }
    std::int64_t window() const { return spec().kernel.h * spec().kernel.w; }
    bool transposed() const { return spec().op == Op::conv_transpose; }
    bool stamps() const { return pane().reading == Reading::stamp; }
    double output(Cell at) const { return layer().output.at(pane().slice.n, pane().slice.c_out, at.first, at.second); }
    double weight(std::int64_t channel, Cell stored) const {
        const Tensor<double>& all = *layer().layer.weight;
        if (!transposed()) return all.at(pane().slice.c_out, channel, stored.first, stored.second);
        const std::int64_t c_out = pane().slice.c_out % (spec().out_channels / spec().groups);
        return all.at(first_channel() + channel, c_out, stored.first, stored.second);
    }
    // Does the kernel lie turned?
    bool turned() const {
        if (stamps() || !transposed()) return spec().flip_kernel && (stamps() || step > 0);
        return pane().reading == Reading::zero_inserted && !spec().flip_kernel;
    }

    std::optional<std::string> number(Part part, Cell at) const {
        return number_at(scene, part, 0, at.first, at.second);
    }
    Cells lit(Part part) const { return lit_cells(scene, part, 0); }
    std::string titles() const { return text_of(scene, Part::title, 0); }
    std::string sum() const { return text_of(scene, Part::sum, 0); }

    Colour fill(Part part, Cell at) const {
        for (const Mark& mark : scene.marks) {
            const auto* grid = std::get_if<GridMark>(&mark);
            if (grid == nullptr || grid->id.part != part) continue;
            const std::int64_t i = (at.first - grid->id.y) * grid->cols + at.second - grid->id.x;
            return grid->fill.at(static_cast<std::size_t>(i));
        }
        return {};
    }
    // The cell (y, x) of a part as it is drawn.
    std::optional<Rect> place(Part part, Cell at) const {
        for (const Mark& mark : scene.marks) {
            const auto* grid = std::get_if<GridMark>(&mark);
            if (grid == nullptr || grid->id.part != part) continue;
            const std::int64_t row = (at.first - grid->id.y) / grid->y_step;
            const std::int64_t col = (at.second - grid->id.x) / grid->x_step;
            if (row >= 0 && col >= 0 && row < grid->rows && col < grid->cols) return grid->cell(row, col);
        }
        return {};
    }
};

using Maybe = std::optional<std::string>;
Maybe text(double value) { return short_number(value); }

std::string factor(double value) { return value < 0 ? "(" + sum_number(value) + ")" : sum_number(value); }

// Where a step stands, counted by hand.
struct Stand {
    Cell cell;  // an output cell, of stamps an input cell
    std::int64_t channel = 0, product = 0, cells_done = 0;
    bool complete = true;
};
Stand stand_of(const Shown& s) {
    const StepBy by = s.derived.document.step_by;
    const Shape4 in = s.input().shape();
    const std::int64_t cols = s.stamps() ? in.w : s.layer().output.shape().w;
    const std::int64_t rows = s.stamps() ? in.h : s.layer().output.shape().h;
    const std::int64_t parts = s.stamps() || by == StepBy::output ? 1 : s.channels();
    const std::int64_t products = by == StepBy::product ? s.window() : 1;
    const std::int64_t index = s.step - 1, cell = index / (parts * products), within = index % (parts * products);
    Stand m;
    m.cell = {cell / cols % rows, cell % cols};
    m.channel = s.stamps() ? cell / cols / rows : by == StepBy::output ? s.pane().slice.c_in : within / products;
    m.product = by == StepBy::product ? within % products : s.window() - 1;
    m.complete = within + 1 == parts * products;
    m.cells_done = cell + (m.complete ? 1 : 0);
    return m;
}

void expect_input_numbers(const Shown& s, std::int64_t channel) {
    const Shape4 in = s.input().shape();
    const std::int64_t n = s.pane().slice.n, c = s.first_channel() + channel;
    if (s.pane().reading == Reading::zero_inserted) {
        const Size2 stride = s.spec().stride;
        const Pads pads = resolve_pads(s.spec(), in.plane());
        const Size2 reach{effective_kernel(s.spec().kernel.h, s.spec().dilation.h),
                          effective_kernel(s.spec().kernel.w, s.spec().dilation.w)};
        const Cell first{pads.top + 1 - reach.h, pads.left + 1 - reach.w};
        const Shape4 out = s.layer().output.shape();
        const std::int64_t rows = out.h + reach.h - 1, cols = out.w + reach.w - 1;
        for (std::int64_t y = first.first; y < first.first + rows; ++y)
            for (std::int64_t x = first.second; x < first.second + cols; ++x) {
                const bool from_input = y >= 0 && x >= 0 && y % stride.h == 0 && x % stride.w == 0 &&
                                        y / stride.h < in.h && x / stride.w < in.w;
                const double value = from_input ? s.input().at(n, c, y / stride.h, x / stride.w) : 0;
                EXPECT_EQ(s.number(Part::zero_inserted, {y, x}), text(value)) << y << ", " << x;
            }
        EXPECT_FALSE(s.place(Part::zero_inserted, {first.first - 1, first.second}));
        EXPECT_FALSE(s.place(Part::zero_inserted, {first.first + rows, first.second}));
        EXPECT_FALSE(s.place(Part::zero_inserted, {first.first, first.second + cols}));
        // The sizes without the border, and its sides: top, bottom, left, right.
        const Cell inserted{(in.h - 1) * stride.h + 1, (in.w - 1) * stride.w + 1};
        const Pads sides{-first.first, first.first + rows - inserted.first, -first.second,
                         first.second + cols - inserted.second};
        std::string border = fmt::format("{}×{}", inserted.first, inserted.second);
        if (sides != Pads{}) border += fmt::format(", border {}{}", sides.top < 0 ? "\u2212" : "", std::abs(sides.top));
        EXPECT_NE(s.titles().find(border), std::string::npos) << border << " in " << s.titles();
        return;
    }
    for (std::int64_t y = 0; y < in.h; ++y)
        for (std::int64_t x = 0; x < in.w; ++x)
            EXPECT_EQ(s.number(Part::input, {y, x}), text(s.input().at(n, c, y, x))) << y << ", " << x;
    if (s.transposed()) return;
    const Pads pads = resolve_pads(s.spec(), in.plane());
    const Tensor<double> padded = padded_input(s.spec(), s.input());
    for (std::int64_t y = 0; y < padded.shape().h; ++y)
        for (std::int64_t x = 0; x < padded.shape().w; ++x)
            EXPECT_EQ(s.number(Part::input, {y - pads.top, x - pads.left}), text(padded.at(n, c, y, x)))
                << "padded " << y << ", " << x;
}

// The weights of the step's channel, each where it lies in the window.
void expect_kernel_numbers(const Shown& s, std::int64_t channel) {
    const Size2 k = s.spec().kernel, d = s.spec().dilation;
    const Cell corner = s.turned() ? Cell{k.h - 1, k.w - 1} : Cell{0, 0};
    const auto origin = s.place(Part::kernel, corner);
    ASSERT_TRUE(origin);
    for (std::int64_t y = 0; y < k.h; ++y)
        for (std::int64_t x = 0; x < k.w; ++x) {
            EXPECT_EQ(s.number(Part::kernel, {y, x}), text(s.weight(channel, {y, x}))) << "weight " << y << ", " << x;
            const auto at = s.place(Part::kernel, {y, x});
            ASSERT_TRUE(at);
            const Size2 lies = s.turned() ? Size2{k.h - 1 - y, k.w - 1 - x} : Size2{y, x};
            EXPECT_EQ(at->y - origin->y, static_cast<float>(lies.h * d.h) * at->h);
            EXPECT_EQ(at->x - origin->x, static_cast<float>(lies.w * d.w) * at->w);
        }
    if (s.input().shape().c > 1 || s.spec().out_channels > 1) {
        const std::int64_t c_out = s.pane().slice.c_out;
        const std::string name = s.transposed() ? fmt::format("kernel [{}, {}]", s.first_channel() + channel,
                                                              c_out % (s.spec().out_channels / s.spec().groups))
                                                : fmt::format("kernel [{}, {}]", c_out, channel);
        EXPECT_NE(s.titles().find(name), std::string::npos) << name << " in " << s.titles();
    }
}

std::string slice(const char* name, std::int64_t n, std::int64_t c, const Shape4& shape) {
    if (shape.n > 1) return fmt::format("{} [n {}, c {}]", name, n, c);
    return shape.c > 1 ? fmt::format("{} [c {}]", name, c) : name;
}

// Every cell of every plane answers the pointer with itself.
void expect_cells_answer_the_pointer(const Shown& s) {
    for (const Mark& mark : s.scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr) continue;
        ASSERT_NE(grid->id.part, Part::none);
        for (const GridText& cell : grid->texts) {
            const Rect at = grid->cell(cell.row, cell.col);
            MarkId id = grid->id;
            id.y += cell.row * grid->y_step;
            id.x += cell.col * grid->x_step;
            EXPECT_EQ(hit_test(s.scene, {at.x + at.w / 2, at.y + at.h / 2}), id);
            EXPECT_LE(fonts().text_width(cell.text, grid->text_size, Face::mono), at.w);
        }
    }
}

// Where a product stands in its plane.
Cell product_place(const Shown& s, const Tap& tap) {
    const Size2 k = s.spec().kernel;
    if (!s.transposed()) return {tap.window.h, tap.window.w};
    return s.turned() ? Cell{k.h - 1 - tap.weight.y, k.w - 1 - tap.weight.x} : Cell{tap.weight.y, tap.weight.x};
}

// How many products of an output come before this one.
std::int64_t place_in_order(const Shown& s, const Tap& tap) {
    const Cell at = product_place(s, tap);
    return (tap.input.c - s.first_channel()) * s.window() + at.first * s.spec().kernel.w + at.second;
}

// In the order in which they are added, whether the sum is complete or not.
std::vector<Tap> taps_of(const Shown& s, Cell out) {
    std::vector<Tap> all =
        taps(s.spec(), s.layer().data(), {s.pane().slice.n, s.pane().slice.c_out, out.first, out.second});
    std::ranges::stable_sort(all, {}, [&](const Tap& tap) { return place_in_order(s, tap); });
    return all;
}

// Numbers joined by signs, and what they come to as they are shown.
struct Spelled {
    std::string text;
    double sum = 0, size = 0;
    void add(const std::string& term, double shown) {
        text += (text.empty() ? "" : " + ") + term;
        sum += shown;
        size += std::abs(shown);
    }
};

// Products one by one, those that are 0 counted.
Spelled terms_of(const std::vector<Tap>& shown) {
    Spelled terms;
    std::size_t zeros = 0;
    for (const Tap& tap : shown) {
        if (tap.product == 0) {
            ++zeros;
        } else {
            terms.add(sum_number(tap.value) + "·" + factor(tap.factor),
                      shown_number(tap.value) * shown_number(tap.factor));
        }
    }
    if (zeros > 0) terms.add(fmt::format("{} {}", zeros, zeros == 1 ? "zero" : "zeros"), 0);
    return terms;
}

std::string z_of(std::int64_t channel) {
    static const char* const digits[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
    std::string text = "Z";
    for (const char digit : std::to_string(channel)) text += digits[digit - '0'];
    return text;
}

double total(const std::vector<Tap>& taps) {
    double sum = 0;
    for (const Tap& tap : taps) sum += tap.product;
    return sum;
}

// "Z₁ = 3·4 = 12", above the sum of several channels.
std::string channel_line(std::int64_t channel, std::vector<Tap> shown) {
    std::erase_if(shown, [channel](const Tap& tap) { return tap.input.c != channel; });
    const Spelled terms = terms_of(shown);
    const std::string value = sum_number(total(shown));
    if (shown.empty()) return z_of(channel) + " = " + value;
    return z_of(channel) + " = " + terms.text +
           fmt::format(" {} {}", equals_sign(terms.sum, shown_number(total(shown)), terms.size), value);
}

// "output[1, 2] = 3·4 + 5·(−6) + bias 7 = −11", or up to "= −18 so far" while it is not complete; of several channels
// "Z₀: 12 + Z₁: −30", below the terms of the one that is looked at.
std::string spelled(const Shown& s, Cell out, const std::vector<Tap>& shown, bool complete, std::int64_t channel) {
    const Slice at = s.pane().slice;
    const bool many = s.input().shape().n > 1 || s.spec().out_channels > 1;
    std::string line = s.channels() > 1 ? channel_line(s.first_channel() + channel, shown) : "";
    line += many ? fmt::format("output[{}, {}, {}, {}] = ", at.n, at.c_out, out.first, out.second)
                 : fmt::format("output[{}, {}] = ", out.first, out.second);
    Spelled terms;
    if (s.channels() > 1) {
        std::map<std::int64_t, double> channels;
        for (const Tap& tap : shown) channels[tap.input.c] += tap.product;
        for (const auto& [c, sum] : channels) terms.add(z_of(c) + ": " + sum_number(sum), shown_number(sum));
    } else {
        terms = terms_of(shown);
    }
    line += shown.empty() ? "0" : terms.text;
    if (!complete) {
        if (shown.empty()) return line + " so far";
        return line + fmt::format(" {} {} so far", equals_sign(terms.sum, shown_number(total(shown)), terms.size),
                                  sum_number(total(shown)));
    }
    const auto& bias = s.layer().layer.bias;
    if (shown.empty() && !bias) return line;  // no stamp covers it
    if (bias) {
        const double added = bias->at(0, at.c_out, 0, 0);
        line += " + bias " + factor(added);
        terms.sum += shown_number(added);
        terms.size += std::abs(shown_number(added));
    }
    return line + fmt::format(" {} ", equals_sign(terms.sum, shown_number(s.output(out)), terms.size)) +
           sum_number(s.output(out));
}

// As many terms always fit on the line of a roomy picture.
constexpr std::size_t kFewTerms = 16;

void expect_sum(const Shown& s, Cell out, const std::vector<Tap>& shown, bool complete, std::int64_t channel) {
    if (shown.size() <= kFewTerms) {
        EXPECT_EQ(s.sum(), spelled(s, out, shown, complete, channel));
    } else {
        EXPECT_TRUE(s.sum().ends_with(complete ? " " + sum_number(s.output(out)) : " so far")) << s.sum();
        EXPECT_EQ(s.sum().find("bias") != std::string::npos, complete && s.layer().layer.bias) << s.sum();
    }
}

Cells sorted(Cells cells) {
    std::ranges::sort(cells);
    cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
    return cells;
}

// The cell of the drawn input that a tap reads.
Cell read_cell(const Shown& s, const Tap& tap) {
    const bool spread = s.pane().reading == Reading::zero_inserted;
    return spread ? Cell{tap.input.y * s.spec().stride.h, tap.input.x * s.spec().stride.w}
                  : Cell{tap.input.y, tap.input.x};
}

bool is_framed(const Scene& scene, const Rect& rect, Colour colour) {
    return std::ranges::any_of(scene.marks, [&](const Mark& mark) {
        const auto* frame = std::get_if<RectMark>(&mark);
        return frame != nullptr && frame->rect == rect && frame->stroke == colour;
    });
}

void expect_sliding_step(const Shown& s) {
    const Stand m = s.step == 0 ? Stand{} : stand_of(s);
    const std::int64_t channel = s.step == 0 ? s.pane().slice.c_in : m.channel;
    const StepBy by = s.derived.document.step_by;
    expect_input_numbers(s, channel);
    expect_kernel_numbers(s, channel);
    const Size2 k = s.spec().kernel;
    std::vector<Tap> shown = s.step == 0 ? std::vector<Tap>{} : taps_of(s, m.cell);
    std::erase_if(shown, [&](const Tap& tap) {
        return !m.complete && place_in_order(s, tap) > m.channel * s.window() + m.product;
    });
    double running = 0;
    std::map<Cell, double> products;
    Cells lit;
    const bool single = by == StepBy::product && s.pane().reading != Reading::gather;
    for (const Tap& tap : shown) {
        running += tap.product;
        if (tap.input.c != s.first_channel() + channel) continue;
        const Cell at = product_place(s, tap);
        products[at] = tap.product;
        if (!single || at == Cell{m.product / k.w, m.product % k.w}) lit.push_back(read_cell(s, tap));
    }
    for (std::int64_t y = 0; y < k.h; ++y)
        for (std::int64_t x = 0; x < k.w; ++x) {
            const auto found = products.find({y, x});
            EXPECT_EQ(s.number(Part::products, {y, x}), found == products.end() ? Maybe{} : text(found->second))
                << "product " << y << ", " << x;
        }
    const Part surface = s.pane().reading == Reading::zero_inserted ? Part::zero_inserted : Part::input;
    EXPECT_EQ(s.lit(surface), sorted(lit));
    const Shape4 out = s.layer().output.shape();
    for (std::int64_t y = 0; y < out.h; ++y)
        for (std::int64_t x = 0; x < out.w; ++x) {
            const bool here = s.step > 0 && Cell{y, x} == m.cell;
            const bool written = s.step > 0 && y * out.w + x < m.cells_done;
            const Maybe number = here && !m.complete ? text(running) : written ? text(s.output({y, x})) : Maybe{};
            EXPECT_EQ(s.number(Part::output, {y, x}), number) << "output " << y << ", " << x;
            EXPECT_EQ(lit_at(s.scene, Part::output, 0, y, x), here);
        }
    if (s.step > 0) expect_sum(s, m.cell, shown, m.complete, channel);
    if (s.pane().reading != Reading::gather) {
        const Pads pads = resolve_pads(s.spec(), s.input().shape().plane());
        const Size2 reach{s.layer().h.effective_kernel, s.layer().w.effective_kernel};
        const Size2 stride = s.transposed() ? Size2{1, 1} : s.spec().stride;
        const Cell before =
            s.transposed() ? Cell{reach.h - 1 - pads.top, reach.w - 1 - pads.left} : Cell{pads.top, pads.left};
        const auto corner =
            s.place(surface, {m.cell.first * stride.h - before.first, m.cell.second * stride.w - before.second});
        ASSERT_TRUE(corner);
        const Rect window{corner->x, corner->y, corner->w * static_cast<float>(reach.w),
                          corner->h * static_cast<float>(reach.h)};
        EXPECT_TRUE(is_framed(s.scene, step_frame(window, std::min(corner->w, corner->h)), light_theme().reading));
    }
    const Slice at = s.pane().slice;
    const std::string names[] = {slice("input", at.n, s.first_channel() + channel, s.input().shape()),
                                 slice("output", at.n, at.c_out, out)};
    for (const std::string& name : names) EXPECT_NE(s.titles().find(name), std::string::npos) << name;
}

// The canvas after a step, stamped by hand.
struct Canvas {
    std::int64_t rows = 0, cols = 0;
    Cell first;  // in the output's coordinates
    std::vector<double> values, before;
    std::vector<int> times;     // that a cell was stamped
    std::vector<char> touched;  // by the last stamp
};

Size2 stamped_at(const Shown& s, Size2 window) {
    const Size2 k = s.spec().kernel;
    return s.spec().flip_kernel ? Size2{k.h - 1 - window.h, k.w - 1 - window.w} : window;
}

Canvas stamped(const Shown& s) {
    const Shape4 in = s.input().shape(), out = s.layer().output.shape();
    const Pads crop = resolve_pads(s.spec(), in.plane());
    const ConvSpec& spec = s.spec();
    Canvas canvas;
    const std::int64_t bottom = std::max(s.layer().h.padded - crop.top, out.h);
    const std::int64_t right = std::max(s.layer().w.padded - crop.left, out.w);
    canvas.first = {std::min<std::int64_t>(-crop.top, 0), std::min<std::int64_t>(-crop.left, 0)};
    canvas.rows = bottom - canvas.first.first;
    canvas.cols = right - canvas.first.second;
    const auto size = static_cast<std::size_t>(canvas.rows * canvas.cols);
    canvas.values.assign(size, 0);
    canvas.before.assign(size, 0);
    canvas.times.assign(size, 0);
    canvas.touched.assign(size, 0);
    if (const auto& bias = s.layer().layer.bias)
        std::ranges::fill(canvas.values, bias->at(0, s.pane().slice.c_out, 0, 0));
    if (s.step == 0) return canvas;
    const Stand m = stand_of(s);
    for (std::int64_t c = 0; c <= m.channel; ++c)
        for (std::int64_t y = 0; y < in.h; ++y)
            for (std::int64_t x = 0; x < in.w; ++x) {
                if (c == m.channel && Cell{y, x} > m.cell) continue;
                const bool last = c == m.channel && Cell{y, x} == m.cell;
                for (std::int64_t i = 0; i < (last ? m.product + 1 : s.window()); ++i) {
                    const Size2 w{i / spec.kernel.w, i % spec.kernel.w}, stored = stamped_at(s, w);
                    const std::int64_t row = y * spec.stride.h + w.h * spec.dilation.h - crop.top - canvas.first.first;
                    const std::int64_t col =
                        x * spec.stride.w + w.w * spec.dilation.w - crop.left - canvas.first.second;
                    const auto at = static_cast<std::size_t>(row * canvas.cols + col);
                    if (last) {
                        canvas.before[at] = canvas.values[at];
                        canvas.touched[at] = 1;
                    }
                    canvas.values[at] +=
                        s.input().at(s.pane().slice.n, s.first_channel() + c, y, x) * s.weight(c, {stored.h, stored.w});
                    ++canvas.times[at];
                }
            }
    return canvas;
}

bool is_hatched(const Scene& scene, const Rect& cell) {
    return std::ranges::any_of(scene.marks, [&](const Mark& mark) {
        const auto* rect = std::get_if<RectMark>(&mark);
        return rect != nullptr && rect->hatched && rect->rect.contains({cell.x + cell.w / 2, cell.y + cell.h / 2});
    });
}

void expect_stamp_step(const Shown& s) {
    const Stand m = s.step == 0 ? Stand{} : stand_of(s);
    const std::int64_t channel = s.step == 0 ? s.pane().slice.c_in : m.channel;
    expect_input_numbers(s, channel);
    expect_kernel_numbers(s, channel);
    EXPECT_EQ(s.lit(Part::input), s.step == 0 ? Cells{} : Cells{m.cell});
    const Shape4 in = s.input().shape(), out = s.layer().output.shape();
    const Pads crop = resolve_pads(s.spec(), in.plane());
    const ConvSpec& spec = s.spec();
    const double value = s.input().at(s.pane().slice.n, s.first_channel() + channel, m.cell.first, m.cell.second);
    for (std::int64_t i = 0; i < s.window(); ++i) {
        const Size2 w{i / spec.kernel.w, i % spec.kernel.w}, stored = stamped_at(s, w);
        const Maybe product =
            s.step > 0 && i <= m.product ? text(value * s.weight(channel, {stored.h, stored.w})) : Maybe{};
        EXPECT_EQ(s.number(Part::products, {w.h * spec.dilation.h, w.w * spec.dilation.w}), product);
    }
    const Canvas canvas = stamped(s);
    Cells touched;
    for (std::int64_t row = 0; row < canvas.rows; ++row)
        for (std::int64_t col = 0; col < canvas.cols; ++col) {
            const auto i = static_cast<std::size_t>(row * canvas.cols + col);
            const Cell at{row + canvas.first.first, col + canvas.first.second};
            const Maybe number = s.number(Part::canvas, at);
            if (canvas.touched[i] != 0) touched.push_back(at);
            const std::int64_t y = at.first + crop.top, x = at.second + crop.left;  // of everything stamped
            const bool beyond = y < 0 || x < 0 || y >= s.layer().h.padded || x >= s.layer().w.padded;
            if (canvas.times[i] == 0) {
                const Maybe bare = s.layer().layer.bias ? Maybe(text(canvas.values[i])) : beyond ? Maybe("0") : Maybe{};
                EXPECT_EQ(number, bare) << "canvas " << row << ", " << col;
            } else if (canvas.touched[i] == 0 || canvas.times[i] == 1) {
                EXPECT_EQ(number, text(canvas.values[i])) << "canvas " << row << ", " << col;
            } else {
                const double added = canvas.values[i] - canvas.before[i];
                const std::string both = sum_number(canvas.before[i]) + (added < 0 ? "" : "+") + sum_number(added);
                EXPECT_TRUE(number == both || number == text(canvas.values[i])) << *number << " is not " << both;
            }
            const auto cell = s.place(Part::canvas, at);
            ASSERT_TRUE(cell);
            const bool kept = at.first >= 0 && at.second >= 0 && at.first < out.h && at.second < out.w;
            EXPECT_EQ(is_hatched(s.scene, *cell), !kept) << "canvas " << row << ", " << col;
            EXPECT_EQ(s.fill(Part::canvas, at).a == 255, kept) << "canvas " << row << ", " << col;
        }
    EXPECT_EQ(s.lit(Part::canvas), touched);
    const auto first = s.place(Part::canvas, {0, 0}), last = s.place(Part::canvas, {out.h - 1, out.w - 1});
    ASSERT_TRUE(first && last);
    const Rect frame{first->x, first->y, last->right() - first->x, last->bottom() - first->y};
    const auto stamp =
        s.place(Part::canvas, {m.cell.first * spec.stride.h - crop.top, m.cell.second * spec.stride.w - crop.left});
    ASSERT_TRUE(stamp);
    const Rect footprint{stamp->x, stamp->y, stamp->w * static_cast<float>(s.layer().w.effective_kernel),
                         stamp->h * static_cast<float>(s.layer().h.effective_kernel)};
    EXPECT_TRUE(is_framed(s.scene, frame, light_theme().output));
    EXPECT_TRUE(is_framed(s.scene, step_frame(footprint, std::min(stamp->w, stamp->h)), light_theme().reading));
    if (s.step == 0) return;
    const bool many = in.n > 1 || in.c > 1;
    const std::string name = many ? fmt::format("input[{}, {}, {}, {}]", s.pane().slice.n, s.first_channel() + channel,
                                                m.cell.first, m.cell.second)
                                  : fmt::format("input[{}, {}]", m.cell.first, m.cell.second);
    const Size2 end{crop.top + out.h, crop.left + out.w};
    const bool cropped = std::max(crop.top, crop.left) > 0 || s.layer().h.padded > end.h || s.layer().w.padded > end.w;
    const Size2 zero = cropped ? Size2{0, 0} : Size2{crop.top, crop.left};
    const char* tensor = cropped ? "uncropped output" : "output";
    EXPECT_EQ(s.sum(),
              fmt::format("{} = {}: its stamp starts at row {}, column {} of the {}", name, short_number(value),
                          m.cell.first * spec.stride.h - zero.h, m.cell.second * spec.stride.w - zero.w, tensor));
    EXPECT_NE(s.titles().find(slice(tensor, s.pane().slice.n, s.pane().slice.c_out, out)), std::string::npos);
}

// On the way to the next step every frame of what it is at lies between where it is and where it goes.
void expect_to_glide(Shown& s) {
    const auto frames = [&](std::int64_t step, float phase) {
        std::vector<Rect> all;
        for (const Mark& mark : build_scene(s.derived, {step, phase}, light_theme(), roomy(), fonts()).marks)
            if (const auto* frame = std::get_if<RectMark>(&mark); frame && frame->stroke == light_theme().reading &&
                                                                  frame->id.part != Part::output &&
                                                                  frame->id.part != Part::sum)
                all.push_back(frame->rect);
        return all;
    };
    if (s.step == 0 || s.step == step_count(s.derived) || s.pane().reading == Reading::gather) return;
    const std::vector<Rect> here = frames(s.step, 0), next = frames(s.step + 1, 0), between = frames(s.step, 0.5F);
    ASSERT_EQ(here.size(), s.stamps() ? 2U : 1U);
    ASSERT_EQ(between.size(), here.size());
    if (s.input().shape().h == 1 && s.spec().kernel.h == 1) return;  // as rows: the planes move, too
    for (std::size_t i = 0; i < here.size(); ++i) {
        EXPECT_NEAR(between[i].x, (here[i].x + next[i].x) / 2, 0.01F);
        EXPECT_NEAR(between[i].y, (here[i].y + next[i].y) / 2, 0.01F);
    }
}

void expect_hovered_output(Shown& s, Random& random) {
    const Shape4 out = s.layer().output.shape();
    const Cell at{random.from(0, out.h - 1), random.from(0, out.w - 1)};
    const Part part = s.stamps() ? Part::canvas : Part::output;
    s.draw(s.step, MarkId{part, 0, s.pane().slice.n, s.pane().slice.c_out, at.first, at.second});
    EXPECT_EQ(s.number(part, at), text(s.output(at)));
    const std::vector<Tap> all = taps_of(s, at);
    const std::int64_t channel = s.stamps() && s.step > 0 ? stand_of(s).channel : s.pane().slice.c_in;
    Cells read, weights;
    for (const Tap& tap : all) {
        if (tap.input.c != s.first_channel() + channel) continue;
        read.push_back(read_cell(s, tap));
        weights.emplace_back(tap.weight.y, tap.weight.x);
    }
    EXPECT_EQ(s.lit(s.pane().reading == Reading::zero_inserted ? Part::zero_inserted : Part::input), sorted(read));
    Cells lit = s.lit(Part::kernel);
    EXPECT_EQ(sorted(lit), sorted(weights));
    expect_sum(s, at, all, true, channel);
}

// The cells that have the number of a cell of the input or its padding: itself, and its copies in a convolution's padding,
// but for what a negative pad cuts away. A cell of the padding is by itself.
Cells copies_of(const Shown& s, const Cell& at) {
    const Shape4 in = s.input().shape();
    Cells same{at};
    if (s.spec().op != Op::conv || at.first < 0 || at.second < 0 || at.first >= in.h || at.second >= in.w) return same;
    const Pads pads = resolve_pads(s.spec(), in.plane());
    const PadMode mode = s.spec().pad_mode;
    for (std::int64_t y = -pads.top; y < in.h + pads.bottom; ++y)
        for (std::int64_t x = -pads.left; x < in.w + pads.right; ++x)
            if (Cell{y, x} != at && source_index(y, in.h, mode) == at.first && source_index(x, in.w, mode) == at.second)
                same.emplace_back(y, x);
    return sorted(same);
}

void expect_hovered_input(Shown& s, Random& random) {
    if (s.stamps()) return;
    const Shape4 in = s.input().shape();
    const Pads pads = s.transposed() ? Pads{} : resolve_pads(s.spec(), in.plane());
    const auto grown = [](std::int64_t pad) { return std::max<std::int64_t>(pad, 0); };
    const Cell at{random.from(-grown(pads.top), in.h + grown(pads.bottom) - 1),
                  random.from(-grown(pads.left), in.w + grown(pads.right) - 1)};
    const bool spread = s.pane().reading == Reading::zero_inserted;
    const Cell drawn = spread ? Cell{at.first * s.spec().stride.h, at.second * s.spec().stride.w} : at;
    const Part part = spread ? Part::zero_inserted : Part::input;
    const std::int64_t c = s.first_channel() + s.pane().slice.c_in;
    s.draw(0, MarkId{part, 0, s.pane().slice.n, c, drawn.first, drawn.second});
    const Cells same = copies_of(s, at);
    Cells outputs, weights;
    const Shape4 out = s.layer().output.shape();
    for (std::int64_t y = 0; y < out.h; ++y)
        for (std::int64_t x = 0; x < out.w; ++x)
            for (const Tap& tap : taps_of(s, {y, x})) {
                if (tap.input.c != c || std::ranges::find(same, Cell{tap.input.y, tap.input.x}) == same.end()) continue;
                outputs.emplace_back(y, x);
                weights.emplace_back(tap.weight.y, tap.weight.x);
            }
    EXPECT_EQ(s.lit(Part::output), sorted(outputs));
    EXPECT_EQ(sorted(s.lit(Part::kernel)), sorted(weights));
    if (!s.place(part, drawn)) return;
    EXPECT_EQ(s.lit(part), spread ? Cells{drawn} : same);
}

void expect_hovered_weight(Shown& s, Random& random) {
    const Cell at{random.from(0, s.spec().kernel.h - 1), random.from(0, s.spec().kernel.w - 1)};
    s.draw(0, MarkId{Part::kernel, 0, s.pane().slice.c_out, s.pane().slice.c_in, at.first, at.second});
    EXPECT_EQ(s.lit(Part::kernel), Cells{at});
    if (s.transposed()) return;
    Cells met;
    const Shape4 out = s.layer().output.shape();
    for (std::int64_t y = 0; y < out.h; ++y)
        for (std::int64_t x = 0; x < out.w; ++x)
            for (const Tap& tap : taps_of(s, {y, x}))
                if (Cell{tap.weight.y, tap.weight.x} == at) met.emplace_back(tap.input.y, tap.input.x);
    EXPECT_EQ(s.lit(Part::input), sorted(met));
}

void expect_pictures_of(Op op, Reading reading, std::uint64_t seed) {
    Random random(seed);
    for (int i = 0; i < 60; ++i) {
        const Document document = any_document(random, op, reading);
        Shown s(document);
        const std::int64_t count = step_count(s.derived);
        for (const std::int64_t step : {std::int64_t{0}, std::int64_t{1}, random.from(1, count), random.from(1, count),
                                        random.from(1, count), count}) {
            s.draw(step);
            s.stamps() ? expect_stamp_step(s) : expect_sliding_step(s);
            expect_cells_answer_the_pointer(s);
            expect_to_glide(s);
        }
        s.draw(random.from(0, count));
        expect_hovered_output(s, random);
        expect_hovered_input(s, random);
        expect_hovered_weight(s, random);
        if (testing::Test::HasFailure()) {
            ADD_FAILURE() << "picture " << i << ", step " << s.step << ", by " << name(document.step_by);
            return;
        }
    }
}

TEST(EveryScene, OfAConvolutionShowsWhatIsComputed) { expect_pictures_of(Op::conv, Reading::slide, 51); }
TEST(EveryScene, OfStampsShowsWhatIsComputed) { expect_pictures_of(Op::conv_transpose, Reading::stamp, 52); }
TEST(EveryScene, OfGatheredStampsShowsWhatIsComputed) { expect_pictures_of(Op::conv_transpose, Reading::gather, 53); }
TEST(EveryScene, OfZerosBetweenShowsWhatIsComputed) {
    expect_pictures_of(Op::conv_transpose, Reading::zero_inserted, 54);
}

// A ruler's strip of cells, by the coordinates that are printed in it.
struct Strip {
    std::map<std::int64_t, float> middles;  // of the printed coordinates
    float pitch = 40;                       // the most that there is
    std::map<std::int64_t, std::pair<float, float>> brackets;
    std::map<std::int64_t, std::vector<float>> dots;
    std::set<std::int64_t> lit;  // brackets in the accent

    explicit Strip(const Scene& scene) {
        for (const Mark& mark : scene.marks) {
            if (const auto* text = std::get_if<TextMark>(&mark); text && text->align == Align::centre)
                middles[text->id.x] = text->at.x;
            if (const auto* dot = std::get_if<DotMark>(&mark)) dots[dot->id.x].push_back(dot->centre.x);
            const auto* line = std::get_if<LineMark>(&mark);
            if (line == nullptr || line->id.part != Part::ruler || line->from.y != line->to.y) continue;
            brackets[line->id.x] = {line->from.x, line->to.x};
            if (line->colour == light_theme().accent) lit.insert(line->id.x);
        }
    }
    float left(std::int64_t cell) const { return middles.at(0) + (static_cast<float>(cell) - 0.5F) * pitch; }
};

void expect_rulers_of(Op op, Reading reading, std::uint64_t seed) {
    Random random(seed);
    for (int i = 0; i < 150 && !testing::Test::HasFailure(); ++i) {
        const Document document = any_document(random, op, reading);
        Shown s(document);
        s.step = random.from(1, step_count(s.derived));
        for (const Axis axis : {Axis::h, Axis::w}) {
            Page page;
            page.width = 3000;
            page.height = 400;
            const Scene scene = build_ruler(s.derived, 0, axis, {s.step, 0}, light_theme(), page, {}, fonts());
            Strip strip(scene);
            const AxisSpec a = axis_of(s.spec(), axis);
            const Shape4 in = s.input().shape(), out = s.layer().output.shape();
            const std::int64_t inputs = axis == Axis::h ? in.h : in.w, outputs = axis == Axis::h ? out.h : out.w;
            const std::int64_t inner = s.transposed() ? outputs : inputs, count = s.transposed() ? inputs : outputs;
            ASSERT_EQ(std::ssize(strip.middles), inner);
            for (std::int64_t cell = 0; cell < inner; ++cell)
                EXPECT_EQ(strip.middles.at(cell), strip.left(cell) + strip.pitch / 2);
            const std::int64_t reach = effective_kernel(a.kernel, a.dilation);
            ASSERT_EQ(std::ssize(strip.brackets), count);
            for (std::int64_t b = 0; b < count; ++b) {
                const std::int64_t from = b * a.stride - a.pad_before;
                EXPECT_EQ(strip.brackets.at(b), std::pair(strip.left(from) + 1, strip.left(from + reach) - 1)) << b;
                std::vector<float> dots;
                for (std::int64_t tap = 1; tap + 1 < a.kernel && a.dilation > 1; ++tap)
                    dots.push_back(strip.left(from + tap * a.dilation) + strip.pitch / 2);
                EXPECT_EQ(strip.dots[b], dots) << b;
            }
            const Stand m = stand_of(s);
            const std::int64_t now = axis == Axis::h ? m.cell.first : m.cell.second;
            const bool none = s.transposed() && !s.stamps();
            EXPECT_EQ(strip.lit, none ? std::set<std::int64_t>{} : std::set{now});
            const std::vector<std::int64_t> unread = convlens::unread(s.spec(), in.plane(), axis).input;
            const std::int64_t end = std::max(inner, (inputs - 1) * a.stride + reach - a.pad_before);
            for (std::int64_t cell = std::min<std::int64_t>(0, -a.pad_before); cell < end; ++cell) {
                const bool outside = cell < 0 || cell >= inner;
                const bool hatched = s.transposed() ? outside : std::ranges::count(unread, cell) > 0;
                if (!s.transposed() && outside) continue;
                const Rect at{strip.left(cell), 0, strip.pitch, page.height};
                const bool found = std::ranges::any_of(scene.marks, [&](const Mark& mark) {
                    const auto* rect = std::get_if<RectMark>(&mark);
                    return rect && rect->hatched && rect->rect.x <= at.x && rect->rect.right() >= at.right();
                });
                EXPECT_EQ(found, hatched) << cell;
            }
        }
        if (testing::Test::HasFailure()) ADD_FAILURE() << "ruler " << i << ", step " << s.step;
    }
}

TEST(EveryRuler, OfAConvolutionHasABracketForEveryWindow) { expect_rulers_of(Op::conv, Reading::slide, 61); }
TEST(EveryRuler, OfStampsHasABracketForEveryStamp) { expect_rulers_of(Op::conv_transpose, Reading::stamp, 62); }
TEST(EveryRuler, OfGatheredStampsHasNoneThatIsLit) { expect_rulers_of(Op::conv_transpose, Reading::gather, 63); }

}  // namespace
}  // namespace convlens
