// Image kernels: a matrix of weights with divisor and offset; the named families; kernel text.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/message.h"

namespace convlens {

// A kernel as a person states it. Applied weight = weights / divisor; `offset` is added to the result as a fraction of
// white (0.5 shows a zero-sum kernel's result on mid-grey).
struct Kernel {
    std::int64_t rows = 0;
    std::int64_t cols = 0;
    std::vector<double> weights;  // row-major
    double divisor = 1;
    double offset = 0;

    double at(std::int64_t row, std::int64_t col) const { return weights[static_cast<std::size_t>(row * cols + col)]; }
    double weight_sum() const;                                 // of the weights as typed
    double sum() const { return weight_sum() / divisor; }      // of the applied weights: 1 keeps the brightness
    friend bool operator==(const Kernel& a, const Kernel& b);  // bit by bit: see core/base/same_bits.h
};

// A kernel family with its parameters and their defaults, for lists and for "gaussian:sigma=2,size=7".
struct KernelParameter {
    std::string_view name;
    double fallback = 0;
    double least = 0;
    double most = 0;
    bool integer = false;
};
struct KernelFamily {
    std::string_view name;  // "gaussian"
    Key title;              // "Gaussian blur"
    Key about;              // one sentence: what it does to an image
    std::vector<KernelParameter> parameters;
};
const std::vector<KernelFamily>& kernel_families();

// Of a kernel text or family: what is wrong, where, and the nearest thing that works.
struct KernelError : std::runtime_error {
    explicit KernelError(Message what_is_wrong)
        : std::runtime_error(english(what_is_wrong)), message(std::move(what_is_wrong)) {}
    Message message;  // begins with a small letter unless a name begins it, and has no full stop
};

// Text with commas that separate numbers, or stand inside of them as decimal commas: both are whole kernels.
struct AmbiguousKernel : KernelError {
    AmbiguousKernel(const Kernel& separated, const Kernel& decimal);
    Kernel commas_separate, commas_are_points;
};

// The largest kernel that is accepted, in rows and in columns.
inline constexpr std::int64_t kMaxKernelSide = 999;

// "NAME", "NAME:k=v,..." or kernel text. Throws KernelError. Names may be spelled with - or _, in any case.
Kernel parse_kernel(std::string_view text);

// A family by its name, with the parameters given, each once at most; the others have their fallback. Throws
// KernelError.
struct KernelSetting {
    std::string name;
    double value = 0;
};
Kernel make_kernel(std::string_view family, const std::vector<KernelSetting>& settings = {});

// Kernel text alone: rows by newlines, ';' or brackets, cells by blanks, commas, tabs or bars; '#' and '%' begin a
// comment. Where two lines or more have ';' between numbers, and no blanks, ';' separates cells, as in the files of
// spreadsheets. Fractions ("1/9") are numbers; the decimal point is '.' in every locale.
// A comma between two digits may be a decimal comma, but not in brackets, nor where another comma has no digit on one of
// its sides, nor where a '.' stands anywhere. Then the reading that gives a full rectangle is taken; AmbiguousKernel is
// thrown where both do.
// In front of brackets may stand a factor ("1/9 * [1 1 1; ...]"); at the very end a divisor, a factor, an offset
// ("/ 16", "* 1/16", "+ 0.5"). Read too: libvips' header line "width height [scale [offset in levels of 255]]", where
// the sizes fit what follows, and compton's single line "width,height,..." that leaves out the middle cell, which is 1.
Kernel parse_kernel_text(std::string_view text);

// Text that parse_kernel_text reads back to the same kernel: "1 2 1; 2 4 2; 1 2 1 / 16 + 0.5".
std::string to_text(const Kernel& kernel);

// Divided by its sum, so that flat areas keep their brightness. A sum of zero leaves the divisor at 1; a negative sum
// divides by its size and adds white, so that flat areas come out inverted (GEGL's convolution-matrix).
Kernel normalized(const Kernel& kernel);

// Whether the weights add up to 0 but for rounding (1e-12 of their sizes' sum), so that no divisor keeps the brightness.
bool adds_up_to_zero(const Kernel& kernel);

// Why a kernel cannot be applied: a weight, the divisor or the offset is no number, or a weight divided by the divisor is
// larger than a float32 holds. Nothing for one that can.
std::optional<Message> not_finite(const Kernel& kernel);

// What a kernel does to the brightness of flat areas, with what keeps it; nothing when it keeps it.
std::optional<Message> brightness_note(const Kernel& kernel);

}  // namespace convlens
