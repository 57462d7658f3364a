#include "adapters/sample/category_words.h"

#include <array>

namespace stockd::sample {
namespace {

using Words = std::string_view[];

constexpr Words kFoodBrands = {"Gümüşdere", "Old Mill Lane", "Pod Lipami", "Seven Orchards",
                               "Yaylabaşı", "Babie Lato",    "Copper Hen", "Harrow & Pike",
                               "Bahçevan",  "Złoty Kłos"};
constexpr Words kHomeBrands = {"Fernley",    "Nordhaven", "Çınar", "Dom i Dach",
                               "Brightwick", "Tandır",    "Olsza", "Quill & Co"};

constexpr Words kPantryQualities = {"organic", "wholegrain", "roasted",     "sun-dried",
                                    "spiced",  "classic",    "unsweetened", "stone-ground"};
constexpr Words kPantryThings = {"chickpeas",    "bulgur",    "red lentils",      "buckwheat",
                                 "oats",         "honey",     "plum jam",         "tahini",
                                 "tomato paste", "olive oil", "pickled gherkins", "rice",
                                 "hazelnuts",    "mustard",   "walnuts",          "vinegar"};
constexpr Words kPantrySizes = {"250 g", "400 g", "500 g", "750 g", "1 kg"};

constexpr Words kDairyQualities = {"full-fat",  "light",    "lactose-free",
                                   "farmhouse", "strained", "smoked"};
constexpr Words kDairyThings = {"yoghurt", "kefir",  "butter", "white cheese", "cream",
                                "milk",    "twaróg", "ayran",  "halloumi"};
constexpr Words kDairySizes = {"150 g", "200 g", "500 g", "1 l"};

constexpr Words kBakeryQualities = {"sourdough", "seeded", "rye", "sesame", "butter", "poppy-seed"};
constexpr Words kBakeryThings = {"loaf", "simit", "bagels", "rolls", "crispbread", "scones"};
constexpr Words kBakerySizes = {"each", "2 pieces", "4 pieces", "400 g"};

constexpr Words kDrinkQualities = {"sparkling",  "cloudy", "cold-pressed", "ceylon",
                                   "dark-roast", "herbal", "iced"};
constexpr Words kDrinkThings = {"apple juice", "tea",    "coffee beans", "lemonade",
                                "water",       "kompot", "ginger ale",   "sour cherry juice",
                                "hibiscus tea"};
constexpr Words kDrinkSizes = {"330 ml", "500 ml", "1 l", "250 g", "6 x 330 ml"};

constexpr Words kProduceQualities = {"crisp", "ripe", "local", "organic", "seedless", "sweet"};
constexpr Words kProduceThings = {"apples",   "pears",   "tomatoes", "cucumbers", "aubergines",
                                  "beetroot", "grapes",  "figs",     "cherries",  "potatoes",
                                  "carrots",  "oranges", "peppers",  "plums",     "quinces"};

constexpr Words kDeliQualities = {"mature", "smoked", "marinated", "sliced", "peppered", "mild"};
constexpr Words kDeliThings = {"kaşar cheese", "cheddar", "olives",  "pastırma",     "kabanos",
                               "ham",          "salmon",  "oscypek", "turkey breast"};

constexpr Words kHouseholdQualities = {"lemon", "unscented", "extra strong", "lavender",
                                       "concentrated"};
constexpr Words kHouseholdThings = {"washing-up liquid", "laundry powder",    "floor cleaner",
                                    "sponges",           "paper towels",      "bin bags",
                                    "glass cleaner",     "dishwasher tablets"};
constexpr Words kHouseholdSizes = {"500 ml", "1 l", "2 l", "6 pieces", "30 pieces"};

constexpr Words kCareQualities = {"rose", "fragrance-free", "olive",
                                  "mint", "sensitive",      "chamomile"};
constexpr Words kCareThings = {"soap",       "shampoo",   "toothpaste", "hand cream",
                               "shower gel", "deodorant", "body lotion"};
constexpr Words kCareSizes = {"50 ml", "75 ml", "100 g", "250 ml", "400 ml"};

constexpr Words kKitchenQualities = {"enamel", "cast-iron", "beech",
                                     "copper", "stoneware", "glass"};
constexpr Words kKitchenThings = {"saucepan",   "teapot", "chopping board", "mixing bowl", "ladle",
                                  "frying pan", "cezve",  "storage jar",    "mug",         "tray"};
constexpr Words kKitchenSizes = {"small", "medium", "large", "set of 2"};

constexpr Words kTextileQualities = {"linen", "washed cotton", "striped", "quilted", "wool"};
constexpr Words kTextileThings = {"tea towel", "apron",     "bath towel", "cushion cover",
                                  "throw",     "peshtemal", "oven gloves"};
constexpr Words kTextileSizes = {"natural", "indigo", "terracotta", "sage", "charcoal"};

constexpr Words kPaperQualities = {"dotted", "ruled", "recycled", "hardback", "pocket"};
constexpr Words kPaperThings = {"notebook", "planner",   "sketchbook",
                                "gel pens", "envelopes", "gift wrap"};
constexpr Words kPaperSizes = {"A4", "A5", "A6", "pack of 5", "pack of 10"};

constexpr Words kPowerQualities = {"braided", "compact", "fast", "foldable", "waterproof"};
constexpr Words kPowerThings = {"USB-C cable", "charger",     "power bank", "desk lamp",
                                "headphones",  "phone stand", "night light"};
constexpr Words kPowerSizes = {"black", "white", "sand", "forest", "2 m"};

constexpr std::array<Category, 12> kCategories = {{
    {.prefix = "PAN",
     .path = "food/pantry",
     .share = 17,
     .demand = 5,
     .price_low_cents = 99,
     .price_high_cents = 1299,
     .brands = kFoodBrands,
     .qualities = kPantryQualities,
     .things = kPantryThings,
     .sizes = kPantrySizes},
    {.prefix = "DAI",
     .path = "food/dairy",
     .share = 9,
     .demand = 9,
     .price_low_cents = 79,
     .price_high_cents = 749,
     .brands = kFoodBrands,
     .qualities = kDairyQualities,
     .things = kDairyThings,
     .sizes = kDairySizes},
    {.prefix = "BAK",
     .path = "food/bakery",
     .share = 5,
     .demand = 9,
     .price_low_cents = 69,
     .price_high_cents = 599,
     .brands = kFoodBrands,
     .qualities = kBakeryQualities,
     .things = kBakeryThings,
     .sizes = kBakerySizes},
    {.prefix = "DRI",
     .path = "food/drinks",
     .share = 10,
     .demand = 7,
     .price_low_cents = 89,
     .price_high_cents = 1499,
     .brands = kFoodBrands,
     .qualities = kDrinkQualities,
     .things = kDrinkThings,
     .sizes = kDrinkSizes},
    {.prefix = "PRO",
     .path = "food/produce",
     .share = 5,
     .demand = 10,
     .by_weight = true,
     .price_low_cents = 119,
     .price_high_cents = 899,
     .brands = kFoodBrands,
     .qualities = kProduceQualities,
     .things = kProduceThings,
     .sizes = {}},
    {.prefix = "DEL",
     .path = "food/deli",
     .share = 4,
     .demand = 6,
     .by_weight = true,
     .price_low_cents = 799,
     .price_high_cents = 3999,
     .brands = kFoodBrands,
     .qualities = kDeliQualities,
     .things = kDeliThings,
     .sizes = {}},
    {.prefix = "HOU",
     .path = "home/household",
     .share = 10,
     .demand = 4,
     .price_low_cents = 129,
     .price_high_cents = 1899,
     .brands = kHomeBrands,
     .qualities = kHouseholdQualities,
     .things = kHouseholdThings,
     .sizes = kHouseholdSizes},
    {.prefix = "CAR",
     .path = "home/care",
     .share = 10,
     .demand = 4,
     .price_low_cents = 149,
     .price_high_cents = 1999,
     .brands = kHomeBrands,
     .qualities = kCareQualities,
     .things = kCareThings,
     .sizes = kCareSizes},
    {.prefix = "KIT",
     .path = "home/kitchen",
     .share = 12,
     .demand = 2,
     .price_low_cents = 499,
     .price_high_cents = 11999,
     .brands = kHomeBrands,
     .qualities = kKitchenQualities,
     .things = kKitchenThings,
     .sizes = kKitchenSizes},
    {.prefix = "TEX",
     .path = "home/textiles",
     .share = 8,
     .demand = 1,
     .price_low_cents = 699,
     .price_high_cents = 7999,
     .brands = kHomeBrands,
     .qualities = kTextileQualities,
     .things = kTextileThings,
     .sizes = kTextileSizes},
    {.prefix = "PAP",
     .path = "leisure/paper",
     .share = 6,
     .demand = 2,
     .price_low_cents = 199,
     .price_high_cents = 2499,
     .brands = kHomeBrands,
     .qualities = kPaperQualities,
     .things = kPaperThings,
     .sizes = kPaperSizes},
    {.prefix = "ELE",
     .path = "leisure/electronics",
     .share = 4,
     .demand = 1,
     .price_low_cents = 799,
     .price_high_cents = 8999,
     .brands = kHomeBrands,
     .qualities = kPowerQualities,
     .things = kPowerThings,
     .sizes = kPowerSizes},
}};

}  // namespace

std::span<const Category> Categories() { return kCategories; }

}  // namespace stockd::sample
