// Which form of a plural goes with a number: the expression after "plural=" in the head of a GNU catalogue, a C expression
// of n, such as "n%10==1 && n%100!=11 ? 0 : 1".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace convlens {

class PluralRule {
public:
    // One form for every number.
    PluralRule() = default;

    // The rule of an expression with n, whole numbers, ?: || && == != < <= > >= + - * / % ! and brackets, which gives
    // less than `forms` for each n from 0 to 1000. Nothing where it is not one, or is longer than 1000 characters or
    // nested deeper than 40.
    static std::optional<PluralRule> parse(std::string_view expression, std::size_t forms);

    // The form for a number, less than `forms`.
    std::size_t form(std::uint64_t n) const;

private:
    friend class PluralParser;
    enum class Op {
        number,
        n,
        choose,
        either,
        both,
        equal,
        differ,
        less,
        at_most,
        add,
        subtract,
        multiply,
        divide,
        rest,
        negate
    };
    struct Node {
        Op op = Op::number;
        std::uint64_t value = 0;
        std::size_t a = 0, b = 0, c = 0;  // the operands' nodes
    };
    std::uint64_t value(std::size_t node, std::uint64_t n) const;

    std::vector<Node> nodes_;  // operands before what is made of them; the last is the whole
    std::size_t forms_ = 1;
};

}  // namespace convlens
