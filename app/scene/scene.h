// A picture as data. build_scene makes it, the renderers draw it, tests question it.
//
// Every mark carries what it stands for (MarkId), so that "which number stands in that cell", "which cells are lit" and
// "do two texts overlap" are answered without a pixel. Marks are drawn in order, later ones on top.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/scene/geometry.h"
#include "core/image/image.h"

namespace convlens {

// The plane or part of the figure that a mark belongs to.
enum class Part {
    none,
    input,  // conv: the padded input; conv_transpose: the input
    kernel,
    products,
    output,
    canvas,         // conv_transpose: everything stamped, before the crop
    zero_inserted,  // conv_transpose: the input with zeros between, and its border
    wedge,          // from what a step reads to what becomes of it
    sum,            // the line that says what the current output is made of
    ruler,
    title,
    difference,  // of two outputs, cell by cell
    round_trip,  // lengths that a layer does not tell apart, there and back
    anchor,      // of the kernel; n 0: on the kernel, y, x the place; n 1: on the input, y, x the cell
    photo_before,
    photo_after,
};

// What a mark stands for. y, x are in the tensor's own coordinates: cells in the padding have negative ones.
struct MarkId {
    Part part = Part::none;
    int pane = 0;
    std::int64_t n = 0, c = 0, y = 0, x = 0;
    friend bool operator==(const MarkId&, const MarkId&) = default;
};

enum class Face { text, bold, mono };
enum class Align { left, centre, right };

struct TextMark {
    MarkId id;
    std::string text;  // UTF-8, one line
    Point at;          // baseline-free: the text's box starts (or is centred, or ends) at x; y is its top
    float size = 14;   // pixels from ascender to descender line
    Colour colour;
    Face face = Face::text;
    Align align = Align::left;
};

struct RectMark {
    MarkId id;
    Rect rect;
    Colour fill{0, 0, 0, 0};
    Colour stroke{0, 0, 0, 0};
    float stroke_width = 0;  // drawn inside the rectangle
    float dash = 0;          // 0: solid; otherwise on/off length
    float radius = 0;
    bool hatched = false;  // diagonal lines in the stroke colour instead of a fill
};

struct LineMark {
    MarkId id;
    Point from, to;
    Colour colour;
    float width = 1;
    float dash = 0;
    bool arrow = false;  // head at `to`, four widths long
};

struct DotMark {
    MarkId id;
    Point centre;
    float radius = 2;
    Colour colour;
};

// A filled polygon, convex, optionally outlined: scissors, brackets, turned kernel sheets.
struct PolygonMark {
    MarkId id;
    std::vector<Point> points;
    Colour fill{0, 0, 0, 0};
    Colour stroke{0, 0, 0, 0};
    float stroke_width = 0;
    bool closed = true;  // false: a polyline, not filled
};

struct FormulaMark {
    MarkId id;
    std::string latex;
    Point at;         // top left of the formula's box
    float size = 20;  // text size in pixels
    Colour colour;
};

// Digits are no higher than this share of the size of a text, so numbers stand closer than lines of words do.
inline constexpr float kDigitShare = 0.6F;

// A plane of cells. One mark, however many cells: the screen draws it as one texture plus its numbers.
struct GridText {
    std::int32_t row = 0, col = 0;
    std::string text;
    Colour colour;
    Point shift = {};  // from the middle of the cell
};
// What a step or the pointer does with a cell.
enum class CellState : std::uint8_t {
    plain,
    read,     // outlined
    current,  // the one among those that are read: outlined more heavily
};
// How cells are outlined, inside their edges. Pixels; a width of 0 draws nothing.
struct CellOutlines {
    Colour colour{0, 0, 0, 0};
    Colour casing{0, 0, 0, 0};    // of a line along the inner side, where no one colour stands out from every fill
    float inset = 0;              // from the cell's edge
    float read = 0, current = 0;  // widths
};
struct GridMark {
    MarkId id;                // y, x: coordinates of the cell at row 0, col 0
    std::int64_t y_step = 1;  // coordinate difference between neighbouring rows
    std::int64_t x_step = 1;
    Point origin;       // top left corner, whole pixels
    float pitch = 24;   // width of a cell, whole pixels
    float stretch = 1;  // cells are so many times as high as wide
    std::int32_t rows = 0, cols = 0;
    // Where cells are smaller than a pixel: the whole pixels that show the plane, or what of it is in sight. There are
    // neither lines nor numbers then, `lit` is empty, and `pitch` is no whole number.
    Rect picture;
    std::vector<Colour> fill;     // one a cell, or of a picture one a pixel; row-major; alpha 0 = nothing drawn
    Colour line{0, 0, 0, 0};      // grid lines between cells, drawn inside each cell's right and bottom edge
    std::vector<GridText> texts;  // centred in their cells, Face::mono
    float text_size = 0;
    std::vector<GridText> notes;  // small numbers in the lower right corner of their cells, so far from its edges
    float note_size = 0, note_inset = 0;
    std::vector<CellState> states;  // empty, or one a cell
    CellOutlines outlines;
    std::vector<PolygonMark> beneath;  // lines that cross the plane, above its fills and beneath all else
    std::vector<std::uint8_t>
        lit;         // empty, or one a cell: 1 where the step or the pointer lights the cell (for questions)
    float turn = 0;  // degrees clockwise around the centre: the kernel sheet turning (numbers turn with it)

