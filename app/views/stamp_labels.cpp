// What becomes of the canvas of a stamping pane, in words: which sides are cropped, which extended.
#include <string>
#include <utility>

#include "app/views/pane.h"

namespace convlens {

namespace {

// What makes the output of what is stamped along an axis: cells are cropped, or negative padding and output padding add
// some, or both, one at each end.
enum class Change { none, cropped, extended, both };

Change change_of(const AxisShape& a) {
    const std::int64_t behind = a.padded - a.pad_before - a.output;
    const bool cropped = a.pad_before > 0 || behind > 0, added = a.pad_before < 0 || behind < 0;
    if (cropped) return added ? Change::both : Change::cropped;
    return added ? Change::extended : Change::none;
}

Message changed_rows(Change change) {
    switch (change) {
        case Change::none: return {};
        case Change::cropped: return msg("rows cropped");
        case Change::extended: return msg("rows extended");
        case Change::both: return msg("rows cropped and extended");
    }
    return {};
}

Message changed_columns(Change change) {
    switch (change) {
        case Change::none: return {};
        case Change::cropped: return msg("columns cropped");
        case Change::extended: return msg("columns extended");
        case Change::both: return msg("columns cropped and extended");
    }
    return {};
}

}  // namespace

Message uncropped_size(const DerivedLayer& layer) {
    const Change rows = change_of(layer.h), columns = change_of(layer.w);
    const std::string whole = size_text(layer.h.padded, layer.w.padded);
    const auto size = "size"_is(whole);
    const auto output = "output"_is(size_text(layer.h.output, layer.w.output));
    if (rows != columns)
        return msg("{size}, output {output}: {changes}", size, output,
                   "changes"_is(in_a_row({changed_rows(rows), changed_columns(columns)})));
    switch (rows) {
        case Change::none: break;
        case Change::cropped: return msg("{size}, cropped to {output}", size, output);
        case Change::extended: return msg("{size}, extended to {output}", size, output);
        case Change::both: return msg("{size}, cropped and extended to {output}", size, output);
    }
    return verbatim(whole);
}

}  // namespace convlens
