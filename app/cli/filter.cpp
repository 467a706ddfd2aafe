// `convlens filter`: images through a kernel or a chain of kernels, into files.
#include <unistd.h>

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
#include "app/cli/side_by_side.h"
#include "app/document/document.h"
#include "app/document/sample_image.h"
#include "app/photo/filter_runner.h"
#include "core/base/parallel.h"
#include "core/engine/filter/filter_chain.h"
#include "core/engine/filter/filter_work.h"
#include "core/engine/filter/pixel_sum.h"
#include "core/image/kernel_choice.h"
#include "core/io/image/image_file.h"
#include "core/io/image/save_notes.h"
#include "core/text/message.h"
#include "core/text/printable.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

// Throws where a file's format does not hold the samples that were asked for: before anything is computed.
void check_formats(std::span<const InOut> places, const std::optional<Depth>& save_as) {
    for (const InOut& place : places) {
        const ImageFormat& format = image_format(place.out);
        if (save_as && !format.holds(*save_as))
            throw WrongUse(
                msg("--save-as {depth}: a {ending} file does not hold {depth}; {endings} does (to be written: "
                    "{file})",
                    "depth"_is(name(*save_as)), "ending"_is(format.ending),
                    "endings"_is(either(endings_that_keep(*save_as))), "file"_is(place.out)));
    }
}

Json place_json(const InOut& place, Depth before, const Image& after, const FilterOrder& order,
                const std::vector<StepReport>& reports, const std::vector<Message>& notes) {
    std::vector<std::string> texts(notes.size());
    std::ranges::transform(notes, texts.begin(), english);
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
                         {"where", english(report.where)},
                         {"ms", report.ms}});
        ms += report.ms;
    }
    return {{"in", place.in},
            {"out", place.out},
            {"width", after.width()},
            {"height", after.height()},
            {"channels", after.channels()},
            {"in_depth", name(before)},
            {"depth", name(after.depth())},
            {"steps", steps},
            {"ms", ms},
            {"notes", texts}};
}

// Throws RefusedInput where a step would take days, or more memory than machines have.
void check_work(const Image& before, std::span<const FilterStep> chain) {
    if (const auto reason = too_much_work(chain, before)) throw RefusedInput(*reason);
}

Message words_of_gpu(const NotOnGpu& refusal) {
    const auto reason = "reason"_is(refusal.words);
    switch (refusal.why) {
        case NotOnGpu::Why::cannot: return msg("--backend gpu: {reason}; --backend auto does so", reason);
        case NotOnGpu::Why::absent: return msg("--backend gpu: {reason}; --backend cpu does the same", reason);
        case NotOnGpu::Why::slower:
        case NotOnGpu::Why::failed: break;
    }
    return msg("--backend gpu: {reason}; --backend auto continues on the CPU", reason);
}

// Channels do not mix, so that those that stay are put back once, at the end.
Image filtered(const Image& before, const FilterOrder& order, Depth depth, FilterRunner& runner,
               std::vector<StepReport>& reports) {
    FilterOptions options;
    options.filter_alpha = order.channels.alpha;
    options.threads = order.threads;
    options.method = order.method;
    options.save_as = depth;
    Image after = [&] {
        try {
            return runner.filter(order.backend, before, order.chain, options, reports);
        } catch (const NotOnGpu& refusal) {
            throw RefusedInput(words_of_gpu(refusal));
        }
    }();
    return with_kept_channels(std::move(after), before, chain_stride(order.chain, order.chain.size()), order.channels);
}

// What save_notes() counts losses in: the chain computed again in float32, which cuts and rounds nothing. Empty where there
// is no memory for it.
std::optional<Image> in_floats(const Image& before, const FilterOrder& order, FilterRunner& runner) {
    std::vector<StepReport> reports;
    try {
        return filtered(before, order, Depth::f32, runner, reports);
    } catch (const std::bad_alloc&) {
        return std::nullopt;
    }
}

// Adds what a step does beside its weights: "offset 0.5", "stride 2".
void add_settings(const FilterStep& step, std::vector<Message>& parts) {
    const auto number = [](double value) { return "number"_is(fmt::format("{:.10g}", value)); };
    if (step.kernel.divisor != 1) parts.push_back(msg("divisor {number}", number(step.kernel.divisor)));
    if (step.kernel.offset != 0) parts.push_back(msg("offset {number}", number(step.kernel.offset)));
    if (step.stride != 1) parts.push_back(msg("stride {number}", "number"_is(step.stride)));
    if (step.dilation != 1) parts.push_back(msg("dilation {number}", "number"_is(step.dilation)));
}

