// The sum behind an output in parts: what each input channel adds, or each row of the kernel. Where there are many products
// these are told in their place.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/moment/products.h"

namespace convlens {

enum class PartsBy {
    channels,  // the input's
    rows,      // of the plane of products
    columns,   // of the plane of products
};

struct PartSum {
    std::int64_t index = 0;  // the channel as the input counts it, or the row or column
    double value = 0;        // without the bias; of max_pool the largest value
};

// The parts that have been added so far, ascending; those without a product are not among them. Nothing where the products
// are too many to be gone through in every picture. `products`: listed_products() of the moment. Precondition: Moment::out.
std::optional<std::vector<PartSum>> part_sums(const Moment& moment, const Products& products, PartsBy by);

// Which of `count` parts are told one by one, ascending: all of up to `most`; of more the first three, the one that is
// looked at and the last, or where `most` is less than five the first and the last, or the first alone. As many whichever
// is looked at.
std::vector<std::int64_t> told_parts(std::int64_t count, std::int64_t most, std::int64_t looked_at);

// What several parts come to together.
double together(const ConvSpec& spec, double a, double b);

}  // namespace convlens
