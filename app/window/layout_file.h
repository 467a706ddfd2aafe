// The layout of the docked panels, kept between starts in Dear ImGui's own words: layout.ini in the user's config folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/message.h"

namespace convlens {

// Empty where there is no layout, or none that can be handed to Dear ImGui. Such a file is kept under another name, and
// `problems` gets a sentence that says so.
std::string load_layout(const std::filesystem::path& folder, std::vector<Message>* problems = nullptr);

// Throws FileError. A layout that load_layout() would refuse is not written: the one before stays.
void save_layout(std::string_view text, const std::filesystem::path& folder);

}  // namespace convlens
