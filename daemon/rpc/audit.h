#pragma once

#include "daemon/engine/engine.h"
#include "daemon/storage/reader.h"
#include "stockd/v1/operations_service.pb.h"

namespace stockd::rpc {

// The whole audit: folds the journal anew, compares it with the stored rows, and compares what it
// found with the figures served from memory. A position that changed since is left out of the
// second comparison. Lists at most `differences_max` differences in the users' own names. Takes as
// long as the journal is large; blocks the caller.
v1::VerifyResponse RunAudit(engine::Engine& engine, storage::Reader& reader, int differences_max);

}  // namespace stockd::rpc
