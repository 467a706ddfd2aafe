// `convlens render`: documents and presets as pictures and animations, drawn as the window draws them.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/document_source.h"
#include "app/cli/layer_options.h"
#include "app/cli/progress_lines.h"
#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/export/order.h"
#include "app/views/views.h"
#include "core/io/error.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kLeastSide = 160;
constexpr std::int64_t kMostSide = 8192;
constexpr const char* kPaths = "paths";
constexpr const char* kSelectable = "selectable";

struct Options {
    std::string source, out, size = "960x540", step, view, by, slice, theme = "light", text;
    bool all = false, transparent = false;
    std::optional<double> fps, pause;
    std::optional<std::int64_t> loops;
};

// ".png, .svg or .pdf": the endings of the formats that pass.
template <typename Passes>
std::string endings(const Passes& passes) {
    std::vector<std::string_view> found;
    for (const FigureFormat& format : figure_formats())
        if (passes(format)) found.push_back(format.ending);
    if (found.size() < 2) return fmt::format("{}", fmt::join(found, ""));
    return fmt::format("{} or {}", fmt::join(found.begin(), found.end() - 1, ", "), found.back());
}
// "PNG, SVG, PDF"
template <typename Passes>
std::string names(const Passes& passes) {
    std::vector<std::string_view> found;
    for (const FigureFormat& format : figure_formats())
        if (passes(format)) found.push_back(format.name);
    return fmt::format("{}", fmt::join(found, ", "));
}
bool any(const FigureFormat&) { return true; }
bool moves(const FigureFormat& format) { return format.moves; }
bool stands(const FigureFormat& format) { return !format.moves; }
bool is_transparent(const FigureFormat& format) { return format.transparent; }
bool has_vectors(const FigureFormat& format) { return format.vectors; }

// What --all writes: the first still format of the table, and the first moving one.
std::vector<const FigureFormat*> formats_of_all() {
    std::vector<const FigureFormat*> formats;
    for (const auto passes : {stands, moves}) {
        const auto found = std::ranges::find_if(figure_formats(), passes);
        if (found != figure_formats().end()) formats.push_back(&*found);
    }
    return formats;
}

std::vector<std::string_view> names_of(const std::vector<const FigureFormat*>& formats) {
    std::vector<std::string_view> found;
    for (const FigureFormat* format : formats) found.push_back(format->name);
    return found;
}

const FigureFormat& format_of(const fs::path& path) {
    if (const FigureFormat* format = find_figure_format(path)) return *format;
    throw WrongUse(fmt::format("{}: the name must end in {}", path.string(), endings(any)));
}

void set_size(Page& page, const std::string& text) {
    const std::size_t cross = text.find_first_of("x×");
    if (cross == std::string::npos) throw WrongUse("--size " + text + ": it takes WIDTHxHEIGHT, such as 960x540");
    const auto side = [&](std::string_view part) {
        const std::int64_t pixels = parse_numbers("--size", part, 1).front();
        if (pixels < kLeastSide || pixels > kMostSide) {
            throw WrongUse(
                fmt::format("--size {}: each side must be from {} to {} pixels", text, kLeastSide, kMostSide));
        }
        return static_cast<float>(pixels);
    };
    page.width = side(std::string_view(text).substr(0, cross));
    page.height = side(std::string_view(text).substr(cross + (text[cross] == 'x' ? 1 : 2)));
    // Labels grow with the picture; 18 pixels belong to 960×540.
    page.text_size = std::clamp(18 * std::min(page.width / 960, page.height / 540), 9.0F, 120.0F);
}

void set_slice(Document& document, const std::string& text) {
    const std::vector<std::int64_t> given = parse_numbers("--slice", text, 3);
    const auto check = [&text](const char* what, std::int64_t index, std::int64_t count) {
        if (index >= 0 && index < count) return;
        throw RefusedInput(
            fmt::format("--slice {}: {} {} is not there; it goes from 0 to {}", text, what, index, count - 1));
    };
    for (Pane& pane : document.panes) {
        const Layer& layer = document.layers[static_cast<std::size_t>(pane.layer)];
        pane.slice.n = given[0];
        check("batch item", given[0], input_shape(layer).n);
        if (given.size() > 1) {
            pane.slice.c_out = given[1];
            check("output channel", given[1], layer.spec.out_channels);
        }
        if (given.size() > 2) {
            pane.slice.c_in = given[2];
            check("input channel", given[2], input_shape(layer).c / layer.spec.groups);
        }
    }
}

