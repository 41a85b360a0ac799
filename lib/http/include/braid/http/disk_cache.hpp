#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <braid/http/cache.hpp>

namespace braid::http {

/// Responses in a folder, which outlive the program.
///
///     options.cache = std::make_shared<http::disk_cache>("cache");
///
/// A file for each response, named by a hash. A file appears whole or not at all, so that a killed process leaves none
/// that is broken; what is broken all the same is deleted when it is met. Links are never followed. Several processes
/// may share a folder: together they may go over cache_limits::bytes by a sixteenth each.
///
/// What cannot be written is not kept; a request never fails because of that.
/// Threads: shared; the files are read and written on threads of blocking_pool::standard().
class disk_cache : public response_cache {
 public:
  /// Makes the folder, for its owner alone, where there is none; looks through it, which blocks. Throws: io_error.
  explicit disk_cache(const std::filesystem::path& folder, cache_limits limits = {});
  ~disk_cache() override;

  boost::asio::awaitable<entry> find(const std::string& key, const headers& request) override;
  boost::asio::awaitable<void> put(entry what) override;
  boost::asio::awaitable<void> remove(std::string key) override;
  std::size_t entry_bytes() const override;

  /// What the folder holds now: how many responses, and how many bytes of files. Blocks.
  std::size_t size() const;
  std::size_t bytes() const;

 private:
  std::shared_ptr<class cache_folder> folder_;
};

}  // namespace braid::http
