// A JSON value with the place where it stands, so that whatever is wrong with it can be said with its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/io/json_parse.h"
#include "core/text/message.h"

namespace convlens {

inline constexpr std::size_t kMostQuoted = 60;  // characters of a value or a key in a message

// Every accessor throws FileError with the file, the place ("cases[3].params.stride") and what was expected there.
class JsonValue {
public:
    // `path` and `json` must outlive the value.
    JsonValue(const nlohmann::json& json, const std::string& path, std::string place = "")
        : json_(&json), path_(&path), place_(std::move(place)) {}

    [[noreturn]] void fail(Message reason) const;
    [[noreturn]] void fail(const std::string& reason) const { fail(verbatim(reason)); }

    bool is_object() const { return json_->is_object(); }
    bool is_array() const { return json_->is_array(); }
    bool is_null() const { return json_->is_null(); }
    const nlohmann::json& json() const { return *json_; }
    const std::string& place() const { return place_; }  // "cases[3].params.stride"; empty for the whole

    // Has this key, with a value other than null.
    bool has(std::string_view key) const;
    JsonValue operator[](std::string_view key) const;  // must be there
    std::size_t size() const;                          // of an array
    JsonValue operator[](std::size_t index) const;     // of an array

    std::string text() const;
    bool flag() const;
    std::int64_t whole() const;  // 2.0 is whole, too
    double number() const;       // or "nan", "inf", "-inf"

private:
    const nlohmann::json* json_;
    const std::string* path_;
    std::string place_;
};

// A number as JSON: whole numbers without a point; "nan", "inf", "-inf" for what JSON cannot write.
nlohmann::ordered_json json_number(double value);

}  // namespace convlens
