#include "tests/real_systems/tryton_shop.h"

#include <fmt/format.h>

#include <csignal>
#include <iostream>

#include "tests/support/grpc_client_stream.h"

namespace stockd::real_systems {

using support::Describe;
using support::GrpcClient;

TrytonShop::TrytonShop() = default;

void TrytonShop::SetUp() {
  if (const std::string reason = TrytonServer::Prepare(); !reason.empty()) GTEST_SKIP() << reason;
  server_.emplace(folder_.path() / "tryton");
  ASSERT_TRUE(server_->Start()) << server_->log();
  way_.emplace(server_->port());
  StartDaemon();
}

void TrytonShop::TearDown() {
  if (!server_ || !server_->client().metrics().logins) return;
  if (adapter_ && !HasFailure()) StopAdapter();
  if (HasFailure()) {
    std::cerr << "=== adapter\n" << adapter_log() << "=== Tryton\n" << server_->log();
    return;
  }
  ExpectNoDrift();
  EXPECT_EQ(QuarantineCount(), 0);
}

void TrytonShop::StartAdapter() {
  support::WriteFile(folder_.path() / "tryton.password", "counter-top-94\n");
  support::WriteFile(folder_.path() / "adapter.toml",
                     fmt::format(R"(source = "erp"
state_directory = "adapter"
log_level = "debug"
[daemon]
address = "{}"
retry_max_ms = 500
[tryton]
url = "http://127.0.0.1:{}"
database = "shop"
user = "stockd"
password_file = "tryton.password"
poll_interval_ms = 100
[booking]
customer_party = "COUNTER"
supplier_party = "SUNDRY"
[http]
retry_max_ms = 1000
{})",
                                 daemon_.address(), way_->port(), more_config_));
  adapter_.emplace(
      support::ProcessOptions{.program = support::BuiltProgram("adapters/tryton/stockd-tryton"),
                              .arguments = {"--config", (folder_.path() / "adapter.toml").string()},
                              .output = folder_.path() / "adapter.log",
                              .error_output = folder_.path() / "adapter.log"});
}

void TrytonShop::StopAdapter() {
  adapter_->Signal(SIGTERM);
  const auto exit = adapter_->WaitForExit(support::In());
  ASSERT_TRUE(exit) << "it does not end";
  EXPECT_EQ(*exit, support::ExitStatus{});
  adapter_.reset();
}

std::string TrytonShop::adapter_log() const {
  return support::ReadFile(folder_.path() / "adapter.log");
}

void TrytonShop::Open() {
  StartAdapter();
  ASSERT_TRUE(support::WaitUntil(support::In(), [this] {
    return adapter_log().find("opening levels sent") != std::string::npos;
  }));
}

std::optional<int64_t> TrytonShop::OnHand(const std::string& sku, const std::string& location) {
  v1::GetAvailabilityRequest request;
  request.set_sku(sku);
  request.set_location(location);
  v1::GetAvailabilityResponse response;
  const grpc::Status status = client_.Call(
      client_.availability(), &GrpcClient::Availability::GetAvailability, request, response);
  if (!status.ok()) return std::nullopt;
  return response.availability().quantities().on_hand();
}

void TrytonShop::ExpectBoth(const std::string& sku, const std::string& location, int64_t units,
                            const std::string& text) {
  const bool agree = support::WaitUntil(support::In(), [&] {
    return OnHand(sku, location) == units && server_->OnHand(sku, location) == text;
  });
  EXPECT_TRUE(agree) << sku << " at " << location << ": stockd "
                     << OnHand(sku, location).value_or(-999) << " instead of " << units
                     << ", Tryton " << server_->OnHand(sku, location) << " instead of " << text;
}

void TrytonShop::TellTill(v1::FactKind kind, const std::string& sku, const std::string& location,
                          int64_t quantity) {
  support::AdapterStream stream(client_);
  ASSERT_TRUE(stream.Open("till"));
  const auto ack = stream.Send(static_cast<uint64_t>(++told_),
                               {support::ToFact({.kind = kind,
                                                 .event_id = fmt::format("till-{}", told_),
                                                 .sku = sku,
                                                 .location = location,
                                                 .quantity = quantity})});
  ASSERT_TRUE(ack) << Describe(stream.Finish());
  ASSERT_EQ(ack->applied(), 1) << ack->ShortDebugString();
}

int64_t TrytonShop::QuarantineCount() { return DaemonStatus().quarantine_count(); }

}  // namespace stockd::real_systems
