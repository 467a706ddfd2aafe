// Kernel text, as people paste it from papers, forums and other programs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "core/image/kernel.h"
#include "core/image/kernel_cells.h"
#include "core/text/ascii.h"

namespace convlens {

namespace {

using cells::Cells;
using cells::number;
using cells::number_or_refuse;
using cells::place;
using cells::plain;
using cells::plain_number;
using cells::quoted;
using cells::split;
using cells::Splitter;

// What the text says beside the weights.
struct Scale {
    double divisor = 1;
    double offset = 0;

    // A factor a/b, kept as the divisor b/a: "* 1/16" divides by exactly 16.
    void multiply(std::string_view factor, const Message& where) {
        const double value = number_or_refuse(factor, where);
        if (value == 0) throw KernelError(msg("a factor of 0 leaves nothing of the image"));
        const std::size_t slash = factor.find('/');
        divisor *= slash == std::string_view::npos
                       ? 1 / value
                       : *plain_number(factor.substr(slash + 1)) / *plain_number(factor.substr(0, slash));
    }
    void divide(std::string_view by, const Message& where) {
        const double value = number_or_refuse(by, where);
        if (value == 0) throw KernelError(msg("the divisor must not be 0; leave it out for no division"));
        divisor *= value;
    }
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string with_points(std::string body) {
    std::ranges::replace(body, ',', '.');
    return body;
}

// "1/9 * [1 1 1; ...]": takes the factor off the front of `text`.
void take_prefix(std::string& text, Scale& scale) {
    const std::size_t bracket = text.find_first_of("[{(");
    if (bracket == std::string::npos) return;
    std::string_view prefix = trimmed(std::string_view(text).substr(0, bracket));
    if (const std::size_t equals = prefix.find('='); equals != std::string_view::npos)
        prefix = trimmed(prefix.substr(equals + 1));  // "K = [...]"
    const bool factor = prefix.ends_with('*');
    if (factor) prefix = trimmed(prefix.substr(0, prefix.size() - 1));
    if (!factor && prefix.find_first_of(";,\n") != std::string_view::npos) return;  // rows that begin without a bracket
    // One number has no commas but decimal ones.
    if (!prefix.empty()) scale.multiply(with_points(std::string(prefix)), msg("in front of the bracket"));
    text.erase(0, bracket);
}

// "... / 16 + 0.5": takes what follows the weights off the last row.
void take_suffix(std::vector<Cells>& rows, Scale& scale) {
    if (rows.empty()) return;
    Cells& last = rows.back();
    const auto begins = [](const std::string& cell) { return cell == "+" || cell[0] == '/' || cell[0] == '*'; };
    std::size_t at = 0;
    while (at < last.size() && !begins(last[at])) ++at;
    const std::size_t weights = at;
    std::string before;  // a sign with its number
    while (at < last.size()) {
        const char sign = last[at][0];
        // In brackets commas separate, so that "(1,2;3,4)/2,5" is divided by 2, and a 5 is left.
        if (!before.empty() && std::ranges::all_of(last[at], is_digit))
            throw KernelError(msg(
                "at the end: {text} follows {before}, but only one number can. Write decimals with a point: {decimal}",
                "text"_is(quoted(last[at])), "before"_is(quoted(before)),
                "decimal"_is(quoted(before + "." + last[at]))));
        std::string operand = last[at].substr(1);
        ++at;
        if (operand.empty() && at < last.size()) operand = last[at++];
        const auto the_sign = "sign"_is(std::string(1, sign));
        if (operand.empty()) throw KernelError(msg("nothing follows the \"{sign}\" at the end", the_sign));
        const Message where = msg("behind the \"{sign}\" at the end", the_sign);
        before = sign + operand;
        if (sign == '/') scale.divide(operand, where);
        if (sign == '*') scale.multiply(operand, where);
        if (sign == '+') scale.offset += number_or_refuse(operand, where);
        if (sign == '-') scale.offset -= number_or_refuse(operand, where);
        if (std::string_view("/*+-").find(sign) == std::string_view::npos)
            throw KernelError(msg("at the end: {text} is none of / * + -", "text"_is(quoted(sign + operand))));
    }
    last.resize(weights);
    if (last.empty()) rows.pop_back();
}

using Numbers = std::vector<std::vector<double>>;

Numbers numbers(const std::vector<Cells>& rows) {
    Numbers result;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto& line = result.emplace_back();
        for (std::size_t col = 0; col < rows[row].size(); ++col)
            line.push_back(number_or_refuse(rows[row][col], place(row, col)));
    }
    return result;
}

// libvips' matrix files: "width height [scale [offset]]" on a line of its own. Taken for that only where the sizes are
// those of the rows that follow.
void take_vips_header(Numbers& rows, Scale& scale) {
    if (rows.size() < 2) return;
    const std::vector<double> header = rows[0];
    if (header.size() < 2 || header.size() > 4) return;
    if (header[0] != static_cast<double>(rows[1].size()) || header[1] != static_cast<double>(rows.size() - 1)) return;
    rows.erase(rows.begin());
    if (header.size() > 2 && header[2] != 0) scale.divisor *= header[2];  // libvips too takes a scale of 0 for none
    if (header.size() > 3) scale.offset += header[3] / 255;
}

// compton's blur kernels: "3,3,1,1,1,1,1,1,1,1," is 3x3 without its middle cell.
void take_compton_line(Numbers& rows, std::size_t commas) {
    if (rows.size() != 1 || rows[0].size() < 3 || commas + 1 < rows[0].size()) return;
    const double width = rows[0][0];
    const double height = rows[0][1];
    const auto odd = [](double side) { return side >= 1 && side <= kMaxKernelSide && std::fmod(side, 2) == 1; };
    if (!odd(width) || !odd(height) || static_cast<double>(rows[0].size()) != width * height + 1) return;
    std::vector<double> weights(rows[0].begin() + 2, rows[0].end());
    weights.insert(weights.begin() + static_cast<std::ptrdiff_t>(weights.size() / 2), 1.0);
    const auto cols = static_cast<std::ptrdiff_t>(width);
    rows.clear();
    for (auto at = weights.begin(); at != weights.end(); at += cols) rows.emplace_back(at, at + cols);
}

void check_rectangle(const Numbers& rows) {
    if (rows.empty())
        throw KernelError(
            msg("the kernel is empty: type rows such as \"0 -1 0; -1 5 -1; 0 -1 0\", or a name such as box"));
    const std::size_t cols = rows[0].size();
    for (std::size_t row = 1; row < rows.size(); ++row) {
        if (rows[row].size() != cols)
            throw KernelError(plural("row {row} has {n} number, but row 1 has {first}: all rows must be equally long",
                                     "row {row} has {n} numbers, but row 1 has {first}: all rows must be equally long",
                                     std::ssize(rows[row]), "row"_is(row + 1), "first"_is(cols)));
    }
    constexpr auto kMost = static_cast<std::size_t>(kMaxKernelSide);
    if (rows.size() > kMost || cols > kMost)
        throw KernelError(msg("a kernel may have at most {most}×{most} weights; this one has {rows}×{columns}",
                              "most"_is(kMost), "rows"_is(rows.size()), "columns"_is(cols)));
}

// "gaussian:sigma=2,size=7"
Kernel parse_family(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view family = trimmed(text.substr(0, colon));
    if (colon == std::string_view::npos) return make_kernel(family);
    std::vector<KernelSetting> settings;
    std::string_view rest = text.substr(colon + 1);
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        const std::string_view part = trimmed(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos)
            throw KernelError(
                msg("{text} of kernel {kernel}: write parameters as name=value, with a point in numbers: "
                    "size=5,sigma=1.5",
                    "text"_is(quoted(part)), "kernel"_is(family)));
        const std::string name(trimmed(part.substr(0, equals)));
        settings.push_back({name, number_or_refuse(trimmed(part.substr(equals + 1)), verbatim(name))});
    }
    return make_kernel(family, settings);
}

// A word, perhaps with parameters, and not the number words nan and inf or a "K = [...]".
bool is_family(std::string_view text) {
    const std::string_view word = text.substr(0, text.find(':'));
    if (word.empty() || number(word)) return false;
    for (const std::string_view no_name : {"nan", "NaN", "NAN", "inf", "Inf", "INF"})
        if (word == no_name) return false;
    for (const char c : trimmed(word)) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') return false;
    }
    return (word[0] >= 'a' && word[0] <= 'z') || (word[0] >= 'A' && word[0] <= 'Z');
}

