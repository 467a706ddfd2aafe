// `convlens filter`: pictures through a kernel or a chain of kernels, into files.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>
#include <optional>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/command.h"
#include "app/cli/filter_order.h"
#include "app/cli/filter_places.h"
#include "app/cli/filter_steps.h"
#include "app/document/document.h"
#include "app/document/sample_picture.h"
#include "app/photo/filter_runner.h"
#include "core/engine/filter/filter_chain.h"
#include "core/engine/filter/filter_work.h"
#include "core/image/kernel_choice.h"
#include "core/io/image/image_file.h"
#include "core/io/image/save_notes.h"
#include "core/text/alternatives.h"
#include "core/text/printable.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

// Throws where a file's format does not hold the samples that were asked for: before anything is computed.
void check_formats(std::span<const InOut> places, const std::optional<Depth>& save_as) {
    for (const InOut& place : places) {
        const ImageFormat& format = image_format(place.out);
        if (save_as && !format.holds(*save_as))
            throw WrongUse(fmt::format("--save-as {}: a {} file does not hold {}; {} does (to be written: {})",
                                       name(*save_as), format.ending, name(*save_as),
                                       english(either(endings_that_keep(*save_as))), place.out));
    }
}

Json place_json(const InOut& place, const Image& before, const Image& after, const FilterOrder& order,
                const std::vector<StepReport>& reports, const std::vector<std::string>& notes) {
    Json steps = Json::array();
    double ms = 0;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const StepReport& report = reports[i];
        const Kernel& kernel = order.chain[i].kernel;
        steps.push_back({{"kernel", report.kernel},
                         {"size", {kernel.rows, kernel.cols}},
                         {"divisor", kernel.divisor},
                         {"offset", kernel.offset},
                         {"stride", order.chain[i].stride},
                         {"dilation", order.chain[i].dilation},
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
    if (const auto reason = too_much_work(chain, before)) throw RefusedInput(english(*reason));
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
Image filtered(const Image& before, const FilterOrder& order, Depth depth, FilterRunner& pictures,
               std::vector<StepReport>& reports) {
    FilterOptions options;
    options.filter_alpha = order.channels.alpha;
    options.threads = order.threads;
    options.method = order.method;
    options.save_as = depth;
    Image after = [&] {
        try {
            return pictures.filter(before, order.chain, options, reports);
        } catch (const NotOnGpu& refusal) {
            throw RefusedInput(words_of(refusal));
        }
    }();
    return with_kept_channels(std::move(after), before, chain_stride(order.chain, order.chain.size()), order.channels);
}

// What save_notes() counts losses in: the chain computed again in float32, which cuts and rounds nothing. Empty where there
// is no memory for it.
std::optional<Image> in_floats(const Image& before, const FilterOrder& order, FilterRunner& pictures) {
    std::vector<StepReport> reports;
    try {
        return filtered(before, order, Depth::f32, pictures, reports);
    } catch (const std::bad_alloc&) {
        return std::nullopt;
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

void say_result(const InOut& place, const Image& after, const FilterOrder& order,
                const std::vector<StepReport>& reports, std::ostream& err) {
    err << fmt::format("{} → {}: {}×{}, {}", printable(place.in), printable(place.out), after.width(), after.height(),
                       name(after.depth()));
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const StepReport& report = reports[i];
        const Kernel& kernel = order.chain[i].kernel;
        err << fmt::format("; {}, kernel {}×{}{}{}, on {}, {:.1f} ms", printable(report.kernel), kernel.rows,
                           kernel.cols, automatic_note(order.chain[i]), settings_text(order.chain[i]), report.where,
                           report.ms);
        if (report.method == FilterMethod::fourier) err << " by the Fourier transform";
    }
    err << '\n';
}

// What is to be known of this picture's result: a line each.
std::vector<std::string> notes_of(const InOut& place, const SavedPicture& saved, const FilterOrder& order,
                                  const std::vector<StepReport>& reports) {
    std::vector<std::string> notes;
    for (const Message& loss : save_notes(saved)) notes.push_back(printable(place.out) + ": " + english(loss));
    const std::string& letters = order.channels.letters;
    if (saved.written.colour_channels() == 1 && !letters.empty() && letters != "a")
        notes.push_back(fmt::format("{}: is grey: its one channel was filtered as each of --channels {}",
                                    printable(place.in), letters));
    for (const StepReport& report : reports)
        if (!report.note.empty()) notes.push_back(printable(report.kernel) + ": " + report.note);
    for (const StepReport& report : reports) {
        if (order.method != FilterMethod::fourier || report.method == FilterMethod::fourier) continue;
        notes.push_back(printable(report.kernel) +
                        ": --method fourier was not possible, and sums were taken; it needs no stride, at most 128 "
                        "rows and columns with their dilation, alpha that stays as it is, and samples and weights that "
                        "are not huge");
    }
    return notes;
}

void filter_one(const InOut& place, const FilterOrder& order, FilterRunner& pictures, bool json, Console console) {
    std::error_code error;
    const bool sample = place.in == kSamplePictureName && !fs::exists(place.in, error);
    ImageInfo source;
    const Image before = sample ? *sample_picture() : load_image(place.in, &source);
    source.depth = before.depth();  // of the sample, too
    check_channels(order.channels, before, place.in);
    const bool asked = order.save_as.has_value();
    // In the depth that the file will have, so that rounding and clamping happen once.
    const Depth depth = asked ? *order.save_as : image_format(place.out).stored(before.depth());
    check_work(before, order.chain);
    std::vector<StepReport> reports;
    const Image picture = filtered(before, order, depth, pictures, reports);
    save_image(picture, place.out);
    const bool counts = needs_floats(before, order.chain, picture, asked, order.channels.alpha);
    const std::optional<Image> floats = counts ? in_floats(before, order, pictures) : std::nullopt;
    SavedPicture saved{source, picture, image_format(place.out), asked};
    if (floats) saved.floats = &*floats;
    if (counts && !floats) saved.uncounted = key("there was not enough memory");
    const std::vector<std::string> notes = notes_of(place, saved, order, reports);
    say_result(place, picture, order, reports, console.err);
    for (const std::string& note : notes) console.err << note << '\n';
    if (!json) return;
    std::vector<std::string> all = order.notes;
    all.insert(all.end(), notes.begin(), notes.end());
    print_json(console.out, place_json(place, before, picture, order, reports, all));
}

// False, with the reason said, where the image could not be filtered: the others can.
bool try_filter(const InOut& place, const FilterOrder& order, const FilterArguments& arguments, FilterRunner& pictures,
                Console console) {
    std::string reason;
    try {
        check_no_folder(place);
        if (!arguments.overwrite) check_replaces_nothing(place);
        filter_one(place, order, pictures, arguments.json, console);
        return true;
    } catch (const std::bad_alloc&) {
        reason = fmt::format("{}: there is not enough memory to filter this image", place.in);
    } catch (const std::exception& error) {
        reason = error.what();
    }
    console.err << "convlens: " << reason << '\n';
    if (arguments.json) print_json(console.out, {{"in", place.in}, {"out", place.out}, {"error", reason}});
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

int run_filter(const FilterArguments& arguments, Console console) {
    if (arguments.kernels.empty()) throw WrongUse("--kernel is missing: `convlens presets` lists kernels");
    const FilterOrder order = filter_order(arguments);
    for (const std::string& note : order.notes) console.err << note << '\n';
    const std::vector<InOut> all = places(arguments.paths, order.save_as);
    check_formats(all, order.save_as);
    check_apart_from_inputs(all);
    make_folder(all);
    FilterRunner pictures(order.backend);
    std::size_t done = 0;
    for (const InOut& place : all) done += try_filter(place, order, arguments, pictures, console) ? 1 : 0;
    say_tally(all.size(), done, console.err);
    return done == all.size() ? kDone : kRefused;
}

}  // namespace

Run declare_filter(OptionList list) {
    auto arguments = std::make_shared<FilterArguments>();
    list.value("PATHS", arguments->paths, "Images (or \"sample\"), and last the file or folder to write")
        .required()
        .value_name("IN... OUT");
    list.value(
            "--kernel", arguments->kernels,
            "NAME[:k=v,...], rows such as \"0 -1 0; -1 5 -1; 0 -1 0\", or @FILE; repeat for a chain. Beside a name's "
            "own parameters k may be offset, divisor, stride or dilation, of this kernel alone; an option below counts "
            "in place of them")
        .value_name("KERNEL")
        .one_value();
    list.value("--border", arguments->border,
               fmt::format("What lies outside: {} (default reflect)", fmt::join(names<PadMode>(), ", ")))
        .one_of(names<PadMode>());
    list.value("--border-value", arguments->border_value,
               "The number outside, on the picture's scale; implies --border constant, and takes no other");
    list.value("--divisor", arguments->divisor,
               "Divide the sums of every kernel of the chain by this, in place of its own divisor");
    list.value("--offset", arguments->offset,
               "Add this share of white after every kernel of the chain: 0.5 shows negative results on grey. Of one "
               "kernel alone: NAME:offset=0.5, or \"+ 0.5\" behind its rows");
    list.flag("--normalize", arguments->normalize,
              "Divide by the sum of the weights, so that the brightness stays, in every kernel of the chain");
    list.value("--channels", arguments->channels, "colour (default), all (alpha too), or letters of rgba");
    list.value("--stride", arguments->stride,
               "Keep every n-th pixel after every kernel of the chain (default 1); of one: NAME:stride=2");
    list.value("--dilation", arguments->dilation,
               "Distance of the cells of every kernel of the chain (default 1); of one: NAME:dilation=2");
    list.flag("--flip", arguments->flip, "Turn the kernel by 180 degrees: true convolution");
    list.value("--backend", arguments->backend, "cpu, gpu or auto (default)").one_of(names<Backend>());
    list.value("--method", arguments->method,
               "How the CPU computes it: sums, fourier or auto (default), what is quickest on this machine")
        .one_of({"auto", "sums", "fourier"});
    list.value("--threads", arguments->threads, "Threads of the CPU (default: all cores)");
    list.value("--save-as", arguments->save_as,
               fmt::format(
                   "Samples of the result: u8, u16 ({0}), s16 ({1}) or f32 ({2}; .hdr rounds them and has none below "
                   "0). Default: the image's own, as far as the file holds them",
                   english(either(endings_that_keep(Depth::u16))), english(either(endings_that_keep(Depth::s16))),
                   english(either(endings_that_keep(Depth::f32)))))
        .one_of({"u8", "u16", "s16", "f32"});
    list.flag("--overwrite", arguments->overwrite,
              "A file that exists already may be replaced: another one, or the image itself by its own result");
    list.flag("--json", arguments->json, "Print one JSON object an image");
    return [arguments](Console console) { return run_filter(*arguments, console); };
}

}  // namespace convlens
