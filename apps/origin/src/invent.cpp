#include <array>
#include <cctype>

#include <braid/origin/random.hpp>
#include <braid/origin/search_page.hpp>

namespace braid::origin {

namespace {

constexpr std::array<std::string_view, 64> words = {
    "guide",    "history",  "review",  "simple",    "complete", "garden",   "river",   "mountain", "music",   "kitchen",
    "science",  "market",   "travel",  "winter",    "summer",   "reading",  "writing", "market",   "village", "library",
    "school",   "engine",   "bridge",  "harbour",   "island",   "forest",   "weather", "machine",  "letter",  "picture",
    "question", "answer",   "example", "beginner",  "expert",   "workshop", "journal", "archive",  "record",  "measure",
    "quick",    "careful",  "modern",  "classic",   "open",     "quiet",    "bright",  "local",    "daily",   "yearly",
    "how",      "why",      "where",   "practical", "theory",   "notes",    "tools",   "pattern",  "colour",  "number",
    "paper",    "research", "public",  "common"};
constexpr std::array<std::string_view, 8> endings = {".com", ".org", ".net", ".edu", ".co.uk", ".de", ".io", ".info"};
constexpr unsigned last_page = 30;

std::string_view word(random_source& random) { return words[random.below(words.size())]; }

std::string capitalised(std::string_view text) {
  std::string out(text);
  if (!out.empty()) out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  return out;
}

std::string slug(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x80 && std::isalnum(u)) {
      out += static_cast<char>(std::tolower(u));
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
    if (out.size() > 60) break;
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "page" : out;
}

void add_sentence(std::string& out, random_source& random, unsigned length) {
  for (unsigned i = 0; i < length; ++i) {
    if (i > 0) out += ' ';
    out += i == 0 ? capitalised(word(random)) : std::string(word(random));
  }
}

found_item invent_item(std::string_view query, std::string_view query_slug, std::uint64_t seed) {
  random_source random(seed);
  found_item item;
  item.title = capitalised(query);
  item.title += random.below(2) ? ": " : " - ";
  add_sentence(item.title, random, 3 + random.below(4));
  item.host = "www.";
  item.host += word(random);
  item.host += '-';
  item.host += word(random);
  item.host += endings[random.below(endings.size())];
  item.url = "https://" + item.host + "/" + std::string(word(random)) + "/" + std::string(query_slug) + "-" +
             std::to_string(random.below(100'000));
  add_sentence(item.snippet, random, 6 + random.below(6));
  item.snippet += ' ';
  item.snippet += query;
  item.snippet += ' ';
  for (unsigned i = 0, n = 8 + random.below(10); i < n; ++i) {
    item.snippet += word(random);
    item.snippet += ' ';
  }
  item.snippet.back() = '.';
  return item;
}

}  // namespace

search_page invent(std::string_view query, unsigned page, const page_options& options) {
  search_page out;
  out.query = query;
  out.page = page;
  if (query.find("no results") != query.npos || page >= last_page) return out;
  const std::uint64_t base = hash_text(query, options.seed);
  random_source random(base);
  out.total = 10'000 + random.next() % 900'000'000;
  const std::string query_slug = slug(query);
  out.items.reserve(options.results);
  for (unsigned i = 0; i < options.results; ++i) {
    const std::uint64_t position = std::uint64_t{page} * options.results + i;
    const std::uint64_t item_seed = random_source(base + position).next();
    out.items.push_back(invent_item(query, query_slug, item_seed));
  }
  for (unsigned i = 0; i < 6; ++i) {
    std::string related(query);
    related += ' ';
    related += word(random);
    out.related.push_back(std::move(related));
  }
  return out;
}

}  // namespace braid::origin
