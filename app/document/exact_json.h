// Numbers and texts of a document as JSON and back, bit by bit: what plain JSON has no words for is spelled out.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "core/io/json_value.h"

namespace convlens {

// As json_number() (core/io/json_value.h), with a NaN that is not the usual one (quiet, positive, empty) by its bits:
// "nan:fff8000000000000".
nlohmann::json exact_json(double value);
// Throws as JsonValue does.
double exact_in(const JsonValue& place);

// A text, or {"base64": "..."} of one that is not UTF-8: names of files may be any bytes.
nlohmann::json text_json(const std::string& text);
// Throws as JsonValue does.
std::string text_in(const JsonValue& place);

}  // namespace convlens
