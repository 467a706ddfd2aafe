// `convlens filter`: pictures through a kernel or a chain of kernels, into files.
#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <limits>
#include <new>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/filter_places.h"
#include "app/cli/filter_steps.h"
#include "app/cli/layer_options.h"
#include "app/document/document.h"
#include "app/document/sample_picture.h"
#include "app/photo/filter_runner.h"
#include "core/base/parallel.h"
#include "core/engine/filter/filter_chain.h"
#include "core/engine/filter/filter_work.h"
#include "core/image/brightness.h"
#include "core/image/kernel_choice.h"
#include "core/image/sample_loss.h"
#include "core/io/image/image_file.h"
#include "core/io/image/save_notes.h"
#include "core/text/printable.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr int kMostThreads = 1024;

struct Options {
    std::vector<std::string> paths, kernels;
    std::string border, channels = "colour", backend = "auto", method = "auto", save_as;
    std::optional<double> divisor, offset, border_value;
    std::optional<std::int64_t> stride, dilation;
    int threads = 0;
    bool normalize = false, flip = false, overwrite = false, json = false;
};

// What is done to every picture.
struct Plan {
    std::vector<FilterStep> chain;
    ChannelChoice channels;
    Backend backend = Backend::automatic;
    FilterMethod method = FilterMethod::automatic;
    std::optional<Depth> save_as;
    int threads = 0;
    std::vector<std::string> notes;  // what is to be known of the kernels, of every picture alike
};

FilterMethod parse_method(const std::string& text) {
    for (const FilterMethod method : {FilterMethod::sums, FilterMethod::fourier}) {
        if (name(method) == text) return method;
    }
    return FilterMethod::automatic;
}

std::optional<Depth> parse_depth(const std::string& text) {
    for (const Depth depth : {Depth::u8, Depth::u16, Depth::s16, Depth::f32}) {
        if (name(depth) == text) return depth;
    }
    return std::nullopt;
}

// Sets what an option of the chain says, and notes what it overrules: "--offset 0 counts in place of its own offset
// 0.5". `usual`: what a kernel has that says nothing of it.
template <typename T>
void overrule(const FilterStep& step, std::string_view option, std::optional<T> value, T usual, T& own,
              std::vector<std::string>& notes) {
    if (!value) return;
    if (own != usual && own != *value) {
        const double said = static_cast<double>(*value), was = static_cast<double>(own);
        notes.push_back(fmt::format("{}: --{} {:.10g} counts in place of its own {} {:.10g}", printable(step.name),
                                    option, said, option, was));
    }
    own = *value;
}

// --normalize of one kernel. `step` gives its name.
void normalize(const FilterStep& step, Kernel& kernel, std::vector<std::string>& notes) {
    const Kernel sums_to_1 = normalized(kernel);
    const std::string name = printable(step.name);
    if (adds_up_to_zero(kernel))
        notes.push_back(
            fmt::format("{}: --normalize has no effect: the weights add up to 0, by which nothing can be "
                        "divided.",
                        name));
    if (kernel.divisor != 1 && kernel.divisor != sums_to_1.divisor)
        notes.push_back(fmt::format("{}: --normalize: divisor {:.10g} counts in place of its own divisor {:.10g}", name,
                                    sums_to_1.divisor, kernel.divisor));
    kernel.divisor = sums_to_1.divisor;
    if (kernel.offset == 0) kernel.offset = sums_to_1.offset;
}

// What the options say goes for every kernel of the chain, also over what a kernel says of itself.
FilterStep make_step(const std::string& text, const Options& options, std::vector<std::string>& notes) {
    FilterStep step = step_from_text(text);
    Kernel& kernel = step.kernel;
    overrule(step, "divisor", options.divisor, 1.0, kernel.divisor, notes);
    if (options.normalize) normalize(step, kernel, notes);
    overrule(step, "offset", options.offset, 0.0, kernel.offset, notes);
    if (const auto reason = not_finite(kernel)) throw WrongUse("--kernel: " + *reason);
    if (!options.border.empty()) step.border = *from_name<PadMode>(options.border);
    if (options.border_value) {
        step.border = PadMode::constant;
        step.border_value = *options.border_value;
    }
    step.flip = options.flip;
    overrule(step, "stride", options.stride, std::int64_t{1}, step.stride, notes);
    overrule(step, "dilation", options.dilation, std::int64_t{1}, step.dilation, notes);
    return step;
}

