#include "app/cli/filter_order.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "app/cli/command.h"
#include "core/base/parallel.h"
#include "core/image/brightness.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

constexpr int kMostThreads = 1024;

FilterMethod parse_method(const std::string& text) {
    for (const FilterMethod method : {FilterMethod::sums, FilterMethod::fourier}) {
        if (name(method) == text) return method;
    }
    return FilterMethod::automatic;
}

std::optional<Depth> parse_depth(const std::string& text) {
    for (const Depth depth : {Depth::u8, Depth::u16, Depth::s16, Depth::f32}) {
        if (name(depth) == text) return depth;
    }
    return std::nullopt;
}

// Sets what an option of the chain says, and notes what it overrules: "--offset 0 counts in place of its own offset
// 0.5". `usual`: what a kernel has that says nothing of it.
template <typename T>
void overrule(const FilterStep& step, std::string_view option, std::optional<T> value, T usual, T& own,
              std::vector<Message>& notes) {
    if (!value) return;
    if (own != usual && own != *value) {
        const double said = static_cast<double>(*value), was = static_cast<double>(own);
        notes.push_back(msg("{kernel}: --{option} {value} counts in place of its own {option} {own}",
                            "kernel"_is(printable(step.name)), "option"_is(option),
                            "value"_is(fmt::format("{:.10g}", said)), "own"_is(fmt::format("{:.10g}", was))));
    }
    own = *value;
}

// --normalize of one kernel. `step` gives its name.
void normalize(const FilterStep& step, Kernel& kernel, std::vector<Message>& notes) {
    const Kernel sums_to_1 = normalized(kernel);
    const auto name = "kernel"_is(printable(step.name));
    if (adds_up_to_zero(kernel))
        notes.push_back(msg(
            "{kernel}: --normalize has no effect: the weights add up to 0, by which nothing can be divided.", name));
    if (kernel.divisor != 1 && kernel.divisor != sums_to_1.divisor)
        notes.push_back(msg("{kernel}: --normalize: divisor {divisor} counts in place of its own divisor {own}", name,
                            "divisor"_is(fmt::format("{:.10g}", sums_to_1.divisor)),
                            "own"_is(fmt::format("{:.10g}", kernel.divisor))));
    kernel.divisor = sums_to_1.divisor;
    if (kernel.offset == 0) kernel.offset = sums_to_1.offset;
}

// What the options say goes for every kernel of the chain, also over what a kernel says of itself.
FilterStep make_step(const std::string& text, const FilterArguments& arguments, std::vector<Message>& notes) {
    FilterStep step = step_from_text(text);
    Kernel& kernel = step.kernel;
    overrule(step, "divisor", arguments.divisor, 1.0, kernel.divisor, notes);
    if (arguments.normalize) normalize(step, kernel, notes);
    overrule(step, "offset", arguments.offset, 0.0, kernel.offset, notes);
    if (const auto reason = not_finite(kernel)) throw WrongUse(msg("--kernel: {reason}", "reason"_is(*reason)));
    if (!arguments.border.empty()) step.border = *from_name<PadMode>(arguments.border);
    if (arguments.border_value) {
        step.border = PadMode::constant;
        step.border_value = *arguments.border_value;
    }
    step.flip = arguments.flip;
    overrule(step, "stride", arguments.stride, std::int64_t{1}, step.stride, notes);
    overrule(step, "dilation", arguments.dilation, std::int64_t{1}, step.dilation, notes);
    return step;
}

void check_numbers(const FilterArguments& arguments) {
    const auto from_1 = [](const char* option, std::optional<std::int64_t> value) {
        if (!value || (*value >= 1 && *value <= kMostStep)) return;
        throw WrongUse(msg("{option} must be from 1 to {most}; it is {value}", "option"_is(option),
                           "most"_is(kMostStep), "value"_is(*value)));
    };
    from_1("--stride", arguments.stride);
    from_1("--dilation", arguments.dilation);
    if (arguments.threads < 0 || arguments.threads > kMostThreads)
        throw WrongUse(msg("--threads must be from 0 to {most} (0: all cores, {cores} here); it is {value}",
                           "most"_is(kMostThreads), "value"_is(arguments.threads), "cores"_is(thread_count(0))));
    for (const auto& number : {arguments.divisor, arguments.offset, arguments.border_value}) {
        if (number && !std::isfinite(*number))
            throw WrongUse(key("--divisor, --offset and --border-value must be finite"));
    }
    constexpr double kMost = std::numeric_limits<float>::max();
    if (arguments.border_value && std::abs(*arguments.border_value) > kMost)
        throw WrongUse(msg("--border-value must be from -3.4e38 to 3.4e38, as samples are; it is {value}",
                           "value"_is(fmt::format("{}", *arguments.border_value))));
    if (arguments.divisor == 0.0) throw WrongUse(key("--divisor must not be 0; leave it out for no division"));
}

// Two options of which one would go unheard.
void check_contradictions(const FilterArguments& arguments) {
    if (arguments.normalize && arguments.divisor)
        throw WrongUse(
            key("--normalize divides by the sum of the weights, and --divisor by another number; leave one out"));
    if (arguments.border_value && !arguments.border.empty() && arguments.border != name(PadMode::constant))
        throw WrongUse(msg("--border-value {value} needs --border constant, not {border}",
                           "value"_is(fmt::format("{}", *arguments.border_value)), "border"_is(arguments.border)));
}

void note_brightness(FilterOrder& order, const std::vector<std::string>& typed) {
    for (std::size_t i = 0; i < order.chain.size(); ++i) {
        const FilterStep& step = order.chain[i];
        const std::optional<BrightnessNote> note = brightness_of(step.kernel);
        if (!note) continue;
        const bool own_offset = step.kernel.offset != 0;  // an offset that is there already
        order.notes.push_back(msg("{kernel}: {note}", "kernel"_is(printable(step.name)),
                                  "note"_is(order.chain.size() == 1 || own_offset
                                                ? *brightness_note(step.kernel)
                                                : chain_advice(*note, step, typed[i], i + 1 == order.chain.size()))));
    }
}

}  // namespace

FilterOrder filter_order(const FilterArguments& arguments) {
    check_numbers(arguments);
    check_contradictions(arguments);
    FilterOrder order;
    for (const std::string& text : arguments.kernels) order.chain.push_back(make_step(text, arguments, order.notes));
    note_brightness(order, arguments.kernels);
    order.channels = parse_channels(arguments.channels);
    order.backend = *from_name<Backend>(arguments.backend);
    order.method = parse_method(arguments.method);
    order.save_as = parse_depth(arguments.save_as);
    order.threads = arguments.threads;
    return order;
}

}  // namespace convlens
