// Panes beside one another: each keeps to its own part of the picture, however far it is zoomed and moved.
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "app/render/cairo/figure.h"
#include "app/render/type/fonts.h"
#include "app/scene/theme.h"
#include "app/views/build.h"

namespace convlens {
namespace {

constexpr int kPanes = 3;

// Three layers of different numbers and sizes.
Derived three_panes() {
    Document document;
    for (int i = 0; i < kPanes; ++i) {
        Layer layer;
        layer.spec.kernel = {2, 3};
        layer.spec.pads = Pads::all(i);
        std::vector<double> values, weights;
        for (int k = 0; k < 20 + 5 * i; ++k) values.push_back(10 * i + k * 1.5);
        for (int k = 0; k < 6; ++k) weights.push_back(k - 2.5 * i);
        layer.input = TensorRef(Tensor<double>({1, 1, 4 + i, 5}, values));
        layer.weight = TensorRef(Tensor<double>({1, 1, 2, 3}, weights));
        document.layers.push_back(layer);
        Pane pane;
        pane.layer = i;
        document.panes.push_back(pane);
    }
    return derive_all(document);
}

Scene picture(float zoom, Point pan) {
    static const std::unique_ptr<FontMetrics> fonts = make_font_metrics();
    static const Derived derived = three_panes();
    SceneOptions options;
    options.page.width = 1100;
    options.page.height = 500;
    options.camera = {zoom, pan};
    return build_scene(derived, {2, 0}, light_theme(), options, *fonts);
}

// The scene with the marks of one pane alone.
Scene alone(Scene scene, std::size_t pane) {
    for (std::size_t i = 0; i < scene.clips.size(); ++i)
        for (std::size_t k = scene.clips[i].begin; i != pane && k < scene.clips[i].end; ++k)
            scene.marks[k] = RectMark{};
    return scene;
}

// Pixels of `part` that differ, but for the rules at its sides.
int differences(const Bitmap& a, const Bitmap& b, const Rect& part) {
    int count = 0;
    for (int y = 0; y < a.height; ++y)
        for (int x = static_cast<int>(part.x) + 2; x < static_cast<int>(part.right()) - 2; ++x)
            for (int channel = 0; channel < 4; ++channel) {
                const std::size_t at =
                    (static_cast<std::size_t>(y) * static_cast<std::size_t>(a.width) + static_cast<std::size_t>(x)) *
                        4 +
                    static_cast<std::size_t>(channel);
                count += a.rgba[at] != b.rgba[at] ? 1 : 0;
            }
    return count;
}

TEST(PaneClip, NoPaneIsDrawnIntoAnother) {
    for (const auto& [zoom, pan] : {std::pair{1.0F, Point{}}, {4.0F, Point{37, -11}}, {2.5F, Point{-260, 40}}}) {
        const Scene scene = picture(zoom, pan);
        ASSERT_EQ(scene.clips.size(), static_cast<std::size_t>(kPanes));
        const Bitmap whole = draw_figure(scene);
        for (std::size_t pane = 0; pane < kPanes; ++pane)
            EXPECT_EQ(differences(whole, draw_figure(alone(scene, pane)), scene.clips[pane].rect), 0)
                << "pane " << pane << ", zoom " << zoom;
    }
}

TEST(PaneClip, WithoutItPanesWouldMeet) {
    Scene scene = picture(4, {37, -11});
    const Bitmap clipped = draw_figure(scene);
    const Rect all{0, 0, scene.width, scene.height};
    scene.clips.clear();
    EXPECT_GT(differences(clipped, draw_figure(scene), all), 1000);
}

TEST(PaneClip, ThePartsMeetAndFillThePicture) {
    const Scene scene = picture(1, {});
    EXPECT_EQ(scene.clips.front().rect.x, 0);
    for (std::size_t i = 1; i < kPanes; ++i) EXPECT_EQ(scene.clips[i].rect.x, scene.clips[i - 1].rect.right());
    EXPECT_EQ(scene.clips.back().rect.right(), scene.width);
}

// A cell that another pane hides is not pointed at.
TEST(PaneClip, ThePointerFindsTheCellsOfItsOwnPane) {
    const Scene scene = picture(4, {37, -11});
    int found = 0;
    for (float y = 2; y < scene.height; y += 7)
        for (float x = 2; x < scene.width; x += 7) {
            const auto cell = hit_test(scene, {x, y});
            if (!cell) continue;
            ++found;
            ASSERT_TRUE(scene.clips[static_cast<std::size_t>(cell->pane)].rect.contains({x, y})) << x << ", " << y;
        }
    EXPECT_GT(found, 500);
}

}  // namespace
}  // namespace convlens
