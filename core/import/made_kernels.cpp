#include "core/import/made_kernels.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/image/peer_kernel.h"

namespace convlens::pasted {

namespace {

ToldArray told(const Kernel& kernel) { return {{kernel.rows, kernel.cols}, kernel.weights}; }

// The arguments of one call that makes a kernel.
class Maker {
public:
    Maker(PastedText& text, const Node& call) : text_(text), call_(call) {}

    // Nothing where the argument is not told; `otherwise` where it is not given.
    std::optional<double> number(std::size_t at, double otherwise) {
        return at < call_.items.size() ? number_of(text_, call_.items[at]) : std::optional(otherwise);
    }

    std::optional<double> within(std::size_t at, double otherwise, double least, double most, const Message& what) {
        const auto value = number(at, otherwise);
        if (value && !(*value >= least && *value <= most))
            fail(at, msg("{argument} must be from {least} to {most}; it is {value}", "argument"_is(what),
                         "least"_is(fmt::format("{}", least)), "most"_is(fmt::format("{}", most)),
                         "value"_is(fmt::format("{}", *value))));
        return value;
    }

    // A whole number, or two: rows, columns.
    std::optional<Size2> size(std::size_t at, std::int64_t otherwise) {
        if (at >= call_.items.size()) return Size2{otherwise, otherwise};
        const auto array = array_of(text_, call_.items[at]);
        if (!array || !array->data || array->data->empty() || array->data->size() > 2) return {};
        for (const double side : *array->data) {
            if (!(side >= 1 && side <= static_cast<double>(kMaxKernelSide)) || side != std::floor(side))
                fail(at, msg("the kernel's size must be whole numbers from 1 to {most}; it has {side}",
                             "most"_is(kMaxKernelSide), "side"_is(fmt::format("{}", side))));
        }
        return Size2{static_cast<std::int64_t>(array->data->front()), static_cast<std::int64_t>(array->data->back())};
    }

    [[noreturn]] void fail(std::size_t at, const Message& reason) {
        text_.fail(at < call_.items.size() ? call_.items[at].at : call_.at,
                   msg("{function}: {reason}", "function"_is(call_.text), "reason"_is(reason)));
    }

    std::optional<ToldArray> fspecial();
    std::optional<ToldArray> gaussian_column();

private:
    PastedText& text_;
    const Node& call_;
};

constexpr double kLeastSigma = 1e-3;
constexpr double kMostSigma = 1e6;

std::optional<ToldArray> Maker::fspecial() {
    if (call_.items.empty()) return {};
    const Node kind = resolved(text_, call_.items[0]);
    if (kind.kind != Node::Kind::string) return {};
    const std::string name = lower(kind.text);
    if (name == "sobel") return told(fspecial_sobel());
    if (name == "prewitt") return told(fspecial_prewitt());
    if (name == "kirsch") return told(fspecial_kirsch());
    if (name == "laplacian" || name == "unsharp") {
        const auto alpha = within(1, 0.2, 0, 1, verbatim("alpha"));
        if (!alpha) return {};
        return told(name == "unsharp" ? fspecial_unsharp(*alpha) : fspecial_laplacian(*alpha));
    }
    if (name == "average") {
        const auto sides = size(1, 3);
        return sides ? std::optional(told(fspecial_average(*sides))) : std::nullopt;
    }
    if (name == "gaussian") {
        const auto sides = size(1, 3);
        const auto sigma = within(2, 0.5, kLeastSigma, kMostSigma, verbatim("sigma"));
        return sides && sigma ? std::optional(told(fspecial_gaussian(*sides, *sigma))) : std::nullopt;
    }
    if (name == "disk") {
        const auto radius = within(1, 5, 0, (kMaxKernelSide - 1) / 2.0, key("the radius"));
        const bool whole = radius && *radius == std::floor(*radius);
        return whole ? std::optional(told(fspecial_disk(static_cast<std::int64_t>(*radius)))) : std::nullopt;
    }
    if (name == "motion" || name == "log") return {};
    // no words: MATLAB's own names
    fail(0, msg("\"{word}\" must be one of {words}", "word"_is(kind.text),
                "words"_is("average, disk, gaussian, laplacian, prewitt, sobel, unsharp")));
}

std::optional<ToldArray> Maker::gaussian_column() {
    if (call_.items.empty()) return {};
    const auto rows = within(0, 3, 1, static_cast<double>(kMaxKernelSide), key("the kernel's size"));
    const auto sigma = within(1, 0, -kMostSigma, kMostSigma, verbatim("sigma"));
    if (!rows || !sigma || *rows != std::floor(*rows) || (*sigma > 0 && *sigma < kLeastSigma)) return {};
    return told(opencv_gaussian(static_cast<std::int64_t>(*rows), *sigma));
}

}  // namespace

bool is_kernel_maker(std::string_view function) { return function == "fspecial" || function == "getGaussianKernel"; }

std::optional<ToldArray> made_kernel(PastedText& text, const Node& call) {
    Maker maker(text, call);
    return last_part(call.text) == "fspecial" ? maker.fspecial() : maker.gaussian_column();
}

}  // namespace convlens::pasted