// Whether each line is a row and ';' separates its numbers, as spreadsheets write them: "1;2\n3;4". In one line, at the
// end of one, or beside blanks, ';' ends a row.
bool is_spreadsheet(std::string_view body) {
    constexpr std::string_view kNever = "[{(| \t";
    std::size_t lines = 0, columns = 0;
    while (!body.empty()) {
        const std::string_view line = trimmed(body.substr(0, body.find('\n')));
        body.remove_prefix(
            std::min(body.size(), body.find('\n') == std::string_view::npos ? body.size() : body.find('\n') + 1));
        if (line.empty()) continue;
        const auto count = static_cast<std::size_t>(std::ranges::count(line, ';'));
        if (count == 0 || (lines > 0 && count != columns) || line.find_first_of(kNever) != std::string_view::npos ||
            line.front() == ';' || line.back() == ';')
            return false;
        columns = count;
        ++lines;
    }
    return lines > 1;
}

// Whether the commas may be decimal ones. They separate numbers in brackets, with a blank or a sign behind one, and
// beside a point anywhere.
bool commas_are_open(std::string_view body) {
    if (body.find_first_of("[{(.") != std::string_view::npos) return false;
    bool any = false;
    for (std::size_t at = body.find(','); at != std::string_view::npos; at = body.find(',', at + 1)) {
        if (at == 0 || at + 1 == body.size() || !is_digit(body[at - 1]) || !is_digit(body[at + 1])) return false;
        any = true;
    }
    return any;
}

