// Output: the tensor as numbers.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "app/moment/cell.h"
#include "app/panels/widgets/widgets.h"
#include "app/session/playback.h"
#include "app/session/session.h"
#include "app/views/cell_mark.h"
#include "core/io/error.h"
#include "core/io/tensor/text.h"
#include "core/text/number.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

struct OutputView {
    const PanelContext& context;
    const Pane& pane;
    const Tensor<double>& output;
    std::size_t pane_index;

    double at(std::int64_t y, std::int64_t x) const { return output.at(pane.slice.n, pane.slice.c_out, y, x); }
};

void draw_slice(const OutputView& view) {
    const Shape4 shape = view.output.shape();
    const auto look_at = [&](std::int64_t Slice::*member, const char* label, std::int64_t to) {
        view.context.ui.edit(
            msg("look at {index} {value}", "index"_is(label), "value"_is(to)), "slice",
            [at = view.pane_index, member, to](Document& document) { document.panes[at].slice.*member = to; });
    };
    if (const auto n = index_stepper(view.context, "n", "output n", view.pane.slice.n, shape.n,
                                     msg("The batch item shown (N, Shift+N).")))
        look_at(&Slice::n, "n", *n);
    if (shape.n > 1 && shape.c > 1) flow(view.context.text_size * 8);
    if (const auto c = index_stepper(view.context, "c_out", "output c_out", view.pane.slice.c_out, shape.c,
                                     msg("The output channel shown (O, Shift+O).")))
        look_at(&Slice::c_out, "c_out", *c);
}

void draw_copy(const OutputView& view) {
    if (ImGui::Button(view.context.label(msg("Copy…")).c_str())) ImGui::OpenPopup("copy");
    tip(view.context, msg("Copies the values to the clipboard, with all their digits."));
    if (!ImGui::BeginPopup("copy")) return;
    const Slice& slice = view.pane.slice;
    const auto copy = [&](const std::string& text) {
        ImGui::SetClipboardText(text.c_str());
        say(view.context.ui, msg("Copied"));
    };
    if (ImGui::MenuItem(view.context.label(msg("This channel as rows")).c_str()))
        copy(plane_rows(view.output, slice.n, slice.c_out));
    tip(view.context, msg("Tab-separated, for spreadsheets."));
    if (ImGui::MenuItem(view.context.label(msg("This channel as a Python list")).c_str()))
        copy(plane_list(view.output, slice.n, slice.c_out));
    if (ImGui::MenuItem(view.context.label(msg("All as a NumPy array")).c_str())) copy(numpy_array(view.output));
    tip(view.context, msg("With its shape [N, C, H, W]."));
    ImGui::EndPopup();
}

// Of what is typed; a name alone belongs in the current folder. What cannot be completed stays as it is.
std::filesystem::path full_path(const std::string& typed) {
    const char* home = std::getenv("HOME");
    if (home != nullptr && (typed == "~" || typed.starts_with("~/")))
        return std::filesystem::path(home) / from_utf8(typed.size() > 2 ? typed.substr(2) : "");
    std::error_code failed;
    const std::filesystem::path whole = std::filesystem::absolute(from_utf8(typed), failed);
    return failed ? from_utf8(typed) : whole;
}

// True when the file was written.
bool save(const OutputView& view) {
    OutputState& state = view.context.ui.panels.output;
    state.save_problem = {};
    try {
        save_tensor(view.output, full_path(state.save_path));
        return true;
    } catch (const FileError& error) {
        state.save_problem = error.words();
    } catch (const std::filesystem::filesystem_error& error) {
        state.save_problem = verbatim(error.what());
    }
    return false;
}

void draw_save_form(const OutputView& view) {
    OutputState& state = view.context.ui.panels.output;
    const float width = view.context.text_size * 20;
    heading(view.context, msg("Save the output"));
    std::string path = state.save_path;
    if (text_field(view.context, "##path", path, {width, !state.save_problem.empty()})) {
        state.save_path = path;
        state.save_problem = {};
    }
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
    ImGui::TextDisabled("%s", view.context.words(msg("The name ends in .npy (NumPy) or .csv (spreadsheet).")).c_str());
    if (!state.save_problem.empty())
        ImGui::TextColored(vec(view.context.theme.problem), "! %s", view.context.words(state.save_problem).c_str());
    ImGui::PopTextWrapPos();
    std::error_code ignored;
    const bool exists = std::filesystem::exists(full_path(state.save_path), ignored);
    if (ImGui::Button(view.context.label(exists ? msg("Replace the file") : msg("Save"), "###save").c_str()) &&
        save(view)) {
        say(view.context.ui, msg("Saved {file}", "file"_is(to_utf8(full_path(state.save_path)))));
        ImGui::CloseCurrentPopup();
    }
    ImGui::SameLine();
    if (ImGui::Button(view.context.label(msg("Cancel")).c_str())) ImGui::CloseCurrentPopup();
}

