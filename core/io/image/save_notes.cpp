#include "core/io/image/save_notes.h"

#include <fmt/format.h>

#include "core/image/sample_loss.h"

namespace convlens {

namespace {

std::string cut_note(const SavedPicture& saved) {
    if (saved.cut == 0) return {};
    const Depth depth = saved.written.depth();
    const std::size_t all = saved.written.bytes().size() / bytes_per_sample(depth);
    // An array keeps the image's own depth where no other one is asked for.
    const std::string keeps = saved.depth_asked ? "--save-as f32 keeps {} in .npy" : ".npy keeps {}";
    if (saved.cut == 1)
        return fmt::format("1 of the result's {} values was below {} or above {} and was cut to that range; {}.", all,
                           least(depth), most(depth), fmt::format(fmt::runtime(keeps), "it"));
    return fmt::format("{} of the result's {} values were below {} or above {} and were cut to that range; {}.",
                       saved.cut, all, least(depth), most(depth), fmt::format(fmt::runtime(keeps), "them"));
}

std::string fineness_note(const SavedPicture& saved) {
    const Depth source = saved.source.depth;
    if (saved.written.depth() == Depth::s16 && (source == Depth::u16 || source == Depth::f32))
        return "s16 has the scale of 8 bits, where white is 255: finer steps are rounded away; f32 keeps them.";
    return saved.depth_asked ? "" : depth_lost(source, saved.format);
}

std::string profile_note(const ColourProfile& profile) {
    if (!profile.present || profile.srgb) return {};
    if (profile.name.empty())
        return "The image's colour profile was left out, so that other programs take its colours for sRGB.";
    return fmt::format(
        "The image's colour profile ({}) was left out, so that other programs take its colours for sRGB.",
        profile.name);
}

}  // namespace

bool holds_more(Depth source, Depth stored) { return least(source) < 0 && least(stored) == 0; }

std::vector<std::string> save_notes(const SavedPicture& saved) {
    std::vector<std::string> notes = losses(saved.written, saved.format);
    const auto add = [&notes](std::string note) {
        if (!note.empty()) notes.push_back(std::move(note));
    };
    add(fineness_note(saved));
    add(cut_note(saved));
    add(not_finite_text(not_finite_samples(saved.written)));
    if (saved.source.frames > 1)
        add(fmt::format("The image has {} frames; only the first was filtered.", saved.source.frames));
    add(profile_note(saved.source.profile));
    if (saved.source.exif) add("The image's EXIF data (camera, date, place) were left out.");
    return notes;
}

}  // namespace convlens
