#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/http/body_budget.h"
#include "daemon/http/exchange.h"
#include "daemon/http/request_reader.h"
#include "daemon/http/ticker.h"
#include "daemon/http/transport.h"

namespace stockd::http {

// Answers requests. Thread-safe.
class Site {
 public:
  virtual ~Site() = default;
  virtual boost::asio::awaitable<void> Serve(Exchange& exchange) = 0;
  // Looks at a request whose body may not have come yet: an answer if there is no need to wait for
  // it.
  virtual std::optional<Response> Screen(const Request& request) = 0;
  // A refusal that comes before there is a request, in the form that callers understand.
  virtual Response Refusal(int status, const std::string& why) = 0;
};

// How long each phase may take, and how large things may be.
struct ConnectionLimits {
  RequestReader::Limits request;
  Ticks header = 100;
  Ticks body = 300;
  Ticks write = 300;  // Without any progress.
  Ticks idle = 600;
};

// One connection: reads requests, one at a time and each with a time limit for every phase, and
// hands them to the site. Belongs to one thread.
class Connection final : public Exchange, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::unique_ptr<Transport> transport, boost::asio::any_io_executor executor,
             Site& site, const ConnectionLimits& limits, BodyBudget& bodies);

  // Serves until the connection ends.
  boost::asio::awaitable<void> Run();
  // Answers with a refusal and ends.
  boost::asio::awaitable<void> Reject(Response refusal);

  // Time goes on. Ends a phase that takes too long.
  void Tick(Ticks now);
  // Ends as soon as the answer of the moment is given.
  void StopSoon();
  void StopNow() { transport_->Close(); }
  // Since when it waits for a request, or for the rest of its head; 0: it does not. Whoever waits
  // may be stopped to make room for others.
  Ticks waits_since() const { return waits_since_; }

  // Exchange
  const Request& request() const override { return reader_.request(); }
  boost::asio::any_io_executor executor() override { return executor_; }
  boost::asio::awaitable<void> Answer(Response response) override;
  boost::asio::awaitable<bool> Begin(Response head, absl::AnyInvocable<void()> peer_gone) override;
  boost::asio::awaitable<bool> Send(std::string_view piece) override;
  boost::asio::awaitable<void> End() override;

 private:
  boost::asio::awaitable<bool> ServeOne();
  boost::asio::awaitable<RequestReader::State> ReadRequest();
  boost::asio::awaitable<void> AnswerRefusal();
  boost::asio::awaitable<bool> WriteAll(std::string_view bytes);
  boost::asio::awaitable<void> Linger();
  boost::asio::awaitable<void> WatchPeer();
  std::string Head(const Response& response, bool is_stream) const;

  void Enter(RequestReader::State phase);
  void Allow(Ticks ticks) { expires_at_ = now_ + ticks; }
  void AllowForEver() { expires_at_ = 0; }

  const std::unique_ptr<Transport> transport_;
  const boost::asio::any_io_executor executor_;
  Site& site_;
  const ConnectionLimits& limits_;
  RequestReader reader_;
  BodyBudget::Share body_;
  Ticks now_ = 0;
  Ticks expires_at_ = 0;  // 0: never.
  bool timed_out_ = false;
  bool stopping_ = false;
  bool is_waiting_ = false;  // For a request, of which nothing has come.
  Ticks waits_since_ = 0;
  std::optional<Response> screened_;
  bool ends_ = false;       // With the answer of the moment.
  bool is_stream_ = false;  // The answer of the moment comes in pieces, and WatchPeer() reads.
  bool is_chunked_ = false;
  absl::AnyInvocable<void()> peer_gone_;
};

}  // namespace stockd::http
