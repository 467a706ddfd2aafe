// Layers side by side: what one may be compared with, and what the panes are called.
//
// A comparison is a copy of a layer in a pane of its own that shares its numbers: input, weight and bias are the same
// blobs. Numbers that are edited go to every layer that holds the same ones (see Document::edit_together); settings go to
// the one that they are made in.
#pragma once

#include <vector>

#include "app/document/document.h"
#include "core/text/message.h"

namespace convlens {

// A ready comparison: the same numbers under another setting.
struct Comparison {
    enum class Group { copy, kernel, program, border };
    Group group{};
    Message label;  // "MATLAB conv2 'same'"
    Message about;  // one sentence
    ConvSpec spec;
};
// Those that are possible for the layer and not what it is already; the copy comes first. A program's rule is offered
// where that program would accept the layer.
std::vector<Comparison> comparisons(const Layer& layer);

// Whether a pane is free, and a copy of any layer would leave the document small enough to be kept: a file counts the
// numbers of each layer, shared or not.
bool can_compare(const Document& document);
// Why not, and what to do about it, as a sentence; empty where it can.
Message compare_refusal(const Document& document);

// Puts a copy of the pane's layer with `spec` into a new pane behind it. Titles of both are those that pane_title()
// makes: a written one would say less than what is compared. Precondition: can_compare(), and `spec` is valid for the
// layer's numbers.
void add_comparison(Document& document, std::size_t pane, const ConvSpec& spec);

// Takes a pane away, with its layer if no other pane shows it and no layer reads its output; then likewise the layer that
// this one read. Precondition: there is more than one.
void close_pane(Document& document, std::size_t pane);

// What a pane is called in lists: its own title, or nothing; of several, its number and its own title or the settings that
// tell the panes apart: "2: conv2, stride 2". Where each shows another layer and they read each other, the layer's name:
// "2: pool1".
Message pane_title(const Document& document, std::size_t pane);

// What stands above a pane in the picture: the same without the settings that its setting line tells, so that of several
// panes there may be the number alone.
Message pane_heading(const Document& document, std::size_t pane);
// Whether there is more than the number.
bool has_heading(const Document& document, std::size_t pane);

// The tensors that two layers hold in common.
struct SharedTensors {
    bool input = false, weight = false, bias = false;
};
SharedTensors shared_tensors(const Layer& a, const Layer& b);

}  // namespace convlens
