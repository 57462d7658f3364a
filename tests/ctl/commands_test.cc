// Whole commands against a real gRPC server with scripted answers: what goes over the wire, what a
// person reads, what the shell is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "daemon/ctl/format.h"
#include "stockd/v1/adapter_service.pb.h"
#include "stockd/v1/availability_service.pb.h"
#include "stockd/v1/catalogue_service.pb.h"
#include "stockd/v1/operations_service.pb.h"
#include "stockd/v1/reservation_service.pb.h"
#include "tests/ctl/run_stockctl.h"
#include "tests/ctl/scripted_server.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

class CommandsTest : public testing::Test {
 protected:
  Ran Run(std::vector<std::string> words) {
    words.insert(words.end(), {"--server", server_.address()});
    return RunHere(words);
  }

  ScriptedServer server_;
};

v1::Availability Figure(const std::string& sku, const std::string& location, int64_t on_hand,
                        int64_t available) {
  v1::Availability figure;
  figure.set_sku(sku);
  figure.set_location(location);
  figure.mutable_quantities()->set_on_hand(on_hand);
  figure.mutable_quantities()->set_reserved(on_hand - available);
  figure.set_available(available);
  figure.set_ranged(true);
  return figure;
}

google::protobuf::Timestamp At(const char* text) { return ToProto(*ParseTimestamp(text)); }

TEST_F(CommandsTest, AvailabilityAtALocationIsOneRow) {
  v1::GetAvailabilityResponse response;
  *response.mutable_availability() = Figure("MUG-1", "S01", 12, 9);
  server_.Answer("GetAvailability", response);
  const Ran ran = Run({"availability", "MUG-1", "S01", "--channel", "web"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk);
  EXPECT_EQ(ran.out,
            "SKU    LOCATION  ON HAND  RESERVED  COMMITTED  SAFETY  BUFFER  AVAILABLE  INCOMING  "
            "UNSELLABLE\n"
            "MUG-1  S01            12         3          0       0       0          9         0  "
            "         0\n");
  const auto request = server_.Requests<v1::GetAvailabilityRequest>("GetAvailability").at(0);
  EXPECT_EQ(request.sku(), "MUG-1");
  EXPECT_EQ(request.location(), "S01");
  EXPECT_EQ(request.channel(), "web");
}

TEST_F(CommandsTest, GoodsByWeightAreShownAndGivenInTheirUnit) {
  v1::BatchGetItemsResponse items;
  items.add_items()->set_sku("RICE");
  items.mutable_items(0)->set_scale(3);
  server_.Answer("BatchGetItems", items);
  v1::GetAvailabilityResponse response;
  *response.mutable_availability() = Figure("RICE", "S01", 12500, 9250);
  server_.Answer("GetAvailability", response);
  const Ran ran = Run({"availability", "RICE", "S01"});
  EXPECT_THAT(ran.out, HasSubstr("12.500"));
  EXPECT_THAT(ran.out, HasSubstr("3.250"));
  EXPECT_THAT(ran.out, HasSubstr("9.250"));
  EXPECT_THAT(Run({"availability", "RICE", "S01", "--json"}).out, HasSubstr("12500"))
      << "machines read the smallest unit, as in the contract";

  Run({"reserve", "basket-1", "RICE@S01:1.5"});
  const auto request = server_.Requests<v1::CreateReservationRequest>("CreateReservation").at(0);
  EXPECT_EQ(request.lines(0).quantity(), 1500);
}

TEST_F(CommandsTest, TooLittleIsANegativeAnswer) {
  v1::GetAvailabilityResponse response;
  *response.mutable_availability() = Figure("MUG-1", "S01", 12, 9);
  server_.Answer("GetAvailability", response);
  EXPECT_EQ(Run({"availability", "MUG-1", "S01", "--at-least", "9"}).exit_code, ExitCode::kOk);
  EXPECT_EQ(Run({"availability", "MUG-1", "S01", "--at-least", "10"}).exit_code,
            ExitCode::kNegative);
  server_.Answer("FindAvailability", v1::FindAvailabilityResponse());
  EXPECT_EQ(Run({"availability", "MUG-1", "--at-least", "1"}).exit_code, ExitCode::kNegative);
}

TEST_F(CommandsTest, WithoutALocationItSaysWhereItIs) {
  v1::FindAvailabilityResponse response;
  *response.add_availabilities() = Figure("MUG-1", "S02", 4, 4);
  response.mutable_availabilities(0)->set_distance_m(1234);
  server_.Answer("FindAvailability", response);
  const Ran ran = Run({"availability", "MUG-1", "--near=-33.9,18.4", "--purpose", "collect"});
  EXPECT_THAT(ran.out, HasSubstr("1.2 km"));
  const auto request = server_.Requests<v1::FindAvailabilityRequest>("FindAvailability").at(0);
  EXPECT_EQ(request.near().latitude(), -33.9);
  EXPECT_EQ(request.purpose(), v1::FULFILMENT_PURPOSE_COLLECT);
}

TEST_F(CommandsTest, ListsFollowPagesUpToTheLimit) {
  v1::ListAvailabilityResponse first;
  *first.add_availabilities() = Figure("A", "S01", 1, 1);
  *first.add_availabilities() = Figure("B", "S01", 1, 1);
  first.set_next_page_token("t1");
  v1::ListAvailabilityResponse second;
  *second.add_availabilities() = Figure("C", "S01", 1, 1);
  server_.Answer("ListAvailability", first);
  server_.Answer("ListAvailability", second);
  const Ran all = Run({"list", "--location", "S01", "--json"});
  EXPECT_EQ(nlohmann::json::parse(all.out)["availabilities"].size(), 3u);
  EXPECT_EQ(nlohmann::json::parse(all.out)["nextPageToken"], "");
  const auto requests = server_.Requests<v1::ListAvailabilityRequest>("ListAvailability");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[1].page_token(), "t1");

  ScriptedServer other;
  other.Answer("ListAvailability", first);
  const Ran cut = RunHere({"list", "--limit", "2", "--server", other.address()});
  EXPECT_THAT(cut.err, HasSubstr("There are more rows"));
  EXPECT_EQ(other.Requests<v1::ListAvailabilityRequest>("ListAvailability").at(0).page_size(), 2);
}

