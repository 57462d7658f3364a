#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "daemon/http/request.h"

namespace stockd::http {

// Takes bytes as they come and makes requests of them, one after the other; no input, however it is
// cut, does anything but yield a request or a refusal. Holds at most one request and what was sent
// behind it, of which no more is read. Thread-compatible.
class RequestReader {
 public:
  struct Limits {
    uint32_t header_bytes_max = 16 << 10;
    uint64_t body_bytes_max = 4 << 20;
  };
  explicit RequestReader(Limits limits);
  ~RequestReader();

  // Where the next bytes belong, and how many of them came.
  std::span<char> Space();
  void Came(size_t count);

  enum class State {
    kIdle,     // Nothing of the request has come.
    kHead,     // Within its head.
    kBody,     // The head is complete, and request() valid but for the body.
    kRequest,  // All of it is there.
    kRefused,  // It is no request that is taken; what follows cannot be understood.
  };
  State Parse();

  const Request& request() const;
  // As much of the body as has come.
  size_t body_bytes() const;

  // Why it was refused: an HTTP status and a text for people.
  int refusal_status() const;
  const std::string& refusal() const;

  // The request was answered; the next one begins.
  void Next();

 private:
  struct Parts;
  State Refuse(int status, std::string why);
  State ReadHead();

  std::unique_ptr<Parts> parts_;
};

}  // namespace stockd::http
