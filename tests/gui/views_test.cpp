// The View menu and the table of views.
#include <string>

#include "app/session/session.h"
#include "app/views/views.h"
#include "tests/gui/panels_driver.h"
#include "tests/gui/window_driver.h"

namespace convlens {
namespace {

std::string item_of(const ViewInfo& view) { return "View/###view." + std::string(view.name); }

TEST(ViewMenu, ListsTheViewsWhereThereIsAChoice) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("##MainMenuBar");
        ctx->MenuAction(ImGuiTestAction_Hover, "View/###workspace.grid");
        for (const ViewInfo& view : views()) {
            const std::string item = "//$FOCUSED/###view." + std::string(view.name);
            EXPECT_EQ(ctx->ItemExists(item.c_str()), views().size() > 1) << view.name;
        }
        driven.screenshot("view_menu");
        if (views().size() < 2) return;
        for (const ViewInfo& view : {views().back(), views().front()}) {
            choose(ctx, item_of(view));
            EXPECT_EQ(driven.session().document().panes[0].view, view.name);
            driven.screenshot(("view_" + std::string(view.name)).c_str());
        }
        undo(driven.session());
        ctx->Yield(2);
        EXPECT_EQ(driven.session().document().panes[0].view, views().back().name);
    });
}

// What stands in a cell of another view is not the tensor's number: nothing that is typed or painted there may change it.
TEST(ViewMenu, OnlyAViewThatShowsValuesTakesNewOnes) {
    for (const ViewInfo& view : views()) {
        DrivenApp driven;
        driven.drive([&](ImGuiTestContext* ctx) {
            set_view(driven.session(), 0, view.name);
            ctx->Yield(2);
            const TensorRef before = own_input(layer(driven));
            point_at(ctx, driven, Part::input, 1, 1);
            EXPECT_EQ(driven.ui().panels.diagram.takes_digits, view.shows_values) << view.name;
            ctx->MouseWheelY(1);
            ctx->Yield(2);
            EXPECT_EQ(own_input(layer(driven)) != before, view.shows_values) << view.name;
        });
    }
}

}  // namespace
}  // namespace convlens
