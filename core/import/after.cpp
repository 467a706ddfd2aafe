// Follows a layer's result through the text: y = F.relu(F.conv2d(...)), then y = y[..., 1:]. What each of these does to the
// layer is ResultChanges' to say.
#include <algorithm>
#include <array>
#include <utility>

#include "core/import/lines.h"
#include "core/import/neighbours.h"
#include "core/import/programs.h"
#include "core/import/result.h"
#include "core/import/result_changes.h"
#include "core/import/slices.h"

namespace convlens::pasted {

namespace {

template <typename Is>
bool find_path(const Node& node, const Is& is, Path& path) {
    if (is(node)) {
        path.push_back(&node);
        return true;
    }
    for (const Node& item : node.items) {
        if (!find_path(item, is, path)) continue;
        path.push_back(&node);
        return true;
    }
    return false;
}

// Whether something within a node is one.
template <typename Is>
bool holds(const Node& node, const Is& is) {
    return std::ranges::any_of(node.items, [&](const Node& item) { return is(item) || holds(item, is); });
}

class After {
public:
    After(PastedText& text, ImportedLayer& imported, const IsLayer& is_layer)
        : text_(text),
          imported_(imported),
          is_layer_(is_layer),
          lines_(lines_of(text)),
          changes_(text, imported, is_layer) {}

    void run(std::size_t layer) {
        if (is_in_graph_text(text_, layer)) return;  // what the other nodes do is said where the node is read
        if (is_module()) {
            note_wrapper(layer);
            note_neighbours(layer);
        }
        const Line* line = line_of(lines_, layer);
        if (!line) return changes_.finish();
        Statement statement = statement_at(*line);
        if (imported_.program == "ONNX" && is_node_text(text_, layer)) {
            follow(statement, next_of(statement));
            return changes_.finish();
        }
        const std::size_t at = text_.tokens()[layer].at;
        Path path;
        const bool found = find_path(
            statement.value, [&](const Node& node) { return node.kind == Node::Kind::call && node.at == at; }, path);
        if (!found || (is_module() && !apply_module(path))) {
            if (is_module())
                follow_module(layer);
            else
                note_around(*line, layer);
            return changes_.finish();
        }
        if (changes_.take(path, statement)) follow(statement, next_of(statement));
        changes_.finish();
    }

private:
    using Lines = std::vector<Line>::const_iterator;

    bool is_module() const { return imported_.is_module; }

    Lines next_of(const Statement& statement) const {
        return std::ranges::upper_bound(lines_, statement.at, {}, &Line::from);
    }

    Statement statement_at(const Line& line) {
        const auto& tokens = text_.tokens();
        Statement statement;
        statement.line = line;
        statement.at = line.from;
        std::size_t value = line.from;
        static constexpr std::array<std::string_view, 5> kSetting{"=", "+=", "-=", "*=", "/="};
        if (const std::size_t sign = sign_after_target(line);
            sign < line.to && std::ranges::find(kSetting, tokens[sign].text) != kSetting.end()) {
            statement.sets = tokens[line.from].text;
            statement.sign = tokens[sign].text;
            statement.into_part = sign != line.from + 1;
            value = sign + 1;
        } else if (tokens[line.from].text == "return") {
            statement.returns = true;
            value = line.from + 1;
        }
        statement.value = text_.value_at(value);
        return statement;
    }

    // Behind y, or y[:, 0] and MATLAB's y(:, :, 1).
    std::size_t sign_after_target(const Line& line) const {
        const auto& tokens = text_.tokens();
        if (!tokens[line.from].is_name() || line.from + 1 >= line.to) return line.to;
        if (!opens(tokens[line.from + 1])) return line.from + 1;
        return closing_of(tokens, line.from + 1) + 1;
    }

