#include "app/document/chain.h"

#include <algorithm>
#include <utility>

#include "core/conv/changes.h"
#include "core/conv/parameters.h"
#include "core/conv/rules.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/text/ascii.h"
#include "core/text/number.h"

namespace convlens {

namespace {

const Layer& at(const Document& document, int layer) { return document.layers[static_cast<std::size_t>(layer)]; }

std::int64_t cells_of(const Shape4& shape) { return element_count(shape).value_or(kMaxDocumentCells + 1); }

// Numbers that a document would keep for a layer of this shape.
std::int64_t kept_cells(const Layer& layer, const LayerShape& shape) {
    std::int64_t cells = source_of(layer) ? 0 : cells_of(shape.input);
    if (is_pooling(shape.spec.op)) return cells + layer.weight->size();
    return cells + cells_of(weight_shape(shape.spec, shape.input.c)) + (layer.bias ? shape.spec.out_channels : 0);
}

// The shapes of all layers once each that reads another one's output reads it as it is, and `changed`, if any, has other
// settings; as far as the first that cannot be computed.
struct Followed {
    std::vector<LayerShape> shapes;
    bool broken = false;  // the last of `shapes` is the layer that cannot be computed

    // Precondition: broken.
    BrokenLayer broken_layer() const {
        return {static_cast<int>(shapes.size()) - 1, shapes.back().input, validate(shapes.back())};
    }
};
Followed follow(const Document& document, std::optional<int> changed = {}, const LayerShape& wanted = {}) {
    Followed all;
    std::vector<Shape4> outputs;
    for (int i = 0; i < static_cast<int>(document.layers.size()) && !all.broken; ++i) {
        const Layer& layer = at(document, i);
        LayerShape shape = i == changed ? wanted : layer_shape(layer);
        shape.weight.reset();
        shape.bias_length.reset();
        if (const auto source = source_of(layer)) shape.input = outputs[static_cast<std::size_t>(*source)];
        all.broken = (i == changed || shape.input != input_shape(layer)) && !find_faults(shape).empty();
        if (!all.broken) outputs.push_back(output_shape(shape.spec, shape.input));
        all.shapes.push_back(std::move(shape));
    }
    return all;
}

std::int64_t kept_cells(const Document& document, const std::vector<LayerShape>& shapes) {
    std::int64_t cells = 0;
    for (std::size_t i = 0; i < shapes.size(); ++i) cells += kept_cells(document.layers[i], shapes[i]);
    return cells;
}

std::int64_t kept_cells(const Document& document) {
    std::int64_t cells = 0;
    for (const Layer& layer : document.layers) cells += convlens::kept_cells(layer);
    return cells;
}

// Settings that may be given to a layer: everything can then be computed, and kept.
bool possible(const Document& document, int layer, const LayerShape& wanted) {
    const Layer& own = at(document, layer);
    if (source_of(own) && wanted.input != input_shape(own)) return false;
    const Followed all = follow(document, layer, wanted);
    if (all.broken) return false;
    const std::int64_t cells = kept_cells(document, all.shapes);
    return cells <= kMaxDocumentCells || cells <= kept_cells(document);
}

constexpr std::size_t kMostFixes = 3;

// Calls try_it(shape) with the numbers of one changed setting nearer and nearer to what they were, and as far on the other
// side of what is wanted, until it says that it has enough. Both axes move together where both were changed.
template <typename Try>
void for_each_nearer(const LayerShape& before, const LayerShape& wanted, const Parameter& row, Try try_it) {
    constexpr std::int64_t kFarthest = 1024;
    const Size2 from = shown_number(before, row.id), to = shown_number(wanted, row.id);
    const auto moved = [](std::int64_t value, std::int64_t towards, std::int64_t by) {
        return value == towards ? value : value + (towards > value ? by : -by);
    };
    const std::int64_t apart = std::max(std::abs(to.h - from.h), std::abs(to.w - from.w));
    for (std::int64_t by = 1; by <= std::min(std::max<std::int64_t>(apart, 16), kFarthest); ++by) {
        for (const std::int64_t step : {by, -by}) {
            const auto nearer = [&](std::int64_t value, std::int64_t origin) {
                const std::int64_t next = moved(value, origin, step);
                const bool beyond = step > 0 && (value > origin ? next < origin : next > origin);
                return std::max(beyond ? origin : next, row.least);
            };
            LayerShape tried = wanted;
            set_number(tried, row.id, Axis::h, nearer(to.h, from.h));
            set_number(tried, row.id, Axis::w, nearer(to.w, from.w));
            if (try_it(tried)) return;
        }
    }
}

// Of one setting that was changed, the nearest numbers that everything can be computed with; else as it was.
void add_nearer(const Document& document, int layer, const LayerShape& wanted, std::vector<LayerShape>& found) {
    const LayerShape before = layer_shape(at(document, layer));
    for (const Change& change : changes(before, wanted)) {
        if (change.field == Field::weight || change.field == Field::bias) continue;
        const Parameter& row = parameter(change.field);
        if (!is_number(row)) continue;
        std::size_t more = 2;
        for_each_nearer(before, wanted, row, [&](const LayerShape& tried) {
            if (tried == wanted || std::ranges::find(found, tried) != found.end()) return false;
            if (!possible(document, layer, tried)) return false;
            found.push_back(tried);
            return --more == 0;
        });
    }
}

// The fixes of a problem that keep the whole document possible; where there is none the nearest settings that do, and the
// present ones at least.
std::vector<Fix> whole_fixes(const Document& document, int layer, const LayerShape& wanted, std::vector<Fix> own) {
    std::erase_if(own, [&](const Fix& fix) { return !possible(document, layer, fix.after); });
    if (!own.empty()) return own;
    std::vector<LayerShape> found;
    add_nearer(document, layer, wanted, found);
    const LayerShape before = layer_shape(at(document, layer));
    if (found.empty()) found.push_back(before);
    std::ranges::stable_sort(found, {}, [&](const LayerShape& shape) { return size_of_change(wanted, shape); });
    if (found.size() > kMostFixes) found.resize(kMostFixes);
    for (const LayerShape& shape : found) own.push_back({changes_text(wanted, shape), shape});
    return own;
}

// The setting that a problem of the whole is shown at: the first that was changed.
Field changed_field(const LayerShape& before, const LayerShape& wanted) {
    for (const Change& change : changes(before, wanted)) {
        if (change.field != Field::weight && change.field != Field::bias) return parameter(change.field).blamed();
    }
    return Field::input;
}

Problem whole_problem(const Document& document, int layer, const LayerShape& wanted, ErrorKind kind, Message message) {
    Problem problem;
    problem.kind = kind;
    problem.field = changed_field(layer_shape(at(document, layer)), wanted);
    problem.message = std::move(message);
    problem.fixes = whole_fixes(document, layer, wanted, {});
    return problem;
}

}  // namespace

Message layer_title(const Document& document, int layer) {
    const std::string& name = at(document, layer).name;
    return name.empty() ? msg("layer {number}", "number"_is(layer + 1)) : msg("“{name}”", "name"_is(name));
}

bool follows(const Document& document, int layer, int other) {
    for (auto source = source_of(at(document, layer)); source; source = source_of(at(document, *source)))
        if (*source == other) return true;
    return false;
}

std::optional<BrokenLayer> follow_chain(Document& document) {
    const Followed all = follow(document);
    for (std::size_t i = 0; i < all.shapes.size() - (all.broken ? 1 : 0); ++i) {
        Layer& layer = document.layers[i];
        if (all.shapes[i].input != input_shape(layer)) layer = reshaped(layer, all.shapes[i]);
    }
    return all.broken ? std::optional(all.broken_layer()) : std::nullopt;
}

Message broken_text(const Document& document, const BrokenLayer& broken) {
    const auto layer = "layer"_is(layer_title(document, broken.layer));
    const auto reason = "reason"_is(broken.problems.front().message);
    const auto source = source_of(at(document, broken.layer));
    if (!source) return msg("{^layer} cannot be computed: {reason}", layer, reason);
    return msg("{^layer} cannot read the output of {source}, which would be {shape}: {reason}", layer,
               "source"_is(layer_title(document, *source)), "shape"_is(to_string(broken.input)), reason);
}

std::vector<Problem> chain_problems(const Document& document, int layer, const LayerShape& wanted) {
    const Layer& own = at(document, layer);
    if (const auto source = source_of(own); source && wanted.input != input_shape(own)) {
        const Message message = msg(
            "The input of {layer} is the output of {source}, {shape}: its size is set by the settings of that layer.",
            "layer"_is(layer_title(document, layer)), "source"_is(layer_title(document, *source)),
            "shape"_is(to_string(input_shape(own))));
        LayerShape back = wanted;
        back.input = input_shape(own);
        Problem problem = whole_problem(document, layer, wanted, ErrorKind::bad_input, message);
        problem.field = Field::input;
        if (possible(document, layer, back)) problem.fixes = {{changes_text(wanted, back), back}};
        return {problem};
    }
    const Followed all = follow(document, layer, wanted);
    if (all.broken) {
        BrokenLayer broken = all.broken_layer();
        if (broken.layer != layer) {
            return {
                whole_problem(document, layer, wanted, broken.problems.front().kind, broken_text(document, broken))};
        }
        for (Problem& problem : broken.problems)
            problem.fixes = whole_fixes(document, layer, wanted, std::move(problem.fixes));
        return std::move(broken.problems);
    }
    const std::int64_t cells = kept_cells(document, all.shapes);
    if (cells <= kMaxDocumentCells || cells <= kept_cells(document)) return {};
    const Message message =
        plural("With these settings the document would hold {n} number; it holds at most {limit}.",
               "With these settings the document would hold {n} numbers; it holds at most {limit} numbers.", cells,
               "limit"_is(kMaxDocumentCells));
    return {whole_problem(document, layer, wanted, ErrorKind::too_large, message)};
}

void change_layer(Document& document, int layer, const LayerShape& wanted) {
    const auto set = [&document](int index, const LayerShape& shape) {
        Layer& changed = document.layers[static_cast<std::size_t>(index)];
        changed = reshaped(changed, shape);
        follow_chain(document);
    };
    const TensorRef before = own_input(at(document, layer));
    set(layer, wanted);
    if (!before || wanted.input == before->shape() || !document.edit_together) return;
    for (int i = 0; i < static_cast<int>(document.layers.size()); ++i) {
        LayerShape shape = layer_shape(at(document, i));
        shape.input = wanted.input;
        if (own_input(at(document, i)) == before && possible(document, i, shape)) set(i, shape);
    }
}

}  // namespace convlens
