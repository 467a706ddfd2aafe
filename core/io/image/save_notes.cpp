#include "core/io/image/save_notes.h"

#include <new>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/image/sample_loss.h"
#include "core/io/image/flattened.h"
#include "core/io/image/rgbe.h"
#include "core/text/message.h"

namespace convlens {

namespace {

// Numbers of `finer` that lie between those of `stored`. The white of s16 is 255, so that bytes hold what s16 has from 0
// to 255, and words hold it, too.
bool has_finer_steps(Depth finer, Depth stored) {
    if (finer == Depth::f32) return stored != Depth::f32;
    return finer == Depth::u16 && (stored == Depth::u8 || stored == Depth::s16);
}

// Whoever asks for a depth knows what it rounds, but for s16, whose name says 16 bits.
bool tells_rounding(Depth source, Depth stored, bool depth_asked) {
    return has_finer_steps(source, stored) && (!depth_asked || stored == Depth::s16);
}

SampleRange range_of(const SavedImage& saved) {
    return saved.format.rounded ? SampleRange{0, kMostRgbe} : sample_range(saved.written.depth());
}

// Nothing where no samples were lost, and where they could not be counted.
std::optional<SampleLoss> loss_of(const SavedImage& saved) {
    const Depth source = saved.source.depth, stored = saved.written.depth();
    if (saved.format.rounded)
        return sample_loss(converted(flattened(saved.written), Depth::f32), saved.format.rounded(saved.written),
                           {range_of(saved), source, true});
    if (stored == Depth::f32) return sample_loss(saved.written, saved.written, {range_of(saved), Depth::f32, false});
    if (saved.floats == nullptr) return std::nullopt;
    return sample_loss(*saved.floats, saved.written,
                       {range_of(saved), source, tells_rounding(source, stored, saved.depth_asked)});
}

// What keeps so many values that the file does not: "it", or "them".
Message keeper(const SavedImage& saved, const SampleLoss& loss, std::int64_t values) {
    if (saved.depth_asked) return plural("--save-as f32 keeps it in .npy", "--save-as f32 keeps them in .npy", values);
    // Formats take the image's own depth where no other one is asked for.
    if (!loss.fits_compared)
        return plural("convlens filter --save-as f32 keeps it in .npy",
                      "convlens filter --save-as f32 keeps them in .npy", values);
    const std::vector<Message> endings = endings_that_keep(saved.source.depth);
    if (endings.size() == 1)
        return plural("{ending} keeps it", "{ending} keeps them", values, "ending"_is(endings.front()));
    return plural("{endings} keep it", "{endings} keep them", values, "endings"_is(either(endings)));
}

std::string number(double value) { return value < 1e6 ? fmt::format("{:.6g}", value) : fmt::format("{:.2g}", value); }

// What the file holds, on the scale of the image that was opened, in whose numbers people see its samples: the bytes that a
// float image becomes hold 0 to 1 of it. Whoever asked for a depth thinks in that one's numbers.
SampleRange told_range(const SavedImage& saved) {
    const SampleRange range = range_of(saved);
    if (saved.depth_asked || saved.format.rounded) return range;
    const double scale = white(saved.source.depth) / white(saved.written.depth());
    return {range.least * scale, range.most * scale};
}

Message cut_note(const SavedImage& saved, const SampleLoss& loss) {
    if (loss.cut == 0) return {};
    const SampleRange range = told_range(saved);
    return plural(
        "{n} of the result's {all} values was below {least} or above {most} and was cut to that range; {keeper}.",
        "{n} of the result's {all} values were below {least} or above {most} and were cut to that range; {keeper}.",
        loss.cut, "all"_is(loss.samples), "least"_is(number(range.least)), "most"_is(number(range.most)),
        "keeper"_is(keeper(saved, loss, loss.cut)));
}

// What the format has for a sample.
Message fineness(const SavedImage& saved) {
    const auto ending = "ending"_is(saved.format.ending);
    if (saved.format.rounded) return msg("{ending} has 8 bits a colour and one exponent a pixel", ending);
    switch (saved.written.depth()) {
        case Depth::s16: return key("s16 has the scale of 8 bits, where white is 255");
        case Depth::u16: return msg("{ending} holds {bits} bits a sample", ending, "bits"_is(16));
        default: return msg("{ending} holds {bits} bits a sample", ending, "bits"_is(8));
    }
}

// The greatest difference that rounding made.
Message most_rounded(const SavedImage& saved, const SampleLoss& loss) {
    const Depth source = saved.source.depth;
    if (source == Depth::f32) return verbatim(fmt::format("{:.2g}", loss.most_rounded));
    return msg("{difference} of {white}", "difference"_is(number(loss.most_rounded)),
               "white"_is(number(white(source))));
}

Message rounding_note(const SavedImage& saved, const SampleLoss& loss) {
    if (loss.rounded == 0) return {};
    return plural("{fineness}: {n} of the result's {all} values was rounded, by {most}; {keeper}.",
                  "{fineness}: {n} of the result's {all} values were rounded, by at most {most}; {keeper}.",
                  loss.rounded, "fineness"_is(fineness(saved)), "all"_is(loss.samples),
                  "most"_is(most_rounded(saved, loss)), "keeper"_is(keeper(saved, loss, loss.rounded)));
}

// A file of floats holds these numbers as they are.
Message not_finite_note(const SavedImage& saved, const SampleLoss& loss) {
    Message note = not_finite_text(loss.not_finite);
    if (note.empty() || (saved.written.depth() == Depth::f32 && !saved.format.rounded)) return note;
    const SampleRange range = range_of(saved);
    return msg("{note} The file has NaN as 0, infinity as {most} and −infinity as {least}; {keeper}.",
               "note"_is(std::move(note)), "most"_is(number(range.most)), "least"_is(number(range.least)),
               "keeper"_is(keeper(saved, loss, loss.not_finite.all())));
}

// Arrays and floats have no colours of their own that would not be linear.
bool is_srgb(const ImageInfo& source) {
    if (source.profile.present) return source.profile.srgb;
    return source.format != "NPY" && source.depth != Depth::f32;
}

// Samples are used as they are, whatever they mean: what other programs take those of the file for tells what is lost.
Message profile_note(const ImageInfo& source, const Image& written, const ImageFormat& format) {
    const ColourProfile& profile = source.profile;
    if (format.keeps_profile && is_profile_of(source.tags.icc, written.colour_channels())) return {};
    const bool as_linear = format.colours == ColoursTakenFor::linear_light;
    if (as_linear && is_srgb(source))
        return msg(
            "The image's sRGB values were used as stored: other programs take those of {ending} for linear light.",
            "ending"_is(format.ending));
    if (!profile.present || (as_linear ? profile.linear : profile.srgb)) return {};
    const auto dropped = "dropped"_is(
        profile.name.empty() ? Message(key("The image's colour profile was left out"))
                             : msg("The image's colour profile ({name}) was left out", "name"_is(profile.name)));
    switch (format.colours) {
        case ColoursTakenFor::numbers: return msg("{dropped}: its values were used as stored.", dropped);
        case ColoursTakenFor::linear_light:
            return msg("{dropped}: its values were used as stored, and other programs take them for linear light.",
                       dropped);
        case ColoursTakenFor::srgb: break;
    }
    return msg("{dropped}: its values were used as stored, and other programs take them for sRGB.", dropped);
}

}  // namespace

bool needs_floats(const Image& before, std::span<const FilterStep> chain, const Image& written, bool depth_asked,
                  bool alpha) {
    if (written.depth() == Depth::f32) return false;
    if (tells_rounding(before.depth(), written.depth(), depth_asked)) return true;
    return reaches_range_end(written, alpha) && !stays_in_range(before, chain, written.depth());
}

std::vector<Message> save_notes(const SavedImage& saved) {
    std::vector<Message> notes;
    const auto add = [&notes](Message note) {
        if (!note.empty()) notes.push_back(std::move(note));
    };
    if (saved.written.has_alpha()) add(saved.format.alpha_lost);
    std::optional<SampleLoss> loss;
    Message uncounted = saved.uncounted;
    try {
        loss = loss_of(saved);
    } catch (const std::bad_alloc&) {  // the file is written: that is no failure
        uncounted = key("there was not enough memory");
    }
    if (loss) {
        add(rounding_note(saved, *loss));
        add(cut_note(saved, *loss));
        add(not_finite_note(saved, *loss));
    } else if (!uncounted.empty()) {
        add(msg("The values that were cut or rounded were not counted: {reason}.", "reason"_is(std::move(uncounted))));
    }
    const auto frames = "count"_is(saved.source.frames);
    if (saved.source.frames > 1 && saved.source.format == "TIFF")
        add(msg("The file has {count} pages; only the first was filtered.", frames));
    else if (saved.source.frames > 1)
        add(msg("The image has {count} frames; only the first was filtered.", frames));
    add(profile_note(saved.source, saved.written, saved.format));
    if (saved.source.channels_left_out > 0)
        add(plural("The image has {n} channel beside its colours and alpha; it was left out.",
                   "The image has {n} channels beside its colours and alpha; they were left out.",
                   saved.source.channels_left_out));
    if (saved.source.metadata) add(key("The image's metadata (camera, date, place) were left out."));
    return notes;
}

}  // namespace convlens
