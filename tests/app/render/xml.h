// Reads the XML of a figure as strictly as its viewers do.
#pragma once

#include <cctype>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace convlens {

struct XmlElement {
    std::string name;
    std::map<std::string, std::string> attributes;
    std::string text;  // directly in it

    std::string operator[](const std::string& attribute) const {
        const auto found = attributes.find(attribute);
        return found == attributes.end() ? "" : found->second;
    }
    double number(const std::string& attribute) const { return std::stod(attributes.at(attribute)); }
};

// All elements of a document in the order in which they begin. Throws std::runtime_error for what is not well formed.
class XmlReader {
public:
    static std::vector<XmlElement> read(std::string_view text) {
        XmlReader reader(text);
        reader.all();
        return std::move(reader.elements_);
    }

private:
    explicit XmlReader(std::string_view text) : rest_(text) {}

    [[noreturn]] void fail(const std::string& what) const {
        throw std::runtime_error(what + " before: " + std::string(rest_.substr(0, 60)));
    }
    void take(std::string_view text) {
        if (!rest_.starts_with(text)) fail("no " + std::string(text));
        rest_.remove_prefix(text.size());
    }
    std::string until(std::string_view end) {
        const std::size_t at = rest_.find(end);
        if (at == std::string_view::npos) fail("no " + std::string(end));
        std::string text(rest_.substr(0, at));
        rest_.remove_prefix(at + end.size());
        return text;
    }
    void skip_spaces() {
        while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_[0])) != 0) rest_.remove_prefix(1);
    }
    std::string name() {
        std::size_t end = 0;
        while (end < rest_.size() &&
               (std::isalnum(static_cast<unsigned char>(rest_[end])) != 0 || rest_[end] == ':' || rest_[end] == '-'))
            ++end;
        if (end == 0) fail("no name");
        std::string text(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return text;
    }
    std::string plain(const std::string& escaped) const {
        std::string text;
        for (std::size_t i = 0; i < escaped.size(); ++i) {
            const char c = escaped[i];
            if (c == '<' || (static_cast<unsigned char>(c) < ' ' && c != '\n'))
                fail("a character that must be escaped");
            if (c != '&') {
                text += c;
                continue;
            }
            static const std::map<std::string, char> kEntities{{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}};
            const std::size_t end = escaped.find(';', i);
            if (end == std::string::npos) fail("a & without its ;");
            text += kEntities.at(escaped.substr(i + 1, end - i - 1));
            i = end;
        }
        return text;
    }

    void all() {
        take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        std::vector<std::size_t> open;
        do {
            if (rest_.starts_with("</")) {
                take("</");
                if (open.empty() || name() != elements_[open.back()].name) fail("an end of what is not open");
                take(">");
                open.pop_back();
            } else if (rest_.starts_with("<")) {
                take("<");
                if (element()) open.push_back(elements_.size() - 1);
            }
            std::string text(rest_.substr(0, rest_.find('<')));
            rest_.remove_prefix(text.size());
            if (!open.empty()) elements_[open.back()].text += plain(text);
        } while (!open.empty());
        skip_spaces();
        if (!rest_.empty()) fail("something behind the end");
    }

    // Whether it stays open.
    bool element() {
        XmlElement made;
        made.name = name();
        while (true) {
            skip_spaces();
            const bool closed = rest_.starts_with("/>");
            if (closed || rest_.starts_with(">")) {
                take(closed ? "/>" : ">");
                elements_.push_back(std::move(made));
                return !closed;
            }
            const std::string attribute = name();
            take("=\"");
            if (!made.attributes.emplace(attribute, plain(until("\""))).second) fail(attribute + " twice");
        }
    }

    std::string_view rest_;
    std::vector<XmlElement> elements_;
};

// Of this name, in their order.
inline std::vector<XmlElement> elements(std::string_view xml, std::string_view name) {
    std::vector<XmlElement> found;
    for (XmlElement& each : XmlReader::read(xml))
        if (each.name == name) found.push_back(std::move(each));
    return found;
}

}  // namespace convlens
