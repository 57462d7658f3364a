// stockctl: the command line of stockd.
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include "daemon/base/clock.h"
#include "daemon/ctl/stockctl.h"

namespace {

bool WantsColours(int file) {
  const char* const terminal = std::getenv("TERM");
  const char* const no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  return isatty(file) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::array<uint8_t, 10> TakeChance() {
  std::array<uint8_t, 10> bytes{};
  std::ifstream source("/dev/urandom", std::ios::binary);
  source.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!source) throw std::runtime_error("cannot read /dev/urandom");
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  // What gRPC would log, the error message says too. Whoever sets it wants to see it.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  const stockd::SystemClock clock;
  const stockd::ctl::Environment environment{.out = std::cout,
                                             .err = std::cerr,
                                             .out_colours = WantsColours(STDOUT_FILENO),
                                             .err_colours = WantsColours(STDERR_FILENO),
                                             .clock = clock,
                                             .chance = TakeChance};
  const stockd::ctl::ExitCode exit_code =
      stockd::ctl::RunStockctl({argv + 1, argv + argc}, environment);
  std::cout.flush();
  return static_cast<int>(exit_code);
}