std::vector<std::string> view_names() {
    std::vector<std::string> names;
    for (const ViewInfo& view : views()) names.emplace_back(view.name);
    return names;
}

// Of every preset those that the view cannot show are drawn as the picture itself then says; of one that was named it is
// refused.
void check_view(const Derived& derived, const Options& options) {
    if (options.view.empty() || options.all) return;
    for (const Pane& pane : derived.document.panes) {
        const std::string reason = refusal(*find_view(options.view), *shown_layer(derived, pane));
        if (!reason.empty()) throw RefusedInput(fmt::format("--view {}: {}", options.view, reason));
    }
}

AnimationOptions animation_of(const Options& options) {
    AnimationOptions animation;
    animation.fps = options.fps.value_or(animation.fps);
    animation.pause = options.pause.value_or(animation.pause);
    animation.loops = static_cast<int>(options.loops.value_or(animation.loops));
    return animation;
}

FigureOrder order_of(Document document, const Options& options) {
    FigureOrder order;
    order.theme = options.theme == "dark" ? &dark_theme() : &light_theme();
    set_size(order.scene.page, options.size);
    order.scene.shown.formula = document.panes.size() == 1;
    order.scene.page.transparent = options.transparent;
    order.animation = animation_of(options);
    if (options.text == kSelectable) order.text = TextAs::selectable;
    if (!options.by.empty()) document.step_by = *from_name<StepBy>(options.by);
    if (!options.slice.empty()) set_slice(document, options.slice);
    for (Pane& pane : document.panes)
        if (!options.view.empty()) pane.view = options.view;
    if (!options.step.empty()) {
        order.playhead = Playhead{parse_numbers("--step", options.step, 1).front(), 0};
        if (order.playhead->step < 0)
            throw WrongUse(fmt::format("--step {}: it counts from 0, which shows the picture before the first step",
                                       options.step));
    }
    order.derived = derive_all(document);
    check_view(order.derived, options);
    return order;
}

std::string words_of(const OrderProblem& problem, const FigureOrder& order, const fs::path& path) {
    switch (problem.kind) {
        case OrderProblem::Kind::step_beyond_end:
            return fmt::format("--step {}: there are {} steps; 0 shows the picture before the first",
                               order.playhead->step, problem.steps);
        case OrderProblem::Kind::too_many_frames: break;
    }
    return fmt::format(
        "{}: {} steps would make {} frames, more than {}; a lower --fps or larger steps (--by output) need fewer, and "
        "--step draws one as {}",
        path.string(), problem.steps, problem.frames, kMostFrames, endings(stands));
}

void write_order(const FigureOrder& order, const fs::path& path, Console console) {
    const FigureFormat& format = format_of(path);
    if (const auto problem = problem_of(order, format)) throw RefusedInput(words_of(*problem, order, path));
    const auto started = std::chrono::steady_clock::now();
    write_figure(order, format, path, progress_lines(console.err, path.string()));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
    std::error_code error;
    const auto kilobytes = static_cast<double>(fs::file_size(path, error)) / 1000;
    console.err << fmt::format("{}: {} kB, {:.1f} s\n", path.string(), std::ceil(kilobytes), seconds.count());
}

// Every preset of layers, finished and moving.
void write_all(const Options& options, Console console) {
    const fs::path folder = options.out;
    std::error_code error;
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder)) throw FileError(folder.string(), "is not a folder and cannot be made one");
    for (const PresetInfo& preset : presets()) {
        if (!has_document(preset)) continue;
        const FigureOrder order = order_of(*preset_document(preset.name), options);
        for (const FigureFormat* format : formats_of_all())
            write_order(order, folder / (preset.name + std::string(format->ending)), console);
    }
}

void check_animation(const Options& options) {
    const auto least = [](const char* option, auto value, int bound) {
        if (value && !(*value >= bound))
            throw WrongUse(fmt::format("{} {}: it must be at least {}", option, *value, bound));
    };
    least("--fps", options.fps, 1);
    least("--pause", options.pause, 0);
    least("--loop", options.loops, 0);
    if (options.pause.value_or(0) > kMostPause) {
        throw WrongUse(fmt::format("--pause must be at most {} seconds; it is {}", kMostPause, *options.pause));
    }
    constexpr std::int64_t kMostLoops = 65536;  // what a GIF can say
    if (options.loops.value_or(0) > kMostLoops) {
        throw WrongUse(fmt::format("--loop {}: it must be at most {}; 0 plays for ever", *options.loops, kMostLoops));
    }
}

