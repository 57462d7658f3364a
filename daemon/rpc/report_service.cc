#include "daemon/rpc/report_service.h"

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "daemon/rpc/feed_reactor.h"
#include "daemon/rpc/report_guard.h"
#include "daemon/rpc/report_request.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr int kRowsPerMessage = 500;
constexpr std::chrono::seconds kPatience{10};  // For roll-ups that are behind.

using Response = v1::QueryReportResponse;

// One report: made whole before anything of it is sent, so that a slow reader holds up neither the
// roll-ups nor other reports. Deletes itself when it is done.
class ReportStream final : public grpc::ServerWriteReactor<Response> {
 public:
  ReportStream(reports::Reports& reports, reports::ReportQuery query)
      : reports_(reports), query_(std::move(query)) {}

  void Make() {
    status_ = ReadOrExplain([this] { return MakeMessages(); });
    if (!status_.ok()) messages_.clear();
    SendNext();
  }

  void End(const grpc::Status& status) {
    status_ = status;
    SendNext();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) messages_.clear();
    SendNext();
  }
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override { delete this; }

 private:
  grpc::Status MakeMessages() {
    return Guarded([this] {
      const reports::Progress progress = reports_.Run(query_, [this](reports::ReportRow&& row) {
        if (messages_.empty() || messages_.back().rows_size() == kRowsPerMessage) {
          messages_.emplace_back();
        }
        ToProto(row, *messages_.back().add_rows());
        return !cancelled_.load(std::memory_order_relaxed);
      });
      if (messages_.empty()) messages_.emplace_back();
      for (Response& message : messages_) {
        message.set_sequence(progress.sequence);
        message.set_order_event(progress.order_event);
      }
    });
  }

  void SendNext() {
    if (sent_ && !messages_.empty()) messages_.pop_front();
    sent_ = false;
    if (messages_.empty() || cancelled_.load(std::memory_order_relaxed)) {
      Finish(cancelled_.load(std::memory_order_relaxed) ? grpc::Status::CANCELLED : status_);
      return;
    }
    sent_ = true;
    StartWrite(&messages_.front());
  }

  reports::Reports& reports_;
  const reports::ReportQuery query_;
  grpc::Status status_;
  std::deque<Response> messages_;
  bool sent_ = false;  // The first message is being written.
  std::atomic<bool> cancelled_{false};
};

}  // namespace

grpc::ServerUnaryReactor* ReportService::ListFigures(grpc::CallbackServerContext* context,
                                                     const v1::ListFiguresRequest*,
                                                     v1::ListFiguresResponse* response) {
  if (reports_ == nullptr) return FinishNow(context, TurnedOff());
  for (const reports::Figure& figure : reports::Figures())
    ToProto(figure, *response->add_figures());
  response->set_time_zone(reports_->grid().zone().name());
  return FinishNow(context, grpc::Status::OK);
}

grpc::ServerWriteReactor<Response>* ReportService::QueryReport(
    grpc::CallbackServerContext*, const v1::QueryReportRequest* request) {
  if (reports_ == nullptr) return new RefusedFeed<Response>(TurnedOff());
  reports::ReportQuery query;
  const grpc::Status status = Parse(*request, engine_.catalogue(), *reports_, query);
  if (!status.ok()) return new RefusedFeed<Response>(status);
  Wanted wanted;
  if (const grpc::Status there = WantedOf(*request, wanted); !there.ok()) {
    return new RefusedFeed<Response>(there);
  }
  auto* stream = new ReportStream(*reports_, std::move(query));
  WhenThere(
      wanted, [stream] { stream->Make(); },
      [stream](const grpc::Status& failed) { stream->End(failed); });
  return stream;
}

// In the queue of reports, for it may read many rows.
grpc::ServerUnaryReactor* ReportService::ExplainFigure(grpc::CallbackServerContext* context,
                                                       const v1::ExplainFigureRequest* request,
                                                       v1::ExplainFigureResponse* response) {
  if (reports_ == nullptr) return FinishNow(context, TurnedOff());
  reports::ReportQuery query;
  reports::FactCursor after;
  int rows = 0;
  Wanted wanted;
  grpc::Status status = Parse(request->query(), engine_.catalogue(), *reports_, query);
  if (status.ok() && query.figures.size() != 1) status = InvalidField("query", "names one figure");
  if (status.ok() && !v1::ReportOrderShare_IsValid(request->orders())) {
    status = InvalidField("orders", "is not a share of orders");
  }
  if (status.ok()) status = CheckPageSize(request->page_size(), rows);
  if (status.ok()) status = ParseFactToken(request->page_token(), after);
  if (status.ok()) status = WantedOf(request->query(), wanted);
  if (!status.ok()) return FinishNow(context, status);
  const auto share = static_cast<reports::OrderShare>(request->orders());  // Numbered alike.
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  WhenThere(
      wanted,
      [this, query = std::move(query), share, after, rows, response, reactor] {
        const auto limit = static_cast<size_t>(rows);
        reactor->Finish(ReadOrExplain([&] {
          return Guarded([&] {
            if (reports::IsAboutOrders(*query.figures.front())) {
              ListOrders(reports_->ExplainOrders(query, share, after, limit), *response);
            } else {
              ListFacts(reports_->Explain(query, after, limit), *response);
            }
          });
        }));
      },
      [reactor](const grpc::Status& failed) { reactor->Finish(failed); });
  return reactor;
}

grpc::Status ReportService::WantedOf(const v1::QueryReportRequest& request, Wanted& wanted) const {
  const Sequence newest = engine_.changes().newest();
  if (request.sequence_min() > newest) {
    return InvalidField("sequence_min",
                        "is beyond the journal, which has " + std::to_string(newest));
  }
  wanted.sequence = request.up_to_date() ? newest : request.sequence_min();
  if (!request.up_to_date()) return grpc::Status::OK;
  wanted.order_event = engine_.order_events().newest();
  wanted.records_noted = reports_->records_noted();
  return grpc::Status::OK;
}

void ReportService::WhenThere(const Wanted& wanted, std::function<void()> make,
                              std::function<void(const grpc::Status&)> fail) {
  const auto start = [this, make = std::move(make), fail] {
    if (!making_.TryAdd(make)) fail(ToStatus(engine::CommitOutcome::kBusy));
  };
  const reports::ReportsState state = reports_->state();
  if (state.sequence >= wanted.sequence && state.order_event >= wanted.order_event &&
      state.records_noted >= wanted.records_noted) {
    start();
    return;
  }
  const auto wait = [this, wanted, start, fail] {
    if (reports_->WaitFor(wanted.sequence, wanted.order_event, wanted.records_noted, kPatience)) {
      start();
    } else {
      fail(Behind(*reports_));
    }
  };
  if (!waiting_.TryAdd(wait)) fail(ToStatus(engine::CommitOutcome::kBusy));
}

void ReportService::ListFacts(const reports::FactPage& page, v1::ExplainFigureResponse& response) {
  for (const ledger::JournalEntry& fact : page.facts) {
    ToProto(fact, engine_.catalogue(), *response.add_facts());
  }
  if (page.more) response.set_next_page_token(MakeFactToken(page.next));
}

void ReportService::ListOrders(const reports::OrderPage& page,
                               v1::ExplainFigureResponse& response) {
  for (const reports::OrderBehind& order : page.orders) {
    ToProto(order, engine_.catalogue(), reports_->now(), *response.add_orders());
  }
  if (page.more) response.set_next_page_token(MakeFactToken(page.next));
}

}  // namespace stockd::rpc
