#include "core/engine/filter/filter_plan.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

#include "core/engine/filter/kernel_fold.h"
#include "core/image/sample.h"

namespace convlens {

namespace {

using Weights = std::vector<double>;

struct Window {
    std::int64_t rows = 0;
    std::int64_t cols = 0;
    Weights weights;
    double at(std::int64_t row, std::int64_t col) const { return weights[static_cast<std::size_t>(row * cols + col)]; }
};

// The part of the window without its outer rows and columns of zeros; `top` and `left` say where it begins.
Window without_ring(const Window& all, std::int64_t& top, std::int64_t& left) {
    std::int64_t first_row = all.rows, last_row = -1, first_col = all.cols, last_col = -1;
    for (std::int64_t row = 0; row < all.rows; ++row) {
        for (std::int64_t col = 0; col < all.cols; ++col) {
            if (all.at(row, col) == 0) continue;
            first_row = std::min(first_row, row);
            last_row = std::max(last_row, row);
            first_col = std::min(first_col, col);
            last_col = std::max(last_col, col);
        }
    }
    if (last_row < 0) first_row = last_row = first_col = last_col = 0;  // nothing but zeros
    Window part{last_row - first_row + 1, last_col - first_col + 1, {}};
    for (std::int64_t row = first_row; row <= last_row; ++row)
        for (std::int64_t col = first_col; col <= last_col; ++col) part.weights.push_back(all.at(row, col));
    top = first_row;
    left = first_col;
    return part;
}

// Whole numbers that float32 holds, so that their products with whole samples add up without rounding.
bool whole_numbers(const Weights& weights) {
    return std::all_of(weights.begin(), weights.end(),
                       [](double w) { return w == std::floor(w) && std::abs(w) <= 1 << 20; });
}

// The row divided by the greatest common divisor of its whole numbers: then the column is whole too.
void reduce_whole(Weights& row) {
    std::int64_t divisor = 0;
    for (const double weight : row) divisor = std::gcd(divisor, static_cast<std::int64_t>(weight));
    for (double& weight : row) weight /= static_cast<double>(divisor);
}

struct Product {
    Weights column, across;
};

// The column and the row through the window's largest weight, whose product equals the window in both. Of whole numbers
// both are whole. Where the largest weight is the square of a number that float32 holds, both have that for their own: a
// kernel that is the product of a line of such numbers with itself is taken apart into that line.
Product product_through_largest(const Window& window) {
    const auto largest = std::max_element(window.weights.begin(), window.weights.end(),
                                          [](double a, double b) { return std::abs(a) < std::abs(b); });
    const std::int64_t pivot = largest - window.weights.begin();
    Product product;
    for (std::int64_t col = 0; col < window.cols; ++col) product.across.push_back(window.at(pivot / window.cols, col));
    if (whole_numbers(window.weights)) {
        reduce_whole(product.across);
    } else if (const double root = static_cast<float>(std::sqrt(std::abs(*largest)));
               root != 0 && root * root == std::abs(*largest)) {
        for (double& weight : product.across) weight /= root;
    }
    for (std::int64_t row = 0; row < window.rows; ++row)
        product.column.push_back(window.at(row, pivot % window.cols) /
                                 product.across[static_cast<std::size_t>(pivot % window.cols)]);
    return product;
}

// What is left of the window; the largest of it.
double subtract(const Product& product, Window& window) {
    double most = 0;
    for (std::int64_t row = 0; row < window.rows; ++row) {
        for (std::int64_t col = 0; col < window.cols; ++col) {
            double& weight = window.weights[static_cast<std::size_t>(row * window.cols + col)];
            weight -= product.column[static_cast<std::size_t>(row)] * product.across[static_cast<std::size_t>(col)];
            most = std::max(most, std::abs(weight));
        }
    }
    return most;
}

// Whether the product is zero where the window is, so that NaN touches the same results.
bool has_same_zeros(const Product& product, const Window& window) {
    for (std::int64_t row = 0; row < window.rows; ++row)
        for (std::int64_t col = 0; col < window.cols; ++col)
            if ((product.column[static_cast<std::size_t>(row)] * product.across[static_cast<std::size_t>(col)] == 0) !=
                (window.at(row, col) == 0))
                return false;
    return true;
}

// What two passes cost beside their products, in products a sample: measured.
constexpr std::int64_t kPassesBeside = 8;

// Products that add up to the window (cross approximation with full pivoting: as many as its rank), where they are
// fewer to compute than all weights. Empty else.
std::vector<FilterPlan::Product> products_of(const Window& window, bool several) {
    const auto zeros = std::count(window.weights.begin(), window.weights.end(), 0.0);
    const auto taps = static_cast<std::int64_t>(window.weights.size()) - zeros;
    const std::int64_t most = taps / (window.rows + window.cols + kPassesBeside);
    several = several && zeros == 0 && !whole_numbers(window.weights);
    Window rest = window;
    std::vector<FilterPlan::Product> products;
    double largest = 0;
    for (const double weight : window.weights) largest = std::max(largest, std::abs(weight));
    while (static_cast<std::int64_t>(products.size()) < (several ? most : std::min<std::int64_t>(most, 1))) {
        const Product product = product_through_largest(rest);
        const bool whole = subtract(product, rest) <= 1e-12 * largest;
        products.push_back(
            {{product.column.begin(), product.column.end()}, {product.across.begin(), product.across.end()}});
        if (!whole) continue;
        if (products.size() == 1 && !has_same_zeros(product, window)) break;
        return products;
    }
    return {};
}

template <typename T>
bool all_opaque(const Image& image, double white) {
    const auto opaque = static_cast<T>(white);
    const auto step = static_cast<std::size_t>(image.channels());
    for (std::int64_t y = 0; y < image.height(); ++y) {
        const auto row = image.row<T>(y);
        for (std::size_t i = step - 1; i < row.size(); i += step)
            if (row[i] != opaque) return false;
    }
    return true;
}

// Whether a kernel reaches so far beyond the image that its border would be most of the work: then it is folded. Nearer
// ones stay as they are, since a box that is a box has methods of its own.
bool reaches_far(const FilterPlan& plan, Size2 image_size) {
    constexpr std::int64_t kNear = 1024;
    return plan.effective_rows() > 4 * image_size.h + kNear || plan.effective_cols() > 4 * image_size.w + kNear;
}

}  // namespace

FilterPlan plan_filter(const FilterStep& step, std::int64_t width, std::int64_t height, Depth depth) {
    const Kernel& kernel = step.kernel;
    assert(width > 0 && height > 0 && kernel.rows > 0 && kernel.cols > 0 && kernel.divisor != 0);
    assert(step.stride >= 1 && step.dilation >= 1);
    FilterPlan plan;
    plan.output = {(height - 1) / step.stride + 1, (width - 1) / step.stride + 1};
    plan.stride = step.stride;
    plan.dilation = step.dilation;
    plan.border = step.border;
    constexpr double kMost = std::numeric_limits<float>::max();
    plan.border_value =
        step.border == PadMode::constant ? static_cast<float>(std::clamp(step.border_value, -kMost, kMost)) : 0;
    plan.offset = static_cast<float>(kernel.offset * white(depth));

    Window whole{kernel.rows, kernel.cols, kernel.weights};
    std::int64_t anchor_row = kernel.rows / 2;
    std::int64_t anchor_col = kernel.cols / 2;
    if (step.flip) {
        std::reverse(whole.weights.begin(), whole.weights.end());
        anchor_row = kernel.rows - 1 - anchor_row;
        anchor_col = kernel.cols - 1 - anchor_col;
    }
    std::int64_t first_row = 0;
    std::int64_t first_col = 0;
    Window window = without_ring(whole, first_row, first_col);
    plan.rows = window.rows;
    plan.cols = window.cols;
    plan.top = (anchor_row - first_row) * step.dilation;
    plan.left = (anchor_col - first_col) * step.dilation;
    const ReachingKernel reaching{plan.rows, plan.cols, window.weights, plan.top, plan.left, plan.dilation};
    if (auto near =
            reaches_far(plan, {height, width}) ? folded(reaching, step.border, {height, width}) : std::nullopt) {
        window = {near->rows, near->cols, std::move(near->weights)};
        std::tie(plan.rows, plan.cols, plan.top, plan.left, plan.dilation) =
            std::tie(near->rows, near->cols, near->top, near->left, near->dilation);
    }
    if (whole_numbers(window.weights)) {
        plan.divisor = static_cast<float>(kernel.divisor);
    } else {
        for (double& weight : window.weights) weight /= kernel.divisor;
    }
    plan.weights.assign(window.weights.begin(), window.weights.end());
    plan.products = products_of(window, step.stride == 1);
    plan.zero_sum = always_keeps_alpha(kernel);
    return plan;
}

bool always_keeps_alpha(const Kernel& kernel) { return adds_up_to_zero(kernel); }

bool FilterPlan::is_box() const {
    return stride == 1 && dilation == 1 &&
           std::ranges::all_of(weights, [&](float weight) { return weight == weights.front(); });
}

bool FilterPlan::is_identity() const {
    return weights.size() == 1 && weights.front() == 1 && top == 0 && left == 0 && divisor == 1 && offset == 0;
}

bool FilterPlan::mixes_signs() const {
    return std::ranges::any_of(weights, [](float weight) { return weight > 0; }) &&
           std::ranges::any_of(weights, [](float weight) { return weight < 0; });
}

FilterPlan FilterPlan::absolute() const {
    const auto make_absolute = [](std::vector<float>& numbers) {
        for (float& number : numbers) number = std::abs(number);
    };
    FilterPlan plan = *this;
    make_absolute(plan.weights);
    if (!separable()) plan.products.clear();
    for (Product& product : plan.products) {
        make_absolute(product.column);
        make_absolute(product.across);
    }
    return plan;
}

bool is_opaque(const Image& image, Depth scale) {
    return with_sample_type(image.depth(), [&](auto type) { return all_opaque<decltype(type)>(image, white(scale)); });
}

AlphaRule alpha_rule(const Image& image, const FilterPlan& plan, const FilterOptions& options) {
    if (!image.has_alpha()) return AlphaRule::none;
    const bool matters = !plan.is_identity() && (!options.filter_alpha || plan.zero_sum);
    return alpha_rule(matters && is_opaque(image, scale_of(image.depth(), options)), plan, options);
}

AlphaRule alpha_rule(bool opaque, const FilterPlan& plan, const FilterOptions& options) {
    if (options.filter_alpha && !plan.zero_sum) return AlphaRule::filtered;
    const bool multiplied = options.filter_alpha && (options.place.scale || options.place.goes_on);
    if (multiplied) return AlphaRule::kept;  // colours are multiplied by alpha before or after
    return opaque || plan.is_identity() ? AlphaRule::none : AlphaRule::kept;
}

}  // namespace convlens
