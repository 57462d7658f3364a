// The writes of SqliteWriter about mappings, bundles and facts that were given up.
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

void SqliteWriter::SaveSkuMapping(const SkuMapping& mapping) {
  if (failed()) return;
  statements_.save_sku_mapping.Number(ToNumber(mapping.source))
      .Text(mapping.code)
      .Number(ToNumber(mapping.item))
      .Integer(mapping.numerator)
      .Integer(mapping.denominator);
  Run(statements_.save_sku_mapping, "save a mapping of an item");
}

void SqliteWriter::DeleteSkuMapping(SourceId source, std::string_view code) {
  if (failed()) return;
  statements_.delete_sku_mapping.Number(ToNumber(source)).Text(code);
  Run(statements_.delete_sku_mapping, "delete a mapping of an item");
}

void SqliteWriter::SaveLocationMapping(const LocationMapping& mapping) {
  if (failed()) return;
  statements_.save_location_mapping.Number(ToNumber(mapping.source))
      .Text(mapping.code)
      .Number(ToNumber(mapping.location));
  Run(statements_.save_location_mapping, "save a mapping of a location");
}

void SqliteWriter::DeleteLocationMapping(SourceId source, std::string_view code) {
  if (failed()) return;
  statements_.delete_location_mapping.Number(ToNumber(source)).Text(code);
  Run(statements_.delete_location_mapping, "delete a mapping of a location");
}

void SqliteWriter::SaveBundle(ItemId bundle, std::span<const BundlePart> parts) {
  if (failed()) return;
  statements_.delete_bundle.Number(ToNumber(bundle));
  Run(statements_.delete_bundle, "save a bundle");
  for (const BundlePart& part : parts) {
    statements_.insert_bundle_part.Number(ToNumber(bundle))
        .Number(ToNumber(part.item))
        .Integer(part.quantity);
    Run(statements_.insert_bundle_part, "save the parts of a bundle");
  }
}

void SqliteWriter::AddRejected(const QuarantinedFact& fact, Timestamp now, std::string_view note) {
  if (failed()) return;
  statements_.add_rejected.Integer(fact.id)
      .Number(ToNumber(fact.source))
      .Text(fact.event_id)
      .Text(ledger::ReasonName(fact.reason))
      .Blob(fact.fact)
      .Integer(ToMicros(fact.received_at))
      .Integer(ToMicros(now))
      .Text(note);
  Run(statements_.add_rejected, "keep a rejected fact");
}

int64_t SqliteWriter::RejectQuarantined(SourceId source, ledger::Reason reason, Timestamp now,
                                        std::string_view note) {
  if (failed()) return 0;
  statements_.add_rejected_by_reason.Number(ToNumber(source))
      .Text(ledger::ReasonName(reason))
      .Integer(ToMicros(now))
      .Text(note);
  Run(statements_.add_rejected_by_reason, "keep rejected facts");
  if (failed()) return 0;
  statements_.delete_quarantined_by_reason.Number(ToNumber(source))
      .Text(ledger::ReasonName(reason));
  Run(statements_.delete_quarantined_by_reason, "delete rejected facts from quarantine");
  return failed() ? 0 : connection_.changed_rows();
}

}  // namespace stockd::storage
