#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace h2_tests {

using field_list = std::vector<std::pair<std::string, std::string>>;

/// The server's side of an HTTP/2 connection, on nghttp2, without a network: bytes in, bytes out, and a handler for
/// each complete request.
class h2_peer {
 public:
  struct request {
    field_list fields;
    std::string body;
    std::size_t headers_seen = 0;
    bool complete = false;
    std::string field(std::string_view name) const {
      for (const auto& [key, value] : fields) {
        if (key == name) return value;
      }
      return {};
    }
  };
  using handler = std::function<void(h2_peer&, std::int32_t id, const request&)>;

  explicit h2_peer(handler on_request = {}, std::uint32_t max_streams = 100, std::uint32_t window = 65535);
  ~h2_peer();
  h2_peer(const h2_peer&) = delete;
  h2_peer& operator=(const h2_peer&) = delete;

  /// Takes over a connection from HTTP/1.1, with the settings that its first request named; that is stream 1.
  void upgrade(std::string_view settings, bool to_head = false);
  /// False once the connection is over.
  bool receive(std::string_view bytes);
  std::string output();

  void respond(std::int32_t id, const field_list& fields, std::string body = {}, field_list trailers = {});
  /// A header alone, to be followed by others.
  void headers(std::int32_t id, const field_list& fields, bool last = false);
  void reset(std::int32_t id, std::uint32_t code);
  void goaway(std::int32_t last_id, std::uint32_t code = NGHTTP2_NO_ERROR);
  void ping();
  /// Adds bytes to a body that respond() began with `open`.
  void keep_open(std::int32_t id) { bodies_[id].open = true; }
  void more(std::int32_t id, std::string_view bytes, bool last);

  const std::map<std::int32_t, request>& requests() const { return requests_; }
  /// Codes of the resets that came.
  const std::map<std::int32_t, std::uint32_t>& resets() const { return resets_; }
  std::size_t pings() const { return pings_; }
  nghttp2_session* native() { return session_; }
  /// From now on nothing is kept of a stream that is over.
  void forget_closed() { forgetful_ = true; }

 private:
  struct outgoing {
    std::string bytes;
    std::size_t done = 0;
    field_list trailers;
    bool open = false;
  };
  struct callbacks;

  handler on_request_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, request> requests_;
  std::map<std::int32_t, outgoing> bodies_;
  std::map<std::int32_t, std::uint32_t> resets_;
  std::size_t pings_ = 0;
  bool forgetful_ = false;
};

}  // namespace h2_tests
