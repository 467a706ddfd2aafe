// A row is read where a window position meets it or, in the padding, a copy of it; rows and columns are independent of
// each other, because a copy's source is found along each axis by itself.
#include "core/trace/unread.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/conv/window.h"

namespace convlens {

namespace {

using Marks = std::vector<char>;  // of each cell of an axis: 1 where it is marked

void mark(Marks& marks, std::int64_t at) { marks[static_cast<std::size_t>(at)] = 1; }
bool marked(const Marks& marks, std::int64_t at) {
    return at >= 0 && at < std::ssize(marks) && marks[static_cast<std::size_t>(at)] != 0;
}

void add(Unread& unread, std::int64_t index, UnreadCause cause) {
    unread.input.push_back(index);
    unread.causes.push_back(cause);
}

Unread unread_by_stamps(const AxisShape& a) {
    Unread lost;
    for (std::int64_t i = 0; i < a.input; ++i) {
        const std::int64_t first = i * a.stride - a.pad_before;
        if (cells_within(first, a.dilation, a.kernel, 0, a.output).count() == 0)
            add(lost, i, UnreadCause::stamp_cropped);
    }
    return lost;
}

Unread unread_by_windows(const AxisShape& a, const ConvSpec& spec) {
    Marks read(static_cast<std::size_t>(a.padded)), covered(read), input(static_cast<std::size_t>(a.input));
    for (std::int64_t o = 0; o < a.output; ++o) {
        const std::int64_t first = o * a.stride, end = std::min(first + a.effective_kernel, a.padded);
        for (std::int64_t p = first; p < end; p += a.dilation) mark(read, p);
        const std::int64_t before = o == 0 ? 0 : first - a.stride + a.effective_kernel;  // marked already
        for (std::int64_t p = std::max(first, before); p < end; ++p) mark(covered, p);
    }
    for (std::int64_t p = 0; p < a.padded; ++p)
        if (marked(read, p))
            if (const auto source = source_index(p - a.pad_before, a.input, spec.pad_mode)) mark(input, *source);
    const UnreadCause between = is_pooling(spec.op) ? UnreadCause::between_cells : UnreadCause::between_weights;
    Unread lost;
    for (std::int64_t i = 0; i < a.input; ++i) {
        if (marked(input, i)) continue;
        const std::int64_t p = i + a.pad_before;
        const bool cropped = p < 0 || p >= a.padded;
        add(lost, i, cropped ? UnreadCause::cropped : marked(covered, p) ? between : UnreadCause::no_window);
    }
    for (std::int64_t p = 0; p < a.padded; ++p) {
        const bool in_padding = p < a.pad_before || p >= a.pad_before + a.input;
        if (in_padding && !marked(read, p)) lost.padding.push_back(p);
    }
    return lost;
}

// "1, 3 and 5"; long lists are cut.
Message list_of(const std::vector<std::int64_t>& indices) {
    constexpr std::size_t kMost = 8;
    std::vector<Message> shown;
    for (const std::int64_t index : indices | std::views::take(kMost))
        shown.push_back(verbatim(fmt::format("{}", index)));
    if (indices.size() <= kMost) return listed(std::move(shown));
    return msg("{indices}, … {count} in all", "indices"_is(in_a_row(std::move(shown))), "count"_is(indices.size()));
}

// The sentences about one cause, of one row or several and of one column or several.
struct CauseWords {
    UnreadCause cause;
    SentenceWith<"indices"> row, rows, column, columns;
};
constexpr std::array kCauseWords{
    CauseWords{UnreadCause::no_window, key("Input row {indices} is never read: no window covers it. Its data is lost."),
               key("Input rows {indices} are never read: no window covers them. Their data is lost."),
               key("Input column {indices} is never read: no window covers it. Its data is lost."),
               key("Input columns {indices} are never read: no window covers them. Their data is lost.")},
    CauseWords{UnreadCause::between_weights,
               key("Input row {indices} is never read: it falls between the weights, which dilation spreads. Its data "
                   "is lost."),
               key("Input rows {indices} are never read: they fall between the weights, which dilation spreads. Their "
                   "data is lost."),
               key("Input column {indices} is never read: it falls between the weights, which dilation spreads. Its "
                   "data is lost."),
               key("Input columns {indices} are never read: they fall between the weights, which dilation spreads. "
                   "Their data is lost.")},
    CauseWords{
        UnreadCause::between_cells,
        key("Input row {indices} is never read: it falls between the cells of the windows, which dilation spreads. "
            "Its data is lost."),
        key("Input rows {indices} are never read: they fall between the cells of the windows, which dilation "
            "spreads. Their data is lost."),
        key("Input column {indices} is never read: it falls between the cells of the windows, which dilation "
            "spreads. Its data is lost."),
        key("Input columns {indices} are never read: they fall between the cells of the windows, which dilation "
            "spreads. Their data is lost.")},
    CauseWords{UnreadCause::cropped,
               key("Input row {indices} is never read: negative padding crops it. Its data is lost."),
               key("Input rows {indices} are never read: negative padding crops them. Their data is lost."),
               key("Input column {indices} is never read: negative padding crops it. Its data is lost."),
               key("Input columns {indices} are never read: negative padding crops them. Their data is lost.")},
    CauseWords{UnreadCause::stamp_cropped,
               key("Input row {indices} is never read: its whole stamp is cropped. Its data is lost."),
               key("Input rows {indices} are never read: their whole stamps are cropped. Their data is lost."),
               key("Input column {indices} is never read: its whole stamp is cropped. Its data is lost."),
               key("Input columns {indices} are never read: their whole stamps are cropped. Their data is lost.")},
};

void add_sentences(std::vector<Message>& sentences, const Unread& unread, Axis axis) {
    for (const CauseWords& words : kCauseWords) {
        std::vector<std::int64_t> indices;
        for (std::size_t i = 0; i < unread.input.size(); ++i)
            if (unread.causes[i] == words.cause) indices.push_back(unread.input[i]);
        if (indices.empty()) continue;
        const bool rows = axis == Axis::h, one = indices.size() == 1;
        const auto text = one ? (rows ? words.row : words.column) : (rows ? words.rows : words.columns);
        sentences.push_back(msg(text, "indices"_is(list_of(indices))));
    }
}

// Where padding alone is never read; and where input is lost as well.
Message only_padding(std::int64_t h, std::int64_t w) {
    if (w == 0)
        return plural("{n} row of padding is never read; no input is lost.",
                      "{n} rows of padding are never read; no input is lost.", h);
    if (h == 0)
        return plural("{n} column of padding is never read; no input is lost.",
                      "{n} columns of padding are never read; no input is lost.", w);
    return msg("{rows} and {columns} of padding are never read; no input is lost.",
               "rows"_is(plural("{n} row", "{n} rows", h)), "columns"_is(plural("{n} column", "{n} columns", w)));
}
Message padding_too(std::int64_t h, std::int64_t w) {
    if (w == 0) return plural("{n} row of padding is never read.", "{n} rows of padding are never read.", h);
    if (h == 0) return plural("{n} column of padding is never read.", "{n} columns of padding are never read.", w);
    return msg("{rows} and {columns} of padding are never read.", "rows"_is(plural("{n} row", "{n} rows", h)),
               "columns"_is(plural("{n} column", "{n} columns", w)));
}

}  // namespace

Unread unread(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    const AxisShape a = solve_axis(spec, input_plane, axis);
    return spec.op == Op::conv_transpose ? unread_by_stamps(a) : unread_by_windows(a, spec);
}

UnreadWords in_words(const Unread& rows, const Unread& columns) {
    UnreadWords words;
    add_sentences(words.input, rows, Axis::h);
    add_sentences(words.input, columns, Axis::w);
    const std::int64_t h = std::ssize(rows.padding), w = std::ssize(columns.padding);
    if (h + w == 0) return words;
    words.padding = words.input.empty() ? only_padding(h, w) : padding_too(h, w);
    return words;
}

}  // namespace convlens