// Adds "sigma 1.7 (automatic)": what a family took where a parameter of 0 leaves it to the family.
void add_automatic(const FilterStep& step, std::vector<Message>& parts) {
    const auto choice = kernel_choice(step);
    if (!choice) return;
    for (std::size_t i = 0; i < choice->values.size(); ++i) {
        const std::string_view parameter = choice->family->parameters[i].name;
        if (parameter == "size") continue;  // the kernel's size is said of every kernel
        if (const auto value = automatic_value(*choice, i, step.kernel)) {
            parts.push_back(msg("{parameter} {value} (automatic)", "parameter"_is(parameter),
                                "value"_is(fmt::format("{:.4g}", *value))));
        } else if (!automatic_text(*choice, i, step.kernel).empty()) {
            parts.push_back(msg("{parameter} automatic (OpenCV's table)", "parameter"_is(parameter)));
        }
    }
}

// "box, kernel 3×3, stride 2, on CPU, 1 thread, 0.3 ms"
Message step_text(const FilterStep& step, const StepReport& report) {
    std::vector<Message> parts{
        verbatim(printable(report.kernel)),
        msg("kernel {rows}×{columns}", "rows"_is(step.kernel.rows), "columns"_is(step.kernel.cols))};
    add_automatic(step, parts);
    add_settings(step, parts);
    parts.push_back(msg("on {device}", "device"_is(report.where)));
    const auto time = "time"_is(fmt::format("{:.1f}", report.ms));
    parts.push_back(report.method == FilterMethod::fourier ? msg("{time} ms by the Fourier transform", time)
                                                           : msg("{time} ms", time));
    return in_a_row(std::move(parts));
}

void say_result(const InOut& place, const Image& after, const FilterOrder& order,
                const std::vector<StepReport>& reports, const Console& console) {
    Message line = msg("{in} → {out}: {width} × {height} px, {samples}", "in"_is(printable(place.in)),
                       "out"_is(printable(place.out)), "width"_is(after.width()), "height"_is(after.height()),
                       "samples"_is(format_text(after)));
    for (std::size_t i = 0; i < reports.size(); ++i)
        line = msg("{line}; {step}", "line"_is(std::move(line)), "step"_is(step_text(order.chain[i], reports[i])));
    console.say(line);
}

// What is to be known of this image's result: a line each.
std::vector<Message> notes_of(const InOut& place, const SavedImage& saved, const FilterOrder& order,
                              const std::vector<StepReport>& reports) {
    std::vector<Message> notes;
    for (const Message& loss : save_notes(saved))
        notes.push_back(msg("{file}: {note}", "file"_is(printable(place.out)), "note"_is(loss)));
    const std::string& letters = order.channels.letters;
    if (saved.written.colour_channels() == 1 && !letters.empty() && letters != "a")
        notes.push_back(msg("{file} is grey: its one channel was filtered as each of --channels {letters}",
                            "file"_is(printable(place.in)), "letters"_is(letters)));
    for (const StepReport& report : reports)
        if (!report.note.empty())
            notes.push_back(msg("{kernel}: {note}", "kernel"_is(printable(report.kernel)), "note"_is(report.note)));
    for (const StepReport& report : reports) {
        if (order.method != FilterMethod::fourier || report.method == FilterMethod::fourier) continue;
        notes.push_back(
            msg("{kernel}: computed by direct sums; --method fourier needs stride 1, a kernel spanning at "
                "most 128×128, alpha kept, and moderate values",
                "kernel"_is(printable(report.kernel))));
    }
    return notes;
}

// An image on its way from one file into another.
struct Job {
    InOut place;
    ImageInfo source;
    Image before;  // gone as soon as nothing more is to be told of it
    Image image;
    std::vector<StepReport> reports;
    bool counts = false;  // what was lost has to be counted, for which `before` stays
    std::optional<Message> failure;
};

// Runs a stage unless an earlier one failed; keeps the reason where it cannot be done.
template <typename Stage>
void keep_failure(Job& job, const Stage& stage) {
    if (job.failure) return;
    try {
        stage();
    } catch (const std::bad_alloc&) {
        job.failure = msg("{file}: there is not enough memory to filter this image", "file"_is(job.place.in));
    } catch (const std::exception& error) {
        job.failure = words_of(error);
    }
}

