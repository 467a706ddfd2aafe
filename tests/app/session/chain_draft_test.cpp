// What is typed for a layer that reads another one, or that another one reads, and cannot be computed yet.
#include <gtest/gtest.h>

#include "app/session/session.h"
#include "core/conv/shape.h"
#include "tests/app/chain_layers.h"

namespace convlens {
namespace {

void set(Session& session, int layer, void (*change)(LayerShape&)) {
    LayerShape wanted = shown_shape(session.ui, session.document(), layer);
    change(wanted);
    propose(session.ui, session.document(), layer, wanted, verbatim("test"), {});
    apply_edits(session);
    apply_edits(session);  // of the next frame: what had waited for this edit enters
}

const ConvSpec& spec(const Session& session, std::size_t layer) { return session.document().layers[layer].spec; }

TEST(ChainDraft, NamesTheLaterLayerAndEntersOnceThatOneFits) {
    Session session(chain_of_three());
    set(session, 0, [](LayerShape& shape) { shape.spec.out_channels = 7; });
    ASSERT_TRUE(session.ui.draft);
    EXPECT_EQ(spec(session, 0).out_channels, 4);
    EXPECT_TRUE(english(session.ui.draft->problems.front().message).starts_with("Layer 2 cannot read"))
        << "2 groups of 7";
    set(session, 1, [](LayerShape& shape) { shape.spec.groups = 1; });
    EXPECT_FALSE(session.ui.draft);
    EXPECT_EQ(spec(session, 0).out_channels, 7);
    EXPECT_EQ(spec(session, 1).groups, 1);
    EXPECT_EQ(session.document().layers[1].weight->shape(), (Shape4{6, 7, 2, 2}));
    undo(session);
    EXPECT_EQ(spec(session, 0).out_channels, 4) << "an edit of its own";
    EXPECT_EQ(spec(session, 1).groups, 1);
}

TEST(ChainDraft, ReadsWhatTheEarlierLayerPutsOutNow) {
    Session session(chain_of_three());
    set(session, 1, [](LayerShape& shape) { shape.spec.kernel = {8, 8}; });  // on 6×7
    ASSERT_TRUE(session.ui.draft);
    set(session, 0, [](LayerShape& shape) { shape.spec.kernel = {2, 2}; });  // 7×8 comes of it
    ASSERT_TRUE(session.ui.draft) << "still larger";
    EXPECT_EQ(session.ui.draft->layer, 1);
    EXPECT_EQ(session.ui.draft->shape.input, (Shape4{1, 4, 7, 8}));
    EXPECT_TRUE(session.ui.draft->edited_since);
    set(session, 1, [](LayerShape& shape) { shape.spec.kernel = {6, 6}; });
    EXPECT_FALSE(session.ui.draft);
    EXPECT_EQ(spec(session, 1).kernel, (Size2{6, 6}));
}

}  // namespace
}  // namespace convlens
