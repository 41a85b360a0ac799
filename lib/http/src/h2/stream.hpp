#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <braid/http/wire_form.hpp>
#include <braid/runtime/detail/list.hpp>

#include "client/incoming_response.hpp"

namespace braid::http::h2 {

class session;

/// One request and its response on a session. The session fills it, its user reads it by next().
///
/// Lifetime: lives with its user, who closes it (session::close) before it goes.
/// Limits: holds at most one flow-control window of body that nobody has read; what is read makes room for more.
class stream : public incoming_response, private braid::detail::list_link {
 public:
  stream() = default;
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  /// Takes the next event; a piece of the body is valid until the next call, which lets the peer send as much again.
  event next();

  /// Who is told of heads as they come, in the form of HTTP/1.1; null for nobody. Outlives the stream.
  void show_to(const wire_tap* tap) noexcept { tap_ = tap; }

  /// The body, or its next piece: stays where it is until all_sent(). `last` says that nothing follows.
  void send(std::string_view piece, bool last);
  bool all_sent() const noexcept { return outgoing_.empty(); }
  /// Bytes of the body handed to the connection so far.
  std::uint64_t sent() const noexcept { return sent_; }

  /// All of the response has come, read or not.
  bool ended() const noexcept { return ended_; }
  /// The server has nothing more to say or to hear.
  bool is_closed() const noexcept { return closed_; }

  /// After `failed`: the server did nothing with the request, which may be sent again whatever its method
  /// (RFC 9113, 8.7).
  bool refused() const noexcept { return refused_; }
  /// After `failed`: the server wants this request over HTTP/1.1 (RFC 9113, 7).
  bool needs_http1() const noexcept { return needs_http1_; }
  /// After `failed`: the whole connection is gone.
  bool connection_lost() const noexcept { return connection_lost_; }
  /// 1xx responses so far.
  std::size_t informational() const noexcept { return informational_; }
  /// next() gives the head, now or since.
  bool has_head() const noexcept { return head_ready_; }
  /// Bytes of body received and not read.
  std::size_t unread() const noexcept { return received_.size(); }

 private:
  friend class session;
  template <class T, class Link>
  friend class braid::detail::list;

  void begin(session& owner, std::int32_t id, bool to_head);
  void take_head();
  void show_head() const;
  void show_trailers() const;
  void add_trailer(std::string_view name, std::string_view value);
  void fail(fault why, std::string reason);

  session* session_ = nullptr;
  const wire_tap* tap_ = nullptr;
  std::int32_t id_ = 0;
  std::string received_;
  std::string reading_;  // that body() shows
  std::string failure_;  // that reason() shows
  std::string_view outgoing_;
  std::uint64_t sent_ = 0;
  std::size_t header_bytes_ = 0;
  std::size_t header_count_ = 0;
  std::size_t informational_ = 0;
  bool outgoing_last_ = false;
  bool to_head_ = false;
  bool head_ready_ = false;
  bool ended_ = false;   // END_STREAM came
  bool closed_ = false;  // no frame of it follows
  bool refused_ = false;
  bool needs_http1_ = false;
  bool connection_lost_ = false;
};

}  // namespace braid::http::h2
