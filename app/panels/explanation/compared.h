// Two panes compared: what Explain and the line below the picture tell of them. Internal to app/panels.
#pragma once

#include <memory>
#include <string>

#include "app/document/compare.h"
#include "app/panels/widgets/widgets.h"

namespace convlens {

// The two sides in the order of the picture, whichever of them is the current pane: what is said of them stays the same
// while one goes back and forth. Precondition: first < second, and the document has both.
struct ComparedPanes {
    const PanelContext& context;
    int first = 0, second = 1;

    const Document& document() const { return context.derived.document; }
    const Pane& pane(int index) const { return document().panes[static_cast<std::size_t>(index)]; }
    const std::shared_ptr<const DerivedLayer>& layer(int index) const {
        return shown_layer(context.derived, pane(index));
    }
    std::string title(int index) const {
        return context.words(pane_title(document(), static_cast<std::size_t>(index)));
    }
};

// Whether the outputs of two panes are compared: not where one layer reads the other's output, which are two steps of one
// computation.
bool is_compared(const PanelContext& context, int a, int b);

// Compared anew when one of the layers is another.
const ShownComparison& comparison_of(const ComparedPanes& sides);

// The output, or what is stamped on, at y, x of the slice that the pane shows.
MarkId compared_output(const ComparedPanes& sides, int index, std::int64_t y, std::int64_t x);

// Goes to a cell in both panes: the play of the current one, where it counts outputs, and the highlight in any case.
void show_cell(const ComparedPanes& sides, const Cell4& cell);

// Where several panes stand side by side without Explain beside them, what it would say first of each two, on one line.
bool has_compared_line(const PanelContext& context);
float compared_line_height();
void draw_compared_line(const PanelContext& context, float left, float top, float width);  // on the screen

}  // namespace convlens
