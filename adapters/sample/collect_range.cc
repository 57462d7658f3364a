#include "adapters/sample/collect_range.h"

#include <array>

namespace stockd::sample {
namespace {

constexpr std::array kItems{
    CollectItem{"CNC-0001", "Gift box, small", "gifts/boxes", 490, "G-01-1"},
    CollectItem{"CNC-0002", "Gift box, medium", "gifts/boxes", 690, "G-01-2"},
    CollectItem{"CNC-0003", "Gift box, large", "gifts/boxes", 990, "G-01-3"},
    CollectItem{"CNC-0004", "Wrapping paper, gold", "gifts/paper", 350, "G-02-1"},
    CollectItem{"CNC-0005", "Wrapping paper, green", "gifts/paper", 350, "G-02-2"},
    CollectItem{"CNC-0006", "Ribbon, ten metres", "gifts/paper", 290, "G-02-4"},
    CollectItem{"CNC-0007", "Candle, beeswax", "gifts/candles", 1290, "G-03-1"},
    CollectItem{"CNC-0008", "Candle, cedar", "gifts/candles", 1490, "G-03-2"},
    CollectItem{"CNC-0009", "Candle holder, brass", "gifts/candles", 2490, "G-03-6"},
    CollectItem{"CNC-0010", "Tea sampler", "gifts/pantry", 1990, "G-04-1"},
    CollectItem{"CNC-0011", "Coffee sampler", "gifts/pantry", 2190, "G-04-2"},
    CollectItem{"CNC-0012", "Honey, three jars", "gifts/pantry", 1690, "G-04-3"},
    CollectItem{"CNC-0013", "Olive oil, half a litre", "gifts/pantry", 1590, "G-04-10"},
    CollectItem{"CNC-0014", "Notebook, linen", "gifts/paper goods", 1190, "H-01-1"},
    CollectItem{"CNC-0015", "Fountain pen", "gifts/paper goods", 3490, "H-01-2"},
    CollectItem{"CNC-0016", "Card set, winter", "gifts/paper goods", 890, "H-01-3"},
    CollectItem{"CNC-0017", "Scarf, wool", "gifts/textiles", 3990, "H-02-1"},
    CollectItem{"CNC-0018", "Socks, merino, two pairs", "gifts/textiles", 1890, "H-02-2"},
    CollectItem{"CNC-0019", "Throw, cotton", "gifts/textiles", 5990, "H-02-11"},
    CollectItem{"CNC-0020", "Vase, stoneware", "gifts/home", 4490, "H-03-1"},
    CollectItem{"CNC-0021", "Bowl, olive wood", "gifts/home", 3290, "H-03-2"},
    CollectItem{"CNC-0022", "Picture frame, oak", "gifts/home", 2290, "H-03-3"},
    CollectItem{"CNC-0023", "Puzzle, thousand pieces", "gifts/games", 2490, "H-04-1"},
    CollectItem{"CNC-0024", "Card game", "gifts/games", 1290, "H-04-2"},
};

}  // namespace

std::span<const CollectItem> CollectRange() { return kItems; }

int64_t CollectOpening(bool is_warehouse) { return is_warehouse ? 5000 : 400; }

}  // namespace stockd::sample
