#include "app/document/history.h"

#include <algorithm>
#include <span>
#include <utility>

namespace convlens {

namespace {

const Message kNothing;

template <typename Visit>
void for_each_blob(const Document& document, Visit visit) {
    for (const Layer& layer : document.layers) {
        for (const TensorRef* tensor : {&own_input(layer), &layer.weight, &layer.bias}) {
            if (*tensor) visit(&tensor->blob());
        }
    }
}

std::size_t bytes_of(const TensorBlob& blob) { return blob.values.span().size_bytes(); }

}  // namespace

History::History(Document document, std::size_t byte_cap) : byte_cap_(byte_cap) {
    hold(document);
    steps_.push_back({std::move(document), {}, {}, false});
}

const Document& History::document() const { return steps_[now_].document; }

bool History::apply(const Edit& edit) {
    Document changed = document();
    edit.apply(changed);
    if (changed == document()) return false;
    const bool merges = !edit.merge.empty() && edit.merge == steps_[now_].merge && now_ > 0;
    if (!merges) {
        push({std::move(changed), edit.label, edit.merge, false});
        return true;
    }
    forget_redo();
    Step& step = steps_[now_];
    hold(changed);
    release(step.document);
    step.document = std::move(changed);
    step.label = edit.label;
    trim();
    return true;
}

void History::amend(const std::function<void(Document&)>& note) {
    Document noted = document();
    note(noted);
    hold(noted);
    release(document());
    steps_[now_].document = std::move(noted);
}

void History::seal() { steps_[now_].merge.clear(); }

bool History::can_undo() const { return now_ > 0; }
bool History::can_redo() const { return now_ + 1 < steps_.size(); }
const Message& History::undo_label() const { return can_undo() ? steps_[now_].label : kNothing; }
const Message& History::redo_label() const { return can_redo() ? steps_[now_ + 1].label : kNothing; }

bool History::undo_replaces() const { return can_undo() && steps_[now_].replaces; }
bool History::redo_replaces() const { return can_redo() && steps_[now_ + 1].replaces; }

std::size_t History::replacements() const {
    const auto past = std::span(steps_).subspan(1, now_);  // what led to the first step cannot be taken back
    return static_cast<std::size_t>(std::ranges::count(past, true, &Step::replaces));
}

void History::undo() {
    if (!can_undo()) return;
    seal();
    --now_;
    seal();
}

void History::redo() {
    if (!can_redo()) return;
    ++now_;
    seal();
}

void History::replace(Document document, Message label) {
    if (document != this->document()) push({std::move(document), std::move(label), {}, true});
}

void History::push(Step step) {
    forget_redo();
    hold(step.document);
    steps_.push_back(std::move(step));
    ++now_;
    trim();
}

void History::forget_redo() {
    while (can_redo()) {
        release(steps_.back().document);
        steps_.pop_back();
    }
}

void History::trim() {
    std::size_t forgotten = 0;
    while (bytes_ > byte_cap_ && forgotten < now_) release(steps_[forgotten++].document);
    steps_.erase(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(forgotten));
    now_ -= forgotten;
}

void History::hold(const Document& document) {
    for_each_blob(document, [this](const TensorBlob* blob) {
        if (++uses_[blob] == 1) bytes_ += bytes_of(*blob);
    });
}

void History::release(const Document& document) {
    for_each_blob(document, [this](const TensorBlob* blob) {
        const auto use = uses_.find(blob);
        if (--use->second > 0) return;
        bytes_ -= bytes_of(*blob);
        uses_.erase(use);
    });
}

}  // namespace convlens
