#pragma once

#include "tests/bench/load_client.h"

namespace stockd::bench {

// The same load over HTTP, as JSON: each caller has a connection of its own, one thread drives them
// all. `spec.address` is that of the HTTP port; `calls_per_s` is not supported. Throws BenchError.
LoadResult RunHttpLoad(const LoadSpec& spec);

}  // namespace stockd::bench
