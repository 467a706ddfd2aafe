// Padding and cropping of an input that is then turned, mirrored or transposed: what the layer takes, against numbers
// that are computed here.
#include <random>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

struct Plane {
    std::int64_t h = 0;
    std::int64_t w = 0;
    std::vector<double> cells;  // row-major

    double at(std::int64_t y, std::int64_t x) const { return cells[static_cast<std::size_t>(y * w + x)]; }
    friend bool operator==(const Plane&, const Plane&) = default;
};

// Zeros around a plane, or cells cut away where a number is negative.
Plane bordered(const Plane& plane, const Pads& pads) {
    Plane out{plane.h + pads.top + pads.bottom, plane.w + pads.left + pads.right, {}};
    for (std::int64_t y = 0; y < out.h; ++y)
        for (std::int64_t x = 0; x < out.w; ++x) {
            const std::int64_t from_y = y - pads.top;
            const std::int64_t from_x = x - pads.left;
            const bool inside = from_y >= 0 && from_y < plane.h && from_x >= 0 && from_x < plane.w;
            out.cells.push_back(inside ? plane.at(from_y, from_x) : 0);
        }
    return out;
}

// One of the eight ways to lay a plane: rows and columns may change places, and then be reversed.
struct Laid {
    bool transposed;
    bool rows;
    bool columns;
};

Plane laid(const Plane& plane, const Laid& how) {
    Plane out{how.transposed ? plane.w : plane.h, how.transposed ? plane.h : plane.w, {}};
    for (std::int64_t i = 0; i < out.h; ++i)
        for (std::int64_t j = 0; j < out.w; ++j) {
            const std::int64_t y = how.rows ? out.h - 1 - i : i;
            const std::int64_t x = how.columns ? out.w - 1 - j : j;
            out.cells.push_back(how.transposed ? plane.at(x, y) : plane.at(y, x));
        }
    return out;
}

// What a layer with a kernel of one weight reads.
Plane read_by(const ImportedLayer& layer) {
    if (!layer.input) return {};
    const Shape4 shape = layer.input->shape();
    const Plane input{shape.h, shape.w, numbers(layer.input)};
    return bordered(input, layer.layer.spec.pad_rule == PadRule::explicit_ ? layer.layer.spec.pads : Pads{});
}

struct Library {
    std::string name;
    std::string input;  // statements that set x, {0} rows and {1} columns that count from 1
    std::string pad;    // of x, sides {0} top, {1} bottom, {2} left, {3} right; "" for none
    std::string crop;   // of x, from row {0} up to {1}, from column {2} up to {3}; {4} and {5} count from 1
    std::string layer;  // of {0}
    std::vector<std::pair<std::string, Laid>> ways;  // of {0}
};

constexpr Laid kAsIs{false, false, false};
constexpr Laid kUpsideDown{false, true, false};
constexpr Laid kMirrored{false, false, true};
constexpr Laid kHalfTurn{false, true, true};
constexpr Laid kTransposed{true, false, false};
constexpr Laid kQuarterLeft{true, true, false};  // against the clock
constexpr Laid kQuarterRight{true, false, true};
constexpr Laid kOtherDiagonal{true, true, true};