void read_image(Job& job, bool overwrite) {
    check_no_folder(job.place);
    if (!overwrite) check_replaces_nothing(job.place);
    std::error_code error;
    const bool sample = job.place.in == kSampleImageName && !fs::exists(job.place.in, error);
    job.before = sample ? *sample_image() : load_image(job.place.in, &job.source);
    job.source.depth = job.before.depth();  // of the sample, too
}

void filter_image(Job& job, const FilterOrder& order, FilterRunner& runner) {
    check_channels(order.channels, job.before, job.place.in);
    const bool asked = order.save_as.has_value();
    // In the depth that the file will have, so that rounding and clamping happen once.
    const Depth depth = asked ? *order.save_as : image_format(job.place.out).stored(job.before.depth());
    check_work(job.before, order.chain);
    job.image = filtered(job.before, order, depth, runner, job.reports);
    job.counts = needs_floats(job.before, order.chain, job.image, asked, order.channels.alpha);
    if (!job.counts) job.before = Image();
}

void write_image(const Job& job, const FilterOrder& order) {
    save_image(job.image, job.place.out, {},
               carried(job.source.tags, job.image.colour_channels(), chain_stride(order.chain, order.chain.size())));
}

// Says what came of it.
void tell_result(const Job& job, const FilterOrder& order, FilterRunner& runner, bool json, Console console) {
    const std::optional<Image> floats = job.counts ? in_floats(job.before, order, runner) : std::nullopt;
    SavedImage saved{job.source, job.image, image_format(job.place.out), order.save_as.has_value()};
    if (floats) saved.floats = &*floats;
    if (job.counts && !floats) saved.uncounted = key("there was not enough memory");
    const std::vector<Message> notes = notes_of(job.place, saved, order, job.reports);
    say_result(job.place, job.image, order, job.reports, console);
    for (const Message& note : notes) console.say(note);
    if (!json) return;
    std::vector<Message> all = order.notes;
    all.insert(all.end(), notes.begin(), notes.end());
    print_json(console.out, place_json(job.place, job.source.depth, job.image, order, job.reports, all));
}

void tell_failure(const Job& job, bool json, Console console) {
    console.err << "convlens: " << console.text(*job.failure) << '\n';
    if (!json) return;
    print_json(console.out, {{"in", job.place.in}, {"out", job.place.out}, {"error", error_text(*job.failure)}});
}

// Images that may be in memory at a time: one more than cores, since reading and writing take one each, in half of the
// machine's memory at most.
std::size_t images_at_once(int threads, std::size_t largest) {
    const auto cores = static_cast<std::size_t>(thread_count(threads));
    if (cores == 1) return 1;
    const auto memory = static_cast<std::size_t>(std::max(sysconf(_SC_PHYS_PAGES), 0L)) *
                        static_cast<std::size_t>(std::max(sysconf(_SC_PAGESIZE), 0L));
    const std::size_t room = largest == 0 ? cores + 1 : memory / 2 / largest;
    return std::clamp<std::size_t>(room, 1, cores + 1);
}

// How many of the images could be filtered; of the others the reason is said.
std::size_t filter_all(std::span<const InOut> all, const FilterOrder& order, const FilterArguments& arguments,
                       Console console) {
    FilterRunner runner(GpuContext::own);
    std::vector<Job> jobs(all.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].place = all[i];
    std::size_t done = 0, largest = 0;
    FileStages stages;
    stages.read = [&](std::size_t i) { keep_failure(jobs[i], [&] { read_image(jobs[i], arguments.overwrite); }); };
    stages.work = [&](std::size_t i) {
        const std::size_t before = jobs[i].before.bytes().size();
        keep_failure(jobs[i], [&] { filter_image(jobs[i], order, runner); });
        largest = std::max(largest, before + jobs[i].image.bytes().size());
    };
    stages.write = [&](std::size_t i) { keep_failure(jobs[i], [&] { write_image(jobs[i], order); }); };
    stages.finish = [&](std::size_t i) {
        keep_failure(jobs[i], [&] { tell_result(jobs[i], order, runner, arguments.json, console); });
        if (jobs[i].failure) tell_failure(jobs[i], arguments.json, console);
        done += jobs[i].failure ? 0 : 1;
        jobs[i] = {};
    };
    stages.at_once = [&] { return images_at_once(order.threads, largest); };
    run_side_by_side(jobs.size(), stages);
    return done;
}

