#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <braid/origin/engine.hpp>

namespace braid::origin {

/// A folder of saved result pages: index.jsonl with engine, kind, query and file, and the files, plain or gzipped.
/// Loaded whole and unpacked at the start, so that serving a page costs no more than sending it.
///
/// Threads: may be read from any number of them.
class saved_pages {
 public:
  /// Throws io_error when the folder has no readable index.
  explicit saved_pages(const std::filesystem::path& folder);
  ~saved_pages();
  saved_pages(saved_pages&&) noexcept;

  /// The page saved for this query, else one of the engine's pages of kind "results", always the same for the same
  /// query. Null when there is none of this engine.
  std::shared_ptr<const std::string> find(engine which, std::string_view query) const;
  std::size_t size() const;

 private:
  struct shelf;
  std::unique_ptr<shelf> shelf_;
};

}  // namespace braid::origin
