#include <braid/http/disk_cache.hpp>

#include <braid/runtime/offload.hpp>

#include "cache/cache_folder.hpp"

namespace braid::http {

disk_cache::disk_cache(const std::filesystem::path& folder, cache_limits limits)
    : folder_(std::make_shared<cache_folder>(folder, limits)) {}
disk_cache::~disk_cache() = default;

boost::asio::awaitable<response_cache::entry> disk_cache::find(const std::string& key, const headers& request) {
  return offload([folder = folder_, key, request] { return folder->find(key, request); });
}

boost::asio::awaitable<void> disk_cache::put(entry what) {
  return offload([folder = folder_, what = std::move(what)] { folder->put(*what); });
}

boost::asio::awaitable<void> disk_cache::remove(std::string key) {
  return offload([folder = folder_, key = std::move(key)] { folder->remove(key); });
}

std::size_t disk_cache::entry_bytes() const { return folder_->limits().entry_bytes; }
std::size_t disk_cache::size() const { return folder_->count().files; }
std::size_t disk_cache::bytes() const { return folder_->count().bytes; }

}  // namespace braid::http
