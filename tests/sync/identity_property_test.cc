// Random facts under random names and units equal the same facts under our own, and a bundle's
// figures follow its parts whatever happens to them.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/sync/bundle_facts.h"
#include "daemon/sync/fact_translation.h"
#include "daemon/sync/level_cursor.h"
#include "daemon/sync/source_names.h"
#include "tests/engine/engine_fixture.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"

namespace stockd::support {
namespace {

constexpr SourceId kPlain{1};   // Uses our own names, and has no mappings.
constexpr SourceId kMapped{2};  // Has names and units of its own.

// A source's name of an item: told * numerator / denominator is ours.
struct Name {
  std::string code;
  sync::Units units;
};

// A catalogue with random mappings, and what each item may be called by the mapped source. A code
// is only listed for what it means by the rules of precedence.
struct NamedWorld {
  explicit NamedWorld(Random& random) {
    for (int i = 1; i <= 6; ++i) {
      const std::string text = std::to_string(i);
      items.push_back(catalogue.PutItem({.sku = "SKU-" + text, .gtins = {"GTIN-" + text}}).id);
      locations.push_back(catalogue.PutLocation({.code = "L-" + text}).id);
      names.push_back({{.code = "SKU-" + text}, {.code = "GTIN-" + text}});
      places.push_back({"L-" + text});
    }
    // A renamed SKU, even to one that another item has; the source's own mappings come last because
    // they overrule everything.
    for (int i = 0; i < 6; ++i) AddName(kNoSource, random);
    for (int i = 0; i < 8; ++i) AddName(kMapped, random);
    for (int i = 0; i < 4; ++i) AddPlace(random);
  }

  void AddName(SourceId source, Random& random) {
    const auto to = random.Below(items.size());
    std::string code = "CODE-" + std::to_string(random.Below(8));
    if (random.Percent(30)) code = "SKU-" + std::to_string(1 + random.Below(6));
    const sync::Units units{.numerator = random.Between(1, 24),
                            .denominator = random.Between(1, 10)};
    // An earlier mapping of the source itself goes before one of every source.
    mappings.Put(storage::SkuMapping{.source = source,
                                     .code = code,
                                     .item = items[to],
                                     .numerator = units.numerator,
                                     .denominator = units.denominator});
    for (auto& of_item : names)
      std::erase_if(of_item, [&](const Name& n) { return n.code == code; });
    names[to].push_back({code, units});
  }

  void AddPlace(Random& random) {
    const auto to = random.Below(locations.size());
    const std::string code = "L-" + std::to_string(1 + random.Below(9));
    mappings.Put(
        storage::LocationMapping{.source = kMapped, .code = code, .location = locations[to]});
    for (auto& of_place : places) std::erase(of_place, code);
    places[to].push_back(code);
  }

  engine::Catalogue catalogue;
  engine::Mappings mappings;
  std::vector<ItemId> items;
  std::vector<LocationId> locations;
  std::vector<std::vector<Name>> names;          // By item.
  std::vector<std::vector<std::string>> places;  // By location.
};

v1::Fact FactOf(Random& random, std::string sku, std::string location, Quantity quantity) {
  v1::Fact fact;
  fact.set_event_id("e" + std::to_string(random.Next()));
  fact.set_kind(
      static_cast<v1::FactKind>(random.Between(v1::FACT_KIND_RECEIPT, v1::FACT_KIND_COUNT)));
  fact.set_sku(std::move(sku));
  fact.set_location(std::move(location));
  fact.set_quantity(quantity);
  fact.mutable_occurred_at()->set_seconds(random.Between(1'700'000'000, 1'800'000'000));
  fact.set_unit_price_micros(random.Between(0, 1'000'000));
  return fact;
}

std::optional<std::string> NamesAgree(uint64_t seed) {
  Random random(seed);
  NamedWorld world(random);
  const engine::Names names{.catalogue = world.catalogue, .mappings = world.mappings};
  const engine::Mappings none;
  const engine::Names own_names{.catalogue = world.catalogue, .mappings = none};
  for (int step = 0; step < 40; ++step) {
    const auto item = random.Below(world.items.size());
    const auto place = random.Below(world.locations.size());
    if (world.names[item].empty() || world.places[place].empty()) continue;
    const Name& name = random.Pick(world.names[item]);
    const Quantity told = random.Between(-500, 500);
    const Quantity product = told * name.units.numerator;
    v1::Fact fact = FactOf(random, name.code, random.Pick(world.places[place]), told);
    const auto translated = sync::Translate(fact, kMapped, names);
    if (product % name.units.denominator != 0) {
      if (translated.reason != ledger::Reason::kQuantityNotWhole)
        return "a fraction was taken for " + name.code;
      continue;
    }
    fact.set_sku(world.catalogue.Sku(world.items[item]));
    fact.set_location(world.catalogue.LocationCode(world.locations[place]));
    fact.set_quantity(product / name.units.denominator);
    auto own = sync::Translate(fact, kPlain, own_names);
    own.fact.source = kMapped;
    if (translated.reason != own.reason || translated.fact != own.fact)
      return name.code + " was not taken as " + fact.sku();
    // What goes out under a name comes back under it as what it means.
    const Quantity level = random.Between(-1000, 1000);
    const PositionKey position{.item = world.items[item], .location = world.locations[place]};
    for (const sync::SourceName& told_name : sync::NamesFor(names, kMapped, position)) {
      if (!world.mappings.FindSku(kMapped, told_name.sku)) continue;
      const Quantity shown = sync::ToSourceUnits(level, told_name.units);
      if (shown * told_name.units.numerator > level * told_name.units.denominator)
        return "more was told than there is";
      if ((shown + 1) * told_name.units.numerator <= level * told_name.units.denominator)
        return "less was told than there is";
    }
  }
  return std::nullopt;
}

TEST(IdentityProperty, FactsUnderAnyNamesEqualTheSameUnderOurOwn) {
  ForEachSeed(2000, [&](uint64_t seed) {
    if (const auto violation = NamesAgree(seed)) FAIL() << *violation;
  });
}

// Four parts and two bundles of them at two locations; a naive book beside the engine.
class BundleHistory : public EngineFixture {
 protected:
  static constexpr uint32_t kParts = 4;