    // spectral_norm(nn.Conv2d(3, 8, 3)), which may make another layer of it.
    void note_wrapper(std::size_t layer) {
        static constexpr std::string_view kHolders =
            "Sequential OrderedDict ModuleList ModuleDict Chain DataParallel add append insert extend add_module Model "
            "register_module print disp len list tuple str repr type isinstance summary super compile script jit to";
        const auto& tokens = text_.tokens();
        if (layer < 2 || !tokens[layer - 1].is("(") || !tokens[layer - 2].is_name()) return;
        const std::string& wrapper = tokens[layer - 2].text;
        const bool applied = tokens[std::min(text_.call_at(layer).end, tokens.size() - 1)].is("(");
        if (applied || is_one_of(last_part(wrapper), kHolders) || is_layer_at(layer - 2)) return;
        imported_.notes.push_back(
            msg("the layer is given to {function}(...), at {place}, which may change it and was left out",
                "function"_is(wrapper), "place"_is(text_.place(tokens[layer - 2].at))));
    }

    // A function whose statement is more than an expression that can be read: y = conv2(a, k) > 3.
    void note_around(const Line& line, std::size_t layer) {
        const auto& tokens = text_.tokens();
        const std::size_t end = text_.call_at(layer).end;
        const bool more = end < line.to && tokens[end].kind == Token::Kind::sign && !tokens[end].is(")") &&
                          !tokens[end].is(",") && !tokens[end].is("]") && !tokens[end].is(":");
        if (more) changes_.left_out(line_written(text_, line), tokens[line.from].at);
    }

    // Takes the application of a module, nn.Conv2d(...)(x), off the path; whether there is one.
    static bool apply_module(Path& path) {
        if (path.size() < 2 || path[1]->kind != Node::Kind::applied) return false;
        path.erase(path.begin());
        return true;
    }

    // Where the variable is called that a layer, or the sequence that it is the last layer of, is set to.
    void follow_module(std::size_t layer) {
        const Neighbours around = neighbours_of(text_, layer);
        std::vector<std::string> names = layer_variables(text_, layer);
        if (names.empty() && !around.variable.empty()) names.push_back(around.variable);
        const bool last = std::ranges::none_of(around.after, [&](std::size_t at) { return is_layer_at(at); });
        if (names.empty() || !last) return;
        changes_.set_names(names);
        for (auto at = std::ranges::upper_bound(lines_, layer, {}, &Line::from); at != lines_.end(); ++at) {
            Statement statement = statement_at(*at);
            Path path;
            const auto calls = [&](const Node& node) {
                return node.kind == Node::Kind::call && std::ranges::count(names, node.text) > 0;
            };
            const bool called = find_path(
                statement.value, [&](const Node& n) { return calls(n) && !holds(n, calls); }, path);
            if (!called) continue;
            text_.account(statement.at);
            if (changes_.take(path, statement)) follow(statement, at + 1);
            return;
        }
    }

    bool is_layer_at(std::size_t at) const { return is_layer_(text_.tokens()[at].text); }

    // nn.Sequential(nn.Upsample(2), nn.Conv2d(...), nn.ReLU()): what stands beside the layer, as far as the next ones.
    void note_neighbours(std::size_t layer) {
        const Neighbours around = neighbours_of(text_, layer);
        const auto& tokens = text_.tokens();
        for (const std::size_t at : changing(around.after)) changes_.left_out(tokens[at].text, tokens[at].at);
        const std::vector<std::size_t> before(around.before.rbegin(), around.before.rend());
        bool padding = true;  // those directly in front of the layer have become its padding
        for (const std::size_t at : changing(before)) {
            padding = padding && is_padding_module(tokens[at].text);
            if (!padding)
                imported_.notes.push_back(
                    msg("the input is changed before the layer by {change}, at {place}, which was left out",
                        "change"_is(tokens[at].text), "place"_is(text_.place(tokens[at].at))));
        }
    }

    // Of modules, the nearest first, those that change anything, up to the next layer; of very many the first.
    std::vector<std::size_t> changing(const std::vector<std::size_t>& modules) const {
        constexpr std::size_t kMost = 50;
        std::vector<std::size_t> found;
        for (const std::size_t at : modules) {
            if (is_layer_at(at) || found.size() == kMost) break;
            if (changes(at)) found.push_back(at);
        }
        return found;
    }

