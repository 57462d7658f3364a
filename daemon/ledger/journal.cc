#include "daemon/ledger/journal.h"

namespace stockd::ledger {

std::string_view BucketName(Bucket bucket) {
  switch (bucket) {
    case Bucket::kNone: return "none";
    case Bucket::kFree: return "free";
    case Bucket::kReserved: return "reserved";
    case Bucket::kCommitted: return "committed";
    case Bucket::kUnsellable: return "unsellable";
    case Bucket::kSupplier: return "supplier";
    case Bucket::kCustomer: return "customer";
    case Bucket::kAdjustment: return "adjustment";
    case Bucket::kTransit: return "transit";
    case Bucket::kCorrection: return "correction";
  }
  return "unknown";
}

std::string_view EntryKindName(EntryKind kind) {
  switch (kind) {
    case EntryKind::kReceipt: return "receipt";
    case EntryKind::kSale: return "sale";
    case EntryKind::kReturn: return "return";
    case EntryKind::kAdjustment: return "adjustment";
    case EntryKind::kDamage: return "damage";
    case EntryKind::kTransferOut: return "transfer_out";
    case EntryKind::kTransferIn: return "transfer_in";
    case EntryKind::kCount: return "count";
    case EntryKind::kSaleRest: return "sale_rest";
    case EntryKind::kRebase: return "rebase";
    case EntryKind::kReserve: return "reserve";
    case EntryKind::kCommit: return "commit";
    case EntryKind::kRelease: return "release";
    case EntryKind::kExpire: return "expire";
    case EntryKind::kMoveOut: return "move_out";
    case EntryKind::kMoveIn: return "move_in";
    case EntryKind::kPolicy: return "policy";
  }
  return "unknown";
}

}  // namespace stockd::ledger