void check_numbers(const Options& options) {
    const auto from_1 = [](const char* option, std::optional<std::int64_t> value) {
        if (!value || (*value >= 1 && *value <= kMostStep)) return;
        throw WrongUse(fmt::format("{} {}: it must be from 1 to {}", option, *value, kMostStep));
    };
    from_1("--stride", options.stride);
    from_1("--dilation", options.dilation);
    if (options.threads < 0 || options.threads > kMostThreads)
        throw WrongUse(fmt::format("--threads {}: it must be from 1 to {}; 0 takes all cores, {} here", options.threads,
                                   kMostThreads, thread_count(0)));
    for (const auto& number : {options.divisor, options.offset, options.border_value}) {
        if (number && !std::isfinite(*number)) throw WrongUse("--divisor, --offset and --border-value must be finite");
    }
    constexpr double kMost = std::numeric_limits<float>::max();
    if (options.border_value && std::abs(*options.border_value) > kMost)
        throw WrongUse(fmt::format("--border-value {}: samples are from -3.4e38 to 3.4e38", *options.border_value));
    if (options.divisor == 0.0) throw WrongUse("--divisor 0: it must not be 0; leave it out to divide by nothing");
}

// Two options of which one would go unheard.
void check_contradictions(const Options& options) {
    if (options.normalize && options.divisor)
        throw WrongUse(
            "--normalize takes the sum of the weights for the divisor, and --divisor another; leave one out");
    if (options.border_value && !options.border.empty() && options.border != name(PadMode::constant))
        throw WrongUse(fmt::format("--border-value {} stands outside under --border constant only, not {}",
                                   *options.border_value, options.border));
}

void note_brightness(Plan& plan, const std::vector<std::string>& typed) {
    for (std::size_t i = 0; i < plan.chain.size(); ++i) {
        const FilterStep& step = plan.chain[i];
        const std::optional<BrightnessNote> note = brightness_of(step.kernel);
        if (!note) continue;
        const bool own_offset = step.kernel.offset != 0;  // an offset that is there already
        plan.notes.push_back(printable(step.name) + ": " +
                             (plan.chain.size() == 1 || own_offset
                                  ? *brightness_note(step.kernel)
                                  : chain_advice(*note, step, typed[i], i + 1 == plan.chain.size())));
    }
}

Plan make_plan(const Options& options) {
    check_numbers(options);
    check_contradictions(options);
    Plan plan;
    for (const std::string& text : options.kernels) plan.chain.push_back(make_step(text, options, plan.notes));
    note_brightness(plan, options.kernels);
    plan.channels = parse_channels(options.channels);
    plan.backend = *from_name<Backend>(options.backend);
    plan.method = parse_method(options.method);
    plan.save_as = parse_depth(options.save_as);
    plan.threads = options.threads;
    return plan;
}

// Throws where a file's format does not hold the samples that were asked for: before anything is computed.
void check_formats(std::span<const InOut> places, const std::optional<Depth>& save_as) {
    for (const InOut& place : places) {
        const ImageFormat& format = image_format(place.out);
        if (save_as && !format.holds(*save_as))
            throw WrongUse(fmt::format("--save-as {}: a {} file does not hold {}; {} does (to be written: {})",
                                       name(*save_as), format.ending, name(*save_as), endings_that_hold(*save_as),
                                       place.out));
    }
}

