// What a proposed setting does: to the draft, and to the layers that it is compared with.
#include <gtest/gtest.h>

#include "app/document/compare.h"
#include "app/document/presets.h"
#include "app/session/files.h"
#include "app/session/session.h"
#include "app/session/ui_state.h"

namespace convlens {
namespace {

// The first document beside itself, with kernel flipped or as it is.
Document compared(bool turned) {
    Document document = first_document();
    ConvSpec spec = document.layers[0].spec;
    spec.flip_kernel = turned;
    add_comparison(document, 0, spec);
    return document;
}

void set_cell(Document& document, double value) {
    auto changed = *own_input(document.layers[0]);
    changed.at(0, 0, 0, 0) = value;
    document.layers[0].input = TensorRef(std::move(changed));
}

Document proposed(const Document& document, int layer, const LayerShape& shape) {
    UiState ui;
    propose(ui, document, layer, shape, verbatim("test"), {});
    Document changed = document;
    for (const Edit& edit : ui.edits) edit.apply(changed);
    return changed;
}

TEST(Propose, AnInputOfAnotherSizeGoesToAllThatHadTheSameOne) {
    const Document both = compared(true);
    LayerShape shape = layer_shape(both.layers[0]);
    shape.input = {1, 1, 6, 7};
    const Document larger = proposed(both, 0, shape);
    EXPECT_EQ(input_shape(larger.layers[1]), shape.input);
    EXPECT_EQ(larger.layers[0].input, larger.layers[1].input);
    Document apart = both;
    apart.edit_together = false;
    EXPECT_EQ(input_shape(proposed(apart, 0, shape).layers[1]), (Shape4{1, 1, 3, 3}));
}

TEST(Propose, AnInputThatTheOtherCannotTakeLeavesItAlone) {
    Document both = compared(false);
    both.layers[1].spec.pads = {};
    LayerShape shape = layer_shape(both.layers[0]);
    shape.input = {1, 1, 1, 1};
    const Document smaller = proposed(both, 0, shape);
    EXPECT_EQ(input_shape(smaller.layers[0]), shape.input);
    EXPECT_EQ(input_shape(smaller.layers[1]), (Shape4{1, 1, 3, 3})) << "a kernel of 2 does not fit on 1";
}

TEST(Propose, ADraftKnowsWhoseRulesTakeIt) {
    const Document document = first_document();
    LayerShape shape = layer_shape(document.layers[0]);
    shape.spec.dialect = Dialect::torch;
    shape.spec.pad_mode = PadMode::reflect;
    shape.spec.pads = Pads::all(3);  // as large as the input
    UiState ui;
    propose(ui, document, 0, shape, verbatim("padding"), {});
    ASSERT_TRUE(ui.draft);
    ASSERT_FALSE(ui.draft->accepted.empty());
    EXPECT_EQ(ui.draft->accepted[0], Dialect::convlens);
    shape.spec.kernel = {0, 0};  // nobody's
    propose(ui, document, 0, shape, verbatim("kernel"), {});
    EXPECT_TRUE(ui.draft->accepted.empty());
}

TEST(Propose, ASettingStaysWithItsOwnLayer) {
    const Document both = compared(false);
    LayerShape shape = layer_shape(both.layers[1]);
    shape.spec.kernel = {3, 3};
    const Document changed = proposed(both, 1, shape);
    EXPECT_EQ(changed.layers[0].spec.kernel, (Size2{2, 2}));
    EXPECT_EQ(changed.layers[0].weight->shape(), (Shape4{1, 1, 2, 2}));
    EXPECT_EQ(changed.layers[1].weight->shape(), (Shape4{1, 1, 3, 3}));
}

// A session in which a cell of the input was set to 44, and then a kernel was typed that is too large.
Session refused() {
    Session session(first_document());
    session.ui.edit(msg("cell"), {}, [](Document& document) { set_cell(document, 44); });
    apply_edits(session);
    LayerShape shape = layer_shape(session.document().layers[0]);
    shape.spec.kernel = {9, 9};
    propose(session.ui, session.document(), 0, shape, verbatim("kernel"), {});
    apply_edits(session);
    return session;
}

TEST(Draft, IsWhatUndoTakesBackWhenItWasTypedLast) {
    Session session = refused();
    ASSERT_TRUE(session.ui.draft);
    const Document before = session.document();
    EXPECT_TRUE(can_undo(session));
    undo(session);
    EXPECT_FALSE(session.ui.draft);
    EXPECT_EQ(session.document(), before) << "the cell was an edit of its own";
    undo(session);
    EXPECT_EQ(session.document(), first_document());
    EXPECT_FALSE(can_undo(session));
}

TEST(Draft, LeavesUndoToWhatWasEditedAfterIt) {
    Session session = refused();
    session.ui.edit(msg("cell"), {}, [](Document& document) { set_cell(document, 45); });
    apply_edits(session);
    ASSERT_TRUE(session.ui.draft);
    undo(session);
    EXPECT_EQ(own_input(session.document().layers[0])->at(0, 0, 0, 0), 44);
}

TEST(Draft, IsNamedByWhoeverSavesWithoutIt) {
    Session session = refused();
    save_file(session, "a.convlens");
    ASSERT_EQ(session.saves.size(), 1U);
    session.ui.draft.reset();  // meanwhile
    saved_file(session, session.saves[0], {}, {});
    const std::string said = session.ui.messages.back().text();
    EXPECT_TRUE(
        said.starts_with("Saved a.convlens with the last settings that worked. What is typed is not possible: "))
        << said;
    EXPECT_NE(said.find("9×9"), std::string::npos) << said;
    save_file(session, "a.convlens");
    saved_file(session, session.saves[1], {}, {});
    EXPECT_EQ(session.ui.messages.back().text(), "Saved a.convlens");
}

}  // namespace
}  // namespace convlens
