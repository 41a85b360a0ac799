#include "metrics_outlet.hpp"

#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/scrape/output_file.hpp>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

namespace braid::fetch {
namespace {

constexpr auto interval = std::chrono::seconds(1);

struct listening_place {
  listening_place() = default;
  std::string host;
  std::uint16_t port = 0;
};

/// "127.0.0.1:9100", "[::1]:9100"; anything else is a file's name.
std::optional<listening_place> place_of(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || text.find('/') != std::string::npos) return std::nullopt;
  listening_place place;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, place.port);
  if (error != std::errc() || stop != end || colon == 0) return std::nullopt;
  place.host = text.substr(0, colon);
  if (place.host.starts_with('[') && place.host.ends_with(']'))
    place.host = place.host.substr(1, place.host.size() - 2);
  return place;
}

}  // namespace

metrics_outlet::metrics_outlet(const std::string& where, std::function<std::string()> text,
                               std::function<void()> on_listening)
    : text_(std::move(text)) {
  const auto place = place_of(where);
  if (!place) {
    file_ = where;
    finish();
    return;
  }
  host_ = place->host;
  http::server_options options;
  options.on_listening = std::move(on_listening);
  server_ = std::make_unique<http::server>(
      [this](http::server_request& request) -> awaitable<http::reply> {
        if (request.path() != "/metrics") co_return http::reply(404);
        co_return http::reply(200, text_(), "text/plain; version=0.0.4; charset=utf-8");
      },
      std::move(options));
  server_->listen(host_, place->port);
}

std::string metrics_outlet::address() const {
  if (!server_) return {};
  const bool v6 = host_.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + host_ + "]" : host_) + ':' + std::to_string(server_->local_port()) + "/metrics";
}

awaitable<void> metrics_outlet::run() {
  if (server_) {
    co_await server_->serve();
    co_return;
  }
  while (true) {
    co_await sleep_for(interval);
    try {
      finish();
    } catch (const io_error&) {
      // finish() of the end says so.
    }
  }
}

void metrics_outlet::finish() {
  if (server_) return;
  // Whoever reads it finds all of the old one or all of the new one.
  const auto fresh = file_ + ".new";
  {
    scrape::output_file out(fresh, scrape::output_file::mode::replace);
    out.write(text_());
  }
  std::error_code error;
  std::filesystem::rename(fresh, file_, error);
  if (error) throw io_error("--metrics " + file_ + ": " + error.message());
}

}  // namespace braid::fetch
