// Keys and passwords: read from a file or the environment, never from the configuration, and never
// written anywhere but to the server.
#pragma once

#include <absl/status/statusor.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace stockd::http_client {

// A text that does not print itself. Reveal() is the only way to it, so that a search finds every
// use.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& Reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

// The file's content without the white space at its end.
//   NOT_FOUND and the like   it cannot be read.
//   INVALID_ARGUMENT         it is empty, longer than 64 KiB or has a control character within.
[[nodiscard]] absl::StatusOr<Secret> SecretFromFile(const std::filesystem::path& path);

// The value of an environment variable, checked in the same way. NOT_FOUND: it is not set.
[[nodiscard]] absl::StatusOr<Secret> SecretFromEnvironment(const std::string& variable);

// The value of the header Authorization for a user and a password.
[[nodiscard]] Secret BasicAuthorization(std::string_view user, const Secret& password);
// The same for a token.
[[nodiscard]] Secret BearerAuthorization(const Secret& token);

}  // namespace stockd::http_client