Json place_json(const InOut& place, const Image& before, const Image& after, const Plan& plan,
                const std::vector<StepReport>& reports, const std::vector<std::string>& notes) {
    Json steps = Json::array();
    double ms = 0;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const StepReport& report = reports[i];
        const Kernel& kernel = plan.chain[i].kernel;
        steps.push_back({{"kernel", report.kernel},
                         {"size", {kernel.rows, kernel.cols}},
                         {"divisor", kernel.divisor},
                         {"offset", kernel.offset},
                         {"stride", plan.chain[i].stride},
                         {"dilation", plan.chain[i].dilation},
                         {"backend", report.backend},
                         {"method", name(report.method)},
                         {"where", report.where},
                         {"ms", report.ms}});
        ms += report.ms;
    }
    return {{"in", place.in},
            {"out", place.out},
            {"width", after.width()},
            {"height", after.height()},
            {"channels", after.channels()},
            {"in_depth", name(before.depth())},
            {"depth", name(after.depth())},
            {"steps", steps},
            {"ms", ms},
            {"notes", notes}};
}

// Throws RefusedInput where a step would take days, or more memory than machines have.
void check_work(const Image& before, std::span<const FilterStep> chain) {
    if (const auto reason = too_much_work(chain, before)) throw RefusedInput(*reason);
}

std::string words_of(const NotOnGpu& refusal) {
    const auto with = [&](const char* hint) { return fmt::format("--backend gpu: {}; {}", refusal.what(), hint); };
    switch (refusal.why) {
        case NotOnGpu::Why::cannot: return with("--backend auto does so");
        case NotOnGpu::Why::absent: return with("--backend cpu does the same");
        case NotOnGpu::Why::failed: break;
    }
    return with("--backend auto goes on on the CPU");
}

// Channels do not mix, so that those that stay are put back once, at the end.
Image filtered(const Image& before, const Plan& plan, FilterRunner& pictures, std::vector<StepReport>& reports) {
    FilterOptions options;
    options.filter_alpha = plan.channels.alpha;
    options.threads = plan.threads;
    options.method = plan.method;
    options.save_as = plan.save_as;
    Image after = [&] {
        try {
            return pictures.filter(before, plan.chain, options, reports);
        } catch (const NotOnGpu& refusal) {
            throw RefusedInput(words_of(refusal));
        }
    }();
    return with_kept_channels(std::move(after), before, chain_stride(plan.chain, plan.chain.size()), plan.channels);
}

// How many samples of `after` were cut, as `plan` made it of `before`: where some may have been, the chain is computed
// again in float32, which cuts nothing. 0 where there is no memory for that.
std::int64_t count_cut(const Image& before, const Image& after, const Plan& plan, FilterRunner& pictures) {
    if (!reaches_range_end(after, plan.channels.alpha)) return 0;
    Plan uncut = plan;
    uncut.save_as = Depth::f32;
    std::vector<StepReport> reports;
    try {
        return cut_samples(filtered(before, uncut, pictures, reports), after.depth());
    } catch (const std::bad_alloc&) {
        return 0;
    }
}

// What a step does beside its weights: ", offset 0.5, stride 2".
std::string settings_text(const FilterStep& step) {
    std::string text;
    if (step.kernel.divisor != 1) text += fmt::format(", divisor {:.10g}", step.kernel.divisor);
    if (step.kernel.offset != 0) text += fmt::format(", offset {:.10g}", step.kernel.offset);
    if (step.stride != 1) text += fmt::format(", stride {}", step.stride);
    if (step.dilation != 1) text += fmt::format(", dilation {}", step.dilation);
    return text;
}

// ", sigma 1.7 (automatic)": what a family took where a parameter of 0 leaves it to the family.
std::string automatic_note(const FilterStep& step) {
    const auto choice = kernel_choice(step);
    if (!choice) return {};
    std::string text;
    for (std::size_t i = 0; i < choice->values.size(); ++i) {
        const std::string_view parameter = choice->family->parameters[i].name;
        if (parameter == "size") continue;  // the kernel's size is said of every kernel
        if (const auto value = automatic_value(*choice, i, step.kernel)) {
            text += fmt::format(", {} {:.4g} (automatic)", parameter, *value);
        } else if (!automatic_text(*choice, i, step.kernel).empty()) {
            text += fmt::format(", {} automatic (OpenCV's table)", parameter);
        }
    }
    return text;
}

