// The window's own times, in a real frame loop without a screen: the first frame, a frame with a number in every cell,
// a settings change on a large layer. One JSON object a line. See tests/bench/README.md.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <utility>
#include <vector>

#include <glad/gl.h>

#include "app/document/presets.h"
#include "app/window/app.h"

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// CPU time of this thread: what a frame costs where other programs, or the rasterizer's threads, want the cores, too.
double thread_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double median(std::vector<double> times) {
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

convlens::Document one_layer(const convlens::ConvSpec& spec, const convlens::Shape4& input) {
    convlens::LayerShape shape;
    shape.spec = spec;
    shape.input = input;
    convlens::Document document = convlens::first_document();
    document.layers = {convlens::new_layer(shape, false)};
    document.panes = {convlens::Pane{}};
    return document;
}

// 32×32 under a 5×5 kernel, the kernel sliding: numbers in all 32·32 + 28·28 + 2·25 cells.
void numbered_cells(convlens::App& app) {
    convlens::ConvSpec spec;
    spec.kernel = {5, 5};
    replace_document(app.session(), one_layer(spec, {1, 1, 32, 32}), convlens::verbatim("bench"));
    app.session().ui.panels_hidden = true;
    app.session().ui.show_start_bar = false;
    std::vector<double> build, whole;
    for (int i = 0; i < 220; ++i) {
        app.session().ui.playhead.step = 400 + i;
        app.frame();
        if (i < 20) continue;  // textures and glyphs are made
        build.push_back(app.build_ms());
        whole.push_back(app.frame_ms());
    }
    std::printf("{\"what\": \"numbered_cells_1280x720\", \"build_ms\": %.3f, \"frame_ms\": %.2f}\n", median(build),
                median(whole));
}

// 8×64×64, 16 filters of 3×3: one setting changes, its new output stands in the frame after.
void settings_change(convlens::App& app) {
    convlens::ConvSpec spec;
    spec.out_channels = 16;
    replace_document(app.session(), one_layer(spec, {1, 8, 64, 64}), convlens::verbatim("bench"));
    std::vector<double> edit;
    for (int i = 0; i < 40; ++i) {
        app.session().ui.edit(convlens::msg("bench"), "", [i](convlens::Document& document) {
            convlens::LayerShape shape = layer_shape(document.layers[0]);
            shape.spec.pads = convlens::Pads::all(i % 2);
            document.layers[0] = reshaped(document.layers[0], shape);
        });
        const auto start = Clock::now();
        apply_edits(app.session());
        edit.push_back(ms_since(start));
        app.frame();
    }
    std::printf("{\"what\": \"settings_change_8x64x64_16x3x3\", \"document_to_derived_ms\": %.2f}\n", median(edit));
}

// 128 channels of 64×64, 64 filters of 3×3: a slider moves in every frame. `setting` changes the layer for the n-th frame.
void slider_on_large_layer(convlens::App& app, const char* what, void (*setting)(convlens::LayerShape&, int)) {
    convlens::ConvSpec spec;
    spec.out_channels = 64;
    replace_document(app.session(), one_layer(spec, {1, 128, 64, 64}), convlens::verbatim("bench"));
    for (const bool beside : {false, true}) {
        auto job = std::move(app.session().deriving);
        if (beside) app.session().deriving = std::move(job);
        std::vector<double> frames, own;
        for (int i = 0; i < 60; ++i) {
            convlens::LayerShape shape = layer_shape(app.session().document().layers[0]);
            setting(shape, i);
            const auto start = Clock::now();
            const double before = thread_ms();
            propose(app.session().ui, app.session().document(), 0, shape, convlens::verbatim("bench"), "bench");
            app.frame();
            if (i < 5) continue;
            frames.push_back(ms_since(start));
            own.push_back(thread_ms() - before);
        }
        if (!beside) app.session().deriving = std::move(job);
        std::printf(
            "{\"what\": \"slider_%s_128x64x64_64x3x3\", \"beside_the_window\": %s, \"frame_ms\": %.2f, "
            "\"longest_ms\": %.2f, \"own_ms\": %.2f, \"longest_own_ms\": %.2f}\n",
            what, beside ? "true" : "false", median(frames), *std::max_element(frames.begin(), frames.end()),
            median(own), *std::max_element(own.begin(), own.end()));
    }
}

}  // namespace

int main() {
    std::string folder = (std::filesystem::temp_directory_path() / "convlens-bench-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return 1;
    setenv("XDG_CONFIG_HOME", folder.c_str(), 1);
    setenv("XDG_STATE_HOME", folder.c_str(), 1);
    {
        const auto start = Clock::now();
        convlens::WindowOptions options;
        options.fresh = true;
        options.headless = true;
        convlens::App app(options);
        app.before_swap = [] { glFinish(); };  // the frame counts as shown when it is drawn
        app.frame();
        std::printf("{\"what\": \"start_to_first_frame\", \"ms\": %.0f}\n", ms_since(start));
        numbered_cells(app);
        settings_change(app);
        slider_on_large_layer(app, "padding", [](convlens::LayerShape& shape, int frame) {
            shape.spec.pads = convlens::Pads::all(frame % 4);
        });
        slider_on_large_layer(app, "kernel", [](convlens::LayerShape& shape, int frame) {
            shape.spec.kernel = {1 + frame % 5, 1 + frame % 5};
        });
        slider_on_large_layer(app, "input", [](convlens::LayerShape& shape, int frame) {
            shape.input.h = shape.input.w = 60 + frame % 5;
        });
    }
    std::filesystem::remove_all(folder);
    return 0;
}
