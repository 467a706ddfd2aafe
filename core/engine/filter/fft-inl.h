// The Fourier transform of kFftSide elements for as many columns as a vector has lanes, for fft.cpp, which includes
// this once for each instruction set.
//
// A block holds the columns' elements one after the other: element i as a vector of real parts and one of imaginary parts.
// Transforms are passes over four elements at a time (radix 4). Forward in decimation in frequency: natural order in, the
// index's digits to base 4 reversed out; backward the other way round. So the order that the passes leave never matters.
//
// Example, 16 points in place of 256: a pass whose factors are powers of w = exp(-2 pi i / 16), and the last one, which
// needs none. x is the input, X its transform.
//
//   pass over 16 points, j = 1: elements 1, 5, 9, 13 become      a0 = x1, a1 = x5, a2 = x9, a3 = x13
//     1    (a0 + a1 + a2 + a3)
//     5    (a0 - i a1 - a2 + i a3) w
//     9    (a0 - a1 + a2 - a3) w^2
//     13   (a0 + i a1 - a2 - i a3) w^3                           j = 0, 2, 3 likewise, with w^j, w^2j, w^3j
//   pass over 4 points: elements 4 to 7 become X1, X5, X9, X13; elements 0 to 3 X0, X4, X8, X12; and so on
//
// Element 6 is X9: 6 is 12 to base 4, and 9 is 21. Of 256 points element 27 (0123 to base 4) is X228 (3210).
#include <hwy/highway.h>

#include <cstddef>

#include "core/engine/filter/fft.h"
#include "core/engine/filter/fft_passes.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Reals = hn::CappedTag<double, FftScratch::kMostLanes>;  // wider ones gain nothing and fill the nearest cache
using RealV = hn::Vec<Reals>;
inline constexpr std::size_t kLanes = hn::MaxLanes(Reals());
inline constexpr std::size_t kPair = 2 * kLanes;  // a vector of complex numbers, in elements of a block

struct Complex {
    RealV real, imaginary;
};

HWY_INLINE Complex load(const double* at) { return {hn::Load(Reals(), at), hn::Load(Reals(), at + kLanes)}; }
HWY_INLINE void store(Complex value, double* at) {
    hn::Store(value.real, Reals(), at);
    hn::Store(value.imaginary, Reals(), at + kLanes);
}
HWY_INLINE Complex add(Complex a, Complex b) { return {hn::Add(a.real, b.real), hn::Add(a.imaginary, b.imaginary)}; }
HWY_INLINE Complex subtract(Complex a, Complex b) {
    return {hn::Sub(a.real, b.real), hn::Sub(a.imaginary, b.imaginary)};
}
HWY_INLINE Complex add_rotated(Complex a, Complex b) {  // a + i b
    return {hn::Sub(a.real, b.imaginary), hn::Add(a.imaginary, b.real)};
}
HWY_INLINE Complex subtract_rotated(Complex a, Complex b) {  // a - i b
    return {hn::Add(a.real, b.imaginary), hn::Sub(a.imaginary, b.real)};
}
HWY_INLINE Complex times(Complex a, Complex b) {
    return {hn::NegMulAdd(a.imaginary, b.imaginary, hn::Mul(a.real, b.real)),
            hn::MulAdd(a.real, b.imaginary, hn::Mul(a.imaginary, b.real))};
}
HWY_INLINE Complex times_conjugate(Complex a, Complex b) {
    return {hn::MulAdd(a.imaginary, b.imaginary, hn::Mul(a.real, b.real)),
            hn::NegMulAdd(a.real, b.imaginary, hn::Mul(a.imaginary, b.real))};
}

struct Four {
    Complex at[4];
};

HWY_INLINE Four forward_four(const Four& a) {
    const Complex even = add(a.at[0], a.at[2]), odd = add(a.at[1], a.at[3]);
    const Complex even_less = subtract(a.at[0], a.at[2]), odd_less = subtract(a.at[1], a.at[3]);
    return {
        {add(even, odd), subtract_rotated(even_less, odd_less), subtract(even, odd), add_rotated(even_less, odd_less)}};
}
// The inverse of forward_four(), times 4.
HWY_INLINE Four backward_four(const Four& b) {
    const Complex even = add(b.at[0], b.at[2]), even_less = add(b.at[1], b.at[3]);
    const Complex odd = subtract(b.at[0], b.at[2]), odd_less = subtract(b.at[1], b.at[3]);
    return {
        {add(even, even_less), add_rotated(odd, odd_less), subtract(even, even_less), subtract_rotated(odd, odd_less)}};
}

