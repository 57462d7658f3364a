#include "daemon/base/random.h"

#include <sys/random.h>

#include <cerrno>

#include "daemon/base/check.h"

namespace stockd {

void FillWithSecretBytes(std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t filled = getrandom(bytes.data(), bytes.size(), 0);
    STOCKD_CHECK(filled > 0 || errno == EINTR);
    if (filled > 0) bytes = bytes.subspan(static_cast<size_t>(filled));
  }
}

}  // namespace stockd
