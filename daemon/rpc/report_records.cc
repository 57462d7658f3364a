// What is recorded so that figures can be reported.
#include <utility>

#include "daemon/rpc/names.h"
#include "daemon/rpc/report_service.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr int kRowsMax = 10'000;
constexpr int64_t kVisitsMax = 1'000'000'000'000;
constexpr Duration kHour = std::chrono::hours(1);
constexpr Duration kAheadMax = std::chrono::minutes(5);  // Clocks differ.

grpc::Status Parse(const v1::VisitCount& proto, const engine::Catalogue& catalogue,
                   storage::VisitCount& count) {
  if (auto status = CheckId("channel", proto.channel()); !status.ok()) return status;
  if (!proto.location().empty()) {
    auto status = FindLocation(proto.location(), catalogue, count.location);
    if (!status.ok()) return status;
  }
  const auto begin = FromProto(proto.begin_time());
  if (!proto.has_begin_time() || !begin || begin->time_since_epoch() % kHour != Duration{0}) {
    return InvalidField("begin_time", "is not the begin of an hour");
  }
  if (proto.visits() < 0 || proto.visits() > kVisitsMax) {
    return InvalidField("visits", "is from 0 to 10^12");
  }
  count.channel = proto.channel();
  count.begins_at = *begin;
  count.visits = proto.visits();
  return grpc::Status::OK;
}

grpc::Status Parse(const v1::OnlineContact& proto, const engine::Catalogue& catalogue,
                   Timestamp now, storage::Contact& contact) {
  auto status = CheckId("customer_reference", proto.customer_reference());
  if (status.ok()) status = CheckId("channel", proto.channel());
  if (status.ok()) status = FindItem(proto.sku(), catalogue, contact.item);
  if (!status.ok()) return status;
  const auto at = FromProto(proto.time());
  if (!proto.has_time() || !at || *at > now + kAheadMax) {
    return InvalidField("time", "is an instant that has passed");
  }
  contact.customer_reference = proto.customer_reference();
  contact.channel = proto.channel();
  contact.occurred_at = *at;
  return grpc::Status::OK;
}

}  // namespace

template <typename Write>
grpc::ServerUnaryReactor* ReportService::Record(grpc::CallbackServerContext* context, size_t count,
                                                Write write) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  engine_.Submit(engine::MakeTask(
                     [write = std::move(write)](engine::UnitOfWork& unit) {
                       write(unit.store(), unit.now());
                       return true;
                     },
                     [this, reactor](engine::CommitOutcome outcome, bool) {
                       // Nothing in the journal tells the reports.
                       if (outcome == engine::CommitOutcome::kCommitted && reports_ != nullptr) {
                         reports_->NoteRecords();
                       }
                       reactor->Finish(outcome == engine::CommitOutcome::kCommitted
                                           ? grpc::Status::OK
                                           : ToStatus(outcome));
                     },
                     count),
                 engine::Admission::kUnlessFull, engine::LaneOfCall(count));
  return reactor;
}

grpc::ServerUnaryReactor* ReportService::RecordVisits(grpc::CallbackServerContext* context,
                                                      const v1::RecordVisitsRequest* request,
                                                      v1::RecordVisitsResponse*) {
  if (request->counts().empty() || request->counts_size() > kRowsMax) {
    return FinishNow(context, InvalidField("counts", "holds 1 to 10000"));
  }
  std::vector<storage::VisitCount> counts;
  for (const v1::VisitCount& proto : request->counts()) {
    auto status = Parse(proto, engine_.catalogue(), counts.emplace_back());
    if (!status.ok()) return FinishNow(context, status);
  }
  const size_t size = counts.size();
  return Record(context, size, [counts = std::move(counts)](storage::Store& store, Timestamp now) {
    for (const storage::VisitCount& count : counts) store.KeepVisits(count, now);
  });
}

grpc::ServerUnaryReactor* ReportService::RecordContacts(grpc::CallbackServerContext* context,
                                                        const v1::RecordContactsRequest* request,
                                                        v1::RecordContactsResponse*) {
  if (request->contacts().empty() || request->contacts_size() > kRowsMax) {
    return FinishNow(context, InvalidField("contacts", "holds 1 to 10000"));
  }
  std::vector<storage::Contact> contacts;
  for (const v1::OnlineContact& proto : request->contacts()) {
    auto status = Parse(proto, engine_.catalogue(), engine_.Now(), contacts.emplace_back());
    if (!status.ok()) return FinishNow(context, status);
  }
  const size_t size = contacts.size();
  return Record(context, size,
                [contacts = std::move(contacts)](storage::Store& store, Timestamp now) {
                  for (const storage::Contact& contact : contacts) store.KeepContact(contact, now);
                });
}

}  // namespace stockd::rpc
