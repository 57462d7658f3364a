#pragma once

#include <memory>
#include <optional>

#include "daemon/daemon.h"
#include "daemon/engine/engine.h"
#include "daemon/http/in_process_gate.h"
#include "daemon/http/server.h"
#include "daemon/reports/reports.h"
#include "daemon/rpc/adapter_service.h"
#include "daemon/rpc/availability_service.h"
#include "daemon/rpc/call_meter.h"
#include "daemon/rpc/catalogue_service.h"
#include "daemon/rpc/experiment_service.h"
#include "daemon/rpc/mapping_service.h"
#include "daemon/rpc/operations_service.h"
#include "daemon/rpc/order_parts.h"
#include "daemon/rpc/order_service.h"
#include "daemon/rpc/quota_service.h"
#include "daemon/rpc/reconciliation_service.h"
#include "daemon/rpc/report_service.h"
#include "daemon/rpc/reservation_service.h"
#include "daemon/rpc/server.h"
#include "daemon/rpc/sourcing_service.h"
#include "daemon/rpc/stock_event_service.h"
#include "daemon/storage/key_file.h"
#include "daemon/storage/sqlite_store.h"
#include "daemon/sync/device_book.h"
#include "daemon/sync/feed_pump.h"
#include "daemon/sync/quarantine_replay.h"
#include "daemon/sync/reconcile_schedule.h"
#include "daemon/sync/source_book.h"
#include "daemon/sync/source_records.h"
#include "daemon/sync/waiting_order_facts.h"

namespace stockd {

// In the order of construction: each uses only what stands above it.
struct Daemon::Parts {
  storage::SqliteDatabase database;
  storage::KeyFile key;
  std::optional<sync::FeedPump> pump;
  std::optional<sync::DeviceBook> devices;
  sync::SourceRecords records;
  std::optional<engine::Engine> engine;
  std::optional<reports::Reports> reports;
  std::optional<sync::SourceBook> sources;
  std::optional<sync::QuarantineReplay> replay;
  std::optional<sync::WaitingOrderFacts> waiting_order_facts;
  std::shared_ptr<sync::ReconcileSchedule> schedule;
  std::optional<rpc::AvailabilityService> availability;
  std::optional<rpc::ReservationService> reservation;
  std::optional<rpc::QuotaService> quota;
  std::optional<rpc::StockEventService> stock_events;
  std::optional<rpc::ReportService> report;
  std::optional<rpc::ExperimentService> experiment;
  std::optional<engine::WorkQueue> work_queue;
  std::optional<rpc::SourcingService> sourcing;
  std::optional<rpc::OrderParts> order_parts;
  std::optional<rpc::OrderService> order;
  std::optional<rpc::CatalogueService> catalogue;
  std::optional<rpc::MappingService> mapping;
  std::optional<rpc::AdapterService> adapter;
  std::optional<rpc::OperationsService> operations;
  std::optional<rpc::ReconciliationService> reconciliation;
  rpc::CallMeter calls;
  std::unique_ptr<rpc::Server> server;
  std::shared_ptr<http::InProcessGate> in_process_gate = std::make_shared<http::InProcessGate>();
  std::unique_ptr<http::Server> http_server;  // Null when no HTTP is configured.
};

}  // namespace stockd
