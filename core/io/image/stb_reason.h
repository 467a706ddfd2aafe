// What stb_image keeps of its last failure.
#pragma once

namespace convlens {

// Some failures give no reason, and stbi_failure_reason() would be that of an earlier one.
void forget_failure_reason();

}  // namespace convlens
