// Values of a pasted text followed through its variables. Internal to core/codegen.
#pragma once

#include <fmt/format.h>

#include "core/codegen/import_value.h"

namespace convlens::pasted {

inline constexpr int kLongestChain = 50;  // variables set to variables

// Follows values of one text. Variables are looked up as deep as kLongestChain.
class Follower {
public:
    explicit Follower(PastedText& text) : text_(text) {}

    std::optional<double> number(const Node& node);
    std::optional<ToldArray> array(const Node& node);
    Node resolve(const Node& node);
    bool is_float(const Node& node);

private:
    std::optional<Node> assigned(const Node& name) {
        if (++chain_ > kLongestChain)
            text_.fail(name.at, fmt::format("{} is set by way of too many variables; write its value", name.text));
        return text_.assigned(name);
    }

    std::optional<double> rounded(const Node& call);
    std::optional<double> indexed(const Node& node);
    std::optional<ToldArray> stacked(const Node& list);
    std::optional<ToldArray> joined(const Node& list);
    bool flips_the_plane(const Node& node, std::size_t first, std::size_t rank);
    std::optional<ToldArray> computed(const Node& node);
    std::optional<ToldArray> made(const Node& call);
    std::optional<ToldArray> filled(const Node& call, std::string_view maker);
    std::optional<ToldArray> counted(const Node& call);
    std::optional<ToldArray> repeated(const Node& call);
    std::optional<ToldArray> with_cells_set(const Node& name);
    std::optional<ToldArray> changed(const Node& node, std::string_view method, std::optional<ToldArray> array,
                                     std::size_t first);
    std::optional<ToldArray> transposed(const Node& node, std::string_view method, const ToldArray& array,
                                        std::size_t first);
    enum class Counts { lengths, axes };
    std::optional<std::vector<std::int64_t>> sizes(const Node& call, std::size_t first,
                                                   Counts counts = Counts::lengths);
    std::optional<std::int64_t> length(const Node& node, Counts counts);

    PastedText& text_;
    int chain_ = 0;
    std::int64_t cells_left_ = 16 * kMaxToldCells;  // that may be made before only shapes are kept
};

}  // namespace convlens::pasted
