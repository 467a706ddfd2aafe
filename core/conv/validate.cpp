#include "core/conv/validate.h"

#include "core/conv/fixes.h"
#include "core/conv/rule_messages.h"
#include "core/conv/rules.h"

namespace convlens {

std::vector<Problem> validate(const LayerShape& layer) {
    std::vector<Problem> problems;
    for (const Fault& fault : find_faults(layer)) {
        Problem problem;
        problem.kind = fault.kind;
        problem.field = fault.field;
        if (fault.rows != fault.columns) problem.axis = fault.rows ? Axis::h : Axis::w;
        problem.message = message_of(layer, fault);
        problem.fixes = find_fixes(layer, fault);
        problems.push_back(std::move(problem));
    }
    return problems;
}

}  // namespace convlens
