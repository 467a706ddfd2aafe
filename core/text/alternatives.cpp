#include "core/text/alternatives.h"

#include <utility>

namespace convlens {

Message either(std::vector<Message> names) {
    if (names.empty()) return {};
    Message all = std::move(names.back());
    names.pop_back();
    for (bool last = true; !names.empty(); last = false) {
        const auto first = "first"_is(std::move(names.back()));
        const auto rest = "rest"_is(std::move(all));
        names.pop_back();
        all = last ? msg(key_in("choices", "{first} or {rest}"), first, rest)
                   : msg(key_in("choices", "{first}, {rest}"), first, rest);
    }
    return all;
}

}  // namespace convlens
