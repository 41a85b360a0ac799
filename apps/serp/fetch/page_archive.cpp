#include "page_archive.hpp"

#include <array>
#include <braid/core/error.hpp>
#include <braid/scrape/output_file.hpp>
#include <filesystem>
#include <utility>

#include "packed_page.hpp"
#include "saved_page.hpp"

namespace braid::fetch {

page_archive_shared::page_archive_shared(std::string folder) : folder_(std::move(folder)) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) throw io_error("--save-html " + folder_ + ": " + error.message());
  const auto path = std::filesystem::path(folder_) / archive_index;
  index_ = scrape::open_lines(scrape::output_file(path, scrape::output_file::mode::append));
}

std::string page_archive_shared::keep(const job& what, const fetched_page& page) {
  const auto name = what.id + ".html.zst";
  auto path = (std::filesystem::path(folder_) / name).string();
  {
    scrape::output_file file(path, scrape::output_file::mode::replace);
    file.write(pack_page(page.response.body()));
  }
  const std::array<std::string, 1> line = {
      index_line(what, page, name).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)};
  const std::lock_guard lock(mutex_);
  index_->write(line);
  return path;
}

}  // namespace braid::fetch
