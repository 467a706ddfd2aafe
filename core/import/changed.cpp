// What is done to an array before a layer takes it, where that is not followed.
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "core/import/programs.h"
#include "core/import/slices.h"
#include "core/import/trace.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr int kMostChanges = 6;  // one after the other, that are looked through

bool is_changed(PastedText& text, const Node& node, int changes);

bool mentions_array(PastedText& text, const Node& node, int changes) {
    if (node.kind == Node::Kind::name) {
        const auto told = array_of(text, node);
        return told ? !told->shape.empty() : is_changed(text, node, changes);
    }
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

// What gives arrays that were made elsewhere.
constexpr std::string_view kSources =
    "imread Input InputLayer placeholder rand randn random normal uniform randint random_sample standard_normal "
    "truncated_normal zeros ones empty full next iter ascent face camera data batch astronaut coins PRNGKey";
constexpr std::array kSourceBeginnings{"load", "read", "open", "get", "fetch", "sample", "make", "create", "gen"};

bool is_literal(const Node& node) {
    if (node.kind == Node::Kind::number || node.kind == Node::Kind::string) return true;
    const bool inner = node.kind == Node::Kind::list || node.kind == Node::Kind::unary;
    return inner && std::ranges::all_of(node.items, is_literal);
}

// Functions that change an array's cells, whatever it is; others may be where an array comes from.
constexpr std::string_view kChanging =
    "reverse flip_left_right flip_up_down relu relu6 leaky_relu elu gelu silu sigmoid tanh softmax softplus hardtanh "
    "normalize interpolate resize flip "
    "fliplr flipud rot90 roll abs exp sqrt square clamp clip dropout batch_norm layer_norm blur GaussianBlur "
    "medianBlur max_pool2d avg_pool2d cumsum imresize imrotate circshift permute transpose reshape view squeeze "
    "unsqueeze expand_dims pad padarray copyMakeBorder cat concat concatenate stack mean sum";

bool mentions(const Node& node, std::string_view name) {
    if (node.kind == Node::Kind::name && node.text == name) return true;
    return std::ranges::any_of(node.items, [&](const Node& item) { return mentions(item, name); });
}

// "F.relu(...)"; a node of a graph by its name alone.
Message written_call(const Node& call) {
    if (call.text == kColon) return kRange;
    return call.text == kOnnxPad ? Message(kOnnxPadName) : verbatim(call.text + "(...)");
}

// A part "[1:]" or an attribute ".T".
Message written_method(const Node& node) { return verbatim(node.text.starts_with('[') ? node.text : "." + node.text); }

// self.conv1(x) and layers.Conv2D(8, 3)(x): another layer of the text, which is named among its layers.
bool makes_layer(PastedText& text, const Node& call) {
    Node module = call;
    module.kind = Node::Kind::name;
    module.items.clear();
    module.keywords.clear();
    const auto set = text.assigned(module);
    const std::string_view name = last_part(set ? set->text : call.text);
    for (const auto& functions : {torch_functions(), keras_functions(), tensorflow_functions(), jax_functions(),
                                  filter_functions(), opencv_functions()}) {
        if (std::ranges::count(functions, name, &KnownFunction::name) > 0) return true;
    }
    return false;
}

// magic(4): made of what is written, and of no array.
bool is_made_of_literals(const Node& call) {
    const std::string_view owner = first_parts(call.text);
    const bool method = !owner.empty() && !is_one_of(owner, "np numpy torch tf jnp cv2 cv signal ndimage self");
    return !method && std::ranges::all_of(call.items, is_literal);
}

bool call_changes(PastedText& text, const Node& call, Role role, const std::string& variable) {
    const bool part = text.manner() == Manner::matlab && is_matlab_part(call);
    if (part || is_one_of(last_part(call.text), kChanging)) return true;
    if (role == Role::input) return !is_source(call) && !is_made_of_literals(call) && !makes_layer(text, call);
    const bool again = !variable.empty() && mentions(call, variable);
    return again && first_parts(call.text) != "self";
}

Message changing_module(PastedText& text, const Node& applied, Role role) {
    const Node& callee = applied.items[0];
    const bool silent = is_one_of(last_part(callee.text), "Input InputLayer") || makes_layer(text, callee);
    const bool changes = is_padding_module(callee.text) || (role == Role::input && !silent);
    return changes ? verbatim(callee.text + "(...)") : Message();
}

}  // namespace

bool is_source(const Node& call) {
    const std::string_view last = last_part(call.text);
    if (is_one_of(last, kSources)) return true;
    const std::string low = lower(last);
    return std::ranges::any_of(kSourceBeginnings, [&](std::string_view begin) { return low.starts_with(begin); });
}

std::optional<Message> changed_first(PastedText& text, const Node& node) {
    if (array_of(text, node)) return {};
    const Node value = resolved(text, node);
    if (!takes_array(text, value, kMostChanges)) return {};
    return value.kind == Node::Kind::call ? written_call(value) : written_method(value);
}

bool is_row(PastedText& text, Node node) {
    for (int steps = 0; steps < kMostChanges; ++steps) {
        if (const auto told = array_of(text, node)) return told->shape.size() == 1;
        const bool call = node.kind == Node::Kind::call && !node.items.empty() &&
                          (is_padding_function(node.text) || is_one_of(last_part(node.text), "array asarray float64"));
        const bool part = node.kind == Node::Kind::method && node.text.starts_with('[');
        std::optional<Node> inner = node.kind == Node::Kind::name ? text.assigned(node) : std::nullopt;
        if (call || part) inner = Node(node.items[0]);
        if (!inner) return false;
        node = std::move(*inner);
    }
    return false;
}

// The name of a graph's input, which is no expression: "X", "onnx::Conv_12", "input.1", "/conv1/Conv_output_0".
static bool is_plain_name(std::string_view text) {
    const bool path = text.starts_with('/');
    return std::ranges::all_of(text, [&](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '.' || c == ':' || (path && c == '/');
    });
}

Message change_before(PastedText& text, const Node& node, Role role, const std::string& variable) {
    if (const auto known = changed_first(text, node)) return *known;
    switch (node.kind) {
        case Node::Kind::name: return text.is_set_in_place(node) ? Message(kCellsSet) : Message();
        case Node::Kind::call: return call_changes(text, node, role, variable) ? written_call(node) : Message();
        case Node::Kind::applied: return changing_module(text, node, role);
        case Node::Kind::method: return written_method(node);
        case Node::Kind::unary:
        case Node::Kind::binary: return operation(node.text);
        case Node::Kind::opaque:
            return role == Role::input && !is_plain_name(node.text) ? verbatim(node.text) : Message();
        default: return {};
    }
}

}  // namespace convlens::pasted
