#include "tests/system/retail_shop.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/system/patient_call.h"
#include "tests/system/stockctl.h"

namespace stockd::system_test {
namespace {

using std::chrono::seconds;
using support::In;
using support::WaitUntil;

constexpr size_t kLogTail = 3000;
constexpr uint64_t kCheckouts = 4;

FilesAdapterOptions AdapterOptions(const std::string& source, const std::filesystem::path& folder,
                                   const std::string& address, std::string mapping) {
  return {.source = source,
          .role = source,
          .folder = folder,
          .daemon_address = address,
          .mapping = std::move(mapping)};
}

std::vector<PositionName> Positions(const RetailData& data) {
  std::vector<PositionName> positions;
  for (const auto& [sku, name] : data.items) {
    for (const std::string& location : kLocations) positions.emplace_back(sku, location);
  }
  return positions;
}

// The first few differences, one a line.
std::string Differences(const LevelsByPosition& expected, const LevelsByPosition& actual) {
  constexpr int kShown = 5;
  std::string text;
  int count = 0;
  for (const auto& [position, row] : expected) {
    const auto found = actual.find(position);
    if (found != actual.end() && found->second == row) continue;
    if (++count > kShown) continue;
    text += position.first + "@" + position.second + ": on hand " + std::to_string(row.on_hand) +
            " available " + std::to_string(row.available) + " expected, ";
    text += found == actual.end() ? "not there\n"
                                  : std::to_string(found->second.on_hand) + " and " +
                                        std::to_string(found->second.available) + " found\n";
  }
  for (const auto& [position, row] : actual) {
    if (!expected.contains(position) && ++count <= kShown) {
      text += position.first + "@" + position.second + " should not be there\n";
    }
  }
  return count == 0 ? "" : std::to_string(count) + " positions differ:\n" + text;
}

}  // namespace

RetailShop::RetailShop(const RetailData& data, uint64_t seed)
    : daemon_({.folder = folder_.path(),
               .sources = {{.id = "erp", .kind = "erp"},
                           {.id = "pos", .kind = "pos"},
                           {.id = "web", .kind = "web"}},
               .more_config = "[facts]\nlook_back = \"36500d\"\n"}),
      adapters_{
          FilesAdapter(AdapterOptions("erp", folder_.path(), daemon_.address(), "")),
          FilesAdapter(AdapterOptions("pos", folder_.path(), daemon_.address(), PosMapping())),
          FilesAdapter(AdapterOptions("web", folder_.path(), daemon_.address(), WebMapping()))},
      positions_(Positions(data)),
      seed_(seed) {}

bool RetailShop::Start() {
  if (!daemon_.Start()) {
    ADD_FAILURE() << "the daemon does not start:\n" << daemon_.log();
    return false;
  }
  client_.emplace(daemon_.address());
  for (FilesAdapter& adapter : adapters_) adapter.Start();
  for (uint64_t i = 0; i < kCheckouts; ++i) {
    checkouts_.push_back(
        std::make_unique<ClaimWorker>(ClaimWorker::Options{.address = daemon_.address(),
                                                           .name = "checkout" + std::to_string(i),
                                                           .positions = positions_,
                                                           .seed = seed_ * kCheckouts + i,
                                                           .names_may_be_unknown = true}));
  }
  return true;
}

FilesAdapter& RetailShop::adapter(const std::string& source) {
  return *std::ranges::find(adapters_, source, &FilesAdapter::source);
}

void RetailShop::Drop(const RetailFileText& file, const std::string& name) {
  adapter(file.source).Drop(name, file.content);
  ++events_.files_dropped;
  events_.rows_dropped[file.source] += file.row_count;
}

bool RetailShop::KillOne(support::Random& random) {
  if (random.Percent(50)) {
    ++events_.kills["daemon"];
    daemon_.Kill();
    if (daemon_.Start()) return true;
    ADD_FAILURE() << "the daemon does not start again:\n" << daemon_.log();
    return false;
  }
  FilesAdapter& adapter = adapters_[random.Below(adapters_.size())];
  ++events_.kills[adapter.source()];
  adapter.Kill();
  adapter.Start();
  return true;
}

bool RetailShop::WaitUntilTaken(std::chrono::milliseconds patience) {
  return WaitUntil(In(patience), [this] {
    return std::ranges::all_of(
        adapters_, [](const FilesAdapter& adapter) { return adapter.open_file_count() == 0; });
  });
}

int64_t RetailShop::kill_count() const {
  int64_t count = 0;
  for (const auto& [victim, kills] : events_.kills) count += kills;
  return count;
}

void RetailShop::CloseCheckouts() {
  for (const auto& checkout : checkouts_) {
    checkout->Stop();
    checkout->ReleaseHeld();
  }
}

ClaimWorker::Tally RetailShop::CheckoutTally() const {
  ClaimWorker::Tally sum;
  for (const auto& checkout : checkouts_) {
    const ClaimWorker::Tally& tally = checkout->tally();
    sum.granted += tally.granted;
    sum.refused += tally.refused;
    sum.committed += tally.committed;
    sum.released += tally.released;
    sum.replayed += tally.replayed;
    sum.repeated += tally.repeated;
  }
  return sum;
}

void RetailShop::ExpectLevels(const LevelsByPosition& expected, seconds patience) {
  const auto deadline = In(patience);
  for (const FilesAdapter& adapter : adapters_) {
    std::string differences;
    const bool is_equal = WaitUntil(deadline, [&] {
      const std::optional<LevelsByPosition> levels = adapter.Levels();
      differences = levels ? Differences(expected, *levels) : "the file cannot be read\n";
      return differences.empty();
    });
    EXPECT_TRUE(is_equal) << "level file of " << adapter.source() << ": " << differences;
  }
}

std::map<std::pair<std::string, std::string>, int64_t> RetailShop::QuarantinedBySourceAndReason() {
  std::map<std::pair<std::string, std::string>, int64_t> counts;
  v1::ListQuarantineRequest request;
  request.set_page_size(1000);
  do {
    v1::ListQuarantineResponse response;
    int64_t repeated = 0;
    const grpc::Status status = CallUntilAnswered(*client_, client_->adapter(),
                                                  &support::GrpcClient::Adapter::ListQuarantine,
                                                  request, response, repeated);
    EXPECT_TRUE(status.ok()) << support::Describe(status);
    for (const v1::Quarantined& waiting : response.facts()) {
      ++counts[{waiting.source(), waiting.reason()}];
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return counts;
}

void RetailShop::ExpectQuarantined(const std::string& reason,
                                   const std::map<std::string, int64_t>& counts) {
  std::map<std::pair<std::string, std::string>, int64_t> expected;
  for (const auto& [source, count] : counts) expected[{source, reason}] = count;
  std::map<std::pair<std::string, std::string>, int64_t> found;
  const bool is_equal = WaitUntil(In(), [&] {
    found = QuarantinedBySourceAndReason();
    return found == expected;
  });
  std::string text;
  for (const auto& [place, count] : found) {
    text += place.first + " " + place.second + " " + std::to_string(count) + "\n";
  }
  EXPECT_TRUE(is_equal) << "in quarantine are:\n" << text;
}

std::map<std::string, int64_t> RetailShop::AppliedFacts() {
  v1::ListSourcesResponse response;
  int64_t repeated = 0;
  const grpc::Status status =
      CallUntilAnswered(*client_, client_->adapter(), &support::GrpcClient::Adapter::ListSources,
                        v1::ListSourcesRequest(), response, repeated);
  EXPECT_TRUE(status.ok()) << support::Describe(status);
  std::map<std::string, int64_t> applied;
  for (const v1::Source& source : response.sources()) {
    applied[source.source()] = source.facts_applied();
  }
  return applied;
}

std::string RetailShop::ExpectNoDrift() {
  const support::CommandResult verify = RunStockctl(daemon_.address(), {"verify"});
  EXPECT_EQ(verify.exit, support::ExitStatus{}) << verify.output << verify.error_output;
  return verify.output;
}

std::string RetailShop::Explain(const PositionName& position) {
  const support::CommandResult explain = RunStockctl(
      daemon_.address(), {"explain", position.first + "@" + position.second, "--entries", "5"});
  EXPECT_EQ(explain.exit, support::ExitStatus{}) << explain.output << explain.error_output;
  return explain.output;
}

std::string RetailShop::LogTails() const {
  const auto tail = [](const std::string& log) {
    return log.substr(log.size() - std::min(log.size(), kLogTail));
  };
  std::string text = "--- stockd\n" + tail(daemon_.log());
  for (const FilesAdapter& adapter : adapters_) {
    text += "--- " + adapter.source() + "\n" + tail(adapter.log());
  }
  return text;
}

}  // namespace stockd::system_test
