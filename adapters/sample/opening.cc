#include "adapters/sample/opening.h"

#include <fmt/format.h>

#include <chrono>

#include "adapters/sample/assortment.h"
#include "adapters/sample/chain.h"
#include "adapters/sample/master_files.h"
#include "adapters/sample/simulated_clock.h"
#include "adapters/sample/world.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/file_io.h"

namespace stockd::sample {
namespace {

// Well below the daemon's look-back of 30 days.
constexpr std::chrono::days kAgeMax{20};

absl::Status CheckOld(const SampleDirectory& directory, const SampleStory& story,
                      std::optional<uint64_t> seed) {
  if (seed && *seed != story.seed) {
    return absl::FailedPreconditionError(
        fmt::format("{} holds the sample of seed {}. Add --fresh to begin anew with seed {}, or "
                    "choose another --directory",
                    directory.top().string(), story.seed, *seed));
  }
  const absl::StatusOr<int64_t> position_ms = TradePosition::Load(directory);
  if (!position_ms.ok()) return position_ms.status();
  const sdk::Timestamp stands_at = story.began_at + std::chrono::milliseconds(*position_ms);
  if (sdk::Now() - stands_at <= kAgeMax) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("the sample in {} stopped more than {} days ago. Add --fresh to begin anew",
                  directory.top().string(), kAgeMax.count()));
}

absl::Status Begin(const SampleDirectory& directory, const SampleStory& story) {
  const World world(story.seed);
  for (const NamedFile& file : MasterFiles(world, story.began_at)) {
    const absl::Status status =
        sdk::WriteFileAtomically(directory.Drop("erp") / file.name, file.content);
    if (!status.ok()) return status;
  }
  return story.Save(directory);  // Last, so that a beginning that was cut short is made again.
}

}  // namespace

absl::StatusOr<std::string> OpenSample(const SampleDirectory& directory,
                                       std::optional<uint64_t> seed) {
  if (absl::Status status = directory.Create(); !status.ok()) return status;
  absl::StatusOr<SampleStory> story = SampleStory::Load(directory);
  if (!story.ok() && !absl::IsNotFound(story.status())) return story.status();
  const bool is_new = !story.ok();
  absl::Status status;
  if (is_new) {
    const sdk::Timestamp began_at =
        std::chrono::floor<std::chrono::minutes>(sdk::Now()) - kHeadStart;
    story = SampleStory{.seed = seed.value_or(1), .began_at = began_at};
    status = Begin(directory, *story);
  } else {
    status = CheckOld(directory, *story, seed);
  }
  if (!status.ok()) return status;
  return fmt::format("{}: {} stores, a warehouse and {} items (seed {}, {})", kChainName,
                     Stores().size(), kItemCount, story->seed, is_new ? "new" : "goes on");
}

}  // namespace stockd::sample
