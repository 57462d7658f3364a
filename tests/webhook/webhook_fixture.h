#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "stockd/v1/order_service.grpc.pb.h"
#include "tests/support/process.h"
#include "tests/support/test_http_server.h"
#include "tests/system/daemon_fixture.h"

namespace stockd::webhook {

// What a receiver does with a message: an HTTP status, or one of these.
inline constexpr int kHang = -1;          // Says nothing until the caller goes.
inline constexpr int kReset = -2;         // Cuts the connection.
inline constexpr int kTakeAndReset = -3;  // Takes it over, and then cuts the connection.

// A message as a receiver sees it.
struct Message {
  uint64_t number = 0;
  std::string order;
  std::string type;
};

// A receiver as the README asks for: verifies signatures, takes each id once, and watches that the
// adapter keeps its promises. May be asked from any thread.
class Receiver {
 public:
  using Policy = std::function<int(const Message& message)>;

  // `port` 0: any.
  explicit Receiver(std::string secret, int port = 0);

  // Until it is called everything is taken.
  void Do(Policy policy);
  // Ends it, and later begins it again at the same port.
  void GoAway() { server_.reset(); }
  void ComeBack();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  // Numbers that were taken over.
  std::set<uint64_t> taken() const;
  size_t taken_count() const { return taken().size(); }
  int64_t calls() const;
  // Those that came although they had been taken.
  int64_t duplicates() const;
  // What went against a promise; empty: nothing.
  std::vector<std::string> complaints() const;

 private:
  bool Answer(const support::TestRequest& request, support::TestPeer& peer);
  int Judge(const support::TestRequest& request);

  const std::string secret_;
  mutable std::mutex mutex_;
  Policy policy_;
  std::map<std::string, std::set<uint64_t>> seen_;  // Of each order, whether taken or not.
  std::map<uint64_t, std::string> taken_;           // With their bodies.
  std::set<std::string> busy_;                      // Orders with a message under way.
  std::vector<std::string> complaints_;
  int64_t calls_ = 0;
  int64_t duplicates_ = 0;
  int port_ = 0;
  std::unique_ptr<support::TestHttpServer> server_;
};

// The real daemon, the real adapter, and orders that move.
class WebhookFixture : public system_test::DaemonFixture {
 public:
  static constexpr const char* kSecret = "a secret of more than sixteen bytes";

 protected:
  void SetUp() override;

  // Endpoints of the configuration, each with lines of TOML of its own.
  void AddEndpoint(const std::string& name, const std::string& url, const std::string& more = "");
  void StartAdapter();
  void KillAdapter();
  // SIGTERM; the adapter must end well.
  void StopAdapter();
  // stockd-webhook with these arguments: its output.
  std::string Command(const std::vector<std::string>& arguments);
  std::string AdapterLog() const;

  // Places an order and moves it to ready: five events.
  void PlaceAndPick(const std::string& id);
  void Place(const std::string& id);
  void Pick(const std::string& id);
  // The numbers of all events that there are.
  std::set<uint64_t> AllEvents(const std::string& order = "");

  // Until the receiver has taken all events of the daemon.
  void ExpectAllArrive(const Receiver& receiver);

 private:
  template <typename Request, typename Response>
  void Call(grpc::Status (v1::OrderService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
            Request request);

  std::string endpoints_;
  std::optional<support::Process> adapter_;
  int64_t repeated_ = 0;
};

}  // namespace stockd::webhook
