// What a text does to a layer's result: y = F.conv2d(...), then y = y[..., 1:]. A bias that is added is the layer's; what
// else is done is said.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/codegen/import_programs.h"

namespace convlens::pasted {

namespace {

// Tokens that statements begin at.
std::vector<std::size_t> statements_of(const std::vector<Token>& tokens) {
    std::vector<std::size_t> starts;
    int open = 0;
    for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
        if (open == 0 && (i == 0 || tokens[i - 1].ends_statement())) starts.push_back(i);
        if (opens(tokens[i])) ++open;
        if (closes(tokens[i])) open = std::max(open - 1, 0);
    }
    return starts;
}

bool assigns(const std::vector<Token>& tokens, std::size_t at) {
    return tokens[at].is_name() && tokens[at + 1].is("=");
}

// `bias` in y + bias, y + bias.reshape(1, -1, 1, 1) and tf.nn.bias_add(y, bias): one number a channel, in one axis.
std::optional<ToldArray> bias_in(PastedText& text, const Node& value) {
    const auto shape = array_of(text, value.items[1]);
    if (!shape || !shape->data || shape->data->empty()) return {};
    return ToldArray{{static_cast<std::int64_t>(shape->data->size())}, shape->data};
}

bool is_named(const Node& node, std::string_view name) { return node.kind == Node::Kind::name && node.text == name; }

// The sum of y and something; y may be called anything.
bool adds_to(const Node& value, std::string_view result) {
    const bool sum = value.kind == Node::Kind::binary && value.text == "+";
    const bool call = value.kind == Node::Kind::call && last_part(value.text) == "bias_add" && value.items.size() > 1;
    return (sum || call) && is_named(value.items[0], result);
}

// The variable that an expression begins with: y of y[1:] / 2, and of MATLAB's y(1, :).
bool begins_with(const Node& value, std::string_view result, Manner manner) {
    if (is_named(value, result)) return true;
    if (value.kind == Node::Kind::call) return manner == Manner::matlab && value.text == result;
    return !value.items.empty() && begins_with(value.items[0], result, manner);
}

// A part of y, arithmetic with it, or a border around it.
bool changes(const Node& value, std::string_view result, Manner manner) {
    const bool part = value.kind == Node::Kind::method && value.text.starts_with('[');
    const bool padded = value.kind == Node::Kind::call && last_part(value.text) == "pad" && !value.items.empty();
    const bool indexed = value.kind == Node::Kind::call && manner == Manner::matlab;
    if (padded) return begins_with(value.items[0], result, manner);
    return (part || indexed || value.kind == Node::Kind::binary) && begins_with(value, result, manner);
}

}  // namespace

void take_what_follows(PastedText& text, std::size_t layer, ImportedLayer& imported) {
    const auto& tokens = text.tokens();
    const std::vector<std::size_t> starts = statements_of(tokens);
    const auto next = std::ranges::upper_bound(starts, layer);
    if (next == starts.begin() || !assigns(tokens, *(next - 1)) || *(next - 1) + 2 != layer) return;
    std::string result = tokens[*(next - 1)].text;
    for (auto at = next; at != starts.end(); ++at) {
        if (!assigns(tokens, *at)) continue;
        std::size_t token = *at + 2;
        const Node value = text.value_at(token);
        const bool applied = value.kind == Node::Kind::call && value.text == result && text.manner() == Manner::python;
        if (applied || is_named(value, result)) result = tokens[*at].text;  // y = layer(x), y = canvas
        if (adds_to(value, result) && imported.has_bias == false) {
            imported.has_bias = true;
            const auto bias = bias_in(text, value);
            if (!bias || bias->shape[0] != imported.layer.spec.out_channels) continue;
            imported.layer.bias_length = bias->shape[0];
            imported.bias = Tensor<double>({1, bias->shape[0], 1, 1}, *bias->data);
        } else if (changes(value, result, text.manner())) {
            imported.notes.push_back(fmt::format("{} is changed after the layer, at {}, which was left out", result,
                                                 text.place(tokens[*at].at)));
            return;
        }
    }
}

}  // namespace convlens::pasted