TEST_F(CommandsTest, ReserveSendsLinesAndShowsWhatWasGranted) {
  v1::CreateReservationResponse response;
  v1::Reservation& reservation = *response.mutable_reservation();
  reservation.set_reservation_id("r-1");
  reservation.set_state(v1::RESERVATION_STATE_HELD);
  *reservation.mutable_expire_time() = At("2026-11-22T12:15:00Z");
  v1::ReservationLine& line = *reservation.add_lines();
  line.mutable_position()->set_sku("MUG-1");
  line.mutable_position()->set_location("S01");
  line.set_requested(2);
  line.set_granted(2);
  line.set_held(2);
  server_.Answer("CreateReservation", response);
  const Ran ran = Run({"reserve", "r-1", "MUG-1@S01:2", "--ttl", "90s", "--channel", "web",
                       "--partial", "--owner", "o"});
  EXPECT_EQ(ran.out,
            "r-1 is held until 2026-11-22T12:15:00Z (in 15m)\n"
            "SKU    LOCATION  REQUESTED  GRANTED  HELD  COMMITTED  CONSUMED  RELEASED\n"
            "MUG-1  S01               2        2     2          0         0         0\n");
  const auto request = server_.Requests<v1::CreateReservationRequest>("CreateReservation").at(0);
  EXPECT_EQ(request.lines(0).quantity(), 2);
  EXPECT_EQ(request.ttl().seconds(), 90);
  EXPECT_TRUE(request.allow_partial());
}

TEST_F(CommandsTest, ARefusalIsExitCodeOneWithItsReason) {
  server_.Refuse("CreateReservation", grpc::StatusCode::FAILED_PRECONDITION, "INSUFFICIENT_STOCK",
                 "1 available, 2 requested", {{"sku", "MUG-1"}, {"location", "S01"}});
  const Ran ran = Run({"reserve", "r-1", "MUG-1@S01:2"});
  EXPECT_EQ(ran.exit_code, ExitCode::kRefused);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("reason: INSUFFICIENT_STOCK"));
  EXPECT_THAT(ran.err, HasSubstr("stockctl explain MUG-1@S01"));
  const Ran json = Run({"reserve", "r-1", "MUG-1@S01:2", "--json"});
  EXPECT_EQ(nlohmann::json::parse(json.err)["reason"], "INSUFFICIENT_STOCK");
}

