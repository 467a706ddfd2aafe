// What a text does to a layer's result: y = F.relu(F.conv2d(...)), then y = y[..., 1:]. A bias that is added, and parts
// that are taken, become the layer's where that is the same; what else is done is said.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/import/axes.h"
#include "core/import/lines.h"
#include "core/import/neighbours.h"
#include "core/import/programs.h"
#include "core/import/result.h"
#include "core/import/slices.h"
#include "core/import/turns.h"
#include "core/import/unread.h"

namespace convlens::pasted {

namespace {

constexpr int kMostLeftOut = 50;

using Path = std::vector<const Node*>;  // a node, then those around it, the innermost first

// What only looks at a result.
constexpr std::string_view kLooking =
    "print disp fprintf printf display imshow cv2_imshow show plot tuple list str len repr int float type isinstance "
    "shape size dim ndim numel tolist item assert_allclose allclose assert_close summary imwrite save savez dtype "
    "compute_output_shape eval backward append add Sequential";

// What leaves its numbers and their order as they are.
constexpr std::string_view kKeeping =
    "detach numpy cpu cuda to float double half contiguous clone copy asarray array convert_to_numpy identity astype "
    "eval requires_grad_ single convert_to_tensor get";

// What changes nothing where a statement only looks at the result.
constexpr std::string_view kFlattening = "flatten reshape view squeeze ravel transpose permute mean sum max min";

bool is_bias_name(std::string_view name) {
    const std::string low = lower(last_part(name));
    return low == "b" || low.find("bias") != std::string::npos;
}

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

// A statement: the variable that it sets, "" for none, and the expression.
struct Statement {
    std::string sets;
    std::string sign;  // "=", "+=", "" for none
    bool returns = false;
    bool into_part = false;  // y[:, 0] = ...: a part of the variable
    Node value;
    std::size_t at = 0;  // its first token
    Line line;
};

class After {
public:
    After(PastedText& text, ImportedLayer& imported, const IsLayer& is_layer)
        : text_(text), imported_(imported), is_layer_(is_layer), lines_(lines_of(text)), letters_(imported.axes) {}

    void run(std::size_t layer) {
        if (is_in_graph_text(text_, layer)) return;  // what the other nodes do is said where the node is read
        if (is_module()) {
            note_wrapper(layer);
            note_neighbours(layer);
        }
        const Line* line = line_of(lines_, layer);
        if (!line) return finish();
        Statement statement = statement_at(*line);
        if (imported_.program == "ONNX" && is_node_text(text_, layer)) {
            follow(statement, next_of(statement));
            return finish();
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
            return finish();
        }
        if (take(path, statement)) follow(statement, next_of(statement));
        finish();
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
        if (more) left_out(line_written(text_, line), tokens[line.from].at);
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
        const std::string own = layer_variable({text_, layer, ""});
        const std::string& variable = own.empty() ? around.variable : own;
        const bool last = std::ranges::none_of(around.after, [&](std::size_t at) { return is_layer_at(at); });
        if (variable.empty() || !last) return;
        variable_ = variable;
        for (auto at = std::ranges::upper_bound(lines_, layer, {}, &Line::from); at != lines_.end(); ++at) {
            Statement statement = statement_at(*at);
            Path path;
            const auto calls = [&](const Node& node) { return node.kind == Node::Kind::call && node.text == variable; };
            const bool called = find_path(
                statement.value, [&](const Node& n) { return calls(n) && !holds(n, calls); }, path);
            if (!called) continue;
            text_.account(statement.at);
            if (take(path, statement)) follow(statement, at + 1);
            return;
        }
    }

    bool is_layer_at(std::size_t at) const { return is_layer_(text_.tokens()[at].text); }

    // nn.Sequential(nn.Upsample(2), nn.Conv2d(...), nn.ReLU()): what stands beside the layer, as far as the next ones.
    void note_neighbours(std::size_t layer) {
        const Neighbours around = neighbours_of(text_, layer);
        const auto& tokens = text_.tokens();
        for (const std::size_t at : changing(around.after)) left_out(tokens[at].text, tokens[at].at);
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
                add(statement.sign.substr(0, 1), statement.value, statement);
                continue;
            }
            if (effect_of(text_, *next, result) == Effect::changes && !sets_another_part(first, statement)) {
                left_out(line_written(text_, *next), statement);
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
            const int before = left_out_;
            if (!take_own(*path.front(), result, statement)) {
                if (left_out_ > before) name_rest(path, 1, statement);
                return;
            }
            if (!take(path, statement)) return;
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
        const auto border = border_of_set(text_, *text_.cells_set(statement.value), letters_);
        if (!border || !take_outer_border(imported_, *border))
            return left_out(msg("the cells of {array}", "array"_is(statement.value.text)), statement);
        taken_.push_back(border->made_by);
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
            return node.text == result || is_one_of(last_part(node.text), "T") ||
                   !is_one_of(last_part(node.text), kLooking);
        if (text_.manner() == Manner::matlab && node.text == result)
            return cut(matlab_part_of(imported_, node), node.text + "(...)", statement);
        Node own = node;
        own.kind = Node::Kind::method;
        own.text = last_part(node.text);
        own.items.insert(own.items.begin(), Node{});
        own.keywords.insert(own.keywords.begin(), "");
        return step(own, nullptr, statement);
    }

