#include "core/io/json_parse.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

using nlohmann::json;

constexpr std::size_t kMostQuoted = 60;  // characters of the text in a message

std::string size_text(std::int64_t bytes) { return fmt::format("{} MiB", bytes >> 20); }

// Of a text that is no JSON; `read`: how many bytes of it the parser had taken, one more than all where it met the end.
Message syntax_reason(std::string_view text, std::size_t read) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return msg("it is empty");
    if (read > text.size()) return msg("it ends in the middle");
    const std::string_view before = text.substr(0, read == 0 ? 0 : read - 1);
    const auto line_end = before.rfind('\n');
    const std::size_t column = before.size() - (line_end == std::string_view::npos ? 0 : line_end + 1) + 1;
    return msg("it is not JSON (line {line}, column {column})", "line"_is(std::ranges::count(before, '\n') + 1),
               "column"_is(column));
}

// Makes the values as the parser meets them, and stops it at the first limit. Nothing here calls itself: neither this
// nor the parser needs more stack for a deeper text.
class Builder final : public nlohmann::json_sax<json> {
public:
    Builder(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

    json take() { return std::move(whole_); }
    const Message& problem() const { return problem_; }

    bool null() override { return put(json()); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, const string_t&) override { return put(value); }
    bool string(string_t& value) override {
        constexpr std::size_t kText = 64;
        return put(std::move(value), kText + value.size());
    }
    bool binary(binary_t&) override { return false; }  // no text has it
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        constexpr std::size_t kNode = 112;
        const std::size_t size = name.size();
        const auto [member, is_new] = open_.back()->emplace(std::move(name), nullptr);
        if (!is_new)
            return fail(msg("the key \"{key}\" is given twice", "key"_is(printable(member.key(), kMostQuoted))));
        member_ = &*member;
        return charge(kNode + size);
    }
    bool parse_error(std::size_t read, const std::string& token, const json::exception& error) override {
        constexpr int kOverflow = 406;
        if (error.id != kOverflow) {
            problem_ = syntax_reason(text_, read);
            return false;
        }
        return fail(msg("the number {number} is too large: a float64 holds up to 1.8e308",
                        "number"_is(printable(token, kMostQuoted))));
    }

private:
    bool put(json value, std::size_t bytes = sizeof(json)) {
        place(std::move(value));
        return charge(bytes);
    }

    json& place(json value) {
        if (open_.empty()) return whole_ = std::move(value);
        json& parent = *open_.back();
        if (parent.is_object()) return *member_ = std::move(value);
        parent.push_back(std::move(value));
        return parent.back();
    }

    bool open(json empty) {
        constexpr std::size_t kContainer = 64;
        if (open_.size() == static_cast<std::size_t>(limits_.depth)) {
            problem_ = msg("its lists and objects lie more than {depth} deep within one another, the most that is read",
                           "depth"_is(limits_.depth));
            return false;
        }
        open_.push_back(&place(std::move(empty)));
        return charge(kContainer);
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    bool charge(std::size_t bytes) {
        memory_ += static_cast<std::int64_t>(bytes);
        if (memory_ <= limits_.memory) return true;
        problem_ = msg("its values would take more than {memory} of memory, the most that is used for JSON",
                       "memory"_is(size_text(limits_.memory)));
        return false;
    }

    bool fail(Message reason) {
        const std::string at = where();
        problem_ =
            at.empty() ? std::move(reason) : msg("{place}: {reason}", "place"_is(at), "reason"_is(std::move(reason)));
        return false;
    }

    // "layers[0].spec": what is open just now. Looked up, so that it costs nothing where nothing is wrong.
    std::string where() const {
        std::string text;
        for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
            const json& parent = *open_[i];
            if (parent.is_array()) {
                text += fmt::format("[{}]", parent.size() - 1);
                continue;
            }
            const auto& members = parent.get_ref<const json::object_t&>();
            const auto member =
                std::ranges::find_if(members, [&](const auto& one) { return &one.second == open_[i + 1]; });
            text += (text.empty() ? "" : ".") + printable(member->first, kMostQuoted);
        }
        return text;
    }

    const std::string_view text_;
    const JsonLimits limits_;
    json whole_;
    std::vector<json*> open_;  // lists and objects that are not at their end yet, the innermost last
    json* member_ = nullptr;   // of the innermost object: the value of the last key
    std::int64_t memory_ = 0;
    Message problem_;
};

}  // namespace

json parse_json(std::string_view text, const std::string& path, const JsonLimits& limits) {
    if (static_cast<std::int64_t>(text.size()) > limits.bytes)
        throw FileError(
            path, msg("is larger than {size}, the most that is read as JSON", "size"_is(size_text(limits.bytes))));
    Builder builder(text, limits);
    if (!json::sax_parse(text.data(), text.data() + text.size(), &builder)) throw FileError(path, builder.problem());
    return builder.take();
}

json read_json(const std::filesystem::path& path, const JsonLimits& limits) {
    const std::vector<std::byte> bytes = read_bytes(path, limits.bytes);
    return parse_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string(), limits);
}

}  // namespace convlens
