// What the user is in the middle of, inside a panel: text not accepted yet, a stroke over cells, what is unfolded.
// Part of UiState; plain values, so that a test can look at them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "app/moment/scatter.h"
#include "app/scene/scene.h"
#include "app/session/photo_state.h"
#include "core/codegen/emit.h"
#include "core/conv/possible_values.h"
#include "core/conv/shape.h"
#include "core/text/message.h"
#include "core/trace/compare.h"

namespace convlens {

// Text in a number field that is no number the field can hold. It stays until the field gets another value.
struct TypedText {
    std::string field;
    std::string text;
    Message reason;
    std::vector<std::int64_t> near;  // numbers that may have been meant
    double value = 0;                // what the field stood for when this was typed
    bool edited_since = false;       // as Draft::edited_since
};

// A number being typed into a cell.
struct CellEdit {
    MarkId cell;
    std::string text;
    Message reason;        // why the last attempt was refused
    bool replace = false;  // the text was selected when the field opened
    int frames = 0;        // since it opened; the field takes the keyboard in its first
};

// The mouse button is down on a cell: a click until another cell is reached, then a stroke that paints.
struct Stroke {
    MarkId from;
    double value = 0;  // what is painted
    bool painting = false;
    bool right = false;
};

// The anchor's mark is being dragged over the kernel. Where the kernel was drawn then is kept: a move may shift it.
struct AnchorDrag {
    int pane = 0;
    Point centre;  // of the mark, in the picture
    float pitch = 1;
    Size2 place;            // of the mark, see Anchor::place
    bool mirrored = false;  // the kernel is shown before its turn
    bool moved = false;
};

// A wanted output size, and what was found to reach it.
struct SizeQuestion {
    LayerShape shape;
    Size2 wanted;
    std::vector<SizeAnswer> answers;
};

struct DerivedLayer;

// All that the Canvas' picture depends on. It holds on to the layers: an address must not come to mean another one.
struct SceneKey {
    std::vector<std::shared_ptr<const DerivedLayer>> layers;
    std::vector<Pane> panes;
    StepBy step_by{};
    std::int64_t step = 0;
    float phase = 0;
    std::optional<MarkId> hover;
    float zoom = 1;
    Point pan;
    float width = 0, height = 0, text_size = 0, least_text = 0;
    bool dark = false, motion = true, anchor = false;
    Lang lang = Lang::english;
    friend bool operator==(const SceneKey&, const SceneKey&) = default;
};

// The program that Explain shows, and what it was made of. Without text where it would be too long.
struct ShownCode {
    std::shared_ptr<const DerivedLayer> layer;
    Framework framework{};
    CodeText code;
};

// Two outputs side by side in Explain, and what they are of.
struct ShownComparison {
    std::shared_ptr<const DerivedLayer> first, second;
    OutputDifference difference;
    std::optional<CellDifference> cell;  // the first that differs; where none does, the first
};

struct LayerState {
    std::array<bool, kFieldCount> apart{};                 // the chain was opened though both axes are the same
    std::array<PossibleValues, kFieldCount * 2> possible;  // by Field, then axis
    bool advanced_used = false;
    std::uint64_t last_seed = 1;
};

// The scene of the last frame says which cell is under the pointer.
struct DiagramState {
    std::shared_ptr<const Scene> scene;
    SceneKey scene_key;  // what it was made of
    Scatters scatters;   // what its next picture has in common with it
    std::optional<CellEdit> cell_edit;
    std::optional<Stroke> stroke;
    std::optional<AnchorDrag> anchor_drag;
    std::optional<MarkId> wheel_cell;  // turned last; another cell begins another undo step
    bool takes_digits = false;         // a digit typed now goes into the cell under the pointer
    bool takes_minus = false;          // a minus, too
    float covered = 0;                 // height of its lower end that messages stood over in the last frame
    float covered_before = 0;          // and in the one before
    float sums_height = 0;             // of the sums, and what is below them, at its lower end
    std::optional<Axis> ruler_axis;    // as chosen; else rows, of layers of height 1 columns
    bool ruler_tells = false;          // the size ruler has something to say, and shows itself
    bool anchor_looked_at = false;     // the anchor's controls, so that its ring is shown
};

struct OutputState {
    std::string save_path;
    Message save_problem;
};

struct ExplanationState {
    std::optional<Size2> wanted;  // as typed; nothing: the present size
    bool wanted_apart = false;    // rows and columns of it are typed apart
    std::optional<SizeQuestion> asked;
    int compared_with = 1;  // the pane that the current one is compared with; the next one where it is that itself
    std::array<ShownComparison, 3> comparisons;  // of panes 0 and 1, 0 and 2, 1 and 2
    Framework framework = Framework::torch;
    ShownCode code;
};

struct PanelState {
    std::vector<TypedText> typed;  // in the fields of any panel
    LayerState layer;
    DiagramState diagram;
    OutputState output;
    ExplanationState explanation;
    PhotoState photo;
};

}  // namespace convlens
