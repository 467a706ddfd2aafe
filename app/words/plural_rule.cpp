#include "app/words/plural_rule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace convlens {

namespace {

constexpr std::size_t kLongest = 1000;
constexpr int kDeepest = 40;
constexpr std::uint64_t kTried = 1000;

}  // namespace

// One pass over the text, with C's precedence.
class PluralParser {
public:
    explicit PluralParser(std::string_view text) : rest_(text) {}

    bool parse(PluralRule& rule) {
        const auto whole = choice(0);
        skip_blanks();
        if (!whole || !rest_.empty()) return false;
        rule.nodes_ = std::move(nodes_);
        return true;
    }

private:
    using Op = PluralRule::Op;
    using Place = std::optional<std::size_t>;

    // Operators of one level, longer ones before those that begin like them. What is mirrored is made of its opposite:
    // a > b is b < a.
    struct Operator {
        std::string_view text;
        Op op;
        bool mirrored;
    };
    static constexpr std::array<Operator, 1> kEither{{{"||", Op::either, false}}};
    static constexpr std::array<Operator, 1> kBoth{{{"&&", Op::both, false}}};
    static constexpr std::array<Operator, 2> kEqual{{{"==", Op::equal, false}, {"!=", Op::differ, false}}};
    static constexpr std::array<Operator, 4> kOrder{
        {{"<=", Op::at_most, false}, {">=", Op::at_most, true}, {"<", Op::less, false}, {">", Op::less, true}}};
    static constexpr std::array<Operator, 2> kSum{{{"+", Op::add, false}, {"-", Op::subtract, false}}};
    static constexpr std::array<Operator, 3> kProduct{
        {{"*", Op::multiply, false}, {"/", Op::divide, false}, {"%", Op::rest, false}}};

    void skip_blanks() {
        while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
    }
    bool take(std::string_view text) {
        skip_blanks();
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }
    std::size_t add(PluralRule::Node node) {
        nodes_.push_back(node);
        return nodes_.size() - 1;
    }

    Place choice(int depth) {
        const Place condition = level(0, depth);
        if (!condition || !take("?")) return condition;
        if (depth >= kDeepest) return {};
        const Place yes = choice(depth + 1);
        if (!yes || !take(":")) return {};
        const Place no = choice(depth + 1);
        if (!no) return {};
        return add({Op::choose, 0, *condition, *yes, *no});
    }

    Place level(int index, int depth) {
        switch (index) {
            case 0: return row(kEither, index, depth);
            case 1: return row(kBoth, index, depth);
            case 2: return row(kEqual, index, depth);
            case 3: return row(kOrder, index, depth);
            case 4: return row(kSum, index, depth);
            case 5: return row(kProduct, index, depth);
            default: return single(depth);
        }
    }

    template <std::size_t N>
    Place row(const std::array<Operator, N>& operators, int index, int depth) {
        Place left = level(index + 1, depth);
        while (left) {
            const auto found = std::ranges::find_if(operators, [&](const Operator& o) { return take(o.text); });
            if (found == operators.end()) break;
            const Place right = level(index + 1, depth);
            if (!right) return {};
            left = found->mirrored ? add({found->op, 0, *right, *left}) : add({found->op, 0, *left, *right});
        }
        return left;
    }

    Place single(int depth) {
        if (depth >= kDeepest) return {};
        if (take("!")) {
            const Place negated = single(depth + 1);
            if (!negated) return {};
            return add({Op::negate, 0, *negated});
        }
        if (take("(")) {
            const Place inner = choice(depth + 1);
            if (!inner || !take(")")) return {};
            return inner;
        }
        if (take("n")) return add({Op::n});
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc{}) return {};
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return add({Op::number, value});
    }

    std::string_view rest_;
    std::vector<PluralRule::Node> nodes_;
};

std::optional<PluralRule> PluralRule::parse(std::string_view expression, std::size_t forms) {
    PluralRule rule;
    if (expression.size() > kLongest || forms < 1 || !PluralParser(expression).parse(rule)) return {};
    rule.forms_ = forms;
    for (std::uint64_t n = 0; n <= kTried; ++n)
        if (rule.value(rule.nodes_.size() - 1, n) >= forms) return {};
    return rule;
}

std::size_t PluralRule::form(std::uint64_t n) const {
    if (nodes_.empty()) return 0;
    return static_cast<std::size_t>(std::min<std::uint64_t>(value(nodes_.size() - 1, n), forms_ - 1));
}

// Wraps around as C's unsigned numbers do; what is divided by 0 is 0.
std::uint64_t PluralRule::value(std::size_t node, std::uint64_t n) const {
    const Node& at = nodes_[node];
    const auto a = [&] { return value(at.a, n); };
    const auto b = [&] { return value(at.b, n); };
    switch (at.op) {
        case Op::number: return at.value;
        case Op::n: return n;
        case Op::choose: return value(a() != 0 ? at.b : at.c, n);
        case Op::either: return a() != 0 || b() != 0 ? 1 : 0;
        case Op::both: return a() != 0 && b() != 0 ? 1 : 0;
        case Op::equal: return a() == b() ? 1 : 0;
        case Op::differ: return a() != b() ? 1 : 0;
        case Op::less: return a() < b() ? 1 : 0;
        case Op::at_most: return a() <= b() ? 1 : 0;
        case Op::add: return a() + b();
        case Op::subtract: return a() - b();
        case Op::multiply: return a() * b();
        case Op::divide: {
            const std::uint64_t by = b();  // once, so that what is nested is not met twice as often at each level
            return by == 0 ? 0 : a() / by;
        }
        case Op::rest: {
            const std::uint64_t by = b();
            return by == 0 ? 0 : a() % by;
        }
        case Op::negate: return a() == 0 ? 1 : 0;
    }
    return 0;
}

}  // namespace convlens
