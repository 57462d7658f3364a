#pragma once

namespace stockd::bench {

// Serves EchoService on a free port, prints "listening on HOST:PORT" and goes on until the process
// is told to end.
int RunEchoServer();

}  // namespace stockd::bench
