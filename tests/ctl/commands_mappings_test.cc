// The commands about sources' names, bundles and the work list of quarantine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "stockd/v1/adapter_service.pb.h"
#include "stockd/v1/mapping_service.pb.h"
#include "tests/ctl/run_stockctl.h"
#include "tests/ctl/scripted_server.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;

class MappingCommands : public testing::Test {
 protected:
  Ran Run(std::vector<std::string> words) {
    words.insert(words.end(), {"--server", server_.address()});
    return RunHere(words);
  }

  ScriptedServer server_;
};

TEST_F(MappingCommands, APutSaysWhatACodeMeans) {
  v1::PutMappingsResponse response;
  response.set_replaying(3);
  server_.Answer("PutMappings", response);
  const Ran ran = Run({"mappings", "put", "--source", "pos", "--code", "CASE", "--sku", "MUG",
                       "--numerator", "12"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(ran.out, "In force.\n3 waiting facts are being tried again.\n");
  EXPECT_EQ(Run({"mappings", "put", "--code", "P1", "--location", "S01"}).exit_code, ExitCode::kOk);
  const auto requests = server_.Requests<v1::PutMappingsRequest>("PutMappings");
  EXPECT_EQ(requests[0].skus(0).source(), "pos");
  EXPECT_EQ(requests[0].skus(0).unit_numerator(), 12);
  EXPECT_EQ(requests[0].skus(0).unit_denominator(), 1);
  EXPECT_EQ(requests[1].locations(0).location(), "S01");
  EXPECT_EQ(Run({"mappings", "put", "--code", "A"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"mappings", "put", "--code", "A", "--sku", "B", "--location", "C"}).exit_code,
            ExitCode::kUsage);
  EXPECT_EQ(
      Run({"mappings", "put", "--code", "A", "--location", "C", "--numerator", "2"}).exit_code,
      ExitCode::kUsage);
  EXPECT_EQ(Run({"mappings", "put", "--sku", "A"}).exit_code, ExitCode::kUsage);
}

TEST_F(MappingCommands, ARemovalNamesTheKindOfCode) {
  server_.Answer("PutMappings", v1::PutMappingsResponse());
  EXPECT_EQ(Run({"mappings", "remove", "--source", "pos", "--code", "A"}).out, "Removed.\n");
  Run({"mappings", "remove", "--source", "pos", "--code", "A", "--of-location"});
  const auto requests = server_.Requests<v1::PutMappingsRequest>("PutMappings");
  EXPECT_TRUE(requests[0].remove());
  EXPECT_EQ(requests[0].skus_size(), 1);
  EXPECT_EQ(requests[1].locations_size(), 1);
}

TEST_F(MappingCommands, AListFollowsThePages) {
  v1::ListMappingsResponse page;
  v1::SkuMapping& sku = *page.add_skus();
  sku.set_source("pos");
  sku.set_code("G");
  sku.set_sku("HAM");
  sku.set_unit_numerator(1);
  sku.set_unit_denominator(10);
  page.set_next_page_token("t");
  server_.Answer("ListMappings", page);
  v1::ListMappingsResponse last;
  last.add_locations()->set_code("P1");
  last.mutable_locations(0)->set_location("S01");
  server_.Answer("ListMappings", last);
  EXPECT_EQ(Run({"mappings", "list"}).out,
            "SOURCE          CODE  MEANS     NAME  UNITS\n"
            "pos             G     item      HAM    1/10\n"
            "(every source)  P1    location  S01\n");
}

TEST_F(MappingCommands, AFileOfMappingsIsImported) {
  server_.Answer("PutMappings", v1::PutMappingsResponse());
  const auto path = std::filesystem::path(testing::TempDir()) / "stockctl_mappings_test.csv";
  std::ofstream(path) << "source,code,sku,unit_numerator\npos,A,MUG,12\n,B,TEA,\n";
  const Ran ran = Run({"mappings", "import", path.string()});
  std::filesystem::remove(path);
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(ran.out, "mappings: 2 rows applied.\n");
  const auto requests = server_.Requests<v1::PutMappingsRequest>("PutMappings");
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].skus(0).unit_numerator(), 12);
  EXPECT_EQ(requests[0].skus(1).source(), "");
}

TEST_F(MappingCommands, ABundleIsPutWithItsParts) {
  server_.Answer("PutBundles", v1::PutBundlesResponse());
  EXPECT_EQ(Run({"bundles", "put", "GIFT", "MUG:2", "A:B:1"}).exit_code, ExitCode::kOk);
  EXPECT_EQ(Run({"bundles", "put", "GIFT", "--dissolve"}).exit_code, ExitCode::kOk);
  const auto requests = server_.Requests<v1::PutBundlesRequest>("PutBundles");
  EXPECT_EQ(requests[0].bundles(0).parts(0).quantity(), 2);
  EXPECT_EQ(requests[0].bundles(0).parts(1).sku(), "A:B");
  EXPECT_EQ(requests[1].bundles(0).parts_size(), 0);
  EXPECT_EQ(Run({"bundles", "put", "GIFT"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"bundles", "put", "GIFT", "MUG"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"bundles", "put", "GIFT", "MUG:x"}).exit_code, ExitCode::kUsage);
  v1::ListBundlesResponse list;
  *list.add_bundles() = requests[0].bundles(0);
  server_.Answer("ListBundles", list);
  EXPECT_EQ(Run({"bundles", "list"}).out,
            "BUNDLE  PART  UNITS\n"
            "GIFT    MUG       2\n"
            "GIFT    A:B       1\n");
}

TEST_F(MappingCommands, QuarantineIsAWorkList) {
  v1::SummarizeQuarantineResponse response;
  v1::QuarantineGroup& group = *response.add_groups();
  group.set_source("pos");
  group.set_reason("SKU_UNKNOWN");
  group.set_name("X");
  group.set_count(7);
  group.set_example_id(42);
  group.set_command("stockctl mappings put --source pos --code X --sku SKU");
  server_.Answer("SummarizeQuarantine", response);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"quarantine"}, {"quarantine", "summary"}}) {
    const Ran ran = Run(words);
    EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("    7  pos     SKU_UNKNOWN  X"));
    EXPECT_THAT(ran.out, HasSubstr("stockctl mappings put --source pos --code X --sku SKU\n"));
  }
}

TEST_F(MappingCommands, ARejectionNeedsItsReasonAndAFilter) {
  v1::RejectQuarantinedResponse response;
  response.set_rejected(2);
  server_.Answer("RejectQuarantined", response);
  EXPECT_THAT(Run({"quarantine", "reject", "4", "5", "--note", "why"}).out,
              HasSubstr("2 facts were given up."));
  Run({"quarantine", "reject", "--source", "pos", "--reason", "EVENT_DIFFERS", "--note", "why"});
  const auto requests = server_.Requests<v1::RejectQuarantinedRequest>("RejectQuarantined");
  EXPECT_EQ(requests[0].quarantine_ids_size(), 2);
  EXPECT_EQ(requests[0].note(), "why");
  EXPECT_EQ(requests[1].reason(), "EVENT_DIFFERS");
  EXPECT_EQ(Run({"quarantine", "reject", "4"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"quarantine", "reject", "--note", "why"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"quarantine", "reject", "--source", "pos", "--note", "why"}).exit_code,
            ExitCode::kUsage);
  EXPECT_EQ(Run({"quarantine", "reject", "4", "--source", "pos", "--note", "why"}).exit_code,
            ExitCode::kUsage);
}

}  // namespace
}  // namespace stockd::ctl