    // The nodes around the first of a path. False: what comes behind is no longer followed.
    bool take(const Path& path, const Statement& statement) {
        const bool looks = std::ranges::any_of(path, [](const Node* node) {
            const bool call = node->kind == Node::Kind::call || node->kind == Node::Kind::method;
            return call && is_one_of(last_part(node->text), kLooking);
        });
        looks_ = looks && statement.sets.empty() && !statement.returns;
        for (std::size_t i = 1; i < path.size(); ++i) {
            const int before = left_out_;
            if (step(*path[i], path[i - 1], statement)) continue;
            if (left_out_ > before) name_rest(path, i + 1, statement);
            return false;
        }
        return true;
    }

    // Behind a change that is left out, the others of its statement are too: .relu().sum() are two.
    void name_rest(const Path& path, std::size_t from, const Statement& statement) {
        for (std::size_t i = from; i < path.size(); ++i) {
            const Node& node = *path[i];
            const bool call = node.kind == Node::Kind::call;
            if (node.kind == Node::Kind::binary) left_out(operation(node.text), statement);
            if (node.kind == Node::Kind::method)
                name_call(node.text.starts_with('[') ? node.text : "." + node.text + "(...)", node.text, statement);
            if (node.kind == Node::Kind::applied) left_out(node.items[0].text + "(...)", statement);
            if (call && is_layer_(node.text)) return;
            if (call) name_call(node.text + "(...)", last_part(node.text), statement);
        }
    }

    void name_call(const std::string& written, std::string_view name, const Statement& statement) {
        const bool quiet =
            is_one_of(name, kKeeping) || is_one_of(name, kLooking) || (looks_ && is_one_of(name, kFlattening));
        if (!quiet) left_out(written, statement);
    }

    // What `node` does to the result, which `inside` has become so far.
    bool step(const Node& node, const Node* inside, const Statement& statement) {
        switch (node.kind) {
            case Node::Kind::method:
                if (node.text.starts_with('[')) return cut(slices_of(node.text), node.text, statement);
                return called(node, node.text, "." + node.text, statement);
            case Node::Kind::call: return called(node, last_part(node.text), node.text, statement);
            case Node::Kind::binary:
                return add(node.text, inside == &node.items[0] ? node.items[1] : node.items[0], statement);
            case Node::Kind::list: return true;
            case Node::Kind::applied:
                return is_layer_(node.items[0].text) ? false : left_out(node.items[0].text + "(...)", statement);
            default: return left_out(key("an operation"), statement);
        }
    }

    bool called(const Node& node, std::string_view name, const std::string& written, const Statement& statement) {
        if (makes_whole(node, name)) return left_out(written + "(...)", statement);
        if (is_one_of(name, kKeeping) || (looks_ && is_one_of(name, kFlattening))) return true;
        if (is_one_of(name, kLooking)) return false;
        if (name == "transpose" || name == "permute") return reorder(node, name, 1);
        if (name == "bias_add" && node.items.size() > 1) return add("+", node.items[1], statement);
        if (is_padding_function(name) && node.kind == Node::Kind::call) return pad(node, statement);
        const bool again = node.kind == Node::Kind::call && !variable_.empty() && node.text == variable_;
        if (node.kind == Node::Kind::call && !again && is_layer_(node.text)) return false;
        return left_out(written + "(...)", statement);
    }

    // y.astype(np.uint8), y.to(torch.int32): numbers lose what is behind the point.
    static bool makes_whole(const Node& node, std::string_view name) {
        if (!is_one_of(name, "astype to cast type array asarray")) return false;
        return std::ranges::any_of(node.items, [](const Node& item) {
            const std::string_view type = last_part(item.text);
            const bool word = item.kind == Node::Kind::name || item.kind == Node::Kind::string;
            return word && (type.starts_with("int") || type.starts_with("uint") || is_one_of(type, "bool long short"));
        });
    }

    // np.transpose(y, (0, 3, 1, 2)): the numbers stay.
    bool reorder(const Node& node, std::string_view method, std::size_t first) {
        const bool two = node.items.size() == first + 2;
        const auto order = order_of(method, axes_in(text_, node, first), two, letters_.size());
        std::string to;
        for (const std::int64_t axis : order) {
            if (axis < 0 || axis >= std::ssize(letters_)) return true;
            to += letters_[static_cast<std::size_t>(axis)];
        }
        if (to.size() == letters_.size()) letters_ = to;
        return true;
    }

