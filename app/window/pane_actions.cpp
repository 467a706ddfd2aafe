#include "app/window/pane_actions.h"

#include <string>
#include <utility>

#include "app/document/compare.h"
#include "app/moment/moment.h"
#include "app/panels/widgets/widgets.h"
#include "app/session/playback.h"

namespace convlens {

namespace {

const Layer& current_layer(const Session& s) {
    return s.document().layers[static_cast<std::size_t>(current_pane(s).layer)];
}

Moment current_moment(const Session& s) { return moment_of(s.derived, s.ui.pane, s.ui.playhead, std::nullopt); }

const char* slice_name(std::int64_t Slice::*member) {
    return member == &Slice::n ? "n" : member == &Slice::c_out ? "c_out" : "c_in";
}

}  // namespace

bool has_panes(const Session& s) { return s.document().panes.size() > 1; }

void next_pane(Session& s, int by) {
    const int count = static_cast<int>(s.document().panes.size());
    s.ui.pane = (s.ui.pane + by + count) % count;
}

void compare_with_copy(Session& s) {
    constexpr const char* kTopic = "compare";
    forget(s.ui, kTopic);
    Message refusal = compare_refusal(s.document());
    if (!refusal.empty()) return say(s.ui, std::move(refusal), kTopic);
    compare_with(s.ui, s.document(), current_layer(s).spec, msg("a copy"));
}

std::int64_t slice_count(const Session& s, std::int64_t Slice::*member) {
    if (!s.ui.pictured) return 1;
    const Moment moment = current_moment(s);
    const Shape4 output = moment.layer->output.shape();
    return member == &Slice::n ? output.n : member == &Slice::c_out ? output.c : moment.group_channels();
}

void next_slice(Session& s, std::int64_t Slice::*member, int by) {
    if (!s.ui.pictured) return;
    const Moment moment = current_moment(s);
    if (member == &Slice::c_in && moment.channel_played) return say(s.ui, kPlayedChannel, "played-channel");
    const std::int64_t count = slice_count(s, member), to = (moment.pane.slice.*member + by + count) % count;
    s.ui.edit(
        msg("look at {index} {value}", "index"_is(slice_name(member)), "value"_is(to)), "slice",
        [pane = static_cast<std::size_t>(s.ui.pane), member, to](Document& d) { d.panes[pane].slice.*member = to; });
}

bool can_turn(const Session& s) { return !is_pooling(current_layer(s).spec.op); }

void turn_kernel(Session& s) {
    const int layer = current_pane(s).layer;
    LayerShape shape = shown_shape(s.ui, s.document(), layer);
    shape.spec.flip_kernel = !shape.spec.flip_kernel;
    propose(s.ui, s.document(), layer, shape, verbatim(shape.spec.flip_kernel ? "conv2" : "xcorr2"), {});
}

bool is_transposed(const Session& s) { return current_layer(s).spec.op == Op::conv_transpose; }

void next_reading(Session& s) {
    const auto pane = static_cast<std::size_t>(s.ui.pane);
    const Reading now = current_pane(s).reading;
    const Reading next = now == Reading::stamp    ? Reading::gather
                         : now == Reading::gather ? Reading::zero_inserted
                                                  : Reading::stamp;
    s.ui.edit(msg("read as {reading}", "reading"_is(name(next))), {},
              [pane, next](Document& d) { d.panes[pane].reading = next; });
}

void next_step_by(Session& s) {
    const StepBy now = s.document().step_by;
    const StepBy after_output = is_offered(StepBy::channel, s.derived) ? StepBy::channel : StepBy::product;
    const StepBy next = now == StepBy::output    ? after_output
                        : now == StepBy::channel ? StepBy::product
                                                 : StepBy::output;
    s.ui.edit(msg("what a step is"), {}, [next](Document& d) { d.step_by = next; });
}

}  // namespace convlens
