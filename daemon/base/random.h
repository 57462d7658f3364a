#pragma once

#include <cstdint>
#include <span>

namespace stockd {

// Fills the bytes with chance that nobody can foretell, from the kernel; waits until the machine
// has gathered enough of it after its start. For secrets. Thread-safe.
void FillWithSecretBytes(std::span<uint8_t> bytes);

}  // namespace stockd
