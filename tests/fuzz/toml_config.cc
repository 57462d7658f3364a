// Bytes as a configuration of the daemon and of the adapters: each is taken, or refused with at
// least one reason that a person can read.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/files/adapter_config.h"
#include "adapters/poslog/poslog_config.h"
#include "daemon/config/config.h"

namespace {

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

void RequireReason(const absl::Status& status) {
  Require(status.ok() || !status.message().empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto daemon = stockd::config::ParseConfig(text, "fuzz.toml");
  if (const auto* errors = std::get_if<std::vector<stockd::config::ConfigError>>(&daemon)) {
    Require(!errors->empty());
  }
  RequireReason(stockd::files::ParseAdapterConfig(text, "fuzz.toml", "/nowhere").status());
  RequireReason(stockd::poslog::ParsePoslogConfig(text, "fuzz.toml", "/nowhere").status());
  return 0;
}
