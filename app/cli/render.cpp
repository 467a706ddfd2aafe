// `convlens render`: documents and presets as pictures and animations, drawn as the window draws them.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <ostream>

#include <fmt/format.h>

#include "app/cli/document_source.h"
#include "app/cli/layer_options.h"
#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/export/animation.h"
#include "app/export/png.h"
#include "app/render/cairo/figure.h"
#include "app/render/type/fonts.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kLeastSide = 160;
constexpr std::int64_t kMostSide = 8192;
constexpr std::int64_t kMostFrames = 5000;

struct Options {
    std::string source, out, size = "960x540", step, view = "flat", by, slice, theme = "light";
    bool all = false, transparent = false;
    AnimationOptions animation;
};

enum class Format { png, gif };

// What of a document is drawn, and how.
struct Figure {
    Document document;
    SceneOptions scene;
    const Theme* theme = nullptr;
    std::optional<std::int64_t> step;  // still pictures; the last one where not given
};

Format format_of(const fs::path& path) {
    const std::string ending = ending_of(path);
    if (ending == ".png") return Format::png;
    if (ending == ".gif") return Format::gif;
    throw WrongUse(fmt::format("{}: the name must end in .png or .gif", path.string()));
}

void set_size(SceneOptions& scene, const std::string& text) {
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
    scene.width = side(std::string_view(text).substr(0, cross));
    scene.height = side(std::string_view(text).substr(cross + (text[cross] == 'x' ? 1 : 2)));
    // Labels grow with the picture; 18 pixels belong to 960×540.
    scene.text_size = std::clamp(18 * std::min(scene.width / 960, scene.height / 540), 9.0F, 120.0F);
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
        check("batch item", given[0], layer.input->shape().n);
        if (given.size() > 1) {
            pane.slice.c_out = given[1];
            check("output channel", given[1], layer.spec.out_channels);
        }
        if (given.size() > 2) {
            pane.slice.c_in = given[2];
            check("input channel", given[2], layer.input->shape().c / layer.spec.groups);
        }
    }
}

Figure make_figure(Document document, const Options& options) {
    Figure figure;
    figure.document = std::move(document);
    figure.theme = options.theme == "dark" ? &dark_theme() : &light_theme();
    set_size(figure.scene, options.size);
    figure.scene.formula = figure.document.panes.size() == 1;
    figure.scene.transparent = options.transparent;
    if (!options.by.empty()) figure.document.step_by = *from_name<StepBy>(options.by);
    if (!options.slice.empty()) set_slice(figure.document, options.slice);
    if (!options.step.empty()) {
        figure.step = parse_numbers("--step", options.step, 1).front();
        if (*figure.step < 0)
            throw WrongUse(fmt::format("--step {}: it counts from 0, which shows the picture before the first step",
                                       options.step));
    }
    return figure;
}

void write_png(const Figure& figure, const fs::path& path, const Options& options, const FontMetrics& fonts) {
    const Derived derived = derive_all(figure.document);
    const std::int64_t steps = step_count(derived);
    const std::int64_t step = figure.step.value_or(steps);
    if (step > steps) {
        throw RefusedInput(
            fmt::format("--step {}: there are {} steps; 0 shows the picture before the first", step, steps));
    }
    const Scene scene = build_scene(derived, {step, 0}, *figure.theme, figure.scene, fonts);
    save_png(draw_figure(scene, options.transparent), path);
}

void write_gif(const Figure& figure, const fs::path& path, const Options& options, const FontMetrics& fonts) {
    const Derived derived = derive_all(figure.document);
    const std::int64_t frames = frame_count(derived, options.animation);
    if (frames > kMostFrames) {
        throw RefusedInput(
            fmt::format("{}: {} steps would make {} frames, more than {}; a lower --fps or larger steps "
                        "(--by output) need fewer, and --step draws one as PNG",
                        path.string(), step_count(derived), frames, kMostFrames));
    }
    save_animation(path, derived, *figure.theme, figure.scene, fonts, options.animation);
}