std::vector<Library> libraries() {
    return {
        {"PyTorch",
         "x = torch.arange(1., {0} * {1} + 1).reshape(1, 1, {0}, {1})\n",
         "F.pad(x, ({2}, {3}, {0}, {1}))",
         "x[..., {0}:{1}, {2}:{3}]",
         "y = F.conv2d({0}, torch.ones(1, 1, 1, 1))",
         {{"{0}", kAsIs},
          {"{0}.flip(2)", kUpsideDown},
          {"torch.flip({0}, dims=(-1,))", kMirrored},
          {"{0}.flip(2, 3)", kHalfTurn},
          {"torch.flip({0}, (-1, -2))", kHalfTurn},
          {"{0}.flip(dims=(2, 3))", kHalfTurn},
          {"torch.rot90({0}, 2, (2, 3))", kHalfTurn},
          {"{0}.transpose(2, 3)", kTransposed},
          {"{0}.permute(0, 1, 3, 2)", kTransposed},
          {"{0}.mT", kTransposed},
          {"torch.rot90({0}, 1, [2, 3])", kQuarterLeft},
          {"{0}.transpose(-1, -2).flip(2)", kQuarterLeft},
          {"{0}.flip(2).transpose(2, 3)", kQuarterRight},
          {"{0}.rot90(3, (2, 3))", kQuarterRight},
          {"{0}.flip(2, 3).transpose(2, 3)", kOtherDiagonal},
          {"{0}.transpose(2, 3).flip(2, 3)", kOtherDiagonal}}},
        {"NumPy and SciPy",
         "x = np.arange(1., {0} * {1} + 1).reshape({0}, {1})\n",
         "np.pad(x, (({0}, {1}), ({2}, {3})))",
         "x[{0}:{1}, {2}:{3}]",
         "y = signal.correlate2d({0}, np.ones((1, 1)), mode='valid')",
         {{"{0}", kAsIs},
          {"np.flipud({0})", kUpsideDown},
          {"np.flip({0}, 0)", kUpsideDown},
          {"np.fliplr({0})", kMirrored},
          {"np.flip({0}, axis=(0, 1))", kHalfTurn},
          {"np.flip({0})", kHalfTurn},
          {"np.rot90({0}, 2)", kHalfTurn},
          {"np.rot90({0}, k=-2)", kHalfTurn},
          {"np.fliplr(np.flipud({0}))", kHalfTurn},
          {"np.transpose({0})", kTransposed},
          {"np.rot90({0})", kQuarterLeft},
          {"np.rot90({0}, -1)", kQuarterRight},
          {"np.rot90(np.flipud({0}), 3)", kTransposed},
          {"np.transpose(np.rot90({0}, 2))", kOtherDiagonal}}},
        {"JAX",
         "x = jnp.arange(1., {0} * {1} + 1).reshape(1, 1, {0}, {1})\n",
         "jnp.pad(x, ((0, 0), (0, 0), ({0}, {1}), ({2}, {3})))",
         "x[:, :, {0}:{1}, {2}:{3}]",
         "y = lax.conv({0}, jnp.ones((1, 1, 1, 1)), (1, 1), 'VALID')",
         {{"jnp.flip({0}, (2, 3))", kHalfTurn},
          {"jnp.flip({0}, axis=3)", kMirrored},
          {"jnp.rot90({0}, 1, (2, 3))", kQuarterLeft},
          {"jnp.transpose({0}, (0, 1, 3, 2))", kTransposed}}},
        {"TensorFlow",
         "x = tf.reshape(tf.range(1., {0} * {1} + 1), (1, {0}, {1}, 1))\n",
         "tf.pad(x, [[0, 0], [{0}, {1}], [{2}, {3}], [0, 0]])",
         "x[:, {0}:{1}, {2}:{3}, :]",
         "y = tf.nn.conv2d({0}, tf.ones((1, 1, 1, 1)), 1, 'VALID')",
         {{"tf.reverse({0}, [1, 2])", kHalfTurn},
          {"tf.reverse({0}, axis=[1])", kUpsideDown},
          {"tf.image.flip_left_right({0})", kMirrored},
          {"tf.image.rot90({0})", kQuarterLeft},
          {"tf.transpose(tf.image.flip_left_right({0}), (0, 2, 1, 3))", kQuarterLeft},
          {"tf.transpose(tf.image.rot90({0}), (0, 2, 1, 3))", kMirrored},
          {"tf.transpose({0}, (0, 2, 1, 3))", kTransposed}}},
        {"MATLAB",
         "x = [1 2 3 4; 5 6 7 8; 9 10 11 12];\n",
         "",
         "x({4}:{1}, {5}:{3})",
         "y = conv2({0}, 1, 'valid');",
         {{"rot90({0}, 2)", kHalfTurn},
          {"flipud(fliplr({0}))", kHalfTurn},
          {"fliplr({0})", kMirrored},
          {"flipud({0})", kUpsideDown},
          {"{0}.'", kTransposed},
          {"transpose({0})", kTransposed},
          {"permute({0}, [2 1])", kTransposed},
          {"rot90({0})", kQuarterLeft},
          {"rot90({0}, 3)", kQuarterRight},
          {"rot90({0}.', 2)", kOtherDiagonal}}},
        {"OpenCV",
         "x = np.arange(1., {0} * {1} + 1).reshape({0}, {1})\n",
         "cv2.copyMakeBorder(x, {0}, {1}, {2}, {3}, cv2.BORDER_CONSTANT)",
         "x[{0}:{1}, {2}:{3}]",
         "y = cv2.filter2D({0}, -1, np.ones((1, 1)), borderType=cv2.BORDER_CONSTANT)",
         {{"cv2.flip({0}, -1)", kHalfTurn},
          {"cv2.flip({0}, 0)", kUpsideDown},
          {"cv2.flip({0}, 1)", kMirrored},
          {"cv2.transpose({0})", kTransposed},
          {"cv2.rotate({0}, cv2.ROTATE_180)", kHalfTurn},
          {"cv2.rotate({0}, cv2.ROTATE_90_CLOCKWISE)", kQuarterRight},
          {"cv2.rotate({0}, cv2.ROTATE_90_COUNTERCLOCKWISE)", kQuarterLeft},
          {"cv2.flip(cv2.transpose({0}), 1)", kQuarterRight}}},
    };
}

