// The two images and the pointer on them.
#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

#include "app/panels/photo/view.h"
#include "app/panels/widgets/widgets.h"
#include "app/scene/theme.h"
#include "app/views/photo_view.h"
#include "core/engine/filter/filter_chain.h"

namespace convlens {

namespace {

constexpr double kZoomStep = 1.25;

bool in_picture(const PhotoView& view, const MarkId& id) {
    const bool photo = id.part == Part::photo_before || id.part == Part::photo_after;
    return photo && id.x >= 0 && id.y >= 0 && id.x < view.before->width() && id.y < view.before->height();
}

std::optional<MarkId> pixel_at(const PhotoView& view, Part part, Point at) {
    const ImagePoint p = to_image(view.camera, view.pane, at);
    MarkId id;
    id.part = part;
    id.x = static_cast<std::int64_t>(std::floor(p.x));
    id.y = static_cast<std::int64_t>(std::floor(p.y));
    if (!in_picture(view, id)) return std::nullopt;
    return id;
}

void set_camera(PhotoView& view, const PhotoCamera& camera) { view.state().camera = view.camera = camera; }

// Speaks of the button that was drawn last.
void use_pane_pointer(PhotoView& view, Part part) {
    UiState& ui = view.context.ui;
    const ImGuiIO& io = ImGui::GetIO();
    const ImVec2 corner = ImGui::GetItemRectMin();
    const Point at{io.MousePos.x - corner.x, io.MousePos.y - corner.y};
    const bool over = ImGui::IsItemHovered();
    const std::optional<MarkId> pixel = over ? pixel_at(view, part, at) : std::nullopt;
    if (pixel) ui.hover = view.state().last = pixel;
    if (over && io.MouseWheel != 0)
        set_camera(view, zoomed(view.camera, std::pow(kZoomStep, static_cast<double>(io.MouseWheel)), at, view.image(),
                                view.pane));
    if (ImGui::IsItemActivated()) view.state().dragged = false;
    if (ImGui::IsItemActive()) {
        const bool far =
            ImGui::IsMouseDragging(ImGuiMouseButton_Left) || ImGui::IsMouseDragging(ImGuiMouseButton_Middle);
        view.state().dragged |= far;
        if (view.state().dragged)
            set_camera(view, moved(view.camera, {io.MouseDelta.x, io.MouseDelta.y}, view.image(), view.pane));
    }
    if (!ImGui::IsItemDeactivated() || view.state().dragged) return;
    // A click pins what it is on; a second one there, or one beside the image, lets go.
    const bool same = pixel && ui.pinned && pixel->x == ui.pinned->x && pixel->y == ui.pinned->y;
    if (!pixel || same) {
        ui.pinned.reset();
    } else {
        ui.pinned = pixel;
    }
}

// Of the image before, or of what is seen of the one after.
std::optional<PixelBox> pixel_box(const PhotoView& view, Part part) {
    const auto pixel = view.pixel();
    if (!pixel) return std::nullopt;
    if (part == Part::photo_before) return PixelBox{pixel->x, pixel->y};
    const SeenPixel seen = view.seen(*pixel);
    if (!seen.image) return std::nullopt;
    return PixelBox{pixel->x / seen.stride, pixel->y / seen.stride, 1, 1, seen.stride};
}

Scene pane_scene(const PhotoView& view, Part part) {
    const PanelContext& context = view.context;
    PhotoPane pane;
    pane.part = part;
    pane.size = view.pane;
    pane.camera = view.camera;
    pane.text_size = context.text_size;
    pane.least_text = std::round(context.text_size * (context.ui.presenter ? kSmallText : 0.6F));
    if (part == Part::photo_before) {
        pane.image = view.before;
        pane.preview = view.work.before_preview();
        pane.window = read_window(view);
    } else if (view.result) {
        pane.image = view.result->after();
        pane.preview = view.result->after_preview;
        pane.stride = view.stride();
    }
    pane.pixel = pixel_box(view, part);
    if (part == Part::photo_after) pane.visible_result = view.work.visible_result();
    return build_photo_pane(pane, context.theme, context.fonts);
}

void draw_pane(PhotoView& view, Part part) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const char* id = part == Part::photo_before ? "##before" : "##after";
    ImGui::InvisibleButton(id, {view.pane.w, view.pane.h},
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle);
    ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
    use_pane_pointer(view, part);
    const auto scene = std::make_shared<const Scene>(pane_scene(view, part));
    (part == Part::photo_before ? view.state().before : view.state().after) = scene;
    view.context.screen.draw(*scene, {at.x, at.y}, ImGui::GetWindowDrawList());
    if (part == Part::photo_before || view.result || view.work.visible_result().image) return;
    const std::string words = view.context.words(msg("filtering…"));
    const ImVec2 size = ImGui::CalcTextSize(words.c_str());
    ImGui::GetWindowDrawList()->AddText(
        {std::round(at.x + (view.pane.w - size.x) / 2), std::round(at.y + (view.pane.h - size.y) / 2)},
        packed_colour(view.context.theme.faint), words.c_str());
}

}  // namespace

