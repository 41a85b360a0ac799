#include "replay.hpp"

#include <braid/core/error.hpp>
#include <braid/http/request.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "packed_page.hpp"
#include "page_archive.hpp"

namespace braid::fetch {
namespace {

std::string read_file(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  if (!in) throw io_error("cannot open " + name + ": " + std::strerror(errno));
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) throw io_error("cannot read " + name);
  return is_packed(bytes) ? unpack_page(bytes, name) : bytes;
}

}  // namespace

replay::replay(const std::string& from) {
  const std::filesystem::path path(from);
  const bool is_folder = std::filesystem::is_directory(path);
  const auto index = is_folder ? path / archive_index : path;
  const auto folder = is_folder ? from : path.parent_path().string();
  std::ifstream in(index, std::ios::binary);
  if (!in) throw io_error("--replay " + index.string() + ": " + std::strerror(errno));
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    // A run that was killed may have left half a line, which is none.
    if (line.empty() || in.eof()) continue;
    try {
      auto page = saved_page_of(line, folder);
      if (!page) {
        ++without_page_;
        continue;
      }
      auto id = page->what.id;
      if (pages_.insert_or_assign(id, std::move(*page)).second) order_.push_back(std::move(id));
    } catch (const invalid_argument& e) {
      throw invalid_argument("--replay " + index.string() + ":" + std::to_string(number) + ": " + e.what());
    }
  }
}

std::vector<job> replay::jobs() const {
  std::vector<job> all;
  all.reserve(order_.size());
  for (const auto& id : order_) all.push_back(pages_.at(id).what);
  return all;
}

fetched_page replay::page(const job& what, unsigned context) const {
  const auto& saved = pages_.at(what.id);
  fetched_page page;
  page.facts = saved.facts;
  page.facts.context = context;
  try {
    const auto& url = saved.facts.final_url.empty() ? saved.facts.engine_url : saved.facts.final_url;
    const http::request asked("GET", url);
    page.response = http::response::made(asked, saved.facts.http_status, saved.headers, read_file(saved.file));
  } catch (...) {
    throw gather_error(page.facts, std::current_exception());
  }
  return page;
}

}  // namespace braid::fetch