std::string filled(const std::string& pattern, const std::vector<std::string>& parts) {
    std::string text = pattern;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string place = fmt::format("{{{}}}", i);
        for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at + parts[i].size()))
            text.replace(at, place.size(), parts[i]);
    }
    return text;
}

std::vector<std::string> written(const std::vector<std::int64_t>& sides) {
    std::vector<std::string> parts;
    for (const std::int64_t n : sides) parts.push_back(fmt::format("{}", n));
    return parts;
}

void expect_read(const Library& library, const std::string& changed, const Plane& changed_plane, const Plane& plane) {
    for (const auto& [way, how] : library.ways) {
        const std::string text = filled(library.input, written({plane.h, plane.w})) + "p = " + changed + ";\n" +
                                 filled(library.layer, {filled(way, {"p"})});
        const std::string at_once =
            filled(library.input, written({plane.h, plane.w})) + filled(library.layer, {filled(way, {changed})});
        for (const std::string& program : {text, at_once}) {
            SCOPED_TRACE(library.name + ":\n" + program);
            const ImportedLayer layer = import_layer(program);
            const Plane read = read_by(layer);
            const Plane wanted = laid(changed_plane, how);
            EXPECT_EQ(read, wanted) << testing::PrintToString(layer.notes) << "\nread " << read.h << "×" << read.w
                                    << ": " << testing::PrintToString(read.cells) << "\nfor "
                                    << testing::PrintToString(wanted.cells);
        }
    }
}

TEST(ImportOrientation, PadsAndCropsTurnWithTheInput) {
    std::mt19937 random(7);
    const auto below = [&](std::int64_t end) { return static_cast<std::int64_t>(random() % end); };
    Plane plane{3, 4, {}};
    for (int i = 1; i <= 12; ++i) plane.cells.push_back(i);
    for (const Library& library : libraries()) {
        for (int turn = 0; turn < 3; ++turn) {
            const Pads pads{below(3), 1 + below(3), below(4), below(2)};
            if (!library.pad.empty())
                expect_read(library, filled(library.pad, written({pads.top, pads.bottom, pads.left, pads.right})),
                            bordered(plane, pads), plane);
            const Pads cut{-below(2), -below(2), -1, -below(3)};
            const std::vector<std::int64_t> part{-cut.top,    plane.h + cut.bottom, -cut.left, plane.w + cut.right,
                                                 1 - cut.top, 1 - cut.left};
            expect_read(library, filled(library.crop, written(part)), bordered(plane, cut), plane);
        }
    }
}

TEST(ImportOrientation, OfMatlabsPadarray) {
    const Plane plane{2, 3, {1, 2, 3, 4, 5, 6}};
    const Library library = libraries()[4];
    for (const auto& [way, how] : library.ways) {
        for (const auto& [pad, pads] : std::vector<std::pair<std::string, Pads>>{
                 {"padarray(x, [1 2], 0, 'pre')", {1, 0, 2, 0}},
                 {"padarray(x, [2 0], 'post')", {0, 2, 0, 0}},
                 {"padarray(x, [1 0])", {1, 1, 0, 0}},
             }) {
            const std::string text = "x = [1 2 3; 4 5 6];\n" + filled(library.layer, {filled(way, {pad})});
            SCOPED_TRACE(text);
            const ImportedLayer layer = import_layer(text);
            EXPECT_EQ(read_by(layer), laid(bordered(plane, pads), how)) << testing::PrintToString(layer.notes);
        }
    }
}