void draw_save(const OutputView& view) {
    OutputState& state = view.context.ui.panels.output;
    if (ImGui::Button(view.context.label(msg("Save…")).c_str())) {
        if (state.save_path.empty()) state.save_path = "~/output.npy";
        state.save_problem = {};
        ImGui::OpenPopup("save");
    }
    tip(view.context, msg("Writes all values to a file: .npy for NumPy, .csv for spreadsheets."));
    // Above the button, growing upward: this panel stands at the bottom of the window.
    ImGui::SetNextWindowPos({ImGui::GetItemRectMax().x, ImGui::GetItemRectMin().y - 2}, ImGuiCond_Always, {1, 1});
    if (!ImGui::BeginPopup("save")) return;
    draw_save_form(view);
    ImGui::EndPopup();
}

// The size of a cell of the table: the widest number that stands in it.
ImVec2 cell_size(const OutputView& view) {
    const Shape4 shape = view.output.shape();
    std::size_t longest = 2;
    // Of a large plane a sample decides: every number is cut to four digits anyway.
    const std::int64_t skip = std::max<std::int64_t>(1, shape.h * shape.w / 600);
    for (std::int64_t i = 0; i < shape.h * shape.w; i += skip)
        longest = std::max(longest, short_number(view.at(i / shape.w, i % shape.w)).size());
    const float digit = ImGui::CalcTextSize("0").x;
    return {std::round(digit * (static_cast<float>(std::min<std::size_t>(longest, 9)) + 1.2F)),
            std::round(ImGui::GetFontSize() * 1.5F)};
}

struct Table {
    ImVec2 cell;
    float head = 0;    // width of the row numbers
    ImVec2 at;         // the corner of row 0, column 0, on screen
    ImVec2 low, high;  // what is in sight
    std::optional<Cell4> current;
    std::optional<MarkId> pointed;
};

void draw_row(const OutputView& view, const Table& t, std::int64_t y) {
    const Shape4 shape = view.output.shape();
    const Theme& theme = view.context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float top = t.at.y + static_cast<float>(y) * t.cell.y;
    const float text = std::round((t.cell.y - ImGui::GetFontSize()) / 2);
    const auto first =
        std::clamp<std::int64_t>(static_cast<std::int64_t>((t.low.x + t.head - t.at.x) / t.cell.x), 0, shape.w);
    const auto last =
        std::clamp<std::int64_t>(static_cast<std::int64_t>((t.high.x - t.at.x) / t.cell.x) + 1, 0, shape.w);
    list->PushClipRect({t.low.x + t.head, t.low.y + t.cell.y}, t.high, true);
    for (std::int64_t x = first; x < last; ++x) {
        const float left = t.at.x + static_cast<float>(x) * t.cell.x;
        const bool here = t.current && t.current->y == y && t.current->x == x;
        const bool pointed = t.pointed && t.pointed->y == y && t.pointed->x == x;
        const ImVec2 high{left + t.cell.x - 1, top + t.cell.y - 1};
        if (here) list->AddRectFilled({left, top}, high, packed_colour(theme.accent.with_alpha(0.25F)));
        if (here || pointed) list->AddRect({left, top}, high, packed_colour(here ? theme.accent : theme.hover), 0, 2);
        const std::string number = short_number(view.at(y, x));
        const float room = ImGui::CalcTextSize(number.c_str()).x;
        list->AddText({std::round(left + t.cell.x - room - t.cell.x * 0.1F), top + text}, packed_colour(theme.text),
                      number.c_str());
    }
    list->PopClipRect();
    const std::string index = fmt::format("{}", y);
    const float room = ImGui::CalcTextSize(index.c_str()).x;
    list->PushClipRect({t.low.x, t.low.y + t.cell.y}, t.high, true);
    list->AddText({std::round(t.low.x + t.head - room - ImGui::GetFontSize() * 0.5F), top + text},
                  packed_colour(theme.faint), index.c_str());
    list->PopClipRect();
}

void draw_column_numbers(const OutputView& view, const Table& t) {
    const Shape4 shape = view.output.shape();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->PushClipRect({t.low.x + t.head, t.low.y}, t.high, true);
    for (std::int64_t x = 0; x < shape.w; ++x) {
        const float right = t.at.x + static_cast<float>(x + 1) * t.cell.x;
        if (right < t.low.x || right - t.cell.x > t.high.x) continue;
        const std::string index = fmt::format("{}", x);
        const float room = ImGui::CalcTextSize(index.c_str()).x;
        list->AddText(
            {std::round(right - room - t.cell.x * 0.1F), std::round(t.low.y + (t.cell.y - ImGui::GetFontSize()) / 2)},
            packed_colour(view.context.theme.faint), index.c_str());
    }
    list->PopClipRect();
}

