#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include <braid/core/error.hpp>
#include <braid/origin/random.hpp>
#include <braid/origin/saved_pages.hpp>
#include "gzip.hpp"

namespace braid::origin {

namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw io_error("cannot read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace

struct saved_pages::shelf {
  using page = std::shared_ptr<const std::string>;
  std::array<std::map<std::string, page, std::less<>>, engine_names.size()> by_query;
  std::array<std::vector<page>, engine_names.size()> results;
  std::size_t count = 0;
};

saved_pages::saved_pages(const std::filesystem::path& folder) : shelf_(std::make_unique<shelf>()) {
  std::istringstream index(read_file(folder / "index.jsonl"));
  std::size_t number = 0;
  for (std::string line; std::getline(index, line);) {
    ++number;
    if (line.empty()) continue;
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    if (!entry.is_object())
      throw io_error((folder / "index.jsonl").string() + ": line " + std::to_string(number) + " is no JSON object");
    const auto which = engine_from(entry.value("engine", ""));
    if (!which) continue;
    const std::string file = entry.value("file", "");
    std::string text = read_file(folder / file);
    if (file.ends_with(".gz")) text = gunzip(text);
    auto page = std::make_shared<const std::string>(std::move(text));
    const auto slot = static_cast<std::size_t>(*which);
    if (entry.value("kind", "") == "results") shelf_->results[slot].push_back(page);
    shelf_->by_query[slot].emplace(entry.value("query", ""), std::move(page));
    ++shelf_->count;
  }
}

saved_pages::~saved_pages() = default;
saved_pages::saved_pages(saved_pages&&) noexcept = default;

std::shared_ptr<const std::string> saved_pages::find(engine which, std::string_view query) const {
  const auto slot = static_cast<std::size_t>(which);
  const auto& named = shelf_->by_query[slot];
  if (const auto hit = named.find(query); hit != named.end()) return hit->second;
  const auto& any = shelf_->results[slot];
  return any.empty() ? nullptr : any[hash_text(query) % any.size()];
}

std::size_t saved_pages::size() const { return shelf_->count; }

}  // namespace braid::origin
