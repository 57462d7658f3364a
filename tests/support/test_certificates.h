#pragma once

#include <string>

namespace stockd::support {

// A certificate with its private key, both as PEM text.
struct Certificate {
  std::string certificate;
  std::string key;
};

// A certificate authority that lives as long as a test. Thread-compatible.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name);

  // For a server on this machine, or for a client; valid for an hour.
  Certificate Issue(const std::string& name) const;
  // Its own certificate, which says whom to trust.
  const std::string& certificate() const { return own_.certificate; }

 private:
  Certificate own_;
};

}  // namespace stockd::support
