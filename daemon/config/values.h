// Durations, byte sizes and addresses as people write them.
//
// All functions here are pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stockd::config {

// Reads "15m", "1h30m", "250ms": whole numbers, each with one of the units us, ms, s, m, h, d.
// Nothing for any other text, a bare number, or what does not fit 64 bits of microseconds.
std::optional<std::chrono::microseconds> ParseDuration(std::string_view text);

// The shortest exact form in one unit, for example "90m"; "0s" for nothing.
std::string FormatDuration(std::chrono::microseconds duration);

// Reads "64MiB" or "64 MiB" (KiB, MiB, GiB) or a plain number of bytes. Nothing for any other text.
std::optional<int64_t> ParseBytes(std::string_view text);

// The shortest exact form, for example "64MiB" or "1000".
std::string FormatBytes(int64_t bytes);

// A host and a port, as in "127.0.0.1:7450", "[::1]:7450", "stock.example:7450".
struct HostPort {
  std::string host;  // Without brackets.
  int port = 0;      // 0 to 65535.
};

// Nothing for a text without a host, or without a port in range.
std::optional<HostPort> ParseHostPort(std::string_view text);

// Whether only this machine can reach the host: "localhost", 127.0.0.0/8 or ::1.
bool IsLoopback(std::string_view host);

}  // namespace stockd::config
