// The settings of a layer as one table: what each is called, where a layer keeps it, and where its slider begins and ends.
// The command line, documents, case files, the Layer panel, the formula's symbols, the search for fixes and for sizes, and
// what is said of two layers that differ all read it. A setting is added as a member of ConvSpec, an enumerator of Field,
// a row of the table, and its rule in rules.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>

#include "core/conv/expr.h"
#include "core/conv/problem.h"
#include "core/text/message.h"

namespace convlens {

// Settings of the layer that are no part of its spec.
enum class InputPart { batch, channels, plane };

// Where a layer keeps a setting. Its type is how the setting is read, written and compared.
using Slot =
    std::variant<InputPart, std::int64_t ConvSpec::*, Size2 ConvSpec::*, Pads ConvSpec::*,
                 std::optional<Size2> ConvSpec::*, std::optional<std::int64_t> ConvSpec::*, bool ConvSpec::*,
                 double ConvSpec::*, Op ConvSpec::*, PadRule ConvSpec::*, PadMode ConvSpec::*, Dialect ConvSpec::*>;

// A set of operations; all of them where nothing is said.
struct Operations {
    unsigned bits = ~0U;
    constexpr bool contain(Op op) const { return (bits >> static_cast<unsigned>(op) & 1U) != 0; }
};

struct Parameter {
    Field id{};
    Slot slot{};                  // where it is kept
    Operations operations{};      // those that have such a setting
    Key name{};                   // in sentences: "output padding"
    std::string_view word{};      // in reports of problems, and with dashes as an option: "output_padding"
    std::string_view key = word;  // in documents, where it is a part of the spec
    std::string_view symbol{};    // the subscript of its symbol in the size formula: "op" of H_op; or none
    Role role = Role::plain;      // its hue
    std::int64_t least = 1;       // of a number: the least that is worth trying, where its slider begins
    std::int64_t usual = 0;       // where its slider ends unless the value is larger; 0: it has no slider
    int place = 0;                // of its row among those of the Layer panel; of those without a row 0
    int search_order = 0;  // among the settings that are tried for a wanted size, the first 1; 0: it is not tried
    Key label = name;      // in the panel; short
    Key about{};           // in the panel, for people who meet the setting for the first time
    Key help{};            // of --help; {names} stands for all names of an enumeration. None: no option of its own
    std::string_view case_key{};  // in the params of a case; none where cases do not say it
    bool pool_case = false;       // pooling cases know it, too

    // The field of its problems: N, C, H and W of the input have one in common.
    constexpr Field blamed() const { return std::holds_alternative<InputPart>(slot) ? Field::input : id; }

    // Whether cases of convolutions, or of pooling, may say it.
    constexpr bool in_case(bool pooling) const {
        return !case_key.empty() && (pooling ? pool_case : operations.contain(Op::conv_transpose));
    }
};

// All rows, in the order of --help. Weight and bias are no settings: Field::weight and Field::bias have none.
std::span<const Parameter> parameters();
// The row of a setting. Precondition: neither Field::weight nor Field::bias.
const Parameter& parameter(Field field);

bool is_number(const Parameter& parameter);  // one or two whole numbers, or the four of a padding
bool per_axis(const Parameter& parameter);   // has numbers of its own for rows and columns

// Calls `use` with the setting, of whatever type it is; not where it is a part of the input.
template <typename Spec, typename Use>
void with_setting(Spec& spec, const Parameter& parameter, Use use) {
    std::visit(
        [&](const auto slot) {
            if constexpr (!std::is_same_v<decltype(slot), const InputPart>) use(spec.*slot);
        },
        parameter.slot);
}

// What a setting is read into: the setting itself, or, of one that need not be given, the value that it has from now on.
template <typename Value>
Value& given(Value& setting) {
    return setting;
}
template <typename Value>
Value& given(std::optional<Value>& setting) {
    return setting.emplace();
}

// One of the numbers of a setting, to be read or set. `end`: which end of the axis, where a padding is meant. A setting
// of one number has it on both axes. Null where the setting is no number or, as an output size, is not given.
enum class End { before, after };
std::int64_t* number_of(LayerShape& layer, const Parameter& parameter, Axis axis, End end = End::before);
const std::int64_t* number_of(const LayerShape& layer, const Parameter& parameter, Axis axis, End end = End::before);

// What a slider shows: the number of each axis. Padding: what stands before an axis, whatever rule chose it; 0 for what
// is not given.
Size2 shown_number(const LayerShape& layer, Field field);
// Sets one axis, or both. Padding takes the same on both sides, and no longer comes from a rule.
void set_number(LayerShape& layer, Field field, std::optional<Axis> axis, std::int64_t value);

// Pads of the layer with the rule resolved, all zero where that is not possible.
Pads shown_pads(const LayerShape& layer);

// A layer over a row: the input, the kernel and the padded input are one cell high, so only W has anything to set.
bool one_row(const LayerShape& layer);

// The value of a setting, as fixes tell it: "1", "1×0", "top 1, bottom 0, left 0, right 0", "reflect", "on"; nothing where
// it is not given.
Message value_text(const LayerShape& layer, Field field);
// A setting and its number, for Undo: "stride 2", "stride 2, 1".
Message parameter_text(const LayerShape& layer, Field field);

}  // namespace convlens
