#include "tests/real_systems/tryton_server.h"

#include <absl/strings/numbers.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/tryton/json_rpc.h"
#include "tests/support/process_clock.h"
#include "tests/support/temp_directory.h"

namespace stockd::real_systems {
namespace {

using tryton::Clause;
using tryton::JsonValue;
using tryton::Repeatable;

constexpr int kExitSkipped = 77;
constexpr std::chrono::minutes kPreparePatience{8};
constexpr const char* kDatabase = "shop";
constexpr const char* kShipments[] = {"stock.shipment.out", "stock.shipment.out.return",
                                      "stock.shipment.in", "stock.shipment.internal"};

std::filesystem::path Template() {
  const char* build = std::getenv("STOCKD_BUILD");
  return std::filesystem::path(build != nullptr ? build : "build/release") / "tests/real_systems" /
         "tryton";
}

int64_t ToId(const JsonValue& value) {
  int64_t id = 0;
  return absl::SimpleAtoi(value.text(), &id) ? id : 0;
}

JsonValue Get(absl::StatusOr<JsonValue> result) {
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : JsonValue();
}

}  // namespace

std::string TrytonServer::Prepare() {
  static const std::string reason = [] {
    const support::CommandResult made = support::RunCommand(
        "/usr/bin/env",
        {"python3", "-B", "tests/real_systems/tryton_template.py", Template().string()},
        kPreparePatience);
    if (made.exit.signal == 0 && made.exit.code == kExitSkipped) return made.output;
    EXPECT_EQ(made.exit, support::ExitStatus{}) << made.output << made.error_output;
    return std::string();
  }();
  return reason;
}

TrytonServer::TrytonServer(std::filesystem::path folder)
    : folder_(std::move(folder)), port_(support::FreePort()) {
  std::filesystem::create_directories(folder_);
  std::filesystem::copy_file(Template() / "shop.sqlite", folder_ / "shop.sqlite");
  support::WriteFile(folder_ / "trytond.conf",
                     fmt::format("[database]\nuri = sqlite://\npath = {}\n"
                                 "[web]\nlisten = 127.0.0.1:{}\n",
                                 folder_.string(), port_));
  http_ = *http_client::HttpClient::Make({});
  client_.emplace(tryton::TrytonAccess{.url = fmt::format("http://127.0.0.1:{}", port_),
                                       .database = kDatabase,
                                       .user = "admin",
                                       .password = http_client::Secret("stockd-test")},
                  http_.get());
}

bool TrytonServer::Start() {
  process_.emplace(support::ProcessOptions{
      .program = "/usr/bin/python3",
      .arguments = {"/usr/bin/trytond", "-c", (folder_ / "trytond.conf").string(), "-d", kDatabase},
      .output = folder_ / "trytond.log",
      .error_output = folder_ / "trytond.log"});
  return support::WaitUntil(support::In(),
                            [this] {
                              return !process_->is_running() ||
                                     client_->Search("res.user", JsonValue::List(), 1, {"id"}).ok();
                            }) &&
         process_->is_running();
}

std::string TrytonServer::log() const { return support::ReadFile(folder_ / "trytond.log"); }

int64_t TrytonServer::IdOf(const std::string& model, const std::string& code) {
  const auto ids = client_->Search(model, JsonValue::List({Clause("code", "=", code)}), 1, {"id"});
  EXPECT_TRUE(ids.ok()) << ids.status();
  return ids.ok() && !ids->empty() ? ids->front() : 0;
}

int64_t TrytonServer::FieldOf(const std::string& model, int64_t id, const std::string& field) {
  const auto records = client_->Read(model, {id}, {"id", field});
  EXPECT_TRUE(records.ok()) << records.status();
  return records.ok() && !records->empty() ? ToId(records->front()[field]) : 0;
}

std::string TrytonServer::OnHand(const std::string& sku, const std::string& warehouse) {
  const auto records =
      client_->Read("product.product", {IdOf("product.product", sku)}, {"id", "quantity"},
                    {{"locations", JsonValue::List({IdOf("stock.location", warehouse)})},
                     {"stock_date_end", tryton::ToJsonDate(sdk::Now())}});
  return records.ok() && !records->empty() ? records->front()["quantity"].text() : std::string();
}

int64_t TrytonServer::Move(const std::string& sku, const std::string& quantity, int64_t from,
                           int64_t to) {
  const int64_t product = IdOf("product.product", sku);
  const JsonValue move =
      JsonValue::Record({{"product", product},
                         {"uom", FieldOf("product.product", product, "default_uom")},
                         {"quantity", JsonValue::Number(quantity)},
                         {"from_location", from},
                         {"to_location", to},
                         {"company", client_->company()},
                         {"currency", FieldOf("company.company", client_->company(), "currency")},
                         {"unit_price", tryton::ToJsonDecimal("9.99")}});
  const int64_t id =
      ToId(Get(client_->Call("stock.move.create", {JsonValue::List({move})}, Repeatable::kNo))
               .items()
               .at(0));
  Get(client_->Press("stock.move", "do", {id}));
  return id;
}

int64_t TrytonServer::Sell(const std::string& sku, const std::string& quantity,
                           const std::string& warehouse) {
  const int64_t storage =
      FieldOf("stock.location", IdOf("stock.location", warehouse), "storage_location");
  return Move(sku, quantity, storage, IdOf("stock.location", "CUS"));
}

int64_t TrytonServer::BeginCount(const std::string& sku, const std::string& quantity,
                                 const std::string& warehouse) {
  const JsonValue line = JsonValue::Record(
      {{"product", IdOf("product.product", sku)}, {"quantity", JsonValue::Number(quantity)}});
  const JsonValue count = JsonValue::Record(
      {{"location",
        FieldOf("stock.location", IdOf("stock.location", warehouse), "storage_location")},
       {"date", tryton::ToJsonDate(sdk::Now())},
       {"company", client_->company()},
       {"empty_quantity", "keep"},
       {"lines", JsonValue::List({JsonValue::List({"create", JsonValue::List({line})})})}});
  return ToId(
      Get(client_->Call("stock.inventory.create", {JsonValue::List({count})}, Repeatable::kNo))
          .items()
          .at(0));
}

void TrytonServer::ConfirmCount(int64_t count) {
  Get(client_->Press("stock.inventory", "confirm", {count}));
}

size_t TrytonServer::ShipmentsWith(const std::string& prefix) {
  size_t all = 0;
  for (const char* model : kShipments) {
    const auto ids = client_->Search(
        model, JsonValue::List({Clause("reference", "like", prefix + "%")}), 1000, {"id"});
    EXPECT_TRUE(ids.ok()) << ids.status();
    if (ids.ok()) all += ids->size();
  }
  return all;
}

}  // namespace stockd::real_systems
