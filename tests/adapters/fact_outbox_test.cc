#include "adapters/sdk/fact_outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/scripted_daemon.h"

namespace stockd::sdk {
namespace {

using adapters_test::MakeFact;
using ::testing::ElementsAre;

constexpr FactOutbox::Limits kLimits{.batch_size_max = 2, .batches_in_flight_max = 2};

std::vector<std::string> Ids(const v1::FactBatch& batch) {
  std::vector<std::string> ids;
  for (const v1::Fact& fact : batch.facts()) ids.push_back(fact.event_id());
  return ids;
}

v1::BatchAck AckOf(const v1::FactBatch& batch) {
  v1::BatchAck ack;
  ack.set_batch(batch.batch());
  ack.set_applied(batch.facts_size());
  return ack;
}

class FactOutboxTest : public ::testing::Test {
 protected:
  void Add(int count) {
    for (int i = 0; i < count; ++i) outbox_.Add(MakeFact(std::to_string(++added_)));
  }
  v1::FactBatch Take() {
    v1::FactBatch batch;
    EXPECT_TRUE(outbox_.HasBatch(kLimits));
    outbox_.TakeBatch(kLimits, &batch);
    return batch;
  }

  FactOutbox outbox_;
  int added_ = 0;
};

// Waiting for a full batch would hold back the only sale of a quiet hour.
TEST_F(FactOutboxTest, AnIdleLineTakesASmallBatchAtOnce) {
  EXPECT_FALSE(outbox_.HasBatch(kLimits));
  Add(1);
  EXPECT_THAT(Ids(Take()), ElementsAre("1"));
  Add(1);
  EXPECT_FALSE(outbox_.HasBatch(kLimits));
  Add(1);
  EXPECT_THAT(Ids(Take()), ElementsAre("2", "3"));
}

TEST_F(FactOutboxTest, NoMoreBatchesGoThanTheDaemonAllows) {
  Add(6);
  const v1::FactBatch first = Take();
  Take();
  EXPECT_FALSE(outbox_.HasBatch(kLimits));
  EXPECT_TRUE(outbox_.Acknowledge(AckOf(first)));
  EXPECT_THAT(Ids(Take()), ElementsAre("5", "6"));
}

TEST_F(FactOutboxTest, FactsAreSettledInOrderWhateverTheOrderOfAcknowledgements) {
  Add(4);
  const v1::FactBatch first = Take();
  const v1::FactBatch second = Take();
  EXPECT_TRUE(outbox_.Acknowledge(AckOf(second)));
  EXPECT_EQ(outbox_.acknowledged_up_to(), 0u);
  EXPECT_TRUE(outbox_.Acknowledge(AckOf(first)));
  EXPECT_EQ(outbox_.acknowledged_up_to(), 4u);
  EXPECT_FALSE(outbox_.Acknowledge(AckOf(first)));
}

TEST_F(FactOutboxTest, ANewStreamRepeatsWhatWasNotAcknowledgedUnderHigherNumbers) {
  Add(4);
  const v1::FactBatch first = Take();
  const v1::FactBatch second = Take();
  EXPECT_TRUE(outbox_.Acknowledge(AckOf(first)));
  outbox_.Restart(/*batch_acknowledged=*/100);
  const v1::FactBatch again = Take();
  EXPECT_EQ(Ids(again), Ids(second));
  EXPECT_EQ(again.batch(), 101u);
  EXPECT_EQ(outbox_.size(), 2u);
}

TEST_F(FactOutboxTest, WhatWasSetAsideIsToldWithItsSequence) {
  Add(3);
  EXPECT_TRUE(outbox_.Acknowledge(AckOf(Take())));
  const v1::FactBatch second = Take();
  v1::BatchAck ack;
  ack.set_batch(second.batch());
  v1::SetAside* set_aside = ack.add_set_aside();
  set_aside->set_index(0);
  set_aside->set_reason("SKU_UNKNOWN");
  set_aside->set_quarantine_id(9);
  EXPECT_TRUE(outbox_.Acknowledge(ack));
  const Acknowledged acknowledged = outbox_.TakeAcknowledged();
  EXPECT_EQ(acknowledged.up_to, 3u);
  EXPECT_EQ(acknowledged.applied, 2);
  ASSERT_EQ(acknowledged.set_aside.size(), 1u);
  EXPECT_EQ(acknowledged.set_aside[0].sequence, 3u);
  EXPECT_EQ(acknowledged.set_aside[0].event_id, "3");
  EXPECT_EQ(acknowledged.set_aside[0].quarantine_id, 9);
  EXPECT_EQ(outbox_.TakeAcknowledged().applied, 0);
}

// Numbers stand between facts, and an acknowledgement counts only the facts.
TEST_F(FactOutboxTest, PassedNumbersGoWithTheFactsAndAreSettledLikeThem) {
  FactOutbox outbox;
  outbox.AddPassedNumber("till-1", 6);
  outbox.Add(MakeFact("a"));
  outbox.AddPassedNumber("till-1", 8);
  EXPECT_EQ(outbox.Add(MakeFact("b")), 4u);
  v1::FactBatch batch;
  outbox.TakeBatch({.batch_size_max = 10, .batches_in_flight_max = 1}, &batch);
  ASSERT_EQ(batch.facts_size(), 2);
  ASSERT_EQ(batch.passed_numbers_size(), 2);
  EXPECT_EQ(batch.passed_numbers(1).device(), "till-1");
  EXPECT_EQ(batch.passed_numbers(1).number(), 8u);
  v1::BatchAck ack;
  ack.set_batch(batch.batch());
  ack.set_applied(1);
  ack.add_set_aside()->set_index(1);
  EXPECT_TRUE(outbox.Acknowledge(ack));
  const Acknowledged acknowledged = outbox.TakeAcknowledged();
  EXPECT_EQ(acknowledged.up_to, 4u);
  ASSERT_EQ(acknowledged.set_aside.size(), 1u);
  EXPECT_EQ(acknowledged.set_aside[0].sequence, 4u);
  EXPECT_EQ(acknowledged.set_aside[0].event_id, "b");
  EXPECT_EQ(outbox.bytes(), 0u);
}

// gRPC refuses messages above 4 MiB.
TEST_F(FactOutboxTest, ABatchIsBoundedInBytesToo) {
  FactOutbox outbox;
  for (int i = 0; i < 100; ++i) {
    v1::Fact fact = MakeFact(std::to_string(i));
    fact.set_reference(std::string(100'000, 'x'));
    outbox.Add(fact);
  }
  v1::FactBatch batch;
  outbox.TakeBatch({.batch_size_max = 1000, .batches_in_flight_max = 1}, &batch);
  EXPECT_GT(batch.facts_size(), 0);
  EXPECT_LT(batch.ByteSizeLong(), 3u * 1024 * 1024);
}

}  // namespace
}  // namespace stockd::sdk
