// What marks are drawn on. Paths, colours, line styles and the matrix are those of a cairo context; a paper decides what
// becomes of a finished path, a text and a picture: pixels here, an element of a file in svg_paper.cpp, text in the
// faces of a PDF file in pdf_paper.cpp.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include <cairo.h>

#include "app/render/cairo/cairo_handle.h"
#include "app/scene/scene.h"

namespace convlens {

// A line of text whose baseline begins at `start`. `size` is that of TextMark.
struct TextRun {
    std::string_view text;  // UTF-8
    Point start;
    float size = 14;
    Face face = Face::text;
    Colour colour;
    Align align = Align::left;  // which end stays where it is in a viewer that lacks the face
};

// What becomes of letters in a file that could hold them as text.
enum class TextAs {
    paths,       // outlines, which look alike everywhere
    selectable,  // text that can be found and copied
};

class Paper {
public:
    // The context must outlive the paper. Once `stopped`, marks need not be drawn to their end.
    explicit Paper(cairo_t* context, std::stop_token stopped = {}) : context_(context), stopped_(std::move(stopped)) {}
    virtual ~Paper() = default;
    Paper(const Paper&) = delete;
    Paper& operator=(const Paper&) = delete;

    // A paper stands wherever cairo asks for a context: there paths are begun and colours set.
    operator cairo_t*() const { return context_; }  // NOLINT(google-explicit-constructor)

    // Each uses the path up that the context has.
    virtual void fill();
    virtual void stroke();
    // Filled, and its edge stroked in the same colour, which makes letters bolder. `width` in the units of the matrix.
    virtual void fill_bold(double width);
    // What follows is seen inside the path only, up to the end_clip() that belongs to it.
    virtual void begin_clip();
    virtual void end_clip();
    // What `draw` draws fades as one. `opacity` 0 to 1.
    virtual void fade(double opacity, const std::function<void()>& draw);

    // As outlines in their places.
    virtual void write(const TextRun& run);
    // Whether write_unseen() leaves anything, so that whoever would have to look for the text first need not.
    virtual bool holds_text() const { return false; }
    // Text that is not seen but can be selected, over what is drawn there as outlines; only where text is text.
    virtual void write_unseen(std::string_view /*text*/, const Rect& /*box*/) {}
    // `picture`, an image surface, seen through `rect`; `to_picture` leads from here to its pixels. Its edge pixels go
    // on beyond it. With `nearest` each pixel is a square.
    virtual void fill_with(cairo_surface_t* picture, const cairo_matrix_t& to_picture, bool nearest, const Rect& rect);

    // Whether lines should be fitted to whole pixels.
    bool has_pixels() const;
    bool is_stopped() const { return stopped_.stop_requested(); }

private:
    cairo_t* context_;
    std::stop_token stopped_;
};

// UTF-8 without what XML or cairo would stop at: broken sequences and control characters become U+FFFD.
std::string sound_text(std::string_view text);

// Clips to the context's path for as long as it lives.
class Clipped {
public:
    explicit Clipped(Paper& paper) : paper_(paper) { paper_.begin_clip(); }
    ~Clipped() { paper_.end_clip(); }
    Clipped(const Clipped&) = delete;
    Clipped& operator=(const Clipped&) = delete;

private:
    Paper& paper_;
};

}  // namespace convlens
