// What the two kinds of pane (a sliding window, stamps) share. Internal to app/views.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/moment/products.h"
#include "app/moment/related.h"
#include "app/views/build.h"
#include "app/views/layout.h"
#include "app/views/plane.h"
#include "app/views/sum_text.h"
#include "app/words/words.h"
#include "core/conv/anchor.h"

namespace convlens {

// One pane being drawn. `area` is what it may use, without titles and the sum line.
struct PaneScene {
    const Moment& moment;
    const Pane& pane;  // the moment's, like its index and its layer
    int index = 0;
    const DerivedLayer& layer;
    Scatters& scatters;
    const Theme& theme;
    const FontMetrics& fonts;
    const Page& page;
    const Camera& camera;
    const ShownParts& shown;
    Rect area;
    Rect sum_area;
    int label_lines = 1;  // see LayoutRoom
    SumPlan sum{};        // how the sum in its area is written

    const ConvSpec& spec() const { return moment.spec(); }
    Shape4 input_shape() const { return moment.input_shape(); }
    bool one_row() const { return input_shape().h == 1 && spec().kernel.h == 1; }
    std::int64_t group_channels() const { return moment.group_channels(); }
    bool pooling() const { return moment.pooling(); }
    std::int64_t first_channel() const { return moment.first_channel(); }
    MarkId id(Part part, std::int64_t c, std::int64_t y = 0, std::int64_t x = 0) const {
        return {part, index, pane.slice.n, c, y, x};
    }
    std::string words(const Message& message) const { return in(page.lang, message); }
    LayoutRoom room() const { return {area, page, camera, label_lines}; }
    // 0..1 on the way to the next step, eased; 0 without motion or while the pointer borrows the highlight.
    float glide() const;
};

// "5×5", "input [n 0, c 1]" where there is more than one to choose from.
std::string size_text(std::int64_t rows, std::int64_t cols);
Message slice_name(Key tensor, std::int64_t n, std::int64_t n_count, std::int64_t c, std::int64_t c_count);
// "padding 1"; before and behind "padding 1|2"; rows and columns where they differ "padding 1, 0" and
// "padding 1|2, 0|0"; of a layer of height 1 the sides have names.
Message padding_text(const Pads& pads, bool one_row = false);
// "output padding 1", "output padding 1, 2" where rows and columns differ; in a layer of height 1 that of the columns.
// Empty without any.
Message output_padding_text(const ConvSpec& spec, bool one_row);
// The same of another word: "border 2|3".
Message sides_text(Key word, const Pads& pads, bool one_row);
// "kernel", or where there are several "kernel [1, 0]": the weight's first two indices as the layer stores them.
Message kernel_name(const PaneScene& scene, std::int64_t c_in);
// "9 weights, reach 5" for a dilated kernel, "6 weights, reach 3×5", else ""; in a layer of height 1 "3 weights, reach 5".
Message reach_note(const ConvSpec& spec, bool one_row);

// The anchor that is drawn: where it is asked for (ShownParts::anchor), and where the layer's padding is about it. Of a
// kernel of one cell there is nothing to tell.
std::optional<Anchor> shown_anchor(const PaneScene& scene);
// "anchor (1, 1)", of a turned kernel with the weight that lies there: "anchor (0, 0) = weight [1, 1]".
Message anchor_note(const Anchor& anchor);
// `ring`: false where the cell has no room for one, so that only the ticks around it are drawn.
void add_anchor_mark(Scene& out, const MarkId& id, const Rect& cell, const Theme& theme, bool ring = true);

// A weight of the pane's slice for input channel `c_in` of the group, in stored coordinates.
double weight_of(const PaneScene& scene, std::int64_t c_in, const Size2& stored);

// What a step or the pointer does with the weights of the kernel that is shown.
class WeightMarks {
public:
    // `lit`: as stored. `current`: the weight of the product that the step or the pointer is at. `by_pointer`: they are lit
    // because the pointer is on an input cell or a weight.
    WeightMarks(const PaneScene& scene, const LitPlane& lit, const std::optional<Size2>& current, bool by_pointer);
    CellLook marked(CellLook look, const Size2& stored) const;
    Colour outline() const { return outline_; }

private:
    const LitPlane& lit_;
    std::optional<Size2> current_;
    bool some_ = false;  // are lit, others are not
    Colour outline_;
};

// The kernel plane: weights of (c_out, c_in) of the slice, pulled apart by the dilation. `upside_down`: shown turned by
// 180 degrees; `turn`: degrees on the way there.
void add_kernel(Scene& out, const PaneScene& scene, const PlacedPlane& placed, std::int64_t c_in, bool upside_down,
                float turn, const WeightMarks& marks);

// Below the planes a line says what cells too small for numbers show, and which planes are not to scale. The room that is
// left above it, or all of it where there is nothing to say.
struct NotedRoom {
    LayoutRoom planes;
    Rect note;
    std::size_t lines = 0;
};
NotedRoom room_above_note(const PaneScene& scene, const std::vector<PlaneRequest>& planes, LayoutRoom room);
void add_scale_note(Scene& out, const PaneScene& scene, const std::vector<PlaneRequest>& planes, const Layout& layout,
                    const NotedRoom& room);
// Both, and between them place_planes() in the pane's room.
Layout place_with_note(Scene& out, const PaneScene& scene, const std::vector<PlaneRequest>& planes);

// What is never read of the input, on the plane whose first cell is (y0, x0). Of rows or columns that stand too close to
// be told apart some are marked.
void add_unread(Scene& out, const PaneScene& scene, const PlacedPlane& placed, std::int64_t y0, std::int64_t x0);

// Between two steps, while the window moves: the products, the sum, the frame of the output that it leaves and the lines to it, among the
// marks from `begin` on, grow faint until they are gone. They come with the next step.
void fade_what_goes(Scene& out, std::size_t begin, const PaneScene& scene);

// Draws the first of `forms` that fits below the planes, in as many lines as the plan has, centred, in smaller text where it
// must be; the last one is drawn in any case, cut to what fits.
void add_sum_line(Scene& out, const PaneScene& scene, const std::vector<std::vector<SumPart>>& forms);

// The sum of the output that is looked at as the picture's plan has it, and as coarse as can be. What it shows adds up.
// What is not complete ends in what it comes to so far. `products`: listed_products() of the moment.
// Precondition: Moment::out.
std::vector<std::vector<SumPart>> sum_forms(const PaneScene& scene, const Products& products);

// "7×7, cropped to 5×5"; "7×7, output 5×9: rows cropped, columns extended" where the axes differ in that; one size where
// nothing is cropped or added.
Message uncropped_size(const DerivedLayer& layer);

// The kinds of pane. They return Layout::rows.
int add_sliding_pane(Scene& out, const PaneScene& scene);
int add_stamp_pane(Scene& out, const PaneScene& scene);

}  // namespace convlens
