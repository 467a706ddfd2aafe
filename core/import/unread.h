// What is said of an array whose numbers a text does not tell, or does not tell all. For core/import alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/import/value.h"

namespace convlens::pasted {

// The shape of an array that is written number by number, torch.tensor([b0, 7, 8]), where one of the numbers is not
// read; nothing where the array is not written so, or where its rows differ in length.
std::optional<ToldArray> written_shape(PastedText& text, const Node& node);

// That number, as it is written: "b0"; "" for an array that is not written so.
std::string unread_number(PastedText& text, const Node& node);

// Why the numbers of an array are not known, `of` its name: "b0 of bias of F.conv2d is not read, ...".
std::string unread_text(PastedText& text, const Node& node, std::string_view of);

// Whether the numbers of an array are random, or fed to it later: torch.randn(1, 3, 8, 8), Input((5, 5, 3)).
bool is_random_array(PastedText& text, const Node& node);

}  // namespace convlens::pasted
