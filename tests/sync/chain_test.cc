// The promise of synchronisation: an ERP, tills and web shops do their worst, and once all is quiet
// every one of them shows the daemon's figure, which is what is physically there; messages come to
// an end, and nothing is lost. Then each rule is broken once, and a seed notices.
#include <cstdio>
#include <ostream>

#include "tests/support/seeds.h"
#include "tests/sync/chain_world.h"

namespace stockd::support {
namespace {

constexpr int kSteps = 120;

class Chain : public ChainFixture {};

TEST_F(Chain, ComesToRestWithTheSameTrueFiguresEverywhere) {
  int cuts = 0;
  ForEachSeed(40, [&](uint64_t seed) {
    ChainWorld world(*this, seed);
    const std::string fault = world.Run(kSteps);
    cuts += world.power_cut_count();
    if (!fault.empty()) FAIL() << fault;
  });
  std::printf("The power was cut %d times.\n", cuts);
  std::string differences;
  for (const storage::Difference& difference : reader().Verify(10).differences) {
    differences += difference.subject + " " + difference.quantity + ": expected " +
                   std::to_string(difference.expected) + ", is " +
                   std::to_string(difference.actual) + "\n";
  }
  EXPECT_EQ(differences, "");
}

struct BrokenRule {
  Fault fault;
  int seeds_max;  // Within so many it is noticed.
};

void PrintTo(const BrokenRule& rule, std::ostream* out) { *out << NameOf(rule.fault); }

class BrokenChain : public ChainFixture, public testing::WithParamInterface<BrokenRule> {};

TEST_P(BrokenChain, IsNoticed) {
  Break(GetParam().fault);
  for (int seed = 1; seed <= GetParam().seeds_max; ++seed) {
    const std::string fault = ChainWorld(*this, static_cast<uint64_t>(seed)).Run(kSteps);
    if (fault.empty()) continue;
    std::printf("%s: seed %d, %s\n", NameOf(GetParam().fault).c_str(), seed, fault.c_str());
    return;
  }
  FAIL() << "nobody noticed in " << GetParam().seeds_max << " seeds";
}

INSTANTIATE_TEST_SUITE_P(
    , BrokenChain,
    testing::Values(
        BrokenRule{Fault::kForgetsFacts, 10}, BrokenRule{Fault::kForgetsLaterDeltas, 20},
        BrokenRule{Fault::kForgetsConfirmingCounts, 50},
        BrokenRule{Fault::kForgetsShownFigures, 30}, BrokenRule{Fault::kForgetsLevelsSent, 10},
        BrokenRule{Fault::kForgetsRefusedLevels, 20}, BrokenRule{Fault::kForgetsGaps, 50},
        BrokenRule{Fault::kForgetsWaitingFacts, 10}, BrokenRule{Fault::kForgetsRules, 20},
        BrokenRule{Fault::kSkipsAnUpdate, 10}, BrokenRule{Fault::kSendsWithoutCommitting, 10},
        BrokenRule{Fault::kTakesDifferencesForCounts, 10}, BrokenRule{Fault::kLosesSyncs, 20},
        BrokenRule{Fault::kAcknowledgesFailures, 20}, BrokenRule{Fault::kReturnsQuotasUnasked, 20}),
    [](const testing::TestParamInfo<BrokenRule>& test) { return NameOf(test.param.fault); });

}  // namespace

std::string NameOf(Fault fault) {
  switch (fault) {
    case Fault::kNone: return "Nothing";
    case Fault::kForgetsFacts: return "ForgetsFacts";
    case Fault::kForgetsLaterDeltas: return "ForgetsLaterDeltas";
    case Fault::kForgetsConfirmingCounts: return "ForgetsConfirmingCounts";
    case Fault::kForgetsShownFigures: return "ForgetsShownFigures";
    case Fault::kForgetsLevelsSent: return "ForgetsLevelsSent";
    case Fault::kForgetsRefusedLevels: return "ForgetsRefusedLevels";
    case Fault::kForgetsGaps: return "ForgetsGaps";
    case Fault::kForgetsWaitingFacts: return "ForgetsWaitingFacts";
    case Fault::kAcknowledgesFailures: return "AcknowledgesFailures";
    case Fault::kLosesSyncs: return "LosesSyncs";
    case Fault::kForgetsRules: return "ForgetsRules";
    case Fault::kSkipsAnUpdate: return "SkipsAnUpdate";
    case Fault::kSendsWithoutCommitting: return "SendsWithoutCommitting";
    case Fault::kTakesDifferencesForCounts: return "TakesDifferencesForCounts";
    case Fault::kReturnsQuotasUnasked: return "ReturnsQuotasUnasked";
  }
  return "unknown";
}

}  // namespace stockd::support