void say_tally(std::size_t all, std::size_t done, const Console& console) {
    if (all == 1) return;
    console.say(done == all ? msg("{count} images filtered", "count"_is(all))
                            : msg("{done} of {all} images filtered; {failed} failed", "done"_is(done), "all"_is(all),
                                  "failed"_is(all - done)));
}

int run_filter(const FilterArguments& arguments, Console console) {
    if (arguments.kernels.empty()) throw WrongUse(key("--kernel is missing: `convlens presets` lists kernels"));
    const FilterOrder order = filter_order(arguments);
    for (const Message& note : order.notes) console.say(note);
    const std::vector<InOut> all = places(arguments.paths, order.save_as);
    check_formats(all, order.save_as);
    check_apart_from_inputs(all);
    make_folder(all);
    const std::size_t done = filter_all(all, order, arguments, console);
    say_tally(all.size(), done, console);
    return done == all.size() ? kDone : kRefused;
}

}  // namespace

Run declare_filter(OptionList list) {
    auto arguments = std::make_shared<FilterArguments>();
    list.value("PATHS", arguments->paths, key("Images (or \"sample\"), and last the file or folder to write"))
        .required()
        .value_name("IN... OUT");
    list.value("--kernel", arguments->kernels,
               key("NAME[:k=v,...], rows such as \"0 -1 0; -1 5 -1; 0 -1 0\", or @FILE; repeat for a chain. Beside a "
                   "name's "
                   "own parameters k may be offset, divisor, stride or dilation, of this kernel alone; an option below "
                   "counts in place of them"))
        .value_name("KERNEL")
        .one_value();
    list.value("--border", arguments->border,
               msg("Border mode, what is beyond the edge of the image: {names} (default reflect)",
                   "names"_is(fmt::format("{}", fmt::join(names<PadMode>(), ", ")))))
        .one_of(names<PadMode>());
    list.value("--border-value", arguments->border_value,
               key("The value beyond the edge, on the image's scale; needs --border constant, and implies it"));
    list.value("--divisor", arguments->divisor,
               key("Divide the sums of every kernel of the chain by this, in place of its own divisor"));
    list.value("--offset", arguments->offset,
               key("Add this fraction of white after every kernel of the chain: 0.5 shows negative results on grey. Of "
                   "one kernel alone: NAME:offset=0.5, or \"+ 0.5\" behind its rows"));
    list.flag("--normalize", arguments->normalize,
              key("Divide by the sum of the weights, so that the brightness stays, in every kernel of the chain"));
    list.value("--channels", arguments->channels, key("colour (default), all (alpha too), or letters of rgba"));
    list.value("--stride", arguments->stride,
               key("Keep every n-th pixel after every kernel of the chain (default 1); of one: NAME:stride=2"));
    list.value("--dilation", arguments->dilation,
               key("Spacing between the weights of every kernel of the chain (default 1); of one: NAME:dilation=2"));
    list.flag("--flip", arguments->flip, key("Flip the kernel (rotate it by 180 degrees): true convolution"));
    list.value("--backend", arguments->backend, key("cpu, gpu or auto (default)")).one_of(names<Backend>());
    list.value("--method", arguments->method,
               key("How the CPU computes: sums, fourier or auto (default), what is quickest on this machine"))
        .one_of({"auto", "sums", "fourier"});
    list.value("--threads", arguments->threads, key("Threads of the CPU (default: all cores)"));
    list.value("--save-as", arguments->save_as,
               msg("Samples of the result: u8, u16 ({u16}), s16 ({s16}) or f32 ({f32}; .hdr rounds them and has none "
                   "below 0). "
                   "Default: the image's own, as far as the file holds them",
                   "u16"_is(either(endings_that_keep(Depth::u16))), "s16"_is(either(endings_that_keep(Depth::s16))),
                   "f32"_is(either(endings_that_keep(Depth::f32)))))
        .one_of({"u8", "u16", "s16", "f32"});
    list.flag("--overwrite", arguments->overwrite,
              key("A file that exists already may be replaced: another one, or the image itself by its own result"));
    list.flag("--json", arguments->json, key("Print one JSON object an image"));
    return [arguments](Console console) { return run_filter(*arguments, console); };
}

}  // namespace convlens
