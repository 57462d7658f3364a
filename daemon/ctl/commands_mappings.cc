#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/mapping_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::MappingService::Stub;

constexpr int64_t kFactorMax = 1'000'000;
constexpr std::string_view kEverySource = "(every source)";

std::string SourceText(const std::string& source) {
  return source.empty() ? std::string(kEverySource) : source;
}

// "12", "1/10": our units in one of theirs.
std::string UnitText(const v1::SkuMapping& mapping) {
  std::string text = std::to_string(mapping.unit_numerator());
  if (mapping.unit_denominator() > 1) text += "/" + std::to_string(mapping.unit_denominator());
  return text;
}

// Follows the pages up to `rows_max` mappings of both kinds.
v1::ListMappingsResponse ListAll(Client& client, v1::ListMappingsRequest request,
                                 int64_t rows_max) {
  v1::ListMappingsResponse all;
  while (true) {
    const int64_t rest = rows_max - all.skus_size() - all.locations_size();
    request.set_page_size(static_cast<int32_t>(std::min<int64_t>(rest, 1000)));
    const v1::ListMappingsResponse page = client.Call(&Stub::ListMappings, request);
    all.MergeFrom(page);
    all.set_next_page_token(page.next_page_token());
    const bool is_full = all.skus_size() + all.locations_size() >= rows_max;
    if (page.next_page_token().empty() || is_full) return all;
    request.set_page_token(page.next_page_token());
  }
}

