// Planes: what there is, side by side. A window slides over its input, or a transposed layer's input stamps its output.
#include "app/views/pane.h"
#include "app/views/views.h"

namespace convlens {

int add_planes(Scene& out, const PaneScene& scene) {
    return scene.moment.stamps() ? add_stamp_pane(out, scene) : add_sliding_pane(out, scene);
}

}  // namespace convlens
