#include "adapters/sdk/random_seed.h"

#include <random>

namespace stockd::sdk {

uint64_t RandomSeed() { return std::random_device{}(); }

}  // namespace stockd::sdk
