#include "app/window/layout_check.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <imgui_internal.h>

namespace convlens {

namespace {

constexpr int kMostPixels = 32767;        // Dear ImGui keeps them in 16 bits
constexpr std::size_t kMostNodes = 1000;  // a few dozen are many; a tree is walked by recursion
constexpr int kMostDepth = 60;

// What is left of a line. Each call takes what it names, or says false and takes nothing.
class Reader {
public:
    explicit Reader(std::string_view line) : rest_(line) {}

    bool word(std::string_view expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }
    void blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }
    // Without zeros in front: Dear ImGui reads 064 as octal.
    bool whole(int& value, int least, int most) {
        if (rest_.size() > 1 && rest_[0] == '0' && rest_[1] >= '0' && rest_[1] <= '9') return false;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc{} || value < least || value > most) return false;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return true;
    }
    // Eight digits: 20261128.
    bool date() {
        constexpr std::size_t kDigits = 8;
        const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
        if (digits != kDigits) return false;
        rest_.remove_prefix(kDigits);
        return true;
    }
    bool pair(int& x, int& y, int least) {
        return whole(x, least, kMostPixels) && word(",") && whole(y, least, kMostPixels);
    }
    // Eight digits, as in 0x0000000A. No node and no window has the id 0.
    bool id(ImGuiID& value) {
        constexpr std::size_t kDigits = 8;
        if (!word("0x") || rest_.size() < kDigits) return false;
        const char* begin = rest_.data();
        const auto [end, error] = std::from_chars(begin, begin + kDigits, value, 16);
        if (error != std::errc{} || end != begin + kDigits || value == 0) return false;
        rest_.remove_prefix(kDigits);
        return true;
    }
    bool done() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

struct Node {
    ImGuiID id = 0, parent = 0;
    int line = 0, depth = 0, children = 0;
    bool space = false, split = false, central = false;
};

struct Docked {
    ImGuiID node = 0;
    int line = 0;
};

std::string hex(ImGuiID id) { return fmt::format("0x{:08X}", id); }

// "=1" of a flag that is only written when it is set.
bool flag(Reader& reader, std::string_view name) { return reader.word(fmt::format(" {}=1", name)); }

bool read_place(Reader& reader, Node& node) {
    int x = 0, y = 0;
    if (reader.word(" Parent=")) return reader.id(node.parent) && reader.word(" SizeRef=") && reader.pair(x, y, 1);
    ImGuiID window = 0;
    if (reader.word(" Window=") && !reader.id(window)) return false;
    return reader.word(" Pos=") && reader.pair(x, y, -kMostPixels) && reader.word(" Size=") && reader.pair(x, y, 1);
}

// "DockNode  ID=0x00000002 Parent=0x9F49C27B SizeRef=1008,720 Split=X": the order of fields is Dear ImGui's.
std::optional<Node> read_node(std::string_view line, int number) {
    Reader reader(line);
    Node node;
    node.line = number;
    reader.blanks();
    node.space = reader.word("DockSpace");
    if (!node.space && !reader.word("DockNode")) return {};
    reader.blanks();
    if (!reader.word("ID=") || !reader.id(node.id) || !read_place(reader, node)) return {};
    node.split = reader.word(" Split=X") || reader.word(" Split=Y");
    flag(reader, "NoResize");
    node.central = flag(reader, "CentralNode");
    for (const char* name : {"NoTabBar", "HiddenTabBar", "NoWindowMenuButton", "NoCloseButton"}) flag(reader, name);
    ImGuiID selected = 0;
    if (reader.word(" Selected=") && !reader.id(selected)) return {};
    if (!reader.done()) return {};
    return node;
}

bool read_docked(Reader& reader, Docked& docked) {
    int order = 0;
    return reader.id(docked.node) && (!reader.word(",") || reader.whole(order, 0, kMostPixels));
}

bool read_window_line(std::string_view line, Docked& docked) {
    Reader reader(line);
    int x = 0, y = 0;
    const bool read = reader.word("Pos=")         ? reader.pair(x, y, -kMostPixels)
                      : reader.word("Size=")      ? reader.pair(x, y, 0)
                      : reader.word("Collapsed=") ? reader.whole(x, 0, 1)
                      : reader.word("IsChild=")   ? reader.whole(x, 1, 1)
                      : reader.word("LastUsed=")  ? reader.date()
                      : reader.word("DockId=")    ? read_docked(reader, docked)
                                                  : false;
    return read && reader.done();
}

// The fault of a line or of the whole; the first one that is found.
class Check {
public:
    std::optional<Message> run(std::string_view text) {
        while (!text.empty() && !fault_) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            ++number_;
            read_line(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        if (!fault_) check_trees();
        if (!fault_) check_windows();
        return fault_;
    }

private:
    void refuse(Message fault) {
        if (!fault_) fault_ = std::move(fault);
    }
    void refuse_line() { refuse(msg("line {line} is none that this program writes", "line"_is(number_))); }

    void read_line(std::string_view line) {
        if (line.empty()) return;
        if (line.starts_with('[')) return open_section(line);
        if (section_ == Section::docking) return add_node(line);
        Docked docked{0, number_};
        if (section_ == Section::none || !read_window_line(line, docked)) return refuse_line();
        if (docked.node != 0) docked_.push_back(docked);
    }

    void open_section(std::string_view line) {
        constexpr std::string_view kWindow = "[Window][";
        if (line == "[Docking][Data]") {
            if (std::exchange(has_docking_, true))
                refuse(msg("line {line} begins the docking again", "line"_is(number_)));
            section_ = Section::docking;
            return;
        }
        if (!line.starts_with(kWindow) || !line.ends_with(']')) return refuse_line();
        const std::string_view name = line.substr(kWindow.size(), line.size() - kWindow.size() - 1);
        const bool plain = std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) >= ' '; });
        if (name.empty() || !plain) return refuse_line();
        if (!windows_.insert(ImHashStr(name.data(), name.size())).second)
            refuse(msg("line {line} names a panel for the second time", "line"_is(number_)));
        section_ = Section::window;
    }

    void add_node(std::string_view line) {
        std::optional<Node> node = read_node(line, number_);
        if (!node) return refuse_line();
        if (nodes_.contains(node->id))
            return refuse(msg("line {line} has the dock id {id} for the second time", "line"_is(number_),
                              "id"_is(hex(node->id))));
        if (node->parent != 0) {
            const auto parent = nodes_.find(node->parent);
            if (parent == nodes_.end())
                return refuse(msg("line {line} names the parent {id}, which no line before it describes",
                                  "line"_is(number_), "id"_is(hex(node->parent))));
            node->depth = parent->second.depth + 1;
            ++parent->second.children;
        }
        if (nodes_.size() == kMostNodes || node->depth > kMostDepth)
            return refuse(msg("line {line} is one node too many", "line"_is(number_)));
        nodes_.emplace(node->id, *node);
    }

    ImGuiID root_of(const Node& node) const {
        const Node* at = &node;
        while (at->parent != 0) at = &nodes_.at(at->parent);
        return at->id;
    }

    void check_trees() {
        constexpr int kChildren = 2;
        std::map<ImGuiID, int> central;
        int spaces = 0;
        for (const auto& [id, node] : nodes_) {
            if (node.children != (node.split ? kChildren : 0))
                return refuse(node.split ? msg("the node of line {line} is split and has {count} parts",
                                               "line"_is(node.line), "count"_is(node.children))
                                         : msg("the node of line {line} is not split and has {count} parts",
                                               "line"_is(node.line), "count"_is(node.children)));
            if (node.space && (node.parent != 0 || id != dock_space_id()))
                return refuse(
                    msg("line {line} describes a dock space that is not this program's", "line"_is(node.line)));
            if (node.central && node.split)
                return refuse(msg("the node of line {line} is the middle and split", "line"_is(node.line)));
            spaces += node.space ? 1 : 0;
            central[root_of(node)] += node.central ? 1 : 0;
        }
        if (has_docking_ && !nodes_.empty() && spaces != 1) return refuse(msg("it has no dock space"));
        for (const auto& [root, count] : central)
            if (count != (nodes_.at(root).space ? 1 : 0))
                return refuse(msg("the tree of line {line} has {count} middles", "line"_is(nodes_.at(root).line),
                                  "count"_is(count)));
    }

    void check_windows() {
        for (const Docked& docked : docked_) {
            const auto found = nodes_.find(docked.node);
            if (found != nodes_.end() && found->second.split)
                return refuse(msg("line {line} puts a panel into a node that is split", "line"_is(docked.line)));
        }
    }

    enum class Section { none, window, docking } section_ = Section::none;
    int number_ = 0;
    bool has_docking_ = false;
    std::set<ImGuiID> windows_;
    std::map<ImGuiID, Node> nodes_;
    std::vector<Docked> docked_;
    std::optional<Message> fault_;
};

}  // namespace

// Names outside of every window belong to Dear ImGui's own one.
ImGuiID dock_space_id() { return ImHashStr(kDockSpace, 0, ImHashStr("Debug##Default")); }

std::optional<Message> layout_fault(std::string_view text) { return Check().run(text); }

}  // namespace convlens
