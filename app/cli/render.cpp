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
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/text/message.h"

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
Message endings(const Passes& passes) {
    std::vector<Message> found;
    for (const FigureFormat& format : figure_formats())
        if (passes(format)) found.push_back(verbatim(format.ending));
    return either(std::move(found));
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

std::vector<Message> names_of(const std::vector<const FigureFormat*>& formats) {
    std::vector<Message> found;
    for (const FigureFormat* format : formats) found.push_back(verbatim(format->name));
    return found;
}

const FigureFormat& format_of(const fs::path& path) {
    if (const FigureFormat* format = find_figure_format(path)) return *format;
    throw WrongUse(msg("{file}: the name must end in {endings}", "file"_is(path.string()), "endings"_is(endings(any))));
}

void set_size(Page& page, const std::string& text) {
    const std::size_t cross = text.find_first_of("x×");
    if (cross == std::string::npos)
        throw WrongUse(msg("--size must be WIDTHxHEIGHT, such as 960x540; it is {value}", "value"_is(text)));
    const auto side = [&](std::string_view part) {
        const std::int64_t pixels = parse_numbers("--size", part, 1).front();
        if (pixels < kLeastSide || pixels > kMostSide) {
            throw WrongUse(msg("--size {value}: each side must be from {least} to {most} pixels", "value"_is(text),
                               "least"_is(kLeastSide), "most"_is(kMostSide)));
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
    const auto check = [&text](SentenceWith<"value", "index", "last"> missing, std::int64_t index, std::int64_t count) {
        if (index >= 0 && index < count) return;
        throw RefusedInput(msg(missing, "value"_is(text), "index"_is(index), "last"_is(count - 1)));
    };
    for (Pane& pane : document.panes) {
        const Layer& layer = document.layers[static_cast<std::size_t>(pane.layer)];
        pane.slice.n = given[0];
        check(key("--slice {value}: batch item {index} is not there; it goes from 0 to {last}"), given[0],
              input_shape(layer).n);
        if (given.size() > 1) {
            pane.slice.c_out = given[1];
            check(key("--slice {value}: output channel {index} is not there; it goes from 0 to {last}"), given[1],
                  layer.spec.out_channels);
        }
        if (given.size() > 2) {
            pane.slice.c_in = given[2];
            check(key("--slice {value}: input channel {index} is not there; it goes from 0 to {last}"), given[2],
                  input_shape(layer).c / layer.spec.groups);
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
        const Message reason = refusal(*find_view(options.view), *shown_layer(derived, pane));
        if (!reason.empty())
            throw RefusedInput(msg("--view {view}: {reason}", "view"_is(options.view), "reason"_is(reason)));
    }
}

AnimationOptions animation_of(const Options& options) {
    AnimationOptions animation;
    animation.fps = options.fps.value_or(animation.fps);
    animation.pause = options.pause.value_or(animation.pause);
    animation.loops = static_cast<int>(options.loops.value_or(animation.loops));
    return animation;
}

FigureOrder order_of(Document document, const Options& options, Lang lang) {
    FigureOrder order;
    order.scene.page.lang = lang;
    order.theme = options.theme == "dark" ? &dark_theme() : &light_theme();
    set_size(order.scene.page, options.size);
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
            throw WrongUse(msg("--step must be 0 or more; it is {value}. 0 shows the diagram before the first step",
                               "value"_is(options.step)));
    }
    order.derived = derive_all(document);
    check_view(order.derived, options);
    return order;
}

Message words_of(const OrderProblem& problem, const FigureOrder& order, const fs::path& path) {
    switch (problem.kind) {
        case OrderProblem::Kind::step_beyond_end:
            return plural("--step {step}: there is {n} step; 0 shows the diagram before the first",
                          "--step {step}: there are {n} steps; 0 shows the diagram before the first", problem.steps,
                          "step"_is(order.playhead->step));
        case OrderProblem::Kind::too_many_frames: break;
    }
    return msg(
        "{file}: {steps} steps would make {frames} frames, more than {most}; a lower --fps or larger steps (--by "
        "output) need fewer, and --step draws one as {endings}",
        "file"_is(path.string()), "steps"_is(problem.steps), "frames"_is(problem.frames), "most"_is(kMostFrames),
        "endings"_is(endings(stands)));
}

void write_order(const FigureOrder& order, const fs::path& path, Console console) {
    const FigureFormat& format = format_of(path);
    if (const auto problem = problem_of(order, format)) throw RefusedInput(words_of(*problem, order, path));
    const auto started = std::chrono::steady_clock::now();
    write_figure(order, format, path, progress_lines(console.err, path.string()));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
    std::error_code error;
    const auto kilobytes = static_cast<double>(fs::file_size(path, error)) / 1000;
    console.say(msg("{file}: {size} kB, {seconds} s", "file"_is(path.string()),
                    "size"_is(fmt::format("{}", std::ceil(kilobytes))),
                    "seconds"_is(fmt::format("{:.1f}", seconds.count()))));
}

// Every preset of layers, finished and moving.
void write_all(const Options& options, Console console) {
    const fs::path folder = options.out;
    std::error_code error;
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder))
        throw FileError(folder.string(), key("is not a folder and cannot be made one; name another"));
    for (const PresetInfo& preset : presets()) {
        if (!has_document(preset)) continue;
        const FigureOrder order = order_of(*preset_document(preset.name), options, console.lang);
        for (const FigureFormat* format : formats_of_all())
            write_order(order, folder / (preset.name + std::string(format->ending)), console);
    }
}

void check_animation(const Options& options) {
    const auto least = [](const char* option, auto value, int bound) {
        if (value && !(*value >= bound))
            throw WrongUse(msg("{option} must be at least {least}; it is {value}", "option"_is(option),
                               "least"_is(bound), "value"_is(fmt::format("{}", *value))));
    };
    least("--fps", options.fps, 1);
    least("--pause", options.pause, 0);
    least("--loop", options.loops, 0);
    if (options.pause.value_or(0) > kMostPause) {
        throw WrongUse(msg("--pause must be at most {most} seconds; it is {value}",
                           "most"_is(fmt::format("{}", kMostPause)), "value"_is(fmt::format("{}", *options.pause))));
    }
    constexpr std::int64_t kMostLoops = 65536;  // what a GIF can say
    if (options.loops.value_or(0) > kMostLoops) {
        throw WrongUse(msg("--loop must be at most {most}; it is {value}. 0 plays for ever", "most"_is(kMostLoops),
                           "value"_is(*options.loops)));
    }
}

// `formats`: "PNG", "PNG, GIF"
Message words_of_pixels(Message formats) {
    return msg("--text: letters are pixels in {formats}; use it with {endings}", "formats"_is(std::move(formats)),
               "endings"_is(endings(has_vectors)));
}

// An option that says nothing to a format is refused with the formats to which it does.
void check_format(const Options& options, const FigureFormat& format) {
    const bool timed = options.fps || options.pause || options.loops;
    if (timed && !format.moves) {
        throw WrongUse(msg("{option}: {format} shows one step, which --step chooses; use it with {endings}",
                           "option"_is(options.fps     ? "--fps"
                                       : options.pause ? "--pause"
                                                       : "--loop"),
                           "format"_is(format.name), "endings"_is(endings(moves))));
    }
    if (format.moves && !options.step.empty())
        throw WrongUse(msg("--step draws one figure; use it with {endings}", "endings"_is(endings(stands))));
    if (options.transparent && !format.transparent) {
        throw WrongUse(msg("--transparent: {format} has no half-transparent edges; use it with {endings}",
                           "format"_is(format.name), "endings"_is(endings(is_transparent))));
    }
    if (!options.text.empty() && !format.vectors) throw WrongUse(words_of_pixels(verbatim(format.name)));
}

// What contradicts itself is told before anything is drawn.
void check_options(const Options& options) {
    if (options.all != options.source.empty()) {
        throw WrongUse(options.all ? msg("--all draws every preset: leave out \"{name}\"", "name"_is(options.source))
                                   : msg("name a document or a preset, or use --all"));
    }
    check_animation(options);
    if (!options.all) return check_format(options, format_of(options.out));
    // Each of the other options says something to one of the formats that --all writes.
    const auto written = formats_of_all();
    if (!options.text.empty() && std::ranges::none_of(written, &FigureFormat::vectors))
        throw WrongUse(words_of_pixels(in_a_row(names_of(written))));
}

// A pane that is drawn otherwise than its document says is named, whether or not the picture has room for the words.
void note_views(const Derived& derived, Console console) {
    std::set<std::string> notes;
    for (const Pane& pane : derived.document.panes)
        notes.insert(console.text(seen_view(pane, *shown_layer(derived, pane)).note));
    notes.erase("");
    for (const std::string& note : notes) console.err << note << '\n';
}

// The picture of a document in the document's own place, also through a link, would be the last of it.
void check_out(const Options& options) {
    if (options.all || preset_document(options.source) || !same_file(options.source, options.out)) return;
    throw RefusedInput(msg("-o {file} would replace the document that is drawn; name another", "file"_is(options.out)));
}

int run_render(const Options& options, Console console) {
    check_options(options);
    check_out(options);
    if (options.fps.value_or(0) > 50) console.say(key("50 frames a second are written: GIF viewers play no faster"));
    if (options.all) {
        write_all(options, console);
    } else {
        const FigureOrder order = order_of(find_document(options.source, console), options, console.lang);
        note_views(order.derived, console);
        write_order(order, options.out, console);
    }
    return kDone;
}

}  // namespace

