// Document: every choice the user made, as a plain value. Comparable, copyable, and always computable: a draft that is
// not possible never enters it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/document/blob.h"
#include "core/conv/names.h"
#include "core/conv/problem.h"
#include "core/image/filter_step.h"
#include "core/trace/timeline.h"

namespace convlens {

// The output of an earlier layer, read as input.
struct LayerOutput {
    int layer = 0;  // index into Document::layers, less than that of the layer that reads it
    Shape4 shape;   // of that output, [N, C, H, W]; it follows from the earlier layers, and settle() keeps it true
    friend bool operator==(const LayerOutput&, const LayerOutput&) = default;
};

struct Layer {
    std::string name;
    ConvSpec spec;
    std::variant<TensorRef, LayerOutput> input;  // [N, C, H, W]
    TensorRef weight;  // weight_shape(spec, input.c); pooling keeps the kernel that it had as a conv, of any shape
    TensorRef bias;    // [1, C_out, 1, 1], or nothing; pooling has none
    friend bool operator==(const Layer&, const Layer&) = default;
};

// How a pane reads its layer. conv: slide. conv_transpose: stamp (each input cell stamps the kernel), gather (an output
// shows the stamps beneath it), zero_inserted (the turned kernel slides by one over the spread-out input).
enum class Reading { slide, stamp, gather, zero_inserted };

// What of a 4-D layer is looked at.
struct Slice {
    std::int64_t n = 0;
    std::int64_t c_out = 0;
    std::int64_t c_in = 0;  // relative to the group of c_out
    friend bool operator==(const Slice&, const Slice&) = default;
};

// The view that every pane has at first; see app/views/views.h for the others.
inline constexpr std::string_view kPlanesView = "planes";

struct Pane {
    int layer = 0;
    // How the layer is shown: a word of the table of views. One that no view has, as of a later version, stays as it is.
    std::string view{kPlanesView};
    Reading reading = Reading::slide;
    Slice slice;
    std::string title;
    friend bool operator==(const Pane&, const Pane&) = default;
};

enum class Backend { automatic, cpu, gpu };

struct Photo {
    std::string path;               // UTF-8; empty: the built-in sample picture
    std::string content;            // content_hash() of the file as it was read last; empty before
    std::vector<FilterStep> chain;  // applied in order; empty: the picture as it is
    Backend backend = Backend::automatic;
    friend bool operator==(const Photo&, const Photo&) = default;
};

enum class Workspace { grid, photo };

// Panes that are shown side by side, at most.
inline constexpr std::size_t kMostPanes = 3;

// What a document holds at most, numbers of all its tensors together: half of what undo may hold.
inline constexpr std::int64_t kMaxDocumentCells = std::int64_t{1} << 25;

struct Document {
    std::string title;
    Workspace workspace = Workspace::grid;
    std::vector<Layer> layers;  // at least one
    std::vector<Pane> panes;    // at least one; of more than kMostPanes the first are shown
    StepBy step_by = StepBy::output;
    // Numbers that are edited go to every layer that holds the same input (or weight), not to one alone.
    bool edit_together = true;
    Photo photo;
    friend bool operator==(const Document&, const Document&) = default;
};

// The spelling of the enums above in files and on the command line, as core/conv/names.h has it for core's.
// Backend::automatic is "auto".
std::string_view name(Reading value);
std::string_view name(Backend value);
std::string_view name(Workspace value);
std::string_view name(StepBy value);
template <>
std::optional<Reading> from_name<Reading>(std::string_view text);
template <>
std::optional<Backend> from_name<Backend>(std::string_view text);
template <>
std::optional<Workspace> from_name<Workspace>(std::string_view text);
template <>
std::optional<StepBy> from_name<StepBy>(std::string_view text);
template <>
std::span<const std::string_view> names<Reading>();
template <>
std::span<const std::string_view> names<Backend>();
template <>
std::span<const std::string_view> names<Workspace>();
template <>
std::span<const std::string_view> names<StepBy>();

// The shape of what the layer reads, whether its input is a tensor of its own or another layer's output.
Shape4 input_shape(const Layer& layer);
// The tensor that a layer has as input; null where it reads another layer's output.
const TensorRef& own_input(const Layer& layer);
// The index of the layer whose output this one reads; nothing where it has a tensor of its own.
std::optional<int> source_of(const Layer& layer);
// Numbers that a document keeps for a layer: input, weight and bias. An input that is computed is not kept.
std::int64_t kept_cells(const Layer& layer);

// The spec and the input's shape: what a draft changes. Weight and bias follow the spec (reshaped), so their present
// lengths are not in it.
LayerShape layer_shape(const Layer& layer);
// Whether both have as many layers, of the same shapes.
bool same_shapes(const Document& a, const Document& b);

// The layer made to fit `shape`. An input of its own keeps its overlap; its new cells come from its own generator where that
// goes on beyond its edges (random, ones, zeros), else they are seeded integers 0 to 9 (seed 1). The kernel keeps its
// top-left block, new cells 0; new channels get seeded weights -2 to 2. What a shape cuts off comes back with a later shape
// that has its place, as long as nobody changes a number in between. Between conv and conv_transpose each pair of
// channels keeps its kernel. Pooling leaves the weight alone and drops the bias; else a bias stays if there was one.
// Where the layer reads another one's output, shape.input is that output's new shape.
// shape.weight and shape.bias_length are not looked at. Precondition: validate(shape) is empty.
Layer reshaped(const Layer& layer, const LayerShape& shape);

// Makes every layer that reads another one's output fit what that layer now puts out, brings every slice and reading back
// into what the layers have, and gives a pane without a view the first one. Called after each edit. Throws ChainError
// (chain.h) where a layer cannot read what it would get; the document is then to be thrown away.
void settle(Document& document);

// The weight that a new layer gets: what its spec wants, or for pooling, which has none, a kernel of 3×3 for later.
Shape4 new_weight_shape(const LayerShape& shape);

// The seeded numbers of a new layer. Precondition: as reshaped.
TensorRef new_input(const LayerShape& shape);
TensorRef new_weight(const LayerShape& shape);

// A new layer with seeded numbers: input 0 to 9, weight -2 to 2, bias -3 to 3 (pooling has none). Precondition: as
// reshaped.
Layer new_layer(const LayerShape& shape, bool bias);

}  // namespace convlens