// Whether blanks part rows whose numbers commas part, as ImageMagick writes them: "0,-1,0 -1,5,-1 0,-1,0".
bool is_rows_of_commas(std::string_view body) {
    if (body.find_first_of(";\n[{(|") != std::string_view::npos) return false;
    std::size_t rows = 0;
    std::ptrdiff_t commas = 0;
    for (body = trimmed(body); !body.empty(); body = trimmed(body)) {
        const std::string_view row = body.substr(0, body.find_first_of(" \t\r"));
        body.remove_prefix(row.size());
        const std::ptrdiff_t count = std::ranges::count(row, ',');
        if (count == 0 || (rows > 0 && count != commas) || row.front() == ',' || row.back() == ',') return false;
        commas = count;
        ++rows;
    }
    return rows > 1;
}

// ImageMagick's "3x2:" in front of the weights, width first; nothing where there is none.
struct ToldSize {
    std::int64_t rows = 0, cols = 0;
};
std::optional<ToldSize> take_told_size(std::string& body) {
    const std::string_view text = trimmed(body);
    const std::size_t colon = text.find(':'), times = text.find('x');
    if (colon == std::string_view::npos || times >= colon) return std::nullopt;
    const std::optional<double> cols = plain_number(text.substr(0, times));
    const std::optional<double> rows = plain_number(text.substr(times + 1, colon - times - 1));
    const auto is_side = [](const std::optional<double>& side) {
        return side && *side >= 1 && *side <= static_cast<double>(kMaxKernelSide) && *side == std::floor(*side);
    };
    if (!is_side(rows) || !is_side(cols)) return std::nullopt;
    body = std::string(text.substr(colon + 1));
    return ToldSize{static_cast<std::int64_t>(*rows), static_cast<std::int64_t>(*cols)};
}

