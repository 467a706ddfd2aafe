#include "core/io/image/save_notes.h"

#include <new>
#include <optional>

#include <fmt/format.h>

#include "core/image/sample_loss.h"
#include "core/io/image/flattened.h"
#include "core/io/image/rgbe.h"

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

SampleRange range_of(const SavedPicture& saved) {
    return saved.format.rounded ? SampleRange{0, kMostRgbe} : sample_range(saved.written.depth());
}

// Nothing where no samples were lost, and where they could not be counted.
std::optional<SampleLoss> loss_of(const SavedPicture& saved) {
    const Depth source = saved.source.depth, stored = saved.written.depth();
    if (saved.format.rounded)
        return sample_loss(converted(flattened(saved.written), Depth::f32), saved.format.rounded(saved.written),
                           {range_of(saved), source, true});
    if (stored == Depth::f32) return sample_loss(saved.written, saved.written, {range_of(saved), Depth::f32, false});
    if (saved.floats == nullptr) return std::nullopt;
    return sample_loss(*saved.floats, saved.written,
                       {range_of(saved), source, tells_rounding(source, stored, saved.depth_asked)});
}

// What keeps values that the file does not: "them" or "it".
std::string keeper(const SavedPicture& saved, const SampleLoss& loss, std::string_view them) {
    if (saved.depth_asked) return fmt::format("--save-as f32 keeps {} in .npy", them);
    // Formats take the image's own depth where no other one is asked for.
    if (!loss.fits_compared) return fmt::format("convlens filter --save-as f32 keeps {} in .npy", them);
    const std::string endings = endings_that_keep(saved.source.depth);
    return fmt::format("{} {} {}", endings, endings.find(' ') == std::string::npos ? "keeps" : "keep", them);
}

std::string number(double value) { return value < 1e6 ? fmt::format("{:.6g}", value) : fmt::format("{:.2g}", value); }

std::string cut_note(const SavedPicture& saved, const SampleLoss& loss) {
    if (loss.cut == 0) return {};
    const SampleRange range = range_of(saved);
    if (loss.cut == 1)
        return fmt::format("1 of the result's {} values was below {} or above {} and was cut to that range; {}.",
                           loss.samples, number(range.least), number(range.most), keeper(saved, loss, "it"));
    return fmt::format("{} of the result's {} values were below {} or above {} and were cut to that range; {}.",
                       loss.cut, loss.samples, number(range.least), number(range.most), keeper(saved, loss, "them"));
}

// What the format has for a sample.
std::string fineness(const SavedPicture& saved) {
    if (saved.format.rounded)
        return fmt::format("{} has 8 bits a colour and one exponent a pixel", saved.format.ending);
    switch (saved.written.depth()) {
        case Depth::s16: return "s16 has the scale of 8 bits, where white is 255";
        case Depth::u16: return fmt::format("{} holds 16 bits a sample", saved.format.ending);
        default: return fmt::format("{} holds 8 bits a sample", saved.format.ending);
    }
}

std::string rounding_note(const SavedPicture& saved, const SampleLoss& loss) {
    if (loss.rounded == 0) return {};
    const Depth source = saved.source.depth;
    const std::string most = source == Depth::f32
                                 ? fmt::format("{:.2g}", loss.most_rounded)
                                 : fmt::format("{} of {}", number(loss.most_rounded), number(white(source)));
    if (loss.rounded == 1)
        return fmt::format("{}: 1 of the result's {} values was rounded, by {}; {}.", fineness(saved), loss.samples,
                           most, keeper(saved, loss, "it"));
    return fmt::format("{}: {} of the result's {} values were rounded, by at most {}; {}.", fineness(saved),
                       loss.rounded, loss.samples, most, keeper(saved, loss, "them"));
}

// A file of floats holds these numbers as they are.
std::string not_finite_note(const SavedPicture& saved, const SampleLoss& loss) {
    std::string note = english(not_finite_text(loss.not_finite));
    if (note.empty() || (saved.written.depth() == Depth::f32 && !saved.format.rounded)) return note;
    const SampleRange range = range_of(saved);
    return note + fmt::format(" The file has NaN as 0, infinity as {} and −infinity as {}; {}.", number(range.most),
                              number(range.least), keeper(saved, loss, loss.not_finite.all() == 1 ? "it" : "them"));
}

// Arrays and floats have no colours of their own that would not be linear.
bool is_srgb(const ImageInfo& source) {
    if (source.profile.present) return source.profile.srgb;
    return source.format != "NPY" && source.depth != Depth::f32;
}

// Samples are used as they are, whatever they mean: what other programs take those of the file for tells what is lost.
std::string profile_note(const ImageInfo& source, const ImageFormat& format) {
    const ColourProfile& profile = source.profile;
    const bool as_linear = format.colours == ColoursTakenFor::linear_light;
    if (as_linear && is_srgb(source))
        return fmt::format(
            "The image's sRGB values were used as stored: other programs take those of {} for linear light.",
            format.ending);
    if (!profile.present || (as_linear ? profile.linear : profile.srgb)) return {};
    const std::string name = profile.name.empty() ? "" : fmt::format(" ({})", profile.name);
    switch (format.colours) {
        case ColoursTakenFor::numbers:
            return fmt::format("The image's colour profile{} was left out: its values were used as stored.", name);
        case ColoursTakenFor::linear_light:
            return fmt::format(
                "The image's colour profile{} was left out: its values were used as stored, and other programs take "
                "them "
                "for linear light.",
                name);
        case ColoursTakenFor::srgb: break;
    }
    return fmt::format(
        "The image's colour profile{} was left out: its values were used as stored, and other programs take them for "
        "sRGB.",
        name);
}

}  // namespace

bool needs_floats(const Image& before, std::span<const FilterStep> chain, const Image& written, bool depth_asked,
                  bool alpha) {
    if (written.depth() == Depth::f32) return false;
    if (tells_rounding(before.depth(), written.depth(), depth_asked)) return true;
    return reaches_range_end(written, alpha) && !stays_in_range(before, chain, written.depth());
}

std::vector<std::string> save_notes(const SavedPicture& saved) {
    std::vector<std::string> notes;
    const auto add = [&notes](std::string note) {
        if (!note.empty()) notes.push_back(std::move(note));
    };
    if (saved.written.has_alpha()) add(std::string(saved.format.alpha_lost));
    std::optional<SampleLoss> loss;
    std::string_view uncounted = saved.uncounted;
    try {
        loss = loss_of(saved);
    } catch (const std::bad_alloc&) {  // the file is written: that is no failure
        uncounted = "there was not enough memory";
    }
    if (loss) {
        add(rounding_note(saved, *loss));
        add(cut_note(saved, *loss));
        add(not_finite_note(saved, *loss));
    } else if (!uncounted.empty()) {
        add(fmt::format("The values that were cut or rounded were not counted: {}.", uncounted));
    }
    if (saved.source.frames > 1)
        add(fmt::format("The image has {} frames; only the first was filtered.", saved.source.frames));
    add(profile_note(saved.source, saved.format));
    if (saved.source.exif) add("The image's EXIF data (camera, date, place) were left out.");
    return notes;
}

}  // namespace convlens
