// --hsts: one store for all transfers of a command line.
#include "session.hpp"
#include "warning.hpp"

namespace braid::get {

void session::begin_hsts() {
  for (const url_options& options : line.groups) {
    if (options.hsts.empty()) continue;
    if (!hsts_) hsts_ = std::make_shared<http::hsts_store>();
    try {
      hsts_->load(options.hsts, std::chrono::system_clock::now());
    } catch (const std::exception&) {
      warn(line.global, "failed to read the HSTS file " + options.hsts);
    }
  }
}

void session::save_hsts() const {
  for (const url_options& options : line.groups) {
    if (options.hsts.empty()) continue;
    try {
      hsts_->save(options.hsts, std::chrono::system_clock::now());
    } catch (const std::exception&) {
      warn(line.global, "failed to write the HSTS file " + options.hsts);
    }
  }
}

address session::secured(address to) const {
  if (!hsts_ || to.is_secure() || !hsts_->covers(to.host, std::chrono::system_clock::now())) return to;
  to.scheme = "https";
  if (to.port == 80) {
    to.port = 443;
    to.has_port = false;
  }
  return to;
}

}  // namespace braid::get