// The weights of one line, or of rows, in the size that was told in front of them.
void take_size(Kernel& kernel, const ToldSize& told) {
    const bool one_line = kernel.rows == 1 && kernel.cols == told.rows * told.cols;
    if (!one_line && (kernel.rows != told.rows || kernel.cols != told.cols))
        throw KernelError(msg(
            "\"{columns}x{rows}:\" announces {columns} columns and {rows} rows, and the weights make {made_columns} "
            "and {made_rows}",
            "columns"_is(told.cols), "rows"_is(told.rows), "made_columns"_is(kernel.cols),
            "made_rows"_is(kernel.rows)));
    kernel.rows = told.rows;
    kernel.cols = told.cols;
}

Kernel read_kernel(std::string body) {
    Scale scale;
    const std::optional<ToldSize> told = take_told_size(body);
    take_prefix(body, scale);
    if (is_rows_of_commas(body)) std::ranges::replace(body, ' ', ';');
    if (body.find(',') == std::string::npos && is_spreadsheet(body)) std::ranges::replace(body, ';', ' ');
    Splitter splitter = split(body);
    take_suffix(splitter.rows, scale);
    Numbers rows = numbers(splitter.rows);
    take_vips_header(rows, scale);
    take_compton_line(rows, splitter.commas);
    check_rectangle(rows);
    if (!std::isfinite(scale.divisor) || scale.divisor == 0) throw KernelError(msg("the divisor is out of range"));

    Kernel kernel{static_cast<std::int64_t>(rows.size()),
                  static_cast<std::int64_t>(rows[0].size()),
                  {},
                  scale.divisor,
                  scale.offset};
    for (const auto& row : rows) kernel.weights.insert(kernel.weights.end(), row.begin(), row.end());
    if (told) take_size(kernel, *told);
    return kernel;
}

// A kernel, or why the text is none.
struct Reading {
    std::optional<Kernel> kernel;
    Message refusal;
};

Reading try_reading(const std::string& body) {
    try {
        return {read_kernel(body), {}};
    } catch (const KernelError& error) {
        return {std::nullopt, error.message};
    }
}

// "3×1 (0.25; 0.5; 0.25)", the weights of small ones.
std::string told(const Kernel& kernel) {
    constexpr std::size_t kMost = 60;
    const std::string text = to_text(kernel);
    return fmt::format("{}×{}{}", kernel.rows, kernel.cols, text.size() > kMost ? "" : " (" + text + ")");
}

}  // namespace

Kernel parse_kernel(std::string_view text) {
    const std::string_view body = trimmed(text);
    Kernel kernel = is_family(body) ? parse_family(body) : parse_kernel_text(body);
    if (const auto reason = not_finite(kernel)) throw KernelError(*reason);
    return kernel;
}

Kernel parse_kernel_text(std::string_view text) {
    const std::string body = plain(text);
    if (!commas_are_open(body)) return read_kernel(body);
    const Reading separated = try_reading(body);
    const Reading decimal = try_reading(with_points(body));
    if (separated.kernel && decimal.kernel) throw AmbiguousKernel(*separated.kernel, *decimal.kernel);
    if (separated.kernel) return *separated.kernel;
    if (decimal.kernel) return *decimal.kernel;
    throw KernelError(
        msg("{reason}; with decimal commas, {other}", "reason"_is(separated.refusal), "other"_is(decimal.refusal)));
}

AmbiguousKernel::AmbiguousKernel(const Kernel& separated, const Kernel& decimal)
    : KernelError(msg(
          "the commas can be read in two ways: between numbers, which gives {separated}, or inside of numbers, which "
          "gives {decimal}; write the one that is meant, with points and blanks",
          "separated"_is(told(separated)), "decimal"_is(told(decimal)))),
      commas_separate(separated),
      commas_are_points(decimal) {}

std::string to_text(const Kernel& kernel) {
    std::string text;
    for (std::int64_t row = 0; row < kernel.rows; ++row) {
        if (row > 0) text += "; ";
        for (std::int64_t col = 0; col < kernel.cols; ++col)
            text += fmt::format("{}{}", col > 0 ? " " : "", kernel.at(row, col));
    }
    if (kernel.divisor != 1) text += fmt::format(" / {}", kernel.divisor);
    if (kernel.offset != 0) text += fmt::format(" + {}", kernel.offset);
    return text;
}

}  // namespace convlens
