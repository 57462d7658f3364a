#include "daemon/rpc/mapping_service.h"

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/rpc/mapping_changes.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr char kMappingPage = 'm';
constexpr char kBundlePage = 'b';

// Finishes a put; `done` is called when it is durable.
template <typename Done>
auto Finisher(grpc::ServerUnaryReactor* reactor, Done done) {
  return [reactor, done = std::move(done)](engine::CommitOutcome outcome,
                                           const CatalogueChange& change) {
    if (outcome != engine::CommitOutcome::kCommitted) {
      reactor->Finish(ToStatus(outcome));
    } else if (change.refusal != ledger::Reason::kNone) {
      reactor->Finish(UnknownName(change.refusal, change.key, change.name));
    } else {
      done(change);
      reactor->Finish(grpc::Status::OK);
    }
  };
}

// Where a page of mappings ends: items stand before locations, each by source and code.
struct Place {
  bool in_locations = false;
  std::string source;
  std::string code;
};

// Names hold no control characters.
constexpr char kSeparator = '\n';

std::string ToText(const Place& place) {
  return (place.in_locations ? "l" : "s") + place.source + kSeparator + place.code;
}

bool FromText(const std::string& text, Place& place) {
  if (text.empty()) return true;
  const size_t end = text.find(kSeparator);
  if (end == std::string::npos || (text[0] != 'l' && text[0] != 's')) return false;
  place = {.in_locations = text[0] == 'l',
           .source = text.substr(1, end - 1),
           .code = text.substr(end + 1)};
  return true;
}

// Fills one page, over both kinds and all sources that are wanted.
class MappingPage {
 public:
  MappingPage(const engine::Engine& engine, size_t rows, v1::ListMappingsResponse& response)
      : engine_(engine), rows_(rows), response_(response) {}

  // Adds a source's mappings of one kind after a code. False when the page is full.
  bool Add(SourceId source, const Place& after) {
    const std::string name = engine_.catalogue().SourceName(source);
    const size_t room = rows_ - used();
    // One more than fits tells whether there is more.
    if (after.in_locations) {
      for (const auto& row : engine_.mappings().LocationsAfter(source, after.code, room + 1)) {
        if (!HasRoom()) return false;
        v1::LocationMapping& proto = *response_.add_locations();
        proto.set_source(name);
        proto.set_code(row.code);
        proto.set_location(engine_.catalogue().LocationCode(row.location));
        last_ = {.in_locations = true, .source = name, .code = row.code};
      }
      return true;
    }
    for (const auto& row : engine_.mappings().SkusAfter(source, after.code, room + 1)) {
      if (!HasRoom()) return false;
      v1::SkuMapping& proto = *response_.add_skus();
      proto.set_source(name);
      proto.set_code(row.code);
      proto.set_sku(engine_.catalogue().Sku(row.item));
      proto.set_unit_numerator(row.numerator);
      proto.set_unit_denominator(row.denominator);
      last_ = {.source = name, .code = row.code};
    }
    return true;
  }

 private:
  size_t used() const {
    return static_cast<size_t>(response_.skus_size() + response_.locations_size());
  }
  bool HasRoom() {
    if (used() < rows_) return true;
    response_.set_next_page_token(MakePageToken(kMappingPage, ToText(last_)));
    return false;
  }

  const engine::Engine& engine_;
  const size_t rows_;
  v1::ListMappingsResponse& response_;
  Place last_;
};

}  // namespace

grpc::ServerUnaryReactor* MappingService::PutMappings(grpc::CallbackServerContext* context,
                                                      const v1::PutMappingsRequest* request,
                                                      v1::PutMappingsResponse* response) {
  StatedMappings mappings;
  if (auto status = Parse(*request, mappings); !status.ok()) return FinishNow(context, status);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const size_t weight = mappings.skus.size() + mappings.locations.size();
  engine_.Submit(
      engine::MakeTask([mappings = std::move(mappings)](
                           engine::UnitOfWork& unit) mutable { return Apply(unit, mappings); },
                       Finisher(reactor,
                                [this, response](const CatalogueChange& change) {
                                  response->set_replaying(change.replaying);
                                  if (change.changed > 0) on_names_added_();
                                }),
                       weight),
      engine::Admission::kUnlessFull, engine::LaneOfCall(weight));
  return reactor;
}

