// Given-up messages as files that a person can see, and decide upon with a command or by renaming.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/webhook/delivery_store.h"

namespace stockd::webhook {

// What a person wants with a letter.
struct LetterCommand {
  enum class Action { kSendAgain, kDrop };
  std::string endpoint;
  uint64_t number = 0;  // 0: the endpoint itself, which is to be opened.
  Action action = Action::kSendAgain;
  std::filesystem::path file;  // Removed once it is done.
};

// One file "ENDPOINT-NUMBER.json" for each given-up message, "ENDPOINT-closed.json" for an endpoint
// that answered 410. A name that ends in ".again" or ".drop" instead is a command. The files are a
// view: the state file is what counts.
class LetterFolder {
 public:
  explicit LetterFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Makes the folder. INTERNAL and the like: it cannot be made or written.
  [[nodiscard]] absl::Status Prepare() const;

  [[nodiscard]] absl::Status Put(std::string_view endpoint, const WaitingDelivery& letter,
                                 std::string_view body) const;
  [[nodiscard]] absl::Status PutClosed(std::string_view endpoint, std::string_view why) const;
  void Remove(std::string_view endpoint, uint64_t number) const;

  // What waits to be done. Files with other names are none of ours.
  [[nodiscard]] std::vector<LetterCommand> Commands() const;

  // A table for people, and "nothing" when there is none.
  [[nodiscard]] std::string List() const;
  // Turns letters into commands; "all" means all of them. How many; NOT_FOUND: no such letter.
  [[nodiscard]] absl::StatusOr<int> Order(const std::string& letter,
                                          LetterCommand::Action action) const;

 private:
  std::filesystem::path PathOf(std::string_view endpoint, uint64_t number) const;

  const std::filesystem::path folder_;
};

}  // namespace stockd::webhook
