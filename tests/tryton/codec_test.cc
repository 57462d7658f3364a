// JSON with exact numbers, and what Tryton's answers mean.
#include <gtest/gtest.h>

#include <string>

#include "adapters/tryton/exact_number.h"
#include "adapters/tryton/json_rpc.h"
#include "adapters/tryton/row.h"

namespace stockd::tryton {
namespace {

using Kind = RpcFailure::Kind;

TEST(Json, NumbersKeepTheirText) {
  const auto value =
      JsonValue::Parse(R"({"a":0.1,"b":12.250,"c":-7,"d":123456789012345678,"e":5e-05})");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ((*value)["a"].text(), "0.1");
  EXPECT_EQ((*value)["b"].text(), "12.250");
  EXPECT_EQ((*value)["e"].text(), "5e-05");
  EXPECT_EQ(value->Write(), R"({"a":0.1,"b":12.250,"c":-7,"d":123456789012345678,"e":5e-05})");
}

TEST(Json, TextIsEscapedAndWhatIsNoTextIsMarked) {
  EXPECT_EQ(JsonValue("a\"\n\xc3\xa9").Write(), "\"a\\\"\\n\xc3\xa9\"");
  EXPECT_TRUE(JsonValue::Parse(JsonValue("\xff broken").Write()).ok());
}

TEST(Json, HostileInputIsRefused) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[1,]"), std::string("nan"),
        std::string(100'000, '['), std::string("{\"a\":1} {}")}) {
    EXPECT_EQ(JsonValue::Parse(text).status().code(), absl::StatusCode::kInvalidArgument)
        << text.substr(0, 20);
  }
}

TEST(Json, AFieldThatIsNotThereIsNull) {
  const JsonValue record = JsonValue::Record({{"a", 1}});
  EXPECT_TRUE(record["b"].is_null());
  EXPECT_TRUE(record["a"]["b"].is_null());
}

TEST(ExactNumber, QuantitiesAreExactInBothDirections) {
  struct Case {
    std::string text;
    int scale;
    int64_t quantity;
  };
  for (const Case& each : {Case{"12.25", 2, 1225}, Case{"12.25", 3, 12250}, Case{"-480.0", 0, -480},
                           Case{"0.1", 1, 1}, Case{"5e-05", 6, 50}, Case{"1.5E+3", 0, 1500},
                           Case{"0.0", 0, 0}, Case{"-1.25e1", 1, -125}}) {
    const auto parsed = ParseQuantity(each.text, each.scale);
    ASSERT_TRUE(parsed.ok()) << each.text << parsed.status();
    EXPECT_EQ(*parsed, each.quantity) << each.text;
  }
  EXPECT_EQ(FormatQuantity(1225, 2, 2).value(), "12.25");
  EXPECT_EQ(FormatQuantity(12250, 3, 2).value(), "12.25");
  EXPECT_EQ(FormatQuantity(5, 3, 3).value(), "0.005");
  EXPECT_EQ(FormatQuantity(-5, 0, 0).value(), "-5");
}

TEST(ExactNumber, WhatDoesNotFitIsRefusedAndNotRounded) {
  EXPECT_FALSE(ParseQuantity("1.5", 0).ok());
  EXPECT_FALSE(ParseQuantity("1e99", 0).ok());
  EXPECT_FALSE(ParseQuantity("1e", 0).ok());
  EXPECT_FALSE(ParseQuantity("NaN", 0).ok());
  EXPECT_EQ(FormatQuantity(1255, 3, 2).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FormatQuantity(1'234'567'890'123'456, 0, 0).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(JsonRpc, ARequestCarriesMethodAndParameters) {
  EXPECT_EQ(WriteRequest(7, "model.stock.move.do", JsonValue::List({JsonValue::List({68})})),
            R"({"id":7,"method":"model.stock.move.do","params":[[68]]})");
}

TEST(JsonRpc, EveryKindOfRefusalIsTold) {
  struct Case {
    int status;
    std::string body;
    Kind kind;
    absl::StatusCode code;
    bool is_passing;
  };
  for (const Case& each : {
           Case{401, "", Kind::kSession, absl::StatusCode::kUnauthenticated, true},
           Case{403, "<html>", Kind::kForbidden, absl::StatusCode::kPermissionDenied, false},
           Case{404, "<html>", Kind::kNoDatabase, absl::StatusCode::kNotFound, true},
           Case{503, "", Kind::kBusy, absl::StatusCode::kUnavailable, true},
           Case{200, "<html>", Kind::kMalformed, absl::StatusCode::kDataLoss, true},
           Case{200, "[]", Kind::kMalformed, absl::StatusCode::kDataLoss, true},
           Case{200, R"({"id":1,"error":["UserError",["too many digits","",null]]})",
                Kind::kUserError, absl::StatusCode::kFailedPrecondition, false},
           Case{200, R"({"id":1,"error":["UserWarning",["ab.done","no origin",""]]})",
                Kind::kUserWarning, absl::StatusCode::kFailedPrecondition, false},
           Case{200, R"({"id":1,"error":["ConcurrencyException",["stale"]]})", Kind::kConcurrency,
                absl::StatusCode::kAborted, true},
           Case{200, R"({"id":1,"error":["'nope'",""]})", Kind::kOther, absl::StatusCode::kInternal,
                false},
           Case{200, R"({"id":1,"error":["database is locked",""]})", Kind::kBusy,
                absl::StatusCode::kUnavailable, true},
       }) {
    const RpcReply reply = ReadReply(each.status, each.body);
    EXPECT_FALSE(reply.result) << each.body;
    EXPECT_EQ(reply.failure.kind, each.kind) << each.body;
    const absl::Status status = ToStatus(reply.failure, "a call");
    EXPECT_EQ(status.code(), each.code) << each.body;
    EXPECT_EQ(IsPassing(status), each.is_passing) << each.body;
  }
  EXPECT_EQ(ReadReply(200, R"({"id":1,"error":["UserWarning",["ab.done","text",""]]})")
                .failure.warning_name,
            "ab.done");
}

TEST(JsonRpc, AResultOfNothingIsAResult) {
  const RpcReply reply = ReadReply(200, R"({"id":1,"result":null})");
  ASSERT_TRUE(reply.result);
  EXPECT_TRUE(reply.result->is_null());
}

TEST(JsonRpc, InstantsKeepTheirMicroseconds) {
  const auto value = JsonValue::Parse(
      R"({"__class__":"datetime","year":2026,"month":11,"day":22,"hour":2,"minute":58,"second":54,"microsecond":171456})");
  const auto instant = FromJsonInstant(*value);
  ASSERT_TRUE(instant);
  EXPECT_EQ(sdk::FormatTimestamp(*instant), "2026-11-22T02:58:54.171456Z");
  EXPECT_EQ(ToJsonInstant(*instant).Write(), value->Write());
  EXPECT_FALSE(FromJsonInstant(JsonValue("today")));
}

TEST(Row, AFieldOfAnotherTypeIsNamed) {
  const JsonValue record =
      JsonValue::Record({{"id", 3}, {"code", 5}, {"active", 1}, {"parent", {}}});
  Row row(record, "stock.location");
  EXPECT_EQ(row.Id(), 3);
  EXPECT_TRUE(row.Flag("active")) << "SQLite has no flags";
  EXPECT_EQ(row.Integer("parent"), 0);
  EXPECT_TRUE(row.status().ok());
  EXPECT_EQ(row.Text("code"), "");
  EXPECT_EQ(row.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(row.status().message().find("code"), absl::string_view::npos);
}

}  // namespace
}  // namespace stockd::tryton
