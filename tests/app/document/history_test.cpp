#include "app/document/history.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "app/document/presets.h"

namespace convlens {
namespace {

Document titled(std::string title) {
    Document document;
    document.title = std::move(title);
    settle(document);
    return document;
}

Edit title_edit(std::string title, std::string merge = {}) {
    return {verbatim("title " + title), std::move(merge), [title](Document& document) { document.title = title; }};
}

TEST(History, WhatWasFoundOutIsNoStep) {
    History history(titled("a"));
    history.apply(title_edit("b"));
    history.apply(title_edit("c"));
    history.undo();
    history.amend([](Document& document) { document.photo.content = "0a"; });
    EXPECT_EQ(history.document().photo.content, "0a");
    EXPECT_EQ(history.document().title, "b");
    EXPECT_EQ(english(history.undo_label()), "title b");
    history.redo();
    EXPECT_EQ(history.document().title, "c");
    history.undo();
    EXPECT_EQ(history.document().photo.content, "0a");
    history.undo();
    EXPECT_EQ(history.document().photo.content, "");
}

TEST(History, UndoAndRedoWalkThroughTheDocuments) {
    History history(titled("a"));
    EXPECT_FALSE(history.can_undo());
    EXPECT_TRUE(history.apply(title_edit("b")));
    EXPECT_TRUE(history.apply(title_edit("c")));
    EXPECT_EQ(english(history.undo_label()), "title c");
    history.undo();
    EXPECT_EQ(history.document().title, "b");
    EXPECT_EQ(english(history.redo_label()), "title c");
    history.undo();
    EXPECT_EQ(history.document().title, "a");
    EXPECT_FALSE(history.can_undo());
    EXPECT_EQ(english(history.undo_label()), "");
    history.redo();
    history.redo();
    EXPECT_EQ(history.document().title, "c");
    EXPECT_FALSE(history.can_redo());
    EXPECT_EQ(english(history.redo_label()), "");
}

TEST(History, UndoAndRedoBeyondTheEndsDoNothing) {
    History history(titled("a"));
    history.undo();
    history.redo();
    EXPECT_EQ(history.document().title, "a");
}

TEST(History, AnEditThatChangesNothingIsNoStep) {
    History history(titled("a"));
    EXPECT_FALSE(history.apply(title_edit("a")));
    EXPECT_FALSE(history.can_undo());
}

TEST(History, EditsOfOneDragAreOneStep) {
    History history(titled("a"));
    history.apply(title_edit("b", "drag"));
    history.apply(title_edit("c", "drag"));
    history.apply(title_edit("d", "drag"));
    EXPECT_EQ(english(history.undo_label()), "title d");
    history.undo();
    EXPECT_EQ(history.document().title, "a");
    history.redo();
    EXPECT_EQ(history.document().title, "d");
}

TEST(History, SealEndsADrag) {
    History history(titled("a"));
    history.apply(title_edit("b", "drag"));
    history.seal();
    history.apply(title_edit("c", "drag"));
    history.undo();
    EXPECT_EQ(history.document().title, "b");
}

TEST(History, AnotherKindOfEditEndsADrag) {
    History history(titled("a"));
    history.apply(title_edit("b", "drag"));
    history.apply(title_edit("c", "paint"));
    history.apply(title_edit("d", "drag"));
    history.undo();
    EXPECT_EQ(history.document().title, "c");
}

TEST(History, UndoEndsADrag) {
    History history(titled("a"));
    history.apply(title_edit("b", "drag"));
    history.apply(title_edit("c"));
    history.undo();
    history.apply(title_edit("d", "drag"));
    history.undo();
    EXPECT_EQ(history.document().title, "b");
}

TEST(History, AnEditAfterUndoForgetsWhatWasUndone) {
    History history(titled("a"));
    history.apply(title_edit("b"));
    history.undo();
    history.apply(title_edit("c"));
    EXPECT_FALSE(history.can_redo());
    history.undo();
    EXPECT_EQ(history.document().title, "a");
}

TEST(History, AnEditThatThrowsLeavesEverythingAsItWas) {
    History history(titled("a"));
    history.apply(title_edit("b"));
    history.undo();
    const Edit failing{verbatim("fail"), {}, [](Document& document) {
                           document.title = "half";
                           throw std::runtime_error("no");
                       }};
    EXPECT_THROW(history.apply(failing), std::runtime_error);
    EXPECT_EQ(history.document().title, "a");
    EXPECT_TRUE(history.can_redo());
}

TEST(History, ReplacingTheDocumentCanBeUndone) {
    History history(titled("a"));
    history.replace(titled("preset"), verbatim("open preset"));
    EXPECT_EQ(english(history.undo_label()), "open preset");
    EXPECT_EQ(history.replacements(), 1U);
    history.apply(title_edit("b"));
    history.replace(titled("another"), verbatim("open another"));
    EXPECT_EQ(history.replacements(), 2U);
    history.undo();
    EXPECT_EQ(history.replacements(), 1U) << "the other one can be redone";
    history.undo();
    history.undo();
    EXPECT_EQ(history.replacements(), 0U);
    EXPECT_EQ(history.document().title, "a");
}

// An edit whose document holds a tensor of its own of `kilobytes` KiB.
Edit heavy_edit(std::int64_t kilobytes, double value, std::string merge = {}) {
    return {verbatim("heavy"), std::move(merge), [kilobytes, value](Document& document) {
                document.layers.front().input = TensorRef(Tensor<double>({1, 1, kilobytes, 128}, value));
            }};
}

TEST(History, ForgetsTheOldestStepsBeyondTheCap) {
    History history(titled("a"), std::size_t{100} << 10);
    for (int i = 1; i <= 10; ++i) history.apply(heavy_edit(30, i));
    int undone = 0;
    while (history.can_undo()) {
        history.undo();
        ++undone;
    }
    EXPECT_EQ(undone, 2);  // three documents of 30 KiB are within 100 KiB
    EXPECT_EQ(own_input(history.document().layers.front())->at(0, 0, 0, 0), 8);
}

TEST(History, KeepsThePresentDocumentHoweverLarge) {
    History history(titled("a"), 1 << 10);
    history.apply(heavy_edit(30, 1));
    EXPECT_FALSE(history.can_undo());
    EXPECT_EQ(own_input(history.document().layers.front())->at(0, 0, 0, 0), 1);
}

TEST(History, SharedTensorsCountOnce) {
    History history(titled("a"), std::size_t{100} << 10);
    history.apply(heavy_edit(60, 1));
    for (int i = 0; i < 50; ++i) history.apply(title_edit("title " + std::to_string(i)));
    int undone = 0;
    while (history.can_undo()) {
        history.undo();
        ++undone;
    }
    EXPECT_EQ(undone, 51);
}

TEST(History, ADragHoldsOnlyItsLastTensor) {
    History history(titled("a"), std::size_t{100} << 10);
    for (int i = 1; i <= 100; ++i) history.apply(heavy_edit(60, i, "drag"));
    ASSERT_TRUE(history.can_undo());
    history.undo();
    EXPECT_EQ(history.document().title, "a");
    EXPECT_FALSE(history.can_undo());
}

TEST(History, NotANumberIsNoChangeAndMinusZeroIsOne) {
    Document document = first_document();
    document.layers[0].spec.pad_value = std::nan("");
    document.photo.chain = {FilterStep{}};
    document.photo.chain[0].border_value = std::nan("");
    History history(document);
    EXPECT_FALSE(history.apply({verbatim("nothing"), {}, [](Document&) {}}));
    EXPECT_FALSE(history.apply({verbatim("the same"), {}, [&](Document& d) { d = document; }}));
    EXPECT_TRUE(history.apply({verbatim("0"), {}, [](Document& d) { d.layers[0].spec.pad_value = 0.0; }}));
    EXPECT_TRUE(history.apply({verbatim("-0"), {}, [](Document& d) { d.layers[0].spec.pad_value = -0.0; }}));
    EXPECT_FALSE(history.can_redo());
}

}  // namespace
}  // namespace convlens
