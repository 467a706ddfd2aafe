#include "core/conv/elsewhere.h"

#include "core/conv/faults.h"
#include "core/conv/messages.h"
#include "core/conv/names.h"

namespace convlens {

std::vector<RefusedBy> refused_elsewhere(const LayerShape& layer) {
    if (!find_faults(layer).empty()) return {};
    std::vector<RefusedBy> all;
    for (std::size_t i = 0; i < names<Dialect>().size(); ++i) {
        LayerShape there = layer;
        there.spec.dialect = static_cast<Dialect>(i);
        const std::vector<Fault> faults = find_faults(there);
        if (!faults.empty()) all.push_back({there.spec.dialect, message_of(there, faults.front())});
    }
    return all;
}

}  // namespace convlens
