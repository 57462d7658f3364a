// The commands about how sources fare, their devices and what differs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "daemon/ctl/format.h"
#include "stockd/v1/adapter_service.pb.h"
#include "stockd/v1/reconciliation_service.pb.h"
#include "tests/ctl/run_stockctl.h"
#include "tests/ctl/scripted_server.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;

class ReconciliationCommands : public testing::Test {
 protected:
  Ran Run(std::vector<std::string> words) {
    words.insert(words.end(), {"--server", server_.address()});
    return RunHere(words);
  }
  // One reconciliation with one difference, or none.
  static v1::GetReconciliationResponse Found(bool differs) {
    v1::GetReconciliationResponse response;
    v1::Reconciliation& sums = *response.mutable_reconciliation();
    sums.set_reconciliation_id("reconcile-1");
    sums.set_source("web");
    *sums.mutable_as_of() = ToProto(*ParseTimestamp("2026-11-22T12:15:00Z"));
    sums.set_position_count(2);
    if (!differs) return response;
    sums.set_drift_positions(1);
    sums.set_drift(3);
    (*sums.mutable_drift_value_micros())["EUR"] = -7'500'000;
    v1::Drift& drift = *response.add_drifts();
    drift.mutable_position()->set_sku("MUG-1");
    drift.mutable_position()->set_location("S01");
    drift.set_expected(10);
    drift.set_stated(7);
    drift.set_value_micros(-7'500'000);
    drift.set_currency("EUR");
    drift.set_cause(v1::DRIFT_CAUSE_LEVEL_IN_FLIGHT);
    return response;
  }

  ScriptedServer server_;
};