// After a time-out the id on the screen is the only safe way to repeat the call.
TEST_F(CommandsTest, ChangesMakeAndShowARequestIdUnlessOneIsGiven) {
  v1::ReleaseReservationResponse response;
  response.mutable_reservation()->set_reservation_id("r-1");
  server_.Answer("ReleaseReservation", response);
  const Ran made = Run({"release", "r-1"});
  const Ran given = Run({"release", "r-1", "MUG-1@S01:1", "--request-id", "mine"});
  const auto requests = server_.Requests<v1::ReleaseReservationRequest>("ReleaseReservation");
  EXPECT_EQ(made.err, "request id: " + requests.at(0).request_id() + "\n");
  EXPECT_EQ(requests.at(0).request_id().size(), 36u);
  EXPECT_EQ(given.err, "");
  EXPECT_EQ(requests.at(1).request_id(), "mine");
  EXPECT_EQ(requests.at(1).lines(0).quantity(), 1);
}

TEST_F(CommandsTest, EveryChangeSaysOnTheWireWhatWasTyped) {
  server_.Answer("ExtendReservation", v1::ExtendReservationResponse());
  server_.Answer("ChangeReservation", v1::ChangeReservationResponse());
  server_.Answer("MoveReservation", v1::MoveReservationResponse());
  server_.Answer("CommitReservation", v1::CommitReservationResponse());
  Run({"extend", "r", "--ttl", "1h30m"});
  Run({"change", "r", "A@S1:0"});
  Run({"move", "r", "A", "S1", "S2"});
  Run({"move", "r", "A", "S1", "S2", "3"});
  Run({"commit", "r", "--order", "o-1", "A@S1:2", "--keep-rest"});
  Run({"commit", "r", "--order", "o-1"});
  EXPECT_EQ(server_.Requests<v1::ExtendReservationRequest>("ExtendReservation")[0].ttl().seconds(),
            5400);
  EXPECT_EQ(server_.Requests<v1::ChangeReservationRequest>("ChangeReservation")[0].lines_size(), 1);
  const auto moves = server_.Requests<v1::MoveReservationRequest>("MoveReservation");
  EXPECT_EQ(moves[0].moves(0).quantity(), 0);
  EXPECT_EQ(moves[1].moves(0).quantity(), 3);
  EXPECT_EQ(moves[1].moves(0).from_location(), "S1");
  EXPECT_EQ(moves[1].moves(0).to_location(), "S2");
  const auto commits = server_.Requests<v1::CommitReservationRequest>("CommitReservation");
  EXPECT_EQ(commits[0].remainder(), v1::REMAINDER_KEEP);
  EXPECT_EQ(commits[1].remainder(), v1::REMAINDER_RELEASE);
  EXPECT_EQ(commits[1].lines_size(), 0);
}

