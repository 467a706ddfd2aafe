// Arrays whose numbers are not read are replaced by others, which a note has to say: here is what it says.
#include "core/import/unread.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace convlens::pasted {

namespace {

constexpr int kDeepest = 20;  // variables and calls within each other that are looked through

// What makes an array of the numbers that are written in its brackets.
constexpr std::string_view kTaking =
    "tensor array asarray as_tensor constant Tensor FloatTensor DoubleTensor Variable float32 float64 matrix double "
    "single float asanyarray convert_to_tensor";

// Methods that leave an array's shape as it is.
constexpr std::string_view kKeeping = "float double half int long type astype to cuda cpu contiguous copy clone detach";

constexpr std::string_view kRandom =
    "empty empty_like rand randn rand_like randn_like random normal uniform randint integers truncated_normal "
    "standard_normal random_sample Input placeholder";

// What is written in the brackets: the list of torch.tensor([1, 2]).float().
Node list_of(PastedText& text, const Node& node) {
    Node found = resolved(text, node);
    for (int i = 0; i < kDeepest; ++i) {
        const bool taking = found.kind == Node::Kind::call && is_one_of(last_part(found.text), kTaking);
        const bool keeping = found.kind == Node::Kind::method && is_one_of(found.text, kKeeping);
        if ((!taking && !keeping) || found.items.empty()) break;
        found = resolved(text, Node(found.items[0]));
    }
    return found;
}

// The lists of a text and what they hold: lengths, and the first number that is not read.
class Written {
public:
    explicit Written(PastedText& text) : text_(text) {}

    const Node* unread() const { return unread_ ? &*unread_ : nullptr; }
    bool has_number() const { return has_number_; }

    // Nothing where rows differ; a shape that is open ("any") for what is not read.
    struct Shape {
        bool any = false;
        std::vector<std::int64_t> lengths;
    };
    std::optional<Shape> shape_of(const Node& node) {
        if (node.kind == Node::Kind::list) return shape_of_list(node);
        const auto told = array_of(text_, node);
        if (told && told->data) {
            has_number_ = true;
            return Shape{false, told->shape};
        }
        if (!unread_) unread_ = node;
        return told ? Shape{false, told->shape} : Shape{true, {}};
    }

private:
    std::optional<Shape> shape_of_list(const Node& list) {
        const bool matlab = text_.manner() == Manner::matlab;
        Shape inner{true, {}};
        for (const Node& item : list.items) {
            const bool joined = matlab && (item.kind == Node::Kind::list) != (list.items[0].kind == Node::Kind::list);
            const auto shape = joined ? std::nullopt : shape_of(item);
            if (!shape || (!shape->any && !inner.any && shape->lengths != inner.lengths)) return {};
            if (!shape->any) inner = *shape;
        }
        inner.lengths.insert(inner.lengths.begin(), std::ssize(list.items));
        inner.any = false;
        return inner;
    }

    PastedText& text_;
    std::optional<Node> unread_;
    bool has_number_ = false;
};

// A number that is not read, as it is written.
std::string named(const Node& node) {
    switch (node.kind) {
        case Node::Kind::name: return node.text;
        case Node::Kind::string: return fmt::format("\"{}\"", node.text);
        case Node::Kind::call: return node.text + "(...)";
        case Node::Kind::unary: return node.text + named(node.items[0]);
        default: return "a number";
    }
}

bool is_random_within(PastedText& text, const Node& node, int depth) {
    if (depth == 0) return false;
    const Node value = resolved(text, node);
    const bool called = value.kind == Node::Kind::call || value.kind == Node::Kind::method;
    if (called && is_one_of(last_part(value.text), kRandom)) return true;
    if (value.kind == Node::Kind::list || value.kind == Node::Kind::number) return false;
    if (value.kind == Node::Kind::call && !first_parts(value.text).empty()) {  // x.reshape(1, 3, 8, 8)
        Node receiver = value;
        receiver.kind = Node::Kind::name;
        receiver.text = first_parts(value.text);
        receiver.items.clear();
        receiver.keywords.clear();
        if (is_random_within(text, receiver, depth - 1)) return true;
    }
    return std::ranges::any_of(value.items, [&](const Node& item) { return is_random_within(text, item, depth - 1); });
}

}  // namespace

std::optional<ToldArray> written_shape(PastedText& text, const Node& node) {
    const Node list = list_of(text, node);
    if (list.kind != Node::Kind::list) return {};
    Written written(text);
    const auto shape = written.shape_of(list);
    if (!shape || !written.unread() || !written.has_number()) return {};
    return ToldArray{shape->lengths, {}};
}

std::string unread_number(PastedText& text, const Node& node) {
    const Node list = list_of(text, node);
    Written written(text);
    return list.kind == Node::Kind::list && written.shape_of(list) && written.unread() ? named(*written.unread()) : "";
}

std::string unread_text(PastedText& text, const Node& node, std::string_view of) {
    if (const std::string number = unread_number(text, node); !number.empty())
        return fmt::format("{} of {} is not read, so none of its numbers are; others were taken", number, of);
    const Node value = resolved(text, node);
    if (value.kind == Node::Kind::call)
        return fmt::format("{} is made by {}(...), whose numbers are not read; others were taken", of, value.text);
    return fmt::format("the numbers of {} are not told; others were taken", of);
}

bool is_random_array(PastedText& text, const Node& node) { return is_random_within(text, node, kDeepest); }

}  // namespace convlens::pasted