TEST_F(ReconciliationCommands, SourcesShowInOneScreenHowEachFares) {
  v1::ListSourcesResponse response;
  v1::Source& source = *response.add_sources();
  source.set_source("pos");
  source.set_kind("pos");
  source.set_connected(true);
  *source.mutable_newest_fact_time() = ToProto(*ParseTimestamp("2026-11-22T12:15:00Z"));
  source.set_fact_lag_us(3'600'000'000);
  source.set_level_lag(1'234'567);
  *source.mutable_reconcile_time() = source.newest_fact_time();
  source.set_drift(4);
  source.set_missing_numbers(2);
  source.set_refused_levels(1);
  source.set_echoes(9);
  source.set_quarantined(3);
  source.mutable_health()->set_outbox_depth(17);
  source.mutable_health()->set_trouble("disk full");
  response.add_sources()->set_source("web");
  server_.Answer("ListSources", response);
  const Ran ran = Run({"sources"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("disk full"));
  std::istringstream lines(ran.out);
  std::string header;
  std::string row;
  std::getline(lines, header);
  std::getline(lines, row);
  for (const char* value : {"1h", "1234567", "4", "2", "1", "9", "3", "17"}) {
    EXPECT_THAT(row, HasSubstr(value));
  }
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U);
  EXPECT_LE(header.size(), 120U);
  EXPECT_LE(row.size(), 120U);
  EXPECT_EQ(nlohmann::json::parse(Run({"sources", "--json"}).out)["sources"].size(), 2U);
}

TEST_F(ReconciliationCommands, DevicesShowWhatIsMissing) {
  v1::ListDevicesResponse response;
  v1::Device& device = *response.add_devices();
  device.set_source("pos");
  device.set_device("till-1");
  device.set_first(1);
  device.set_complete_until(6);
  device.set_newest(12);
  device.set_missing(4);
  device.add_gaps()->set_first(7);
  device.mutable_gaps(0)->set_last(9);
  device.add_gaps()->set_first(11);
  device.mutable_gaps(1)->set_last(11);
  server_.Answer("ListDevices", response);
  const Ran ran = Run({"sources", "devices", "pos", "--incomplete"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("7-9, 11"));
  const auto request = server_.Requests<v1::ListDevicesRequest>("ListDevices").at(0);
  EXPECT_EQ(request.source(), "pos");
  EXPECT_TRUE(request.incomplete_only());
}

TEST_F(ReconciliationCommands, ReconcileWaitsForTheAnswerAndSaysThatSomethingDiffers) {
  v1::StartReconciliationResponse started;
  started.set_reconciliation_id("reconcile-1");
  server_.Answer("StartReconciliation", started);
  server_.Refuse("GetReconciliation", grpc::StatusCode::NOT_FOUND, "RECONCILIATION_UNKNOWN",
                 "not yet", {});
  server_.Answer("GetReconciliation", Found(true));
  const Ran ran = Run({"sources", "reconcile", "web", "--location", "S01", "--wait"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNegative) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("level in flight"));
  EXPECT_THAT(ran.out, HasSubstr("-7.50 EUR"));
  const auto request =
      server_.Requests<v1::StartReconciliationRequest>("StartReconciliation").at(0);
  EXPECT_EQ(request.source(), "web");
  EXPECT_EQ(request.locations(0), "S01");
}

TEST_F(ReconciliationCommands, ReconcileWithoutWaitingSaysWhereToLook) {
  v1::StartReconciliationResponse started;
  started.set_reconciliation_id("reconcile-1");
  server_.Answer("StartReconciliation", started);
  EXPECT_THAT(Run({"sources", "reconcile", "web"}).out,
              HasSubstr("stockctl reconciliations show web reconcile-1"));
}

TEST_F(ReconciliationCommands, ASourceThatIsNotConnectedIsARefusalWithAdvice) {
  server_.Refuse("StartReconciliation", grpc::StatusCode::FAILED_PRECONDITION,
                 "SOURCE_NOT_CONNECTED", "no session", {});
  const Ran ran = Run({"sources", "reconcile", "web"});
  EXPECT_EQ(ran.exit_code, ExitCode::kRefused);
  EXPECT_THAT(ran.err, HasSubstr("Start the source's adapter"));
}

TEST_F(ReconciliationCommands, ShowExitsWithTheVerdict) {
  server_.Answer("GetReconciliation", Found(false));
  EXPECT_EQ(Run({"reconciliations", "show", "web", "reconcile-1"}).exit_code, ExitCode::kOk);
  const auto request = server_.Requests<v1::GetReconciliationRequest>("GetReconciliation").at(0);
  EXPECT_EQ(request.source(), "web");
  EXPECT_EQ(request.reconciliation_id(), "reconcile-1");
}

TEST_F(ReconciliationCommands, ListShowsUnitsAndWorth) {
  v1::ListReconciliationsResponse response;
  *response.add_reconciliations() = Found(true).reconciliation();
  server_.Answer("ListReconciliations", response);
  const Ran ran = Run({"reconciliations", "list", "--source", "web"});
  EXPECT_THAT(ran.out, HasSubstr("reconcile-1"));
  EXPECT_THAT(ran.out, HasSubstr("-7.50 EUR"));
}

TEST_F(ReconciliationCommands, RepairNamesPositionsAndReportsWhatWasDone) {
  v1::RepairDriftResponse response;
  response.set_repaired(1);
  response.set_overtaken(2);
  server_.Answer("RepairDrift", response);
  const Ran ran = Run({"reconciliations", "repair", "web", "reconcile-1", "MUG-1@S01"});
  EXPECT_EQ(ran.out, "1 repaired, 2 had been counted again since.\n");
  const auto request = server_.Requests<v1::RepairDriftRequest>("RepairDrift").at(0);
  ASSERT_EQ(request.positions_size(), 1);
  EXPECT_EQ(request.positions(0).sku(), "MUG-1");
  EXPECT_EQ(request.positions(0).location(), "S01");
}

TEST_F(ReconciliationCommands, ACommandThatIsAlsoAFirstWordHasItsOwnHelp) {
  EXPECT_THAT(RunHere({"sources", "--help"}).out, HasSubstr("how they fare"));
  EXPECT_THAT(RunHere({"sources", "devices", "--help"}).out, HasSubstr("missing from their"));
}

}  // namespace
}  // namespace stockd::ctl