    float height() const { return pitch * stretch; }  // of a cell
    Rect frame() const {
        return {origin.x, origin.y, pitch * static_cast<float>(cols), height() * static_cast<float>(rows)};
    }
    Rect cell(std::int64_t row, std::int64_t col) const {
        return {origin.x + pitch * static_cast<float>(col), origin.y + height() * static_cast<float>(row), pitch,
                height()};
    }
    // The outer edge of a cell's outline. The line between cells lies outside it.
    Rect outlined(std::int64_t row, std::int64_t col) const {
        const Rect at = cell(row, col);
        const float less = 2 * outlines.inset + (line.a > 0 ? 1.0F : 0.0F);
        return {at.x + outlines.inset, at.y + outlines.inset, at.w - less, at.h - less};
    }
    float outline_width(CellState state) const {
        return state == CellState::plain ? 0 : state == CellState::read ? outlines.read : outlines.current;
    }
    bool is_picture() const { return picture.w > 0 && picture.h > 0; }
    // How many colours `fill` has in a column and in a row, and what they fill.
    std::int32_t fill_rows() const { return is_picture() ? static_cast<std::int32_t>(picture.h) : rows; }
    std::int32_t fill_cols() const { return is_picture() ? static_cast<std::int32_t>(picture.w) : cols; }
    Rect fill_frame() const { return is_picture() ? picture : frame(); }
    bool is_filled() const {
        return fill.size() == static_cast<std::size_t>(fill_rows()) * static_cast<std::size_t>(fill_cols());
    }
};

// A part of a picture. Renderers own textures, mipmaps and tiles; `nearest` shows pixels as squares.
struct ImageMark {
    MarkId id;
    ImageRef image;
    Rect source;  // in pixels of the image
    Rect target;
    bool nearest = false;
};

using Mark = std::variant<RectMark, LineMark, DotMark, PolygonMark, TextMark, FormulaMark, GridMark, ImageMark>;

// The marks begin..end-1 are seen inside `rect` only: of panes beside one another, each keeps to its own part of the
// picture, however far it is zoomed or moved.
struct SceneClip {
    std::size_t begin = 0, end = 0;
    Rect rect;
};

struct Scene {
    float width = 0, height = 0;
    Colour background;
    std::vector<Mark> marks;
    std::vector<SceneClip> clips;  // ascending, no mark is in two; marks that are in none are seen everywhere
};

// The clip of the mark with this index, or nullptr.
const SceneClip* clip_of(const Scene& scene, std::size_t mark);
// Can a point of this mark be seen?
bool is_seen(const Scene& scene, std::size_t mark, Point point);

// The topmost grid cell that is seen under a point. The id's y, x are the cell's own coordinates.
std::optional<MarkId> hit_test(const Scene& scene, Point point);

// Measures text as both renderers will draw it. One implementation on FreeType (app/render/type/fonts.h); tests may fake it.
class FontMetrics {
public:
    virtual ~FontMetrics() = default;
    virtual float text_width(std::string_view text, float size, Face face) const = 0;
    struct Box {
        float w = 0, h = 0;
    };
    virtual Box formula_box(std::string_view latex, float size) const = 0;
};

}  // namespace convlens