  void PutItems(Random& random, uint64_t seed) {
    parts_.clear();
    bundles_.clear();
    on_hand_.clear();
    Do([&](engine::UnitOfWork& unit) {
      for (uint32_t i = 0; i < kParts + 2; ++i) {
        const auto item = unit.catalogue().PutItem(
            {.sku = "P" + std::to_string(seed) + "-" + std::to_string(i), .unit = "piece"});
        unit.store().SaveItem(item);
        if (i < kParts) {
          parts_.push_back(item.id);
        } else {
          bundles_[item.id] = RandomParts(random);
          unit.bundles().Put(item.id, bundles_[item.id]);
        }
      }
      return true;
    });
  }

  engine::Bundles::Parts RandomParts(Random& random) {
    engine::Bundles::Parts parts;
    for (const ItemId part : parts_) {
      if (random.Percent(60) || (part == parts_.back() && parts.empty()))
        parts.push_back({.item = part, .quantity = random.Between(1, 3)});
    }
    return parts;
  }

  // Tells something about a part or a bundle, and notes it in the book.
  void Step(Random& random) {
    const LocationId location{static_cast<uint32_t>(random.Between(1, 2))};
    const bool receipt = random.Percent(50);
    const Quantity quantity = random.Between(1, 6);
    ItemId item = parts_[random.Below(parts_.size())];
    engine::Bundles::Parts moved{{.item = item, .quantity = 1}};
    if (random.Percent(40)) {
      const auto bundle = std::next(bundles_.begin(), static_cast<int64_t>(random.Below(2)));
      item = bundle->first;
      moved = bundle->second;
    }
    const ledger::Fact fact =
        NewFact(receipt ? ledger::EntryKind::kReceipt : ledger::EntryKind::kSale, quantity,
                clock.Now(), {.item = item, .location = location});
    // Often twice: the second must not count.
    for (int times = random.Percent(20) ? 2 : 1; times > 0; --times) {
      Do([&](engine::UnitOfWork& unit) {
        return sync::ApplyFactOrParts(unit, fact, {}, ledger::LateFacts::kRefuse);
      });
    }
    for (const storage::BundlePart& part : moved) {
      on_hand_[{.item = part.item, .location = location}] +=
          (receipt ? 1 : -1) * quantity * part.quantity;
    }
  }

  Quantity Expected(ItemId bundle, LocationId location) {
    Quantity most = kFigureMax;
    for (const storage::BundlePart& part : bundles_[bundle]) {
      const Quantity units = on_hand_[{.item = part.item, .location = location}];
      most = std::min(most, units < 0 ? 0 : units / part.quantity);
    }
    return most;
  }

  std::optional<std::string> Run(uint64_t seed) {
    Random random(seed);
    PutItems(random, seed);
    sync::FeedScope scope;
    for (const auto& [bundle, parts] : bundles_) scope.items.insert(bundle);
    sync::LevelCursor cursor = sync::LevelCursor::ChangesOnly(engine(), [scope] { return scope; });
    std::map<PositionKey, Quantity> shown;
    for (int step = 0; step < 25; ++step) {
      Step(random);
      sync::LevelCursor::Levels next;
      while (random.Percent(70) && cursor.Next(1 + random.Below(5), next)) {
        for (const engine::Level& level : next.levels) shown[level.position] = level.available;
      }
    }
    sync::LevelCursor::Levels next;
    while (cursor.Next(3, next)) {
      for (const engine::Level& level : next.levels) shown[level.position] = level.available;
    }
    for (const auto& [bundle, parts] : bundles_) {
      for (const LocationId location : {LocationId{1}, LocationId{2}}) {
        const PositionKey position{.item = bundle, .location = location};
        const Quantity expected = Expected(bundle, location);
        if (available(position) != expected) {
          return "a bundle has " + std::to_string(available(position)) + ", its parts allow " +
                 std::to_string(expected);
        }
        const bool told = shown.contains(position);
        if (told ? shown[position] != expected : expected != 0) return "a feed tells another level";
      }
    }
    return std::nullopt;
  }

 private:
  std::vector<ItemId> parts_;
  std::map<ItemId, engine::Bundles::Parts> bundles_;
  std::map<PositionKey, Quantity> on_hand_;
};

TEST_F(BundleHistory, ABundleFollowsItsParts) {
  ForEachSeed(60, [&](uint64_t seed) {
    if (const auto violation = Run(seed)) FAIL() << *violation;
  });
}

}  // namespace
}  // namespace stockd::support
