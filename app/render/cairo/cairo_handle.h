// cairo's counted objects, owned.
#pragma once

#include <memory>

#include <cairo.h>

#include "app/scene/geometry.h"

namespace convlens {

struct CairoDelete {
    void operator()(cairo_t* p) const { cairo_destroy(p); }
    void operator()(cairo_surface_t* p) const { cairo_surface_destroy(p); }
    void operator()(cairo_pattern_t* p) const { cairo_pattern_destroy(p); }
};
using CairoContext = std::unique_ptr<cairo_t, CairoDelete>;
using CairoSurface = std::unique_ptr<cairo_surface_t, CairoDelete>;
using CairoPattern = std::unique_ptr<cairo_pattern_t, CairoDelete>;

// cairo_save and cairo_restore for as long as it lives.
class CairoSaved {
public:
    explicit CairoSaved(cairo_t* context) : context_(context) { cairo_save(context_); }
    ~CairoSaved() { cairo_restore(context_); }
    CairoSaved(const CairoSaved&) = delete;
    CairoSaved& operator=(const CairoSaved&) = delete;

private:
    cairo_t* context_;
};

inline void set_colour(cairo_t* context, Colour c) {
    cairo_set_source_rgba(context, c.r / 255.0, c.g / 255.0, c.b / 255.0, c.a / 255.0);
}

}  // namespace convlens