void say_result(const InOut& place, const Image& after, const Plan& plan, const std::vector<StepReport>& reports,
                std::ostream& err) {
    err << fmt::format("{} → {}: {}×{}, {}", printable(place.in), printable(place.out), after.width(), after.height(),
                       name(after.depth()));
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const StepReport& report = reports[i];
        const Kernel& kernel = plan.chain[i].kernel;
        err << fmt::format("; {}, kernel {}×{}{}{}, on {}, {:.1f} ms", printable(report.kernel), kernel.rows,
                           kernel.cols, automatic_note(plan.chain[i]), settings_text(plan.chain[i]), report.where,
                           report.ms);
        if (report.method == FilterMethod::fourier) err << " by the Fourier transform";
    }
    err << '\n';
}

// What is to be known of this picture's result: a line each.
std::vector<std::string> notes_of(const InOut& place, const SavedPicture& saved, const Plan& plan,
                                  const std::vector<StepReport>& reports) {
    std::vector<std::string> notes;
    for (const std::string& loss : save_notes(saved)) notes.push_back(printable(place.out) + ": " + loss);
    const std::string& letters = plan.channels.letters;
    if (saved.written.colour_channels() == 1 && !letters.empty() && letters != "a")
        notes.push_back(fmt::format("{}: is grey: its one channel was filtered as each of --channels {}",
                                    printable(place.in), letters));
    for (const StepReport& report : reports)
        if (!report.note.empty()) notes.push_back(printable(report.kernel) + ": " + report.note);
    for (const StepReport& report : reports) {
        if (plan.method != FilterMethod::fourier || report.method == FilterMethod::fourier) continue;
        notes.push_back(printable(report.kernel) +
                        ": --method fourier was not possible, and sums were taken; it needs no stride, at most 128 "
                        "rows and columns with their dilation, alpha that stays as it is, and samples and weights that "
                        "are not huge");
    }
    return notes;
}

// In the depth that the file will have, so that rounding and clamping happen once.
Plan with_depth(Plan plan, const Image& before, const std::string& out) {
    if (!plan.save_as) plan.save_as = image_format(out).stored(before.depth());
    return plan;
}

void filter_one(const InOut& place, const Plan& wanted, FilterRunner& pictures, bool json, Console console) {
    std::error_code error;
    const bool sample = place.in == kSamplePictureName && !fs::exists(place.in, error);
    ImageInfo source;
    const Image before = sample ? *sample_picture() : load_image(place.in, &source);
    source.depth = before.depth();  // of the sample, too
    check_channels(wanted.channels, before, place.in);
    const Plan plan = with_depth(wanted, before, place.out);
    check_work(before, plan.chain);
    std::vector<StepReport> reports;
    const Image picture = filtered(before, plan, pictures, reports);
    save_image(picture, place.out);
    const bool asked = wanted.save_as.has_value();
    // In the picture's own depth every program cuts: that is no news.
    const bool counts = asked || holds_more(before.depth(), picture.depth());
    const std::int64_t cut = counts ? count_cut(before, picture, plan, pictures) : 0;
    const std::vector<std::string> notes =
        notes_of(place, {source, picture, image_format(place.out), asked, cut}, plan, reports);
    say_result(place, picture, plan, reports, console.err);
    for (const std::string& note : notes) console.err << note << '\n';
    if (!json) return;
    std::vector<std::string> all = plan.notes;
    all.insert(all.end(), notes.begin(), notes.end());
    print_json(console.out, place_json(place, before, picture, plan, reports, all));
}

// False, with the reason said, where the image could not be filtered: the others can.
bool try_filter(const InOut& place, const Plan& plan, const Options& options, FilterRunner& pictures, Console console) {
    std::string reason;
    try {
        check_no_folder(place);
        if (!options.overwrite) check_replaces_nothing(place);
        filter_one(place, plan, pictures, options.json, console);
        return true;
    } catch (const std::bad_alloc&) {
        reason = fmt::format("{}: there is not enough memory to filter this image", place.in);
    } catch (const std::exception& error) {
        reason = error.what();
    }
    console.err << "convlens: " << reason << '\n';
    if (options.json) print_json(console.out, {{"in", place.in}, {"out", place.out}, {"error", reason}});
    return false;
}

