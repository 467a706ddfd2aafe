#include "app/export/formats.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "app/export/gif.h"
#include "app/export/png.h"
#include "app/render/cairo/figure.h"
#include "app/render/cairo/pdf_paper.h"
#include "app/render/cairo/svg_paper.h"
#include "core/io/bytes.h"
#include "core/io/file_kind.h"

namespace convlens {

namespace {

// Of work whose parts tell how far they have come.
Progress part_of(const Progress& whole, double from, double to) {
    return {whole.stopped, [&whole, from, to](double share) { whole.report(from + share * (to - from)); }};
}

bool write_png(const FigureFrames& frames, const std::filesystem::path& path, const Progress& progress) {
    if (progress.is_stopped()) return false;
    constexpr double kDrawing = 0.3;  // of the time of a large one; the rest is the compression
    const std::optional<Bitmap> bitmap = draw_figure(frames.frame(0).scene, part_of(progress, 0, kDrawing));
    return bitmap && save_png(*bitmap, path, part_of(progress, kDrawing, 1));
}

bool write_gif(const FigureFrames& frames, const std::filesystem::path& path, const Progress& progress) {
    const double all = frames.count + std::min(frames.count, kSampledFrames);
    int drawn = 0;
    const auto draw = [&](int index) {
        if (progress.is_stopped()) throw Stopped();
        progress.report(drawn++ / all);
        const FigureFrame frame = frames.frame(index);
        std::optional<Bitmap> bitmap = draw_figure(frame.scene, Progress{.stopped = progress.stopped});
        if (!bitmap) throw Stopped();
        return GifFrame{std::move(*bitmap), frame.delay_cs};
    };
    try {
        save_gif(path, frames.count, draw, frames.loops);
    } catch (const Stopped&) {
        return false;
    }
    return true;
}

template <std::optional<std::string> (*draw)(const Scene&, TextAs, const Progress&)>
bool write_vectors(const FigureFrames& frames, const std::filesystem::path& path, const Progress& progress) {
    if (progress.is_stopped()) return false;
    const std::optional<std::string> bytes = draw(frames.frame(0).scene, frames.text, progress);
    if (bytes) write_file(path, *bytes);
    return bytes.has_value();
}

constexpr std::array kFormats{
    FigureFormat{.ending = ".png", .name = "PNG", .transparent = true, .write = write_png},
    FigureFormat{.ending = ".gif", .name = "GIF", .moves = true, .write = write_gif},
    FigureFormat{.ending = ".svg", .name = "SVG", .transparent = true, .vectors = true, .write = write_vectors<svg_of>},
    FigureFormat{.ending = ".pdf", .name = "PDF", .transparent = true, .vectors = true, .write = write_vectors<pdf_of>},
};

}  // namespace

std::span<const FigureFormat> figure_formats() { return kFormats; }

const FigureFormat* find_figure_format(const std::filesystem::path& path) {
    const std::string ending = ending_of(path);
    const auto* const found = std::ranges::find(kFormats, ending, &FigureFormat::ending);
    return found == kFormats.end() ? nullptr : found;
}

}  // namespace convlens