    bool cut(const std::optional<std::vector<Slice>>& slices, const std::string& written, const Statement& statement) {
        const auto all = slices ? along_axes(*slices, letters_.size()) : std::nullopt;
        if (!all) return left_out(written, statement);
        Slice rows;
        Slice columns;
        for (std::size_t i = 0; i < all->size(); ++i) {
            if (letters_[i] == 'H')
                rows = (*all)[i];
            else if (letters_[i] == 'W')
                columns = (*all)[i];
            else if (!(*all)[i].is_whole())
                return left_out(written, statement);
        }
        if (rows.is_whole() && columns.is_whole()) return true;
        if (!take_part(imported_, rows, columns)) return left_out(written, statement);
        taken_.push_back(verbatim(written));
        return true;
    }

    bool pad(const Node& call, const Statement& statement) {
        const auto border = function_border(text_, call, letters_);
        if (!border || !take_outer_border(imported_, *border)) return left_out(call.text + "(...)", statement);
        taken_.push_back(verbatim(call.text + "(...)"));
        return true;
    }

    // y + bias, y + bias.reshape(1, -1, 1, 1): one number a channel.
    bool add(std::string_view sign, const Node& value, const Statement& statement) {
        const auto told = sign == "+" ? array_of(text_, value) : std::nullopt;
        const std::int64_t channels = imported_.layer.spec.out_channels;
        const bool fits = told && told->data && std::ssize(*told->data) == channels;
        if (sign == "/" && divides(value)) return true;
        const bool named =
            sign == "+" && !(told && told->data) && value.kind == Node::Kind::name && is_bias_name(value.text);
        if (imported_.has_bias != false || (!fits && !named)) return left_out(operation(sign), statement);
        imported_.has_bias = true;
        if (!fits) {
            imported_.notes.push_back(
                unread_text(text_, value, msg("{value}, which is added as the bias,", "value"_is(value.text))));
            return true;
        }
        imported_.layer.bias_length = channels;
        imported_.bias = Tensor<double>({1, channels, 1, 1}, *told->data);
        return true;
    }

    // lax.reduce_window(..., lax.add, ...) / 9: the sum of windows is their average.
    bool divides(const Node& value) {
        ConvSpec& spec = imported_.layer.spec;
        const auto number = number_of(text_, value);
        const bool sum = spec.op == Op::avg_pool && spec.divisor_override == 1;
        if (!sum || !number || !(*number >= 1 && *number <= 0x1p53) || *number != std::floor(*number)) return false;
        spec.divisor_override = static_cast<std::int64_t>(*number);
        return true;
    }

    bool left_out(const std::string& code, const Statement& statement) { return left_out(verbatim(code), statement); }
    bool left_out(const Message& what, const Statement& statement) {
        if (left_out_ < kMostLeftOut) text_.account(statement.at);
        return left_out(what, text_.tokens()[statement.at].at);
    }

    // Of very many changes the first are said.
    bool left_out(const std::string& code, std::size_t at) { return left_out(verbatim(code), at); }
    bool left_out(const Message& what, std::size_t at) {
        if (++left_out_ > kMostLeftOut) return false;
        imported_.notes.push_back(
            msg("the result is changed after the layer by {change}, at {place}, which was left out", "change"_is(what),
                "place"_is(text_.place(at))));
        return false;
    }

    void finish() {
        if (taken_.empty()) return;
        const ConvSpec& spec = imported_.layer.spec;
        imported_.notes.push_back(msg(
            "{parts} after the layer became its settings: stride {vertical}×{horizontal}, padding top {top}, bottom "
            "{bottom}, left {left}, right {right}",
            "parts"_is(listed(taken_)), "vertical"_is(spec.stride.h), "horizontal"_is(spec.stride.w),
            "top"_is(spec.pads.top), "bottom"_is(spec.pads.bottom), "left"_is(spec.pads.left),
            "right"_is(spec.pads.right)));
        widen_dialect(imported_);
    }

    PastedText& text_;
    ImportedLayer& imported_;
    const IsLayer& is_layer_;
    std::vector<Line> lines_;
    std::string letters_;  // of the result at hand, one an axis
    std::vector<Message> taken_;
    std::string variable_;  // of a module: what its calls are named
    int left_out_ = 0;      // changes that were met
    bool looks_ = false;    // the statement at hand prints or plots
};

}  // namespace

void take_what_follows(PastedText& text, std::size_t layer, ImportedLayer& imported, const IsLayer& is_layer) {
    After(text, imported, is_layer).run(layer);
}

}  // namespace convlens::pasted
