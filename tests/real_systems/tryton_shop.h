// A daemon, the real Tryton and the adapter between them, as processes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/real_systems/scripted_tryton.h"
#include "tests/real_systems/tryton_server.h"
#include "tests/system/daemon_fixture.h"

namespace stockd::real_systems {

// Everything runs when a test begins, but for the adapter. At the end the daemon's own audit must
// find nothing, and nothing may be in quarantine.
class TrytonShop : public system_test::DaemonFixture {
 protected:
  TrytonShop();

  void SetUp() override;
  void TearDown() override;

  void StartAdapter();
  // kill -9.
  void KillAdapter() { adapter_.reset(); }
  // SIGTERM; it must end well.
  void StopAdapter();
  // Starts it and waits until the opening levels are in.
  void Open();

  std::string adapter_log() const;

  // Units on hand in the daemon; unset when it does not know the position.
  std::optional<int64_t> OnHand(const std::string& sku, const std::string& location);
  // Waits until both show the same: `units` in the item's smallest unit and `text` in Tryton.
  void ExpectBoth(const std::string& sku, const std::string& location, int64_t units,
                  const std::string& text);
  // A fact of the source "till", acknowledged.
  void TellTill(v1::FactKind kind, const std::string& sku, const std::string& location,
                int64_t quantity);
  int64_t QuarantineCount();

  std::optional<TrytonServer> server_;
  std::optional<ScriptedTryton> way_;  // Between the adapter and the server.
  std::optional<support::Process> adapter_;
  std::string more_config_;  // Of the adapter, before it is started.

 private:
  int64_t told_ = 0;
};

}  // namespace stockd::real_systems