// `formats`: "PNG", "PNG, GIF"
std::string words_of_pixels(std::string_view formats) {
    return fmt::format("--text: letters are pixels in {}; use it with {}", formats, endings(has_vectors));
}

// An option that says nothing to a format is refused with the formats to which it does.
void check_format(const Options& options, const FigureFormat& format) {
    const bool timed = options.fps || options.pause || options.loops;
    if (timed && !format.moves) {
        throw WrongUse(fmt::format("{}: {} shows one step, which --step chooses; use it with {}",
                                   options.fps     ? "--fps"
                                   : options.pause ? "--pause"
                                                   : "--loop",
                                   format.name, endings(moves)));
    }
    if (format.moves && !options.step.empty())
        throw WrongUse(fmt::format("--step draws one picture: use it with {}", endings(stands)));
    if (options.transparent && !format.transparent) {
        throw WrongUse(fmt::format("--transparent: {} has no half-transparent edges; use it with {}", format.name,
                                   endings(is_transparent)));
    }
    if (!options.text.empty() && !format.vectors) throw WrongUse(words_of_pixels(format.name));
}

// What contradicts itself is told before anything is drawn.
void check_options(const Options& options) {
    if (options.all != options.source.empty()) {
        throw WrongUse(options.all ? "--all draws every preset: leave out \"" + options.source + "\""
                                   : "name a document or a preset, or use --all");
    }
    check_animation(options);
    if (!options.all) return check_format(options, format_of(options.out));
    // Each of the other options says something to one of the formats that --all writes.
    const auto written = formats_of_all();
    if (!options.text.empty() && std::ranges::none_of(written, &FigureFormat::vectors))
        throw WrongUse(words_of_pixels(fmt::format("{}", fmt::join(names_of(written), ", "))));
}

// A pane that is drawn otherwise than its document says is named, whether or not the picture has room for the words.
void note_views(const Derived& derived, Console console) {
    std::set<std::string> notes;
    for (const Pane& pane : derived.document.panes) notes.insert(seen_view(pane, *shown_layer(derived, pane)).note);
    notes.erase("");
    for (const std::string& note : notes) console.err << note << '\n';
}

int run_render(const Options& options, Console console) {
    check_options(options);
    if (options.fps.value_or(0) > 50) console.err << "50 frames a second are written: GIF viewers play no faster\n";
    if (options.all) {
        write_all(options, console);
    } else {
        const FigureOrder order = order_of(find_document(options.source, console), options);
        note_views(order.derived, console);
        write_order(order, options.out, console);
    }
    return kDone;
}

}  // namespace

Run declare_render(OptionList list) {
    auto options = std::make_shared<Options>();
    list.value("DOC", options->source, "A document file, or a preset's name");
    list.value("-o,--output", options->out, fmt::format("The file to write: {} (with --all: a folder)", endings(any)))
        .required()
        .value_name("FILE");
    list.flag("--all", options->all,
              fmt::format("Draw every layer preset as {}", fmt::join(names_of(formats_of_all()), " and ")));
    list.value("--size", options->size, "Size in pixels (default 960x540)");
    list.value("--step", options->step, names(stands) + ": the step to show, 0 before the first (default: the last)");
    list.value("--theme", options->theme, "light (default) or dark").one_of({"light", "dark"});
    list.value("--by", options->by, "What one step is: output, channel or product")
        .one_of({"output", "channel", "product"});
    list.value("--slice", options->slice, "Batch item, output channel, input channel to show: n or n,c or n,c,ci");
    list.value("--view", options->view,
               fmt::format("How layers are shown (default: as the document says): {}", fmt::join(view_names(), ", ")))
        .one_of(view_names());
    list.flag("--transparent", options->transparent, names(is_transparent) + ": no ground behind the figure");
    list.value("--text", options->text,
               names(has_vectors) + ": letters as paths (default), which look alike everywhere, or selectable")
        .one_of({kPaths, kSelectable});
    list.value("--fps", options->fps, names(moves) + ": frames a second while something moves (default 20)");
    list.value("--pause", options->pause,
               names(moves) + ": seconds that each step rests (default 0.4), at most 300; the end rests longer");
    list.value("--loop", options->loops, names(moves) + ": how often it plays; 0: for ever (default)");
    return [options](Console console) { return run_render(*options, console); };
}

}  // namespace convlens
