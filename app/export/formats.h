// The formats of figures: one table, which the command line and the window's dialogs read alike.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "app/render/cairo/paper.h"
#include "app/scene/scene.h"
#include "core/io/progress.h"

namespace convlens {

struct FigureFrame {
    Scene scene;
    int delay_cs = 0;  // moving formats: hundredths of a second that it is shown, at least 2
};

// What a format is given to write.
struct FigureFrames {
    int count = 1;  // still formats: 1
    // The frame of this index, 0 to count - 1. Called on the thread that writes, in any order, more than once for some.
    std::function<FigureFrame(int)> frame;
    int loops = 0;                // moving formats: how often it is played; 0: for ever
    TextAs text = TextAs::paths;  // formats of vectors
};

struct FigureFormat {
    std::string_view ending;   // ".png", in lower case
    std::string_view name;     // "PNG"
    bool moves = false;        // it holds all steps of a play; the others hold one moment
    bool transparent = false;  // what has no colour is seen through, with soft edges
    bool vectors = false;      // its letters are outlines or text, as TextAs has it; those of the others are pixels
    // Writes the file whole or not at all. False when `progress` was stopped. Throws FileError.
    bool (*write)(const FigureFrames& frames, const std::filesystem::path& path, const Progress& progress) = nullptr;
};

// The first still one and the first moving one are what is written where nobody says which.
std::span<const FigureFormat> figure_formats();

// By the name's ending, in upper or lower case; nullptr: no format has it.
const FigureFormat* find_figure_format(const std::filesystem::path& path);

}  // namespace convlens
