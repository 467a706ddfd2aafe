// Reads JSON that people write and programs break: every value knows its place, every refusal names it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "core/conv/names.h"
#include "core/tensor/shape.h"

namespace convlens {

// A value and where it stands: "layers[0].spec.stride"; "" is the whole.
class JsonPlace {
public:
    explicit JsonPlace(const nlohmann::json& value, std::string path = {}) : value_(&value), path_(std::move(path)) {}

    const nlohmann::json& value() const { return *value_; }
    const std::string& path() const { return path_; }
    [[noreturn]] void refuse(const std::string& reason) const;  // throws FileError{path, reason}

    // The value as what it should be; refuse() where it is something else.
    std::string text() const;
    bool flag() const;
    std::int64_t whole(std::int64_t least, std::int64_t most) const;
    double number() const;  // also the strings "nan", "inf", "-inf"
    Size2 pair() const;     // [h, w], or one number for both
    std::vector<JsonPlace> list() const;
    template <typename Enum>
    Enum word() const {
        const std::string given = text();
        if (const auto value = from_name<Enum>(given)) return *value;
        refuse(fmt::format("\"{}\" is none of {}", given, fmt::join(names<Enum>(), ", ")));
    }

private:
    const nlohmann::json* value_;
    std::string path_;
};

// An object whose keys are asked for one by one; those never asked for become warnings.
class JsonObject {
public:
    explicit JsonObject(const JsonPlace& place);

    // Nothing where the key is missing or null.
    std::optional<JsonPlace> find(std::string_view key);
    JsonPlace need(std::string_view key);
    void warn_unknown(std::vector<std::string>* warnings) const;

private:
    JsonPlace at(std::string_view key) const;
    JsonPlace place_;
    std::vector<std::string> known_;
};

// A number as JSON has it: whole ones without a point; "nan", "inf", "-inf" as strings.
nlohmann::json json_number(double value);

// Objects indented, lists of plain values on one line: short enough to read, and a line of a diff says what changed.
std::string pretty(const nlohmann::json& json);

}  // namespace convlens