void write_figure(const Figure& figure, const fs::path& path, const Options& options, const FontMetrics& fonts,
                  Console console) {
    const auto started = std::chrono::steady_clock::now();
    (format_of(path) == Format::png ? write_png : write_gif)(figure, path, options, fonts);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
    std::error_code error;
    const auto kilobytes = static_cast<double>(fs::file_size(path, error)) / 1000;
    console.err << fmt::format("{}: {} kB, {:.1f} s\n", path.string(), std::ceil(kilobytes), seconds.count());
}

// Every layer preset, finished as PNG and moving as GIF.
void write_all(const Options& options, const FontMetrics& fonts, Console console) {
    const fs::path folder = options.out;
    std::error_code error;
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder)) throw FileError(folder.string(), "is not a folder and cannot be made one");
    for (const PresetInfo& preset : presets()) {
        if (preset.kind != "layer") continue;
        const Figure figure = make_figure(*preset_document(preset.name), options);
        for (const char* ending : {".png", ".gif"}) {
            write_figure(figure, folder / (preset.name + ending), options, fonts, console);
        }
    }
}

// What contradicts itself is told before anything is drawn.
void check_options(const Options& options) {
    if (options.all != options.source.empty()) {
        throw WrongUse(options.all ? "--all draws every preset: leave out \"" + options.source + "\""
                                   : "name a document or a preset, or use --all");
    }
    if (options.view != "flat") {
        throw WrongUse("--view " + options.view + ": figures are flat in this version; leave --view out");
    }
    const auto least = [](const char* option, double value, double bound) {
        if (!(value >= bound)) throw WrongUse(fmt::format("{} {}: it must be at least {}", option, value, bound));
    };
    least("--fps", options.animation.fps, 1);
    least("--pause", options.animation.pause, 0);
    if (options.animation.pause > kMostPause) {
        throw WrongUse(
            fmt::format("--pause must be at most {} seconds; it is {}", kMostPause, options.animation.pause));
    }
    least("--loop", options.animation.loops, 0);
    if (options.all) return;
    const bool gif = format_of(options.out) == Format::gif;
    if (gif && !options.step.empty()) throw WrongUse("--step draws one picture: use it with .png");
    if (gif && options.transparent) {
        throw WrongUse("--transparent: GIF has no half-transparent edges; use it with .png");
    }
}

int run_render(const Options& options, Console console) {
    check_options(options);
    if (options.animation.fps > 50) console.err << "50 frames a second are written: GIF viewers play no faster\n";
    const auto fonts = make_font_metrics();
    if (options.all) {
        write_all(options, *fonts, console);
    } else {
        const Figure figure = make_figure(find_document(options.source, console), options);
        write_figure(figure, options.out, options, *fonts, console);
    }
    return kDone;
}

}  // namespace

Run declare_render(OptionList list) {
    auto options = std::make_shared<Options>();
    list.value("DOC", options->source, "A document file, or a preset's name");
    list.value("-o,--output", options->out, "The file to write: .png or .gif (with --all: a folder)")
        .required()
        .value_name("FILE");
    list.flag("--all", options->all, "Draw every layer preset as PNG and GIF");
    list.value("--size", options->size, "Size in pixels (default 960x540)");
    list.value("--step", options->step, "PNG: the step to show, 0 before the first (default: the last)");
    list.value("--theme", options->theme, "light (default) or dark").one_of({"light", "dark"});
    list.value("--by", options->by, "What one step is: output, channel or product")
        .one_of({"output", "channel", "product"});
    list.value("--slice", options->slice, "Batch item, output channel, input channel to show: n or n,c or n,c,ci");
    list.value("--view", options->view, "flat").unlisted();  // other views are refused by name, not listed
    list.flag("--transparent", options->transparent, "PNG: no ground behind the figure");
    list.value("--fps", options->animation.fps, "GIF: frames a second while something moves (default 20)");
    list.value("--pause", options->animation.pause,
               "GIF: seconds that each step rests (default 0.4), at most 300; the end rests longer");
    list.value("--loop", options->animation.loops, "GIF: how often it plays; 0: for ever (default)");
    return [options](Console console) { return run_render(*options, console); };
}

}  // namespace convlens