void say_tally(std::size_t all, std::size_t done, std::ostream& err) {
    if (all == 1) return;
    if (done == all) {
        err << fmt::format("{} images filtered\n", all);
    } else {
        err << fmt::format("{} of {} images filtered; {} failed\n", done, all, all - done);
    }
}

int run_filter(const Options& options, Console console) {
    if (options.kernels.empty()) throw WrongUse("--kernel is missing: `convlens presets` lists kernels");
    const Plan plan = make_plan(options);
    for (const std::string& note : plan.notes) console.err << note << '\n';
    const std::vector<InOut> all = places(options.paths, plan.save_as);
    check_formats(all, plan.save_as);
    check_apart_from_inputs(all);
    make_folder(all);
    FilterRunner pictures(plan.backend);
    std::size_t done = 0;
    for (const InOut& place : all) done += try_filter(place, plan, options, pictures, console) ? 1 : 0;
    say_tally(all.size(), done, console.err);
    return done == all.size() ? kDone : kRefused;
}

}  // namespace

Run declare_filter(OptionList list) {
    auto options = std::make_shared<Options>();
    list.value("PATHS", options->paths, "Images (or \"sample\"), and last the file or folder to write")
        .required()
        .value_name("IN... OUT");
    list.value(
            "--kernel", options->kernels,
            "NAME[:k=v,...], rows such as \"0 -1 0; -1 5 -1; 0 -1 0\", or @FILE; repeat for a chain. Beside a name's "
            "own parameters k may be offset, divisor, stride or dilation, of this kernel alone; an option below counts "
            "in place of them")
        .value_name("KERNEL")
        .one_value();
    list.value("--border", options->border,
               fmt::format("What lies outside: {} (default reflect)", fmt::join(names<PadMode>(), ", ")))
        .one_of(names<PadMode>());
    list.value("--border-value", options->border_value,
               "The number outside, on the picture's scale; implies --border constant, and takes no other");
    list.value("--divisor", options->divisor,
               "Divide the sums of every kernel of the chain by this, in place of its own divisor");
    list.value("--offset", options->offset,
               "Add this share of white after every kernel of the chain: 0.5 shows negative results on grey. Of one "
               "kernel alone: NAME:offset=0.5, or \"+ 0.5\" behind its rows");
    list.flag("--normalize", options->normalize,
              "Divide by the sum of the weights, so that the brightness stays, in every kernel of the chain");
    list.value("--channels", options->channels, "colour (default), all (alpha too), or letters of rgba");
    list.value("--stride", options->stride,
               "Keep every n-th pixel after every kernel of the chain (default 1); of one: NAME:stride=2");
    list.value("--dilation", options->dilation,
               "Distance of the cells of every kernel of the chain (default 1); of one: NAME:dilation=2");
    list.flag("--flip", options->flip, "Turn the kernel by 180 degrees: true convolution");
    list.value("--backend", options->backend, "cpu, gpu or auto (default)").one_of(names<Backend>());
    list.value("--method", options->method,
               "How the CPU computes it: sums, fourier or auto (default), what is quickest on this machine")
        .one_of({"auto", "sums", "fourier"});
    list.value("--threads", options->threads, "Threads of the CPU (default: all cores)");
    list.value("--save-as", options->save_as,
               fmt::format("Samples of the result: u8, u16 ({0}), s16 ({1}) or f32 ({2}; .hdr without negative "
                           "numbers). Default: the image's own, as far as the file holds them",
                           endings_that_hold(Depth::u16), endings_that_hold(Depth::s16), endings_that_hold(Depth::f32)))
        .one_of({"u8", "u16", "s16", "f32"});
    list.flag("--overwrite", options->overwrite,
              "A file that exists already may be replaced: another one, or the image itself by its own result");
    list.flag("--json", options->json, "Print one JSON object an image");
    return [options](Console console) { return run_filter(*options, console); };
}

}  // namespace convlens