std::int64_t PhotoView::stride() const { return result ? chain_stride(result->chain(), result->steps.size()) : 1; }

std::size_t PhotoView::step(std::size_t count) const {
    return count == 0 ? 0 : std::min(static_cast<std::size_t>(std::max(state().step, 0)), count - 1);
}

std::optional<PhotoPixel> PhotoView::pixel() const {
    for (const std::optional<MarkId>& id : {context.ui.pinned, context.ui.hover, state().last})
        if (id && in_picture(*this, *id)) return PhotoPixel{id->x, id->y};
    return std::nullopt;
}

SeenPixel PhotoView::seen(PhotoPixel pixel) const {
    return seen_pixel(result.get(), work.visible_result(), pixel.x, pixel.y);
}

std::optional<PixelBox> read_window(const PhotoView& view) {
    const auto pixel = view.pixel();
    if (!pixel) return std::nullopt;
    const std::vector<FilterStep> chain = view.seen(*pixel).chain;
    if (chain.empty()) return std::nullopt;
    const std::size_t at = view.step(chain.size());
    const FilterStep& filter = chain[at];
    const std::int64_t out_stride = chain_stride(chain, at + 1);
    const Kernel& kernel = filter.kernel;
    const std::int64_t top = filter.flip ? kernel.rows - 1 - kernel.rows / 2 : kernel.rows / 2;
    const std::int64_t left = filter.flip ? kernel.cols - 1 - kernel.cols / 2 : kernel.cols / 2;
    PixelBox box;
    box.x = pixel->x / out_stride * filter.stride - left * filter.dilation;
    box.y = pixel->y / out_stride * filter.stride - top * filter.dilation;
    box.w = effective_kernel(kernel.cols, filter.dilation);
    box.h = effective_kernel(kernel.rows, filter.dilation);
    box.stride = chain_stride(chain, at);
    return box;
}

PixelRect visible_region(const PhotoView& view) {
    const ImagePoint low = to_image(view.camera, view.pane, {0, 0});
    const ImagePoint high = to_image(view.camera, view.pane, {view.pane.w, view.pane.h});
    const auto x = static_cast<std::int64_t>(std::floor(low.x)), y = static_cast<std::int64_t>(std::floor(low.y));
    const PixelRect pane{x, y, static_cast<std::int64_t>(std::ceil(high.x)) - x,
                         static_cast<std::int64_t>(std::ceil(high.y)) - y};
    return common(pane, {0, 0, view.before->width(), view.before->height()});
}

void show_whole(PhotoView& view) {
    view.state().camera.reset();
    view.camera = fitted(view.image(), view.pane);
}

void show_full_size(PhotoView& view) { set_camera(view, full_size(view.camera, view.image(), view.pane)); }

void draw_photo_panes(PhotoView& view) {
    draw_pane(view, Part::photo_before);
    ImGui::SameLine();
    draw_pane(view, Part::photo_after);
}

}  // namespace convlens
