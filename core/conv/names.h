// The one spelling of every enumerator: command line, JSON and window all use these tables.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/conv/problem.h"
#include "core/conv/spec.h"
#include "core/text/message.h"

namespace convlens {

// `name(PadMode::reflect)` is "reflect"; PadRule::explicit_ is "explicit".
std::string_view name(Op value);
std::string_view name(PadRule value);
std::string_view name(PadMode value);
std::string_view name(Dialect value);
std::string_view name(ErrorKind value);
std::string_view name(Field value);

// As people are told of it: "PyTorch", "Transposed convolution", "TensorFlow SAME"; "as typed" for PadRule::explicit_.
// Programs are called the same in every language.
std::string_view title(Dialect value);
Key title(Op value);
Key title(PadRule value);
Key title(PadMode value);

// The enumerator of a name, or nothing. Instantiated for each enum above.
template <typename Enum>
std::optional<Enum> from_name(std::string_view text);

// All names of an enum, in the enumerators' order.
template <typename Enum>
std::span<const std::string_view> names();

}  // namespace convlens
