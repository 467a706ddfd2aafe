// What is read is unmistakable: outlined, its weight in the cell, all else paler, and a wedge from the window over the
// products to the output; in both themes and however colours are seen.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/document/document.h"
#include "app/document/presets.h"
#include "app/render/type/fonts.h"
#include "app/scene/query.h"
#include "app/views/build.h"
#include "app/views/plane.h"
#include "core/text/number.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

using Linear = std::array<double, 3>;

double to_linear(std::uint8_t v) {
    const double s = v / 255.0;
    return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
}

// How somebody sees colours: a matrix on linear red, green and blue. The three kinds of colour blindness are those of
// G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, A Physiologically-based Model for Simulation of Color Vision
// Deficiency, IEEE TVCG 15(6), 2009, at severity 1.0.
struct Vision {
    const char* name;
    std::array<Linear, 3> rows;
};
constexpr std::array<Vision, 5> kVisions{{
    {"colour", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
    {"grey", {{{0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}}}},
    {"protanopia",
     {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}}},
    {"deuteranopia",
     {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}}},
    {"tritanopia",
     {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}},
}};

// Relative luminance (WCAG 2.1) of a colour as it is seen.
double luminance(Colour c, const Vision& vision) {
    const Linear linear{to_linear(c.r), to_linear(c.g), to_linear(c.b)};
    const Linear share{0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        double seen = 0;
        for (std::size_t k = 0; k < 3; ++k) seen += vision.rows[i][k] * linear[k];
        sum += share[i] * std::clamp(seen, 0.0, 1.0);
    }
    return sum;
}

