// `convlens compute`: cases out of files, one line of JSON each.
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "core/cases/cases.h"
#include "core/io/bytes.h"
#include "core/io/tensor/npy.h"

namespace convlens {

namespace {

struct Options {
    std::vector<std::string> files;
    std::string engine = "fast";
    std::string out;
    bool check = false;
};

struct Tally {
    std::int64_t agree = 0, differ = 0, skipped = 0;
};

void count(const Case& c, const Answer& answer, Tally& tally, Console console) {
    const Verdict verdict = check(c, answer);
    switch (verdict.kind) {
        case Verdict::Kind::agree: ++tally.agree; break;
        case Verdict::Kind::skipped: ++tally.skipped; break;
        case Verdict::Kind::differ:
            ++tally.differ;
            console.say(msg("{case}: {reason}", "case"_is(c.name), "reason"_is(verdict.why)));
            break;
    }
}

void save(const Answer& answer, const std::string& path, Console console) {
    const auto* numbers = std::get_if<NumberArray>(&answer);
    if (numbers == nullptr) {
        console.say(msg("{file}: not written, since the case has no single array for an answer", "file"_is(path)));
        return;
    }
    write_npy(path, numbers->shape, numbers->data);
    console.say(msg("{file}: written", "file"_is(path)));
}

// No engine of ours computes layers on the GPU, and another one does not answer in its name.
int refuse_gpu(const std::vector<Case>& cases, Console console) {
    const Message reason = key("layers are computed on the CPU only");
    for (const Case& c : cases) {
        const Json error{{"kind", "engine_unavailable"},
                         {"field", "engine"},
                         {"message", english(reason)},
                         {"fixes", {"--engine fast"}}};
        print_json(console.out, {{"name", c.name}, {"error", error}});
    }
    console.err << "convlens: " << console.text(msg("--engine gpu: {reason}; use --engine fast", "reason"_is(reason)))
                << '\n';
    return kRefused;
}

// An answer in its question's place would be the last of it.
void check_out(const Options& options) {
    for (const std::string& file : options.files)
        if (same_file(file, options.out))
            throw RefusedInput(
                msg("-o {file} would replace the file with the case; name another", "file"_is(options.out)));
}

int run_compute(const Options& options, Console console) {
    check_out(options);
    std::vector<Case> cases;
    for (const std::string& file : options.files) {
        for (Case& c : read_cases(file)) cases.push_back(std::move(c));
    }
    if (!options.out.empty() && cases.size() != 1) {
        throw WrongUse(msg("-o writes the answer of a single case; there are {count}", "count"_is(cases.size())));
    }
    if (options.engine == "gpu") return refuse_gpu(cases, console);

    const CaseEngine engine = options.engine == "reference" ? CaseEngine::reference : CaseEngine::fast;
    Tally tally;
    std::int64_t without = 0;  // have no answer: refused, or of an unknown operation
    for (const Case& c : cases) {
        const Answer answer = compute_case(c, engine);
        print_json(console.out, to_json(c, answer));
        if (std::holds_alternative<Refusal>(answer) || std::holds_alternative<Skipped>(answer)) ++without;
        if (options.check) count(c, answer, tally, console);
        if (!options.out.empty()) save(answer, options.out, console);
    }
    if (options.check) {
        print_json(console.out, {{"agree", tally.agree}, {"differ", tally.differ}, {"skipped", tally.skipped}});
        return tally.differ == 0 ? kDone : kRefused;
    }
    return cases.size() == 1 && without == 1 ? kRefused : kDone;
}

}  // namespace

Run declare_compute(OptionList list) {
    auto options = std::make_shared<Options>();
    list.value("FILE", options->files, msg("Files with one case each, or with {list}", "list"_is("{\"cases\": [...]}")))
        .required();
    list.value("--engine", options->engine, key("fast (default), reference or gpu"))
        .one_of({"fast", "reference", "gpu"});
    list.flag("--check", options->check, key("Compare with what the files expect; end with a count"));
    list.value("-o,--output", options->out, key("Write the answer of a single case as NPY")).value_name("OUT.npy");
    return [options](Console console) { return run_compute(*options, console); };
}

}  // namespace convlens
