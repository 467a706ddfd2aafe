#include "app/moment/products.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace convlens {
namespace {

// Two channels 1 to 9 and 10 to 90, a kernel 1 2 / 3 4 and 5 6 / 7 8, one product at a time.
Document document(Op op = Op::conv, Reading reading = Reading::slide) {
    Document d;
    Layer layer;
    layer.spec.op = op;
    layer.spec.kernel = {2, 2};
    Tensor<double> input({1, 2, 3, 3});
    for (std::int64_t i = 0; i < 9; ++i) {
        input.span()[static_cast<std::size_t>(i)] = static_cast<double>(i + 1);
        input.span()[static_cast<std::size_t>(i + 9)] = static_cast<double>(10 * (i + 1));
    }
    layer.input = TensorRef(std::move(input));
    const Shape4 stored = op == Op::conv ? Shape4{1, 2, 2, 2} : Shape4{2, 1, 2, 2};
    layer.weight = TensorRef(Tensor<double>(stored, {1, 2, 3, 4, 5, 6, 7, 8}));
    d.layers = {layer};
    Pane pane;
    pane.reading = reading;
    d.panes = {pane};
    d.step_by = StepBy::product;
    return d;
}

PaneCell output(std::int64_t y, std::int64_t x) { return {0, {0, TensorKind::output, {0, 0, y, x}}}; }

std::vector<double> added(const Moment& m) {
    const Products products = products_of(m);
    std::vector<double> values;
    for (const Tap& tap : products.added()) values.push_back(tap.product);
    return values;
}

std::vector<double> terms(const Sum& sum, bool reached) {
    std::vector<double> values;
    for (const Sum::Term& term : sum.terms)
        if (term.reached == reached) values.push_back(term.tap.product);
    return values;
}

TEST(Products, ThoseUpToTheStepHaveBeenAdded) {
    const Derived derived = derive_all(document());
    EXPECT_EQ(added(moment_of(derived, 0, {3, 0}, {})), (std::vector<double>{1, 4, 12}));
    EXPECT_EQ(added(moment_of(derived, 0, {5, 0}, {})), (std::vector<double>{1, 4, 12, 20, 50}));
    const Moment m = moment_of(derived, 0, {6, 0}, {});
    const Sum sum = sum_of(m);
    EXPECT_FALSE(m.complete);
    EXPECT_EQ(m.channel, 1);
    EXPECT_EQ(terms(sum, true), (std::vector<double>{50, 120}));
    EXPECT_EQ(terms(sum, false), (std::vector<double>{280, 400}));
    EXPECT_EQ(sum.so_far, 37 + 50 + 120);
    EXPECT_EQ(sum.parts, (std::vector<double>{37, 850})) << "whole, for the line of each channel";
}

TEST(Products, AnOutputThatIsPointedAtIsWholeInTheMiddleOfItsSum) {
    const Derived derived = derive_all(document());
    const Moment m = moment_of(derived, 0, {3, 0}, output(0, 0));
    EXPECT_TRUE(m.complete);
    EXPECT_FALSE(m.product);
    EXPECT_EQ(m.channel, derived.document.panes[0].slice.c_in) << "the pane's own channel, not the play's";
    EXPECT_EQ(products_of(m).reached, 8);
    const Sum sum = sum_of(m);
    EXPECT_TRUE(std::ranges::all_of(sum.terms, &Sum::Term::reached));
}

TEST(Products, TheLastStepOfACellIsAboutTheLastChannelAsTheStepsBefore) {
    Document d = document();
    d.step_by = StepBy::channel;
    const Derived derived = derive_all(d);
    EXPECT_EQ(moment_of(derived, 0, {1, 0}, {}).channel, 0);
    const Moment m = moment_of(derived, 0, {2, 0}, {});
    EXPECT_TRUE(m.complete);
    EXPECT_EQ(m.channel, 1);
    EXPECT_EQ(terms(sum_of(m), true), (std::vector<double>{50, 120, 280, 400}));
}

// The turned kernel reads the spread-out input from its upper left: a step only ever appends a product.
TEST(Products, KeepTheirOrderWhenTheLastOneIsAdded) {
    for (const Reading reading : {Reading::zero_inserted, Reading::gather}) {
        const Derived derived = derive_all(document(Op::conv_transpose, reading));
        const std::int64_t of_output = step_of(pane_timeline(derived, derived.document.panes[0]), {0, 0, 1, 1});
        const std::vector<double> all = added(moment_of(derived, 0, {of_output, 0}, {}));
        std::vector<double> before = added(moment_of(derived, 0, {of_output - 1, 0}, {}));
        ASSERT_EQ(before.size() + 1, all.size());
        before.push_back(all.back());
        EXPECT_EQ(before, all);
    }
}

TEST(Products, TheOnesOnAStampStandWhereTheyLie) {
    Document d = document(Op::conv_transpose, Reading::stamp);
    d.layers[0].spec.flip_kernel = true;
    const Moment m = moment_of(derive_all(d), 0, {1, 0}, PaneCell{0, {0, TensorKind::uncropped_output, {0, 0, 1, 1}}});
    ASSERT_TRUE(m.out);
    for (const Tap& tap : products_of(m).taps) EXPECT_EQ(product_place(m, tap), tap.window);
}

TEST(Moment, APinnedOutputThatIsGoneBorrowsNothing) {
    const Moment m = moment_of(derive_all(document()), 0, {3, 0}, output(5, 0));
    EXPECT_FALSE(m.borrowed);
    EXPECT_FALSE(m.complete);
    EXPECT_EQ(m.out, (Cell4{0, 0, 0, 0}));
}

}  // namespace
}  // namespace convlens