// Elements i, i + Quarter, ... of a block.
template <std::size_t Quarter>
HWY_INLINE Four load_four(const double* block, std::size_t i) {
    const double* at = block + i * kPair;
    constexpr std::size_t kStep = Quarter * kPair;
    return {{load(at), load(at + kStep), load(at + 2 * kStep), load(at + 3 * kStep)}};
}
template <std::size_t Quarter>
HWY_INLINE void store_four(const Four& values, double* block, std::size_t i) {
    for (std::size_t k = 0; k < 4; ++k) store(values.at[k], block + (i + k * Quarter) * kPair);
}

struct FourFactors {
    Complex w[3];
};
template <std::size_t Points>
HWY_INLINE FourFactors factors(const FftPass<Points>& pass, std::size_t j) {
    const Reals d;
    const double* of = pass.factors.data() + 6 * j;
    return {{{hn::Set(d, of[0]), hn::Set(d, of[1])},
             {hn::Set(d, of[2]), hn::Set(d, of[3])},
             {hn::Set(d, of[4]), hn::Set(d, of[5])}}};
}

// A pass: to.write<Quarter>(i, values) what change(values, factors) makes of values = from.read<Quarter>(i), Quarter =
// Points / 4.
template <std::size_t Points, typename From, typename To, typename Change>
HWY_INLINE void run_pass(const FftPass<Points>& pass, const From& from, const To& to, const Change& change) {
    constexpr std::size_t kQuarter = Points / 4;
    for (std::size_t j = 0; j < kQuarter; ++j) {
        const FourFactors by = factors(pass, j);
        for (std::size_t i = j; i < kFftPoints; i += Points)
            to.template write<kQuarter>(i, change(from.template read<kQuarter>(i), by));
    }
}
template <std::size_t Points, typename From, typename To>
HWY_INLINE void forward_pass(const FftPass<Points>& pass, const From& from, const To& to) {
    run_pass(pass, from, to, [](const Four& values, const FourFactors& by) HWY_ATTR {
        const Four b = forward_four(values);
        return Four{{b.at[0], times(b.at[1], by.w[0]), times(b.at[2], by.w[1]), times(b.at[3], by.w[2])}};
    });
}
template <std::size_t Points, typename From, typename To>
HWY_INLINE void backward_pass(const FftPass<Points>& pass, const From& from, const To& to) {
    run_pass(pass, from, to, [](const Four& b, const FourFactors& by) HWY_ATTR {
        return backward_four({{b.at[0], times_conjugate(b.at[1], by.w[0]), times_conjugate(b.at[2], by.w[1]),
                               times_conjugate(b.at[3], by.w[2])}});
    });
}

struct Block {
    double* elements;
    template <std::size_t Quarter>
    HWY_INLINE Four read(std::size_t i) const {
        return load_four<Quarter>(elements, i);
    }
    template <std::size_t Quarter>
    HWY_INLINE void write(std::size_t i, const Four& values) const {
        store_four<Quarter>(values, elements, i);
    }
};

// kLanes vectors of kLanes elements, transposed.
HWY_INLINE void transpose_square(RealV* rows) {
#if HWY_MAX_BYTES >= 32
    static_assert(kLanes == 4);
    const Reals d;
    const RealV even01 = hn::InterleaveLower(d, rows[0], rows[1]), odd01 = hn::InterleaveUpper(d, rows[0], rows[1]);
    const RealV even23 = hn::InterleaveLower(d, rows[2], rows[3]), odd23 = hn::InterleaveUpper(d, rows[2], rows[3]);
    rows[0] = hn::ConcatLowerLower(d, even23, even01);
    rows[1] = hn::ConcatLowerLower(d, odd23, odd01);
    rows[2] = hn::ConcatUpperUpper(d, even23, even01);
    rows[3] = hn::ConcatUpperUpper(d, odd23, odd01);
#elif HWY_TARGET == HWY_SCALAR
    static_cast<void>(rows);
#else
    static_assert(kLanes == 2);
    const Reals d;
    const RealV first = rows[0];
    rows[0] = hn::InterleaveLower(d, first, rows[1]);
    rows[1] = hn::InterleaveUpper(d, first, rows[1]);
#endif
}
HWY_INLINE void transpose_square(Complex* rows) {
    RealV real[kLanes], imaginary[kLanes];
    for (std::size_t i = 0; i < kLanes; ++i) real[i] = rows[i].real, imaginary[i] = rows[i].imaginary;
    transpose_square(real);
    transpose_square(imaginary);
    for (std::size_t i = 0; i < kLanes; ++i) rows[i] = {real[i], imaginary[i]};
}

}  // namespace
}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
