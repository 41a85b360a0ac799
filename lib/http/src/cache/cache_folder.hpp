#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <braid/http/cache.hpp>

namespace braid::http {

/// The files of a disk_cache. Each function blocks. Threads: any.
///
/// The responses of a key have the names HASH-0 to HASH-f, one for each variant.
class cache_folder {
 public:
  cache_folder(const std::filesystem::path& path, const cache_limits& limits);
  ~cache_folder();
  cache_folder(const cache_folder&) = delete;
  cache_folder& operator=(const cache_folder&) = delete;

  response_cache::entry find(const std::string& key, const headers& request);
  void put(const stored_response& what);
  void remove(const std::string& key);

  const cache_limits& limits() const noexcept { return limits_; }

  struct totals {
    std::size_t files = 0;
    std::size_t bytes = 0;
  };
  totals count() const;

 private:
  struct file {
    std::string name;
    std::size_t bytes = 0;
    std::int64_t used = 0;  // nanoseconds
    bool temporary = false;
  };

  std::optional<std::string> read(const std::string& name) const;
  std::optional<stored_response> load(const std::string& name, const std::string& key) const;
  std::string place_for(const stored_response& what) const;
  bool write(const std::string& name, const std::string& bytes) const;
  std::vector<file> list() const;
  void trim();

  const cache_limits limits_;
  const std::size_t variants_;
  int folder_ = -1;
  mutable std::mutex mutex_;  // of the two below; the files have none
  std::size_t bytes_ = 0;     // about as many as the folder holds
  std::size_t unseen_ = 0;    // added since the folder was looked through
};

}  // namespace braid::http