Run declare_render(OptionList list) {
    auto options = std::make_shared<Options>();
    list.value("DOC", options->source, key("A document file, or a preset's name"));
    list.value("-o,--output", options->out,
               msg("The file to write: {endings} (with --all: a folder)", "endings"_is(endings(any))))
        .required()
        .value_name("FILE");
    list.flag("--all", options->all,
              msg("Draw every layer preset as {formats}", "formats"_is(listed(names_of(formats_of_all())))));
    list.value("--size", options->size, key("Size in pixels (default 960x540)"));
    list.value("--step", options->step,
               msg("{formats}: the step to show, 0 before the first (default: the last)", "formats"_is(names(stands))));
    list.value("--theme", options->theme, key("light (default) or dark")).one_of({"light", "dark"});
    list.value("--by", options->by, key("What one step is: output, channel or product"))
        .one_of({"output", "channel", "product"});
    list.value("--slice", options->slice, key("Batch item, output channel, input channel to show: n or n,c or n,c,ci"));
    list.value("--view", options->view,
               msg("How layers are shown (default: as the document says): {views}",
                   "views"_is(fmt::format("{}", fmt::join(view_names(), ", ")))))
        .one_of(view_names());
    list.flag("--transparent", options->transparent,
              msg("{formats}: transparent background", "formats"_is(names(is_transparent))));
    list.value("--text", options->text,
               msg("{formats}: letters as paths (default), which look alike everywhere, or selectable",
                   "formats"_is(names(has_vectors))))
        .one_of({kPaths, kSelectable});
    list.value("--fps", options->fps,
               msg("{formats}: frames a second while something moves (default 20)", "formats"_is(names(moves))));
    list.value("--pause", options->pause,
               msg("{formats}: seconds that each step rests (default 0.4), at most {most}; the end rests longer",
                   "formats"_is(names(moves)), "most"_is(fmt::format("{}", kMostPause))));
    list.value("--loop", options->loops,
               msg("{formats}: how often it plays; 0: for ever (default)", "formats"_is(names(moves))));
    return [options](Console console) { return run_render(*options, console); };
}

}  // namespace convlens