    bool changes(std::size_t module) const {
        return !is_one_of(last_part(text_.tokens()[module].text), "Identity Input InputLayer");
    }

    // Statements behind the layer's, as long as they go on with its result.
    void follow(const Statement& first, Lines next) {
        std::string result = first.sets;
        if (result.empty() || first.returns) return;
        for (; next != lines_.end(); ++next) {
            Statement statement = statement_at(*next);
            Path path;
            const bool uses = find_path(
                statement.value, [&](const Node& node) { return is_result(node, result); }, path);
            if (statement.sets == result && !statement.into_part && statement.sign != "=" && !statement.sign.empty()) {
                text_.account(statement.at);
                changes_.add(statement.sign.substr(0, 1), statement.value, statement);
                continue;
            }
            if (effect_of(text_, *next, result) == Effect::changes && !sets_another_part(first, statement)) {
                changes_.left_out(line_written(text_, *next), statement);
                continue;
            }
            if (!uses) {
                if (is_set_into(statement, result)) {
                    if (!take_set(statement)) return;
                    text_.account(statement.at);
                    result = statement.sets;
                } else if (statement.sets == result && !statement.into_part) {
                    return;
                }
                continue;
            }
            if (statement.sets.empty() && !statement.returns) continue;  // print(y)
            const int before = changes_.left_out();
            if (!take_own(*path.front(), result, statement)) {
                if (changes_.left_out() > before) changes_.name_rest(path, 1, statement);
                return;
            }
            if (!changes_.take(path, statement)) return;
            text_.account(statement.at);
            if (statement.returns) return;
            if (statement.into_part && statement.value.kind == Node::Kind::name) continue;  // padded(2:4, 1:3) = y
            result = statement.sets;
        }
    }

    // y(:, :, 1) = conv2(...), then y(:, :, 2) = conv2(...): another result.
    static bool sets_another_part(const Statement& first, const Statement& statement) {
        return first.into_part && statement.into_part && statement.sets == first.sets && statement.sign == "=";
    }

    // padded(2:4, 1:3) = y, and then z = padded.
    bool is_set_into(const Statement& statement, const std::string& result) {
        if (statement.value.kind != Node::Kind::name || statement.sets.empty()) return false;
        const auto set = text_.cells_set(statement.value);
        return set && set->value.kind == Node::Kind::name && set->value.text == result;
    }

    bool take_set(const Statement& statement) {
        const auto border = border_of_set(text_, *text_.cells_set(statement.value), changes_.letters());
        if (!border || !changes_.take_border(*border))
            return changes_.left_out(msg("the cells of {array}", "array"_is(statement.value.text)), statement);
        return true;
    }

    bool is_result(const Node& node, const std::string& result) const {
        if (node.kind == Node::Kind::name) return node.text == result || first_parts(node.text) == result;
        if (node.kind != Node::Kind::call) return false;
        return first_parts(node.text) == result || (text_.manner() == Manner::matlab && node.text == result);
    }

    // y.relu() and MATLAB's y(2:end, :) are calls whose name has the result in it.
    bool take_own(const Node& node, const std::string& result, const Statement& statement) {
        if (node.kind == Node::Kind::name)
            return node.text == result || is_one_of(last_part(node.text), "T") || !only_looks(last_part(node.text));
        if (text_.manner() == Manner::matlab && node.text == result)
            return changes_.cut(matlab_part_of(imported_, node), node.text + "(...)", statement);
        Node own = node;
        own.kind = Node::Kind::method;
        own.text = last_part(node.text);
        own.items.insert(own.items.begin(), Node{});
        own.keywords.insert(own.keywords.begin(), "");
        return changes_.step(own, nullptr, statement);
    }

    PastedText& text_;
    ImportedLayer& imported_;
    const IsLayer& is_layer_;
    std::vector<Line> lines_;
    ResultChanges changes_;
};

}  // namespace

void take_what_follows(PastedText& text, std::size_t layer, ImportedLayer& imported, const IsLayer& is_layer) {
    After(text, imported, is_layer).run(layer);
}

}  // namespace convlens::pasted
