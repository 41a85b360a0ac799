#pragma once

#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string_view>

#include "options.hpp"

namespace braid::get {

/// What --verbose and --trace-ascii show of transfers. Threads: shared.
class trace {
 public:
  enum class kind : std::uint8_t { info, head_in, head_out, data_in, data_out };

  /// Opens the trace's file. Throws: get_error (2).
  explicit trace(const global_options& options);
  ~trace();
  trace(const trace&) = delete;
  trace& operator=(const trace&) = delete;

  bool is_on() const { return file_ || verbose_; }
  void show(kind what, std::string_view bytes);

 private:
  void show_lines(kind what, std::string_view bytes);
  void dump(kind what, std::string_view bytes);
  void stamp(std::FILE* to) const;

  std::mutex mutex_;
  std::FILE* file_ = nullptr;
  bool owned_ = false;
  bool verbose_ = false;
  bool ascii_ = true;
  bool time_ = false;
};

}  // namespace braid::get
