#include "daemon/ctl/error_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

grpc::Status Refusal(grpc::StatusCode code, const std::string& message, const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  (*info.mutable_metadata())["sku"] = "MUG-1";
  (*info.mutable_metadata())["location"] = "S01";
  google::rpc::BadRequest bad;
  auto* violation = bad.add_field_violations();
  violation->set_field("lines[0].quantity");
  violation->set_description("must be 1 or more");
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  details.add_details()->PackFrom(bad);
  return grpc::Status(code, message, details.SerializeAsString());
}

std::string Text(const grpc::Status& status) {
  std::ostringstream err;
  PrintError(err, DecodeError(status), "127.0.0.1:7450", /*colours=*/false);
  return err.str();
}

TEST(ErrorText, ARefusalShowsItsReasonItsPartsAndWhatToDo) {
  EXPECT_EQ(Text(Refusal(grpc::StatusCode::FAILED_PRECONDITION, "only 1 available",
                         "INSUFFICIENT_STOCK")),
            "stockctl: only 1 available\n"
            "  reason: INSUFFICIENT_STOCK (FAILED_PRECONDITION)\n"
            "  location: S01\n"
            "  sku: MUG-1\n"
            "  lines[0].quantity: must be 1 or more\n"
            "See where else it is with `stockctl availability MUG-1`, why there is no more with "
            "`stockctl explain MUG-1@S01`, or take what there is with --partial.\n");
}

TEST(ErrorText, WhatTheMessageSaysAlreadyIsNotSaidTwice) {
  const std::string text =
      Text(Refusal(grpc::StatusCode::NOT_FOUND, "sku MUG-1: must be 1 or more", "SKU_UNKNOWN"));
  EXPECT_THAT(text, Not(HasSubstr("  sku: MUG-1")));
  EXPECT_THAT(text, Not(HasSubstr("lines[0]")));
  EXPECT_THAT(text, HasSubstr("  location: S01"));
}

TEST(ErrorText, AnAbsentDaemonIsNamedByItsAddress) {
  const std::string text = Text(grpc::Status(grpc::StatusCode::UNAVAILABLE, "refused"));
  EXPECT_THAT(text, HasSubstr("no daemon answers at 127.0.0.1:7450: refused"));
  EXPECT_THAT(text, HasSubstr("--server HOST:PORT"));
}

TEST(ErrorText, ATimeOutSaysThatAChangeMayHaveBeenMade) {
  EXPECT_THAT(Text(grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "late")),
              HasSubstr("repeat it with the same ids"));
}

// Details come over the network: garbage must not cost the message.
TEST(ErrorText, GarbageInTheDetailsIsIgnored) {
  const CallError error =
      DecodeError(grpc::Status(grpc::StatusCode::NOT_FOUND, "no such item", "\xff\xff garbage"));
  EXPECT_EQ(error.message, "no such item");
  EXPECT_EQ(error.reason, "");
  EXPECT_THAT(Text(grpc::Status(grpc::StatusCode::NOT_FOUND, "a\x1b[2Jb")),
              HasSubstr("a\xef\xbf\xbd[2Jb"));
}

TEST(ErrorText, ExitCodesTellRefusedFromUnreachable) {
  EXPECT_EQ(ExitCodeFor({.code = grpc::StatusCode::UNAVAILABLE}), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeFor({.code = grpc::StatusCode::DEADLINE_EXCEEDED}), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeFor({.code = grpc::StatusCode::NOT_FOUND}), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeFor({.code = grpc::StatusCode::RESOURCE_EXHAUSTED}), ExitCode::kRefused);
}

TEST(ErrorText, JsonHasEveryPart) {
  std::ostringstream err;
  PrintErrorJson(err, DecodeError(Refusal(grpc::StatusCode::NOT_FOUND, "no item", "SKU_UNKNOWN")));
  const auto json = nlohmann::json::parse(err.str());
  EXPECT_EQ(json["code"], "NOT_FOUND");
  EXPECT_EQ(json["reason"], "SKU_UNKNOWN");
  EXPECT_EQ(json["message"], "no item");
  EXPECT_EQ(json["metadata"]["sku"], "MUG-1");
  EXPECT_EQ(json["fields"][0]["field"], "lines[0].quantity");
  EXPECT_THAT(json["advice"].get<std::string>(), HasSubstr("stockctl items"));
}

}  // namespace
}  // namespace stockd::ctl
