// The arguments of one call that makes or changes an array, each of which is taken by the one who knows it: what nobody
// took is found at the end. Internal to core/import.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/call.h"
#include "core/import/value.h"

namespace convlens::pasted {

class Given {
public:
    // The items of a call behind its first `from`; `positions` names those without a keyword, in their order.
    Given(const Node& call, std::size_t from, std::string_view positions) : call_(call) {
        const std::vector<std::string_view> names = words(positions);
        std::size_t at = 0;
        for (std::size_t i = from; i < call.items.size(); ++i) {
            const bool named = !call.keywords[i].empty();
            const std::string name = named ? call.keywords[i] : std::string(at < names.size() ? names[at] : "");
            if (!named) ++at;
            items_.push_back({name, &call.items[i], named && is_one_of(name, kHarmless)});
        }
    }

    // The argument by one of these names; nullptr where there is none, or it is None.
    const Node* take(std::string_view names) {
        for (Item& item : items_) {
            if (item.taken || item.name.empty() || !is_one_of(item.name, names)) continue;
            item.taken = true;
            const bool none = item.node->kind == Node::Kind::name && item.node->text == "None";
            return none ? nullptr : item.node;
        }
        return nullptr;
    }

    bool has(std::string_view name) const {
        return std::ranges::any_of(items_, [&](const Item& item) { return item.name == name; });
    }

    // Whether every argument was taken.
    bool is_done() const {
        return std::ranges::all_of(items_, [](const Item& item) { return item.taken; });
    }

    // The call with what nobody took: "np.eye(..., k=...)".
    std::string written() const {
        std::string text = call_.kind == Node::Kind::method ? "." : "";
        text += call_.text + "(...";
        for (const Item& item : items_) {
            if (item.taken) continue;
            if (!item.name.empty()) text += ", " + item.name + "=...";
            break;
        }
        return text + ")";
    }

private:
    // What changes no number of an array.
    static constexpr std::string_view kHarmless =
        "device requires_grad name copy pin_memory subok like layout memory_format non_blocking generator out "
        "preferred_dtype dtype_hint trainable casting";

    struct Item {
        std::string name;
        const Node* node;
        bool taken;
    };
    const Node& call_;
    std::vector<Item> items_;
};

}  // namespace convlens::pasted