void point_at_cell(const OutputView& view, const Table& t) {
    UiState& ui = view.context.ui;
    const Shape4 shape = view.output.shape();
    const ImVec2 mouse = ImGui::GetMousePos();
    if (!ImGui::IsWindowHovered() || mouse.x < t.low.x + t.head || mouse.y < t.low.y + t.cell.y) return;
    const auto y = static_cast<std::int64_t>(std::floor((mouse.y - t.at.y) / t.cell.y));
    const auto x = static_cast<std::int64_t>(std::floor((mouse.x - t.at.x) / t.cell.x));
    if (y < 0 || x < 0 || y >= shape.h || x >= shape.w) return;
    const PaneCell cell{static_cast<int>(view.pane_index), output_cell(view.pane, y, x)};
    ui.hover = mark_of(cell);
    if (!ui.tips_wait)
        ImGui::SetTooltip("%s", view.context
                                    .words(msg("{name} = {value}",
                                               "name"_is(tensor_cell_name(TensorKind::output, shape, cell.cell.at)),
                                               "value"_is(full_number(view.at(y, x)))))
                                    .c_str());
    if (!ImGui::IsMouseClicked(ImGuiMouseButton_Left)) return;
    if (const auto step = step_of_cell(view.context.derived, cell)) go_to_clicked_step(ui, view.context.derived, *step);
}

Table make_table(const OutputView& view) {
    const UiState& ui = view.context.ui;
    const int pane = static_cast<int>(view.pane_index);
    Table t;
    t.cell = cell_size(view);
    t.head = ImGui::CalcTextSize(fmt::format("{}", view.output.shape().h - 1).c_str()).x + ImGui::GetFontSize();
    t.pointed = highlight(ui);
    if (t.pointed && (t.pointed->pane != pane || t.pointed->part != Part::output)) t.pointed.reset();
    t.current = shown_moment(view.context, pane).out;
    return t;
}

// Rows and columns in sight, under numbers that stay where they are while the table scrolls.
void draw_numbers(const OutputView& view, Table& t) {
    const ImVec2 start = ImGui::GetCursorScreenPos();
    t.low = ImGui::GetWindowPos();
    t.high = {t.low.x + ImGui::GetWindowWidth(), t.low.y + ImGui::GetWindowHeight()};
    t.at = {start.x + t.head, start.y + t.cell.y};
    point_at_cell(view, t);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    ImGui::Dummy({1, t.cell.y});
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(view.output.shape().h), t.cell.y);
    while (clipper.Step()) {
        for (int y = clipper.DisplayStart; y < clipper.DisplayEnd; ++y) {
            draw_row(view, t, y);
            ImGui::Dummy({1, t.cell.y});
        }
    }
    ImGui::PopStyleVar();
    draw_column_numbers(view, t);
}

void draw_table(const OutputView& view) {
    const Shape4 shape = view.output.shape();
    ImGui::PushFont(view.context.screen.faces().mono, number_size(view.context));
    Table t = make_table(view);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::SetNextWindowContentSize(
        {t.head + t.cell.x * static_cast<float>(shape.w), t.cell.y * static_cast<float>(shape.h + 1)});
    if (ImGui::BeginChild("numbers", {0, 0}, ImGuiChildFlags_Borders, ImGuiWindowFlags_HorizontalScrollbar))
        draw_numbers(view, t);
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::PopFont();
}

}  // namespace

void output_panel(PanelContext& context) {
    const auto index = static_cast<std::size_t>(context.ui.pane);
    const Pane& pane = context.derived.document.panes[index];
    const OutputView view{context, pane, shown_layer(context.derived, pane)->output, index};
    const StaleLook look(context, pane.layer);
    hue_label(context, "[N, C, H, W] = " + to_string(view.output.shape()), context.theme.output,
              msg("Shape of the output: batch size N, channels C, height H, width W."));
    flow(button_width(context.words(msg("Copy…"))) + button_width(context.words(msg("Save…"))) +
         ImGui::GetStyle().ItemSpacing.x);
    ImGui::BeginDisabled(is_stale(context, pane.layer));  // what leaves the program is of the settings that are shown
    draw_copy(view);
    ImGui::SameLine();
    draw_save(view);
    ImGui::EndDisabled();
    draw_slice(view);
    draw_table(view);
}

}  // namespace convlens
