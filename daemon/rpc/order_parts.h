#pragma once

#include "daemon/engine/engine.h"
#include "daemon/engine/work_queue.h"
#include "daemon/rpc/sourcing_rates.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/waiting_order_facts.h"

namespace stockd::rpc {

// What the calls about orders work with. Thread-safe.
struct OrderParts {
  engine::Engine& engine;
  storage::Reader& reader;
  sync::WaitingOrderFacts& waiting;
  // Works out what can be done about missing units, after a pick is on disk.
  engine::WorkQueue& work;
  // What the parcels of plans cost.
  const SourcingRates rates;

  const engine::Catalogue& catalogue() const { return engine.catalogue(); }
};

}  // namespace stockd::rpc
