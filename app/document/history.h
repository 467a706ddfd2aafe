// Undo: a list of Documents that share their blobs.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "core/text/message.h"

namespace convlens {

// One change. Edits with the same non-empty `merge` that follow each other become one undo step (a slider being
// dragged, a cell being painted); a call of History::seal() ends the run.
struct Edit {
    Message label;  // "stride 2", for Edit > Undo stride 2
    std::string merge;
    std::function<void(Document&)> apply;
};

class History {
public:
    // Bytes held by blobs of past and future documents; the oldest steps are forgotten beyond the cap.
    static constexpr std::size_t kByteCap = std::size_t{512} << 20;

    explicit History(Document document, std::size_t byte_cap = kByteCap);
    const Document& document() const;
    // False when the edit changed nothing. An edit that throws changes nothing, too.
    bool apply(const Edit& edit);
    void seal();
    bool can_undo() const;
    bool can_redo() const;
    const Message& undo_label() const;  // of what undo() takes back; empty when there is nothing
    const Message& redo_label() const;
    bool undo_replaces() const;  // undo() brings back another document than the present one: takes a replace() back
    bool redo_replaces() const;
    std::size_t replacements() const;  // how many replace() undo() can take back
    void undo();                       // does nothing when there is nothing to undo
    void redo();
    // Notes in the present document what was found out about it. That is no choice of the user's: there is no step to undo,
    // and what can be redone stays.
    void amend(const std::function<void(Document&)>& note);
    // A new document (opened, or a preset): undoable, too.
    void replace(Document document, Message label);

private:
    struct Step {
        Document document;
        Message label;  // of the edit that led here
        std::string merge;
        bool replaces = false;  // by replace()
    };
    void push(Step step);
    void forget_redo();
    void trim();
    void hold(const Document& document);
    void release(const Document& document);

    std::vector<Step> steps_;
    std::size_t now_ = 0;
    std::size_t byte_cap_;
    std::map<const TensorBlob*, int> uses_;  // by how many steps' layers each blob is held
    std::size_t bytes_ = 0;                  // of the blobs in uses_
};

}  // namespace convlens
