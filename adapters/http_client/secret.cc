#include "adapters/http_client/secret.h"

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "adapters/sdk/file_io.h"

namespace stockd::http_client {
namespace {

constexpr size_t kSecretBytesMax = size_t{64} * 1024;

absl::StatusOr<Secret> Checked(std::string text, const std::string& where) {
  absl::StripTrailingAsciiWhitespace(&text);
  if (text.empty()) return absl::InvalidArgumentError(where + " holds no secret");
  if (text.size() > kSecretBytesMax) {
    return absl::InvalidArgumentError(where + " is too long for a secret");
  }
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(text, is_control)) {
    return absl::InvalidArgumentError(where + " holds more than one line, or a control character");
  }
  return Secret(std::move(text));
}

}  // namespace

absl::StatusOr<Secret> SecretFromFile(const std::filesystem::path& path) {
  absl::StatusOr<std::string> text = sdk::ReadWholeFile(path);
  if (!text.ok()) return text.status();
  return Checked(*std::move(text), path.string());
}

absl::StatusOr<Secret> SecretFromEnvironment(const std::string& variable) {
  const char* const value = std::getenv(variable.c_str());
  const std::string where = "the environment variable " + variable;
  if (value == nullptr) return absl::NotFoundError(where + " is not set");
  return Checked(value, where);
}

Secret BasicAuthorization(std::string_view user, const Secret& password) {
  return Secret("Basic " + absl::Base64Escape(fmt::format("{}:{}", user, password.Reveal())));
}

Secret BearerAuthorization(const Secret& token) { return Secret("Bearer " + token.Reveal()); }

}  // namespace stockd::http_client
