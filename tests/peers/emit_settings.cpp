// Writes layers as programs of every framework, with Convlens' own numbers, for compare.py: seeded random ones, or those
// whose programs are kept in tests/fixtures/programs/.
//
//   convlens_peer_settings COUNT [SEED] > settings.json
//   convlens_peer_settings --programs > settings.json
//
// {"settings": [{"name", "shape": [N, C, H, W], "data": [...], "magnitude": [...], "programs": {"torch": {"text",
// "notes", "file"}, ...}}, ...]}; infinities and NaN are the strings "inf", "-inf", "nan"; "file" is the program's name in
// tests/fixtures/programs/, of those alone.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/codegen/emit.h"
#include "core/conv/names.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "tests/core/codegen/program_layers.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

constexpr std::array kOps{Op::conv, Op::conv_transpose, Op::conv,     Op::max_pool,
                          Op::conv, Op::conv_transpose, Op::avg_pool, Op::conv_transpose};

std::int64_t pad(Random& random, bool negative) { return negative ? random.from(-2, 4) : random.from(0, 3); }

void choose_pads(Random& random, ConvSpec& spec) {
    switch (random.from(0, 5)) {
        case 0: return;
        case 1: spec.pads = Pads::all(random.from(0, 3)); return;
        case 2:
        case 3: {
            const auto rules = names<PadRule>();
            spec.pad_rule = static_cast<PadRule>(random.from(0, static_cast<std::int64_t>(rules.size()) - 1));
            if (spec.pad_rule == PadRule::torch_same) spec.stride = {1, 1};
            return;
        }
        default: {
            const bool negative = random.coin();
            spec.pads = {pad(random, negative), pad(random, negative), pad(random, negative), pad(random, negative)};
            return;
        }
    }
}

ConvSpec choose_spec(Random& random, Op op) {
    ConvSpec spec;
    spec.op = op;
    spec.kernel = random.size(1, 4);
    if (random.coin()) spec.stride = random.size(1, 3);
    if (random.coin()) spec.dilation = random.size(1, 3);
    choose_pads(random, spec);
    if (is_pooling(op)) {
        spec.ceil_mode = random.coin();
        spec.count_include_pad = random.coin();
        if (random.from(0, 3) == 0) spec.divisor_override = random.from(1, 9);
        return spec;
    }
    spec.groups = random.coin() ? 1 : random.from(1, 3);
    spec.out_channels = spec.groups * random.from(1, 2);
    spec.flip_kernel = random.from(0, 2) == 0;
    if (op == Op::conv) {
        if (random.coin()) spec.pad_mode = static_cast<PadMode>(random.from(0, 5));
        if (spec.pad_mode == PadMode::constant) spec.pad_value = random.real();
    } else if (random.coin()) {
        spec.output_padding = random.size(0, 2);
    }
    return spec;
}

// A wanted size near the one that there is.
void choose_output_size(Random& random, ConvSpec& spec, const Shape4& input) {
    if (spec.op != Op::conv_transpose || random.coin()) return;
    const Size2 size = output_shape(spec, input).plane();
    spec.output_size = Size2{size.h + random.from(-1, 2), size.w + random.from(-1, 2)};
}

// Whole numbers as a lesson has them, or any.
Tensor<double> numbers(Random& random, const Shape4& shape, bool whole) {
    Tensor<double> t(shape);
    for (double& value : t.span()) value = whole ? static_cast<double>(random.from(-9, 9)) : random.real();
    return t;
}

RandomLayer choose_layer(Random& random, Op op) {
    RandomLayer layer;
    Shape4 input;
    do {
        layer.spec = choose_spec(random, op);
        const bool single = random.coin();
        if (single) layer.spec.groups = layer.spec.out_channels = 1;
        const Size2 plane = random.size(1, 8);
        input = {single ? 1 : random.from(1, 2), single ? 1 : layer.spec.groups * random.from(1, 2), plane.h, plane.w};
        choose_output_size(random, layer.spec, input);
    } while (!validate({layer.spec, input, {}, {}}).empty());
    const bool whole = random.coin();
    layer.input = numbers(random, input, whole);
    layer.weight = numbers(random, weight_shape(layer.spec, input.c), whole);
    layer.bias = numbers(random, {1, layer.spec.out_channels, 1, 1}, whole);
    layer.has_bias = random.coin();
    return layer;
}

// A max_pool window that meets nothing but padding is -infinity, which JSON has no number for.
nlohmann::json as_json(const Tensor<double>& values) {
    nlohmann::json list = nlohmann::json::array();
    for (const double value : values.span()) {
        list.push_back(std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(fmt::format("{}", value)));
    }
    return list;
}

nlohmann::json setting(const RandomLayer& layer, std::string name) {
    const Tensor<double> out = reference_forward(layer.spec, layer.data());
    const Tensor<double> size = magnitude(layer.spec, layer.data());
    nlohmann::json programs;
    for (const std::string_view framework : names<Framework>()) {
        const CodeText code = emit_code(layer.spec, layer.data(), *from_name<Framework>(framework));
        std::vector<std::string> notes(code.notes.size());
        std::ranges::transform(code.notes, notes.begin(), english);
        programs[std::string(framework)] = {{"text", code.text}, {"notes", notes}};
    }
    const Shape4 s = out.shape();
    return {{"name", std::move(name)},
            {"shape", {s.n, s.c, s.h, s.w}},
            {"data", as_json(out)},
            {"magnitude", as_json(size)},
            {"programs", programs}};
}

int number(const char* text, int fallback) {
    int value = fallback;
    std::from_chars(text, text + std::strlen(text), value);
    return value;
}

void write_settings(int count, int seed) {
    Random random(static_cast<std::uint64_t>(seed));
    nlohmann::json settings = nlohmann::json::array();
    for (int i = 0; i < count; ++i) {
        const RandomLayer layer = choose_layer(random, kOps[static_cast<std::size_t>(i) % kOps.size()]);
        settings.push_back(
            setting(layer, fmt::format("{}: {} rule {}", i, layer.describe(), name(layer.spec.pad_rule))));
    }
    fmt::print("{}\n", nlohmann::json{{"settings", settings}}.dump(1));
}

void write_program_settings() {
    nlohmann::json settings = nlohmann::json::array();
    for (const ProgramLayer& each : program_layers()) {
        settings.push_back(setting(each.layer, each.name));
        for (const std::string_view framework : names<Framework>()) {
            settings.back()["programs"][std::string(framework)]["file"] =
                program_file(*from_name<Framework>(framework), each.name);
        }
    }
    fmt::print("{}\n", nlohmann::json{{"settings", settings}}.dump(1));
}

}  // namespace
}  // namespace convlens

int main(int argc, char** argv) {
    try {
        if (argc > 1 && std::string_view(argv[1]) == "--programs") {
            convlens::write_program_settings();
        } else {
            convlens::write_settings(argc > 1 ? convlens::number(argv[1], 80) : 80,
                                     argc > 2 ? convlens::number(argv[2], 1) : 1);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
