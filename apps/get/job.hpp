#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "glob.hpp"
#include "options.hpp"

namespace braid::get {

/// One URL to fetch, with all that was said about it.
struct job {
  job() = default;

  const url_options* options = nullptr;
  std::string url;     // after its {} and []
  std::string upload;  // -T; empty for none
  std::string out;     // a file, "-", or empty for nowhere
  bool named_by_url = false;
  std::size_t number = 0;
};

/// All URLs of a command line in order, with their files: made one by one, as many as a pattern stands for. Threads:
/// shared.
class job_source {
 public:
  /// Throws: get_error (2) for options that exclude each other and where there is no URL.
  explicit job_source(const command_line& line);

  /// Empty behind the last. Throws: get_error (3) for a pattern that is none; nothing follows then.
  std::optional<job> next();
  /// Nothing more comes.
  void stop();

 private:
  bool move_on();
  std::optional<job> make();

  const command_line& line_;
  std::mutex mutex_;
  std::size_t group_ = 0, url_ = 0, number_ = 0;
  std::uint64_t at_ = 0;  // in the product of the two patterns
  bool begun_ = false;
  glob_pattern urls_, uploads_;
};

}  // namespace braid::get
