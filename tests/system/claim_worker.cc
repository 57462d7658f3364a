#include "tests/system/claim_worker.h"

#include <algorithm>

#include "tests/system/patient_call.h"

namespace stockd::system_test {
namespace {

using Stub = support::GrpcClient::Reservation;

constexpr int64_t kTtlSeconds = 3600;  // Longer than any test.
constexpr uint64_t kReplayPercent = 5;

}  // namespace

ClaimWorker::ClaimWorker(Options options)
    : options_(std::move(options)),
      client_(options_.address),
      random_(options_.seed),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

ClaimWorker::~ClaimWorker() { Stop(); }

void ClaimWorker::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void ClaimWorker::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) DoOne();
}

void ClaimWorker::DoOne() {
  const std::string id = options_.name + "-" + std::to_string(++count_);
  if (Create(id)) Follow(id);
  const std::scoped_lock lock(mutex_);
  busy_with_.clear();
}

template <typename Request, typename Response>
grpc::Status ClaimWorker::Change(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
                                 const Request& request) {
  {
    const std::scoped_lock lock(mutex_);
    busy_with_ = request.reservation_id();
  }
  Response response;
  grpc::Status status =
      CallUntilAnswered(client_, client_.reservation(), method, request, response, tally_.repeated);
  ++answered_count_;
  if (!status.ok()) return status;
  Keep(response.reservation());
  if (!random_.Percent(kReplayPercent)) return status;
  ++tally_.replayed;
  Response again;
  const grpc::Status second =
      CallUntilAnswered(client_, client_.reservation(), method, request, again, tally_.repeated);
  if (!second.ok() || again.SerializeAsString() != response.SerializeAsString()) {
    Surprise("a repeated call got another answer: " + support::Describe(second) + " " +
             again.ShortDebugString() + " instead of " + response.ShortDebugString());
  }
  return status;
}

bool ClaimWorker::Create(const std::string& id) {
  v1::CreateReservationRequest request;
  request.set_reservation_id(id);
  request.mutable_ttl()->set_seconds(kTtlSeconds);
  for (uint64_t lines = 1 + random_.Below(3); lines > 0; --lines) {
    const auto& [sku, location] = random_.Pick(options_.positions);
    v1::LineRequest& line = *request.add_lines();
    line.mutable_position()->set_sku(sku);
    line.mutable_position()->set_location(location);
    line.set_quantity(random_.Between(1, options_.quantity_max));
  }
  const grpc::Status status = Change(&Stub::CreateReservation, request);
  if (status.ok()) {
    ++tally_.granted;
    CheckRead(reservations_.at(id));
    return true;
  }
  const std::string reason = support::ReasonOf(status);
  const bool is_name = reason == "SKU_UNKNOWN" || reason == "LOCATION_UNKNOWN";
  if (reason != "INSUFFICIENT_STOCK" && !(is_name && options_.names_may_be_unknown)) {
    Surprise("create " + id + ": " + support::Describe(status));
  }
  ++tally_.refused;
  return false;
}

void ClaimWorker::Follow(const std::string& id) {
  constexpr uint64_t kWeights[] = {40, 10, 30, 10, 10};
  switch (random_.Weighted(kWeights)) {
    case 0: Commit(id, /*in_parts=*/false); break;
    case 1: Commit(id, /*in_parts=*/true); break;
    case 2: Release(id); break;
    case 3:
      Extend(id);
      Release(id);
      break;
    default: break;  // An abandoned basket.
  }
}

void ClaimWorker::Commit(const std::string& id, bool in_parts) {
  v1::CommitReservationRequest request;
  request.set_reservation_id(id);
  request.set_request_id(id + "/commit");
  request.set_order_id("order-" + id);
  if (in_parts) {
    // One unit of one line; the rest is given back.
    const v1::ReservationLine& first = reservations_.at(id).lines(0);
    *request.add_lines()->mutable_position() = first.position();
    request.mutable_lines(0)->set_quantity(1);
    request.set_remainder(v1::REMAINDER_RELEASE);
  }
  const grpc::Status status = Change(&Stub::CommitReservation, request);
  if (!status.ok()) return Surprise("commit " + id + ": " + support::Describe(status));
  ++tally_.committed;
  if (in_parts) return;
  const std::scoped_lock lock(mutex_);
  committed_.push_back(id);
}

void ClaimWorker::Release(const std::string& id) {
  v1::ReleaseReservationRequest request;
  request.set_reservation_id(id);
  request.set_request_id(id + "/release");
  const grpc::Status status = Change(&Stub::ReleaseReservation, request);
  if (!status.ok()) return Surprise("release " + id + ": " + support::Describe(status));
  ++tally_.released;
}

void ClaimWorker::Extend(const std::string& id) {
  v1::ExtendReservationRequest request;
  request.set_reservation_id(id);
  request.set_request_id(id + "/extend");
  request.mutable_ttl()->set_seconds(2 * kTtlSeconds);
  const grpc::Status status = Change(&Stub::ExtendReservation, request);
  if (!status.ok()) Surprise("extend " + id + ": " + support::Describe(status));
}

void ClaimWorker::CheckRead(const v1::Reservation& reservation) {
  const v1::Position& position = reservation.lines(0).position();
  v1::GetAvailabilityRequest request;
  request.set_sku(position.sku());
  request.set_location(position.location());
  v1::GetAvailabilityResponse response;
  const grpc::Status status = CallUntilAnswered(client_, client_.availability(),
                                                &support::GrpcClient::Availability::GetAvailability,
                                                request, response, tally_.repeated);
  if (!status.ok()) return Surprise("get availability: " + support::Describe(status));
  const v1::Availability& seen = response.availability();
  if (seen.quantities().reserved() < reservation.lines(0).granted()) {
    Surprise("a granted claim is not seen: " + reservation.reservation_id() + " in " +
             seen.ShortDebugString());
  }
  uint64_t& version = versions_[{position.sku(), position.location()}];
  if (seen.version() < version) Surprise("a version went back: " + seen.ShortDebugString());
  version = std::max(version, seen.version());
}

void ClaimWorker::Keep(const v1::Reservation& reservation) {
  const std::scoped_lock lock(mutex_);
  reservations_[reservation.reservation_id()] = reservation;
}

void ClaimWorker::Surprise(const std::string& what) {
  surprises_.push_back(options_.name + ": " + what);
}

void ClaimWorker::ReleaseHeld() {
  for (const auto& [id, reservation] : SettledReservations()) {
    if (reservation.state() == v1::RESERVATION_STATE_HELD) Release(id);
  }
}

std::map<std::pair<std::string, std::string>, ClaimWorker::Claimed> ClaimWorker::Claims() const {
  std::map<std::pair<std::string, std::string>, Claimed> claims;
  for (const auto& [id, reservation] : reservations_) {
    for (const v1::ReservationLine& line : reservation.lines()) {
      Claimed& claimed = claims[{line.position().sku(), line.position().location()}];
      claimed.held += line.held();
      claimed.committed += line.committed();
    }
  }
  return claims;
}

std::map<std::string, v1::Reservation> ClaimWorker::SettledReservations() const {
  const std::scoped_lock lock(mutex_);
  std::map<std::string, v1::Reservation> settled = reservations_;
  settled.erase(busy_with_);
  return settled;
}

std::optional<v1::Reservation> ClaimWorker::TakeCommitted() {
  const std::scoped_lock lock(mutex_);
  if (committed_.empty() || committed_.back() == busy_with_) return std::nullopt;
  const std::string id = committed_.back();
  committed_.pop_back();
  return reservations_.at(id);
}

}  // namespace stockd::system_test
