#pragma once

#include <span>
#include <string>
#include <string_view>

#include "daemon/engine/unit_of_work.h"
#include "daemon/ledger/reason.h"
#include "daemon/rpc/calendar_rows.h"
#include "daemon/rpc/catalogue_rows.h"

namespace stockd::rpc {

// What a put did. Refused as a whole when `refusal` is set: then nothing changed.
struct CatalogueChange {
  ledger::Reason refusal = ledger::Reason::kNone;
  std::string_view key{};  // What `name` names: "sku", "location" or "group_id".
  std::string name{};      // The name at fault.
  int32_t created = 0;
  int32_t changed = 0;
  int64_t replaying = 0;  // Facts in quarantine that wait for a name that was created.
};

// Puts of the catalogue, on the writer thread: names are looked up first, in the order of the rows;
// then every row that differs from what is known is written. Rules that changed are told to all
// readers.
CatalogueChange Apply(engine::UnitOfWork& unit, std::span<storage::Item> items);
CatalogueChange Apply(engine::UnitOfWork& unit, std::span<storage::Location> locations);
CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedGroup> groups);
CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedChannel> channels);
CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedSafetyStock> rules);
CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedCalendar> calendars);
CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedSupply> supplies);

}  // namespace stockd::rpc
