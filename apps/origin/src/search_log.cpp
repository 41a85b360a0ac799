#include "search_log.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <braid/core/error.hpp>

namespace braid::origin {

search_log_shared::search_log_shared(const std::string& path) : file_(std::fopen(path.c_str(), "ae")) {
  if (!file_) throw io_error("--log " + path + ": " + std::strerror(errno));
}

void search_log_shared::add(std::string_view peer, const route& where) {
  std::string query = where.query;
  std::replace_if(
      query.begin(), query.end(), [](unsigned char c) { return c < ' '; }, ' ');
  const std::string who(peer.substr(0, peer.rfind(':')));
  const std::string engine(to_string(where.which));
  const std::lock_guard lock(mutex_);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now().time_since_epoch();
  std::fprintf(file_.get(), "%.6f\t%s\t%s\t%s\n", time.count(), who.c_str(), engine.c_str(), query.c_str());
  std::fflush(file_.get());
}

}  // namespace braid::origin
