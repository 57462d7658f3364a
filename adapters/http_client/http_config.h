// The client's part of an adapter's configuration.
#pragma once

#include <filesystem>
#include <string_view>

#include "adapters/http_client/http_options.h"
#include "adapters/http_client/secret.h"
#include "adapters/sdk/config_reader.h"

namespace stockd::http_client {

// Reads a table whose keys are those of the README here; what it leaves out is as in `defaults`.
// Relative paths are meant from `folder`. Mistakes are noted in the section.
[[nodiscard]] HttpClientOptions ReadHttpOptions(sdk::ConfigSection section,
                                                const std::filesystem::path& folder,
                                                HttpClientOptions defaults = {});

// Reads `<key>_file` or `<key>_env`, exactly one of which says where the secret is. `<key>` itself
// is refused: a configuration is copied, printed and mailed. Empty when there is a mistake, which
// is noted, or when neither is there and `is_required` is false.
[[nodiscard]] Secret ReadSecret(sdk::ConfigSection& section, std::string_view key,
                                const std::filesystem::path& folder, bool is_required);

}  // namespace stockd::http_client
