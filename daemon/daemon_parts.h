#pragma once

#include <memory>
#include <optional>

#include "daemon/daemon.h"
#include "daemon/engine/engine.h"
#include "daemon/rpc/adapter_service.h"
#include "daemon/rpc/availability_service.h"
#include "daemon/rpc/catalogue_service.h"
#include "daemon/rpc/operations_service.h"
#include "daemon/rpc/reservation_service.h"
#include "daemon/rpc/server.h"
#include "daemon/storage/sqlite_store.h"
#include "daemon/sync/feed_pump.h"
#include "daemon/sync/quarantine_replay.h"
#include "daemon/sync/source_book.h"

namespace stockd {

// In the order of construction: each uses only what stands above it.
struct Daemon::Parts {
  storage::SqliteDatabase database;
  std::optional<sync::FeedPump> pump;
  std::optional<engine::Engine> engine;
  std::optional<sync::SourceBook> sources;
  std::optional<sync::QuarantineReplay> replay;
  std::optional<rpc::AvailabilityService> availability;
  std::optional<rpc::ReservationService> reservation;
  std::optional<rpc::CatalogueService> catalogue;
  std::optional<rpc::AdapterService> adapter;
  std::optional<rpc::OperationsService> operations;
  std::unique_ptr<rpc::Server> server;
};

}  // namespace stockd
