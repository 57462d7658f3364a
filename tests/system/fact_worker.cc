#include "tests/system/fact_worker.h"

namespace stockd::system_test {
namespace {

constexpr uint64_t kTellAgainPercent = 10;

}  // namespace

FactWorker::FactWorker(Options options)
    : options_(std::move(options)),
      client_(options_.address),
      random_(options_.seed),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

FactWorker::~FactWorker() { Stop(); }

void FactWorker::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  stream_.reset();
}

void FactWorker::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const std::vector<v1::Fact> facts = NextBatch();
    const std::optional<v1::BatchAck> ack = Tell(facts);
    if (!ack) return;
    const auto taken = static_cast<size_t>(ack->applied() + ack->duplicates());
    if (taken != facts.size() || ack->set_aside_size() > 0) {
      surprises_.push_back("not all facts were taken: " + ack->ShortDebugString());
    }
    fact_count_ += ack->applied() + ack->duplicates();
    if (!random_.Percent(kTellAgainPercent)) continue;
    const std::optional<v1::BatchAck> again = Tell(facts);
    if (again && (again->applied() != 0 || again->set_aside_size() > 0)) {
      surprises_.push_back("told again, facts had another effect: " + again->ShortDebugString());
    }
  }
}

std::string FactWorker::NextId() { return options_.source + "-" + std::to_string(random_.Next()); }

std::vector<v1::Fact> FactWorker::NextBatch() {
  std::vector<v1::Fact> facts;
  for (int64_t count = random_.Between(1, 3); count > 0; --count) {
    const PositionName& position = random_.Pick(options_.positions);
    const int64_t quantity = random_.Between(1, 3);
    facts.push_back(support::ToFact({.kind = v1::FACT_KIND_RECEIPT,
                                     .event_id = NextId(),
                                     .sku = position.first,
                                     .location = position.second,
                                     .quantity = quantity}));
    moved_[position] += quantity;
  }
  for (int sales = 0; options_.next_sale && sales < 20; ++sales) {
    const std::optional<v1::Reservation> reservation = options_.next_sale();
    if (!reservation) break;
    AddSales(*reservation, facts);
  }
  return facts;
}

void FactWorker::AddSales(const v1::Reservation& reservation, std::vector<v1::Fact>& facts) {
  for (const v1::ReservationLine& line : reservation.lines()) {
    if (line.committed() == 0) continue;
    const PositionName position(line.position().sku(), line.position().location());
    facts.push_back(support::ToFact({.kind = v1::FACT_KIND_SALE,
                                     .event_id = NextId(),
                                     .sku = position.first,
                                     .location = position.second,
                                     .quantity = line.committed(),
                                     .reservation_id = reservation.reservation_id()}));
    moved_[position] -= line.committed();
  }
  sold_.push_back(reservation.reservation_id());
}

std::optional<v1::BatchAck> FactWorker::Tell(const std::vector<v1::Fact>& facts) {
  const support::SteadyTime give_up = support::In();
  while (support::SteadyNow() < give_up) {
    if (stream_ == nullptr) {
      stream_ = std::make_unique<support::AdapterStream>(client_);
      if (!stream_->Open(options_.source)) {
        stream_.reset();
        continue;
      }
    }
    if (std::optional<v1::BatchAck> ack = stream_->Send(++batch_, facts)) return ack;
    stream_.reset();
    ++repeated_count_;
  }
  surprises_.push_back("no acknowledgement");
  return std::nullopt;
}

}  // namespace stockd::system_test
