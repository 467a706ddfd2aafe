// What the sections of the Photo filter panel share. Internal to app/panels.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/panels/panels.h"
#include "app/photo/photo_session.h"

namespace convlens {

struct PhotoControls {
    PanelContext& context;
    PhotoWork& work;
    std::size_t step = 0;  // which filter of the chain the sections below the list speak of

    const std::vector<FilterStep>& chain() const { return context.document.photo.chain; }
    const FilterStep& filter() const { return chain()[step]; }

    // Asks for a change of that filter.
    void edit(Message label, std::string merge, std::function<void(FilterStep&)> apply) const;
    // The same for a change that is known already; `merge` distinguishes what is being dragged.
    void put(FilterStep changed, Message label, std::string merge = {}) const;
};

// A name on the left; the widgets after it begin where all others do.
void photo_label(const PanelContext& context, const Message& text, const Message& about);

// A field for a number that `check` may refuse with a reason; the refused text stays, see photo_refused().
struct PhotoField {
    enum class Kind { real, whole, cell };  // cell: a real one, in the middle as in a grid
    const char* label = "";
    std::string key;  // names the field in UiState
    double value = 0;
    std::string shown;  // what stands in the field
    float width = 0;
    Kind kind = Kind::real;
    std::function<Message(double)> check = {};  // what there is to say against a number
};
inline constexpr float kCellEdge = 0.15F;  // of the text size: least space beside the number in a cell
std::optional<double> photo_field(PanelContext& context, const PhotoField& field);

// Why the field's text was refused, with a way back. Draws nothing when all is well.
void photo_refused(PanelContext& context, const std::string& key, const Message& keeps);

// The sections, from top to bottom.
void draw_photo_source(const PhotoControls& controls);
void draw_photo_chain(PhotoControls& controls);
void draw_photo_presets(const PhotoControls& controls);
void draw_photo_kernel(const PhotoControls& controls);
void draw_photo_scaling(const PhotoControls& controls);
void draw_photo_sampling(const PhotoControls& controls);
void draw_photo_backend(const PhotoControls& controls);

}  // namespace convlens
