// Finding one's way on the panels: where a cell of the picture is on screen, and what it shows.
#pragma once

#include <string>

#include <imgui_internal.h>

#include "app/moment/cell.h"
#include "app/scene/query.h"
#include "tests/gui/harness/driven_app.h"

namespace convlens {

// The middle of a cell of the Canvas, on screen. Of the current pane unless another is named.
inline ImVec2 cell_at(ImGuiTestContext* ctx, DrivenApp& driven, Part part, std::int64_t y, std::int64_t x,
                      int pane = 0) {
    const ImRect picture = ctx->ItemInfo("//Diagram/##picture").RectFull;
    for (const Mark& mark : driven.ui().panels.diagram.scene->marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr || grid->id.part != part || grid->id.pane != pane) continue;
        MarkId id = grid->id;
        id.y = y;
        id.x = x;
        const auto rect = cell_rect(*driven.ui().panels.diagram.scene, id);
        if (rect) return {picture.Min.x + rect->x + rect->w / 2, picture.Min.y + rect->y + rect->h / 2};
    }
    ADD_FAILURE() << "no such cell in the picture: " << y << ", " << x;
    return picture.Min;
}

inline void point_at(ImGuiTestContext* ctx, DrivenApp& driven, Part part, std::int64_t y, std::int64_t x) {
    ctx->MouseMoveToPos(cell_at(ctx, driven, part, y, x));
    ctx->Yield(2);
}

// Opens a panel, and puts it in front where it shares its place with others.
inline void bring_forward(ImGuiTestContext* ctx, DrivenApp& driven, const char* panel) {
    driven.ui().attention.emplace_back(panel);
    ctx->Yield(4);
}

// Picks from a combo box.
inline void choose(ImGuiTestContext* ctx, const char* combo, const std::string& item) {
    ctx->ItemClick(combo);
    const ImGuiWindow* list = ctx->GetWindowByRef("//$FOCUSED");
    ASSERT_NE(list, nullptr);
    ctx->ItemClick(("//" + std::string(list->Name) + "/" + item).c_str());
}

inline const Layer& layer(DrivenApp& driven, std::size_t index = 0) {
    return driven.session().document().layers[index];
}
inline const Tensor<double>& input(DrivenApp& driven) { return *own_input(layer(driven)); }
inline const Scene& picture(DrivenApp& driven) { return *driven.ui().panels.diagram.scene; }

}  // namespace convlens