grpc::ServerUnaryReactor* MappingService::ListMappings(grpc::CallbackServerContext* context,
                                                       const v1::ListMappingsRequest* request,
                                                       v1::ListMappingsResponse* response) {
  int rows = 0;
  std::string token;
  Place after;
  if (auto status = CheckPageSize(request->page_size(), rows); !status.ok())
    return FinishNow(context, status);
  if (auto status = ParsePageToken(kMappingPage, request->page_token(), token); !status.ok())
    return FinishNow(context, status);
  if (!FromText(token, after)) return FinishNow(context, InvalidField("page_token", "is damaged"));
  std::vector<storage::Source> sources;
  if (request->source().empty()) {
    sources = engine_.catalogue().Sources();
    sources.insert(sources.begin(), storage::Source{});
  } else {
    const SourceId source = engine_.catalogue().FindSource(request->source());
    if (source == kNoSource) {
      return FinishNow(context,
                       UnknownName(ledger::Reason::kSourceUnknown, "source", request->source()));
    }
    sources.push_back({.id = source, .name = request->source()});
  }
  MappingPage page(engine_, static_cast<size_t>(rows), *response);
  for (const bool in_locations : {false, true}) {
    if (after.in_locations && !in_locations) continue;
    for (const storage::Source& source : sources) {
      const bool resumes = in_locations == after.in_locations;
      if (resumes && source.name < after.source) continue;
      Place from{.in_locations = in_locations};
      if (resumes && source.name == after.source) from.code = after.code;
      if (!page.Add(source.id, from)) return FinishNow(context, grpc::Status::OK);
    }
  }
  return FinishNow(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* MappingService::PutBundles(grpc::CallbackServerContext* context,
                                                     const v1::PutBundlesRequest* request,
                                                     v1::PutBundlesResponse*) {
  std::vector<StatedBundle> bundles;
  if (auto status = Parse(*request, bundles); !status.ok()) return FinishNow(context, status);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const size_t weight = bundles.size();
  engine_.Submit(engine::MakeTask(
      [bundles = std::move(bundles)](engine::UnitOfWork& unit) {
        return Apply(unit, std::span<const StatedBundle>(bundles));
      },
      Finisher(reactor, [](const CatalogueChange&) {}), weight));
  return reactor;
}

grpc::ServerUnaryReactor* MappingService::ListBundles(grpc::CallbackServerContext* context,
                                                      const v1::ListBundlesRequest* request,
                                                      v1::ListBundlesResponse* response) {
  int rows = 0;
  std::string after;
  if (auto status = CheckPageSize(request->page_size(), rows); !status.ok())
    return FinishNow(context, status);
  if (auto status = ParsePageToken(kBundlePage, request->page_token(), after); !status.ok())
    return FinishNow(context, status);
  const engine::Catalogue& catalogue = engine_.catalogue();
  std::vector<std::pair<std::string, ItemId>> bundles;
  for (const ItemId bundle : engine_.bundles().All()) {
    std::string sku = catalogue.Sku(bundle);
    if (sku > after) bundles.emplace_back(std::move(sku), bundle);
  }
  std::ranges::sort(bundles);
  for (const auto& [sku, bundle] : bundles) {
    if (response->bundles_size() == rows) {
      const std::string& last = response->bundles(rows - 1).sku();
      response->set_next_page_token(MakePageToken(kBundlePage, last));
      break;
    }
    v1::Bundle& proto = *response->add_bundles();
    proto.set_sku(sku);
    for (const storage::BundlePart& part : engine_.bundles().PartsOf(bundle)) {
      v1::BundlePart& of_part = *proto.add_parts();
      of_part.set_sku(catalogue.Sku(part.item));
      of_part.set_quantity(part.quantity);
    }
  }
  return FinishNow(context, grpc::Status::OK);
}

}  // namespace stockd::rpc