TEST(ImportOrientation, ABorderThatIsMadeInTheInputTurnsToo) {
    const ImportedLayer layer = import_layer(
        "x = torch.tensor([[[[1., 2, 3], [4, 5, 6]]]])\nx = F.pad(x, (1, 0, 0, 1), mode='reflect').flip(2, 3)\n"
        "y = F.conv2d(x, torch.ones(1, 1, 2, 2), padding=(0, 1))");
    EXPECT_EQ(numbers(layer.input), (std::vector<double>{3, 2, 1, 2, 6, 5, 4, 5, 3, 2, 1, 2}));
    EXPECT_TRUE(has_note(layer, "was made in the input, which is now 3×4"));
}

TEST(ImportOrientation, WhatIsNotToldIsNamed) {
    const ImportedLayer turned =
        import_layer("y = F.conv2d(F.pad(x, (1, 0, 0, 0)).flip(2, 3), torch.ones(1, 1, 2, 2))");
    EXPECT_EQ(turned.layer.spec.pads, (Pads{0, 0, 0, 1}));
    EXPECT_TRUE(has_note(turned, "is changed by a half turn before"));
    const ImportedLayer mirrored = import_layer("y = F.conv2d(F.pad(x, (1, 0, 0, 0)).flip(3), torch.ones(1, 1, 2, 2))");
    EXPECT_EQ(mirrored.layer.spec.pads, (Pads{0, 0, 0, 1}));
    EXPECT_TRUE(has_note(mirrored, "is changed by .flip before")) << testing::PrintToString(mirrored.notes);
    // Without a batch, axis 2 is that of the columns.
    const ImportedLayer open = import_layer(
        "x = torch.arange(12.).reshape(1, 3, 4)\ny = F.conv2d(F.pad(x, (1, 0)).flip(2), torch.ones(1, 1, 2, 2))");
    EXPECT_FALSE(open.input);
    EXPECT_TRUE(has_note(open, "before, which was not followed"));
}

TEST(ImportOrientation, WindowsOfCeilModeCountTheInputsOwnCells) {
    const auto told = [](std::string_view layer) {
        return import_layer("x = torch.arange(25.).view(1, 1, 5, 5)\ny = " + std::string(layer));
    };
    struct Row {
        const char* layer;
        std::int64_t length;
    };
    for (const Row& row : {
             Row{"F.avg_pool2d(F.pad(x, (1, 1, 1, 1)), 3, 3, ceil_mode=True)", 7},
             Row{"F.avg_pool2d(F.pad(x, (0, 2, 0, 2)), 2, 2, ceil_mode=True)", 7},
             Row{"F.max_pool2d(x[..., :-2, :-2], 2, 3, ceil_mode=True)", 3},
             Row{"F.avg_pool2d(x[..., :-2, :-2], 2, 3, ceil_mode=True)", 3},
             Row{"F.max_pool2d(F.pad(x, (0, 2, 0, 2), value=float('-inf')), 2, 2, ceil_mode=True)", 7},
         }) {
        SCOPED_TRACE(row.layer);
        const ImportedLayer layer = told(row.layer);
        EXPECT_EQ(layer.layer.spec.pads, Pads{});
        EXPECT_EQ(layer.layer.spec.dialect, Dialect::torch);
        EXPECT_EQ(layer.layer.input, (Shape4{1, 1, row.length, row.length}));
        EXPECT_TRUE(layer.input);
    }
    // In front of the input the count is the same.
    EXPECT_EQ(told("F.avg_pool2d(F.pad(x, (1, 0, 1, 0)), 3, 3, ceil_mode=True)").layer.spec.pads, (Pads{1, 0, 1, 0}));
    const ImportedLayer untold = import_layer("nn.Sequential(nn.ZeroPad2d(1), nn.AvgPool2d(3, 3, ceil_mode=True))");
    EXPECT_EQ(untold.layer.spec.pads, Pads{});
    EXPECT_TRUE(has_note(untold, "the input here is what nn.ZeroPad2d makes"));
}

}  // namespace
}  // namespace convlens
