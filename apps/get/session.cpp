#include "session.hpp"

#include <ctime>

#include <braid/core/error.hpp>

#include "body_text.hpp"
#include "get_error.hpp"
#include "output.hpp"
#include "warning.hpp"

namespace braid::get {

namespace {

progress_meter::style style_of(const global_options& options) {
  if (options.silent || !options.progress) return progress_meter::style::none;
  return options.progress_bar ? progress_meter::style::bar : progress_meter::style::meter;
}

}  // namespace

session::session(const command_line& from) : line(from), shown(from.global), meter(style_of(from.global)) {
  if (!from.global.archive.empty()) archive.emplace();
}

void session::begin_cookies() {
  for (const url_options& options : line.groups) {
    if (options.cookie_files.empty() && options.cookie_jar.empty()) continue;
    if (!cookies_) cookies_.emplace();
    for (const std::string& file : options.cookie_files) {
      try {
        if (!file.empty()) cookies_->read(file_content(file), !options.junk_session, std::time(nullptr));
      } catch (const get_error&) {
        warn(line.global, "failed to read cookies from " + file);
      }
    }
  }
}

void session::save() {
  for (const url_options& options : line.groups) {
    if (options.cookie_jar.empty()) continue;
    output file(options.cookie_jar, output::mode::replace, false, false);
    file.write(cookies_->write(std::time(nullptr)));
    file.close();
  }
  save_hsts();
  if (!archive) return;
  try {
    archive->save(line.global.archive);
  } catch (const io_error& e) {
    throw get_error(write_failed, e.what());
  }
}

std::string session::cookies_for(const url& to) {
  const std::lock_guard lock(mutex_);
  return cookies_ ? cookies_->line_for(to, std::time(nullptr)) : std::string();
}

void session::take_cookies(const url& from, const http::headers& response) {
  const std::lock_guard lock(mutex_);
  if (cookies_) cookies_->store(from, response, std::time(nullptr));
}

void session::note_ends(const std::string& host_and_port, ends both) {
  const std::lock_guard lock(mutex_);
  ends_[host_and_port] = std::move(both);
}

session::ends session::ends_of(const std::string& host_and_port) {
  const std::lock_guard lock(mutex_);
  const auto at = ends_.find(host_and_port);
  return at == ends_.end() ? ends() : at->second;
}

void session::note_version(const std::string& origin, bool old) {
  const std::lock_guard lock(mutex_);
  old ? void(old_.insert(origin)) : void(old_.erase(origin));
}

bool session::speaks_old(const std::string& origin) {
  const std::lock_guard lock(mutex_);
  return old_.contains(origin);
}

std::string session::proxy_authorization(const net::proxy& via, std::string_view method, std::string_view target) {
  const std::lock_guard lock(mutex_);
  return sign_ins_[via.key()].value(via, method, target);
}

bool session::answers_proxy(const net::proxy& via, const http::headers& response, std::string_view sent) {
  const std::lock_guard lock(mutex_);
  return sign_ins_[via.key()].take(via, response.get_all("Proxy-Authenticate"), sent);
}

bool session::begins_dump(const url_options& group, const std::string& file) {
  const std::lock_guard lock(mutex_);
  return dumped_.insert({&group, file}).second;
}

}  // namespace braid::get
