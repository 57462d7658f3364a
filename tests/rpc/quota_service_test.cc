// Selling while cut off, over the wire.
#include "stockd/v1/quota_service.grpc.pb.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using Stub = v1::QuotaService::Stub;

class QuotaCalls : public DaemonFixture {
 protected:
  grpc::Status Grant(const v1::GrantQuotaRequest& request, v1::Quota& quota) {
    v1::GrantQuotaResponse response;
    Stub stub(client().channel());
    const auto status = client().Call(stub, &Stub::GrantQuota, request, response);
    quota = response.quota();
    return status;
  }
  grpc::Status Settle(const std::string& id, int64_t sold, v1::Quota& quota) {
    v1::SettleQuotaRequest request;
    request.set_quota_id(id);
    request.set_sold(sold);
    v1::SettleQuotaResponse response;
    Stub stub(client().channel());
    const auto status = client().Call(stub, &Stub::SettleQuota, request, response);
    quota = response.quota();
    return status;
  }
  v1::ListQuotasResponse List(bool include_settled = false) {
    v1::ListQuotasRequest request;
    request.set_include_settled(include_settled);
    v1::ListQuotasResponse response;
    Stub stub(client().channel());
    EXPECT_TRUE(client().Call(stub, &Stub::ListQuotas, request, response).ok());
    return response;
  }
  void Sell(const std::string& event_id, const std::string& quota_id, int64_t quantity) {
    AdapterStream stream(client());
    ASSERT_TRUE(stream.Open("till"));
    v1::Fact sale = ToFact({.kind = v1::FACT_KIND_SALE,
                            .event_id = event_id,
                            .sku = "MUG",
                            .location = "S01",
                            .quantity = quantity,
                            .reservation_id = quota_id});
    const auto ack = stream.Send(1000, {sale});
    ASSERT_TRUE(ack.has_value());
    EXPECT_EQ(ack->applied(), 1);
  }

  static v1::GrantQuotaRequest GrantOf(const std::string& id, int64_t quantity) {
    v1::GrantQuotaRequest request;
    request.set_quota_id(id);
    request.set_holder("till/2");
    request.mutable_position()->set_sku("MUG");
    request.mutable_position()->set_location("S01");
    request.set_quantity(quantity);
    request.mutable_ttl()->set_seconds(3600);
    return request;
  }
};

TEST_F(QuotaCalls, ATillSellsItsQuotaWhileCutOffAndWhatIsLeftReturns) {
  Stock("MUG", "S01", 10);
  v1::Quota quota;
  ASSERT_TRUE(Grant(GrantOf("q", 6), quota).ok());
  EXPECT_EQ(quota.state(), v1::QUOTA_STATE_OPEN);
  EXPECT_EQ(quota.quantity(), 6);
  EXPECT_EQ(Available("MUG", "S01").available(), 4);

  clock.Advance(std::chrono::hours(2));
  ASSERT_EQ(List().quotas_size(), 1);
  EXPECT_EQ(List().quotas(0).state(), v1::QUOTA_STATE_OVERDUE);
  EXPECT_EQ(Available("MUG", "S01").available(), 4) << "nobody knows what was sold";

  Sell("sale-1", "q", 4);
  EXPECT_EQ(ReasonOf(Settle("q", 5, quota)), "QUOTA_SALES_MISSING");
  ASSERT_TRUE(Settle("q", 4, quota).ok());
  EXPECT_EQ(quota.state(), v1::QUOTA_STATE_SETTLED);
  EXPECT_EQ(quota.sold(), 4);
  EXPECT_EQ(Available("MUG", "S01").available(), 6);
  EXPECT_EQ(List().quotas_size(), 0);
  EXPECT_EQ(List(true).quotas_size(), 1);
}

TEST_F(QuotaCalls, AQuotasClaimCannotBeGivenAwayAsAReservation) {
  Stock("MUG", "S01", 10);
  v1::Quota quota;
  ASSERT_TRUE(Grant(GrantOf("q", 6), quota).ok());
  v1::ReleaseReservationRequest release;
  release.set_reservation_id("q");
  release.set_request_id("r");
  v1::ReleaseReservationResponse released;
  EXPECT_EQ(
      ReasonOf(client().Call(client().reservation(), &GrpcClient::Reservation::ReleaseReservation,
                             release, released)),
      "RESERVATION_COMMITTED");
  EXPECT_EQ(Available("MUG", "S01").available(), 4);
}

TEST_F(QuotaCalls, BadGrantsAreRefusedWithTheirReasonAndChangeNothing) {
  Stock("MUG", "S01", 10);
  const std::string before = Fingerprint();
  const auto refusal = [&](auto change) {
    v1::GrantQuotaRequest request = GrantOf("q", 2);
    change(request);
    v1::Quota quota;
    return ReasonOf(Grant(request, quota));
  };
  EXPECT_EQ(refusal([](auto& request) { request.clear_quota_id(); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& request) { request.clear_holder(); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& request) { request.set_quota_id(std::string(129, 'x')); }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& request) { request.set_quantity(0); }), "QUANTITY_OUT_OF_RANGE");
  EXPECT_EQ(refusal([](auto& request) { request.set_quantity(-1); }), "QUANTITY_OUT_OF_RANGE");
  EXPECT_EQ(refusal([](auto& request) { request.set_quantity(INT64_MAX); }),
            "QUANTITY_OUT_OF_RANGE");
  EXPECT_EQ(refusal([](auto& request) { request.set_quantity(11); }), "INSUFFICIENT_STOCK");
  EXPECT_EQ(refusal([](auto& request) { request.mutable_ttl()->set_seconds(0); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& request) { request.mutable_ttl()->set_seconds(3'200'000'000); }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& request) { request.mutable_position()->set_sku("NONE"); }),
            "SKU_UNKNOWN");
  EXPECT_EQ(refusal([](auto& request) { request.mutable_position()->set_location("NONE"); }),
            "LOCATION_UNKNOWN");
  v1::Quota quota;
  EXPECT_EQ(ReasonOf(Settle("nobody", 0, quota)), "QUOTA_UNKNOWN");
  EXPECT_EQ(ReasonOf(Settle("q", -1, quota)), "QUANTITY_OUT_OF_RANGE");
  EXPECT_EQ(Fingerprint(), before);
}

}  // namespace
}  // namespace stockd::support
