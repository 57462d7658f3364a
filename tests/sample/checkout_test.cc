#include "adapters/sample/checkout.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

namespace stockd::sample {
namespace {

// Notes the steps of each basket.
class NotedCalls final : public Checkout::Calls {
 public:
  using Notes = std::map<std::string, std::vector<BasketStepKind>>;

  explicit NotedCalls(Notes* notes) : notes_(notes) {}

  Outcome Make(const BasketStep& step) override {
    const std::scoped_lock lock(mutex_);
    (*notes_)[step.basket].push_back(step.kind);
    if (step.basket == "scarce") return Outcome::kRefused;
    return step.basket == "lost" ? Outcome::kFailed : Outcome::kDone;
  }

 private:
  std::mutex mutex_;
  Notes* const notes_;
};

TEST(SampleCheckout, StepsOfABasketStayInOrder) {
  NotedCalls::Notes notes;
  Checkout checkout(std::make_unique<NotedCalls>(&notes));
  constexpr int kBaskets = 200;
  for (const auto kind :
       {BasketStepKind::kHold, BasketStepKind::kCommit, BasketStepKind::kRelease}) {
    for (int basket = 0; basket < kBaskets; ++basket) {
      checkout.Take({.basket = fmt::format("b{}", basket), .kind = kind}, {});
    }
  }
  checkout.WaitUntilIdle({});
  ASSERT_EQ(notes.size(), static_cast<size_t>(kBaskets));
  for (const auto& [basket, kinds] : notes) {
    EXPECT_EQ(kinds, (std::vector{BasketStepKind::kHold, BasketStepKind::kCommit,
                                  BasketStepKind::kRelease}));
  }
  EXPECT_EQ(checkout.counts().held, kBaskets);
  EXPECT_EQ(checkout.counts().released, kBaskets);
}

TEST(SampleCheckout, RefusalsAreCountedApartFromFailures) {
  NotedCalls::Notes notes;
  Checkout checkout(std::make_unique<NotedCalls>(&notes));
  checkout.Take({.basket = "scarce"}, {});
  checkout.Take({.basket = "lost"}, {});
  checkout.WaitUntilIdle({});
  EXPECT_EQ(checkout.counts().refused, 1);
  EXPECT_EQ(checkout.counts().failed, 1);
  EXPECT_EQ(checkout.counts().held, 0);
}

}  // namespace
}  // namespace stockd::sample
