// How traced() goes back through a text, one change of an array after the other. Internal to core/import.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/picks.h"
#include "core/import/slices.h"
#include "core/import/trace.h"
#include "core/import/turns.h"

namespace convlens::pasted {

// Follows one array. Its methods that give a node give what the array at hand was made of by a change that is followed, and
// nothing where it is not followed.
class Tracer {
public:
    // One that is `nested` asks for no lengths itself: a long row of slices would be followed again for each of them.
    Tracer(PastedText& text, std::string_view letters, Role role, bool nested = false)
        : text_(text), letters_(letters), wanted_(letters), role_(role), nested_(nested) {}

    Traced run(Node node);

private:
    std::optional<Node> source_of(const Node& node);
    std::optional<Node> set_into(const Node& name);
    std::optional<Node> of_call(const Node& call);
    std::optional<Node> of_variable(const Node& call);
    bool keeps_receiver(const Node& call) const;
    std::optional<Node> receiver_of(const Node& call, std::string_view last);
    std::optional<Node> of_method(const Node& node);
    std::optional<Node> padded_by_module(const Node& module, const Node& call, std::size_t first);
    std::optional<Node> bordered(const Border& border, const Node& source);
    Border directed(Border border) const;
    std::optional<Node> reordered_by(const Node& call, std::string_view method, const Node& source, std::size_t first);
    std::optional<Node> with_axes(const std::vector<std::int64_t>& order, const Node& source);
    std::optional<Node> transposed(const Node& source);
    std::optional<Node> reversed(const std::string& names, const Node& node, const Node& source);
    std::optional<Node> turned(const Turn& turn, const Node& node, const Node& source);
    std::optional<Node> of_matlab(const Node& call);
    bool is_plane_transpose(const Node& call);
    void take_source(const Node& node);
    void take_directions();
    void drop_with_border();
    bool swaps_the_plane() const;

    // trace_parts.cpp: parts that are taken of an array, by slices or by lists of positions
    std::optional<Node> sliced(const Node& node);
    std::optional<std::string> without_new_axes(const std::vector<Slice>& slices) const;
    std::optional<Node> cut_by(const std::vector<Slice>& slices, const Node& node, const Node& source,
                               const std::string& written);
    std::optional<std::int64_t> length_of(const Node& source, std::size_t axis);
    std::optional<Node> picked_by_list(const Node& node);
    std::optional<Node> picked(std::size_t axis, const Node& list, const Node& source);
    std::optional<Node> gathered(const Node& call, const Node& source);
    std::optional<Node> picked_in_matlab(const Node& call, const Node& variable);
    bool take_picks();

    PastedText& text_;
    std::string letters_;  // of the node at hand, one an axis
    std::string wanted_;
    Role role_;
    bool nested_ = false;
    std::string variable_;  // that the node at hand was set to
    std::vector<Picks> picks_;
    bool rows_backwards_ = false;  // of what the layer takes, against those of the node at hand
    bool columns_backwards_ = false;
    Message mirrored_by_;  // what reverses one of them alone, as it is written; empty for nothing
    Traced result_;
};

}  // namespace convlens::pasted
