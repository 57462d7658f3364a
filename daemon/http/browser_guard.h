#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/request.h"

namespace stockd::http {

// Which pages may make a browser call us. A page of anybody can send requests to this machine; what
// it must not do is act by them or read what they bring. Pure; thread-safe.
class BrowserGuard {
 public:
  struct Options {
    std::string own_host;  // Of the address that is listened on.
    std::vector<std::string> hosts;
    std::vector<std::string> origins;
    bool is_encrypted = false;
  };
  explicit BrowserGuard(Options options);

  enum class Answer {
    kAllowed,
    kPreflight,    // A browser asks whether it may call: it may.
    kWrongHost,    // Called by a name that is not ours, as when somebody's name was made to point
                   // here.
    kWrongOrigin,  // The page is not ours and not allowed.
  };
  struct Verdict {
    Answer answer = Answer::kAllowed;
    std::string headers;  // For the response.
  };
  // `is_page`: what is asked for is to be looked at, and links from elsewhere are welcome.
  Verdict Judge(const Request& request, bool is_page) const;

 private:
  bool IsOwnName(std::string_view host) const;
  bool IsOwnOrigin(std::string_view origin, std::string_view host) const;

  const Options options_;
};

}  // namespace stockd::http