ExitCode RunList(Session& session, const Arguments& arguments) {
  v1::ListMappingsRequest request;
  request.set_source(arguments.Text("source"));
  const v1::ListMappingsResponse response = ListAll(session.client, request, LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.skus().empty() && response.locations().empty()) {
    session.out << "There is no mapping: sources use our own SKUs and codes.\n";
    return ExitCode::kOk;
  }
  Table table({{"SOURCE"}, {"CODE"}, {"MEANS"}, {"NAME"}, {"UNITS", Align::kRight}});
  for (const v1::SkuMapping& mapping : response.skus()) {
    table.Add(
        {SourceText(mapping.source()), mapping.code(), "item", mapping.sku(), UnitText(mapping)});
  }
  for (const v1::LocationMapping& mapping : response.locations()) {
    table.Add({SourceText(mapping.source()), mapping.code(), "location", mapping.location(), ""});
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

ExitCode Put(Session& session, const v1::PutMappingsRequest& request) {
  const v1::PutMappingsResponse response = session.client.Call(&Stub::PutMappings, request);
  if (session.json) return PrintJson(session, response);
  session.out << (request.remove() ? "Removed.\n" : "In force.\n");
  if (response.replaying() > 0) {
    session.out << response.replaying() << " waiting facts are being tried again.\n";
  }
  return ExitCode::kOk;
}

ExitCode RunPut(Session& session, const Arguments& arguments) {
  const bool is_item = arguments.Has("sku");
  if (is_item == arguments.Has("location")) {
    throw UsageError("give either --sku or --location: what the code means");
  }
  if (!is_item && (arguments.Has("numerator") || arguments.Has("denominator"))) {
    throw UsageError("units belong to items: --numerator and --denominator need --sku");
  }
  v1::PutMappingsRequest request;
  if (is_item) {
    v1::SkuMapping& mapping = *request.add_skus();
    mapping.set_source(arguments.Text("source"));
    mapping.set_code(arguments.Text("code"));
    mapping.set_sku(arguments.Text("sku"));
    mapping.set_unit_numerator(arguments.Number("numerator", 1, kFactorMax, 1));
    mapping.set_unit_denominator(arguments.Number("denominator", 1, kFactorMax, 1));
  } else {
    v1::LocationMapping& mapping = *request.add_locations();
    mapping.set_source(arguments.Text("source"));
    mapping.set_code(arguments.Text("code"));
    mapping.set_location(arguments.Text("location"));
  }
  return Put(session, request);
}

ExitCode RunRemove(Session& session, const Arguments& arguments) {
  v1::PutMappingsRequest request;
  request.set_remove(true);
  if (arguments.Has("of-location")) {
    request.add_locations()->set_source(arguments.Text("source"));
    request.mutable_locations(0)->set_code(arguments.Text("code"));
  } else {
    request.add_skus()->set_source(arguments.Text("source"));
    request.mutable_skus(0)->set_code(arguments.Text("code"));
  }
  return Put(session, request);
}

ExitCode RunBundleList(Session& session, const Arguments& arguments) {
  const v1::ListBundlesResponse response =
      session.client.CallPages(&Stub::ListBundles, &v1::ListBundlesResponse::mutable_bundles,
                               v1::ListBundlesRequest(), LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.bundles().empty()) {
    session.out << "There is no bundle.\n";
    return ExitCode::kOk;
  }
  Table table({{"BUNDLE"}, {"PART"}, {"UNITS", Align::kRight}});
  for (const v1::Bundle& bundle : response.bundles()) {
    for (const v1::BundlePart& part : bundle.parts()) {
      table.Add({bundle.sku(), part.sku(), part.quantity()});
    }
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

// "MUG:2"; a SKU may hold colons itself.
void ParsePart(const std::string& text, v1::BundlePart& part) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) {
    throw UsageError("\"" + text + "\" is not a part; write it like MUG:2");
  }
  part.set_sku(text.substr(0, colon));
  const Arguments one({{"units of a part", {text.substr(colon + 1)}}});
  part.set_quantity(one.Number("units of a part", 1, kFactorMax, 1));
}

ExitCode RunBundlePut(Session& session, const Arguments& arguments) {
  v1::PutBundlesRequest request;
  v1::Bundle& bundle = *request.add_bundles();
  bundle.set_sku(arguments.Text("sku"));
  for (const std::string& text : arguments.Texts("parts")) ParsePart(text, *bundle.add_parts());
  if (bundle.parts().empty() != arguments.Has("dissolve")) {
    throw UsageError("give the parts, or --dissolve for a bundle that is none any more");
  }
  const v1::PutBundlesResponse response = session.client.Call(&Stub::PutBundles, request);
  if (session.json) return PrintJson(session, response);
  session.out << "In force.\n";
  return ExitCode::kOk;
}

}  // namespace

void AddMappingCommands(std::vector<Command>& commands) {
  const Argument source =
      Option("source", "SOURCE", "Whose name it is; without it: every source's (a renamed SKU).");
  Argument code = Option("code", "CODE", "What the source calls it.");
  code.required = true;
  commands.push_back({"mappings list",
                      "Sources",
                      "List what sources call our items and locations.",
                      "stockctl mappings list --source pos",
                      {Option("source", "SOURCE", "Only of this source."), LimitOption()},
                      RunList});
  commands.push_back(
      {"mappings put",
       "Sources",
       "Say what a source's code means; what waits in quarantine for it is tried again.",
       "stockctl mappings put --source pos --code 4711 --sku MUG-1\n"
       "stockctl mappings put --source erp --code CASE-7 --sku MUG-1 --numerator 12\n"
       "stockctl mappings put --source erp --code PLANT-3 --location S03",
       {source, code, Option("sku", "SKU", "Our item."),
        Option("location", "LOCATION", "Our location."),
        Option("numerator", "N", "Our units in --denominator of theirs; default 1."),
        Option("denominator", "D", "Default 1.")},
       RunPut});
  commands.push_back({"mappings remove",
                      "Sources",
                      "Forget what a source's code means.",
                      "stockctl mappings remove --source pos --code 4711",
                      {source, code, Flag("of-location", "The code is one of a location.")},
                      RunRemove});
  commands.push_back({"bundles list",
                      "Catalogue",
                      "List items that are made of others.",
                      "stockctl bundles list",
                      {LimitOption()},
                      RunBundleList});
  commands.push_back({"bundles put",
                      "Catalogue",
                      "Say what an item is made of; its availability follows its parts.",
                      "stockctl bundles put GIFT-1 MUG-1:2 TEA-1:1\n"
                      "stockctl bundles put GIFT-1 --dissolve",
                      {Operand("sku", "SKU", "The bundle's item."),
                       OptionalOperands("parts", "SKU:UNITS", "Its parts, 1 to 20."),
                       Flag("dissolve", "It is no bundle any more.")},
                      RunBundlePut});
}

}  // namespace stockd::ctl
