// Values of a pasted text followed through its variables. Internal to core/import.
#pragma once

#include "core/import/given.h"
#include "core/import/value.h"

namespace convlens::pasted {

inline constexpr int kLongestChain = 50;  // variables set to variables
inline constexpr Key kLengthBelowZero = key("a length cannot be -1");

// A call as notes name it: "np.zeros(...)".
inline std::string written(const Node& call) { return call.text + "(...)"; }

// Follows values of one text. Variables are looked up as deep as kLongestChain.
class Follower {
public:
    explicit Follower(PastedText& text) : text_(text) {}

    std::optional<double> number(const Node& node);
    std::optional<ToldArray> array(const Node& node);
    Node resolve(const Node& node);
    bool is_float(const Node& node);
    // What array() met first and did not read; nothing where that was no more than a variable that the text does not set.
    Unread not_read() const { return {unread_, unread_is_number_}; }

private:
    std::optional<Node> assigned(const Node& name) {
        if (++chain_ > kLongestChain)
            text_.fail(name.at, msg("{variable} is set by way of too many variables; write its value",
                                    "variable"_is(name.text)));
        return text_.assigned(name);
    }

    std::optional<double> rounded(const Node& call);
    std::optional<double> indexed(const Node& node);

    // array.cpp: literals, operators, cells that are set
    std::optional<ToldArray> named(const Node& name);
    std::optional<ToldArray> stacked(const Node& list);
    std::optional<ToldArray> joined(const Node& list);
    std::optional<ToldArray> computed(const Node& node);
    std::optional<ToldArray> with_cells_set(const Node& name);
    std::optional<ToldArray> counted_down(std::optional<ToldArray> array);
    std::optional<ToldArray> unread(const Message& what);
    std::optional<ToldArray> unread(const std::string& code) { return unread(verbatim(code)); }
    void unread_cell(const Node& cell);
    std::optional<ToldArray> as_list(const Node& list);
    ToldArray of_chance(ToldArray result, const Message& what);
    ToldArray without_numbers(ToldArray array, const Message& what);
    ToldArray without_numbers(ToldArray array, const std::string& code) {
        return without_numbers(std::move(array), verbatim(code));
    }

    // makers.cpp, makers_matlab.cpp: calls that make an array
    std::optional<ToldArray> made(const Node& call);
    std::optional<ToldArray> made_in_matlab(const Node& call);
    std::optional<ToldArray> part_in_matlab(const Node& call);
    std::optional<ToldArray> range_in_matlab(const Node& call);
    std::optional<ToldArray> taken(const Node& call, std::string_view maker);
    std::optional<ToldArray> filled(const Node& call, std::string_view maker);
    std::optional<ToldArray> filled_in_matlab(const Node& call);
    std::optional<ToldArray> like(const Node& call, std::string_view maker);
    std::optional<ToldArray> random(const Node& call, std::string_view maker);
    std::optional<ToldArray> eye(const Node& call, Given& given);
    std::optional<ToldArray> counted(const Node& call);
    std::optional<ToldArray> spaced(const Node& call);
    std::optional<ToldArray> repeated(const Node& call);
    std::optional<ToldArray> summed_in_matlab(const Node& call);
    std::optional<ToldArray> with_cells(std::vector<std::int64_t> shape, double value, CellType type);
    // A matrix of zeros with ones where the column is the row + `offset`.
    std::optional<ToldArray> with_diagonal(std::int64_t rows, std::int64_t columns, std::int64_t offset, CellType type);
    std::optional<ToldArray> typed(std::optional<ToldArray> array, const Node* type, const std::string& call);
    std::optional<std::vector<std::int64_t>> shape_in(const Node& node);
    bool is_variable(const Node& call, std::string_view name);

    // makers_joined.cpp: calls that make an array of other arrays
    std::optional<ToldArray> joined_along(const Node& call, std::string_view maker);
    std::optional<std::vector<ToldArray>> parts_of(const Node& node);
    std::optional<ToldArray> outer(const Node& call);
    std::optional<ToldArray> multiplied(const Node& node, const std::optional<ToldArray>& left,
                                        const std::optional<ToldArray>& right);

    // makers_cpp.cpp: C++'s matrices
    static bool is_made_in_cpp(const Node& call);
    std::optional<ToldArray> made_in_cpp(const Node& call);
    std::optional<ToldArray> matrix_in_cpp(const Node& call);
    std::optional<ToldArray> filled_in_cpp(const Node& call, ToldArray matrix, const Node& source);
    std::optional<ToldArray> comma_initialized(const Node& call);
    std::optional<ToldArray> c_array(const Node& call);
    std::optional<ToldArray> structuring(const Node& call);
    std::optional<ToldArray> computed_in_cpp(const Node& node, const ToldArray& left, const ToldArray& right);

    // reshaped.cpp: what changes an array
    std::optional<ToldArray> changed(const Node& node, std::string_view method, std::optional<ToldArray> array,
                                     std::size_t first);
    bool keeps_shape(const Node& node, std::string_view method, std::size_t first);
    std::optional<ToldArray> reduced(const Node& node, std::string_view method, const ToldArray& array,
                                     std::size_t first);
    std::optional<ToldArray> retyped(const Node& node, std::string_view method, const ToldArray& array,
                                     std::size_t first);
    std::optional<ToldArray> reshaped(const Node& node, std::string_view method, ToldArray array, std::size_t first);
    std::optional<ToldArray> flattened(const Node& node, std::string_view method, ToldArray array, std::size_t first);
    std::optional<ToldArray> tiled(const Node& node, std::string_view method, ToldArray array, std::size_t first);
    std::optional<ToldArray> expanded(const Node& node, const ToldArray& array, std::size_t first);
    std::optional<ToldArray> with_axis(const Node& node, ToldArray array, std::size_t first);
    std::optional<ToldArray> flipped(const Node& node, std::string_view method, const ToldArray& array,
                                     std::size_t first);
    std::optional<ToldArray> rotated(const Node& node, const ToldArray& array, std::size_t first);
    std::optional<ToldArray> transposed(const Node& node, std::string_view method, const ToldArray& array,
                                        std::size_t first);
    std::optional<ToldArray> operated_by(const Node& node, std::string_view method, const ToldArray& array,
                                         std::size_t first);
    enum class Counts { lengths, axes };
    std::optional<std::vector<std::int64_t>> sizes(const Node& call, std::size_t first,
                                                   Counts counts = Counts::lengths);
    std::optional<std::int64_t> length(const Node& node, Counts counts);

    PastedText& text_;
    int chain_ = 0;
    Message unread_;                 // the first that was not read; empty for nothing
    bool unread_is_number_ = false;  // a number of a list that tells others
    bool has_unread_cell_ = false;   // of the list at hand, as is the next
    bool has_number_ = false;
    int lists_ = 0;                                 // within each other
    std::int64_t cells_left_ = 16 * kMaxToldCells;  // that may be made before only shapes are kept
};

}  // namespace convlens::pasted
