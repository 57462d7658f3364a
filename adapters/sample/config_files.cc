#include "adapters/sample/config_files.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "adapters/sdk/file_io.h"

namespace stockd::sample {
namespace {

// {0} is where it listens, {1} where it does so for HTTP.
constexpr std::string_view kDaemonConfig =
    R"(# Written by the sample at each start. config/stockd.toml explains every key.

[server]
listen = "{0}"

[http]
listen = "{1}"

[storage]
database = "../stockd/stockd.sqlite"

[backup]
directory = "../stockd/backups"

[[source]]
id = "erp"
kind = "erp"

[[source]]
id = "pos"
kind = "pos"
channel = "pos"

# The web shop shows what parcels can be made of, less its buffer.
[[source]]
id = "web"
kind = "web"
absolute = "audit"
channel = "web"
group = "online"
)";

// {0} is the daemon's address, {1} the role.
constexpr std::string_view kAdapterHead =
    R"(# Written by the sample at each start. config/adapters/{1}.toml explains every key.
role = "{1}"
source = "{1}"
drop_directory = "../{1}/drop"
level_file = "../{1}/levels.csv"

[daemon]
address = "{0}"
retry_max_ms = 2000

[quantity]
scale_from_items = true
)";

constexpr std::string_view kErpConfig = R"(
[levels.columns]
quantity = "on_hand"

# Goods receipts, transfers between warehouse and stores, damages, corrections.
[facts]
prefix = "movements"
[facts.columns]
event_id = "document"
kind = "type"
location = "site"
occurred_at = "booked_at"
reference = "document"
supply_id = "purchase_order"
[facts.kinds]
GR = "receipt"
TO = "transfer_out"
TI = "transfer_in"
DM = "damage"
AD = "adjustment"
)";

constexpr std::string_view kPosConfig = R"(
[columns]
event_id = ["receipt", "line"]
kind = "type"
location = "store"
occurred_at = "sold_at"
reference = "receipt"

[constants]
channel = "pos"
currency = "EUR"

[kinds]
S = "sale"
R = "return"
C = "count"
)";

// A shipped order takes its units from the shelf; one that was cancelled before never did.
constexpr std::string_view kWebConfig = R"(
[columns]
event_id = ["order_id", "line_no", "status"]
kind = "status"
location = "ships_from"
occurred_at = "happened_at"
reference = "order_id"

[constants]
channel = "web"
currency = "EUR"

[kinds]
shipped = "sale"
sent_back = "return"
cancelled = "skip"
)";

}  // namespace

absl::Status WriteDaemonConfig(const SampleDirectory& directory, const ListenAddresses& listen) {
  return sdk::WriteFileAtomically(directory.config() / "stockd.toml",
                                  fmt::format(kDaemonConfig, listen.grpc, listen.http));
}

absl::Status WriteAdapterConfigs(const SampleDirectory& directory, const std::string& address) {
  struct AdapterConfig {
    std::string_view role;
    std::string_view rest;
  };
  constexpr std::array<AdapterConfig, 3> kConfigs = {
      {{"erp", kErpConfig}, {"pos", kPosConfig}, {"web", kWebConfig}}};
  for (const AdapterConfig& config : kConfigs) {
    const std::string head = fmt::format(kAdapterHead, address, config.role);
    const absl::Status status = sdk::WriteFileAtomically(
        directory.config() / fmt::format("{}.toml", config.role), head + std::string(config.rest));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace stockd::sample
