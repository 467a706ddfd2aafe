// What is done to an array before a layer takes it, where that is not followed.
#include <algorithm>

#include "core/codegen/import_value.h"

namespace convlens::pasted {

namespace {

constexpr int kMostChanges = 6;  // one after the other, that are looked through

bool is_changed(PastedText& text, const Node& node, int changes);

bool mentions_array(PastedText& text, const Node& node, int changes) {
    if (node.kind == Node::Kind::name) return array_of(text, node) || is_changed(text, node, changes);
    return std::ranges::any_of(node.items, [&](const Node& i) { return mentions_array(text, i, changes); });
}

// A call or method that is given an array.
bool takes_array(PastedText& text, const Node& value, int changes) {
    if (value.kind != Node::Kind::call && value.kind != Node::Kind::method) return false;
    if (std::ranges::any_of(value.items, [&](const Node& i) { return mentions_array(text, i, changes); })) return true;
    Node receiver = value;  // x.sum()
    receiver.kind = Node::Kind::name;
    receiver.text = first_parts(value.text);
    return value.kind == Node::Kind::call && !receiver.text.empty() && mentions_array(text, receiver, changes);
}

bool is_changed(PastedText& text, const Node& node, int changes) {
    const auto value = changes > 0 ? text.assigned(node) : std::nullopt;
    if (!value) return false;
    return value->kind == Node::Kind::name ? is_changed(text, *value, changes - 1)
                                           : takes_array(text, *value, changes - 1);
}

}  // namespace

std::optional<std::string> changed_first(PastedText& text, const Node& node) {
    if (array_of(text, node)) return {};
    const Node value = resolved(text, node);
    if (!takes_array(text, value, kMostChanges)) return {};
    if (value.kind == Node::Kind::call) return value.text + "(...)";
    return value.text.starts_with('[') ? value.text : "." + value.text;
}

}  // namespace convlens::pasted
