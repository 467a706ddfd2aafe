// What follows from a Document, computed once per change and never edited.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "app/document/document.h"
#include "core/conv/framework_support.h"
#include "core/conv/shape.h"
#include "core/trace/timeline.h"
#include "core/trace/trace.h"
#include "core/trace/unread.h"

namespace convlens {

struct DerivedLayer {
    Layer layer;                                  // the layer that this was computed from (blobs are shared)
    std::shared_ptr<const Tensor<double>> input;  // [N, C, H, W], what the layer reads; never null
    Pads pads;                                    // with the rule resolved
    AxisShape h, w;
    Derivation size_h, size_w;
    Cost cost;
    Unread unread_h, unread_w;
    LengthSpan alike_h, alike_w;  // inputs_alike or, for conv_transpose, outputs_alike
    std::vector<RefusedBy> elsewhere;
    std::vector<DiffersIn> different;
    Tensor<double> output;
    Tensor<double> padded;         // conv: the input with its pads filled
    Tensor<double> canvas;         // conv_transpose: stamped, before the crop
    Tensor<double> zero_inserted;  // conv_transpose: spread out, with its border
    double input_peak = 0;         // largest finite |value|, for the colour scales
    double weight_peak = 0;
    double output_peak = 0;

    LayerData data() const;
};

struct Derived {
    Document document;  // the one it came from
    std::vector<std::shared_ptr<const DerivedLayer>> layers;
};

// What a pane shows. Precondition: the document of `derived` has the pane's layer.
const std::shared_ptr<const DerivedLayer>& shown_layer(const Derived& derived, const Pane& pane);

// In the order of the layers, so that each finds what it reads. Taken over from `before` are the layers that are the same
// and read the same: nothing that feeds them, near or far, has changed. Throws a MemoryError (memory.h) where they would not
// fit into the memory that is free, before anything is computed.
Derived derive_all(const Document& document, const Derived* before = nullptr);
// The same beside the window; nothing where it was stopped, which it looks for between the parts of a layer.
std::optional<Derived> derive_all(const Document& document, const Derived* before, const std::stop_token& stopped);

// Which of the document's layers derive_all() would take over from `before`: what it holds of them is up to date.
std::vector<bool> up_to_date(const Document& document, const Derived& before);

// Milliseconds that deriving the other layers takes at most, or hardly more, on one core of usual speed: a quarter of a
// nanosecond for each multiply-add, 6 for each cell of a pooling window, 8 for each cell that is filled, copied or looked
// at. On Zen 4 it takes 0.3 to 0.9 times as long.
double milliseconds_to_derive(const Document& document, const Derived& before);

// A layer with what it reads, for the engine.
LayerData data_of(const Layer& layer, const Tensor<double>& input);
// What a layer of a document reads: its own input, or an output for which only the layers that feed it are computed.
std::shared_ptr<const Tensor<double>> input_values(const Document& document, int layer);

// The bias of an output channel; 0 where the layer has none.
double bias_of(const Layer& layer, std::int64_t c_out);

}  // namespace convlens