double contrast(Colour a, Colour b, const Vision& vision) {
    const double la = luminance(a, vision), lb = luminance(b, vision);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

// One layer of a kind, with room for a pane of it.
struct LayerOptions {
    Op op = Op::conv;
    Size2 kernel{3, 3}, stride{1, 1}, dilation{1, 1};
    std::int64_t pad = 0;
    Shape4 input{1, 1, 6, 6};
    Reading reading = Reading::slide;
    PadMode pad_mode = PadMode::zeros;
    bool flip = false;
    StepBy by = StepBy::output;
};

Document document_of(const LayerOptions& wanted) {
    ConvSpec spec;
    spec.op = wanted.op;
    spec.kernel = wanted.kernel;
    spec.stride = wanted.stride;
    spec.dilation = wanted.dilation;
    spec.pads = wanted.input.h == 1 ? Pads{0, 0, wanted.pad, wanted.pad} : Pads::all(wanted.pad);
    spec.pad_mode = wanted.pad_mode;
    spec.flip_kernel = wanted.flip;
    if (is_pooling(spec.op)) spec.out_channels = wanted.input.c;
    Document document;
    document.layers = {new_layer({spec, wanted.input, {}, {}}, false)};
    document.panes = {Pane{}};
    document.panes[0].reading = wanted.reading;
    document.step_by = wanted.by;
    settle(document);
    return document;
}

std::vector<std::pair<std::string, Document>> documents() {
    std::vector<std::pair<std::string, Document>> all{{"first", first_document()}};
    for (const PresetInfo& preset : presets())
        if (has_document(preset)) all.emplace_back(preset.name, *preset_document(preset.name));
    const auto add = [&](const char* name, const LayerOptions& wanted) { all.emplace_back(name, document_of(wanted)); };
    add("reflect", {.pad = 2, .pad_mode = PadMode::reflect});
    add("channels", {.pad = 1, .input = {1, 3, 5, 5}});
    add("max pool", {.op = Op::max_pool, .kernel = {2, 2}, .stride = {2, 2}});
    add("average", {.op = Op::avg_pool, .pad = 1});
    for (const Reading reading : {Reading::gather, Reading::zero_inserted, Reading::stamp})
        add("transposed",
            {.op = Op::conv_transpose, .stride = {2, 2}, .pad = 1, .input = {1, 1, 4, 4}, .reading = reading});
    add("by product", {.dilation = {2, 2}, .pad = 1, .by = StepBy::product});
    add("row", {.kernel = {1, 3}, .dilation = {1, 2}, .pad = 2, .input = {1, 1, 1, 12}});
    add("large", {.input = {1, 1, 32, 32}});
    return all;
}

Scene picture(const Derived& derived, std::int64_t step, const Theme& theme = light_theme(), float width = 1280,
              float height = 720, float phase = 0) {
    SceneOptions options;
    options.page.width = width;
    options.page.height = height;
    return build_scene(derived, {step, phase}, theme, options, fonts());
}

std::vector<const GridMark*> grids(const Scene& scene) {
    std::vector<const GridMark*> all;
    for (const Mark& mark : scene.marks)
        if (const auto* grid = std::get_if<GridMark>(&mark)) all.push_back(grid);
    return all;
}

bool is_read_from(const GridMark& grid) { return grid.id.part == Part::input || grid.id.part == Part::zero_inserted; }

std::size_t index_of(const GridMark& grid, const GridText& text) {
    return static_cast<std::size_t>(text.row) * static_cast<std::size_t>(grid.cols) +
           static_cast<std::size_t>(text.col);
}

void expect_seen(const GridMark& grid, const Vision& vision) {
    double own = 99, unread = 99, ink = 99, note = 99;
    const bool some = std::ranges::any_of(grid.states, [](CellState state) { return state != CellState::plain; });
    for (std::size_t i = 0; i < grid.fill.size(); ++i) {
        if (!some || grid.fill[i].a != 255) continue;
        double& least = grid.states[i] == CellState::plain ? unread : own;
        least = std::min(least, contrast(grid.outlines.colour, grid.fill[i], vision));
    }
    for (const GridText& text : grid.texts)
        if (grid.fill[index_of(grid, text)].a == 255)
            ink = std::min(ink, contrast(text.colour, grid.fill[index_of(grid, text)], vision));
    for (const GridText& text : grid.notes)
        note = std::min(note, contrast(text.colour, grid.fill[index_of(grid, text)], vision));
    EXPECT_GE(own, 3) << "outlines on their own fills";
    EXPECT_GE(unread, 3) << "outlines beside the fills of other cells";
    EXPECT_GE(ink, 3) << "numbers";
    EXPECT_GE(note, 3) << "weights";
}

TEST(ReadingLook, OutlinesAndNumbersStandOutInEveryPresetHoweverColoursAreSeen) {
    for (const auto& [name, document] : documents()) {
        const Derived derived = derive_all(document);
        const std::int64_t count = step_count(derived);
        for (const std::int64_t step : {std::int64_t{0}, std::int64_t{1}, (count + 1) / 2, count}) {
            for (const Theme* theme : {&light_theme(), &dark_theme()}) {
                for (const Vision& vision : kVisions) {
                    SCOPED_TRACE(name + ", step " + std::to_string(step) + ", " + vision.name +
                                 (theme->dark ? ", dark" : ", light"));
                    const Scene scene = picture(derived, step, *theme);
                    for (const GridMark* grid : grids(scene)) expect_seen(*grid, vision);
                }
            }
        }
    }
}

TEST(ReadingLook, AValueOfOverHalfTheScaleIsNotTakenForItsUnreadSelf) {
    for (const Theme* theme : {&light_theme(), &dark_theme()}) {
        for (const Vision& vision : kVisions) {
            for (int i = 51; i <= 100; ++i) {
                for (const double value : {i / 100.0, -i / 100.0}) {
                    const CellLook plain = value_look(*theme, value, 1);
                    const CellLook read = lit_look(plain), unread = unread_look(plain);
                    EXPECT_EQ(read.fill, plain.fill) << "nothing is mixed into a value's colour";
                    EXPECT_GE(contrast(read.fill, unread.fill, vision), 1.6) << vision.name << value << theme->dark;
                    EXPECT_GE(contrast(theme->reading, read.fill, vision), 3) << vision.name << value << theme->dark;
                    EXPECT_GE(contrast(theme->pointing, read.fill, vision), 3) << vision.name << value << theme->dark;
                    EXPECT_GE(contrast(faded_ink(unread.ink, unread.fill), unread.fill, vision), 3)
                        << vision.name << value << theme->dark;
                }
            }
        }
    }
}

TEST(ReadingLook, EveryCellThatIsReadIsOutlinedAndTheRestStepsBack) {
    for (const auto& [name, document] : documents()) {
        const Derived derived = derive_all(document);
        const Scene before = picture(derived, 0),
                    scene = picture(derived, std::min<std::int64_t>(3, step_count(derived)));
        for (std::size_t pane = 0; pane < document.panes.size(); ++pane) {
            const auto index = static_cast<int>(pane);
            for (const Part part : {Part::input, Part::zero_inserted})
                for (const auto& [y, x] : lit_cells(scene, part, index))
                    EXPECT_NE(state_at(scene, part, index, y, x), CellState::plain) << name << y << ", " << x;
        }
        for (const GridMark* grid : grids(before))
            for (const CellState state : grid->states) EXPECT_EQ(state, CellState::plain) << name;
        for (const GridMark* grid : grids(scene)) {
            if (grid->pitch < 6) continue;
            EXPECT_GT(grid->outlines.read, 0) << name;
            EXPECT_GT(grid->outlines.current, grid->outlines.read) << name;
        }
    }
}

TEST(ReadingLook, AReadCellKeepsItsColourAndAnUnreadOneIsPaler) {
    const Derived derived = derive_all(document_of({.pad = 1}));
    const Scene before = picture(derived, 0), scene = picture(derived, 8);
    const GridMark &plain = *grids(before).front(), &grid = *grids(scene).front();
    ASSERT_EQ(plain.fill.size(), grid.fill.size());
    std::int64_t read = 0, paler = 0;
    for (std::size_t i = 0; i < grid.fill.size(); ++i) {
        if (grid.states[i] == CellState::read) {
            ++read;
            EXPECT_EQ(grid.fill[i], plain.fill[i]);
        } else {
            paler += grid.fill[i] == plain.fill[i] ? 0 : 1;
        }
    }
    EXPECT_EQ(read, 9);
    EXPECT_GT(paler, 9);
    EXPECT_EQ(state_at(scene, Part::input, 0, 0, 0), CellState::read);
    // Only what is read from fades: the kernel is read whole, the output is written.
    const auto kernel = [](const Scene& of) {
        const std::vector<const GridMark*> all = grids(of);
        return **std::ranges::find_if(all, [](const GridMark* one) { return one->id.part == Part::kernel; });
    };
    EXPECT_EQ(kernel(before).fill, kernel(scene).fill);
}

// The weights that stand in the cells of the input, by cell.
std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, std::string>> weights_in(const Scene& scene) {
    std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, std::string>> found;
    for (const GridMark* grid : grids(scene))
        if (is_read_from(*grid))
            for (const GridText& note : grid->notes)
                found.push_back({{grid->id.y + note.row, grid->id.x + note.col}, note.text});
    return found;
}

TEST(ReadingLook, TheWeightThatLiesThereStandsInEachCell) {
    for (const bool flip : {false, true}) {
        const Derived derived = derive_all(document_of({.pad = 1, .flip = flip}));
        const Scene scene = picture(derived, 8);  // output [1, 1]: the window begins at [0, 0]
        const auto weights = weights_in(scene);
        ASSERT_EQ(weights.size(), 9U);
        for (const auto& [at, text] : weights) {
            const std::int64_t y = flip ? 2 - at.first : at.first, x = flip ? 2 - at.second : at.second;
            EXPECT_EQ(text, "×" + *number_at(scene, Part::kernel, 0, y, x)) << at.first << ", " << at.second;
        }
        EXPECT_TRUE(text_faults(scene, fonts()).empty());
    }
    EXPECT_TRUE(weights_in(picture(derive_all(document_of({.op = Op::max_pool})), 3)).empty()) << "there are none";
    EXPECT_TRUE(weights_in(picture(derive_all(document_of({.input = {1, 1, 32, 32}})), 3)).empty()) << "no room";
    for (const Reading reading : {Reading::gather, Reading::zero_inserted}) {
        const Derived derived = derive_all(
            document_of({.op = Op::conv_transpose, .stride = {2, 2}, .input = {1, 1, 3, 3}, .reading = reading}));
        const Scene scene = picture(derived, 13);  // output [1, 5], of 7 columns
        EXPECT_FALSE(weights_in(scene).empty());
        const std::string sum = text_of(scene, Part::sum, 0);
        for (const auto& [at, text] : weights_in(scene)) {
            const auto number = number_at(scene, reading == Reading::gather ? Part::input : Part::zero_inserted, 0,
                                          at.first, at.second);
            const bool from_input =
                reading == Reading::gather || (at.first % 2 == 0 && at.second % 2 == 0 && at.first >= 0 &&
                                               at.second >= 0 && at.first < 6 && at.second < 6);
            if (!from_input) continue;
            const std::string weight = text.substr(std::string("×").size());
            EXPECT_NE(sum.find(*number + "·" +
                               (weight.starts_with("-") || weight.starts_with("−") ? "(" + weight + ")" : weight)),
                      std::string::npos)
                << sum << " has no " << *number << text;
        }
    }
}

TEST(ReadingLook, TheProductOfAStepStandsOutByTheWidthOfItsOutline) {
    for (const Reading reading : {Reading::slide, Reading::gather, Reading::zero_inserted, Reading::stamp}) {
        LayerOptions wanted{.reading = reading, .by = StepBy::product};
        if (reading != Reading::slide) wanted.op = Op::conv_transpose;
        const Derived derived = derive_all(document_of(wanted));
        const Scene scene = picture(derived, 9 * 20 + 5);
        for (const GridMark* grid : grids(scene)) {
            if (grid->id.part == Part::output || grid->id.part == Part::canvas) continue;
            const auto current = std::ranges::count(grid->states, CellState::current);
            const bool whole =
                reading == Reading::stamp && grid->id.part == Part::input;  // one cell is all that it reads
            EXPECT_EQ(current, whole ? 0 : 1) << static_cast<int>(reading) << static_cast<int>(grid->id.part);
            EXPECT_GT(grid->outlines.current, grid->outlines.read);
        }
    }
}

TEST(ReadingLook, GreyInkSaysThatACellIsZeroNotThatItIsABorder) {
    for (const PadMode mode : {PadMode::reflect, PadMode::replicate, PadMode::circular, PadMode::symmetric}) {
        const Derived derived = derive_all(document_of({.pad = 2, .pad_mode = mode}));
        const Scene scene = picture(derived, 0);
        const GridMark& grid = *grids(scene).front();
        for (const GridText& text : grid.texts) {
            const bool border = text.row < 2 || text.col < 2 || text.row >= 8 || text.col >= 8;
            if (!border) continue;
            const Colour ink = text.text == "0" ? light_theme().faint : ink_on(light_theme(), light_theme().padding);
            EXPECT_EQ(text.colour, ink);
        }
    }
}

// The ends of the lines of all wedges of a pane: those on the ground, and those on planes beneath their numbers.
struct Lines {
    std::vector<std::pair<Point, Point>> all;

    bool end_at(const Rect& rect) const {  // two of them at corners of one side
        const auto near = [](float a, float b) { return std::abs(a - b) < 1.5F; };
        const auto count = std::ranges::count_if(all, [&](const auto& line) {
            return std::ranges::any_of(std::array{line.first, line.second}, [&](Point p) {
                return (near(p.x, rect.x) || near(p.x, rect.right())) &&
                       (near(p.y, rect.y) || near(p.y, rect.bottom()));
            });
        });
        return count >= 2;
    }
};

Lines lines_of(const Scene& scene) {
    Lines lines;
    const auto take = [&](const PolygonMark& mark) {
        if (mark.id.part == Part::wedge && !mark.closed)
            lines.all.emplace_back(mark.points.front(), mark.points.back());
        if (mark.id.part == Part::wedge && mark.closed) {
            EXPECT_LE(mark.fill.a, 30) << "faint";
        }
    };
    bool grid_seen = false;
    for (const Mark& mark : scene.marks) {
        if (const auto* polygon = std::get_if<PolygonMark>(&mark);
            polygon != nullptr && polygon->id.part == Part::wedge) {
            EXPECT_FALSE(grid_seen) << "beneath the planes";
            take(*polygon);
        }
        if (const auto* grid = std::get_if<GridMark>(&mark)) {
            grid_seen = true;
            for (const PolygonMark& line : grid->beneath) {
                EXPECT_FALSE(line.closed) << "no tint on cells";
                take(line);
            }
        }
    }
    return lines;
}

// The frames of what the step is at: of the window or cell that is read, and of what is written.
std::vector<Rect> step_frames(const Scene& scene) {
    std::vector<Rect> frames;
    for (const Mark& mark : scene.marks)
        if (const auto* rect = std::get_if<RectMark>(&mark);
            rect != nullptr && rect->stroke == light_theme().reading && rect->dash == 0 && rect->id.part != Part::sum)
            frames.push_back(rect->rect);
    return frames;
}

Rect plane_rect(const Scene& scene, Part part) {
    Rect all;
    for (const GridMark* grid : grids(scene)) {
        if (grid->id.part != part) continue;
        const Rect frame = grid->frame();
        if (all.w <= 0) all = frame;
        const float right = std::max(all.right(), frame.right()), bottom = std::max(all.bottom(), frame.bottom());
        all.x = std::min(all.x, frame.x);
        all.y = std::min(all.y, frame.y);
        all.w = right - all.x;
        all.h = bottom - all.y;
    }
    return all;
}

void expect_no_line_over(const Lines& lines, const Rect& plane) {
    if (plane.w <= 0) return;
    for (const auto& [from, to] : lines.all) {
        for (int i = 0; i <= 64; ++i) {
            const float t = static_cast<float>(i) / 64;
            const Point p{from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t};
            const bool inside =
                p.x > plane.x + 2 && p.x < plane.right() - 2 && p.y > plane.y + 2 && p.y < plane.bottom() - 2;
            EXPECT_FALSE(inside) << "a line crosses numbers";
            if (inside) return;
        }
    }
}

TEST(ReadingLook, InEveryLayoutLinesEndAtTheWindowTheProductsAndTheOutput) {
    struct Page {
        float width, height;
    };
    for (const Page& page :
         {Page{1280, 720}, Page{1920, 1080}, Page{500, 1100}, Page{700, 700}, Page{900, 700}, Page{2400, 500}}) {
        for (const auto& [name, document] : documents()) {
            if (document.panes.size() != 1 || name == "large") continue;
            const Derived derived = derive_all(document);
            const std::int64_t count = step_count(derived);
            for (const std::int64_t step : {std::int64_t{1}, (count + 1) / 2, count}) {
                SCOPED_TRACE(name + ", step " + std::to_string(step) + ", " + std::to_string(page.width) + "x" +
                             std::to_string(page.height));
                const Scene scene = picture(derived, step, light_theme(), page.width, page.height);
                const Lines lines = lines_of(scene);
                const Rect products = plane_rect(scene, Part::products);
                EXPECT_TRUE(lines.end_at(products));
                // Of a kernel that is pulled apart the weights are drawn over what runs through its gaps.
                if (derived.layers[0]->layer.spec.dilation == Size2{1, 1})
                    expect_no_line_over(lines, plane_rect(scene, Part::kernel));
                expect_no_line_over(lines, products);
                // A column of channel sums between them may stand behind another plane in a narrow picture.
                const bool told = name != "channels" || page.width > page.height;
                for (const Rect& frame : step_frames(scene)) EXPECT_TRUE(!told || lines.end_at(frame));
            }
            EXPECT_TRUE(lines_of(picture(derived, 0, light_theme(), page.width, page.height)).all.empty())
                << name << ": nothing is read yet";
        }
    }
}

TEST(ReadingLook, AGlidingWindowLeavesItsCellsAndItsLines) {
    const Derived derived = derive_all(document_of({.pad = 1}));
    const Scene scene = picture(derived, 8, light_theme(), 1280, 720, 0.5F);
    const std::vector<Rect> frames = step_frames(scene), resting = step_frames(picture(derived, 8));
    ASSERT_EQ(frames.size(), 1U) << "the output that it leaves is framed no more";
    EXPECT_EQ(std::ranges::count(resting, frames.front()), 0);
    const GridMark& grid = *grids(scene).front();
    for (const CellState state : grid.states) EXPECT_EQ(state, CellState::plain) << "the window has left its cells";
    for (const Mark& mark : scene.marks) {
        const auto* line = std::get_if<PolygonMark>(&mark);
        if (line == nullptr || line->id.part != Part::wedge) continue;
        EXPECT_EQ(line->stroke.a + line->fill.a, 0) << "lines lead from where the window rests";
    }
}

}  // namespace
}  // namespace convlens