TEST_F(CommandsTest, ExplainShowsASumThatAddsUp) {
  v1::ExplainAvailabilityResponse response;
  *response.mutable_availability() = Figure("MUG-1", "S01", 107, 94);
  v1::Quantities& quantities = *response.mutable_availability()->mutable_quantities();
  quantities.set_reserved(4);
  quantities.set_committed(2);
  quantities.set_safety_stock(5);
  response.mutable_availability()->set_buffer(2);
  response.mutable_latest_count()->set_quantity(120);
  response.mutable_latest_count()->set_source("erp");
  *response.mutable_latest_count()->mutable_occurred_at() = At("2026-11-20T06:00:00Z");
  response.set_moved_since_count(-13);
  v1::ClaimTerm& hold = *response.add_claims();
  hold.set_reservation_id("r-17");
  hold.set_held(4);
  *hold.mutable_expire_time() = At("2026-11-22T12:03:00Z");
  v1::ClaimTerm& order = *response.add_claims();
  order.set_reservation_id("r-12");
  order.set_committed(2);
  order.set_order_id("o-77");
  *response.mutable_at() = At("2026-11-22T12:00:00Z");
  v1::JournalEntry& entry = *response.add_entries();
  entry.set_sequence(8812);
  entry.set_kind("sale");
  entry.set_quantity(1);
  entry.set_source("pos");
  entry.set_stated_quantity(-1);
  server_.Answer("ExplainAvailability", response);
  const Ran ran = Run({"explain", "MUG-1@S01", "--channel", "web"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk);
  EXPECT_THAT(ran.out,
              HasSubstr("MUG-1 at S01, as it was at 2026-11-22T12:00:00Z\n\n"
                        "TERM            UNITS  FROM\n"
                        "  latest count    120  2026-11-20T06:00:00Z by erp\n"
                        "+ moved since     -13\n"
                        "= on hand         107\n"
                        "- reserved          4\n"
                        "                    4    r-17, until 2026-11-22T12:03:00Z (in 3m)\n"
                        "- committed         2\n"
                        "                    2    r-12, order o-77\n"
                        "- safety stock      5\n"
                        "- buffer            2  kept back from web\n"
                        "= available        94\n"));
  EXPECT_THAT(ran.out, HasSubstr("8812  sale"));
}

TEST_F(CommandsTest, ExplainOfThePastSendsTheInstant) {
  server_.Answer("ExplainAvailability", v1::ExplainAvailabilityResponse());
  Run({"explain", "MUG-1@S01", "--at", "2026-11-22T10:00:00+03:00"});
  const auto request =
      server_.Requests<v1::ExplainAvailabilityRequest>("ExplainAvailability").at(0);
  EXPECT_EQ(request.at().seconds(), At("2026-11-22T07:00:00Z").seconds());
  EXPECT_EQ(Run({"explain", "MUG-1@S01", "--at", "yesterday"}).exit_code, ExitCode::kUsage);
}

TEST_F(CommandsTest, WatchShowsChangesAndEndsAfterItsCount) {
  v1::WatchAvailabilityResponse first;
  *first.add_availabilities() = Figure("MUG-1", "S01", 5, 5);
  first.set_cursor(7);
  first.set_caught_up(true);
  v1::WatchAvailabilityResponse second = first;
  second.mutable_availabilities(0)->set_available(3);
  second.set_cursor(8);
  server_.AnswerAll("WatchAvailability", {&first, &second});
  const Ran ran = Run({"watch", "--location", "S01", "--count", "2"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk);
  EXPECT_THAT(ran.out, HasSubstr("CHANGE"));
  EXPECT_THAT(ran.out, HasSubstr("-2"));
  EXPECT_THAT(ran.err, HasSubstr("Resume with --cursor 8"));
  const Ran json = Run({"watch", "--count", "2", "--json"});
  const std::string first_line = json.out.substr(0, json.out.find('\n'));
  EXPECT_EQ(nlohmann::json::parse(first_line)["cursor"], "7");
}

// A restart of the daemon must not end a watch that somebody left running, nor lose a change.
TEST_F(CommandsTest, WatchGoesOnFromItsCursorAfterTheStreamBroke) {
  v1::WatchAvailabilityResponse first;
  *first.add_availabilities() = Figure("MUG-1", "S01", 5, 5);
  first.set_cursor(7);
  server_.AnswerAll("WatchAvailability", {&first});
  server_.AnswerAll("WatchAvailability", {&first});
  const Ran ran = Run({"watch", "--changes-only", "--count", "2"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk);
  EXPECT_THAT(ran.err, HasSubstr("waiting for it to come back"));
  const auto requests = server_.Requests<v1::WatchAvailabilityRequest>("WatchAvailability");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_TRUE(requests[0].changes_only());
  EXPECT_FALSE(requests[1].changes_only());
  EXPECT_EQ(requests[1].cursor(), 7u);
}

TEST_F(CommandsTest, WatchThatIsRefusedSaysWhy) {
  server_.Refuse("WatchAvailability", grpc::StatusCode::NOT_FOUND, "LOCATION_UNKNOWN",
                 "no location S99", {});
  const Ran ran = Run({"watch", "--location", "S99"});
  EXPECT_EQ(ran.exit_code, ExitCode::kRefused);
  EXPECT_THAT(ran.err, HasSubstr("stockctl locations"));
}

TEST_F(CommandsTest, DriftIsExitCodeFour) {
  v1::VerifyResponse response;
  response.set_position_count(10);
  server_.Answer("Verify", response);
  response.set_drift_count(1);
  v1::Difference& difference = *response.add_differences();
  difference.set_subject("position MUG-1@S01");
  difference.set_quantity("reserved");
  difference.set_expected(4);
  difference.set_actual(5);
  server_.Answer("Verify", response);
  const Ran good = Run({"verify"});
  EXPECT_EQ(good.exit_code, ExitCode::kOk);
  EXPECT_THAT(good.out, HasSubstr("no drift: 10 positions"));
  const Ran bad = Run({"verify"});
  EXPECT_EQ(bad.exit_code, ExitCode::kNegative);
  EXPECT_THAT(bad.out, HasSubstr("position MUG-1@S01  reserved         4       5"));
}

TEST_F(CommandsTest, AWriterThatStoppedIsExitCodeFour) {
  v1::GetStatusResponse response;
  response.set_writer_state(v1::WRITER_STATE_RUNNING);
  server_.Answer("GetStatus", response);
  response.set_writer_state(v1::WRITER_STATE_FAILED);
  response.set_failure("disk full");
  server_.Answer("GetStatus", response);
  EXPECT_EQ(Run({"status"}).exit_code, ExitCode::kOk);
  const Ran failed = Run({"status"});
  EXPECT_EQ(failed.exit_code, ExitCode::kNegative);
  EXPECT_THAT(failed.out, HasSubstr("disk full"));
}

TEST_F(CommandsTest, QuarantineIsListedShownAndReplayed) {
  v1::Quarantined waiting;
  waiting.set_quarantine_id(42);
  waiting.set_source("pos");
  waiting.set_reason("SKU_UNKNOWN");
  waiting.set_advice("Import the item.");
  waiting.mutable_fact()->set_kind(v1::FACT_KIND_TRANSFER_OUT);
  waiting.mutable_fact()->set_sku("GHOST");
  v1::ListQuarantineResponse list;
  *list.add_facts() = waiting;
  server_.Answer("ListQuarantine", list);
  EXPECT_THAT(Run({"quarantine", "list", "--reason", "SKU_UNKNOWN"}).out,
              HasSubstr("42  pos     SKU_UNKNOWN  transfer out  GHOST"));
  v1::GetQuarantinedResponse one;
  *one.mutable_fact() = waiting;
  server_.Answer("GetQuarantined", one);
  EXPECT_THAT(Run({"quarantine", "show", "42"}).out, HasSubstr("Import the item."));
  v1::ReplayQuarantineResponse replayed;
  replayed.set_applied(1);
  server_.Answer("ReplayQuarantine", replayed);
  replayed.set_waiting(2);
  server_.Answer("ReplayQuarantine", replayed);
  EXPECT_EQ(Run({"quarantine", "replay", "42", "43", "--accept-late"}).exit_code, ExitCode::kOk);
  EXPECT_EQ(Run({"quarantine", "replay", "--source", "pos"}).exit_code, ExitCode::kNegative);
  const auto requests = server_.Requests<v1::ReplayQuarantineRequest>("ReplayQuarantine");
  EXPECT_EQ(requests[0].quarantine_ids_size(), 2);
  EXPECT_TRUE(requests[0].accept_late());
  EXPECT_EQ(requests[1].source(), "pos");
  EXPECT_EQ(Run({"quarantine", "replay", "42", "--source", "pos"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"quarantine", "show", "x"}).exit_code, ExitCode::kUsage);
}

TEST_F(CommandsTest, ShortfallsAreANegativeAnswer) {
  server_.Answer("ListShortfalls", v1::ListShortfallsResponse());
  v1::ListShortfallsResponse some;
  some.add_shortfalls()->set_missing(3);
  server_.Answer("ListShortfalls", some);
  EXPECT_EQ(Run({"shortfalls"}).exit_code, ExitCode::kOk);
  EXPECT_EQ(Run({"shortfalls"}).exit_code, ExitCode::kNegative);
}

TEST_F(CommandsTest, JsonShowsZerosToo) {
  server_.Answer("GetStatus", v1::GetStatusResponse());
  EXPECT_EQ(nlohmann::json::parse(Run({"status", "--json"}).out)["queueDepth"], "0");
}

TEST_F(CommandsTest, AnOldDaemonIsRecognised) {
  const Ran ran = Run({"status"});  // Not scripted: UNIMPLEMENTED.
  EXPECT_EQ(ran.exit_code, ExitCode::kRefused);
  EXPECT_THAT(ran.err, HasSubstr("is it older than this stockctl?"));
}

TEST(Unreachable, NoDaemonIsExitCodeThree) {
  std::string address;
  {
    const ScriptedServer gone;
    address = gone.address();
  }
  const Ran ran = RunHere({"status", "--server", address});
  EXPECT_EQ(ran.exit_code, ExitCode::kUnreachable);
  EXPECT_THAT(ran.err, HasSubstr("no daemon answers at " + address));
}

TEST(Unreachable, TlsFilesThatCannotBeReadAreAUsageError) {
  EXPECT_EQ(RunHere({"status", "--ca", "no/such.pem"}).exit_code, ExitCode::kUsage);
  EXPECT_THAT(RunHere({"status", "--cert", "c.pem"}).err, HasSubstr("--cert and --key"));
}

}  // namespace
}  // namespace stockd::ctl
